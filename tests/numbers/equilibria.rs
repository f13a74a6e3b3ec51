//! Equilibria between regions and by conduct, worked by hand: prices a way and a duty apart, the order of what is left of
//! the surplus, one seller by any name, what the league of actors reads.

use super::competition::{CHIP, PRICE, YEAR, bent, explained, sellers, sold, straight};
use crate::common::dice::Dice;
use crate::sketch::{Sketch, chip, near};
use tokenworks::results::Results;

/// North and south, a way from north for 0.5 more than at home and a duty of 0.3; north makes for 1 up to so much, south for 3.
fn two_regions(most: f64) -> Sketch {
    let site = |country: &str, egress: f64| {
        format!(
            "(country: {country:?}, latitude: 0.0, longitude: 0.0, interconnect_mw: 1000.0, pue: 1.0, egress_usd_per_mtok: {egress:?}, halls: {{\"hall\": (it_mw: 1000.0, cooling: Liquid)}})"
        )
    };
    Sketch::new()
        .top("objective", "[MarketEquilibrium(Competition)]")
        .without("sites", "home")
        .without("contracts", "grid")
        .without("markets", "near")
        .with("actors", "north", "(country: \"NN\")")
        .with("actors", "south", "(country: \"SS\")")
        .with("sites", "n", &site("NN", 1.0))
        .with("sites", "s", &site("SS", 3.0))
        .with("contracts", "n", "(site: \"n\", terms: Tariff(energy_usd_per_mwh: 0.0))")
        .with("contracts", "s", "(site: \"s\", terms: Tariff(energy_usd_per_mwh: 0.0))")
        .with("fleets", "n", &format!("(site: \"n\", chip: \"c\", count: {:?}, in_service: \"2026-12\")", most / CHIP))
        .with("fleets", "s", &format!("(site: \"s\", chip: \"c\", count: {:?}, in_service: \"2026-12\")", 30.0 / CHIP))
        .with("routes", "way", "(site: \"n\", market: \"south\", egress_usd_per_mtok: 1.5)")
        .with("policies", "duty", "TokenDuty(site_country: \"NN\", market_country: \"SS\", usd_per_mtok: 0.3)")
}

/// Two regions, one way between them for 0.5 and a duty of 0.3, everybody competing. North makes for 1 up to 20,
/// south for 3. North's own demand 10 − Q; south's 8 − Q. South buys from north at 1 + 0.5 + 0.3 = 1.8, below its own 3:
/// prices differ by exactly what the way and the duty cost. With north able to make 14 only: demand at prices p and
/// p + 0.8 is (10 − p) + (8 − p − 0.8) = 14, p = 1.6; with 7 only, all of it stays at home, where 7 sell at 3.
#[test]
fn two_regions_and_one_way_by_hand() {
    let market = |country: &str, at: f64| {
        format!(
            "(country: {country:?}, latitude: 0.0, longitude: 0.0, demand: {{\"chat\": (curve: Linear(nobody_buys_at_usd_per_mtok: {at:?}, free_gtok_per_day: {:?}))}})",
            at / YEAR
        )
    };
    let plan = |most: f64| two_regions(most).with("markets", "north", &market("NN", 10.0)).with("markets", "south", &market("SS", 8.0));
    for (most, north) in [(20.0, 1.0), (14.0, 1.6)] {
        let results = explained(&plan(most).plan());
        let price = |market: usize| results.trade.prices[market].usd_per_mtok[0].unwrap();
        near(price(0), north, PRICE);
        near(price(1), north + 0.8, PRICE);
        for reply in &results.trade.equilibrium.as_ref().unwrap().replies {
            assert!(reply.gain_fraction <= PRICE, "{reply:?}");
        }
    }
    let results = explained(&plan(7.0).plan());
    near(results.trade.prices[0].usd_per_mtok[0].unwrap(), 3.0, PRICE);
    near(results.trade.prices[1].usd_per_mtok[0].unwrap(), 3.0, PRICE);
}

/// Two regions whose demand has steps, one way for 0.5 and a duty of 0.3. North makes for 1, south for 3 as much as it likes.
/// North buys 2 at 9, 2 at 2.5 and 2 at 1.2; south 3 at 8, 3 at 4 and 3 at 1.5.
///   North can make 6: the south's own 3 is worth 2.2 to it, more than its own 1.2, so 2 go south, at 2.2 and 3.0;
///   20: it serves all its own at 1, and south's 6 at 1.8 (1.5 is too little);
///   3.5: half of its second step is served, at 2.5; south's 2.2 does not reach that, so nothing goes and south pays 3.
/// Where tokens flow, prices are exactly the way and the duty apart; where none do, no further than that.
#[test]
fn two_regions_of_steps_by_hand() {
    let market = |country: &str, steps: &[(f64, f64)]| {
        let segments: Vec<String> = steps
            .iter()
            .map(|(volume, usd)| format!("(answer_gtok_per_day: {:?}, usd_per_mtok: (answer: {usd:?}))", volume / YEAR))
            .collect();
        let segments = segments.join(", ");
        format!("(country: {country:?}, latitude: 0.0, longitude: 0.0, single_price: true, demand: {{\"chat\": (segments: [{segments}])}})")
    };
    let plan = |most: f64| {
        two_regions(most).with("markets", "north", &market("NN", &[(2.0, 9.0), (2.0, 2.5), (2.0, 1.2)])).with(
            "markets",
            "south",
            &market("SS", &[(3.0, 8.0), (3.0, 4.0), (3.0, 1.5)]),
        )
    };
    for (most, [north, south], [at_home, sent, own]) in
        [(6.0, [2.2, 3.0], [4.0, 2.0, 4.0]), (20.0, [1.0, 1.8], [6.0, 6.0, 0.0]), (3.5, [2.5, 3.0], [3.5, 0.0, 6.0])]
    {
        let results = explained(&plan(most).plan());
        let price = |market: usize| results.trade.prices[market].usd_per_mtok[0].unwrap();
        near(price(0), north, 1e-9);
        near(price(1), south, 1e-9);
        if sent > 0.0 {
            near(price(1) - price(0), 0.8, 1e-9);
        } else {
            assert!(price(1) - price(0) < 0.8);
        }
        let sold = |actor: usize, market: usize| results.trade.actors[actor].sold_ttok[market][0];
        for (found, right) in [(sold(0, 0), at_home), (sold(0, 1), sent), (sold(1, 1), own), (sold(1, 0), 0.0)] {
            assert!((found - right).abs() < 1e-9, "{most}: {found} instead of {right}");
        }
        for reply in &results.trade.equilibrium.as_ref().unwrap().replies {
            assert!(reply.gain_fraction <= 1e-9, "{most}: {reply:?}");
        }
        near(
            results.trade.equilibrium.as_ref().unwrap().surplus.governments_musd.iter().map(|(_, musd)| musd).sum::<f64>() + 1.0,
            1.0 + 0.3 * sent,
            1e-9,
        );
    }
}

fn lost(results: &Results) -> f64 {
    results.trade.equilibrium.as_ref().unwrap().lost_to_competition_musd.unwrap_or(0.0)
}

fn all_of_it(results: &Results) -> f64 {
    results.trade.equilibrium.as_ref().unwrap().surplus.total_musd()
}

/// Whatever sellers and curves there are: nothing beats competition, few sellers of one cost leave no less than one seller does,
/// and one actor among few sellers is a monopoly, with its price, volume and surplus.
#[test]
fn what_is_left_of_the_surplus_keeps_its_order() {
    let mut dice = Dice(4);
    let mut apart = 0;
    for number in 0..12 {
        let mut pick = |from: f64, to: f64| from + (to - from) * dice.roll(1 << 30) as f64 / f64::from(1 << 30);
        let curve = if number % 2 == 0 { straight() } else { bent(pick(1.2, 2.5), "") };
        let alike = number % 4 < 2;
        let first = pick(0.5, 2.0);
        let count = 1 + number % 3;
        let costs: Vec<(f64, f64)> = (0..count).map(|_| (if alike { first } else { pick(0.5, 3.0) }, pick(0.5, 20.0))).collect();
        let of = |conduct: &str| explained(&sellers(&costs, &curve, conduct).plan());
        let (all, few, one) = (of("Competition"), of("Cournot"), of("Cartel"));
        let slack = 2.0 * PRICE * all_of_it(&all);
        for results in [&few, &one] {
            assert!(lost(results) >= -slack, "{number} {costs:?}: {}", lost(results));
            near(all_of_it(results) + lost(results), all_of_it(&all), 1e-6);
        }
        // With costs that differ one seller of all makes where it is cheapest, which may outweigh that it makes less: see below.
        assert!(!alike || all_of_it(&few) >= all_of_it(&one) - slack, "{number} {costs:?}: {} {}", all_of_it(&few), all_of_it(&one));
        apart += usize::from(alike && all_of_it(&few) > all_of_it(&one) + slack);
        if count == 1 {
            near(few.trade.prices[0].usd_per_mtok[0].unwrap(), one.trade.prices[0].usd_per_mtok[0].unwrap(), PRICE);
            near(sold(&few)[0], sold(&one)[0], 2.0 * PRICE);
            near(all_of_it(&few), all_of_it(&one), 2.0 * PRICE);
        }
    }
    assert!(apart >= 1, "the plans are too easy to say anything");
}

/// P = 10 − Q, costs 0 and 4.9. Among few sellers q = (14.9 / 3, 0.2 / 3) and 37.339 are left; one seller makes all 5 at nothing
/// and leaves 37.5: a dear rival that sells a little costs more than its price brings. Competition leaves 50.
#[test]
fn a_dear_rival_may_be_worse_than_none() {
    let of = |conduct: &str| explained(&sellers(&[(0.0, 30.0), (4.9, 30.0)], &straight(), conduct).plan());
    let (few, one) = (of("Cournot"), of("Cartel"));
    assert!((lost(&few) - (50.0 - 37.339_444)).abs() < 0.02, "{}", lost(&few));
    assert!((lost(&one) - 12.5).abs() < 0.02, "{}", lost(&one));
    assert!(all_of_it(&one) > all_of_it(&few) + 0.1);
}

/// The league by hand. P = 10 − Q in the country of the first. Chips of 1 kW make 3.6 million tokens an hour, but four in ten are
/// down at any time: the first makes 2 for 1 $ with chips for 2 / 0.6, the second 6 for 2 $ with chips for 10, so P is 2. What is
/// down counts in chip-hours, as it was bought, and draws nothing.
#[test]
fn the_league_by_hand() {
    let plan = sellers(&[(1.0, 2.0 / 0.6), (2.0, 10.0)], &straight(), "Competition");
    let plan = plan.with("chips", "c", &chip(1.0, 1.0, 0.0, "").replace("availability_fraction: 1.0", "availability_fraction: 0.6"));
    let world = format!("(country: \"AA\", latitude: 0.0, longitude: 0.0, demand: {{\"chat\": (curve: {})}})", straight());
    let results = explained(&plan.with("markets", "world", &world).plan());
    let hour = 3.6e6;
    let right = [
        // sold, exported, revenue, cost, NPV, tokens per kWh, chip-hour and $
        [2.0, 0.0, 4.0, 2.0, 2.0, hour, 0.6 * hour, 1e6],
        [6.0, 6.0, 12.0, 12.0, 0.0, hour, 0.6 * hour, 5e5],
    ];
    for (actor, right) in results.trade.actors.iter().zip(right) {
        let found = [
            actor.answer_ttok[0],
            actor.exports_ttok[0],
            actor.revenue_musd[0],
            actor.cost_musd[0],
            actor.npv_musd,
            actor.tokens_per_kwh(0).unwrap(),
            actor.tokens_per_chip_hour(0).unwrap(),
            actor.tokens_per_usd(0).unwrap(),
        ];
        for (found, right) in found.iter().zip(right) {
            assert!((found - right).abs() <= 3.0 * PRICE * right.abs().max(4.0), "{}: {found} instead of {right}", actor.id);
        }
    }
    let tables = tokenworks::export::trade::tables(&results);
    let league = tables.iter().find(|table| table.name == "actors").unwrap();
    let cell = |row: usize, name: &str| league.rows[row][league.header.iter().position(|known| known == name).unwrap()].clone();
    assert_eq!(format!("{:?}", cell(0, "Share of all")), format!("{:?}", tokenworks::charts::TableCell::from("25 %")));
    let shares = tables.iter().find(|table| table.name == "market-shares").unwrap();
    assert_eq!(format!("{:?}", shares.rows[0][2..].to_vec()), format!("{:?}", ["25 %", "75 %"].map(tokenworks::charts::TableCell::from)));
    assert_eq!(format!("{:?}", cell(1, "Exported")), format!("{:?}", tokenworks::charts::TableCell::from("100 %")));
}
