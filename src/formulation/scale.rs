//! Makes a program fit for a solver: duplicate terms merged, rows scaled, every number checked.
//!
//! A solver that meets a matrix entry below 1e-9 drops it without a word and still says that the
//! answer is optimal; a NaN passes, and a bound of 1e20 becomes infinite. So the numbers are checked
//! here, before any solver sees them, and what does not fit is refused with the row's name and the
//! limit of the plan that it states. Objectives are exempt from the range (not from finiteness).
//!
//! A row `lower ≤ a·x ≤ upper` is multiplied by a power of two, which loses no bit, so that its
//! largest entry lies in [0.7, 1.5], or beyond where its smallest would else be below a millionth; the
//! factor stands in [`Row::scale`]. Columns keep their units.

use std::fmt;

use super::program::{Col, Linear, Program, Row, RowIx};

/// Smallest matrix entry a solver is given, after scaling.
pub const SMALLEST_ENTRY: f64 = 1e-7;
/// Largest matrix entry a solver is given, after scaling.
pub const LARGEST_ENTRY: f64 = 1e7;
/// A row whose smallest entry is below this beside its largest is raised until it is not.
const WIDE: f64 = 1e-6;
/// As far as a row is raised at most: a solver's tolerance of rows is absolute.
const MOST_RAISED: f64 = 1024.0;
/// Bounds of this size are infinite to a solver.
pub const INFINITE_BOUND: f64 = 1e20;

/// What is wrong with a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RangeFault {
    /// Not a number, or infinite where a finite number is needed.
    NotFinite,
    /// Too small beside the largest entry of its row: a solver would drop it.
    TooSmall,
    /// Too large.
    TooLarge,
    /// A finite bound so large that a solver takes it for infinite.
    BoundTooLarge,
}

/// A number of the program that no solver should be given.
#[derive(Clone, Debug, PartialEq)]
pub struct RangeProblem {
    /// What is wrong.
    pub fault: RangeFault,
    /// The row, if it stands in one.
    pub row: Option<RowIx>,
    /// The column, if it belongs to one.
    pub column: Option<Col>,
    /// The number as the program states it (after scaling, for a row).
    pub value: f64,
    /// Name of the row, column or function, as a person reads it.
    pub name: String,
    /// Name of the column of a matrix entry.
    pub column_name: Option<String>,
    /// Path of the plan's limit that the row or bound states.
    pub path: Option<String>,
}

impl fmt::Display for RangeProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = match &self.column_name {
            Some(column) => format!("the coefficient of {column} in {}", self.name),
            None => format!("a bound or coefficient of {}", self.name),
        };
        match self.fault {
            RangeFault::NotFinite => write!(formatter, "{place} is {}, not a finite number", self.value)?,
            RangeFault::TooSmall => write!(
                formatter,
                "{place} is {:e} once the row is scaled; below {SMALLEST_ENTRY:e} a solver would lose it and overspend the row",
                self.value
            )?,
            RangeFault::TooLarge => {
                write!(formatter, "{place} is {:e}; above {LARGEST_ENTRY:e} a solver cannot keep the row exact", self.value)?;
            }
            RangeFault::BoundTooLarge => {
                write!(formatter, "{place} is {:e}; from {INFINITE_BOUND:e} on a solver takes it for unlimited", self.value)?;
            }
        }
        match &self.path {
            Some(path) => write!(formatter, " (stated by {path})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for RangeProblem {}

/// Smallest and largest absolute value, zeros and infinities left out; `None` if there is none.
pub type Span = Option<(f64, f64)>;

/// How far the program's numbers range, as the solver is given them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ranges {
    /// Matrix entries (scaled rows).
    pub matrix: Span,
    /// Right-hand sides (scaled rows).
    pub rhs: Span,
    /// Bounds of columns.
    pub bounds: Span,
    /// Coefficients of each phase's goal, by its name.
    pub goals: Vec<(&'static str, Span)>,
}

impl fmt::Display for Ranges {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fn span(span: Span) -> String {
            span.map_or_else(|| "none".to_owned(), |(least, most)| format!("{least:.1e} to {most:.1e}"))
        }
        write!(formatter, "matrix {}, right-hand sides {}, bounds {}", span(self.matrix), span(self.rhs), span(self.bounds))?;
        for (name, goal) in &self.goals {
            write!(formatter, ", {name} {}", span(*goal))?;
        }
        Ok(())
    }
}

/// Merges duplicate terms, sorts them by column, drops exact zeros, scales every row and checks every
/// number. It may be called again on a program that has been finished.
///
/// # Errors
/// All numbers that no solver should be given.
pub fn finish(program: &mut Program) -> Result<(), Vec<RangeProblem>> {
    for row in &mut program.rows {
        merge(&mut row.terms);
        scale_row(row);
    }
    for phase in &mut program.phases {
        merge(&mut phase.goal.terms);
        if let Some((function, _)) = &mut phase.at_least {
            merge(&mut function.terms);
        }
        if let Some((function, _)) = &mut phase.per {
            merge(&mut function.terms);
        }
        if let Some(function) = &mut phase.floor {
            merge(&mut function.terms);
        }
    }
    let problems = problems(program);
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// The power of two that brings `largest` into [0.7, 1.5); 1 for zero and for what is not finite.
#[must_use]
pub fn power_of_two(largest: f64) -> f64 {
    if largest > 0.0 && largest.is_finite() { (-largest.log2().round()).exp2() } else { 1.0 }
}

fn scale_row(row: &mut Row) {
    if !(row.scale > 0.0 && row.scale.is_finite()) {
        row.scale = 1.0;
    }
    let factor = power_of_two(largest(&row.terms));
    let factor = factor * raise(smallest(&row.terms) * factor);
    if factor == 1.0 {
        return;
    }
    for (_, coefficient) in &mut row.terms {
        *coefficient *= factor;
    }
    row.lower *= factor;
    row.upper *= factor;
    row.scale *= factor;
}

/// A row that ranges over more than six decades (an hour's battery wear beside a year's annuities) is
/// made larger, so that its smallest entry is well above what a solver drops: the row is only held the finer.
fn raise(smallest: f64) -> f64 {
    if smallest > 0.0 && smallest < WIDE { (WIDE / smallest).log2().ceil().exp2().min(MOST_RAISED) } else { 1.0 }
}

fn smallest(terms: &[(Col, f64)]) -> f64 {
    terms.iter().map(|(_, coefficient)| coefficient.abs()).filter(|size| *size > 0.0).fold(f64::INFINITY, f64::min)
}

fn largest(terms: &[(Col, f64)]) -> f64 {
    terms.iter().fold(0.0, |largest: f64, (_, coefficient)| largest.max(coefficient.abs()))
}

/// Adds terms of the same column up, sorts by column and drops exact zeros.
pub fn merge(terms: &mut Vec<(Col, f64)>) {
    if !terms.is_sorted_by(|left, right| left.0 < right.0) {
        terms.sort_by_key(|(col, _)| *col);
        terms.dedup_by(|later, earlier| {
            let same = later.0 == earlier.0;
            if same {
                earlier.1 += later.1;
            }
            same
        });
    }
    terms.retain(|(_, coefficient)| *coefficient != 0.0);
}

/// Every number of a finished program that no solver should be given.
#[must_use]
pub fn problems(program: &Program) -> Vec<RangeProblem> {
    let mut found = Vec::new();
    let path = |limit: Option<u32>| limit.and_then(|limit| program.limits.get(limit as usize)).map(|limit| limit.path.clone());
    for (number, column) in program.columns.iter().enumerate() {
        for (value, worst) in [(column.lower, f64::INFINITY), (column.upper, f64::NEG_INFINITY)] {
            if let Some(fault) = bound_fault(value, worst) {
                found.push(RangeProblem {
                    fault,
                    row: None,
                    column: Some(Col(number as u32)),
                    value,
                    name: program.name(&column.key),
                    column_name: None,
                    path: path(column.limit),
                });
            }
        }
    }
    for (number, row) in program.rows.iter().enumerate() {
        let report = |fault, value, column: Option<Col>| RangeProblem {
            fault,
            row: Some(RowIx(number as u32)),
            column,
            value,
            name: program.name(&row.key),
            column_name: column.map(|col| column_name(program, col)),
            path: path(row.limit),
        };
        for (value, worst) in [(row.lower, f64::INFINITY), (row.upper, f64::NEG_INFINITY)] {
            if let Some(fault) = bound_fault(value, worst) {
                found.push(report(fault, value, None));
            }
        }
        for (col, coefficient) in &row.terms {
            if let Some(fault) = entry_fault(*coefficient) {
                found.push(report(fault, *coefficient, Some(*col)));
            }
        }
    }
    for phase in &program.phases {
        let functions =
            [Some(&phase.goal), phase.at_least.as_ref().map(|pair| &pair.0), phase.per.as_ref().map(|pair| &pair.0), phase.floor.as_ref()];
        for function in functions.into_iter().flatten() {
            check_function(program, function, &mut found);
        }
        let shares = [Some(phase.tolerance), phase.at_least.as_ref().map(|pair| pair.1), phase.per.as_ref().map(|pair| pair.1)];
        for value in shares.into_iter().flatten().filter(|value| !value.is_finite()) {
            found.push(plain(RangeFault::NotFinite, value, phase.goal.name, None));
        }
    }
    found
}

fn check_function(program: &Program, function: &Linear, found: &mut Vec<RangeProblem>) {
    if !function.constant.is_finite() {
        found.push(plain(RangeFault::NotFinite, function.constant, function.name, None));
    }
    for (col, coefficient) in &function.terms {
        if !coefficient.is_finite() {
            found.push(plain(RangeFault::NotFinite, *coefficient, function.name, Some(column_name(program, *col))));
        }
    }
}

fn plain(fault: RangeFault, value: f64, name: &str, column_name: Option<String>) -> RangeProblem {
    RangeProblem { fault, row: None, column: None, value, name: format!("the goal `{name}`"), column_name, path: None }
}

fn column_name(program: &Program, col: Col) -> String {
    program.columns.get(col.0 as usize).map_or_else(|| format!("column {}", col.0), |column| program.name(&column.key))
}

/// `worst` is the infinity that this side of a bound must not be: a lower bound of +∞ is a mistake.
fn bound_fault(value: f64, worst: f64) -> Option<RangeFault> {
    if value.is_nan() || value == worst {
        Some(RangeFault::NotFinite)
    } else if value.is_finite() && value.abs() >= INFINITE_BOUND {
        Some(RangeFault::BoundTooLarge)
    } else {
        None
    }
}

fn entry_fault(value: f64) -> Option<RangeFault> {
    if !value.is_finite() {
        Some(RangeFault::NotFinite)
    } else if value.abs() < SMALLEST_ENTRY {
        Some(RangeFault::TooSmall)
    } else if value.abs() > LARGEST_ENTRY {
        Some(RangeFault::TooLarge)
    } else {
        None
    }
}

/// How far the program's numbers range.
#[must_use]
pub fn ranges(program: &Program) -> Ranges {
    Ranges {
        matrix: span(program.rows.iter().flat_map(|row| row.terms.iter().map(|(_, coefficient)| *coefficient))),
        rhs: span(program.rows.iter().flat_map(|row| [row.lower, row.upper])),
        bounds: span(program.columns.iter().flat_map(|column| [column.lower, column.upper])),
        goals: program
            .phases
            .iter()
            .map(|phase| (phase.goal.name, span(phase.goal.terms.iter().map(|(_, coefficient)| *coefficient))))
            .collect(),
    }
}

fn span(values: impl Iterator<Item = f64>) -> Span {
    values
        .map(f64::abs)
        .filter(|value| *value > 0.0 && value.is_finite())
        .fold(None, |span, value| Some(span.map_or((value, value), |(least, most): (f64, f64)| (least.min(value), most.max(value)))))
}
