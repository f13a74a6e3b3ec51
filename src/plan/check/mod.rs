//! t
use std::collections::{HashMap, HashSet};
use crate::diagnostic::{Diagnostic, Span};
use super::Plan;
/// x
pub fn check(_plan: &Plan, _failed: &HashSet<String>) -> Vec<Diagnostic> { Vec::new() }
/// y
pub fn with_places(d: Vec<Diagnostic>, _p: &HashMap<String, Span>) -> Vec<Diagnostic> { d }
