//! Bytes as text: with or without a byte order mark, UTF-8, UTF-16, or a code page of one byte a letter.

use std::borrow::Cow;

/// A text, how it was written, and whether letters were lost on the way.
pub(super) struct Decoded<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) encoding: &'static str,
    pub(super) damaged: bool,
}

/// The text of a file.
pub(super) fn decode(bytes: &[u8]) -> Decoded<'_> {
    if let Some(rest) = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]) {
        return with(rest, encoding_rs::UTF_8, "UTF-8 with a byte order mark");
    }
    if bytes.starts_with(&[0xff, 0xfe]) {
        return with(&bytes[2..], encoding_rs::UTF_16LE, "UTF-16");
    }
    if bytes.starts_with(&[0xfe, 0xff]) {
        return with(&bytes[2..], encoding_rs::UTF_16BE, "UTF-16, big end first");
    }
    // Plain letters in UTF-16 without a mark have a zero in every second place.
    let head = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
    let zeros = |from: usize| head.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    if head.len() >= 8 {
        if zeros(1) * 10 > head.len() * 4 && zeros(0) == 0 {
            return with(bytes, encoding_rs::UTF_16LE, "UTF-16 without a byte order mark");
        }
        if zeros(0) * 10 > head.len() * 4 && zeros(1) == 0 {
            return with(bytes, encoding_rs::UTF_16BE, "UTF-16, big end first, without a byte order mark");
        }
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Decoded { text: Cow::Borrowed(text), encoding: "UTF-8", damaged: false },
        // Windows-1252 is Latin-1 and the euro sign; every byte has a meaning.
        Err(_) => with(bytes, encoding_rs::WINDOWS_1252, "Latin-1 (Windows-1252)"),
    }
}

fn with<'a>(bytes: &'a [u8], encoding: &'static encoding_rs::Encoding, name: &'static str) -> Decoded<'a> {
    let (text, damaged) = encoding.decode_without_bom_handling(bytes);
    Decoded { text, encoding: name, damaged }
}
