//! What must hold for any plan. The plans are the random ones of the oracle (every family, feasible
//! and infeasible) and sketches with random numbers.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use tokenworks::catalog::Catalog;
use tokenworks::formulation::{FAMILIES, Formulation};
use tokenworks::plan::edit::{self, Edit};
use tokenworks::plan::{Plan, Policy, path};
use tokenworks::resolved::supply::Output;
use tokenworks::resolved::{ChipIx, Ix as _, PeriodIx, PlaceIx, Pool, ProductIx, Resolved, Series, SliceIx};
use tokenworks::results::{Results, Status};
use tokenworks::solve::{Choice, SolveOptions, Status as Outcome, solve};
use tokenworks::study::{self, Options, Stated};

use crate::sketch::{Sketch, answer, chip, decode, market, near, phase, plans, slices};

/// Solvers agree to this share.
const AGREEMENT: f64 = 1e-6;

/// A value of a plan, seen from outside. (The trait itself stays out of scope: texts are values too.)
type Value<'a> = dyn tokenworks::plan::node::Node + 'a;

/// `CASES=20 cargo test properties` tries twenty times as much, and `PLANS=folder` on further plans.
fn times() -> u32 {
    std::env::var("CASES").ok().and_then(|times| times.parse().ok()).unwrap_or(1)
}

/// Few cases, each a few small solves, and the same ones on every machine: what passes here passes there.
fn cases(count: u32) -> ProptestConfig {
    ProptestConfig {
        cases: count * times(),
        failure_persistence: None,
        max_shrink_iters: 20,
        rng_seed: RngSeed::Fixed(11),
        ..ProptestConfig::default()
    }
}

/// What does not hold of the random plans, each tried.
fn faults(holds: impl Fn(&str, &Plan) -> Result<(), String>) -> Vec<String> {
    random_plans().iter().filter_map(|(name, plan)| holds(name, plan).err().map(|fault| format!("{name}: {fault}"))).collect()
}

fn all_hold(holds: impl Fn(&str, &Plan) -> Result<(), String>) {
    let faults = faults(holds);
    assert!(faults.is_empty(), "{faults:#?}");
}

/// `Err` with the words where something does not hold.
macro_rules! holds {
    ($what:expr, $($words:tt)*) => {
        let holds: bool = $what;
        if !holds {
            return Err(format!($($words)*));
        }
    };
}

/// The random plans that state a program, read once; a few are there to be refused.
fn random_plans() -> &'static [(String, Plan)] {
    static PLANS: OnceLock<Vec<(String, Plan)>> = OnceLock::new();
    PLANS.get_or_init(|| {
        let mut all = plans("tests/oracle/plans");
        all.extend(std::env::var("PLANS").ok().into_iter().flat_map(|folder| plans(&folder)));
        let count = all.len();
        let stated: Vec<_> =
            all.into_iter().filter(|(_, plan)| study::state(plan, &Series::default(), &Options::default()).is_ok()).collect();
        assert!(10 * stated.len() > 8 * count, "{} of {count} state a program", stated.len());
        stated
    })
}

fn stated(plan: &Plan) -> Stated {
    study::state(plan, &Series::default(), &Options::default()).unwrap()
}

/// Every value of a plan with its path, before what is inside it; `visit` says whether to go inside.
fn walk(node: &Value<'_>, at: &str, visit: &mut dyn FnMut(&str, &Value<'_>) -> bool) {
    if !at.is_empty() && !visit(at, node) {
        return;
    }
    for key in node.children() {
        let below = if at.is_empty() { key.clone() } else { format!("{at}.{key}") };
        if let Some(child) = node.child(&key) {
            walk(child, &below, visit);
        }
    }
}

/// A value's RON text with every number in it changed (what stands in quotes is left alone, and so are
/// the yearly factors of curves).
fn with_numbers(text: &str, change: impl Fn(f64) -> f64) -> String {
    let mut out = String::new();
    let is_factor = |out: &str| {
        let key = out.trim_end().strip_suffix(':').map_or("", |key| key.rsplit(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap());
        key.starts_with("factor") || key.ends_with("_years")
    };
    let (mut quoted, mut number) = (false, String::new());
    for letter in text.chars().chain([' ']) {
        let starts = letter.is_ascii_digit() || letter == '-' || letter == '.';
        if !quoted && (starts || (!number.is_empty() && "eE+".contains(letter))) {
            number.push(letter);
            continue;
        }
        if let Ok(value) = number.parse::<f64>() {
            out += &format!("{:?}", if is_factor(&out) { value } else { change(value) });
        } else {
            out += &number;
        }
        number.clear();
        quoted ^= letter == '"';
        out.push(letter);
    }
    out.trim_end().to_owned()
}

fn last(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or_default()
}

/// Whether the plan is better off with less of a limit.
fn is_floor(path: &str) -> bool {
    matches!(last(path), "at_least" | "minimum_fraction" | "need" | "floor_fraction" | "take_or_pay_fraction")
        || path.starts_with("objective")
}

/// The plan with a limit loosened by a share; nothing where it is not one number (halls) or is fixed.
fn loosened(plan: &Plan, limit: &str, share: f64) -> Option<Plan> {
    let text = path::get(plan, limit)?;
    if text.contains("Fixed") || last(limit) == "exactly" || last(limit) == "halls" || text.contains("ChipHours") {
        return None;
    }
    let factor = if is_floor(limit) { 1.0 - share } else { 1.0 + share };
    let changed = with_numbers(&text, |value| value * factor);
    let mut plan = plan.clone();
    // Shares stay shares.
    edit::apply(&mut plan, &Edit::set(limit, changed)).ok()?;
    Some(plan)
}

/// How good an answer is: the first goal, larger is better; nothing if there is none.
fn goodness(results: &Results) -> Option<f64> {
    let first = results.phases.first()?;
    let sign = if matches!(first.name.as_str(), "tokens" | "npv" | "npv_after_tax" | "revenue") { 1.0 } else { -1.0 };
    (results.status == Status::Optimal).then_some(sign * first.value)
}

/// Loosening any limit never worsens the first goal, and never takes an answer away. Each plan has some of
/// its limits loosened, the next plan others.
#[test]
fn loosening_never_worsens() {
    let tried = std::cell::Cell::new(0);
    all_hold(|name, plan| {
        // A share of the best tokens moves with the limit.
        if format!("{:?}", plan.objective).contains("PerToken") {
            return Ok(());
        }
        let limits: BTreeSet<String> = stated(plan).formulation.program.limits.into_iter().map(|limit| limit.path).collect();
        let limits: Vec<String> = limits.into_iter().collect();
        let before = answer(plan);
        let Some(before) = goodness(&before) else { return Ok(()) };
        let first = name.bytes().map(usize::from).sum::<usize>();
        for number in 0..limits.len().min(2 * times() as usize) {
            let limit = &limits[(first + 7 * number) % limits.len()];
            let share = [0.01, 0.1, 0.5][(first + number) % 3];
            let Some(looser) = loosened(plan, limit, share) else { continue };
            if study::state(&looser, &Series::default(), &Options::default()).is_err() {
                continue;
            }
            tried.set(tried.get() + 1);
            let after = goodness(&answer(&looser));
            holds!(
                after.is_some_and(|after| after >= before - 1e-7 * before.abs().max(1e-6)),
                "{limit} looser by {share}: {before} became {after:?}"
            );
        }
        Ok(())
    });
    assert!(tried.get() > 40, "{}", tried.get());
}

/// Ids are names: other ones, and another order of the entries, leave every goal where it was.
#[test]
fn ids_and_order_are_only_names() {
    all_hold(|_, plan| {
        let mut renamed = plan.clone();
        let mut edits = Vec::new();
        // The plan's clock is the first site's where it is not stated; here it is.
        assert!(renamed.horizon.utc_offset_hours.is_some());
        for map in [
            "sites",
            "chips",
            "fleets",
            "rentals",
            "contracts",
            "products",
            "throughput",
            "markets",
            "purchases",
            "training",
            "policies",
            "decisions",
        ] {
            let ids = path::node_at(plan, map).unwrap().children();
            for (position, id) in ids.iter().enumerate() {
                edits.push(Edit::Rename { path: format!("{map}.{id}"), to: format!("{}-{map}", ids.len() - position) });
            }
            // Rows of throughput are looked up in their order.
            if map != "throughput" {
                for position in 1..ids.len() {
                    edits.push(Edit::Move { path: format!("{map}.{}-{map}", ids.len() - position), position: 0 });
                }
            }
        }
        edit::apply(&mut renamed, &Edit::Many { label: "rename".into(), edits }).unwrap();
        let (before, after) = (answer(plan), answer(&renamed));
        holds!(before.status == after.status, "{:?} and {:?}", before.status, after.status);
        for (one, other) in before.phases.iter().zip(&after.phases) {
            holds!((one.value - other.value).abs() <= 1e-6 * one.value.abs().max(1e-3), "{one:?} {other:?}");
        }
        Ok(())
    });
}

/// All money times four, budgets included: the same tokens, builds and power, and four times the cost.
#[test]
fn money_is_a_unit() {
    all_hold(|_, plan| {
        let mut edits = Vec::new();
        walk(plan, "", &mut |at, node| {
            let field = last(at);
            let money = at.split('.').any(|part| part.contains("usd") || part.contains("musd"));
            if !money || at.starts_with("profiles") {
                return true;
            }
            // A series with a mean is scaled by its mean, and without one by the one it has.
            let text = node.tree().inline();
            if text.contains("Series") && !text.contains("mean") {
                return false;
            }
            if field.contains("usd") && !text.contains("None") {
                edits.push(Edit::set(at, with_numbers(&text, |value| value * 4.0)));
                return false;
            }
            true
        });
        // A series that is money in itself would have to be scaled in its profile: left out.
        if edits.is_empty() || has_bare_money_series(plan) {
            return Ok(());
        }
        let mut dearer = plan.clone();
        edit::apply(&mut dearer, &Edit::Many { label: "dearer".into(), edits }).unwrap();
        let (before, after) = (answer(plan), answer(&dearer));
        holds!(before.status == after.status, "{:?} and {:?}", before.status, after.status);
        if before.status == Status::Optimal {
            let tolerance = |value: f64| 1e-5 * value.abs().max(1e-3);
            for (one, other) in before.phases.iter().zip(&after.phases) {
                let factor = if one.name == "tokens" { 1.0 } else { 4.0 };
                holds!((factor * one.value - other.value).abs() <= tolerance(other.value), "{one:?} {other:?}");
            }
            let tokens = |results: &Results| results.kpis.answer_tokens_ttok;
            holds!(
                (tokens(&before) - tokens(&after)).abs() <= 20.0 * plan.tolerance_fraction * tokens(&before) + tolerance(tokens(&before)),
                "{} Ttok became {}",
                tokens(&before),
                tokens(&after)
            );
            let built = |results: &Results| results.kpis.capex_musd;
            if plan.tolerance_fraction < 1e-5 {
                holds!(
                    (4.0 * built(&before) - built(&after)).abs() <= 1e-3 * built(&after).max(1.0),
                    "capex {} became {}",
                    built(&before),
                    built(&after)
                );
            }
        }
        Ok(())
    });
}

/// Balances of the answer, computed again in plan units.
#[test]
fn balances_hold() {
    all_hold(|_, plan| {
        let results = answer(plan);
        if results.status == Status::Optimal {
            let resolved = stated(plan).resolved;
            holds!(results.energy_residual_mw <= 1e-6, "{}", results.energy_residual_mw);
            balances(&resolved, &results)?;
        }
        Ok(())
    });
}

/// What is said of a program's size before it is built is never too little: memory rests on it.
#[test]
fn no_program_is_larger_than_was_said() {
    all_hold(|_, plan| {
        let stated = stated(plan);
        let (built, said) = (stated.formulation.program.columns.len() as u64, tokenworks::formulation::size::of(&stated.resolved));
        holds!(built <= said.columns(), "{built} columns, {said:?}");
        Ok(())
    });
}

/// The property on loosening looks at most limits, not at a few: all but halls, and what is fixed.
#[test]
fn most_limits_can_be_loosened() {
    let (mut all, mut moved) = (0, 0);
    for (_, plan) in random_plans() {
        let limits: BTreeSet<String> = stated(plan).formulation.program.limits.into_iter().map(|limit| limit.path).collect();
        all += limits.len();
        moved += limits.iter().filter(|limit| loosened(plan, limit, 0.1).is_some_and(|looser| looser != *plan)).count();
    }
    assert!(moved * 10 >= all * 7, "{moved} of {all}");
}

fn has_bare_money_series(plan: &Plan) -> bool {
    let mut bare = false;
    walk(plan, "", &mut |at, node| {
        let text = node.tree().inline();
        if last(at).contains("usd") && text.contains("Series") {
            bare |= !text.contains("mean");
            return false;
        }
        true
    });
    bare
}

fn balances(resolved: &Resolved, results: &Results) -> Result<(), String> {
    let calendar = &resolved.calendar;
    for period in calendar.periods.keys() {
        let p = period.position();
        for (site, power) in results.power.iter().enumerate() {
            let Some(facts) = &resolved.places[PlaceIx::new(site)].site else { continue };
            for (t, load) in power.load_mw[p].iter().enumerate() {
                let slice = SliceIx::new(t);
                if calendar.hours(period, slice) <= 0.0 {
                    holds!(load.abs() < 1e-9, "a load in a slice that does not exist");
                    continue;
                }
                let supply: f64 =
                    results.contracts.iter().filter(|contract| contract.site == site).map(|contract| contract.draw_mw[p][t]).sum();
                let pue = facts.pue.at(period, slice);
                holds!((load - pue * power.it_mw[p][t]).abs() <= 1e-6, "load {load} is not PUE {pue} times {}", power.it_mw[p][t]);
                holds!((supply - load).abs() <= 1e-6, "{supply} MW supplied for a load of {load}");
                holds!(power.interconnect_mw[p][t] <= facts.interconnect_mw[PeriodIx::new(p)] + 1e-6, "interconnect");
            }
        }
        // What flows to a market is what is sold there, and revenue is what it is sold for.
        for (market, _) in resolved.markets.pairs() {
            for (product, _) in resolved.products.pairs() {
                let flows: f64 = results
                    .flows
                    .iter()
                    .filter(|flow| (flow.market, flow.product) == (market.position(), product.position()))
                    .map(|flow| flow.answer_ttok[p])
                    .sum();
                let sales: f64 = results
                    .sales
                    .iter()
                    .filter(|sale| (sale.market, sale.product) == (market.position(), product.position()))
                    .map(|sale| sale.sold_ttok[p])
                    .sum();
                holds!((flows - sales).abs() <= 1e-6, "{flows} Ttok flow, {sales} are sold");
            }
        }
        let revenue: f64 = results.sales.iter().map(|sale| sale.sold_ttok[p] * sale.usd_per_mtok[p]).sum();
        holds!((revenue - results.money[p].revenue_musd).abs() <= 1e-6, "revenue");
        // Chips in service came from somewhere: no more than the period before and what arrives.
        for fleet in &results.fleet {
            let before = if p == 0 { 0.0 } else { fleet.in_service[p - 1] };
            let of_pool = |pool: &&Pool| pool.rental.is_none() && (pool.place.position(), pool.chip.position()) == (fleet.site, fleet.chip);
            let standing: f64 = resolved.pools.iter().filter(of_pool).map(|pool| 1e3 * pool.existing_arrivals[period]).sum();
            let lead = resolved.chips[ChipIx::new(fleet.chip)].lead;
            let ordered = if p >= lead { fleet.orders[p - lead] } else { 0.0 };
            holds!(
                fleet.in_service[p] <= before + standing + ordered + 1e-3,
                "{} chips from {before}, {standing} and {ordered}",
                fleet.in_service[p]
            );
        }
    }
    let cost: f64 = results.money.iter().zip(&results.periods).map(|(money, period)| money.cost_total_musd() * period.discount).sum();
    holds!((cost - results.kpis.cost_npv_musd).abs() <= 1e-6 * cost.abs().max(1.0), "cost {cost} against {}", results.kpis.cost_npv_musd);
    Ok(())
}

/// A campus, `share` of it.
fn campus(sketch: Sketch, id: &str, share: f64, numbers: &[f64; 6]) -> Sketch {
    let [mw, hall, buildable, battery, ppa, fleet] = numbers.map(|number| number * share);
    sketch
        .site(
            id,
            &format!(
                "interconnect_mw: {mw:?}, pue: 1.2, om_usd_per_mw_year: 50000.0, \
                 halls: {{\"hall\": (it_mw: {hall:?}, cooling: Air, rack_positions: {:?}), \"wet\": (it_mw: {hall:?}, cooling: Liquid, rack_positions: {:?})}}, \
                 buildable: {{\"new\": (it_mw: 2.0, rack_positions: 40.0, capex_usd_per_w: 8.0, lead_months: 3.0, at_most: {buildable:?})}}, \
                 data_pipeline: (capacity_gtok_per_hour: {:?}, kw_per_gtok_per_hour: 2.0)",
                hall * 30.0,
                hall * 30.0,
                mw * 20.0
            ),
        )
        .with("fleets", id, &format!("(site: {id:?}, chip: \"c\", count: {:?}, in_service: \"2026-12\")", fleet * 1000.0))
        .with("contracts", &format!("{id}-grid"), &format!("(site: {id:?}, carbon_g_per_kwh: 400.0, terms: Tariff(energy_usd_per_mwh: Series(id: \"price\"), cap_mw: {mw:?}, demand_charge_usd_per_kw_month: 3.0))"))
        .with("contracts", &format!("{id}-sun"), &format!("(site: {id:?}, renewable: true, terms: PayAsProduced(profile: \"sun\", price_usd_per_mwh: 30.0, contract_mw: UpTo({ppa:?}), resale_usd_per_mwh: 5.0))"))
        .with("contracts", &format!("{id}-battery"), &format!("(site: {id:?}, terms: Battery(energy_mwh: UpTo({battery:?}), duration_hours: 4.0, capex_usd_per_kwh: 100.0, one_way_efficiency_fraction: 0.95))"))
}

/// What the campuses have in common.
fn around_campuses() -> Sketch {
    Sketch::new()
        .without("sites", "home")
        .without("contracts", "grid")
        .top("horizon", "(start: \"2027-01\", period_months: 3, periods: 4, discount_rate_fraction: 0.07)")
        .top("slices", &slices(8, "\"cold\": (months: [1, 2, 3, 10, 11, 12]), \"warm\": (months: [4, 5, 6, 7, 8, 9])"))
        .with("profiles", "price", "PerDay({\"cold\": [20.0, 60.0, 90.0], \"warm\": [30.0, 40.0, 70.0]})")
        .with("profiles", "sun", "PerDay({\"cold\": [0.0, 0.6, 0.1], \"warm\": [0.1, 0.8, 0.3]})")
        .with(
            "chips",
            "c",
            &chip(1.0, 20_000.0, 500.0, "supply_per_period: 1500.0")
                .replace("Liquid", "Air")
                .replace("idle_fraction: 0.0", "idle_fraction: 0.3"),
        )
        .with("chips", "d", &chip(1.5, 30_000.0, 500.0, "supply_per_period: 800.0").replace("idle_fraction: 0.0", "idle_fraction: 0.2"))
        .with("throughput", "d-chat", &decode("d", "chat", 2500.0))
        .with("markets", "near", &market("chat", 600.0, 1.0, ""))
        .with("policies", "green", "RenewableShare(minimum_fraction: 0.1)")
        .with("policies", "carbon", "CarbonCap(kt_per_year: 30.0)")
        .top("budget", "(capex_musd_per_period: 40.0)")
        .top("tolerance_fraction", "1e-6")
}

proptest! {
    #![proptest_config(cases(8))]

    /// A campus and all its limits in two equal halves is the same campus.
    #[test]
    fn two_halves_are_the_whole(mw in 3.0..12.0_f64, hall in 1.0..4.0_f64, buildable in 0.5..3.0_f64, battery in 1.0..30.0_f64, ppa in 1.0..8.0_f64, fleet in 0.1..2.0_f64) {
        let numbers = [mw, hall, buildable, battery, ppa, fleet];
        let whole = campus(around_campuses(), "whole", 1.0, &numbers).best();
        let halves = campus(campus(around_campuses(), "left", 0.5, &numbers), "right", 0.5, &numbers).best();
        for goal in ["tokens", "cost", "revenue"] {
            near(phase(&whole, goal), phase(&halves, goal), 1e-6);
        }
    }

    /// A chip that costs more, draws more and makes less than another one in free supply is never bought.
    #[test]
    fn a_dominated_chip_is_never_bought(kw in 0.5..3.0_f64, capex in 5e3..5e4_f64, rate in 500.0..4000.0_f64, worse in 0.01..0.5_f64, budget in 1.0..100.0_f64, mw in 1.0..20.0_f64) {
        let results = Sketch::new()
            .site("home", &format!("interconnect_mw: {mw:?}, pue: 1.1, halls: {{\"hall\": (it_mw: 15.0, cooling: Liquid)}}"))
            .with("chips", "c", &chip(kw, capex, 100.0, "supply_per_period: 1000000.0"))
            .with("chips", "d", &chip(kw * (1.0 + worse), capex * (1.0 + worse), 100.0 * (1.0 + worse), "supply_per_period: 1000000.0"))
            .with("throughput", "c-chat", &decode("c", "chat", rate))
            .with("throughput", "d-chat", &decode("d", "chat", rate / (1.0 + worse)))
            .grid("Tariff(energy_usd_per_mwh: 40.0)")
            .top("budget", &format!("(capex_musd_total: {budget:?})"))
            .best();
        prop_assert!(phase(&results, "tokens") > 0.0);
        let dominated = results.fleet.iter().find(|fleet| results.chips[fleet.chip].id == "d").unwrap();
        prop_assert!(dominated.orders[0] < 1e-3, "{} ordered", dominated.orders[0]);
    }

    /// Slices stand for all of a period's hours and no others.
    #[test]
    fn slices_add_up(months in prop::sample::select(vec![1_u32, 3, 6, 12, 24]), start in 1_u32..=12, block in prop::sample::select(vec![1_u32, 2, 3, 4, 6, 8, 12, 24]), split in 1_usize..12, picked in 0.5..25.0_f64, by_share in any::<bool>(), share in 0.01..0.99_f64) {
        let names = |range: std::ops::Range<usize>| range.map(|month| (month + 1).to_string()).collect::<Vec<_>>().join(", ");
        let days = if by_share {
            format!("\"a\": (share_fraction: {share:?}), \"b\": (share_fraction: {:?}), \"c\": (share_fraction: 0.0)", 1.0 - share)
        } else {
            format!("\"a\": (months: [{}]), \"b\": (months: [{}]), \"c\": (months: [{}, {}], days_per_year: {picked:?})", names(0..split), names(split..12), split, split + 1)
        };
        let stated = Sketch::new()
            .top("horizon", &format!("(start: \"2027-{start:02}\", period_months: {months}, periods: 5, discount_rate_fraction: 0.05)"))
            .top("slices", &slices(block, &days))
            .fleet(10.0)
            .stated();
        let calendar = &stated.resolved.calendar;
        let month_days = [31.0, 28.0, 31.0, 30.0, 31.0, 30.0, 31.0, 31.0, 30.0, 31.0, 30.0, 31.0];
        for (period, data) in calendar.periods.pairs() {
            let first = start as usize - 1 + period.position() * months as usize;
            let days: f64 = (first..first + months as usize).map(|month| month_days[month % 12]).sum();
            prop_assert_eq!(data.days, days);
            let hours: f64 = calendar.slices_of[period].iter().map(|slice| calendar.hours(period, *slice)).sum();
            prop_assert!((hours - 24.0 * days).abs() < 1e-9 * hours, "{hours} hours in {days} days");
            prop_assert!(calendar.slices_of[period].iter().all(|slice| calendar.hours(period, *slice) > 0.0));
            prop_assert_eq!(data.discount, 1.05_f64.powi(-1 - (period.position() as i32 * months as i32) / 12));
            let grouped: f64 = calendar.peak_groups[period].iter().map(|group| group.months).sum();
            prop_assert_eq!(grouped, f64::from(months));
        }
    }
}

/// The limits a plan states: the paths at which they must be known to the program.
fn stated_limits(plan: &Plan) -> BTreeSet<String> {
    let mut limits = BTreeSet::new();
    walk(plan, "", &mut |at, node| {
        let text = node.tree().inline();
        let parts: Vec<&str> = at.split('.').collect();
        let limit = match (parts.as_slice(), last(at)) {
            (["sites", _, "buildable", _, "at_least"] | ["decisions", _, "at_least"], _) => {
                text.parse::<f64>().is_ok_and(|value| value > 0.0)
            }
            (
                ["sites", _, "interconnect_mw" | "halls"]
                | ["sites", _, "buildable", _, "at_most"]
                | ["sites", _, "data_pipeline", "capacity_gtok_per_hour"]
                | ["chips", _, "supply_per_period"]
                | ["rentals", _, "at_most"]
                | ["contracts", _, "terms", "cap_mw" | "contract_mw" | "mw" | "energy_mwh" | "take_or_pay_fraction"]
                | ["contracts", _, "terms", "interruptible", "cap_mw"]
                | ["markets", _, "demand", _, "segments", _, "answer_gtok_per_day"]
                | ["purchases", _, "at_most_gtok_per_day"]
                | ["training", _, "need"]
                | ["training", _, "rhythm", "floor_fraction"]
                | ["decisions", _, "exactly"]
                | ["policies", _, "kt_per_year" | "minimum_fraction" | "ml_per_year" | "ceiling_musd" | "maximum_fraction" | "at_most"]
                | ["budget", _],
                _,
            ) => text != "None" && text != "0.0",
            (["sites", _, "data_pipeline", "expand_at_most_gtok_per_hour"], _) => {
                path::get(plan, &at.replace("expand_at_most_gtok_per_hour", "expand_usd_per_gtok_per_hour"))
                    .is_some_and(|text| text != "None")
            }
            (["objective", _], _) => text.contains("MinCostForTtok"),
            _ => false,
        };
        if limit {
            limits.insert(at.to_owned());
        }
        true
    });
    limits
}

/// Whether a pool ever has chips.
fn lives(pool: &Pool) -> bool {
    pool.rental.as_ref().is_some_and(|rental| rental.at_most.iter().any(|most| *most > 0.0))
        || !pool.orders_in.is_empty()
        || pool.existing.iter().any(|count| *count > 0.0)
}

/// Whether a product can ever be made at a place: by one chip alone, or with another one's prefill.
fn is_made(resolved: &Resolved, place: PlaceIx, product: ProductIx) -> bool {
    let facts = &resolved.products[product];
    let rates: Vec<_> = resolved
        .pools
        .iter()
        .filter(|pool| pool.place == place && lives(pool))
        .flat_map(|pool| pool.rates[product].iter().flatten())
        .collect();
    let alone = rates.iter().any(|rate| rate.pooled(facts.first_ask().prompt_per_answer) > 0.0);
    let together = facts.disaggregated && rates.iter().any(|rate| rate.decode > 0.0) && rates.iter().any(|rate| rate.prefill > 0.0);
    facts.from_period < resolved.calendar.periods.len() && (alone || together)
}

/// A stated limit that can have no row, because what it limits cannot be in this plan.
fn cannot_act(plan: &Plan, stated: &Stated, limit: &str) -> bool {
    let parts: Vec<&str> = limit.split('.').collect();
    let resolved = &stated.resolved;
    let chips_at =
        |site: &str| resolved.pools.iter().any(|pool| resolved.places[pool.place].id == site && pool.rental.is_none() && lives(pool));
    let served = |site: Option<&str>, to: Option<(&str, &str)>| {
        resolved.routes.iter().any(|route| {
            site.is_none_or(|site| resolved.places[route.place].id == site)
                && to.is_none_or(|(market, product)| {
                    resolved.markets[route.market].id == market && resolved.products[route.product].id == product
                })
                && is_made(resolved, route.place, route.product)
        })
    };
    match parts.as_slice() {
        // Nothing is ever drawn through the grid there.
        ["sites", site, "interconnect_mw"] => !resolved.contracts.iter().any(|contract| {
            resolved.places[contract.place].id == *site && contract.through_grid() && contract.in_force.iter().any(|in_force| *in_force)
        }),
        // No chip ever stands there; or halls are filled by what is drawn, and nothing ever works.
        ["sites", site, "halls"] => {
            !chips_at(site) || plan.sites[*site].oversubscribed && !served(Some(site), None) && plan.training.is_empty()
        }
        // Nothing passes it.
        ["sites", site, "data_pipeline", "capacity_gtok_per_hour"] => !served(Some(site), None) && plan.training.is_empty(),
        // It would come after the horizon.
        ["sites", site, "data_pipeline", _] => plan.sites[*site]
            .data_pipeline
            .as_ref()
            .is_none_or(|pipeline| resolved.calendar.lead_periods(pipeline.lead_months) >= resolved.calendar.periods.len()),
        ["sites", site, "buildable", kind, "at_most"] => {
            resolved.calendar.lead_periods(plan.sites[*site].buildable[*kind].lead_months) >= resolved.calendar.periods.len()
        }
        // No order of it arrives within the horizon, or fits a hall.
        ["chips", chip, "supply_per_period"] => {
            !resolved.pools.iter().any(|pool| resolved.chips[pool.chip].id == *chip && !pool.orders_in.is_empty())
        }
        ["rentals", rental, "at_most"] => {
            !resolved.pools.iter().any(|pool| pool.rental.as_ref().is_some_and(|terms| terms.id == *rental) && lives(pool))
        }
        // Never in force, or an order would come too late; or a lower cap holds in every slice.
        ["contracts", contract, "terms", field, ..] => resolved.contracts.iter().any(|known| {
            known.id == *contract
                && match (&known.facets.plant, &known.facets.hold_down, &known.facets.cap) {
                    (Some(plant), ..) => known.orders_in(plant.lead).is_empty(),
                    (_, Some(held), Some(cap)) if *field == "cap_mw" => {
                        held.slices.len() == resolved.calendar.slices.len()
                            && cap.mw.base.iter().all(|cap| held.cap_mw <= *cap || *cap == 0.0)
                    }
                    _ => !known.in_force.iter().any(|in_force| *in_force),
                }
        }),
        // Nobody can serve that market.
        ["markets", market, "demand", product, ..] => {
            let country = &plan.markets[*market].country;
            let banned = |from: &str| {
                plan.policies
                    .values()
                    .any(|policy| matches!(policy, Policy::RouteBan(ban) if ban.site_country == from && ban.market_country == *country))
            };
            let bought = resolved.purchases.iter().any(|purchase| {
                resolved.products[purchase.product].id == *product
                    && purchase.at_most_gtok_per_day.iter().any(|most| *most > 0.0)
                    && !banned(&purchase.country)
            });
            !bought && !served(None, Some((market, product)))
        }
        ["purchases", purchase, _] => {
            !resolved.demands.iter().any(|demand| resolved.products[demand.product].id == plan.purchases[*purchase].product.0)
        }
        // No order for a subsidy to be paid on; no chip under a licence or a share; no route out of a country; no sale.
        ["policies", policy, field] => match (&plan.policies[*policy], *field) {
            (Policy::CapexSubsidy(rule), _) => !resolved.pools.iter().any(|pool| {
                resolved.places[pool.place].id == rule.site.0
                    && !pool.orders_in.is_empty()
                    && rule.chip.as_ref().is_none_or(|chip| resolved.chips[pool.chip].id == chip.0)
            }),
            (Policy::ChipLicence(rule), _) => !resolved.pools.iter().any(|pool| {
                let chip = &resolved.chips[pool.chip];
                lives(pool) && pool.rental.is_none() && resolved.places[pool.place].country == rule.site_country && chip.needs_licence(rule)
            }),
            (Policy::DomesticShare(rule), _) => !resolved.pools.iter().any(|pool| {
                resolved.places[pool.place].country == rule.site_country && (!pool.orders_in.is_empty() || rule.include_existing)
            }),
            (Policy::ExportShare(rule), _) => !resolved
                .routes
                .iter()
                .any(|route| resolved.places[route.place].country == rule.site_country && is_made(resolved, route.place, route.product)),
            (Policy::Residency(rule), _) => {
                !plan.markets[&rule.market.0].demand.keys().any(|product| served(None, Some((&rule.market.0, product))))
                    && plan.purchases.is_empty()
            }
            _ => false,
        },
        // Nothing can be bought that costs capex.
        ["budget", "capex_musd_per_period"] => stated.formulation.layout.capex.is_empty(),
        ["budget", "energy_gwh_per_year"] => plan.contracts.is_empty(),
        _ => false,
    }
}

/// No limit a plan states is missing from its program, and each one is stated by a row or a bound.
#[test]
fn every_stated_limit_is_in_the_program() {
    let mut missing = Vec::new();
    let mut found = 0;
    for (name, plan) in random_plans()
        .iter()
        .cloned()
        .chain(plans("plans"))
        .chain(plans("tests/plans").into_iter().filter(|(name, _)| !name.contains("every-field")))
    {
        let stated = stated(&plan);
        let program = &stated.formulation.program;
        let used: BTreeSet<u32> =
            program.rows.iter().filter_map(|row| row.limit).chain(program.columns.iter().filter_map(|column| column.limit)).collect();
        let known: BTreeSet<&str> =
            used.iter().filter_map(|limit| program.limits.get(*limit as usize)).map(|limit| limit.path.as_str()).collect();
        for limit in stated_limits(&plan) {
            if known.contains(limit.as_str()) {
                found += 1;
            } else if !cannot_act(&plan, &stated, &limit) {
                missing.push(format!("{name}: {limit}"));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
    assert!(found > 400, "{found}");
}

/// The families that bind in a plan: some row of theirs has a dual in some phase.
fn bind(formulation: &Formulation, families: &mut BTreeSet<&'static str>) {
    let outcome = solve(&formulation.program, &SolveOptions::default());
    for phase in &outcome.phases {
        for (row, dual) in formulation.program.rows.iter().zip(&phase.row_duals) {
            if dual.abs() > 1e-9 {
                families.insert(row.family);
            }
        }
    }
}

/// Every family binds in some plan, so that none is stated without effect.
#[test]
fn every_family_binds_somewhere() {
    let mut families = BTreeSet::new();
    let all: BTreeSet<&str> = FAMILIES.iter().map(|entry| entry.name).filter(|name| !["routes", "replica"].contains(name)).collect();
    let small = plans("tests/plans").into_iter().filter(|(name, _)| !name.contains("every-field"));
    let filled = "interconnect_mw: 1000.0, pue: 1.0, oversubscribed: true, halls: {\"hall\": (it_mw: 5.0, cooling: Liquid)}";
    bind(&stated(&Sketch::new().fleet(1e6).site("home", filled).plan()).formulation, &mut families);
    let least = "Tariff(energy_usd_per_mwh: 1.0, minimum_bill: (usd_per_month: 1e6))";
    bind(&stated(&Sketch::new().fleet(1e3).grid(least).plan()).formulation, &mut families);
    let few = crate::numbers::competition::sellers(&[(1.0, 30.0), (2.0, 30.0)], &crate::numbers::competition::straight(), "Cournot");
    bind(&stated(&few.plan()).formulation, &mut families);
    bind(&stated(&crate::numbers::routing::two_models(0.8, "").plan()).formulation, &mut families);
    let feed =
        "interconnect_mw: 1000.0, pue: 1.0, halls: {\"hall\": (it_mw: 5.0, cooling: Liquid, feed: \"east\")}, feeds: {\"east\": (mw: 4.0)}";
    bind(&stated(&Sketch::new().fleet(1e6).site("home", feed).plan()).formulation, &mut families);
    let kept = "(lose: Largest(Connection), keep: {\"chat\": (fraction: 0.5)})";
    let two = "interconnect_mw: 2.0, connections: {\"a\": (firm_mw: 1.0)}, pue: 1.0, halls: {\"hall\": (it_mw: 5.0, cooling: Liquid)}";
    bind(&stated(&Sketch::new().fleet(1e6).site("home", two).with("resilience", "n", kept).plan()).formulation, &mut families);
    for (_, plan) in random_plans().iter().cloned().chain(small) {
        bind(&stated(&plan).formulation, &mut families);
    }
    let silent: Vec<_> = all.difference(&families).collect();
    assert!(silent.is_empty(), "{silent:?} never bind");
    assert!(families.contains("objective"), "a token target binds nowhere");
    // `replica` has rows in runs of whole numbers alone (tests/numbers/replicas.rs). `routes` has no rows: its money is somewhere.
    let has_money = |plan: &Plan| {
        use tokenworks::formulation::cost::CostPart;
        let charges = stated(plan).formulation.layout.charges;
        [CostPart::Egress, CostPart::TokenDuty].map(|part| charges.iter().any(|charge| charge.part == part))
    };
    let parts = random_plans().iter().map(|(_, plan)| has_money(plan)).fold([false, false], |sum, of| [sum[0] | of[0], sum[1] | of[1]]);
    assert_eq!(parts, [true, true], "egress and token duty are paid in no plan");
}

/// HiGHS with and without presolve and clarabel find the same optima, and microlp those of small plans.
#[test]
fn solvers_agree_on_plans() {
    let (mut compared, mut by_microlp) = (0, 0);
    let mut faults = Vec::new();
    for (name, plan) in random_plans().iter().cloned().chain(plans("plans")) {
        let program = stated(&plan).formulation.program;
        let run = |choice| solve(&program, &SolveOptions { choice, ..SolveOptions::default() });
        let reference = run(Choice::Highs { presolve: true });
        let small = program.columns.len() < 200 && reference.status == Outcome::Optimal;
        for choice in [Choice::Highs { presolve: false }, Choice::Clarabel].into_iter().chain(small.then_some(Choice::Microlp)) {
            let other = run(choice);
            compared += 1;
            by_microlp += usize::from(choice == Choice::Microlp);
            if std::mem::discriminant(&other.status) != std::mem::discriminant(&reference.status) {
                faults.push(format!("{name} by {choice:?}: {:?} against {:?}", other.status, reference.status));
                continue;
            }
            let money =
                reference.phases.iter().filter(|phase| phase.name != "tokens").fold(1e-3, |most: f64, phase| most.max(phase.value.abs()));
            // After a quotient the tokens are not held, so the last phase may start elsewhere.
            let last =
                reference.phases.iter().position(|phase| phase.name == "cost_per_token").map_or(reference.phases.len(), |ratio| ratio + 1);
            for (one, two) in reference.phases.iter().zip(&other.phases).take(last) {
                let scale = if one.name == "tokens" { one.value.abs().max(1e-3) } else { money };
                // The goals before are held where each solver found them, apart by what they agree to; what that
                // is worth to this goal is their dual. In a plan with ties a dollar of cost moves ten thousand of revenue.
                let held = one.held.iter().zip(&two.held);
                let apart: f64 = held.map(|(one, two)| (one.bound - two.bound).abs() * one.dual.abs().max(two.dual.abs())).sum();
                if (one.value - two.value).abs() > AGREEMENT * scale + 1.01 * apart {
                    faults.push(format!(
                        "{name} by {choice:?}: {} {} against {} ({:.1e})",
                        one.name,
                        two.value,
                        one.value,
                        (one.value - two.value).abs() / scale
                    ));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
    assert!(compared > 80 && by_microlp > 5, "{compared}, {by_microlp} by microlp");
}

/// The hours of the catalog's series, reduced by the text's words: shifted to the plan's clock, the mean
/// over the days a representative day stands for and over the block; the picked days are the highest.
#[test]
fn series_are_reduced_as_the_text_says() {
    let (_, plan) = plans("plans").into_iter().find(|(name, _)| name.contains("texas")).unwrap();
    let resolved = stated(&plan).resolved;
    let series = |id: &str| {
        let series = Catalog::embedded().series(id).unwrap();
        let shift = series.utc_offset_hours - resolved.calendar.utc_offset_hours;
        assert_eq!(shift, shift.round(), "whole hours");
        // What the plan's clock calls hour h, the series' own clock calls h + shift.
        (0..8760).map(|hour| series.values[(f64::from(hour) + shift).rem_euclid(8760.0) as usize]).collect::<Vec<f64>>()
    };
    let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let days_of = |months: &[usize]| -> Vec<usize> {
        months.iter().flat_map(|month| (lengths[..month - 1].iter().sum::<usize>()..).take(lengths[month - 1])).collect()
    };
    let price = series("pjm-price");
    let mean_of_day = |day: &usize| price[24 * day..24 * day + 24].iter().sum::<f64>();
    let mut summer = days_of(&[6, 7, 8]);
    summer.sort_by(|one, other| mean_of_day(other).total_cmp(&mean_of_day(one)));
    let (peak, rest) = summer.split_at(9);
    let days = [
        ("winter", days_of(&[12, 1, 2])),
        ("spring", days_of(&[3, 4, 5])),
        ("summer", rest.to_vec()),
        ("summer-peak", peak.to_vec()),
        ("autumn", days_of(&[9, 10, 11])),
    ];
    let wind = series("us-southwest-wind");
    let contract = resolved.contracts.iter().find(|contract| contract.id == "abilene-wind").unwrap();
    let Some(Output::Profile(profile)) = &contract.facets.output else { panic!("wind follows a profile") };
    let tariff = resolved.contracts.iter().find(|contract| contract.id == "abilene-grid").unwrap();
    let energy = &tariff.facets.energy_price.as_ref().unwrap().usd_per_mwh;
    let yearly = price.iter().sum::<f64>() / 8760.0;
    let mut energy_of_year = 0.0;
    for (index, slice) in resolved.calendar.slices.pairs() {
        let (_, stood_for) = days.iter().find(|(id, _)| *id == resolved.calendar.days[slice.day].id).unwrap();
        let mean = |values: &[f64]| {
            stood_for.iter().flat_map(|day| &values[24 * day + 4 * slice.block..24 * day + 4 * slice.block + 4]).sum::<f64>()
                / (4.0 * stood_for.len() as f64)
        };
        near(profile[index], mean(&wind), 1e-9);
        near(energy.at(PeriodIx::new(0), index), 53.0 * mean(&price) / yearly, 1e-9);
        energy_of_year += 4.0 * stood_for.len() as f64 * profile[index];
        // The plan's four quarters give each day the weight of the days it stands for.
        let weight: f64 = (0..4).map(|period| resolved.calendar.hours(PeriodIx::new(period), index)).sum();
        near(weight, 4.0 * stood_for.len() as f64, 1e-9);
    }
    // Nothing of the year's energy is lost.
    near(energy_of_year, wind.iter().sum::<f64>(), 1e-9);
}
