//! Words around the optimum are claims: each one printed is tried here on the plan itself, from cold, and
//! must hold to a thousandth.
//!
//! `CLAIMS=folder cargo test claims` tries the plans of a folder (`tests/oracle/generate.py folder 300`
//! writes some); without it a sample of the oracle's plans is tried.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use tokenworks::plan::edit::{Edit, apply};
use tokenworks::plan::node::Tree;
use tokenworks::plan::{Plan, path};
use tokenworks::resolved::Series;
use tokenworks::results::{EntryPrice, Give, Results, Status};
use tokenworks::solve::{self, Outcome, SolveOptions};
use tokenworks::study::goal_seek::{Take, candidates, what_would_it_take};
use tokenworks::study::why_not::{Subject, why_not};
use tokenworks::study::{self, Options, Stated};

use crate::sketch::read;

mod marginals;

/// Claims hold to this share.
const NEAR: f64 = 1e-3;

/// Tried and kept, by kind, and what did not hold.
#[derive(Default)]
pub(crate) struct Counts {
    tried: BTreeMap<&'static str, usize>,
    pub(crate) faults: Vec<String>,
}

impl Counts {
    fn count(&mut self, kind: &'static str, holds: bool, what: impl FnOnce() -> String) {
        *self.tried.entry(kind).or_default() += 1;
        if !holds {
            self.faults.push(format!("{kind}: {}", what()));
        }
    }

    fn words(&self) -> String {
        self.tried.iter().fold(String::new(), |mut text, (kind, count)| {
            let failed = self.faults.iter().filter(|fault| fault.starts_with(kind)).count();
            _ = write!(text, "{kind} {}/{count}  ", count - failed);
            text
        })
    }
}

fn stated(plan: &Plan, series: &Series) -> Option<Stated> {
    study::state(plan, series, &Options::default()).ok()
}

fn cold(stated: &Stated) -> Outcome {
    solve::solve(&stated.formulation.program, &SolveOptions::default())
}

pub(crate) fn set(plan: &Plan, path: &str, value: &str) -> Option<Plan> {
    let mut plan = plan.clone();
    apply(&mut plan, &Edit::Set { path: path.into(), value: value.into() }).ok()?;
    Some(plan)
}

/// A tree with its numbers changed (of a series, its mean; of a curve, all but how fast it goes).
fn changed(tree: &Tree, by: &dyn Fn(f64) -> f64) -> Tree {
    match tree {
        Tree::Atom(text) => text.parse::<f64>().map_or_else(|_| tree.clone(), |number| Tree::Atom(format!("{:?}", by(number)))),
        Tree::Group { name, brackets, items } => {
            let items = items
                .iter()
                .map(|(key, value)| {
                    let key_is = |wanted: &str| key.as_deref() == Some(wanted);
                    let is_kept = (*name == "Series" && !key_is("mean"))
                        || (*name == "Curve" && (key_is("factor_per_year") || key_is("half_life_years")));
                    (key.clone(), if is_kept { value.clone() } else { changed(value, by) })
                })
                .collect();
            Tree::Group { name, brackets: *brackets, items }
        }
    }
}

fn with_numbers(plan: &Plan, path: &str, by: &dyn Fn(f64) -> f64) -> Option<Plan> {
    set(plan, path, &changed(&path::node_at(plan, path)?.tree(), by).inline())
}

fn is_near(left: f64, right: f64) -> bool {
    (left - right).abs() <= 1e-9 * left.abs().max(right.abs()).max(1e-12)
}

/// How much of what an entry price is of is used.
fn used(stated: &Stated, point: &[f64], entry: &EntryPrice) -> f64 {
    let (resolved, layout) = (&stated.resolved, &stated.formulation.layout);
    let id: Vec<&str> = entry.path.split('.').collect();
    let at = |col: &tokenworks::formulation::program::Col| point[col.0 as usize];
    let mut sum = 0.0;
    for (pool, cols) in resolved.pools.iter().zip(&layout.pools) {
        let (place, chip) = (&resolved.places[pool.place], &resolved.chips[pool.chip]);
        match (&pool.rental, entry.kind) {
            (None, "chip") if chip.id == id[1] && entry.subject == format!("{} at {}", chip.name, place.name) => {
                sum += cols.orders.iter().map(|(_, col)| at(col)).sum::<f64>();
            }
            (Some(rental), "rental") if rental.id == id[1] => sum += cols.rented.pairs().flat_map(|(_, cols)| cols).map(at).sum::<f64>(),
            _ => {}
        }
    }
    for halls in layout.halls.iter().filter(|_| entry.kind == "hall") {
        let place = &resolved.places[halls.place];
        if place.id == id[1] && place.site.as_ref().unwrap().buildable[halls.kind].id == id[3] {
            sum += halls.orders.iter().map(|(_, col)| at(col)).sum::<f64>();
        }
    }
    for (index, contract) in resolved.contracts.pairs().filter(|(_, contract)| id[0] == "contracts" && contract.id == id[1]) {
        let cols = &layout.contracts[index];
        sum += cols.orders.iter().map(|(_, col)| at(col)).sum::<f64>();
        // What stands already runs in any case: of plant it is asked whether more of it is ordered.
        if matches!(entry.kind, "plant" | "battery") {
            continue;
        }
        // What is paid as drawn is used by its draw, whatever its size; what is paid as produced by its size.
        if contract.facets.energy_price.is_none() {
            sum += cols.contract_mw.iter().map(at).sum::<f64>();
        } else {
            sum += cols.draw.pairs().flat_map(|(_, cols)| cols).flatten().map(at).sum::<f64>();
        }
    }
    if entry.kind == "purchase" {
        let number = resolved.purchases.iter().position(|purchase| purchase.id == id[1]).unwrap();
        let bought = layout.demands.iter().flat_map(|demand| &demand.bought).filter(|(of, _)| *of == number);
        sum += bought.flat_map(|(_, cols)| cols.pairs().flat_map(|(_, cols)| cols)).map(at).sum::<f64>();
    }
    sum
}

/// The plan in which the thing has its entry price (at that place alone, where it says so).
fn priced(plan: &Plan, series: &Series, entry: &EntryPrice, price: f64) -> Option<Stated> {
    if entry.only_here {
        let chip = entry.path.split('.').nth(1)?;
        let base = stated(plan, series)?;
        let place = base.resolved.places.iter().find(|place| entry.subject.ends_with(&format!("at {}", place.name)))?;
        // A subsidy without a ceiling is a price of its own at a place.
        let pool = base.resolved.pools.iter().find(|pool| {
            pool.rental.is_none() && base.resolved.places[pool.place].id == place.id && base.resolved.chips[pool.chip].id == chip
        })?;
        let mut own = stated(plan, series)?;
        let factor = price / entry.price;
        let index = base.resolved.pools.iter().position(|other| std::ptr::eq(other, pool))?;
        own.resolved.pools[index].landed_capex_musd_per_thousand.iter_mut().for_each(|musd| *musd *= factor);
        own.resolved.pools[index].annuity_musd_per_year.iter_mut().for_each(|musd| *musd *= factor);
        own.formulation = tokenworks::formulation::Formulation::new(&own.resolved).ok()?;
        return Some(own);
    }
    let text = path::get(plan, &entry.path);
    let plan = match text.as_deref() {
        Some(text) if text.starts_with("Series") && !text.contains("mean") => {
            set(plan, &format!("{}.mean", entry.path), &format!("{price:?}"))
        }
        Some(text) if text.contains(':') && !text.starts_with("Stated") => {
            with_numbers(plan, &entry.path, &|number| number * price / entry.price)
        }
        _ => set(plan, &entry.path, &format!("{price:?}")),
    };
    stated(&plan?, series)
}

fn entry_prices(name: &str, plan: &Plan, series: &Series, results: &Results, counts: &mut Counts) {
    for entry in &results.entry_prices {
        let uses = |price: f64| {
            priced(plan, series, entry, price).map_or(0.0, |stated| {
                let outcome = cold(&stated);
                if outcome.has_point() { used(&stated, &outcome.point, entry) } else { 0.0 }
            })
        };
        let Some(price) = entry.entry_price else {
            let most = [0.5, 0.01, 1e-6].map(|share| uses(entry.price * share)).into_iter().fold(0.0, f64::max);
            counts.count("never", most <= 1e-4, || format!("{name} {}: {most} used: {}", entry.path, entry.sentence));
            continue;
        };
        let amount = uses(price);
        counts.count("entry price", amount > 1e-6, || format!("{name} {}: {} used at {price}: {}", entry.path, amount, entry.sentence));
    }
}

/// The program with a number moved: the plan's own, or for halls wherever it is stated.
fn given(plan: &Plan, series: &Series, gives: &[(&Give, f64)]) -> Option<Stated> {
    let mut plan = plan.clone();
    for (give, by) in gives.iter().filter(|(give, _)| !give.path.ends_with(".halls")) {
        let text = path::get(&plan, &give.path)?;
        let edit = |number: f64| {
            if text.starts_with("ChipHours") {
                number * (give.value + by) / give.value
            } else if is_near(number, give.value) {
                number + by
            } else {
                number
            }
        };
        let edited = with_numbers(&plan, &give.path, &edit)?;
        if edited == plan {
            return None;
        }
        plan = edited;
    }
    let mut stated = stated(&plan, series)?;
    let program = &mut stated.formulation.program;
    for (give, by) in gives.iter().filter(|(give, _)| give.path.ends_with(".halls")) {
        for limit in 0..program.limits.len() {
            let known = &program.limits[limit];
            if known.path == give.path && known.unit == give.unit && is_near(known.value, give.value) {
                let value = known.value + by;
                *program = solve::range::moved(program, limit as u32, value);
            }
        }
    }
    Some(stated)
}

fn conflict(name: &str, plan: &Plan, series: &Series, results: &Results, counts: &mut Counts) {
    let gives = &results.conflict;
    if gives.iter().any(|give| give.unit.is_empty()) {
        println!("{name}: without numbers: {:?}", gives.iter().map(|give| &give.sentence).collect::<Vec<_>>());
        counts.count("conflict without numbers", true, String::new);
        return;
    }
    if gives.is_empty() {
        counts.count("conflict", false, || format!("{name}: nothing is said"));
        return;
    }
    let with = |less: Option<(usize, f64)>| -> Option<bool> {
        let parts: Vec<(&Give, f64)> = gives
            .iter()
            .enumerate()
            .map(|(number, give)| (give, less.filter(|(of, _)| *of == number).map_or(give.give, |(_, share)| give.give * share)))
            .filter(|(_, by)| *by != 0.0)
            .collect();
        // Where a goal is a quotient and nothing can be made, all limits are kept, too.
        let outcome = cold(&given(plan, series, &parts)?);
        Some(outcome.has_point() || outcome.status == solve::Status::Nothing)
    };
    let Some(all) = with(None) else {
        println!("{name}: not tried: {gives:#?}");
        counts.count("conflict not tried", true, String::new);
        return;
    };
    counts.count("conflict", all, || format!("{name}: {gives:#?} are not enough"));
    for number in 0..gives.len() {
        for share in [0.0, 1.0 - NEAR] {
            let is_enough = with(Some((number, share)));
            counts.count("conflict part", is_enough != Some(true), || {
                format!("{name}: {share} of {} would do: {gives:#?}", gives[number].path)
            });
        }
    }
}

fn why_nots(name: &str, plan: &Plan, series: &Series, base: &Stated, counts: &mut Counts) {
    let subjects: Vec<(Subject, EntryPrice)> = base
        .resolved
        .pools
        .iter()
        .filter(|pool| pool.rental.is_none() && !pool.orders_in.is_empty())
        .map(|pool| {
            let (place, chip) = (&base.resolved.places[pool.place], &base.resolved.chips[pool.chip]);
            let subject = Subject::Chip { site: place.id.clone(), chip: chip.id.clone() };
            let entry = EntryPrice {
                kind: "chip",
                path: format!("chips.{}.capex_usd", chip.id),
                subject: format!("{} at {}", chip.name, place.name),
                period: String::new(),
                price: chip.capex_musd_per_thousand.iter().next().unwrap() * 1e3,
                entry_price: None,
                only_here: false,
                unit: "$ per chip",
                sentence: String::new(),
            };
            (subject, entry)
        })
        .take(4)
        .collect();
    let now = cold(base);
    if !now.has_point() {
        return;
    }
    for (subject, mut entry) in subjects {
        let Ok(why) = why_not(plan, series, &Options::default(), &subject) else { continue };
        let Some(usd) = why.break_even_usd else { continue };
        entry.only_here = why.only_here;
        let before = used(base, &now.point, &entry);
        let after = priced(plan, series, &entry, usd).map_or(0.0, |stated| {
            let outcome = cold(&stated);
            if outcome.has_point() { used(&stated, &outcome.point, &entry) } else { 0.0 }
        });
        counts.count("why-not price", after > before + 1e-6, || {
            format!("{name} {}: {before} and {after} at {usd}: {}", entry.subject, why.sentence)
        });
    }
}

fn takes(name: &str, plan: &Plan, series: &Series, results: &Results, counts: &mut Counts) {
    let Some(best) = results.phases.iter().find(|phase| phase.name == "tokens").map(|phase| phase.value).filter(|best| *best > 1e-6) else {
        return;
    };
    let target = best * 1.02;
    let paths: Vec<(String, &'static str)> = candidates(plan, series, &Options::default()).unwrap_or_default();
    for (path, _) in paths.iter().filter(|(path, _)| !path.ends_with(".halls")).take(6) {
        let Ok(take) = what_would_it_take(plan, series, &Options::default(), path, target) else { continue };
        if take.more == 0.0 {
            continue;
        }
        let reached = |more: f64| {
            let plan = with_numbers(plan, path, &|number| number + more)?;
            let mut stated = stated(&plan, series)?;
            stated.formulation.program.phases.retain(|phase| phase.goal.name == "tokens");
            let outcome = cold(&stated);
            outcome.has_point().then(|| outcome.phases[0].value)
        };
        let (enough, short) = (reached(take.more), reached(take.more * (1.0 - NEAR)));
        let is_reached = |value: Option<f64>| value.is_some_and(|value| value >= target * (1.0 - 1e-6));
        let is_missed = short.is_none_or(|short| short < target * (1.0 - 1e-9));
        counts.count("take amount", is_reached(enough) && is_missed, || {
            format!("{name} {}: {enough:?} and {short:?} for {target}", said(&take))
        });
    }
}

fn said(take: &Take) -> String {
    take.sentence.clone()
}

/// Tries everything that is said of a plan.
pub(crate) fn try_all(name: &str, plan: &Plan, series: &Series, counts: &mut Counts) {
    let options = Options { ranges: true, entry_prices: true, ..Options::default() };
    let answer = study::answer(plan, series, &options);
    let (Some(results), Some(base)) = (answer.results, stated(plan, series)) else { return };
    match results.status {
        Status::Infeasible => conflict(name, plan, series, &results, counts),
        Status::Optimal => {
            entry_prices(name, plan, series, &results, counts);
            marginals::tried(name, plan, series, &results, &base, counts);
            why_nots(name, plan, series, &base, counts);
            takes(name, plan, series, &results, counts);
        }
        _ => {}
    }
}

#[test]
fn what_is_said_of_random_plans_holds() {
    let (folder, most) = match std::env::var("CLAIMS") {
        Ok(folder) => (folder, usize::MAX),
        Err(_) => ("tests/oracle/plans".to_owned(), SAMPLE),
    };
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "ron"))
        .collect();
    files.sort();
    let mut counts = Counts::default();
    let mut plans = 0;
    for file in files.iter().take(most) {
        let plan = read(&std::fs::read_to_string(file).unwrap());
        let before = counts.faults.len();
        try_all(&file.file_name().unwrap().to_string_lossy(), &plan, &Series::default(), &mut counts);
        plans += 1;
        if plans % 20 == 0 {
            println!("{plans} plans so far: {}", counts.words());
        }
        for fault in &counts.faults[before..] {
            println!("{fault}");
        }
    }
    println!("{plans} plans: {}", counts.words());
    assert!(counts.faults.is_empty(), "{} claims don't hold: {:#?}", counts.faults.len(), counts.faults);
}

/// Plans of the sample that are tried with every run of the tests.
const SAMPLE: usize = 12;
