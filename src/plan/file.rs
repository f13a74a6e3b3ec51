//! Plan texts: reading with all problems at once, and canonical printing.

use std::collections::{HashMap, HashSet};

use super::check;
use super::node::{Node, Raw, Reader};
use super::reader::MAX_HIDDEN;
use super::scan;
use super::{Plan, SCHEMA};
use crate::diagnostic::{Diagnostic, Lines, Span};

pub use super::scan::has_comments;

/// Longest plan text in bytes (8 MiB).
pub const MAX_PLAN_BYTES: usize = 8 << 20;

/// Width that groups are kept within on one line.
const PRINT_WIDTH: usize = 110;

/// Smaller numbers than this are zero in every unit of the schema: a billionth of a dollar, of a MW, of a Gtok.
const NEXT_TO_NOTHING: f64 = 1e-9;

/// A plan text, read.
#[derive(Debug, Default)]
pub struct Parsed {
    /// The plan, if all of the text could be read.
    pub plan: Option<Plan>,
    /// What could be read, with placeholders at the paths in `failed`; good for checking, never for
    /// saving or solving. Present whenever the text is a plan at all.
    pub rough: Option<Plan>,
    /// Paths that could not be read.
    pub failed: HashSet<String>,
    /// Everything that is wrong, in the order of the text.
    pub problems: Vec<Diagnostic>,
    /// Where each value stands, by path.
    pub places: HashMap<String, Span>,
    /// Whether there were more problems than are listed.
    pub hopeless: bool,
}

/// A plan text, read and checked.
#[derive(Debug, Default)]
pub struct Checked {
    /// The plan, if all of the text could be read; it may still break rules (see `diagnostics`).
    pub plan: Option<Plan>,
    /// Everything that is wrong or doubtful, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// Where each value stands, by path.
    pub places: HashMap<String, Span>,
    /// Whether the text holds comments, which a save would drop.
    pub has_comments: bool,
    /// The schema the text says it is written in, if it says so.
    pub schema: Option<u32>,
}

impl Checked {
    /// Whether anything keeps the plan from being solved.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }

    /// Whether the text is of a newer schema: it is shown as text and never saved over.
    #[must_use]
    pub fn is_newer(&self) -> bool {
        self.schema.is_some_and(|schema| schema > SCHEMA)
    }
}

/// Reads and checks a plan's text: everything that is wrong with it at once. Needs little stack,
/// however deep the text is nested.
#[must_use]
pub fn read_plan(text: &str) -> Checked {
    let parsed = parse(text);
    let mut diagnostics = parsed.problems;
    // Rules say little about a text full of other faults, and would take long to say it.
    if let Some(rough) = parsed.rough.as_ref().filter(|_| !parsed.hopeless) {
        let found = check::check(rough, &parsed.failed);
        diagnostics.extend(check::with_places(found, &parsed.places));
    }
    diagnostics.extend(next_to_nothing(text, &parsed.places));
    sort_by_place(&mut diagnostics);
    Checked { plan: parsed.plan, diagnostics, places: parsed.places, has_comments: has_comments(text), schema: peek_schema(text) }
}

/// Numbers that are not zero and yet too small to count in any unit of a plan: most often an exponent
/// that slipped.
fn next_to_nothing(text: &str, places: &HashMap<String, Span>) -> Vec<Diagnostic> {
    let tiny = |span: &Span| {
        let value: f64 = text.get(span.start..span.end)?.parse().ok()?;
        (value != 0.0 && value.abs() < NEXT_TO_NOTHING).then_some(value)
    };
    let mut found: Vec<_> = places.iter().filter_map(|(path, span)| Some((path, *span, tiny(span)?))).collect();
    found.sort_unstable_by_key(|(_, span, _)| span.start);
    found
        .into_iter()
        .map(|(path, span, value)| {
            let field = path.rsplit('.').find(|key| !key.starts_with(|c: char| c.is_ascii_digit())).unwrap_or(path);
            let message = format!("{value:e} is next to nothing for `{field}` and changes no answer.");
            let help = "Check the exponent and the unit in the field's name; write 0.0 if nothing is meant.";
            let mut diagnostic = Diagnostic::warning("next-to-nothing", path.clone(), message).help(help);
            diagnostic.span = Some(span);
            diagnostic
        })
        .take(MAX_HIDDEN)
        .collect()
}

/// Puts diagnostics into the order of the text; those without a place come last.
pub fn sort_by_place(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by_key(|diagnostic| diagnostic.span.map_or((usize::MAX, 0), |span| (span.start, span.end)));
}

/// Reads a plan's text. Never panics and never stops at the first problem.
#[must_use]
pub fn parse(text: &str) -> Parsed {
    if text.len() > MAX_PLAN_BYTES {
        let message = format!(
            "The plan's text is {} MiB long; a plan may have at most {} MiB.",
            crate::words::short(text.len() as f64 / 1_048_576.0),
            MAX_PLAN_BYTES >> 20
        );
        return refused(Diagnostic::error("too-long", "", message).help("Move long series into CSV files beside the plan."));
    }
    let schema = peek_schema(text);
    if let Some(newer) = schema.filter(|schema| *schema > SCHEMA) {
        let message = format!("The plan is written in schema {newer}; this program reads schema {SCHEMA} and older.");
        let mut diagnostic = Diagnostic::error("newer-schema", "schema", message);
        diagnostic.help = Some("Open it with a newer version of the program; here it is shown as text and is not saved over.".into());
        let at = text.find("schema").unwrap_or(0);
        diagnostic.span = Some(Span::new(text, at, at + "schema".len()));
        return refused(diagnostic);
    }

    // A byte order mark is what some editors put first; it means nothing.
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let body = text.get(start..).unwrap_or_default();
    let mut reader = Reader::new(text, "");
    reader.refuse_hidden(body, start);
    let rough = match scan::single_value(body) {
        Ok(place) => {
            let raw = Raw { text: body.get(place.clone()).unwrap_or_default(), offset: start + place.start };
            read_root(raw, schema, &mut reader)
        }
        Err(fault) => {
            let (message, help) = if body.trim().is_empty() {
                (
                    "The text is empty: there is no plan in it.".to_owned(),
                    Some("Start with `(schema: 1, name: \"…\", …)`, or make a new plan.".to_owned()),
                )
            } else if body.get(scan::blank_len(body)..).is_some_and(|text| text.starts_with('#')) {
                (
                    "A plan starts with `(` and its fields.".to_owned(),
                    Some("Leave the `#![enable(…)]` line out; a plan needs none.".to_owned()),
                )
            } else {
                (fault.message, fault.help)
            };
            let raw = Raw { text: body.get(fault.place.clone()).unwrap_or_default(), offset: start + fault.place.start };
            reader.problem("syntax", raw, message, help);
            None
        }
    };

    let hopeless = reader.is_hopeless();
    if hopeless {
        let message = format!("There are more than {} problems; the rest is not listed.", reader.problems.len());
        reader.problems.push(Diagnostic::error("too-many-problems", "", message));
    }
    let lines = Lines::new(text);
    let places = reader.places.iter().map(|(path, (start, end))| (path.clone(), lines.span(*start, *end))).collect();
    let mut problems = reader.problems;
    sort_by_place(&mut problems);
    let plan = rough.clone().filter(|_| problems.is_empty());
    Parsed { plan, rough, failed: reader.failed, problems, places, hopeless }
}

fn refused(diagnostic: Diagnostic) -> Parsed {
    Parsed { problems: vec![diagnostic], ..Parsed::default() }
}

fn read_root(raw: Raw<'_>, schema: Option<u32>, reader: &mut Reader<'_>) -> Option<Plan> {
    if !raw.text.starts_with('(') {
        let help = match raw.variant() {
            Some((name, rest)) if rest.text.starts_with('(') => format!("Leave `{name}` out."),
            _ => "Is this a plan file?".into(),
        };
        reader.problem("syntax", raw, "A plan starts with `(` and its fields.", Some(help));
        return None;
    }
    let plan = Plan::read(raw, reader)?;
    // Whatever way the number is written (`1_000`, `0x2`), only a schema that exists is read.
    if schema == Some(0) || (1..=SCHEMA).all(|known| known != plan.schema) || (schema.is_none() && reader.places.contains_key("schema")) {
        let place = reader.places.get("schema").copied().unwrap_or((raw.offset, raw.offset));
        let text = scan::first_field(raw.text, "schema").unwrap_or_default();
        let at = Raw { text, offset: place.0 };
        let message = if schema.is_none() && plan.schema <= SCHEMA {
            format!("The schema is a plain number, not `{}`.", super::reader::shortened(text))
        } else {
            format!("There is no schema {} for this program; it reads schema {SCHEMA} and older.", plan.schema)
        };
        reader.at("schema", at, |reader| {
            reader.problem("unknown-schema", at, message, Some(format!("Write `schema: {SCHEMA}`.")));
        });
    }
    Some(plan)
}

/// The schema a text says it is written in, read before anything else of it.
#[must_use]
pub fn peek_schema(text: &str) -> Option<u32> {
    schema_text(text)?.parse().ok()
}

/// Whether a text says of itself that it is a plan, however wrong the rest of it may be.
#[must_use]
pub fn states_schema(text: &str) -> bool {
    schema_text(text).is_some()
}

fn schema_text(text: &str) -> Option<&str> {
    let raw = Raw::new(text.trim_start_matches('\u{feff}'));
    if raw.text.starts_with('(') { scan::first_field(raw.text, "schema") } else { None }
}

/// The canonical text of a plan.
#[must_use]
pub fn print(plan: &Plan) -> String {
    plan.tree().pretty(PRINT_WIDTH)
}
