//! The first table of the validation: what a plan is given, with the share inside the printed band.

use std::fmt::Write as _;

use super::band::two_thirds;
use super::choose::Pools;
use super::chooser::{Asked, Case, LeftOut, between_cases, cases};
use super::correction::Distance;
use super::measured::{MeasuredIndex, median};
use super::{ServingNeed, TwoPools, withheld_points};
use crate::catalog::{Catalog, Evidence};

/// Median error that the chooser must not exceed at 30, 50 and 100 ms per token.
const BAR: f64 = 0.22;

/// The same for two pools on rack systems between 30 and 66 ms per token.
const RACK_BAR: f64 = 0.35;

/// One line of the table.
#[derive(Debug, Clone, PartialEq)]
pub struct ChooserRow {
    /// What is tested.
    pub test: String,
    /// Number of questions.
    pub cases: usize,
    /// Median of `|predicted / measured − 1|`.
    pub median_error: f64,
    /// Two thirds of the errors stay within this.
    pub two_thirds_within: f64,
    /// Median of `predicted / measured − 1`.
    pub median_bias: f64,
    /// Share of the measured rates inside the printed band, which is meant to hold two of three.
    pub inside: f64,
    /// The median error it must not exceed, where one was set.
    pub bar: Option<f64>,
    /// The share inside must lie between 55 and 80 %.
    pub covers: bool,
}

/// The chooser's validation.
#[derive(Debug, Clone, PartialEq)]
pub struct ChooserTable {
    /// Its rows.
    pub rows: Vec<ChooserRow>,
    /// Answers above 1.5 times the best ever measured for their chip and served model that do not
    /// carry the grade unproven: there must be none.
    pub unmarked: usize,
    /// Share inside bands whose widths were made from the other half of the cells.
    pub inside_other_half: f64,
    /// The one point of a chip that is not on sale yet, predicted without it.
    pub unseen: Option<Unseen>,
}

/// A measured rate and what was predicted of it without it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unseen {
    /// Measured answer tokens per second and chip.
    pub measured: f64,
    /// Predicted.
    pub predicted: f64,
    /// Half-width of the printed band.
    pub band_fraction: f64,
}

/// Rubin's point: everything measured of that workload on that chip is left out.
fn unseen(catalog: &Catalog) -> Option<Unseen> {
    let (chip, model) = (catalog.chip("vr200_nvl72")?, catalog.served_model("deepseek-v3-r1")?);
    let run = MeasuredIndex::embedded().pair(&chip.id, &model.id).first()?;
    let plain = ServingNeed::plain(run.prompt_tokens, run.answer_tokens);
    let need = ServingNeed { precision: Some(run.precision.name), two_pools: TwoPools::Never, ..plain };
    let point = withheld_points(catalog, chip, model, &need).ok()?.into_iter().next()?;
    Some(Unseen { measured: run.answer_tok_per_s, predicted: point.answer_tok_per_s, band_fraction: point.band_fraction })
}

fn row(test: &str, cases: &[&Case], bar: Option<f64>, covers: bool) -> ChooserRow {
    let mut sizes: Vec<f64> = cases.iter().map(|case| case.error().abs()).collect();
    sizes.sort_by(f64::total_cmp);
    let inside = cases.iter().filter(|case| case.inside()).count() as f64 / cases.len().max(1) as f64;
    ChooserRow {
        test: test.to_owned(),
        cases: cases.len(),
        two_thirds_within: sizes.get(sizes.len() * 2 / 3).copied().unwrap_or(f64::NAN),
        median_error: median(sizes).unwrap_or(f64::NAN),
        median_bias: median(cases.iter().map(|case| case.error()).collect()).unwrap_or(f64::NAN),
        inside,
        bar,
        covers,
    }
}

/// Asks the chooser everything.
#[must_use]
pub fn chooser_table(catalog: &Catalog) -> ChooserTable {
    let [cell, pair, chip, vendor] = LeftOut::ALL.map(|left_out| cases(catalog, left_out));
    let between = between_cases(catalog);
    let at = |case: &Case, limit: f64| case.asked != Asked::Point && (case.limit_ms - limit).abs() < 1e-6;
    let at_limits = |case: &Case| at(case, 30.0) || at(case, 50.0) || at(case, 100.0);
    let is_two = |case: &Case| case.pools == Pools::Two;
    let within = |case: &Case, low: f64, high: f64| case.asked == Asked::Point && case.limit_ms >= low && case.limit_ms <= high;
    let of =
        |cases: &'_ [Case], wanted: &dyn Fn(&Case) -> bool| -> Vec<Case> { cases.iter().filter(|case| wanted(case)).cloned().collect() };

    let mut rows = Vec::new();
    let mut add = |test: &str, cases: &[Case], wanted: &dyn Fn(&Case) -> bool, bar: Option<f64>, covers: bool| {
        let chosen = of(cases, wanted);
        if !chosen.is_empty() {
            rows.push(row(test, &chosen.iter().collect::<Vec<_>>(), bar, covers));
        }
    };
    add("as a plan gets it, its cell left out: 30, 50 and 100 ms per token", &cell, &at_limits, Some(BAR), true);
    for limit in [30.0, 50.0, 100.0, 20.0] {
        add(&format!("… {limit} ms per token"), &cell, &|case| at(case, limit), None, true);
    }
    add("… limits that the sweep reaches", &cell, &|case| at_limits(case) && case.asked == Asked::Limit, Some(BAR), true);
    add("… limits beyond its end, against its last rate", &cell, &|case| at_limits(case) && case.asked == Asked::Beyond, Some(BAR), true);
    add("… one pool", &cell, &|case| at_limits(case) && !is_two(case), Some(BAR), true);
    add("… two pools", &cell, &|case| at_limits(case) && is_two(case), None, true);
    add("… at the measured points themselves, 25 to 110 ms", &cell, &|case| within(case, 25.0, 110.0), Some(BAR), true);
    add("… two pools at the measured points, all speeds", &cell, &|case| case.asked == Asked::Point && is_two(case), None, true);
    add(
        "… two pools on rack systems, measured points from 30 to 66 ms",
        &cell,
        &|case| is_two(case) && within(case, 29.9, 66.9) && case.chip.ends_with("nvl72"),
        Some(RACK_BAR),
        false,
    );
    add("everything of the chip with the served model left out: 30, 50 and 100 ms", &pair, &at_limits, None, true);
    add("everything of the chip left out: 30, 50 and 100 ms", &chip, &at_limits, None, true);
    add("between measured points: each from its neighbours", &between, &|_| true, None, true);
    let classes = [
        (Distance::SamePair, &cell, "cell"),
        (Distance::SameChip, &pair, "pair"),
        (Distance::SameVendor, &chip, "chip"),
        (Distance::Nothing, &vendor, "vendor"),
    ];
    for (distance, cases, left_out) in classes {
        for (pools, words) in [(Pools::One, "one pool"), (Pools::Two, "two pools")] {
            let test = format!("band class: {}, {words} ({left_out} left out)", distance.label());
            add(&test, cases, &|case| case.distance == distance && case.pools == pools, None, true);
        }
    }
    let best = |case: &Case| {
        let runs = MeasuredIndex::embedded().pair(&case.chip, &case.served_model);
        runs.iter().map(|run| run.answer_tok_per_s).fold(0.0, f64::max)
    };
    let unmarked = cell.iter().filter(|case| case.predicted > 1.5 * best(case) && case.evidence != Evidence::Unproven).count();
    ChooserTable { rows, unmarked, inside_other_half: inside_other_half(&cell), unseen: unseen(catalog) }
}

/// Share of the cases inside a band whose width comes from the other half of the cells.
fn inside_other_half(cases: &[Case]) -> f64 {
    let half = |odd: bool| cases.iter().filter(move |case| (case.cell % 2 == 1) == odd && case.distance == Distance::SamePair);
    let mut inside = 0.0;
    let mut count = 0.0;
    for pools in [Pools::One, Pools::Two] {
        for odd in [false, true] {
            let mut misses: Vec<f64> = half(!odd).filter(|case| case.pools == pools).map(Case::miss).collect();
            misses.sort_by(f64::total_cmp);
            let Some(width) = misses.get(misses.len() * 2 / 3) else { continue };
            for case in half(odd).filter(|case| case.pools == pools) {
                count += 1.0;
                if case.miss() <= *width {
                    inside += 1.0;
                }
            }
        }
    }
    if count > 0.0 { inside / count } else { f64::NAN }
}

/// The width that two thirds of the misses of a class ask for, to be compared with what ships.
#[must_use]
pub fn asked_width(cases: &[Case], distance: Distance, pools: Pools) -> Option<(f64, f64)> {
    let mut misses: Vec<f64> = cases.iter().filter(|case| case.distance == distance && case.pools == pools).map(Case::miss).collect();
    misses.sort_by(f64::total_cmp);
    Some((misses.get(misses.len() * 2 / 3).copied()?, two_thirds(distance, pools)))
}

impl ChooserTable {
    /// The table as Markdown.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let mut text = markdown(&self.rows);
        let _ = writeln!(
            text,
            "\nBands made from one half of the cells hold {:.0} % of the other half. Answers above 1.5 times the best ever measured \
             for their chip and served model without the grade `unproven`: {}. The eighteen scales of the correction were \
             found on these same left-out errors, not on others kept apart: that flatters the rows above a little.",
            100.0 * self.inside_other_half,
            self.unmarked
        );
        if let Some(Unseen { measured, predicted, band_fraction }) = self.unseen {
            let _ = writeln!(
                text,
                "\nThe one published point of Vera Rubin NVL72 (DeepSeek R1, MLPerf v6.1 offline), left out: {measured:.0} tok/s \
                 per chip were measured, {predicted:.0} ±{:.0} % predicted.",
                100.0 * band_fraction
            );
        }
        text
    }

    /// The rows at round limits, for the first page.
    #[must_use]
    pub fn first_rows(&self) -> String {
        markdown(self.rows.get(..7).unwrap_or(&self.rows))
    }
}

fn markdown(rows: &[ChooserRow]) -> String {
    let percent = |fraction: f64| format!("{:.1} %", 100.0 * fraction);
    let mut text = String::from(
        "| as a plan gets it | cases | median error | two thirds within | median bias | inside its band | bar |\n|---|---:|---:|---:|---:|---:|---:|\n",
    );
    for row in rows {
        // Writing into a String cannot fail.
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {:+.1} % | {:.0} % | {} |",
            row.test,
            row.cases,
            percent(row.median_error),
            percent(row.two_thirds_within),
            100.0 * row.median_bias,
            100.0 * row.inside,
            row.bar.map(percent).unwrap_or_default()
        );
    }
    text
}
