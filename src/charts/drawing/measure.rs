//! Widths of text without a font engine: advances of the bundled font, in thousandths of an em.

use std::sync::OnceLock;

/// Advances of U+0020–U+024F: regular, semibold.
fn advances() -> &'static [Vec<u16>] {
    static ADVANCES: OnceLock<Vec<Vec<u16>>> = OnceLock::new();
    ADVANCES.get_or_init(|| {
        include_str!("../../../assets/fonts/widths.txt")
            .lines()
            .map(|line| line.split_whitespace().map(|width| width.parse().unwrap_or(600)).collect())
            .collect()
    })
}

/// Width of text set at `size`, in the unit of `size`. Scripts outside Latin are taken as wide
/// enough never to overlap.
#[must_use]
pub fn text_width(text: &str, size: f64, semibold: bool) -> f64 {
    let advances = advances().get(usize::from(semibold));
    let thousandths: f64 = text
        .chars()
        .map(|letter| match u32::from(letter) {
            code @ 0x20..=0x24f => advances.and_then(|row| row.get(code as usize - 0x20)).map_or(600.0, |width| f64::from(*width)),
            0x300..=0x36f => 0.0,
            0x2009 | 0x202f => 200.0,
            0x2080..=0x2089 | 0x2070..=0x2079 => 460.0,
            // Arrows come from another font, as wide as high.
            0x2190..=0x21ff | 0x2e80.. => 1000.0,
            _ => 660.0,
        })
        .sum();
    thousandths * size / 1000.0
}

/// Text cut to a width, with an ellipsis.
#[must_use]
pub fn ellipsised(text: &str, size: f64, semibold: bool, width: f64) -> String {
    if text_width(text, size, semibold) <= width {
        return text.to_owned();
    }
    let room = width - text_width("…", size, semibold);
    let mut out = String::new();
    let mut used = 0.0;
    for letter in text.chars() {
        used += text_width(letter.encode_utf8(&mut [0; 4]), size, semibold);
        if used > room {
            break;
        }
        out.push(letter);
    }
    format!("{}…", out.trim_end())
}

/// A word in pieces that fit a line: scripts without spaces are broken between their letters.
fn pieces(word: &str, size: f64, semibold: bool, width: f64) -> Vec<(bool, String)> {
    let mut out = vec![(true, String::new())];
    for letter in word.chars() {
        let wide = u32::from(letter) >= 0x2e80;
        let full = out
            .last()
            .is_some_and(|(_, piece)| !piece.is_empty() && (wide || text_width(&format!("{piece}{letter}"), size, semibold) > width));
        if full {
            out.push((false, String::new()));
        }
        if let Some((_, piece)) = out.last_mut() {
            piece.push(letter);
        }
    }
    out
}

/// Text broken at spaces, and between the letters of scripts without them, into lines of a width, at most `lines` of
/// them; what is left is cut.
#[must_use]
pub fn wrapped(text: &str, size: f64, semibold: bool, width: f64, lines: usize) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut line = String::new();
    let mut words = text.split_whitespace().flat_map(|word| pieces(word, size, semibold, width));
    while let Some((spaced, word)) = words.next() {
        let space = if spaced { " " } else { "" };
        let longer = if line.is_empty() { word.clone() } else { format!("{line}{space}{word}") };
        if text_width(&longer, size, semibold) <= width || line.is_empty() {
            line = longer;
        } else if out.len() + 1 < lines {
            out.push(std::mem::replace(&mut line, word));
        } else {
            line = longer;
            for (spaced, word) in words.by_ref() {
                line.push_str(if spaced { " " } else { "" });
                line.push_str(&word);
            }
        }
    }
    out.push(line);
    out.into_iter().map(|line| ellipsised(&line, size, semibold, width)).collect()
}
