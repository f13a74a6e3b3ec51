//! Few slices for an answer at once, where all of them take long.

use tokenworks::plan::edit::{Edit, apply};
use tokenworks::plan::{Plan, Slices, file};
use tokenworks::resolved::Series;
use tokenworks::study::live::coarse;
use tokenworks::study::{HOT_COLUMNS, Options, state};

fn texas(edits: &[Edit]) -> Plan {
    let mut plan = file::read_plan(&std::fs::read_to_string("plans/texas.ron").unwrap()).plan.unwrap();
    for edit in edits {
        apply(&mut plan, edit).unwrap();
    }
    plan
}

fn day(id: &str, months: &str, pick: &str) -> Edit {
    Edit::insert("slices.days", id, format!("(months: [{months}], days_per_year: 12.0, pick: Highest(\"{pick}\"))"))
}

/// Slices of the period, and the days' names.
fn shape(plan: &Plan) -> (u32, Vec<String>) {
    match &plan.slices {
        Slices::Representative(slices) => (slices.block_hours, slices.days.iter().map(|(id, _)| id.clone()).collect()),
        Slices::Hourly => (0, Vec::new()),
    }
}

fn columns(plan: &Plan) -> usize {
    state(plan, &Series::default(), &Options::default()).unwrap().formulation.program.columns.len()
}

/// Months, 3-hour blocks and odd days: 20,000 columns and more. The odd days go, the blocks grow, and what is left is
/// solved while one waits.
#[test]
fn a_large_plan_is_answered_at_once_with_few_slices() {
    let fine = [("horizon.period_months", "1"), ("horizon.periods", "48"), ("slices.block_hours", "3")];
    let mut edits: Vec<Edit> = fine.into_iter().map(|(path, value)| Edit::set(path, value)).collect();
    edits.extend([
        day("winter-windy", "12, 1, 2", "wind"),
        day("spring-dear", "3, 4, 5", "price"),
        day("autumn-dear", "9, 10, 11", "price"),
    ]);
    let plan = texas(&edits);
    let full = columns(&plan);
    assert!(full > HOT_COLUMNS, "{full}");
    let merged = coarse(&plan, full).unwrap();
    assert_eq!(shape(&merged), (6, ["winter", "spring", "summer", "autumn"].map(str::to_owned).to_vec()));
    let few = columns(&merged);
    assert!(few < 8_000, "{few}");
    // Nothing else of the plan is another.
    assert_eq!(Plan { slices: plan.slices.clone(), ..merged }, plan);
}

/// An odd day that stands alone for its months stays: without it the months would stand for nothing.
#[test]
fn a_month_keeps_a_day() {
    let plan = texas(&[Edit::remove("slices.days.autumn"), day("autumn-dear", "9, 10, 11", "price")]);
    let (_, days) = shape(&coarse(&plan, 1_000_000).unwrap());
    assert_eq!(days, ["winter", "spring", "summer", "autumn-dear"]);
}

/// Hours become a day for each season; the more columns, the longer the blocks; what is as coarse already stays.
#[test]
fn the_larger_the_coarser() {
    let hours = texas(&[Edit::set("slices", "Hourly")]);
    let block_hours = |columns: usize| coarse(&hours, columns).map(|plan| shape(&plan).0);
    assert_eq!([1_000_000, 3_000_000, 5_000_000, 90_000_000].map(block_hours), [Some(4), Some(6), Some(12), Some(24)]);
    let day = texas(&[Edit::set("slices.block_hours", "24"), Edit::remove("slices.days.summer-peak")]);
    assert!(coarse(&day, 1_000_000).is_none());
}
