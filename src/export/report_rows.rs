//! Tables and figures that reports, spreadsheets and the terminal share.

use crate::charts::binds::{by_path, facts};
use crate::charts::frame::{at, chip, site_name};
use crate::charts::tables::{Table, TableCell};
use crate::charts::{family_label, worth_of_one_percent};
use crate::plan::Plan;
use crate::plan::node::{Node as _, Tree};
use crate::resolved::Assumption;
use crate::results::{Binding, CostPart, Results, Status};
use crate::words::{grouped, short};

use super::headline::{chip_hours, figures, fractions_in_words, hall_unit};
use super::report_input::ReportInput;

/// `Optimal, checked`.
pub(crate) fn status_in_words(results: &Results) -> String {
    match results.status {
        Status::Optimal if results.certificate.checked => "Optimal, checked".into(),
        Status::Optimal => "Optimal, not checked".into(),
        Status::Stopped if results.has_numbers() => "Stopped, the best answer so far".into(),
        Status::Stopped => "Stopped before an answer was found".into(),
        Status::Infeasible => "Infeasible".into(),
        Status::Unbounded => "Unbounded".into(),
        Status::Nothing => "Nothing can be made".into(),
        Status::Failed => "Failed".into(),
    }
}

/// How far something is off, as a power of ten.
fn residual(value: f64) -> String {
    format!("{value:.0e}")
}

/// The certificate in a sentence.
pub(crate) fn certificate_in_words(results: &Results) -> String {
    let certificate = &results.certificate;
    let worst = certificate.max_row_residual.max(certificate.max_bound_residual).max(certificate.max_dual_residual);
    let (worst, gap, balance) = (residual(worst), residual(certificate.relative_gap), residual(results.energy_residual_mw));
    if results.status == Status::Stopped {
        return format!(
            "Stopped before it was proved the best; what is shown keeps all limits: largest residual {worst}, energy balance within {balance} MW."
        );
    }
    let verdict = if certificate.checked { "Checked by our own arithmetic" } else { "Not confirmed by our own arithmetic" };
    format!("{verdict}: largest residual {worst}, relative gap {gap}, energy balance within {balance} MW.")
}

/// The evidence in a sentence.
pub(crate) fn evidence_in_words(results: &Results) -> String {
    let evidence = &results.evidence;
    let shares = [
        (evidence.measured, "measured"),
        (evidence.calibrated, "calibrated"),
        (evidence.modelled, "modelled"),
        (evidence.unproven, "unproven"),
        (evidence.stated, "stated"),
    ];
    let parts: Vec<String> = shares
        .iter()
        .filter(|(share, _)| *share > 0.0005)
        .map(|(share, grade)| format!("{} {grade}", crate::words::percent(*share)))
        .collect();
    if parts.is_empty() { String::new() } else { format!("Answer tokens rest on throughput that is {}.", parts.join(", ")) }
}

/// The solver in a sentence.
pub(crate) fn solver_in_words(results: &Results) -> String {
    let solver = &results.solver;
    format!(
        "{} {}: {} columns, {} rows, {} entries; built in {} ms, solved in {} ms of CPU, {} iterations.",
        solver.name,
        solver.version,
        grouped(solver.columns as f64, 0),
        grouped(solver.rows as f64, 0),
        grouped(solver.nonzeros as f64, 0),
        grouped(solver.build_ms, 0),
        grouped(solver.solve_ms, 0),
        grouped(solver.iterations as f64, 0)
    )
}

pub(super) fn table(name: &str, title: &str, header: &[&str]) -> Table {
    Table { name: name.into(), title: title.into(), header: header.iter().map(ToString::to_string).collect(), rows: Vec::new() }
}

pub(super) fn text(text: impl AsRef<str>) -> TableCell {
    TableCell::from(text.as_ref())
}

/// Header `first`, then every period.
fn over_periods(results: &Results, name: &str, title: &str, first: &[&str]) -> Table {
    let mut table = table(name, title, first);
    table.header.extend(results.periods.iter().map(|period| period.label.clone()));
    table
}

/// What is built: orders of chips and halls by period; nothing that stays zero.
pub(crate) fn builds(results: &Results) -> Table {
    let mut table = over_periods(results, "builds", "Builds by period", &["Site", "Ordered", "Unit"]);
    let mut add = |site: usize, name: &str, unit: &str, orders: &[f64]| {
        if orders.iter().any(|count| *count > 1e-6) {
            let mut row = vec![text(site_name(results, site)), text(name), text(unit)];
            row.extend((0..results.periods.len()).map(|period| TableCell::from(at(orders, period))));
            table.rows.push(row);
        }
    };
    for fleet in &results.fleet {
        add(fleet.site, &chip(results, fleet.chip).0, "chips", &fleet.orders);
    }
    for hall in &results.halls {
        add(hall.site, &crate::words::sentence(&hall.id), &hall_unit(&hall.orders, hall.it_mw), &hall.orders);
    }
    table
}

/// Chips and halls in service by period.
pub(crate) fn in_service(results: &Results) -> Table {
    let mut table = over_periods(results, "in-service", "In service by period", &["Site", "What", "Unit"]);
    let mut add = |site: usize, name: &str, unit: &str, counts: &[f64]| {
        if counts.iter().any(|count| *count > 1e-6) {
            let mut row = vec![text(site_name(results, site)), text(name), text(unit)];
            row.extend((0..results.periods.len()).map(|period| TableCell::from(at(counts, period))));
            table.rows.push(row);
        }
    };
    for fleet in &results.fleet {
        let name = chip(results, fleet.chip).0;
        add(fleet.site, &name, "chips", &fleet.in_service);
        add(fleet.site, &name, "chips rented", &fleet.rented);
    }
    for hall in &results.halls {
        add(hall.site, &crate::words::sentence(&hall.id), &hall_unit(&hall.in_service, hall.it_mw), &hall.in_service);
    }
    table
}

/// Power by contract over the horizon.
pub(crate) fn power(results: &Results) -> Table {
    let mut table = table(
        "power",
        "Power by contract over the horizon",
        &[
            "Site",
            "Contract",
            "Kind",
            "Contracted, most",
            "Unit",
            "Energy [GWh]",
            "Certificates [GWh]",
            "Surplus [GWh]",
            "Peak [MW]",
            "Cost [M$]",
            "$/MWh",
            "Carbon [kt]",
        ],
    );
    for contract in &results.contracts {
        let sum = |values: &[f64]| (0..values.len()).map(|index| at(values, index)).sum::<f64>();
        let most = |values: &[f64]| (0..values.len()).map(|index| at(values, index)).fold(0.0, f64::max);
        let (energy, certificates) = (sum(&contract.energy_gwh), sum(&contract.certificates_gwh));
        let (paid_for, cost) = (energy + certificates, sum(&contract.cost_musd));
        table.rows.push(vec![
            text(site_name(results, contract.site)),
            text(crate::words::sentence(&contract.id)),
            text(contract.kind.title),
            most(&contract.contracted).into(),
            text(contract.kind.unit),
            energy.into(),
            certificates.into(),
            sum(&contract.surplus_gwh).into(),
            most(&contract.peak_mw).into(),
            cost.into(),
            if paid_for > 1e-9 { TableCell::from(cost * 1000.0 / paid_for) } else { text("") },
            sum(&contract.carbon_kt).into(),
        ]);
    }
    table
}

/// Money by period: revenue, each part of cost, capex, opex, cash.
pub(crate) fn money(results: &Results) -> Table {
    let mut table = over_periods(results, "money", "Money by period, M$, undiscounted", &["M$"]);
    table.header.push("Total".into());
    let mut add = |name: &str, value: &dyn Fn(&crate::results::PeriodMoney) -> f64| {
        let values: Vec<f64> = results.money.iter().map(|money| crate::charts::frame::finite(value(money))).collect();
        if values.iter().any(|value| value.abs() > 1e-9) {
            let mut row = vec![text(name)];
            row.extend(values.iter().map(|value| TableCell::from(*value)));
            row.push(values.iter().sum::<f64>().into());
            table.rows.push(row);
        }
    };
    add("Revenue", &|money| money.revenue_musd);
    for (index, part) in CostPart::ALL.into_iter().enumerate() {
        add(part.label(), &|money| at(&money.cost_musd, index));
    }
    add("All costs", &|money| money.cost_total_musd());
    add("Revenue less costs", &|money| money.revenue_musd - money.cost_total_musd());
    add("Capex ordered", &|money| money.capex_musd);
    add("of it chip duty", &|money| money.chip_duty_musd);
    add("Subsidy received", &|money| money.subsidy_musd);
    add("Opex", &|money| money.opex_musd);
    add("Cash flow", &|money| money.revenue_musd - money.opex_musd - money.capex_musd);
    add("Left at the end of the horizon (annuities unpaid)", &|money| money.unpaid_annuities_musd);
    table
}

/// Tokens served by site, product and market over the horizon.
pub(crate) fn tokens(results: &Results) -> Table {
    let mut table = over_periods(results, "tokens", "Tokens served by period, Ttok", &["From", "Product", "Market"]);
    for flow in &results.flows {
        if flow.answer_ttok.iter().any(|tokens| *tokens > 1e-9) {
            let from = flow.site.map_or_else(|| flow.purchase.clone().unwrap_or_default(), |site| site_name(results, site).to_owned());
            let mut row = vec![
                text(from),
                text(results.products.get(flow.product).map_or("", |product| &product.name)),
                text(results.markets.get(flow.market).map_or("", |market| &market.name)),
            ];
            row.extend((0..results.periods.len()).map(|period| TableCell::from(at(&flow.answer_ttok, period))));
            table.rows.push(row);
        }
    }
    table
}

/// What a segment pays per Mtok: its price, or the mean of what is sold where the price changes.
fn paid(sale: &crate::results::Sale) -> f64 {
    let first = at(&sale.usd_per_mtok, 0);
    let sold: f64 = sale.sold_ttok.iter().sum();
    if sold <= 0.0 || sale.usd_per_mtok.iter().all(|usd| *usd == first) {
        return first;
    }
    sale.usd_per_mtok.iter().zip(&sale.sold_ttok).map(|(usd, sold)| usd * sold).sum::<f64>() / sold
}

/// Sales by segment over the horizon.
pub(crate) fn sales(results: &Results) -> Table {
    let mut table = table(
        "sales",
        "Sales by segment over the horizon",
        &["Market", "Product", "Segment", "Price [$/Mtok]", "Volume [Ttok]", "Sold [Ttok]", "Revenue [M$]"],
    );
    for sale in &results.sales {
        let sum = |values: &[f64]| (0..values.len()).map(|index| at(values, index)).sum::<f64>();
        table.rows.push(vec![
            text(results.markets.get(sale.market).map_or("", |market| &market.name)),
            text(results.products.get(sale.product).map_or("", |product| &product.name)),
            if sale.of_tasks { text("tasks") } else { (sale.segment as f64 + 1.0).into() },
            paid(sale).into(),
            sum(&sale.volume_ttok).into(),
            sum(&sale.sold_ttok).into(),
            sum(&sale.revenue_musd).into(),
        ]);
    }
    table
}

/// What binds, the most valuable first; `most` rows. A limit that binds in several periods is one
/// row: its strongest period in words, the span of all.
pub(crate) fn binding(results: &Results, most: usize) -> Table {
    let mut table = table(
        "binding",
        "What binds",
        &["What", "Where in the plan", "Period", "Limit", "Unit", "One more is worth", "Unit of worth", "Holds from", "to", "In words"],
    );
    let mut paths = by_path(facts(results));
    let worth = |same: &[&Binding]| same.iter().map(|binding| worth_of_one_percent(binding).abs()).sum::<f64>();
    paths.sort_by(|a, b| worth(&b.1).total_cmp(&worth(&a.1)).then_with(|| a.0.cmp(b.0)));
    for (path, same) in paths.into_iter().take(most) {
        let strongest = same.iter().max_by(|a, b| worth_of_one_percent(a).abs().total_cmp(&worth_of_one_percent(b).abs()));
        let (Some(binding), Some(first), Some(last)) = (strongest, same.first(), same.last()) else { continue };
        let end = |index: usize| {
            binding.range.and_then(|range| range.get(index).copied()).filter(|value| value.is_finite()).map_or(text(""), TableCell::from)
        };
        let when = if first.period == last.period { first.period.clone() } else { format!("{} to {}", first.period, last.period) };
        table.rows.push(vec![
            text(family_label(binding.family)),
            text(path),
            text(when),
            binding.limit.into(),
            text(binding.limit_unit),
            binding.dual.into(),
            text(&binding.unit),
            end(0),
            end(1),
            text(&binding.sentence),
        ]);
    }
    table
}

/// The key figures as a table.
pub(crate) fn figures_table(results: &Results) -> Table {
    let mut table = table("key-figures", "Key figures", &["Figure", "Value", "Unit"]);
    for figure in figures(results) {
        table.rows.push(vec![text(figure.label), figure.value.into(), text(figure.unit)]);
    }
    table
}

/// The numbers the answer rests on, with sources and grades.
pub(crate) fn assumptions(assumptions: &[Assumption]) -> Table {
    let mut table = table("assumptions", "Assumptions", &["Assumption", "Value", "Unit", "Grade", "Source"]);
    for assumption in assumptions {
        table.rows.push(vec![
            text(&assumption.path),
            assumption.value.into(),
            text(assumption.unit),
            text(&assumption.grade),
            text(&assumption.source),
        ]);
    }
    table
}

/// What the planner noted, by place in the plan: remarks and sources.
pub(crate) fn notes(plan: &Plan) -> Table {
    fn gather(tree: &Tree, path: &mut Vec<String>, rows: &mut Vec<Vec<TableCell>>) {
        let Tree::Group { items, .. } = tree else { return };
        for (key, value) in items {
            let Some(key) = key else { continue };
            let key = key.trim_matches('"');
            if key == "notes" {
                let place = if path.is_empty() { "the plan".to_owned() } else { path.join(".") };
                // The text of the plan, with its quotes read.
                let words = ron::from_str::<String>(&value.inline()).unwrap_or_default();
                if !words.is_empty() {
                    rows.push(vec![text(place), text(words)]);
                }
                continue;
            }
            path.push(key.to_owned());
            gather(value, path, rows);
            path.pop();
        }
    }
    let mut table = table("notes", "Notes of the plan", &["Place", "Note"]);
    gather(&plan.tree(), &mut Vec::new(), &mut table.rows);
    table
}

/// What the plan allows and the answer leaves unused, the nearest to coming in first.
pub(crate) fn unused(results: &Results) -> Table {
    let mut table =
        table("unused", "What is not used", &["What", "First used", "Price now", "Used below", "Unit", "Price in the plan", "In words"]);
    for entry in &results.entry_prices {
        table.rows.push(vec![
            text(&entry.subject),
            text(&entry.period),
            entry.price.into(),
            entry.entry_price.map_or_else(|| text("not even free"), TableCell::from),
            text(entry.unit),
            text(&entry.path),
            text(&entry.sentence),
        ]);
    }
    table
}

/// What must be ordered and signed by when.
pub(crate) fn decisions(results: &Results) -> Table {
    let mut table = table("decisions", "Decisions by date", &["By", "What", "Amount", "Unit", "Serves from", "Capex [M$]"]);
    for decision in &results.decisions {
        table.rows.push(vec![
            text(decision.by.to_string()),
            text(&decision.subject),
            decision.amount.into(),
            text(decision.unit_in_words()),
            text(decision.serves.to_string()),
            decision.capex_musd.into(),
        ]);
    }
    table
}

/// How it was solved and checked, as a table of facts.
pub(crate) fn about(results: &Results) -> Table {
    let mut table = table("about", "About this answer", &["Fact", "Value"]);
    let scenario = if results.scenario_name.is_empty() { "base plan" } else { &results.scenario_name };
    for (fact, value) in [
        ("Plan", results.plan_name.clone()),
        ("Scenario", scenario.to_owned()),
        ("Plan SHA-256", results.plan_sha256.clone()),
        ("Status", status_in_words(results)),
        ("Fractions", fractions_in_words(results).unwrap_or_else(|| "all halls are whole".into())),
        ("Certificate", certificate_in_words(results)),
        ("Solver", solver_in_words(results)),
        ("Program", concat!("Tokenworks ", env!("CARGO_PKG_VERSION")).to_owned()),
    ] {
        table.rows.push(vec![text(fact), text(value)]);
    }
    table
}

/// Every table of the answer, for spreadsheets.
pub(crate) fn all(input: &ReportInput<'_>) -> Vec<Table> {
    let results = input.results;
    let mut tables = vec![
        about(results),
        figures_table(results),
        builds(results),
        in_service(results),
        tokens(results),
        sales(results),
        super::passport::table(results),
        power(results),
        money(results),
        decisions(results),
        binding(results, usize::MAX),
    ];
    // Where nobody asked for it, an empty sheet would say that everything is used.
    tables.extend([chip_hours(results), unused(results)].into_iter().filter(|table| !table.rows.is_empty()));
    tables.extend(super::bill_rows::tables(results));
    tables.extend(super::routing::tables(results));
    tables.extend(super::trade::tables(results));
    tables.extend(super::lender::tables(results));
    tables.push(assumptions(input.assumptions));
    tables.extend(input.plan.map(notes));
    tables
}

/// A cell alone as text: numbers with three or four figures.
pub(crate) fn cell_in_words(cell: &TableCell) -> String {
    match cell {
        TableCell::Text(text) => text.clone(),
        TableCell::Number(number) if number.abs() < 5e-10 => "–".into(),
        TableCell::Number(number) => short(*number),
    }
}

/// The cells of a table as text, the numbers of a column with the same decimals so that they stand
/// under each other: as many as its largest needs for four figures, none if all are whole.
pub(crate) fn in_words(table: &Table) -> Vec<Vec<String>> {
    let number = |row: &Vec<TableCell>, column: usize| match row.get(column) {
        Some(TableCell::Number(number)) => Some(*number),
        _ => None,
    };
    // Rows over periods are each of one kind: the same decimals along the row.
    if matches!(table.name.as_str(), "money" | "tokens" | "statement") {
        return table
            .rows
            .iter()
            .map(|row| {
                let largest = (0..row.len()).filter_map(|column| number(row, column)).fold(0.0_f64, |most, value| most.max(value.abs()));
                let decimals = if largest >= 100.0 {
                    0
                } else if largest >= 10.0 {
                    1
                } else {
                    2
                };
                row.iter()
                    .map(|cell| match cell {
                        TableCell::Number(number) if number.abs() >= 5e-10 => grouped(*number, decimals),
                        cell => cell_in_words(cell),
                    })
                    .collect()
            })
            .collect();
    }
    // Columns of different units (what binds) keep each number's own figures.
    let mixed = table.header.iter().any(|name| name == "Unit");
    let decimals: Vec<Option<usize>> = (0..table.header.len())
        .map(|column| {
            let values = || table.rows.iter().filter_map(|row| number(row, column));
            let largest = values().fold(0.0_f64, |most, value| most.max(value.abs()));
            let whole = values().all(|value| (value - value.round()).abs() < 1e-6);
            match largest {
                _ if whole => Some(0),
                _ if mixed => None,
                1000.0.. => Some(0),
                10.0.. => Some(1),
                1.0.. => Some(2),
                _ => Some(3),
            }
        })
        .collect();
    let word = |cell: &TableCell, decimals: Option<usize>| match (cell, decimals) {
        (TableCell::Number(number), Some(decimals)) if number.abs() >= 5e-10 => grouped(*number, decimals),
        (cell, _) => cell_in_words(cell),
    };
    table.rows.iter().map(|row| row.iter().zip(&decimals).map(|(cell, decimals)| word(cell, *decimals)).collect()).collect()
}
