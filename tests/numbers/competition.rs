//! Prices that form, by hand: few sellers, one seller, all compete; duties; surplus; whose is what.

use std::sync::Arc;

use tokenworks::plan::Plan;
use tokenworks::resolved::Series;
use tokenworks::results::Results;
use tokenworks::study::{self, Options};

use crate::sketch::{Sketch, near};

/// What is promised of a price.
pub const PRICE: f64 = 1e-3;
/// Ttok a year for a Gtok a day.
pub const YEAR: f64 = 0.365;
/// Ttok a year of a chip of [`Sketch::new`].
pub const CHIP: f64 = 0.031_536;

/// Actors `a`, `b`, … each with a site in a country of its own that makes tokens for `egress` $ per Mtok and has
/// chips for so many Ttok a year; they sell to the market `world`.
pub fn sellers(costs: &[(f64, f64)], curve: &str, conduct: &str) -> Sketch {
    let mut sketch = Sketch::new()
        .top("objective", &format!("[MarketEquilibrium({conduct})]"))
        .without("sites", "home")
        .without("contracts", "grid")
        .without("markets", "near")
        .with("markets", "world", &world(curve));
    for (number, (cost, most)) in costs.iter().enumerate() {
        let (id, country) = (["a", "b", "c", "d"][number], ["AA", "BB", "CC", "DD"][number]);
        sketch = sketch
            .with("actors", id, &format!("(country: {country:?})"))
            .with(
                "sites",
                id,
                &format!(
                    "(country: {country:?}, latitude: 0.0, longitude: 0.0, interconnect_mw: 1000.0, pue: 1.0, \
                     egress_usd_per_mtok: {cost:?}, halls: {{\"hall\": (it_mw: 1000.0, cooling: Liquid)}})"
                ),
            )
            .with("contracts", id, &format!("(site: {id:?}, terms: Tariff(energy_usd_per_mwh: 0.0))"))
            .with("fleets", id, &format!("(site: {id:?}, chip: \"c\", count: {:?}, in_service: \"2026-12\")", most / CHIP));
    }
    sketch
}

fn world(curve: &str) -> String {
    format!("(country: \"WW\", latitude: 0.0, longitude: 0.0, demand: {{\"chat\": (curve: {curve})}})")
}

/// P = 10 − Q, Q in Ttok a year.
pub fn straight() -> String {
    format!("Linear(nobody_buys_at_usd_per_mtok: 10.0, free_gtok_per_day: {:?})", 10.0 / YEAR)
}

/// Q = (P / 1)^−ε Ttok a year.
pub fn bent(elasticity: f64, more: &str) -> String {
    format!("Isoelastic(at_usd_per_mtok: 1.0, at_gtok_per_day: {:?}, elasticity: {elasticity:?}, {more})", 1.0 / YEAR)
}

fn price(results: &Results) -> f64 {
    results.trade.prices[0].usd_per_mtok[0].unwrap()
}

pub fn sold(results: &Results) -> Vec<f64> {
    results.trade.actors.iter().map(|actor| actor.answer_ttok[0]).collect()
}

/// The price within what is promised, and each volume within what that moves it by.
fn expect(results: &Arc<Results>, price_usd: f64, volumes: &[f64]) {
    let equilibrium = results.trade.equilibrium.as_ref().unwrap();
    assert!(equilibrium.price_error_fraction <= PRICE, "{equilibrium:?}");
    near(price(results), price_usd, PRICE);
    for (sold, volume) in sold(results).iter().zip(volumes) {
        assert!((sold - volume).abs() <= 2.0 * PRICE * price_usd, "{:?} instead of {volumes:?}", self::sold(results));
    }
}

/// P = 10 − Q, costs 1, 2, 4: q = (3.25, 2.25, 0.25), P 4.25.
#[test]
fn three_sellers_by_hand() {
    let results = sellers(&[(1.0, 30.0), (2.0, 30.0), (4.0, 30.0)], &straight(), "Cournot").best();
    expect(&results, 4.25, &[3.25, 2.25, 0.25]);
    // Profits: q² each, as every q is its margin.
    for (actor, profit) in results.trade.actors.iter().zip([3.25 * 3.25, 2.25 * 2.25, 0.25 * 0.25]) {
        assert!((actor.npv_musd - profit).abs() < 0.02 * 4.25, "{} {profit}", actor.npv_musd);
    }
    // Buyers have the triangle above the price.
    near(results.trade.equilibrium.as_ref().unwrap().surplus.consumers_musd[0], 0.5 * 5.75 * 5.75, 4.0 * PRICE);
}

/// The first can make 2 only: (2, 8/3, 2/3), P 14/3.
#[test]
fn a_capped_seller_by_hand() {
    let results = sellers(&[(1.0, 2.0), (2.0, 30.0), (4.0, 30.0)], &straight(), "Cournot").best();
    expect(&results, 14.0 / 3.0, &[2.0, 8.0 / 3.0, 2.0 / 3.0]);
}

/// A duty of 1 on what the second sells: (3.5, 1.5, 0.5), P 4.5. Of 1 $ the buyers carry 0.25; the market's
/// country takes 1.5.
#[test]
fn a_duty_by_hand() {
    let results = sellers(&[(1.0, 30.0), (2.0, 30.0), (4.0, 30.0)], &straight(), "Cournot")
        .with("policies", "duty", "TokenDuty(site_country: \"BB\", market_country: \"WW\", usd_per_mtok: 1.0)")
        .best();
    expect(&results, 4.5, &[3.5, 1.5, 0.5]);
    let surplus = &results.trade.equilibrium.as_ref().unwrap().surplus;
    assert_eq!(surplus.governments_musd.len(), 1);
    assert_eq!(surplus.governments_musd[0].0, "WW");
    assert!((surplus.governments_musd[0].1 - 1.5).abs() < 0.02, "{surplus:?}");
}

/// One seller, ε = 1.5, cost 1: P = ε/(ε − 1) = 3; ε = 1.11: 10.0909. The same by whichever name.
#[test]
fn one_seller_by_hand() {
    for (elasticity, right) in [(1.5, 3.0), (1.11, 1.11 / 0.11)] {
        for conduct in ["Cournot", "Cartel"] {
            let results = sellers(&[(1.0, 30.0)], &bent(elasticity, ""), conduct).best();
            expect(&results, right, &[f64::powf(right, -elasticity)]);
        }
        // A planner who owns everything and wants the most profit is one seller, too.
        let results = sellers(&[(1.0, 30.0)], &bent(elasticity, ""), "Cartel").top("objective", "[MaxNpv]").best();
        near(results.trade.prices[0].usd_per_mtok[0].unwrap(), right, PRICE);
    }
    // A straight line: P = (10 + 1) / 2.
    for conduct in ["Cournot", "Cartel"] {
        expect(&sellers(&[(1.0, 30.0)], &straight(), conduct).best(), 5.5, &[4.5]);
    }
}

/// Two sellers alike on a bent curve: P (1 − 1/(2ε)) = cost. ε = 1.1, cost 1: P = 11/6. Of costs c and d the sum
/// of P (1 − s/ε) = c and the other: P (2 − 1/ε) = c + d.
#[test]
fn two_sellers_on_a_bent_curve_by_hand() {
    let results = sellers(&[(1.0, 30.0), (1.0, 30.0)], &bent(1.1, ""), "Cournot").best();
    let right = 1.0 / (1.0 - 1.0 / 2.2);
    let each = 0.5 * f64::powf(right, -1.1);
    expect(&results, right, &[each, each]);
    let results = sellers(&[(1.0, 30.0), (1.2, 30.0)], &bent(1.1, ""), "Cournot").best();
    let right = 2.2 / (2.0 - 1.0 / 1.1);
    let (all, share) = (f64::powf(right, -1.1), 1.1 * (1.0 - 1.0 / right));
    expect(&results, right, &[all * share, all * (1.0 - share)]);
}

/// All compete: the price is the dearest cost that is needed.
#[test]
fn competition_by_hand() {
    // The first makes 2 at 1, the second 5 at 2: 7 sell at 3, where the demand of 10 − Q is 7.
    let results = sellers(&[(1.0, 2.0), (2.0, 5.0), (4.0, 30.0)], &straight(), "Competition").best();
    expect(&results, 3.0, &[2.0, 5.0, 0.0]);
    // With 30 at 2 the price is 2.
    let results = sellers(&[(1.0, 2.0), (2.0, 30.0), (4.0, 30.0)], &straight(), "Competition").best();
    expect(&results, 2.0, &[2.0, 6.0, 0.0]);
    // A bent curve of less than one, with a highest price of 50: all of it is sold at cost.
    let results = sellers(&[(2.0, 30.0)], &bent(0.5, "highest_usd_per_mtok: 50.0"), "Competition").best();
    expect(&results, 2.0, &[f64::powf(2.0, -0.5)]);
}

/// With everything that is said of it: best replies, what is lost to competition.
pub fn explained(plan: &Plan) -> Arc<Results> {
    let answer = study::answer(plan, &Series::default(), &Options { ranges: true, ..Options::default() });
    answer.results.unwrap_or_else(|| panic!("{:#?}", answer.problems))
}

/// Nobody gains by acting otherwise alone, where an equilibrium is shown; a member of a cartel does. The surplus of
/// all falls from competition over few sellers to one, and the loss is by hand: with P = 10 − Q and cost 1 for
/// two, Q is 9, 6 and 4.5, and what is lost ½ (9 − Q)².
#[test]
fn best_replies_and_surplus() {
    let answer = |conduct: &str| explained(&sellers(&[(1.0, 30.0), (1.0, 30.0)], &straight(), conduct).plan());
    for (conduct, all) in [("Competition", 9.0), ("Cournot", 6.0), ("Cartel", 4.5)] {
        let results = answer(conduct);
        let equilibrium = results.trade.equilibrium.as_ref().unwrap();
        near(sold(&results).iter().sum(), all, PRICE);
        assert_eq!(equilibrium.replies.len(), 2);
        for reply in &equilibrium.replies {
            assert!(conduct == "Cartel" || reply.gain_fraction <= PRICE, "{conduct}: {reply:?}");
        }
        if conduct == "Cartel" {
            // However the 4.5 are shared, whoever sells less gains: with q of the other the best is (9 − q) / 2, worth its square; at
            // half each 3.375² = 11.39 instead of 2.25 · 4.5 = 10.125.
            let most = equilibrium.replies.iter().map(|reply| reply.gain_fraction).fold(0.0, f64::max);
            assert!(most > 0.05, "{:?}", equilibrium.replies);
        }
        let lost = 0.5 * (9.0 - all) * (9.0 - all);
        match equilibrium.lost_to_competition_musd {
            Some(found) => assert!((found - lost).abs() < 0.02 * lost.max(1.0), "{conduct}: {found} instead of {lost}"),
            None => assert_eq!(conduct, "Competition"),
        }
        let all_of_it = 0.5 * 81.0 - lost;
        near(equilibrium.surplus.total_musd(), all_of_it, 2.0 * PRICE);
    }
}

/// Steps of demand at one price: the dearest that are needed, and the price is what one more token is worth. Segments
/// of 3 at 9, 3 at 5, 3 at 2; costs 1 up to 4 and 4 beyond: 6 sell, at 4 (the maker's cost, between 5 and 2).
#[test]
fn segments_at_one_price_by_hand() {
    let segment = |usd: f64| format!("(answer_gtok_per_day: {:?}, usd_per_mtok: (answer: {usd:?}))", 3.0 / YEAR);
    let market = format!(
        "(country: \"WW\", latitude: 0.0, longitude: 0.0, single_price: true, demand: {{\"chat\": (segments: [{}, {}, {}])}})",
        segment(9.0),
        segment(5.0),
        segment(2.0)
    );
    let results = explained(&sellers(&[(1.0, 4.0), (4.0, 30.0)], &straight(), "Competition").with("markets", "world", &market).plan());
    near(price(&results), 4.0, 1e-9);
    near(sold(&results).iter().sum(), 6.0, 1e-9);
    near(results.kpis.revenue_npv_musd, 24.0, 1e-9);
    let equilibrium = results.trade.equilibrium.as_ref().unwrap();
    near(equilibrium.surplus.consumers_musd[0], 3.0 * 5.0 + 3.0, 1e-9);
    near(equilibrium.surplus.producers_musd[0], 4.0 * 3.0, 1e-9);
    assert!(results.warnings.iter().all(|warning| warning.code != "single-price"));
}

/// What actors have and spend adds up to what the plan has and spends, on plans of every kind.
#[test]
fn actors_add_up() {
    let mut tried = 0;
    for (name, mut plan) in crate::sketch::plans("tests/plans").into_iter().chain(crate::sketch::plans("plans")) {
        if name.contains("every-field") || name.contains("hourly") {
            continue;
        }
        if plan.actors.is_empty() {
            plan.actors.insert("all".into(), actor());
        }
        let results = crate::sketch::answer(&plan);
        if !results.has_numbers() {
            continue;
        }
        tried += 1;
        let over = |value: &dyn Fn(&tokenworks::results::trade::ActorResult) -> &Vec<f64>| -> f64 {
            results.trade.actors.iter().flat_map(|actor| value(actor).clone()).sum()
        };
        let money = |value: &dyn Fn(&tokenworks::results::PeriodMoney) -> f64| -> f64 { results.money.iter().map(value).sum() };
        near(over(&|actor| &actor.cost_musd), money(&tokenworks::results::PeriodMoney::cost_total_musd), 1e-9);
        near(over(&|actor| &actor.revenue_musd), money(&|money| money.revenue_musd), 1e-9);
        near(over(&|actor| &actor.capex_musd), money(&|money| money.capex_musd), 1e-9);
        near(over(&|actor| &actor.energy_gwh), results.kpis.energy_gwh, 1e-9);
        near(over(&|actor| &actor.answer_ttok), results.kpis.answer_tokens_ttok + results.kpis.bought_tokens_ttok, 1e-9);
        near(results.trade.actors.iter().map(|actor| actor.npv_musd).sum(), results.kpis.npv_musd, 1e-7);
    }
    assert!(tried >= 4, "{tried}");
}

fn actor() -> tokenworks::plan::Actor {
    tokenworks::plan::Actor {
        name: String::new(),
        country: None,
        chips: tokenworks::plan::node::Map::new(),
        capex_musd_per_period: None,
        capex_musd_total: None,
        notes: String::new(),
    }
}

/// An actor's own supply and money hold for it alone.
#[test]
fn actors_have_their_own_limits() {
    let base = |limits: &str| {
        sellers(&[(1.0, 1e-9), (2.0, 1e-9)], &straight(), "Competition")
            .with("chips", "c", &crate::sketch::chip(1.0, 1000.0, 0.0, "supply_per_period: 100000.0"))
            .with("actors", "a", &format!("(country: \"AA\", {limits})"))
    };
    // 2 Ttok a year are 63.4 chips; 100 of 1,000 $ are 0.1 M$.
    let chips = base(&format!("chips: {{\"c\": (chip: \"c\", at_most_per_period: {:?})}}", 2.0 / CHIP)).best();
    near(sold(&chips)[0], 2.0, 1e-6);
    assert!(sold(&chips)[1] > 5.0);
    for money in [format!("capex_musd_per_period: {:?}", 2.0 / CHIP * 1e-3), format!("capex_musd_total: {:?}", 2.0 / CHIP * 1e-3)] {
        let results = base(&money).best();
        near(sold(&results)[0], 2.0, 1e-6);
        assert!(sold(&results)[1] > 5.0);
    }
}

/// What one more of an actor's own limit is worth, by hand, and that it is said. Chips of 1,000 $ serve a year, so a token costs
/// 0.001 / CHIP more than its way; the first, at 1, may have chips for 2, the second, at 2, for what it likes. With P = 10 − Q:
///   few sellers: q₂ = (10 − 2 − c₂) / 2, and the first earns P − 2 − c₁ by one more, the second's sales as they are;
///   competition, and all as one: one more of the first's takes the place of one of the second's: c₂ − c₁ = 1.
#[test]
fn what_an_actors_own_limit_is_worth() {
    let chip = crate::sketch::chip(1.0, 1000.0, 0.0, "supply_per_period: 100000.0").replace("life_years: 5.0", "life_years: 1.0");
    let way = 0.001 / CHIP;
    let few = 10.0 - 2.0 - f64::midpoint(8.0, -2.0 - way) - 2.0 - 1.0 - way;
    for (conduct, right) in [("Cournot", few), ("Competition", 1.0), ("Cartel", 1.0)] {
        let results = explained(
            &sellers(&[(1.0, 1e-9), (2.0, 1e-9)], &straight(), conduct)
                .with("chips", "c", &chip)
                .with("actors", "a", &format!("(country: \"AA\", chips: {{\"own\": (chip: \"c\", at_most_per_period: {:?})}})", 2.0 / CHIP))
                .plan(),
        );
        near(sold(&results)[0], 2.0, 1e-6);
        let path = "actors.a.chips.own.at_most_per_period";
        let binding = results.binding.iter().find(|binding| binding.path == path).unwrap_or_else(|| panic!("{:#?}", results.binding));
        assert!(
            (binding.dual - right * CHIP).abs() <= 3.0 * PRICE * 10.0 * CHIP,
            "{conduct}: {} instead of {}",
            binding.dual,
            right * CHIP
        );
        let text = tokenworks::export::text::render(&results);
        assert!(text.contains("One chip more of A own supply per period"), "{text}");
        let whose = tokenworks::export::trade::worth_in_words(&results).unwrap();
        assert!(text.contains(whose), "{text}");
    }
}

fn codes(sketch: &Sketch) -> Vec<String> {
    let read = tokenworks::plan::file::read_plan(&sketch.text());
    let mut found: Vec<String> = read.diagnostics.iter().map(|problem| problem.code.to_owned()).collect();
    if let Some(plan) = read.plan.filter(|_| found.is_empty()) {
        let answer = study::answer(&plan, &Series::default(), &Options::default());
        found.extend(answer.problems.iter().filter(|problem| problem.is_error()).map(|problem| problem.code.to_owned()));
    }
    found
}

/// What has no answer is said, with its reason.
#[test]
fn what_has_no_equilibrium_is_refused() {
    let plain = |curve: &str, conduct: &str| sellers(&[(1.0, 30.0), (2.0, 30.0)], curve, conduct);
    assert_eq!(codes(&plain(&bent(1.0, ""), "Competition")), ["inelastic"]);
    assert_eq!(codes(&plain(&bent(0.9, "highest_usd_per_mtok: 9.0"), "Cartel")), ["inelastic"]);
    assert_eq!(codes(&plain(&bent(0.9, "highest_usd_per_mtok: 9.0"), "Competition")), Vec::<String>::new());
    assert_eq!(codes(&plain(&straight(), "Cournot").top("objective", "[MarketEquilibrium(Cournot), MaxTokens]")), ["not-alone"]);
    assert_eq!(codes(&plain(&straight(), "Cournot").top("whole", "(halls: true)")), ["not-with-whole"]);
    let stepped = crate::sketch::market("chat", 10.0, 5.0, "single_price: true,");
    assert_eq!(codes(&plain(&straight(), "Cournot").with("markets", "near", &stepped)), ["needs-curve"]);
    let both = world(&straight()).replace("curve:", "segments: [(answer_gtok_per_day: 1.0, usd_per_mtok: (answer: 1.0))], curve:");
    assert_eq!(codes(&plain(&straight(), "Cournot").with("markets", "world", &both)), ["two-demands"]);
    assert_eq!(codes(&plain(&straight(), "Cournot").with("actors", "b", "(country: \"ZZ\")")), ["no-effect"]);
    assert_eq!(
        codes(&plain(&straight(), "Cournot").without("actors", "b").with("actors", "z", "(country: \"AA\")")),
        ["no-actor", "no-actor"]
    );
}

/// Curves that change by date, growth and falling prices: the price of every year by hand.
#[test]
fn curves_change_by_date() {
    let demand = "growth_factor_per_year: 2.0, price_factor_per_year: 0.5, curve: Linear(nobody_buys_at_usd_per_mtok: {\"2027-01\": 10.0, \"2029-01\": 40.0}, free_gtok_per_day: {\"2027-01\": 27.397260273972602, \"2028-01\": 54.794520547945204})";
    let market = format!("(country: \"WW\", latitude: 0.0, longitude: 0.0, demand: {{\"chat\": ({demand})}})");
    let results = sellers(&[(1.0, 500.0)], &straight(), "Cartel")
        .top("horizon", "(start: \"2027-01\", period_months: 12, periods: 3, discount_rate_fraction: 0.0)")
        .with("markets", "world", &market)
        .best();
    // Half way between the price at which nobody buys (10, 5, 10) and the cost of 1; volumes of 10, 40 and 80 at nothing.
    let prices: Vec<f64> = results.trade.prices[0].usd_per_mtok.iter().map(|usd| usd.unwrap()).collect();
    for (price, right) in prices.iter().zip([5.5, 3.0, 5.5]) {
        near(*price, right, PRICE);
    }
    for (sold, right) in results.trade.prices[0].sold_ttok.iter().zip([4.5, 16.0, 36.0]) {
        assert!((sold - right).abs() < 4e-3 * right, "{sold} {right}");
    }
    let bent = "curve: Isoelastic(at_usd_per_mtok: {\"2027-01\": 1.0, \"2028-01\": 4.0}, at_gtok_per_day: Curve(from: 2.0, factor_per_year: 1.0), elasticity: 0.5, highest_usd_per_mtok: {\"2027-01\": 20.0})";
    let market = format!("(country: \"WW\", latitude: 0.0, longitude: 0.0, demand: {{\"chat\": ({bent})}})");
    let results = sellers(&[(4.0, 500.0)], &straight(), "Competition")
        .top("horizon", "(start: \"2027-01\", period_months: 12, periods: 2, discount_rate_fraction: 0.0)")
        .with("markets", "world", &market)
        .best();
    // At a price of 4: 2 Gtok a day · (4/1)^−½, then 2.
    for (sold, right) in results.trade.prices[0].sold_ttok.iter().zip([YEAR, 2.0 * YEAR]) {
        near(*sold, right, 2.0 * PRICE);
    }
}

/// The bundled plan of two countries among few sellers: at rest, the protected market the dearest, prices of open ones
/// alike but for what sending over a border costs.
#[test]
fn two_countries_come_to_rest() {
    let plan = tokenworks::plan::file::read_plan(&std::fs::read_to_string("plans/two-countries.ron").unwrap()).plan.unwrap();
    let plan = study::with_scenario(&plan, "few-sellers").unwrap();
    let stated = study::state(&plan, &Series::default(), &Options::default()).unwrap();
    assert!(stated.formulation.program.columns.len() < 8000, "{}", stated.formulation.program.columns.len());
    let results = explained(&plan);
    let equilibrium = results.trade.equilibrium.as_ref().unwrap();
    assert!(equilibrium.price_error_fraction <= PRICE, "{}", equilibrium.price_error_fraction);
    assert_eq!(equilibrium.replies.len(), 2);
    for reply in &equilibrium.replies {
        assert!(reply.gain_fraction <= PRICE, "{reply:?}");
    }
    assert!(equilibrium.lost_to_competition_musd.unwrap() > 0.0);
    let price = |market: &str, period: usize| {
        let index = results.markets.iter().position(|known| known.id == market).unwrap();
        results.trade.prices.iter().find(|price| price.market == index).unwrap().usd_per_mtok[period].unwrap()
    };
    for period in 0..results.periods.len() {
        assert!(price("cn", period) > price("us", period));
        near(price("eu", period), price("sea", period), 3.0 * PRICE);
    }
    // What one more of a limit is worth is found with the same steps: no limit is worth less than nothing to raise.
    let own: Vec<_> = results.binding.iter().filter(|binding| binding.path.contains("at_most_per_period")).collect();
    assert!(own.len() >= 6, "{:#?}", results.binding);
    for binding in own {
        assert!(binding.stable && binding.dual >= -1e-9, "{binding:?}");
    }
}

/// Where prices form among actors nobody signs for all, and what is sold is no number to roll on from: both are
/// refused with a way out, not answered for another conduct.
#[test]
fn where_prices_form_nothing_is_hedged_or_rolled_on() {
    let text = std::fs::read_to_string("plans/two-countries.ron").unwrap();
    let plan = crate::sketch::read(&text);
    let month = tokenworks::plan::Month::new(2028, 1);
    let refused = tokenworks::living::roll(&plan, &Series::default(), month, &[]).unwrap_err();
    assert_eq!((refused[0].code, refused.len()), ("prices-form", 1), "{refused:?}");
    assert!(refused[0].path.ends_with(".curve") && refused[0].help.is_some());
    let hedge = "studies: {\n        \"sign\": Hedge(decide_before: \"2028-01\", futures: Named({\"as-planned\": 1.0})),";
    let checked = tokenworks::plan::file::read_plan(&text.replace("studies: {", hedge));
    let found: Vec<_> = checked.diagnostics.iter().filter(|problem| problem.is_error()).collect();
    assert!(found.len() == 1 && found[0].code == "bad-goal" && found[0].path == "studies.sign", "{found:#?}");
}

/// Prices that form are no prices that are held: with growth and prices left as they are over three years nothing
/// is said of them.
#[test]
fn prices_that_form_are_not_called_held() {
    let horizon = "(start: \"2027-01\", period_months: 12, periods: 3, discount_rate_fraction: 0.0)";
    let sketch = sellers(&[(1.0, 10.0), (2.0, 10.0)], &straight(), "Competition").top("horizon", horizon);
    let results = sketch.best();
    assert!(!results.trade.prices.is_empty());
    assert!(results.warnings.iter().all(|warning| warning.code != "prices-held"), "{:?}", results.warnings);
}

/// Curves on which nothing can be sold are said, and so is a game against nobody.
#[test]
fn what_comes_to_nothing_is_said() {
    let plain = |curve: &str| sellers(&[(1.0, 30.0), (2.0, 30.0)], curve, "Cournot");
    let none = plain("Linear(nobody_buys_at_usd_per_mtok: 10.0, free_gtok_per_day: 0.0)");
    assert_eq!(crate::sketch::said(&none.text(), "no-effect"), ["markets.world.demand.chat.curve.free_gtok_per_day"]);
    let banned = plain(&straight())
        .with("policies", "one", "RouteBan(site_country: \"AA\", market_country: \"WW\")")
        .with("policies", "other", "RouteBan(site_country: \"BB\", market_country: \"WW\")")
        .with(
            "markets",
            "home",
            &format!("(country: \"AA\", latitude: 0.0, longitude: 0.0, demand: {{\"chat\": (curve: {})}})", straight()),
        );
    assert_eq!(crate::sketch::said(&banned.text(), "no-seller"), ["markets.world.demand.chat"]);
    let alone = plain(&straight()).with("scenarios", "more", "(set: {\"sites.a.interconnect_mw\": 900.0})").with(
        "studies",
        "game",
        "Game(players: {\"a\": [\"base\", \"more\"]}, payoff: {\"a\": Npv})",
    );
    assert_eq!(crate::sketch::said(&alone.text(), "no-effect"), ["studies.game.players"]);
}
