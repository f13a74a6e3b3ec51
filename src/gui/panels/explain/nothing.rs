//! Why nothing? For every site and run of periods without tokens one sentence that names what is
//! missing, and until when: never "money" where it is time.

use crate::words;
use egui::{CursorIcon, Label, Sense, Ui};

use crate::charts::{family_label, worth_of_one_percent};
use crate::gui::command::Commands;
use crate::gui::{provenance, theme};
use crate::plan::{Month, Plan};
use crate::results::Results;

const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

fn in_words(month: Month) -> String {
    let (year, index) = (month.0.div_euclid(12), month.0.rem_euclid(12));
    format!("{} {year}", MONTHS.get(usize::try_from(index).unwrap_or(0)).copied().unwrap_or_default())
}

/// A site without tokens over a run of periods, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nothing {
    /// Name of the site.
    pub site: String,
    /// Where it stands in the plan.
    pub path: String,
    /// First and last period of the run.
    pub periods: (String, String),
    /// One sentence.
    pub why: String,
}

/// Every site and run of periods without tokens.
#[must_use]
pub fn nothing(plan: &Plan, results: &Results) -> Vec<Nothing> {
    let mut found: Vec<Nothing> = Vec::new();
    for (index, site) in results.sites.iter().enumerate() {
        let name = if site.name.is_empty() { words::sentence(&site.id) } else { site.name.clone() };
        let mut open = false;
        for (period, info) in results.periods.iter().enumerate() {
            let made: f64 =
                results.flows.iter().filter(|flow| flow.site == Some(index)).filter_map(|flow| flow.answer_ttok.get(period)).sum();
            if made > 1e-9 {
                open = false;
                continue;
            }
            let why = why(plan, results, index, period);
            match found.last_mut().filter(|last| open && last.site == name && last.why == why) {
                Some(last) => last.periods.1.clone_from(&info.label),
                None => found.push(Nothing {
                    site: name.clone(),
                    path: format!("sites.{}", site.id),
                    periods: (info.label.clone(), info.label.clone()),
                    why,
                }),
            }
            open = true;
        }
    }
    found
}

fn why(plan: &Plan, results: &Results, site: usize, period: usize) -> String {
    let (Some(own), Some(info)) = (results.sites.get(site), results.periods.get(period)) else { return String::new() };
    let Some(stated) = plan.sites.get(&own.id) else { return String::new() };
    let now = info.start;
    // A plant behind the meter may serve without a grid.
    let drawn = results
        .contracts
        .iter()
        .filter(|contract| contract.site == site)
        .any(|contract| contract.energy_gwh.get(period).is_some_and(|gwh| *gwh > 1e-9));
    if stated.interconnect_mw.at(now).unwrap_or(0.0) <= 0.0 && !drawn {
        let from = results
            .periods
            .iter()
            .map(|other| other.start)
            .find(|start| *start > now && stated.interconnect_mw.at(*start).unwrap_or(0.0) > 0.0);
        return from
            .map_or_else(|| "There is no grid connection.".to_owned(), |from| format!("The grid connection comes in {}.", in_words(from)));
    }
    let start = plan.horizon.start;
    let standing = results
        .halls
        .iter()
        .any(|hall| hall.site == site && hall.existing && hall.in_service.get(period).is_some_and(|count| *count > 0.0));
    let lead = stated.buildable.values().map(|kind| kind.lead_months).fold(f64::INFINITY, f64::min);
    if !standing {
        if !lead.is_finite() {
            return "There is no hall, and no kind of hall that may be built.".to_owned();
        }
        let ready = start.plus(lead.ceil() as i32);
        if now < ready {
            return format!("A hall ordered in {} serves from {} ({}).", in_words(start), in_words(ready), months(lead));
        }
    }
    let fleets = plan.fleets.values().filter(|fleet| fleet.site.0 == own.id);
    let first = fleets.clone().map(|fleet| fleet.in_service).min();
    let rented = plan.rentals.values().any(|rental| rental.site.as_ref().is_none_or(|site| site.0 == own.id));
    let lead_of = |id: &String, chip: &crate::plan::Chip| {
        let stated = chip.lead_months.as_ref().map(|stated| stated.value);
        stated.or_else(|| provenance::catalog_fact(plan, &format!("chips.{id}.lead_months"))?.value).unwrap_or(0.0)
    };
    let bought = plan.chips.iter().filter(|(_, chip)| chip.supply_per_period.is_some());
    let lead = bought.map(|(id, chip)| lead_of(id, chip)).fold(f64::INFINITY, f64::min);
    if !rented && first.is_none_or(|first| first > now) {
        let ready = start.plus(if lead.is_finite() { lead.ceil() as i32 } else { 0 });
        if !lead.is_finite() {
            return first.map_or_else(
                || "No chips stand there, and none can be bought.".to_owned(),
                |first| format!("Its chips stand there from {}.", in_words(first)),
            );
        }
        if now < ready {
            return format!("Chips ordered in {} serve from {} ({}).", in_words(start), in_words(ready), months(lead));
        }
    }
    let holds = results.binding.iter().filter(|binding| {
        binding.stable
            && binding.site.is_none_or(|other| other == site)
            && binding.period_index.is_none_or(|other| other == period)
            && worth_of_one_percent(binding).abs() > 1e-12
    });
    holds.max_by(|a, b| worth_of_one_percent(a).abs().total_cmp(&worth_of_one_percent(b).abs())).map_or_else(
        || "It could serve, but what it would earn is less than it would cost. Ask why not below.".to_owned(),
        |binding| format!("It could serve, but {} is used better elsewhere or later.", family_label(binding.family)),
    )
}

fn months(lead: f64) -> String {
    let lead = lead.ceil();
    if (lead - 1.0).abs() < 1e-9 { "1 month".to_owned() } else { format!("{} months", words::number(lead)) }
}

/// Draws the sentences, if there are any.
pub(super) fn nothing_ui(ui: &mut Ui, plan: &Plan, results: &Results, commands: &mut Commands) {
    let all = nothing(plan, results);
    if all.is_empty() {
        return;
    }
    ui.label(theme::title("Why nothing?"));
    theme::raised(ui).show(ui, |ui| {
        ui.set_width(ui.available_width());
        for one in all.iter().take(24) {
            let (first, last) = &one.periods;
            let span = if first == last { first.clone() } else { format!("{first} to {last}") };
            let line = ui.add(Label::new(format!("{}, {span}: {}", one.site, one.why)).wrap().sense(Sense::click()));
            if line.on_hover_cursor(CursorIcon::PointingHand).on_hover_text("Go to the site").clicked() {
                commands.go_to(&one.path);
            }
        }
        if all.len() > 24 {
            ui.label(theme::quiet(ui, format!("and {} more", all.len() - 24)));
        }
    });
}
