//! The lender's view as tables: statement by year, covers, stress lines, prices that fall faster.

use serde_json::{Map, Value, json};

use crate::charts::frame::finite;
use crate::charts::tables::{Table, TableCell};
use crate::finance::Year;
use crate::results::Results;
use crate::results::lender::Lender;
use crate::words::{grouped, percent, short};

use super::report_rows::{table, text};

/// A line of the statement: what it is, and its number in a year.
pub(crate) type Line = (&'static str, fn(&Year) -> f64);

/// The lines of the statement, in its order.
pub(crate) const LINES: [Line; 19] = [
    ("Revenue", |year| year.revenue),
    ("Operating cost", |year| -year.opex),
    ("EBITDA", |year| year.ebitda),
    ("Depreciation", |year| -year.depreciation),
    ("Interest", |year| -year.interest),
    ("Taxable profit", |year| year.taxable),
    ("Losses carried on", |year| year.losses),
    ("Tax", |year| -year.tax),
    ("Credits", |year| year.credits),
    ("Cash for debt service", |year| year.cfads),
    ("Bought", |year| -year.bought),
    ("Debt drawn", |year| year.drawn),
    ("Fees", |year| -year.fees),
    ("Principal paid", |year| -year.principal),
    ("Debt owed", |year| year.owed),
    ("In reserve", |year| year.reserve),
    ("Left at the end, less tax and debt", |year| year.end),
    ("To the owners", |year| year.to_owners + year.end),
    ("Years", |year| year.time as f64),
];

fn maybe(value: Option<f64>, words: fn(f64) -> String) -> TableCell {
    text(value.map_or_else(|| "–".to_owned(), words))
}

/// The tables; none where the plan does not say how it is financed.
pub(crate) fn tables(results: &Results) -> Vec<Table> {
    let Some(lender) = results.lender.as_ref().filter(|_| !results.hides("npv_musd")) else { return Vec::new() };
    vec![statement(lender), figures(lender), stresses(lender), repricing(lender)]
}

/// The name of a cover, and the cover of a year.
type Cover = (&'static str, fn(&Year) -> Option<f64>);

/// The statement by year.
pub(crate) fn statement(lender: &Lender) -> Table {
    let mut made = table("statement", "Statement by year, M$ of the day", &["Line"]);
    made.header.extend(lender.years.iter().cloned());
    for (name, value) in LINES.iter().filter(|(name, _)| *name != "Years") {
        let numbers: Vec<f64> = lender.statement.years.iter().map(value).collect();
        if numbers.iter().any(|number| *number != 0.0) {
            made.rows.push(std::iter::once(text(name)).chain(numbers.into_iter().map(TableCell::from)).collect());
        }
    }
    let covers: [Cover; 2] = [("Debt service cover", |year| year.dscr), ("Loan life cover", |year| year.llcr)];
    for (name, cover) in covers {
        if lender.statement.years.iter().any(|year| cover(year).is_some()) {
            let cells = lender.statement.years.iter().map(|year| maybe(cover(year), |cover| grouped(cover, 2)));
            made.rows.push(std::iter::once(text(name)).chain(cells).collect());
        }
    }
    made
}

/// What is read off it.
pub(crate) fn figures(lender: &Lender) -> Table {
    let figures = &lender.figures;
    let mut made = table("lender", "As a lender and an owner see it", &["Figure", "Value", "Unit"]);
    let mut row = |name: &str, value: TableCell, unit: &str| made.rows.push(vec![text(name), value, text(unit)]);
    let money = |value: f64| TableCell::Number(value);
    row("NPV before tax and debt", money(figures.npv_before_tax), "M$");
    row("NPV after tax, before debt", money(figures.npv_after_tax), "M$");
    row("NPV of the owners at the return they ask", money(figures.npv_of_owners), "M$");
    row("IRR before tax and debt", maybe(figures.irr_before_tax, percent), "a year, in money of the day");
    row("IRR after tax, before debt", maybe(figures.irr_after_tax, percent), "a year, in money of the day");
    row("IRR of the owners", maybe(figures.irr_of_owners, percent), "a year, in money of the day");
    row("Payback of the owners", maybe(figures.payback_of_owners_years, |years| grouped(years, 2)), "years");
    row("Debt drawn", money(figures.debt), "M$");
    row("Debt over what is bought", maybe(Some(figures.debt_fraction), percent), "");
    row("Debt service cover, least", maybe(figures.dscr_least, |cover| grouped(cover, 2)), "");
    row("Debt service cover, mean", maybe(figures.dscr_mean, |cover| grouped(cover, 2)), "");
    row("Debt service cover demanded", maybe(lender.covenant_dscr, |cover| grouped(cover, 2)), "");
    row("Loan life cover, least", maybe(figures.llcr_least, |cover| grouped(cover, 2)), "");
    row("Levelised cost of a token", maybe(lender.lcot_usd_per_mtok, |usd| grouped(usd, 4)), "$ per Mtok, real");
    row("Levelised cost of a chip-hour", maybe(lender.lcoc_usd_per_chip_hour, |usd| grouped(usd, 3)), "$ per chip-hour, real");
    row("Left at the end, by age", money(lender.end_value_musd), "M$ of then, real");
    row("Left unpaid by annuities", money(lender.unpaid_annuities_musd), "M$ of then, real");
    let even = &lender.break_evens;
    row("Prices that just carry it", maybe(even.least_price_factor, percent), "of the plan's");
    row("Chip cost that it just carries", maybe(even.most_chip_cost_factor, percent), "of the plan's");
    row(
        "Prices may change a year by",
        maybe(even.price_factor_per_year, |factor| format!("× {}", short(factor))),
        "on top of the plan's, until NPV after tax is nothing",
    );
    made
}

/// Worse cases: builds and debt as planned.
pub(crate) fn stresses(lender: &Lender) -> Table {
    let mut made = table(
        "stress",
        "Worse cases, with the builds and the debt as planned",
        &["Case", "Least cover", "IRR of the owners", "NPV of the owners [M$]"],
    );
    for stress in &lender.stresses {
        made.rows.push(vec![
            text(&stress.name),
            maybe(stress.dscr_least, |cover| grouped(cover, 2)),
            maybe(stress.irr_of_owners_fraction, percent),
            stress.npv_of_owners_musd.into(),
        ]);
    }
    made
}

/// NPV by how fast prices fall, with the break-even in its row.
pub(crate) fn repricing(lender: &Lender) -> Table {
    let mut made = table(
        "repricing",
        "NPV after tax when prices change by a factor a year on top of the plan's, with its builds",
        &["Factor a year", "NPV after tax [M$]"],
    );
    let mut points = lender.repricing.clone();
    points.extend(lender.break_evens.price_factor_per_year.map(|factor| (factor, 0.0)));
    points.sort_by(|left, right| right.0.total_cmp(&left.0));
    made.rows.extend(points.into_iter().map(|(factor, npv)| vec![factor.into(), npv.into()]));
    made
}

/// The lender's view for machines. Money of the statement is nominal.
pub(crate) fn document(lender: &Lender) -> Value {
    let figures = &lender.figures;
    let mut out = Map::new();
    let mut put = |key: &str, value: Option<f64>| {
        if let Some(value) = value {
            out.insert(key.to_owned(), json!(finite(value)));
        }
    };
    put("npv_before_tax_musd", Some(figures.npv_before_tax));
    put("npv_after_tax_musd", Some(figures.npv_after_tax));
    put("npv_of_owners_musd", Some(figures.npv_of_owners));
    put("irr_before_tax_fraction", figures.irr_before_tax);
    put("irr_after_tax_fraction", figures.irr_after_tax);
    put("irr_of_owners_fraction", figures.irr_of_owners);
    put("payback_of_owners_years", figures.payback_of_owners_years);
    put("debt_musd", Some(figures.debt));
    put("debt_fraction", Some(figures.debt_fraction));
    put("dscr_least", figures.dscr_least);
    put("dscr_mean", figures.dscr_mean);
    put("covenant_dscr", lender.covenant_dscr);
    put("llcr_least", figures.llcr_least);
    put("lcot_usd_per_mtok", lender.lcot_usd_per_mtok);
    put("lcoc_usd_per_chip_hour", lender.lcoc_usd_per_chip_hour);
    put("end_value_musd", Some(lender.end_value_musd));
    put("unpaid_annuities_musd", Some(lender.unpaid_annuities_musd));
    out.insert("break_evens".into(), json!(lender.break_evens));
    out.insert("stresses".into(), json!(lender.stresses));
    let repricing =
        lender.repricing.iter().map(|(factor, npv)| json!({ "price_factor_per_year": factor, "npv_after_tax_musd": finite(*npv) }));
    out.insert("repricing".into(), repricing.collect());
    let years = lender.years.iter().zip(&lender.statement.years).map(|(label, year)| {
        let mut of_year = Map::new();
        of_year.insert("label".into(), json!(label));
        for (key, value) in [
            ("revenue_musd", year.revenue),
            ("opex_musd", year.opex),
            ("ebitda_musd", year.ebitda),
            ("depreciation_musd", year.depreciation),
            ("interest_musd", year.interest),
            ("taxable_musd", year.taxable),
            ("losses_carried_musd", year.losses),
            ("tax_musd", year.tax),
            ("credits_musd", year.credits),
            ("cfads_musd", year.cfads),
            ("bought_musd", year.bought),
            ("drawn_musd", year.drawn),
            ("fees_musd", year.fees),
            ("principal_musd", year.principal),
            ("owed_musd", year.owed),
            ("reserve_musd", year.reserve),
            ("end_musd", year.end),
            ("to_owners_musd", year.to_owners),
        ] {
            of_year.insert(key.into(), json!(finite(value)));
        }
        for (key, cover) in [("dscr", year.dscr), ("llcr", year.llcr)] {
            if let Some(cover) = cover {
                of_year.insert(key.into(), json!(finite(cover)));
            }
        }
        Value::Object(of_year)
    });
    out.insert("years".into(), years.collect());
    Value::Object(out)
}
