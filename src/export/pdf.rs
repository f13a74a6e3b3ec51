//! SVG pages to PDF with real text.

use krilla::Document;
use krilla::geom::Size;
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla_svg::{SurfaceExt, SvgSettings};

use super::ExportError;
use super::fonts::Fonts;

/// PDF points in a pixel of an SVG.
const POINTS_PER_PIXEL: f32 = 0.75;

/// A PDF with one page for each SVG, of its size.
///
/// # Errors
/// [`ExportError`] if an SVG can't be read or the PDF can't be written.
pub fn render(title: &str, pages: &[String], fonts: &Fonts) -> Result<Vec<u8>, ExportError> {
    let mut document = Document::new();
    document.set_metadata(Metadata::new().title(title.to_owned()).creator(concat!("Tokenworks ", env!("CARGO_PKG_VERSION")).to_owned()));
    let options = fonts.options(&pages.concat());
    for svg in pages {
        let tree = usvg::Tree::from_str(svg, &options).map_err(|error| ExportError::Svg(error.to_string()))?;
        let (width, height) = (tree.size().width() * POINTS_PER_PIXEL, tree.size().height() * POINTS_PER_PIXEL);
        let impossible = || ExportError::Pdf(format!("a page of {width} by {height} points is not possible"));
        let settings = PageSettings::from_wh(width, height).ok_or_else(impossible)?;
        let size = Size::from_wh(width, height).ok_or_else(impossible)?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        let drawn = surface.draw_svg(&tree, size, SvgSettings::default());
        surface.finish();
        page.finish();
        drawn.ok_or_else(|| ExportError::Pdf("a page could not be drawn".into()))?;
    }
    document.finish().map_err(|error| ExportError::Pdf(format!("{error:?}")))
}
