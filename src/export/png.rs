//! SVG to PNG at any resolution.

use resvg::tiny_skia::{Pixmap, Transform};

use super::ExportError;
use super::fonts::Fonts;

/// Most pixels of a picture: 16,384 squared would be a gigabyte.
const MOST_PIXELS: f64 = 100e6;

/// A picture of an SVG at `dpi` dots per inch (96 gives one pixel for each of the SVG's).
///
/// # Errors
/// [`ExportError`] if the SVG can't be read or the picture is too large.
pub fn render(svg: &str, dpi: f64, fonts: &Fonts) -> Result<Vec<u8>, ExportError> {
    let tree = usvg::Tree::from_str(svg, &fonts.options(svg)).map_err(|error| ExportError::Svg(error.to_string()))?;
    let dpi = if dpi.is_finite() { dpi.clamp(9.6, 1920.0) } else { 96.0 };
    let scale = dpi / 96.0;
    let size = tree.size();
    let across = (f64::from(size.width()) * scale).round();
    let down = (f64::from(size.height()) * scale).round();
    let (width, height) = (across.clamp(0.0, 1e9) as u32, down.clamp(0.0, 1e9) as u32);
    let too_large = ExportError::Size { width, height };
    if across * down > MOST_PIXELS {
        return Err(too_large);
    }
    let Some(mut pixmap) = Pixmap::new(width, height) else { return Err(too_large) };
    let scale = scale as f32;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixmap.as_mut());
    pixmap.encode_png().map(|png| with_resolution(png, dpi)).map_err(|error| ExportError::Svg(error.to_string()))
}

/// Bytes of a PNG before its second chunk: the signature and the header.
const HEAD: usize = 33;

/// Writes into a PNG how large a pixel is (chunk `pHYs`), so that it has its size on paper.
fn with_resolution(png: Vec<u8>, dpi: f64) -> Vec<u8> {
    let (Some(head), Some(rest)) = (png.get(..HEAD), png.get(HEAD..)) else { return png };
    let per_metre = ((dpi / 0.0254).round().clamp(1.0, 1e6) as u32).to_be_bytes();
    let chunk = [b"pHYs".as_slice(), &per_metre, &per_metre, &[1]].concat();
    [head, &9u32.to_be_bytes(), &chunk, &crc32(&chunk).to_be_bytes(), rest].concat()
}

/// The checksum of PNG chunks (ISO 3309).
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_those_of_the_standard() {
        // The check value of this checksum, and the one of every PNG's last chunk.
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc32(b"IEND"), 0xae42_6082);
    }
}
