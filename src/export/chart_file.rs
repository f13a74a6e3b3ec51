//! A chart as a file: the one place that knows what SVG, PNG, PDF and CSV of a chart are made of.

use crate::charts::{Chart, tables};

use super::fonts::Fonts;
use super::svg::{self, Style};
use super::{ExportError, csv, pdf, png};

/// What a chart is saved as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChartFormat {
    /// Vector picture.
    Svg,
    /// Pixels.
    Png,
    /// A page with real text.
    Pdf,
    /// The data.
    Csv,
}

impl ChartFormat {
    /// All formats.
    pub const ALL: [Self; 4] = [Self::Svg, Self::Png, Self::Pdf, Self::Csv];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Svg => "SVG",
            Self::Png => "PNG",
            Self::Pdf => "PDF",
            Self::Csv => "CSV",
        }
    }

    /// Ending of its files.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Png => "png",
            Self::Pdf => "pdf",
            Self::Csv => "csv",
        }
    }

    /// The format of an ending, in any case.
    #[must_use]
    pub fn of(extension: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.extension().eq_ignore_ascii_case(extension))
    }
}

/// How saved pictures look: size in pixels of 1/96 inch, theme, and dots per inch of PNG.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    /// Pixels of 1/96 inch across.
    pub width: f64,
    /// Pixels of 1/96 inch down.
    pub height: f64,
    /// Dark theme.
    pub dark: bool,
    /// Dots per inch of PNG: 96 makes one pixel of each, 192 four.
    pub dpi: f64,
}

impl Default for Look {
    fn default() -> Self {
        let style = Style::default();
        Self { width: style.width, height: style.height, dark: false, dpi: 192.0 }
    }
}

impl Look {
    fn style(&self) -> Style {
        Style { dark: self.dark, ..Style::sized(self.width, self.height) }
    }
}

/// The file.
///
/// # Errors
/// [`ExportError`] if it can't be made, such as a picture of too many pixels.
pub fn render(chart: &Chart, format: ChartFormat, look: &Look, fonts: &Fonts) -> Result<Vec<u8>, ExportError> {
    match format {
        ChartFormat::Csv => csv::render(&tables::table(chart)).map(String::into_bytes),
        // A lone SVG carries its font; the others are drawn with it here.
        ChartFormat::Svg => Ok(svg::render(chart, &Style { embed_font: true, ..look.style() }).into_bytes()),
        ChartFormat::Png => png::render(&svg::render(chart, &look.style()), look.dpi, fonts),
        ChartFormat::Pdf => pdf::render(&chart.title, &[svg::render(chart, &look.style())], fonts),
    }
}

/// The table that belongs to a chart, as CSV: what its file is called after the chart's, and the bytes.
///
/// # Errors
/// [`ExportError`] if it can't be made.
pub fn beside(chart: &Chart) -> Result<Option<(&str, Vec<u8>)>, ExportError> {
    let Some(table) = &chart.beside else { return Ok(None) };
    Ok(Some((&table.name, csv::render(table)?.into_bytes())))
}
