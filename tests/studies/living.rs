//! The plan as time goes on: rolled on with nothing new the rest is as good as before; bridges add up.

use tokenworks::living::{bridge, roll};
use tokenworks::plan::edit::{Edit, apply};
use tokenworks::plan::file::{print, read_plan};
use tokenworks::plan::{Month, Plan};
use tokenworks::resolved::Series;

use crate::common::sketch::{Sketch, best, chip, decode, market, near, plans};

/// Two chips that come after a year, a hall that takes one, wind of which any MW may be signed, demand that grows
/// and prices that fall by the year.
fn campus() -> Plan {
    let body = |kw: f64, usd: f64, years: f64, lead: f64| {
        chip(kw, usd, 500.0, "supply_per_period: 400.0,")
            .replace("life_years: 5.0", &format!("life_years: {years:?}"))
            .replace("lead_months: 0.0", &format!("lead_months: {lead:?}"))
    };
    let mut demand = market("chat", 20.0, 9.0, "");
    demand = demand.replace("(segments:", "(growth_factor_per_year: 1.4, price_factor_per_year: 0.85, segments:");
    Sketch::new()
        .top("horizon", "(start: \"2027-01\", period_months: 12, periods: 5, discount_rate_fraction: 0.08)")
        .top("objective", "[MaxNpv]")
        .top("budget", "(capex_musd_total: 120.0)")
        .with("chips", "c", &body(1.0, 9e4, 3.0, 0.0))
        .with("chips", "d", &body(0.7, 1.6e5, 4.0, 12.0))
        .with("throughput", "d-chat", &decode("d", "chat", 1700.0))
        .with("markets", "near", &demand)
        .with("fleets", "old", "(site: \"home\", chip: \"c\", count: 150.0, in_service: \"2026-01\")")
        .site(
            "home",
            "interconnect_mw: 0.9, pue: 1.1, halls: {\"hall\": (it_mw: 0.3, cooling: Liquid)}, \
             buildable: {\"more\": (it_mw: 0.25, capex_usd_per_w: 11.0, lead_months: 12.0, life_years: 15.0, at_most: 4.0)}",
        )
        .with("decisions", "some", "(site: \"home\", what: Chips(\"d\"), at_least: 60.0)")
        .grid("Tariff(energy_usd_per_mwh: 70.0)")
        .plan()
}

#[test]
fn rolled_on_with_nothing_new_the_rest_is_as_good_as_before() {
    for to in ["2028-01", "2029-01", "2031-01"] {
        let plan = campus();
        let rolled = roll(&plan, &Series::default(), Month::parse(to).unwrap(), &[]).unwrap();
        assert!(rolled.tail.npv_before > 0.0 && rolled.tail.apart() <= 1e-6, "{to}: {:?} {}", rolled.tail, print(&rolled.plan));
        near(rolled.tail.tokens_after, rolled.tail.tokens_before, 1e-6);
        // It is a plan that can be written, read and rolled on again, and says what stands.
        let again = read_plan(&print(&rolled.plan));
        assert!(!again.has_errors(), "{:#?}", again.diagnostics);
        assert_eq!(rolled.plan.horizon.start.to_string(), to);
        assert!(rolled.plan.fleets.len() > usize::from(to != "2031-01"), "{}", print(&rolled.plan));
    }
    // Twice by a year is once by two.
    let series = Series::default();
    let month = |text: &str| Month::parse(text).unwrap();
    let twice = roll(&roll(&campus(), &series, month("2028-01"), &[]).unwrap().plan, &series, month("2029-01"), &[]).unwrap();
    let once = roll(&campus(), &series, month("2029-01"), &[]).unwrap();
    near(twice.tail.npv_after, once.tail.npv_after, 1e-6);
}

#[test]
fn the_sample_plans_roll_on_too() {
    let (_, small) = plans("tests/plans").into_iter().find(|(name, _)| name.ends_with("small.ron")).unwrap();
    let mut small = small;
    apply(&mut small, &Edit::set("objective", "[MaxNpv]")).unwrap();
    let to = small.horizon.start.plus(3);
    let rolled = roll(&small, &Series::default(), to, &[]).unwrap();
    assert!(rolled.tail.apart() <= 1e-6, "{:?} {:?}", rolled.tail, rolled.said);
    // A month inside a period is none to roll on to, and the way out is said.
    let wrong = roll(&small, &Series::default(), to.plus(1), &[]).unwrap_err();
    assert!(wrong[0].help.as_deref().is_some_and(|help| help.contains(&to.to_string())), "{wrong:?}");
}

/// 100 chips' demand at 10 units a chip, a chip at so many units of 31,536 $ for its one year.
fn stall(cost: f64, gtok_per_day: f64) -> Plan {
    let body = chip(1.0, cost * 31_536.0, 0.0, "supply_per_period: 1e6,").replace("life_years: 5.0", "life_years: 1.0");
    Sketch::new()
        .with("chips", "c", &body)
        .with("markets", "near", &market("chat", gtok_per_day, 10.0, ""))
        .top("objective", "[MaxNpv]")
        .plan()
}

#[test]
fn a_bridge_gives_each_group_its_share_and_adds_up() {
    // 100 chips at 10 − 2: 800. Half as much again sold: 1,200; chips at 4: 600; both: 900. Markets bring 400 or 300,
    // chips take 200 or 300: on average 350 and −250.
    let unit = 0.031_536;
    let (before, after) = (stall(2.0, 8.64), stall(4.0, 12.96));
    let series = Series::default();
    let found = bridge((&before, &series), (&after, &series), "npv_musd").unwrap();
    assert!(found.shares);
    let of = |name: &str| found.parts.iter().find(|part| part.name == name).unwrap().change / unit;
    near(found.before / unit, 800.0, 1e-9);
    near(found.after / unit, 900.0, 1e-9);
    near(of("Markets"), 350.0, 1e-8);
    near(of("Chips"), -250.0, 1e-8);
    let sum: f64 = found.parts.iter().map(|part| part.change).sum();
    assert!((found.before + sum - found.after).abs() <= 1e-9 * found.after.abs());
    let tokenworks::charts::Body::Waterfall { steps } = found.chart().body else { panic!("no waterfall") };
    assert_eq!(steps.len(), 4);
    // Of the campus rolled on a year everything but models differs or may: the parts add up all the same.
    let campus = campus();
    let rolled = roll(&campus, &series, Month::parse("2028-01").unwrap(), &[]).unwrap().plan;
    let found = bridge((&campus, &series), (&rolled, &series), "npv_musd").unwrap();
    let sum: f64 = found.parts.iter().map(|part| part.change).sum();
    assert!((found.before + sum - found.after).abs() <= 1e-9 * found.after.abs().max(found.before.abs()), "{found:?}");
    let was = best(&campus);
    near(found.before, was.kpis.npv_musd, 1e-9);
    // Its first goal is this figure; beside another one stands what the goal came to.
    assert!(found.goal.is_none());
    let found = bridge((&campus, &series), (&rolled, &series), "answer_tokens_ttok").unwrap();
    let goal = found.goal.unwrap();
    assert!(goal.name == was.phases[0].name && goal.before == was.phases[0].value && goal.after < goal.before, "{goal:?}");
    assert!(
        bridge((&before, &series), (&after, &series), "npv").unwrap_err()[0].help.as_deref().is_some_and(|help| help.contains("npv_musd"))
    );
}

/// Plans of other sites, chips, products, markets, periods and goals: what names what only one plan has changes with it, the
/// parts still add up to the change, and everything that only one of them has is said once.
#[test]
fn a_bridge_between_plans_that_are_unlike_adds_up_and_says_what_is_new_and_gone() {
    let series = Series::default();
    let of = |wanted: &str| plans("tests/plans").into_iter().find(|(name, _)| name.ends_with(wanted)).unwrap().1;
    // A second product, model, site and market, other periods; and the same again without what the first has.
    let wide = campus_with_more();
    let mut other = wide.clone();
    for (path, id) in [("markets", "near"), ("fleets", "old"), ("decisions", "some")] {
        apply(&mut other, &Edit::Remove { path: format!("{path}.{id}") }).unwrap();
    }
    let all = [("campus", campus()), ("wide", wide), ("other", other), ("small", of("small.ron")), ("one site", of("one-site.ron"))];
    for (was, before) in &all {
        for (is, after) in all.iter().filter(|(name, _)| name != was) {
            let found =
                bridge((before, &series), (after, &series), "npv_musd").unwrap_or_else(|problems| panic!("{was} {is}: {problems:#?}"));
            let sum: f64 = found.parts.iter().map(|part| part.change).sum();
            let size = found.before.abs().max(found.after.abs());
            assert!((found.before + sum - found.after).abs() <= 1e-9 * size, "{was} to {is}: {found:#?}");
            let differ = tokenworks::plan::diff::differences(before, after);
            let changes =
                |path: &str| !["name", "notes", "scenarios", "studies", "catalog_version"].contains(&path.split('.').next().unwrap());
            for gone in [false, true] {
                let told: Vec<&String> =
                    found.parts.iter().flat_map(|part| if gone { &part.removed } else { &part.added }).map(|only| &only.path).collect();
                let wanted = differ.iter().filter(|difference| if gone { difference.after.is_none() } else { difference.before.is_none() });
                for difference in wanted.filter(|difference| changes(&difference.path)) {
                    assert_eq!(told.iter().filter(|path| ***path == difference.path).count(), 1, "{was} to {is}, {gone}: {told:?}");
                }
            }
        }
    }
    // The site and what stands there come together, whatever else differs.
    let found = bridge((&campus(), &series), (&all[1].1, &series), "npv_musd").unwrap();
    let with_site = found.parts.iter().find(|part| part.added.iter().any(|only| only.path == "sites.away")).unwrap();
    assert!(with_site.added.iter().any(|only| only.path == "contracts.away"), "{found:#?}");
    assert!(with_site.about().contains("only in the second plan"), "{}", with_site.about());
}

fn campus_with_more() -> Plan {
    let mut plan = campus();
    let more = [
        (
            "sites",
            "away",
            "(country: \"US\", latitude: 1.0, longitude: 1.0, interconnect_mw: 0.5, pue: 1.2, halls: {\"hall\": (it_mw: 0.4, cooling: Liquid)})",
        ),
        ("contracts", "away", "(site: \"away\", terms: Tariff(energy_usd_per_mwh: 50.0))"),
        ("fleets", "away", "(site: \"away\", chip: \"c\", count: 90.0, in_service: \"2026-06\")"),
        ("products", "code", "(served_model: \"any\", prompt_tokens: 0.0, answer_tokens: 1.0)"),
        ("throughput", "c-code", "(chip: \"c\", product: \"code\", decode_tok_per_s: 900.0)"),
        (
            "markets",
            "far",
            "(country: \"US\", latitude: 2.0, longitude: 2.0, demand: {\"code\": (segments: [(answer_gtok_per_day: 3.0, usd_per_mtok: (answer: 8.0))])})",
        ),
    ];
    for (path, id, text) in more {
        apply(&mut plan, &Edit::insert(path, id, text)).unwrap();
    }
    apply(&mut plan, &Edit::set("horizon.period_months", "6")).unwrap();
    apply(&mut plan, &Edit::set("horizon.periods", "8")).unwrap();
    plan
}
