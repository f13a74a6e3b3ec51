//! The page of truth of a key figure: what it is, how it is worked out, what went in, what it rests on.

use crate::words;
use egui::{Grid, Label, RichText, Ui};

use super::Kpi;
use crate::gui::document::Document;
use crate::gui::panels::evidence;
use crate::gui::theme;
use crate::gui::widgets::truth::{self, Page, Subject};
use crate::results::Results;

/// How a figure is worked out, and what of the answer went into it: names and values.
fn worked_out(key: &str, results: &Results) -> (&'static str, Vec<(&'static str, String)>) {
    let kpis = &results.kpis;
    let years: f64 = results.periods.iter().map(|period| period.years).sum();
    let span = ("Years planned", words::number(years));
    let tokens = ("Answer tokens, whole horizon", words::ttok(kpis.answer_tokens_ttok));
    let energy = ("Energy at the meter", format!("{} GWh", words::number(kpis.energy_gwh)));
    let load = ("Energy the facilities use", format!("{} GWh", words::number(kpis.load_gwh)));
    match key {
        "answer_tokens_ttok_per_year" => ("answer tokens sold over the horizon ÷ years planned", vec![tokens, span]),
        "quality_tokens_ttok" => (
            "answer tokens × quality weight of their served model, summed ÷ years planned",
            vec![("Weighted by quality, whole horizon", words::ttok(kpis.quality_tokens_ttok)), tokens, span],
        ),
        "cost_usd_per_mtok" => (
            "discounted cost ÷ discounted tokens, weighted by quality as the goal has them",
            vec![
                ("Discounted cost", words::musd(kpis.cost_npv_musd)),
                ("Per million raw tokens", format!("{} $", words::short(kpis.cost_usd_per_raw_mtok))),
            ],
        ),
        "tokens_per_kwh" => ("answer tokens of our own sites ÷ energy at the meter, battery losses included", vec![tokens, energy]),
        "tok_per_s_per_mw" => ("answer tokens of our own sites per second ÷ mean facility load", vec![tokens, load, span]),
        "peak_mw" => ("the highest load of all sites together in any slice of any period, cooling included", vec![load]),
        "capex_musd" => ("everything ordered over the horizon: chips, halls, plant and connections", vec![span]),
        "npv_musd" => (
            "discounted revenue − discounted cost; chips and halls are paid by annuity over their life",
            vec![
                ("Discounted revenue", words::musd(kpis.revenue_npv_musd)),
                ("Discounted cost", words::musd(kpis.cost_npv_musd)),
                ("Value left at the end, discounted", words::musd(kpis.end_value_npv_musd)),
            ],
        ),
        "carbon_g_per_mtok" => (
            "carbon of the energy drawn ÷ answer tokens",
            vec![("Carbon", format!("{} kt", words::number(kpis.carbon_kt))), tokens, energy],
        ),
        "in_part_halls_fraction" => ("tokens made in fractions of a hall ÷ answer tokens of our own chips", vec![tokens]),
        "cost_usd_per_raw_mtok" => {
            ("discounted cost ÷ discounted raw answer tokens", vec![("Discounted cost", words::musd(kpis.cost_npv_musd)), tokens])
        }
        "revenue_npv_musd" => ("tokens sold × what they pay, discounted at the end of each year", vec![tokens, span]),
        "cost_npv_musd" => (
            "annuities, power, upkeep, rent, bought tokens, egress, duties and carbon, discounted",
            vec![("Paid undiscounted", words::musd(results.money.iter().map(crate::results::PeriodMoney::cost_total_musd).sum()))],
        ),
        "irr_fraction" => (
            "the rate at which revenue − running cost − what is bought, with what is left at the end, is worth nothing",
            vec![("Bought", words::musd(kpis.capex_musd)), ("Left at the end", words::musd(kpis.end_value_musd))],
        ),
        "payback_years" => (
            "the first moment at which revenue so far covers running cost and what was bought, undiscounted",
            vec![("Bought", words::musd(kpis.capex_musd)), span],
        ),
        "energy_gwh" => ("what is drawn under all contracts and from plant", vec![load]),
        "carbon_kt" => ("energy drawn × carbon of each contract, summed", vec![energy]),
        "renewable_fraction" => ("(renewable energy + certificates − battery losses) ÷ energy the facilities use", vec![load]),
        "water_ml" => ("energy the facilities use × water per kWh of each site, summed", vec![load]),
        "npv_after_tax_musd" => (
            "revenue − running cost − tax − what is bought + what is left at the end, discounted; no debt in it",
            vec![("Before tax", words::musd(kpis.npv_musd))],
        ),
        "irr_after_tax_fraction" => (
            "the rate at which the flows after tax, without debt, are worth nothing",
            vec![("NPV after tax", words::musd(kpis.npv_after_tax_musd.unwrap_or(f64::NAN)))],
        ),
        "lcot_usd_per_mtok" => {
            ("the constant price at which the owners' flows, after tax and debt, are worth nothing at the return they ask", vec![tokens])
        }
        "irr_of_owners_fraction" => (
            "the rate at which what the owners pay in and get out, after tax and debt, is worth nothing",
            vec![("Bought", words::musd(kpis.capex_musd))],
        ),
        "dscr_least" => ("cash of a year after tax ÷ interest and repayment of that year, in the tightest year", vec![span]),
        _ => ("", Vec::new()),
    }
}

/// The page of a figure of an answer that is not the one on screen, by what that answer is called.
pub(in crate::gui::panels) fn page_of(kpi: &Kpi, results: &Results, name: &str) -> Subject {
    let (figure, unit) = (kpi.words)((kpi.value)(results));
    let (formula, parts) = worked_out(kpi.key, results);
    let own = ("This answer".to_owned(), format!("{figure} {unit}").trim().to_owned());
    let went_in = parts.into_iter().map(|(name, value)| (name.to_owned(), value));
    let rests = evidence::in_short(results);
    let rests = (!rests.is_empty()).then(|| ("Rests on".to_owned(), rests));
    Subject::Value(Page {
        title: format!("{}, {name}", kpi.name),
        readings: std::iter::once(own).chain(went_in).chain(rests).collect(),
        what: kpi.tooltip.to_owned(),
        formula: formula.to_owned(),
        source: String::new(),
    })
}

/// Draws the page.
pub(in crate::gui::panels) fn truth_ui(ui: &mut Ui, kpi: &Kpi, document: &Document, value: Option<f64>) {
    ui.set_max_width(360.0);
    ui.label(RichText::new(kpi.name).strong());
    ui.add(Label::new(kpi.tooltip).wrap());
    let Some((results, value)) = document.results().zip(value) else { return };
    let (figure, unit) = (kpi.words)(value);
    if let Some(give_up) = results.give_up.as_ref().filter(|give_up| give_up.second == super::goal_of(kpi)) {
        ui.add(Label::new(&give_up.sentence).wrap());
    }
    if !document.is_canonical() {
        ui.add(Label::new(theme::quiet(ui, "≈ Not settled yet: the answer that is being found may still move it.")).wrap());
    }
    let (formula, parts) = worked_out(kpi.key, results);
    if !formula.is_empty() {
        ui.add(Label::new(format!("= {formula}")).wrap());
    }
    Grid::new(("truth", kpi.key)).num_columns(2).spacing([14.0, 2.0]).show(ui, |ui| {
        ui.label(theme::quiet(ui, "This answer"));
        ui.label(format!("{figure} {unit}"));
        ui.end_row();
        for (name, value) in parts {
            ui.label(theme::quiet(ui, name));
            ui.label(value);
            ui.end_row();
        }
        if let Some(baseline) = document.baseline() {
            let (figure, unit) = (kpi.words)((kpi.value)(&baseline.results));
            ui.label(theme::quiet(ui, format!("Baseline, {}", baseline.name)));
            ui.label(format!("{figure} {unit}"));
            ui.end_row();
        }
    });
    let rests = evidence::in_short(results);
    if !rests.is_empty() {
        ui.add(Label::new(theme::quiet(ui, format!("Rests on: {rests}. Explain shows each source."))).wrap());
    }
}

/// The same as a tip, which goes when the pointer does.
pub(in crate::gui::panels) fn tip_ui(ui: &mut Ui, kpi: &Kpi, document: &Document, value: Option<f64>) {
    truth_ui(ui, kpi, document, value);
    truth::hint_ui(ui);
}
