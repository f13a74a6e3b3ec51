//! Answers that were false though the program was solved right: work without tokens, readings of shares,
//! duties and clocks, and statements without effect. Each case with the number worked out by hand.

use std::path::Path;
use std::sync::Arc;

use tokenworks::disk;
use tokenworks::plan::{Plan, file};
use tokenworks::resolved::Series;
use tokenworks::results::idle::Unneeded;
use tokenworks::results::{CostPart, Results};
use tokenworks::study::{self, Options};

use crate::sketch::{HOURS, MEGASECONDS, Sketch, best, chip, decode, market, near, phase, read, slices};

/// The tolerance of numbers worked out by hand.
const EXACT: f64 = 1e-9;

/// A day of two blocks of 12 hours.
const TWO_BLOCKS: &str = "\"day\": (share_fraction: 1.0)";

/// A plan of `tests/cases`, whose first goal gives nothing up for the second.
fn case(name: &str) -> Plan {
    let mut plan = read(&std::fs::read_to_string(format!("tests/cases/{name}.ron")).unwrap());
    plan.tolerance_fraction = 0.0;
    plan
}

fn best_of(name: &str) -> Arc<Results> {
    best(&case(name))
}

/// Warnings with a code.
fn warned<'r>(results: &'r Results, code: &str) -> Vec<&'r str> {
    results.warnings.iter().filter(|warning| warning.code == code).map(|warning| warning.message.as_str()).collect()
}

/// What opening a plan and resolving it say under a code, as `check` puts them together.
fn said(text: &str, series: &Series, code: &str) -> Vec<String> {
    let checked = file::read_plan(text);
    let plan = checked.plan.clone().unwrap();
    let deeper = match study::state(&plan, series, &Options::default()) {
        Ok(stated) => stated.resolved.warnings,
        Err(problems) => problems,
    };
    checked.diagnostics.into_iter().chain(deeper).filter(|problem| problem.code == code).map(|problem| problem.message).collect()
}

/// −30 $/MWh for 6 hours and 60 for 18, 10 MW of live demand and 40 MW of chips: 10 MW all day, and
/// 10 · (18 · 60 − 6 · 30) · 365 = 3.285 M$. Work that nobody buys drew 153 GWh and called it cheaper.
#[test]
fn live_work_that_nobody_buys_is_not_done() {
    let live = best_of("field/F25_negative_price/burn-live");
    near(phase(&live, "tokens"), 10.0 * MEGASECONDS, EXACT);
    near(live.kpis.energy_gwh, 87.6, EXACT);
    near(live.kpis.cost_npv_musd, 3.285, EXACT);
    let free = best_of("field/F25_negative_price/zero-live");
    near(free.kpis.energy_gwh, 87.6, EXACT);
    near(free.kpis.cost_npv_musd, 3.942, EXACT);
}

/// The same with work that may be put off: 240 MWh a day in 14 cheap hours on 240/14 MW of chips that
/// idle at 0.3 all day.
#[test]
fn batch_work_that_nobody_buys_is_not_done() {
    let batch = best_of("field/F25_negative_price/burn-batch");
    let powered = 240.0 / 14.0;
    let per_day = powered * 0.3 * (10.0 * 60.0 - 14.0 * 30.0) - 0.7 * 240.0 * 30.0;
    near(batch.kpis.cost_npv_musd, per_day * 365.0 * 1e-6, EXACT);
    assert_eq!(batch.unneeded_energy, [], "all that is on has work");
}

/// 1,000 MW of chips, a price of zero and 1 MW of demand: 8.76 GWh and 1 MW at most, whatever the
/// settlement of the contract for difference beside it.
#[test]
fn free_power_is_not_burned() {
    for (name, cost) in [("nofloor", 0.438), ("adjusted", 0.219), ("nosettlement", -0.657)] {
        let results = best_of(&format!("field/F03_ppa_floor/{name}"));
        near(results.kpis.energy_gwh, 8.76, EXACT);
        near(results.kpis.peak_mw, 1.0, EXACT);
        near(results.kpis.cost_npv_musd, cost, EXACT);
    }
}

/// The same with chips that draw a third of a kW while they idle: a million of them would draw 300 MW for nothing
/// at no price. What costs nothing and brings nothing stays off.
#[test]
fn idle_chips_stay_off_where_power_is_free() {
    for name in ["nofloor", "adjusted", "nosettlement"] {
        let mut plan = case(&format!("field/F03_ppa_floor/{name}"));
        let idle = tokenworks::plan::edit::Edit::Set { path: "chips.c.idle_fraction".into(), value: "0.3".into() };
        tokenworks::plan::edit::apply(&mut plan, &idle).unwrap();
        let results = best(&plan);
        near(results.kpis.energy_gwh, 8.76, EXACT);
        near(results.kpis.peak_mw, 1.0, EXACT);
        assert_eq!(results.unneeded_energy, []);
    }
}

/// Own sun for 8 of 24 hours can make a third of a flat load green, not half: nothing is made, and
/// the reason is said. Burning surplus sun once met the share with 315 Ttok.
#[test]
fn a_green_share_is_not_met_by_burning_the_sun() {
    let plain = best_of("field/F28_free_energy/plain");
    near(phase(&plain, "tokens"), 10.0 * MEGASECONDS, EXACT);
    assert_eq!(warned(&plain, "nothing-made"), [] as [&str; 0]);
    let share = best_of("field/F28_free_energy/share");
    assert!(phase(&share, "tokens").abs() < 1e-9, "{:?}", share.phases);
    let why = share.warnings.iter().find(|warning| warning.code == "nothing-made").unwrap();
    assert_eq!(why.path, "policies.green.minimum_fraction", "{}", why.message);
    // A third can be had.
    let mut third = case("field/F28_free_energy/share");
    let text = file::print(&third).replace("minimum_fraction: 0.5", "minimum_fraction: 0.3333");
    third = read(&text);
    near(phase(&best(&third), "tokens"), 10.0 * MEGASECONDS, EXACT);
}

/// A market that wants nothing by night, when power costs less than nothing: no work by night.
#[test]
fn no_work_where_nothing_is_wanted() {
    let results = Sketch::new()
        .top("slices", &slices(12, TWO_BLOCKS))
        .with("profiles", "price", "PerDay({\"day\": [60.0, -30.0]})")
        .with("profiles", "shop", "PerDay({\"day\": [1.0, 0.0]})")
        .fleet(1000.0)
        .grid("Tariff(energy_usd_per_mwh: Series(id: \"price\"))")
        .with("markets", "near", &market("chat", 0.5 * 3.6 * 24.0, 1.0, "local_time: \"shop\","))
        .best();
    near(phase(&results, "tokens"), 0.5 * MEGASECONDS, EXACT);
    near(results.kpis.energy_gwh, 12.0 * 365.0 * 1e-3, EXACT);
    near(results.kpis.cost_npv_musd, 60.0 * 12.0 * 365.0 * 1e-6, EXACT);
}

/// Chips that only prefill stand from the start, those that answer come in the third quarter: until
/// then nothing can be served, and prompts are not prefilled for their own sake at −10 $/MWh. From
/// then on 1,000 chips answer what 1,000 prefill, live or put off.
#[test]
fn no_prefill_without_answers() {
    for urgency in ["Interactive", "WithinDay"] {
        let results = Sketch::new()
            .top("horizon", "(start: \"2027-01\", period_months: 3, periods: 4, discount_rate_fraction: 0.0)")
            .with("chips", "pre", &chip(1.0, 1.0, 0.0, ""))
            .with("fleets", "pre", "(site: \"home\", chip: \"pre\", count: 3000.0, in_service: \"2026-12\")")
            .with("fleets", "standing", "(site: \"home\", chip: \"c\", count: 1000.0, in_service: \"2027-07\")")
            .product(
                "chat",
                &format!(
                    "prompt_tokens: 1.0, answer_tokens: 1.0, cache_hit_fraction: 0.0, urgency: {urgency}, utilisation_cap_fraction: 1.0"
                ),
            )
            .with("throughput", "c-chat", "(chip: \"c\", product: \"chat\", prefill_tok_per_s: 1.0, decode_tok_per_s: 1000.0)")
            .with("throughput", "pre-chat", "(chip: \"pre\", product: \"chat\", prefill_tok_per_s: 1000.0, decode_tok_per_s: 0.0)")
            .grid("Tariff(energy_usd_per_mwh: -10.0)")
            .best();
        near(phase(&results, "tokens"), MEGASECONDS * 184.0 / 365.0, EXACT);
        // 1 MW answers and 1 MW prefills, in 184 days.
        near(results.kpis.energy_gwh, 2.0 * 24.0 * 184.0 * 1e-3, EXACT);
    }
}

/// −30 $/MWh for 20 hours and 60 for 4: it pays to keep 10 MW of idle chips on at 0.3 all day,
/// 10 · 0.3 · (4 · 60 − 20 · 30) = −1,080 $ a day. True, so it is the answer, and it is said with GWh,
/// hours and money. Chips that follow their work don't.
#[test]
fn idle_chips_kept_on_for_negative_prices_are_named() {
    let prices = format!("PerHour([{}60.0, 60.0, 60.0, 60.0])", "-30.0, ".repeat(20));
    let with = |drain: &str| {
        Sketch::new()
            .top("slices", &slices(1, TWO_BLOCKS))
            .with("profiles", "price", &prices)
            .with("chips", "c", &chip(1.0, 1.0, 0.0, drain).replace("idle_fraction: 0.0", "idle_fraction: 0.3"))
            .fleet(20_000.0)
            .grid("Tariff(energy_usd_per_mwh: Series(id: \"price\"))")
            .with("markets", "near", &market("chat", 10.0 * 3.6 * 24.0, 1.0, ""))
            .best()
    };
    let kept_on = with("drain: PerDay");
    near(kept_on.kpis.energy_gwh, (10.0 + 3.0) * HOURS * 1e-3, EXACT);
    let [idle] = kept_on.unneeded_energy.as_slice() else { panic!("{:?}", kept_on.unneeded_energy) };
    assert_eq!((idle.kind, idle.id.as_str(), idle.site.as_str()), (Unneeded::IdleChips, "c", "home"));
    near(idle.energy_gwh, 3.0 * HOURS * 1e-3, EXACT);
    near(idle.energy_fraction, 3.0 / 13.0, EXACT);
    near(idle.hours, HOURS, EXACT);
    near(idle.cost_musd, -1080.0 * 365.0 * 1e-6, EXACT);
    let [message] = warned(&kept_on, "idle-kept-on")[..] else { panic!("{:?}", kept_on.warnings) };
    for part in ["negative prices", "26.3 GWh", "8,760 hours", "0.394 M$"] {
        assert!(message.contains(part), "{message} lacks {part}");
    }
    let follows = with("drain: PerSlice");
    near(follows.kpis.energy_gwh, 10.0 * HOURS * 1e-3, EXACT);
    assert_eq!(follows.unneeded_energy, []);
}

/// Training may do more than it must: at −10 $/MWh half a MW of spare chips trains all year,
/// 0.5 · 8,760 · 1.44 = 6,307.2 ZFLOP where 100 are needed. It is said.
#[test]
fn training_beyond_the_need_is_named() {
    let with = |price: f64| {
        Sketch::new()
            .with("chips", "c", &chip(1.0, 1.0, 0.0, "dense_bf16_tflops: 1000.0"))
            .fleet(1000.0)
            .with("markets", "near", &market("chat", 0.5 * 3.6 * 24.0, 1.0, ""))
            .grid(&format!("Tariff(energy_usd_per_mwh: {price:?})"))
            .with(
                "training",
                "next",
                "(from: \"2027-01\", until: \"2027-12\", need: Zflop(100.0), utilisation_fraction: 0.4, rhythm: Elastic(floor_fraction: 0.0))",
            )
            .best()
    };
    let burning = with(-10.0);
    near(burning.kpis.energy_gwh, HOURS * 1e-3, EXACT);
    let [beyond] = burning.unneeded_energy.as_slice() else { panic!("{:?}", burning.unneeded_energy) };
    assert_eq!((beyond.kind, beyond.id.as_str()), (Unneeded::Training, "next"));
    near(beyond.energy_gwh, 0.5 * HOURS * 1e-3 * (6307.2 - 100.0) / 6307.2, EXACT);
    assert_eq!(warned(&burning, "trained-beyond-need").len(), 1);
    assert_eq!(with(10.0).unneeded_energy, []);
}

/// A virtual contract's certificates count unless it says otherwise: half the load is green.
#[test]
fn certificates_count_unless_they_say_otherwise() {
    let name = "twin/certificates-unmarked-0-or-315";
    let results = best_of(name);
    near(phase(&results, "tokens"), 10.0 * MEGASECONDS, EXACT);
    // They cost 10 $/MWh, so no more are bought than half the load.
    near(results.kpis.renewable_fraction, 0.5, EXACT);
    let unmarked = file::print(&case(name));
    let marked = |renewable: bool| read(&unmarked.replace("terms: Virtual(", &format!("renewable: {renewable}, terms: Virtual(")));
    near(phase(&best(&marked(true)), "tokens"), 10.0 * MEGASECONDS, EXACT);
    assert!(phase(&best(&marked(false)), "tokens").abs() < 1e-9);
}

/// Wind by day, a battery of 100 MWh that keeps half each way, a share of three quarters of the load.
/// By day L + c of wind, by night d = c/4 from the battery, the rest from the grid; what the battery
/// loses is c − d. Wind less losses is L + d ≥ 0.75 · 2 L, so L = 2 d, and 12 h of d/0.5 fill the
/// battery: d = 100/24, L = 8 1/3 MW. (Of the case's own two readings, 315.36 counts losses as green,
/// and 105.12 counts them twice and burns 10 MW of work by day that makes nothing.)
#[test]
fn battery_losses_do_not_count_as_green() {
    let results = best_of("twin/battery-losses-on-share-315-or-105");
    near(phase(&results, "tokens"), 100.0 / 12.0 * MEGASECONDS, EXACT);
}

/// Wind by day, a battery of 10.8 MWh with 0.9 each way, a share of 0.55. Charged by day: 1 MW; by night
/// come 0.81 MW back. Over the year L + 0.81 ≥ 0.55 · 2 L: L = 8.1 MW. By the hour the 0.19 MW lost are
/// taken off the hour of charging, and the share is of what is drawn: L + 1 − 0.19 ≥
/// 0.55 · (2 L + 0.19): L = 7.055 MW.
#[test]
fn battery_losses_by_the_year_and_by_the_hour() {
    let with = |matching: &str| {
        Sketch::new()
            .top("slices", &slices(12, TWO_BLOCKS))
            .fleet(10_000.0)
            .with("profiles", "wind", "PerDay({\"day\": [1.0, 0.0]})")
            .with("contracts", "wind", "(site: \"home\", renewable: true, terms: PayAsProduced(profile: \"wind\", price_usd_per_mwh: 1.0, contract_mw: Fixed(16.0)))")
            .with("contracts", "store", "(site: \"home\", terms: Battery(energy_mwh: UpTo(0.0), existing_mwh: 10.8, duration_hours: 4.0, one_way_efficiency_fraction: 0.9, wear_usd_per_mwh: 1.0))")
            .with("policies", "green", &format!("RenewableShare(minimum_fraction: 0.55, matching: {matching})"))
            .best()
    };
    near(phase(&with("Annual"), "tokens"), 8.1 * MEGASECONDS, EXACT);
    near(phase(&with("Hourly"), "tokens"), 7.055 * MEGASECONDS, EXACT);
}

/// 200 Gtok a day are wanted at home; half of what the country serves, rented chips included, may
/// leave it: as much again, 2 · 73 Ttok.
#[test]
fn export_share_of_a_country_with_rented_chips() {
    near(phase(&best_of("twin/export-share-rented-146-or-461"), "tokens"), 2.0 * 0.2 * 365.0, EXACT);
}

/// Two sites of 1 MW in one country, half of whose tokens may leave it. One serves the whole home
/// market of 1 MW and cannot reach further, the other reaches only the far one: together 2 MW, each
/// alone 1 MW.
#[test]
fn export_share_by_country_or_by_site() {
    let with = |scope: &str| {
        let site = "interconnect_mw: 1.0, pue: 1.0, halls: {\"hall\": (it_mw: 1000.0, cooling: Liquid)}";
        Sketch::new()
            .site("home", site)
            .site("other", site)
            .fleet(1000.0)
            .with("contracts", "other-grid", "(site: \"other\", terms: Tariff(energy_usd_per_mwh: 0.0))")
            .with("fleets", "others", "(site: \"other\", chip: \"c\", count: 1000.0, in_service: \"2026-12\")")
            .with("markets", "near", &market("chat", 3.6 * 24.0, 1.0, ""))
            .with("markets", "far", &market("chat", 1e6, 1.0, "").replace("\"US\"", "\"IN\""))
            .with("routes", "a", "(site: \"other\", market: \"near\", banned: true)")
            .with("routes", "b", "(site: \"home\", market: \"far\", banned: true)")
            .with("policies", "stay", &format!("ExportShare(site_country: \"US\", maximum_fraction: 0.5{scope})"))
            .best()
    };
    near(phase(&with(""), "tokens"), 2.0 * MEGASECONDS, EXACT);
    near(phase(&with(", scope: Country"), "tokens"), 2.0 * MEGASECONDS, EXACT);
    near(phase(&with(", scope: Site"), "tokens"), MEGASECONDS, EXACT);
}

/// A ban holds for tokens made in the country by whomever, bought ones too: what is left is the one chip
/// that can be had, 1,000 tokens a second; without it, nothing.
#[test]
fn a_ban_holds_for_bought_tokens() {
    let name = "twin/ban-holds-for-bought";
    near(phase(&best_of(name), "tokens"), MEGASECONDS * 1e-3, EXACT);
    let none = best(&read(&file::print(&case(name)).replace("supply_per_period: 1.0", "supply_per_period: 0.0")));
    assert!(phase(&none, "tokens").abs() < 1e-12);
    assert_eq!(warned(&none, "nothing-made").len(), 1);
}

/// 100 Gtok a day bought at 0.2 $ in a country whose tokens pay a duty of 0.3: 36.5 · 0.5 M$, of which
/// 10.95 are duty.
#[test]
fn token_duty_is_due_on_bought_tokens() {
    let results = Sketch::new()
        .with(
            "purchases",
            "api",
            "(product: \"chat\", country: \"DE\", usd_per_mtok: 0.2, at_most_gtok_per_day: 100.0, counts_as_tokens: true)",
        )
        .with("policies", "duty", "TokenDuty(site_country: \"DE\", market_country: \"US\", usd_per_mtok: 0.3)")
        .best();
    near(phase(&results, "tokens"), 36.5, EXACT);
    near(results.kpis.cost_npv_musd, 36.5 * 0.5, EXACT);
    let duty = CostPart::ALL.iter().position(|part| *part == CostPart::TokenDuty).unwrap();
    near(results.money[0].cost_musd[duty], 36.5 * 0.3, EXACT);
    let bought = results.flows.iter().position(|flow| flow.purchase.is_some()).unwrap();
    near(results.traced.duty_usd_per_mtok[bought][0], 0.3, EXACT);
}

/// A market's day by representative day is on the market's clock, 12 hours ahead: [0.1, 1.9] there is
/// [1.9, 0.1] here. A quarter of a day ahead it is the mean of neighbours.
#[test]
fn a_local_day_is_shifted_in_any_form() {
    let shape = |text: &str| {
        let stated = study::state(&read(text), &Series::default(), &Options::default()).unwrap();
        stated.resolved.markets.iter().next().unwrap().shape.iter().copied().collect::<Vec<f64>>()
    };
    let text = file::print(&case("twin/local-day-not-shifted"));
    let near_all = |found: Vec<f64>, wanted: &[f64]| found.iter().zip(wanted).for_each(|(found, wanted)| near(*found, *wanted, EXACT));
    near_all(shape(&text), &[1.9, 0.1]);
    near_all(shape(&text.replace("utc_offset_hours: 12.0", "utc_offset_hours: 6.0")), &[1.0, 1.0]);
    near_all(shape(&text.replace("utc_offset_hours: 12.0", "utc_offset_hours: 3.0")), &[0.55, 1.45]);
    // One value for each block is as good as 24.
    let hours = |value: &str| format!("[{}]", [value; 12].join(", "));
    let by_block = "PerDay({\"d\": [0.1, 1.9]})";
    let written = format!("PerDay({{\"d\": [{}, {}]}})", hours("0.1").trim_matches(['[', ']']), hours("1.9").trim_matches(['[', ']']));
    let source = std::fs::read_to_string("tests/cases/twin/local-day-not-shifted.ron").unwrap();
    assert!(source.contains(&written));
    near_all(shape(&source.replace(&written, by_block)), &[1.9, 0.1]);
}

/// A plant of a fixed 26.76 MW with a lead of 6 months in a horizon of 3: it can't arrive, and that is said.
#[test]
fn a_fixed_plant_that_never_arrives_is_named() {
    let path = Path::new("tests/cases/twin/fixed-plant-never-arrives-silent.ron");
    let text = std::fs::read_to_string(path).unwrap();
    let series = disk::read_series(&read(&text), path.parent()).unwrap();
    let said_so = said(&text, &series, "never-arrives");
    // The chips `c1`, ordered at the first, come too late as well.
    let [message, chips] = said_so.as_slice() else { panic!("{said_so:?}") };
    assert!(message.contains("plant-s0") && message.contains("26.76 MW") && message.contains("2027-07"), "{message}");
    assert!(chips.contains("`c1`") && chips.contains("2027-07"), "{chips}");
    let arrives = text.replace("availability_fraction: 0.954, lead_months: 6", "availability_fraction: 0.954, lead_months: 2");
    assert_ne!(arrives, text);
    assert_eq!(said(&arrives, &series, "never-arrives").len(), 1);
}

/// The same for halls and chips that come too late.
#[test]
fn what_comes_after_the_horizon_is_named() {
    let with = |site: &str, chips: &str| {
        let text = Sketch::new()
            .site("home", &format!("interconnect_mw: 1.0, pue: 1.0, {site}"))
            .with("chips", "c", &chip(1.0, 1.0, 0.0, chips).replace("lead_months: 0.0", "lead_months: 7.0"))
            .fleet(1.0)
            .text();
        said(&text, &Series::default(), "never-arrives")
    };
    let standing = "halls: {\"hall\": (it_mw: 1.0, cooling: Liquid)}";
    // A horizon of one year: a lead of 7 months is a whole period.
    for (site, chips, from) in [
        (
            "halls: {\"hall\": (it_mw: 1.0, cooling: Liquid), \"late\": (it_mw: 1.0, cooling: Liquid, in_service: \"2028-01\")}",
            "",
            "after the horizon",
        ),
        (
            "halls: {\"hall\": (it_mw: 1.0, cooling: Liquid)}, buildable: {\"new\": (it_mw: 1.0, capex_usd_per_w: 1.0, at_most: 1, lead_months: 18)}",
            "",
            "from 2029-01 on",
        ),
        (standing, "supply_per_period: 10.0", "from 2028-01 on"),
    ] {
        let found = with(site, chips);
        assert!(found.len() == 1 && found[0].contains(from), "{found:?}");
    }
    assert_eq!(with(standing, ""), [] as [String; 0]);
}

/// Hours that don't begin and end with a block make the whole block interruptible: that is said.
#[test]
fn partly_interruptible_blocks_are_named() {
    let with = |from: u32, until: u32| {
        let text = Sketch::new()
            .top("slices", &slices(12, TWO_BLOCKS))
            .fleet(1000.0)
            .grid(&format!(
                "Tariff(energy_usd_per_mwh: 10.0, interruptible: (from_hour: {from}, until_hour: {until}, cap_mw: 0.5, credit_usd_per_year: 1.0))"
            ))
            .text();
        said(&text, &Series::default(), "partly-interruptible")
    };
    let partial = with(17, 21);
    assert!(partial.len() == 1 && partial[0].contains("from 12 to 24") && partial[0].contains("12 instead of 4"), "{partial:?}");
    assert_eq!(with(12, 24), [] as [String; 0]);
}

/// What is doubtful is said once: trading power (resale above the price, reference above the strike),
/// contracts that end before the horizon or begin after it.
#[test]
fn what_is_doubtful_is_said_once() {
    let trades = std::fs::read_to_string("tests/cases/field/F04_resale/plan.ron").unwrap();
    assert_eq!(said(&trades, &Series::default(), "trades-power").len(), 1);
    let with = |contract: &str| {
        Sketch::new().fleet(1.0).with("profiles", "flat", "PerDay({\"day\": [1.0]})").with("contracts", "k", contract).text()
    };
    let paper = with(
        "(site: \"home\", terms: Virtual(profile: \"flat\", strike_usd_per_mwh: 40.0, reference_usd_per_mwh: 50.0, contract_mw: Fixed(1.0)))",
    );
    assert_eq!(said(&paper, &Series::default(), "trades-power").len(), 1);
    for dates in ["from: \"2040-01\"", "until: \"2020-01\""] {
        let text = with(&format!("(site: \"home\", {dates}, terms: Tariff(energy_usd_per_mwh: 40.0))"));
        let all = ["never-in-force", "outside-horizon"].map(|code| said(&text, &Series::default(), code)).concat();
        assert_eq!(all.len(), 1, "{all:?}");
    }
    // Decode alone for comparison: the sketch itself has nothing doubtful to say.
    let plain = Sketch::new().fleet(1.0).with("throughput", "c-chat", &decode("c", "chat", 1.0)).text();
    assert_eq!(said(&plain, &Series::default(), "trades-power"), [] as [String; 0]);
}

/// Prices that nobody lets fall over two years and more are said, with what sources say; where they fall, or the
/// plan is of one year, nothing is.
#[test]
fn held_prices_are_said() {
    let said = |periods: u32, more: &str| {
        let horizon = format!("(start: \"2027-01\", period_months: 12, periods: {periods}, discount_rate_fraction: 0.0)");
        let demand = format!("{{\"chat\": ({more}segments: [(answer_gtok_per_day: 10.0, usd_per_mtok: (answer: 1.0))])}}");
        let sketch = Sketch::new().top("horizon", &horizon).fleet(1000.0);
        let sketch = sketch.with("markets", "near", &format!("(country: \"US\", latitude: 0.0, longitude: 0.0, demand: {demand})"));
        warned(&sketch.best(), "prices-held").iter().map(|message| (*message).to_owned()).collect::<Vec<_>>()
    };
    let held = said(3, "");
    assert!(
        held.len() == 1 && held[0].starts_with("100 % of the revenue is earned at prices that stay as they are for 3 years"),
        "{held:?}"
    );
    assert!(held[0].contains("0.141"), "{held:?}");
    assert!(said(3, "price_factor_per_year: 0.9, ").is_empty() && said(1, "").is_empty());
}
