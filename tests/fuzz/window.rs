//! What is typed and pasted into the window.

use std::sync::OnceLock;

use tokenworks::gui::arithmetic::evaluate;
use tokenworks::gui::panels::tables::{paste, sheet};
use tokenworks::plan::{Plan, edit, file};

/// Typed numbers.
pub const NUMBERS: &[&str] =
    &["2*36", "1.5 GW", "12k", "35%", "1,200", "((1+2)*3)", "-−+-5", "1e308*10", "$ 3/MWh", "1'000.5e-3 M", "0x10", "٣"];

/// Pasted rows.
pub const ROWS: &[&str] = &[
    "id\tcountry\tlatitude\tlongitude\tinterconnect_mw\nhome\tUS\t32.4\t-99.7\t450\nnew\tUS\t1\t1\t1\n",
    "rack\t27.5\t130\t3000000\n",
    "a\t(((\t{\"2027-01\": 1.0}\t[\"x\"]\t\"\\u{1b}\"\n",
    "id\tterms.energy_usd_per_mwh\nlocal\t1e999\nhome/building\t3\n",
    "home/hall-1\t10\t0.9\n",
];

pub fn number_field(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for (unit, percent) in [("MW", false), ("", true), ("$/MWh", false), ("M$", false)] {
        match evaluate(&text, unit, percent) {
            Ok(value) => assert!(value.is_finite()),
            Err(why) => assert!(!why.is_empty() && why.len() < 2_000, "{why}"),
        }
    }
}

fn base() -> &'static Plan {
    static BASE: OnceLock<Plan> = OnceLock::new();
    BASE.get_or_init(|| file::read_plan(include_str!("../plans/one-site.ron")).plan.unwrap())
}

/// On every sheet in turn: what is refused says why, what is taken leaves a plan that is saved and read the same.
pub fn paste_rows(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let sheets = &sheet::SHEETS;
    let sheet = &sheets[bytes.iter().map(|byte| usize::from(*byte)).sum::<usize>() % sheets.len()];
    let plan = base();
    let pasted = paste::read(plan, sheet, &sheet.rows(plan), &sheet.columns(plan), &text);
    assert!(pasted.problems.len() < 200, "{} problems are told", pasted.problems.len());
    if pasted.problems.is_empty() {
        let mut changed = plan.clone();
        for edit in &pasted.edits {
            edit::apply_to_scratch(&mut changed, edit).unwrap_or_else(|why| panic!("what was accepted is refused: {why:?}"));
        }
        let printed = file::print(&changed);
        let again = file::parse(&printed).plan.unwrap_or_else(|| panic!("what was pasted can't be read back:\n{printed}"));
        assert_eq!(file::print(&again), printed);
    }
}
