//! Rows of the plan tree: what stands in it, with counts and details.

use std::collections::BTreeSet;

use crate::plan::resilience::Lose;
use crate::plan::{Amount, Plan, Steps, Terms};
use crate::words;

/// A row of the tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Path of what it stands for.
    pub path: String,
    /// Its text.
    pub label: String,
    /// Second text, on the right.
    pub detail: String,
    /// How deep it is.
    pub depth: usize,
    /// Has rows below it.
    pub branch: bool,
    /// Is open.
    pub open: bool,
    /// An entry of a map: can be renamed, moved, deleted.
    pub entry: bool,
}

/// A section: its map, its label, and id, name and detail of each entry.
type Section<'s> = (&'s str, &'s str, Vec<(String, String, String)>);

/// The rows to show.
#[must_use]
pub fn rows(plan: &Plan, open: &BTreeSet<String>) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut single = |path: &str, label: &str, detail: String| {
        rows.push(Row { path: path.into(), label: label.into(), detail, depth: 0, branch: false, open: false, entry: false });
    };
    single("name", "Plan", String::new());
    single("horizon", "Horizon", horizon_text(plan));
    single("slices", "Time slices", slices_text(plan));
    let mut sections: Vec<Section<'_>> = Vec::new();
    // Everything is called the same everywhere: by its own name, else by the catalog's, else by its id in words.
    let called = |map: &str, id: &String| words::called(plan, &format!("{map}.{id}"));
    sections.push((
        "sites",
        "Sites",
        plan.sites.iter().map(|(id, site)| (id.clone(), called("sites", id), connected_text(site))).collect(),
    ));
    sections.push((
        "contracts",
        "Power contracts",
        plan.contracts.iter().map(|(id, contract)| (id.clone(), called("contracts", id), terms_text(&contract.terms))).collect(),
    ));
    sections.push((
        "actors",
        "Actors",
        plan.actors.iter().map(|(id, actor)| (id.clone(), called("actors", id), actor.country.clone().unwrap_or_default())).collect(),
    ));
    sections.push((
        "chips",
        "Chips",
        plan.chips.iter().map(|(id, chip)| (id.clone(), called("chips", id), chip.origin.clone().unwrap_or_default())).collect(),
    ));
    sections.push((
        "fleets",
        "Fleets",
        plan.fleets.iter().map(|(id, fleet)| (id.clone(), called("fleets", id), words::number(fleet.count))).collect(),
    ));
    sections.push((
        "rentals",
        "Rentals",
        plan.rentals.iter().map(|(id, rental)| (id.clone(), called("rentals", id), called("chips", &rental.chip.0))).collect(),
    ));
    sections.push((
        "served_models",
        "Served models",
        plan.served_models.iter().map(|(id, _)| (id.clone(), called("served_models", id), String::new())).collect(),
    ));
    sections.push((
        "products",
        "Products",
        plan.products.iter().map(|(id, product)| (id.clone(), called("products", id), product.served_model.in_words())).collect(),
    ));
    sections.push((
        "throughput",
        "Throughput",
        plan.throughput
            .iter()
            .map(|(id, row)| (id.clone(), called("throughput", id), format!("{} tok/s", words::number(row.decode_tok_per_s))))
            .collect(),
    ));
    sections.push((
        "markets",
        "Markets",
        plan.markets.iter().map(|(id, market)| (id.clone(), called("markets", id), market.country.clone())).collect(),
    ));
    sections.push((
        "routes",
        "Routes",
        plan.routes
            .iter()
            .map(|(id, route)| (id.clone(), called("routes", id), if route.banned { "banned".into() } else { String::new() }))
            .collect(),
    ));
    sections.push((
        "purchases",
        "Bought tokens",
        plan.purchases
            .iter()
            .map(|(id, purchase)| (id.clone(), called("purchases", id), called("products", &purchase.product.0)))
            .collect(),
    ));
    sections.push((
        "tasks",
        "Tasks",
        plan.tasks.iter().map(|(id, task)| (id.clone(), called("tasks", id), counted(task.answers.len() as u32, "answers"))).collect(),
    ));
    sections.push((
        "training",
        "Training",
        plan.training.iter().map(|(id, training)| (id.clone(), called("training", id), training.from.to_string())).collect(),
    ));
    sections.push((
        "policies",
        "Policies",
        plan.policies.iter().map(|(id, policy)| (id.clone(), called("policies", id), words::kind_text(policy.variant_name()))).collect(),
    ));
    sections.push((
        "decisions",
        "Decisions",
        plan.decisions.iter().map(|(id, decision)| (id.clone(), called("decisions", id), called("sites", &decision.site.0))).collect(),
    ));
    sections.push((
        "resilience",
        "What goes on after a loss",
        plan.resilience
            .iter()
            .map(|(id, rule)| {
                let Lose::Largest(part) = &rule.lose;
                (id.clone(), called("resilience", id), words::kind_text(part.variant_name()))
            })
            .collect(),
    ));
    sections.push((
        "profiles",
        "Profiles",
        plan.profiles.iter().map(|(id, profile)| (id.clone(), called("profiles", id), words::kind_text(profile.variant_name()))).collect(),
    ));
    sections.push((
        "scenarios",
        "Scenarios",
        plan.scenarios.iter().map(|(id, variation)| (id.clone(), id.clone(), format!("{} changed", variation.set.0.len()))).collect(),
    ));
    for (section, label, entries) in sections {
        if section == "scenarios" {
            rows.push(Row {
                path: "budget".into(),
                label: "Budget".into(),
                detail: budget_text(plan),
                depth: 0,
                branch: false,
                open: false,
                entry: false,
            });
            rows.push(Row {
                path: "finance".into(),
                label: "Tax and debt".into(),
                detail: plan.finance.as_ref().map_or_else(|| "none".to_owned(), |finance| words::kind_text(finance.debt.variant_name())),
                depth: 0,
                branch: false,
                open: false,
                entry: false,
            });
        }
        let is_open = open.contains(section);
        rows.push(Row {
            path: section.into(),
            label: label.into(),
            detail: if entries.is_empty() { String::new() } else { entries.len().to_string() },
            depth: 0,
            branch: !entries.is_empty(),
            open: is_open,
            entry: false,
        });
        if !is_open {
            continue;
        }
        for (id, name, detail) in entries {
            let path = format!("{section}.{id}");
            let below = if section == "sites" { site_rows(plan, &id) } else { Vec::new() };
            let is_open = open.contains(&path);
            rows.push(Row { path, label: name, detail, depth: 1, branch: !below.is_empty(), open: is_open, entry: true });
            if is_open {
                rows.extend(below);
            }
        }
    }
    rows
}

fn site_rows(plan: &Plan, id: &str) -> Vec<Row> {
    let Some(site) = plan.sites.get(id) else { return Vec::new() };
    let row = |path: String, detail: String| {
        let label = words::called(plan, &path);
        Row { path, label, detail, depth: 2, branch: false, open: false, entry: true }
    };
    let halls =
        site.halls.iter().map(|(hall, value)| row(format!("sites.{id}.halls.{hall}"), format!("{} MW", words::number(value.it_mw))));
    let kinds = site.buildable.iter().map(|(kind, value)| {
        row(format!("sites.{id}.buildable.{kind}"), format!("≤ {} × {} MW", words::number(value.at_most), words::number(value.it_mw)))
    });
    let fleets = plan
        .fleets
        .iter()
        .filter(|(_, fleet)| fleet.site.0 == id)
        .map(|(fleet, value)| row(format!("fleets.{fleet}"), words::number(value.count)));
    halls.chain(kinds).chain(fleets).collect()
}

/// "1 year", "3 years".
fn counted(count: u32, things: &str) -> String {
    let thing = if count == 1 { things.trim_end_matches('s') } else { things };
    format!("{count} {thing}")
}

fn horizon_text(plan: &Plan) -> String {
    let unit = match plan.horizon.period_months {
        1 => "months",
        3 => "quarters",
        6 => "half-years",
        12 => "years",
        _ => "periods",
    };
    counted(plan.horizon.periods, unit)
}

fn slices_text(plan: &Plan) -> String {
    match &plan.slices {
        crate::plan::Slices::Representative(days) => format!("{} × {} h", counted(days.days.len() as u32, "days"), days.block_hours),
        crate::plan::Slices::Hourly => "hourly".into(),
    }
}

fn budget_text(plan: &Plan) -> String {
    let budget = &plan.budget;
    match (&budget.capex_musd_per_period, budget.capex_musd_total) {
        (Some(steps), _) => steps.last().map(|value| format!("{} a period", words::musd(value))).unwrap_or_default(),
        (None, Some(total)) => words::musd(total),
        (None, None) => "no limit".into(),
    }
}

/// What a site is connected with: the plain interconnect, and how many connections beside it.
fn connected_text(site: &crate::plan::Site) -> String {
    let plain = steps_text(&site.interconnect_mw, "MW");
    if site.connections.is_empty() { plain } else { format!("{plain} + {} more", site.connections.len()) }
}

fn steps_text(steps: &Steps, unit: &str) -> String {
    steps.last().map(|value| format!("{} {unit}", words::number(value))).unwrap_or_default()
}

fn amount_text(amount: &Amount, unit: &str) -> String {
    match amount {
        Amount::Fixed(value) => format!("{} {unit}", words::number(*value)),
        Amount::UpTo(value) => format!("≤ {} {unit}", words::number(*value)),
    }
}

fn terms_text(terms: &Terms) -> String {
    let kind = terms.kind();
    terms.amount().map_or_else(|| kind.title.to_owned(), |amount| amount_text(&amount, kind.unit))
}
