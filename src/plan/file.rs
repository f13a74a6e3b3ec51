//! Plan texts: reading with all problems at once, and canonical printing.

use std::collections::HashMap;

use super::node::{Node, Raw, Reader};
use super::{Plan, SCHEMA};
use crate::diagnostic::{Diagnostic, Span};

/// A plan text, read.
#[derive(Debug)]
pub struct Parsed {
    /// The plan, if enough of it could be read to go on checking.
    pub plan: Option<Plan>,
    /// Everything that is wrong.
    pub problems: Vec<Diagnostic>,
    /// Where each value stands, by path.
    pub places: HashMap<String, Span>,
}

/// Reads a plan's text. Never panics and never stops at the first problem.
#[must_use]
pub fn parse(text: &str) -> Parsed {
    let mut reader = Reader::new(text, "");
    let plan = Plan::read(Raw::new(text), &mut reader);
    let places = reader.places.iter().map(|(path, (start, end))| (path.clone(), Span::new(text, *start, *end))).collect();
    let _ = SCHEMA;
    Parsed { plan, problems: reader.problems, places }
}

/// The canonical text of a plan.
#[must_use]
pub fn print(plan: &Plan) -> String {
    plan.tree().pretty(110)
}
