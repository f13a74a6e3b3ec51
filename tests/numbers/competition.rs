//! Prices that form, by hand: few sellers, one seller, all compete; duties; surplus; whose is what.

use std::sync::Arc;

use tokenworks::results::Results;

use crate::sketch::{Sketch, near};

/// What is promised of a price.
const PRICE: f64 = 1e-3;
/// Ttok a year for a Gtok a day.
const YEAR: f64 = 0.365;
/// Ttok a year of a chip of [`Sketch::new`].
const CHIP: f64 = 0.031_536;

/// Actors `a`, `b`, … each with a site in a country of its own that makes tokens for `egress` $ per Mtok and has
/// chips for so many Ttok a year; they sell to the market `world`.
fn sellers(costs: &[(f64, f64)], curve: &str, conduct: &str) -> Sketch {
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
fn straight() -> String {
    format!("Linear(nobody_buys_at_usd_per_mtok: 10.0, free_gtok_per_day: {:?})", 10.0 / YEAR)
}

/// Q = (P / 1)^−ε Ttok a year.
fn bent(elasticity: f64, more: &str) -> String {
    format!("Isoelastic(at_usd_per_mtok: 1.0, at_gtok_per_day: {:?}, elasticity: {elasticity:?}, {more})", 1.0 / YEAR)
}

fn price(results: &Results) -> f64 {
    results.trade.prices[0].usd_per_mtok[0].unwrap()
}

fn sold(results: &Results) -> Vec<f64> {
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
