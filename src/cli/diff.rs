//! `tokenworks diff`: what differs between two plans, and between their answers.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::ValueEnum;

use super::failure::Ended;
use super::input::{self, SolveOptions};
use super::output;
use crate::plan::diff::{Difference, differences};
use crate::results::{Kpis, Results};

/// Say what differs between two plans and between their answers
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tokenworks diff plans/texas.ron my-texas.ron
  tokenworks diff plans/texas.ron my-texas.ron --plans-only --format json")]
pub(super) struct Args {
    /// The first plan
    #[arg(value_name = "A")]
    before: PathBuf,
    /// The second plan
    #[arg(value_name = "B")]
    after: PathBuf,
    /// Compare what the plans say, without solving them
    #[arg(long)]
    plans_only: bool,
    /// Text to read or JSON for machines
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// How differences are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For machines
    Json,
}

/// A key figure of both answers.
#[derive(Debug, serde::Serialize)]
struct FigureChange {
    name: &'static str,
    unit: &'static str,
    before: f64,
    after: f64,
}

impl Args {
    /// Does it.
    pub(super) fn run(&self) -> Ended {
        let before = input::open(&self.before, &SolveOptions::default(), None)?;
        let after = input::open(&self.after, &SolveOptions::default(), None)?;
        let plans = differences(&before.plan, &after.plan);
        let figures = if self.plans_only {
            Vec::new()
        } else {
            let options = SolveOptions::default();
            let answers = (before.solve(&options)?, after.solve(&options)?);
            input::settled(&answers.0)?;
            input::settled(&answers.1)?;
            figures(&answers.0, &answers.1)
        };
        match self.format {
            Format::Json => output::json(&serde_json::json!({ "plan": plans, "kpis": figures })),
            Format::Text => output::data(&text(&plans, &figures, self.plans_only)),
        }
    }
}

fn text(plans: &[Difference], figures: &[FigureChange], plans_only: bool) -> String {
    let mut out = String::new();
    if plans.is_empty() {
        out.push_str("The plans say the same.\n");
    }
    for difference in plans {
        let _ = writeln!(out, "{}", difference.sentence());
    }
    if plans_only {
        return out;
    }
    let changed: Vec<_> = figures.iter().filter(|figure| differs(figure.before, figure.after)).collect();
    if changed.is_empty() {
        out.push_str("\nThe answers have the same key figures.\n");
        return out;
    }
    out.push_str("\nKey figures that change:\n");
    for figure in changed {
        let percent = 100.0 * (figure.after - figure.before) / figure.before.abs();
        let share = match percent.abs() {
            size if !size.is_finite() => String::new(),
            size if size < 0.05 => " (by less than 0.1 %)".to_owned(),
            _ => format!(" ({percent:+.1} %)"),
        };
        let _ = writeln!(out, "  {}: {} → {} {}{share}", figure.name, number(figure.before), number(figure.after), figure.unit);
    }
    out
}

/// Ties of the optimum move the last digits only.
fn differs(before: f64, after: f64) -> bool {
    (before - after).abs() > 1e-6 * before.abs().max(after.abs()).max(1e-9)
}

/// Six figures, without an exponent where people read none.
fn number(value: f64) -> String {
    let digits = if value == 0.0 { 0 } else { (5 - value.abs().log10().floor() as i32).clamp(0, 6) };
    format!("{value:.*}", usize::try_from(digits).unwrap_or(0))
}

/// The key figures of both answers, in the order of the window's strip.
fn figures(before: &Results, after: &Results) -> Vec<FigureChange> {
    type Read = fn(&Kpis) -> f64;
    let rows: [(&'static str, &'static str, Read); 13] = [
        ("Answer tokens", "Ttok", |kpis| kpis.answer_tokens_ttok),
        ("Quality-weighted tokens", "Ttok", |kpis| kpis.quality_tokens_ttok),
        ("Cost, discounted", "M$", |kpis| kpis.cost_npv_musd),
        ("Revenue, discounted", "M$", |kpis| kpis.revenue_npv_musd),
        ("Net present value", "M$", |kpis| kpis.npv_musd),
        ("Cost per million answer tokens", "$", |kpis| kpis.cost_usd_per_mtok),
        ("Capex", "M$", |kpis| kpis.capex_musd),
        ("Energy", "GWh", |kpis| kpis.energy_gwh),
        ("Peak load", "MW", |kpis| kpis.peak_mw),
        ("Tokens per kWh", "tok/kWh", |kpis| kpis.tokens_per_kwh),
        ("Carbon", "kt", |kpis| kpis.carbon_kt),
        ("Water", "ML", |kpis| kpis.water_ml),
        ("Renewable share", "", |kpis| kpis.renewable_fraction),
    ];
    rows.map(|(name, unit, read)| FigureChange { name, unit, before: read(&before.kpis), after: read(&after.kpis) }).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!(number(0.0), "0");
        assert_eq!(number(1234.5678), "1234.57");
        assert_eq!(number(123_456_789.0), "123456789");
        assert_eq!(number(0.012_345_6), "0.012346");
    }

    #[test]
    fn sentences_name_the_change() {
        let change = Difference { path: "sites.a.interconnect_mw".into(), before: Some("200.0".into()), after: Some("450.0".into()) };
        let figure = FigureChange { name: "Capex", unit: "M$", before: 100.0, after: 150.0 };
        let text = text(&[change], &[figure], false);
        assert!(text.contains("sites.a.interconnect_mw: 200.0 → 450.0"), "{text}");
        assert!(text.contains("Capex: 100.000 → 150.000 M$ (+50.0 %)"), "{text}");
    }
}
