//! The linear program as text for other solvers: free MPS and LP out, free MPS in.
//!
//! Names are the program's own with everything but letters, digits, `_` and `.` turned into `.` or `_`,
//! at most 255 characters, unique. A goal's constant is written as the negative right-hand side of the
//! objective (MPS) or as a term (LP). Rows are written in the program's own units; a row that has
//! entries outside [1e-7, 1e7] there is written as it was scaled for the solver, because others drop
//! small entries as silently as ours would, and a comment says by what factor.

mod read;

use std::collections::HashSet;
use std::fmt::Write as _;

pub use self::read::{ReadError, read};
use crate::formulation::program::{Col, Column, Phase, Program, Sense};
use crate::formulation::scale::{LARGEST_ENTRY, SMALLEST_ENTRY};

/// Longest name written.
const LONGEST_NAME: usize = 255;

/// The program with one phase's goal (held goals of earlier phases left out) as free MPS. `whole` keeps
/// the whole columns whole.
#[must_use]
pub fn mps(program: &Program, phase: usize, whole: bool) -> String {
    let names = Names::new(program);
    let phase = program.phases.get(phase);
    let mut text = String::new();
    let name = phase.map_or("none", |phase| phase.goal.name);
    line(&mut text, &format!("* Goal {name}; units and constants as in the program."));
    let rows = rows(program, phase);
    for (row, name) in rows.iter().zip(&names.rows).filter(|(row, _)| row.factor != 1.0) {
        line(&mut text, &format!("* Row {name} is multiplied by {}.", number(row.factor)));
    }
    line(&mut text, &format!("NAME {}", clean(name)));
    line(&mut text, "OBJSENSE");
    line(&mut text, if phase.is_some_and(|phase| phase.sense == Sense::Maximise) { "    MAX" } else { "    MIN" });
    line(&mut text, "ROWS");
    line(&mut text, " N goal");
    let mut by_column: Vec<Vec<(usize, f64)>> = vec![Vec::new(); program.columns.len()];
    for (number, row) in rows.iter().enumerate() {
        line(&mut text, &format!(" {} {}", row.kind(), names.rows[number]));
        for (col, coefficient) in &row.terms {
            by_column[col.0 as usize].push((number, *coefficient));
        }
    }
    line(&mut text, "COLUMNS");
    let mut goal = vec![0.0; program.columns.len()];
    for (col, coefficient) in phase.iter().flat_map(|phase| &phase.goal.terms) {
        goal[col.0 as usize] += coefficient;
    }
    let mut integers = false;
    for (index, column) in program.columns.iter().enumerate() {
        if (whole && column.whole) != integers {
            integers = !integers;
            let marker = if integers { "INTORG" } else { "INTEND" };
            line(&mut text, &format!(" MARKER{index} 'MARKER' '{marker}'"));
        }
        // A column in no row and not in the goal must still be named.
        if goal[index] != 0.0 || by_column[index].is_empty() {
            line(&mut text, &format!(" {} goal {}", names.columns[index], number(goal[index])));
        }
        for (row, coefficient) in &by_column[index] {
            line(&mut text, &format!(" {} {} {}", names.columns[index], names.rows[*row], number(*coefficient)));
        }
    }
    if integers {
        line(&mut text, " MARKERend 'MARKER' 'INTEND'");
    }
    line(&mut text, "RHS");
    if let Some(constant) = phase.map(|phase| phase.goal.constant).filter(|constant| *constant != 0.0) {
        line(&mut text, &format!(" RHS goal {}", number(-constant)));
    }
    for (row, name) in rows.iter().zip(&names.rows) {
        let rhs = row.rhs();
        if rhs != 0.0 {
            line(&mut text, &format!(" RHS {name} {}", number(rhs)));
        }
    }
    if rows.iter().any(OutRow::is_range) {
        line(&mut text, "RANGES");
        for (row, name) in rows.iter().zip(&names.rows).filter(|(row, _)| row.is_range()) {
            line(&mut text, &format!(" RANGES {name} {}", number(row.upper - row.lower)));
        }
    }
    line(&mut text, "BOUNDS");
    for (column, name) in program.columns.iter().zip(&names.columns) {
        mps_bounds(&mut text, column, name, whole && column.whole);
    }
    line(&mut text, "ENDATA");
    text
}

fn mps_bounds(text: &mut String, column: &Column, name: &str, whole: bool) {
    let (lower, upper) = (column.lower, column.upper);
    if lower == upper {
        line(text, &format!(" FX BOUND {name} {}", number(lower)));
        return;
    }
    match (lower.is_finite(), upper.is_finite()) {
        (false, false) => line(text, &format!(" FR BOUND {name}")),
        (false, true) => {
            line(text, &format!(" MI BOUND {name}"));
            line(text, &format!(" UP BOUND {name} {}", number(upper)));
        }
        (true, finite) => {
            if finite {
                line(text, &format!(" UP BOUND {name} {}", number(upper)));
            } else if whole {
                // Some readers take an integer without an upper bound for a binary.
                line(text, &format!(" PL BOUND {name}"));
            }
            // After the upper one: an upper bound below zero would otherwise free the lower one.
            if lower != 0.0 || upper <= 0.0 {
                line(text, &format!(" LO BOUND {name} {}", number(lower)));
            }
        }
    }
}

/// The program with one phase's goal in the LP format that most solvers read.
#[must_use]
pub fn lp(program: &Program, phase: usize, whole: bool) -> String {
    let names = Names::new(program);
    let phase = program.phases.get(phase);
    let mut text = String::new();
    let rows = rows(program, phase);
    for (row, name) in rows.iter().zip(&names.rows).filter(|(row, _)| row.factor != 1.0) {
        line(&mut text, &format!("\\ Row {name} is multiplied by {}.", number(row.factor)));
    }
    line(&mut text, if phase.is_some_and(|phase| phase.sense == Sense::Maximise) { "Maximize" } else { "Minimize" });
    let mut sum = sum(phase.map_or(&[], |phase| &phase.goal.terms), &names);
    if let Some(constant) = phase.map(|phase| phase.goal.constant).filter(|constant| *constant != 0.0) {
        let _ = write!(sum, " {} {}", if constant < 0.0 { "-" } else { "+" }, number(constant.abs()));
    }
    line(&mut text, &format!(" goal: {sum}"));
    line(&mut text, "Subject To");
    for (row, name) in rows.iter().zip(&names.rows) {
        if row.terms.is_empty() {
            continue;
        }
        let sum = self::sum(&row.terms, &names);
        match (row.lower.is_finite(), row.upper.is_finite()) {
            _ if row.lower == row.upper => line(&mut text, &format!(" {name}: {sum} = {}", number(row.upper))),
            (true, true) => {
                // Two rows: not every reader knows a row with two sides.
                line(&mut text, &format!(" {name}.low: {sum} >= {}", number(row.lower)));
                line(&mut text, &format!(" {name}.high: {sum} <= {}", number(row.upper)));
            }
            (true, false) => line(&mut text, &format!(" {name}: {sum} >= {}", number(row.lower))),
            (false, true) => line(&mut text, &format!(" {name}: {sum} <= {}", number(row.upper))),
            (false, false) => {}
        }
    }
    line(&mut text, "Bounds");
    for (column, name) in program.columns.iter().zip(&names.columns) {
        match (column.lower.is_finite(), column.upper.is_finite()) {
            (false, false) => line(&mut text, &format!(" {name} free")),
            (false, true) => line(&mut text, &format!(" -inf <= {name} <= {}", number(column.upper))),
            (true, true) => line(&mut text, &format!(" {} <= {name} <= {}", number(column.lower), number(column.upper))),
            (true, false) => line(&mut text, &format!(" {name} >= {}", number(column.lower))),
        }
    }
    if whole && program.columns.iter().any(|column| column.whole) {
        line(&mut text, "General");
        for (_, name) in program.columns.iter().zip(&names.columns).filter(|(column, _)| column.whole) {
            line(&mut text, &format!(" {name}"));
        }
    }
    line(&mut text, "End");
    text
}

fn sum(terms: &[(Col, f64)], names: &Names) -> String {
    let mut sum = String::new();
    for (place, (col, coefficient)) in terms.iter().enumerate() {
        let sign = if *coefficient < 0.0 { "-" } else { "+" };
        // Readers may limit a line's length.
        let gap = if place > 0 && place % 8 == 0 { "\n   " } else { " " };
        let _ = write!(sum, "{gap}{sign} {} {}", number(coefficient.abs()), names.columns[col.0 as usize]);
    }
    if terms.is_empty() {
        // An empty sum is not a sum to every reader.
        if let Some(first) = names.columns.first() {
            let _ = write!(sum, "0 {first}");
        }
    }
    sum
}

/// A row as it is written.
struct OutRow {
    terms: Vec<(Col, f64)>,
    lower: f64,
    upper: f64,
    factor: f64,
}

impl OutRow {
    fn new(terms: &[(Col, f64)], lower: f64, upper: f64, scale: f64) -> Self {
        let fits = terms.iter().all(|(_, coefficient)| (SMALLEST_ENTRY..=LARGEST_ENTRY).contains(&(coefficient / scale).abs()));
        let (by, factor) = if fits { (scale, 1.0) } else { (1.0, scale) };
        Self {
            terms: terms.iter().map(|(col, coefficient)| (*col, coefficient / by)).collect(),
            lower: lower / by,
            upper: upper / by,
            factor,
        }
    }

    fn kind(&self) -> char {
        if self.lower == self.upper {
            'E'
        } else if self.upper.is_finite() {
            'L'
        } else if self.lower.is_finite() {
            'G'
        } else {
            'N'
        }
    }

    fn rhs(&self) -> f64 {
        match self.kind() {
            'E' | 'L' => self.upper,
            'G' => self.lower,
            _ => 0.0,
        }
    }

    fn is_range(&self) -> bool {
        self.lower.is_finite() && self.upper.is_finite() && self.lower != self.upper
    }
}

/// The program's rows, and the target of the phase if it has one.
fn rows(program: &Program, phase: Option<&Phase>) -> Vec<OutRow> {
    let mut rows: Vec<OutRow> = program
        .rows
        .iter()
        .map(|row| OutRow::new(&row.terms, row.lower, row.upper, if row.scale > 0.0 { row.scale } else { 1.0 }))
        .collect();
    if let Some((function, least)) = phase.and_then(|phase| phase.at_least.as_ref()) {
        rows.push(OutRow::new(&function.terms, least - function.constant, f64::INFINITY, 1.0));
    }
    rows
}

struct Names {
    columns: Vec<String>,
    rows: Vec<String>,
}

impl Names {
    fn new(program: &Program) -> Self {
        let mut taken = HashSet::new();
        let columns = program.columns.iter().map(|column| unique(&clean(&program.name(&column.key)), &mut taken)).collect();
        let mut taken = HashSet::from(["goal".to_owned()]);
        let mut rows: Vec<String> = program.rows.iter().map(|row| unique(&clean(&program.name(&row.key)), &mut taken)).collect();
        rows.push(unique("target", &mut taken));
        Self { columns, rows }
    }
}

/// Letters, digits, `_` and `.`; not like a number or a word of the LP format.
fn clean(name: &str) -> String {
    const WORDS: [&str; 18] = [
        "max", "min", "maximize", "minimize", "maximum", "minimum", "st", "subject", "such", "bounds", "bound", "free", "inf", "infinity",
        "general", "binary", "end", "goal",
    ];
    let mut clean: String = name
        .trim_end_matches(']')
        .chars()
        .map(|character| match character {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '_' | '.' => character,
            '[' | ',' | '/' => '.',
            _ => '_',
        })
        .collect();
    let mut first = clean.chars();
    let odd = match first.next() {
        Some('e' | 'E') => first.next().is_none_or(|second| second.is_ascii_digit() || second == '.'),
        Some(letter) => !letter.is_ascii_alphabetic(),
        None => true,
    };
    if odd || WORDS.contains(&clean.to_ascii_lowercase().as_str()) {
        clean.insert_str(0, "x_");
    }
    clean.truncate(LONGEST_NAME - 12);
    clean
}

fn unique(name: &str, taken: &mut HashSet<String>) -> String {
    let mut unique = name.to_owned();
    let mut number = 1;
    while !taken.insert(unique.clone()) {
        number += 1;
        unique = format!("{name}_{number}");
    }
    unique
}

/// The shortest text that reads back as the same number.
fn number(value: f64) -> String {
    let size = value.abs();
    if size != 0.0 && !(1e-5..1e15).contains(&size) { format!("{value:e}") } else { format!("{value}") }
}

fn line(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}
