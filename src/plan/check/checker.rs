//! The plan under check and what is found in it.

use std::collections::HashSet;

use crate::diagnostic::{Diagnostic, Severity};
use crate::plan::Plan;
use crate::plan::values::Month;

/// The plan under check and what was found.
pub(super) struct Checker<'p> {
    pub(super) plan: &'p Plan,
    pub(super) failed: &'p HashSet<String>,
    pub(super) found: Vec<Diagnostic>,
}

impl Checker<'_> {
    pub(super) fn add(
        &mut self,
        severity: Severity,
        code: &'static str,
        path: impl Into<String>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let help = help.into();
        let mut diagnostic = Diagnostic::error(code, path, message);
        diagnostic.severity = severity;
        diagnostic.help = (!help.is_empty()).then_some(help);
        self.found.push(diagnostic);
    }

    /// An error with a way out (empty for none).
    pub(super) fn error(&mut self, code: &'static str, path: impl Into<String>, message: impl Into<String>, help: impl Into<String>) {
        self.add(Severity::Error, code, path, message, help);
    }

    /// A warning with a way out (empty for none).
    pub(super) fn warning(&mut self, code: &'static str, path: impl Into<String>, message: impl Into<String>, help: impl Into<String>) {
        self.add(Severity::Warning, code, path, message, help);
    }

    /// Whether all of a value could be read; sums over half of it would mislead.
    pub(super) fn known(&self, path: &str) -> bool {
        !self.failed.iter().any(|failed| is_at_or_below(failed, path) || is_at_or_below(path, failed))
    }

    /// First month after the horizon.
    pub(super) fn horizon_end(&self) -> Month {
        let horizon = &self.plan.horizon;
        let months = horizon.period_months.saturating_mul(horizon.periods);
        horizon.start.plus(i32::try_from(months).unwrap_or(i32::MAX))
    }
}

pub(super) fn is_at_or_below(path: &str, above: &str) -> bool {
    path.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
