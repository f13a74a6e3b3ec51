//! What resolving a plan needs and collects.

use std::collections::BTreeMap;

use crate::catalog::Catalog;
use crate::diagnostic::Diagnostic;
use crate::plan::Plan;
use crate::series::Seen;

/// Hourly series read from files beside the plan, by profile id: 8,760 values from 1 January 00:00
/// of the series' own clock.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    /// Values by profile id.
    pub files: BTreeMap<String, Vec<f64>>,
    /// Clocks by profile id, hours ahead of UTC; none where nobody says it.
    pub clocks: BTreeMap<String, f64>,
    /// Served models by the config of their weights, by id.
    pub configs: super::own::Configs,
    /// What is doubtful about the files.
    pub warnings: Vec<Diagnostic>,
    /// What was seen in the files and put right, by profile id.
    pub reports: BTreeMap<String, FileReport>,
}

/// What was seen in a file of a series.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FileReport {
    /// Shape, columns, time, gaps.
    pub seen: Seen,
    /// What was put right.
    pub put_right: Vec<String>,
}

/// A number of the plan or the catalog with its source, for reports.
#[derive(Clone, Debug, PartialEq)]
pub struct Assumption {
    /// Where it stands (or would stand) in the plan.
    pub path: String,
    /// The number.
    pub value: f64,
    /// Its unit.
    pub unit: &'static str,
    /// Where it comes from.
    pub source: String,
    /// Grade: `stated`, or the catalog's confidence.
    pub grade: String,
}

/// What resolving needs and collects.
pub(crate) struct Resolver<'a> {
    pub(super) plan: &'a Plan,
    pub(super) catalog: &'a Catalog,
    pub(super) series: &'a Series,
    pub(super) problems: Vec<Diagnostic>,
    pub(super) assumptions: Vec<Assumption>,
}

impl Resolver<'_> {
    pub(super) fn error(&mut self, code: &'static str, path: impl Into<String>, message: impl Into<String>, help: impl Into<String>) {
        self.problems.push(Diagnostic::error(code, path, message).help(help));
    }

    pub(super) fn warn(&mut self, code: &'static str, path: impl Into<String>, message: impl Into<String>, help: impl Into<String>) {
        self.problems.push(Diagnostic::warning(code, path, message).help(help));
    }

    pub(super) fn assume(&mut self, path: String, value: f64, unit: &'static str, source: &str, grade: &str) {
        self.assumptions.push(Assumption { path, value, unit, source: source.to_owned(), grade: grade.to_owned() });
    }
}
