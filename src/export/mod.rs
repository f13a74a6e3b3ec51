//! Bytes out: charts as SVG, PNG, PDF and CSV; answers as JSON, text, spreadsheets and reports.
//! Nothing here touches a disk or a clock. All escaping lives here.

mod bill_rows;
pub mod brief;
pub mod chart_file;
pub mod csv;
pub mod difference;
mod evidence;
pub mod fonts;
mod headline;
pub mod json;
pub(crate) mod lender;
mod lender_sheet;
pub mod mps;
pub mod passport;
pub mod pdf;
pub mod png;
pub mod report;
mod report_input;
pub mod report_pdf;
mod report_rows;
pub mod resolved;
pub mod routing;
mod sources;
pub mod svg;
pub mod text;
pub mod trade;
pub mod xlsx;

/// A file could not be made; a whole sentence.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The SVG could not be read back.
    #[error("The picture could not be drawn: {0}")]
    Svg(String),
    /// The picture is too large or empty.
    #[error("A picture of {width} by {height} pixels can't be made.")]
    Size {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
    },
    /// The PDF could not be written.
    #[error("The PDF could not be written: {0}")]
    Pdf(String),
    /// The spreadsheet could not be written.
    #[error("The spreadsheet could not be written: {0}")]
    Spreadsheet(String),
    /// The table could not be written.
    #[error("The table could not be written: {0}")]
    Table(String),
}

/// The lender's view as tables: statement by year, figures, worse cases, prices that fall faster; none where
/// the plan does not say how it is financed.
#[must_use]
pub fn lender_tables(results: &crate::results::Results) -> Vec<crate::charts::tables::Table> {
    lender::tables(results)
}

/// What goes on when a part is lost, as a table; without rows where the plan says of nothing that it has to.
#[must_use]
pub fn losses_table(results: &crate::results::Results) -> crate::charts::tables::Table {
    bill_rows::losses_in_short(results)
}

/// A lender's worse cases solved again, as a table.
#[must_use]
pub fn solved_again_table(cases: &[crate::results::lender::SolvedAgain]) -> crate::charts::tables::Table {
    lender::solved_again(cases)
}
