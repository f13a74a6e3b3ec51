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
    let tree = usvg::Tree::from_str(svg, &fonts.options()).map_err(|error| ExportError::Svg(error.to_string()))?;
    let scale = if dpi.is_finite() { (dpi / 96.0).clamp(0.1, 20.0) } else { 1.0 };
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
    pixmap.encode_png().map_err(|error| ExportError::Svg(error.to_string()))
}
