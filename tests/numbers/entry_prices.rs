//! What the unused would have to cost to come in, checked by giving it that price and solving again.

use std::collections::BTreeMap;

use tokenworks::export::report::{self, ReportInput};
use tokenworks::plan::edit::{Edit, apply};
use tokenworks::plan::{Plan, file};
use tokenworks::resolved::Series;
use tokenworks::results::{EntryPrice, Results, Status};
use tokenworks::study::{self, Options};

use crate::sketch::{Sketch, chip, decode, near};

fn edited(plan: &Plan, edits: &[Edit]) -> Plan {
    let mut plan = plan.clone();
    for edit in edits {
        apply(&mut plan, edit).unwrap_or_else(|error| panic!("{edit:?}: {error:?}"));
    }
    plan
}

fn set(path: &str, value: &str) -> Edit {
    Edit::Set { path: path.into(), value: value.into() }
}

fn solved(plan: &Plan) -> Results {
    let answer = study::answer(plan, &Series::default(), &Options { entry_prices: true, ..Options::default() });
    let results = answer.results.unwrap_or_else(|| panic!("{:#?}", answer.problems));
    assert_eq!(results.status, Status::Optimal, "{}", results.message);
    (*results).clone()
}

fn listed<'r>(results: &'r Results, path: &str) -> Option<&'r EntryPrice> {
    results.entry_prices.iter().find(|entry| entry.path == path)
}

/// 100 $ buy chips for one year: `c` at 1 $ makes 1,000 tok/s, `d` at 3 $ makes 2,000. Both draw next
/// to nothing, so money decides: `d` comes in below 2 $.
#[test]
fn a_dearer_chip_comes_in_at_the_price_of_its_tokens() {
    let plan = |usd: f64| {
        Sketch::new()
            .with("chips", "c", &chip(0.001, 1.0, 0.0, "supply_per_period: {\"start\": 1000000.0}"))
            .with("chips", "d", &chip(0.001, usd, 0.0, "supply_per_period: {\"start\": 1000000.0}"))
            .with("throughput", "d-chat", &decode("d", "chat", 2000.0))
            .top("budget", "(capex_musd_total: 0.1)")
            .plan()
    };
    let results = solved(&plan(3.0));
    let entry = listed(&results, "chips.d.capex_usd").unwrap();
    assert_eq!((entry.kind, entry.unit), ("chip", "$ per chip"));
    near(entry.price, 3.0, 1e-9);
    near(entry.entry_price.unwrap(), 2.0, 1e-6);
    assert!(entry.sentence.contains("at 1.9999 $ it would come in"), "{}", entry.sentence);
    // It stands in reports too.
    let report = report::render(&ReportInput { results: &results, assumptions: &[], plan: None, studies: &[] });
    let table = report.split("What is not used").nth(1).and_then(|rest| rest.split("</table>").next()).unwrap();
    assert!(table.contains(&entry.subject) && table.contains("$ per chip"), "{table}");
    assert!(listed(&solved(&plan(2.001)), "chips.d.capex_usd").is_some());
    let cheaper = solved(&plan(1.999));
    assert!(listed(&cheaper, "chips.d.capex_usd").is_none() && listed(&cheaper, "chips.c.capex_usd").is_some());
}

/// Every unused thing whose price is one plain number of its own comes in a little below its entry price.
fn check(plan: &Plan) -> usize {
    let base = solved(plan);
    // The same chip has one price at all sites: it comes in first where it may be dearest.
    let mut by_path: BTreeMap<&str, &EntryPrice> = BTreeMap::new();
    for entry in &base.entry_prices {
        let nearest = by_path.entry(&entry.path).or_insert(entry);
        if entry.entry_price > nearest.entry_price {
            *nearest = entry;
        }
    }
    let mut checked = 0;
    for (path, entry) in by_path {
        let price = entry.entry_price.unwrap_or(0.0);
        // Orders of the same chip elsewhere have the same price.
        let used_elsewhere = path.strip_prefix("chips.").and_then(|rest| rest.split('.').next()).is_some_and(|id| {
            let index = base.chips.iter().position(|chip| chip.id == id);
            base.fleet.iter().any(|fleet| Some(fleet.chip) == index && fleet.orders.iter().any(|order| *order > 1e-3))
        });
        if price <= 0.0 || used_elsewhere || path.ends_with("energy_usd_per_mwh") {
            continue;
        }
        let at = |factor: f64| solved(&edited(plan, &[set(path, &format!("{:?}", price * factor))]));
        let out = |results: &Results| results.entry_prices.iter().any(|other| other.path == path && other.subject == entry.subject);
        assert!(!out(&at(0.97)), "{} is not used below {price}", entry.subject);
        checked += 1;
    }
    println!("{}: {checked} of {:#?}", plan.name, base.entry_prices.iter().map(|entry| &entry.sentence).collect::<Vec<_>>());
    checked
}

fn read(path: &str) -> Plan {
    file::read_plan(&std::fs::read_to_string(path).unwrap()).plan.unwrap()
}

#[test]
fn what_texas_leaves_out_comes_in_below_its_price() {
    let insert = |path: &str, id: &str, value: &str| Edit::Insert { path: path.into(), id: id.into(), position: None, value: value.into() };
    let plan = edited(
        &read("plans/texas.ron"),
        &[
            set("horizon.period_months", "12"),
            set("horizon.periods", "4"),
            set("slices.block_hours", "12"),
            insert("chips", "h200", "(catalog: \"h200_sxm\", supply_per_period: {\"2027-01\": 4000.0})"),
            insert(
                "contracts",
                "dear-sun",
                "(site: \"abilene\", from: \"2028-01\", renewable: true, terms: PayAsProduced(profile: \"sun\", price_usd_per_mwh: 400.0, contract_mw: UpTo(50.0)))",
            ),
            insert(
                "contracts",
                "dear-engine",
                "(site: \"abilene\", from: \"2029-01\", terms: OnSite(fuel: Gas(usd_per_mwh_thermal: 12.0, efficiency_fraction: 0.39, g_per_kwh: 470.0), mw: UpTo(20.0), capex_usd_per_kw: 50000.0, life_years: 25.0))",
            ),
        ],
    );
    assert!(check(&plan) >= 2);
}
