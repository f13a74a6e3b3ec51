//! What can be taken away: charts and the report, and as what.

use std::sync::Arc;

use crate::charts::Chart;

pub use crate::export::chart_file::ChartFormat;

/// What the report is saved as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportFormat {
    /// One self-contained page.
    Html,
    /// Paper.
    Pdf,
    /// One sheet for each table.
    Xlsx,
    /// For machines.
    Json,
}

impl ReportFormat {
    /// All formats.
    pub const ALL: [Self; 4] = [Self::Html, Self::Pdf, Self::Xlsx, Self::Json];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Html => "HTML",
            Self::Pdf => "PDF",
            Self::Xlsx => "XLSX",
            Self::Json => "JSON",
        }
    }

    /// What it is good for.
    #[must_use]
    pub fn tooltip(self) -> &'static str {
        match self {
            Self::Html => "One page with everything in it, for browsers and mail",
            Self::Pdf => "Pages for reading and printing",
            Self::Xlsx => "A workbook with one sheet for each table",
            Self::Json => "The whole answer for other programs",
        }
    }

    /// Ending of its files.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Pdf => "pdf",
            Self::Xlsx => "xlsx",
            Self::Json => "json",
        }
    }
}

/// What is made a file of, or put on the clipboard.
#[derive(Clone, Debug, PartialEq)]
pub enum Export {
    /// A chart as it is on screen.
    Chart(Arc<Chart>, ChartFormat),
    /// A picture of a chart to the clipboard.
    CopyChart(Arc<Chart>),
    /// The report.
    Report(ReportFormat),
}
