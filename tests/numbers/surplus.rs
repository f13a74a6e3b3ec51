//! Who has what of trade: the accounts of buyers, sellers and governments together are what buyers would have paid less what
//! things cost, on random plans with duties, subsidies and credits of every kind; each kind by hand.

use tokenworks::results::Results;
use tokenworks::results::trade::Surplus;

use super::competition::straight;
use crate::common::dice::Dice;
use crate::sketch::{Sketch, chip, near};

/// Ttok a year for a Gtok a day.
const YEAR: f64 = 0.365;

fn surplus(results: &Results) -> &Surplus {
    &results.trade.equilibrium.as_ref().unwrap().surplus
}

fn of(results: &Results, country: &str, what: &str) -> f64 {
    surplus(results)
        .transfers
        .iter()
        .filter(|transfer| transfer.country == country && transfer.what == what)
        .map(|transfer| transfer.musd)
        .sum()
}

/// One actor in AA that buys chips for a year: 10 kW and 20,000 $ each, 1,000 tok/s; power 100 $/MWh, egress 0.1 $/Mtok.
fn one_seller(more: &str) -> Sketch {
    Sketch::new()
        .top("objective", "[MarketEquilibrium(Competition)]")
        .without("sites", "home")
        .without("contracts", "grid")
        .without("markets", "near")
        .with("actors", "a", "(country: \"AA\")")
        .with("chips", "c", &chip(10.0, 20_000.0, 0.0, "supply_per_period: 1e6, origin: \"TW\"").replace("life_years: 5.0", "life_years: 1.0"))
        .with(
            "sites",
            "a",
            "(country: \"AA\", latitude: 0.0, longitude: 0.0, interconnect_mw: 1000.0, pue: 1.0, egress_usd_per_mtok: 0.1, halls: {\"hall\": (it_mw: 1000.0, cooling: Liquid)})",
        )
        .with("contracts", "a", &format!("(site: \"a\", carbon_g_per_kwh: 500.0, terms: Tariff(energy_usd_per_mwh: 100.0){more})"))
        .with("markets", "world", &format!("(country: \"WW\", latitude: 0.0, longitude: 0.0, demand: {{\"chat\": (curve: {})}})", straight()))
}

/// A chip makes 0.031536 Ttok and takes 87.6 MWh: 20,000 + 8,760 $ of it, so 28,760 / 31,536 + 0.1 = 1.01198 $/Mtok in all; at that
/// price 10 − 1.01198 are bought, and a subsidy of 20 $/MWh lowers the price by 1,752 / 31,536 = 0.05556, which the country pays.
#[test]
fn a_power_subsidy_by_hand() {
    let plain = one_seller("").best();
    let price = 28_760.0 / 31_536.0 + 0.1;
    near(plain.trade.prices[0].usd_per_mtok[0].unwrap(), price, 1e-3);
    assert!(surplus(&plain).transfers.is_empty());
    for rule in [
        "PowerSubsidy(usd_per_mwh: 20.0)",
        "PowerSubsidy(site: Some(\"a\"), usd_per_mwh: {\"2026-01\": 20.0})",
        "PowerSubsidy(site_country: Some(\"AA\"), usd_per_mwh: 20.0)",
        "PowerSubsidy(actor: \"a\", usd_per_mwh: 20.0)",
    ] {
        let results = one_seller("").with("policies", "power", rule).best();
        let lower = price - 1_752.0 / 31_536.0;
        near(results.trade.prices[0].usd_per_mtok[0].unwrap(), lower, 1e-3);
        let sold = results.trade.prices[0].sold_ttok[0];
        near(sold, 10.0 - lower, 1e-3);
        near(of(&results, "AA", "subsidies on power"), -sold * 1_752.0 / 31_536.0, 1e-9);
    }
    // Of another country, and of what stands behind the meter, nothing.
    let elsewhere = one_seller("").with("policies", "power", "PowerSubsidy(site_country: Some(\"BB\"), usd_per_mwh: 20.0)").best();
    assert!(surplus(&elsewhere).transfers.is_empty());
    let another =
        one_seller("").with("actors", "b", "(country: \"BB\")").with("policies", "power", "PowerSubsidy(actor: \"b\", usd_per_mwh: 20.0)");
    assert!(surplus(&another.best()).transfers.is_empty());
}

/// Credits go from the government to the seller, who does not reckon with them: the price stays, and that is said.
#[test]
fn credits_are_in_the_accounts() {
    let finance = "(tax_fraction: 0.2, incentives: [ProductionCredit(contract: \"a\", usd_per_mwh: 5.0), InvestmentCredit(of: \"chips\", fraction: 0.1)])";
    let (plain, results) = (one_seller("").best(), one_seller("").top("finance", finance).best());
    let sold = results.trade.prices[0].sold_ttok[0];
    near(sold, plain.trade.prices[0].sold_ttok[0], 1e-9);
    // 87.6 MWh at 5 $ and a tenth of 20,000 $ of each chip.
    let credits = sold / 0.031_536 * (438.0 + 2_000.0) * 1e-6;
    near(of(&results, "AA", "credits"), -credits, 1e-6);
    near(surplus(&results).producers_musd[0] - surplus(&plain).producers_musd[0], credits, 1e-6);
    near(surplus(&results).total_musd(), surplus(&plain).total_musd(), 1e-9);
    assert!(results.warnings.iter().any(|warning| warning.code == "before-tax"));
}

/// What buyers of a curve would pay at most for a volume, M$: worked out here.
fn worth(curve: &Curve, volume: f64) -> f64 {
    match curve {
        Curve::Straight(top, free) => top * volume - 0.5 * top / free * volume * volume,
        // ∫ p (q/v)^(−1/ε) dq from nothing.
        Curve::Bent(price, known, elasticity) => {
            let power = 1.0 - 1.0 / elasticity;
            price * known.powf(1.0 / elasticity) * volume.powf(power) / power
        }
    }
}

enum Curve {
    Straight(f64, f64),
    Bent(f64, f64, f64),
}

impl Curve {
    fn text(&self) -> String {
        match self {
            Self::Straight(top, free) => format!("Linear(nobody_buys_at_usd_per_mtok: {top:?}, free_gtok_per_day: {:?})", free / YEAR),
            Self::Bent(price, volume, elasticity) => {
                format!("Isoelastic(at_usd_per_mtok: {price:?}, at_gtok_per_day: {:?}, elasticity: {elasticity:?})", volume / YEAR)
            }
        }
    }
}

/// Whatever duties, subsidies and credits there are and however prices form: all accounts together are what buyers would have
/// paid less chips, power and sending at their own prices, to 1e-6 of it.
#[test]
fn accounts_add_up_on_random_plans() {
    let mut dice = Dice(19);
    let mut kinds = std::collections::BTreeSet::new();
    for number in 0..24 {
        let pick = |dice: &mut Dice, from: f64, to: f64| from + (to - from) * dice.roll(1 << 30) as f64 / f64::from(1 << 30);
        let conduct = ["Competition", "Cournot", "Cartel"][number % 3];
        let mut sketch = Sketch::new()
            .top("objective", &format!("[MarketEquilibrium({conduct})]"))
            .without("sites", "home")
            .without("contracts", "grid")
            .without("markets", "near");
        let capex = pick(&mut dice, 10_000.0, 40_000.0);
        sketch = sketch.with(
            "chips",
            "c",
            &chip(10.0, capex, 0.0, "supply_per_period: 1e6, origin: \"TW\"").replace("life_years: 5.0", "life_years: 1.0"),
        );
        let actors = 1 + dice.below(3);
        let mut prices = Vec::new();
        for (id, country) in [("a", "AA"), ("b", "BB"), ("c", "CC")].into_iter().take(actors) {
            let (usd_mwh, egress) = (pick(&mut dice, 20.0, 150.0), pick(&mut dice, 0.0, 0.5));
            prices.push((usd_mwh, egress));
            sketch = sketch
                .with("actors", id, &format!("(country: {country:?})"))
                .with(
                    "sites",
                    id,
                    &format!(
                        "(country: {country:?}, latitude: 0.0, longitude: 0.0, interconnect_mw: {:?}, pue: 1.0, egress_usd_per_mtok: {egress:?}, halls: {{\"hall\": (it_mw: 1000.0, cooling: Liquid)}})",
                        pick(&mut dice, 0.5, 10.0)
                    ),
                )
                .with("contracts", id, &format!("(site: {id:?}, carbon_g_per_kwh: 400.0, terms: Tariff(energy_usd_per_mwh: {usd_mwh:?}))"));
            let roll = |dice: &mut Dice| dice.roll(3) == 0;
            if roll(&mut dice) {
                sketch = sketch.with(
                    "policies",
                    &format!("duty-{id}"),
                    &format!("TokenDuty(site_country: {country:?}, market_country: \"WW\", usd_per_mtok: 0.3)"),
                );
            }
            if roll(&mut dice) {
                sketch = sketch.with(
                    "policies",
                    &format!("import-{id}"),
                    &format!("ImportDuty(site_country: {country:?}, origin: \"TW\", rate_fraction: 0.25)"),
                );
            }
            if roll(&mut dice) {
                let ceiling = if roll(&mut dice) { ", ceiling_musd: 0.2" } else { "" };
                sketch =
                    sketch.with("policies", &format!("help-{id}"), &format!("CapexSubsidy(site: {id:?}, rate_fraction: 0.2{ceiling})"));
            }
            if roll(&mut dice) {
                sketch = sketch.with("policies", &format!("power-{id}"), &format!("PowerSubsidy(site: Some({id:?}), usd_per_mwh: 12.0)"));
            }
            if roll(&mut dice) {
                sketch = sketch.with(
                    "policies",
                    &format!("carbon-{id}"),
                    &format!("CarbonPrice(site_country: Some({country:?}), usd_per_t: 30.0)"),
                );
            }
        }
        if dice.roll(3) == 0 {
            sketch = sketch.top("finance", "(tax_fraction: 0.2, incentives: [ProductionCredit(contract: \"a\", usd_per_mwh: 5.0), InvestmentCredit(of: \"chips\", fraction: 0.1)])");
        }
        let curves: Vec<Curve> = (0..=dice.below(2))
            .map(|_| {
                if dice.roll(2) == 0 {
                    Curve::Straight(pick(&mut dice, 4.0, 12.0), pick(&mut dice, 3.0, 20.0))
                } else {
                    Curve::Bent(pick(&mut dice, 1.0, 3.0), pick(&mut dice, 1.0, 5.0), pick(&mut dice, 1.2, 2.5))
                }
            })
            .collect();
        for (curve, (id, country)) in curves.iter().zip([("w", "WW"), ("x", "AA")]) {
            let market = format!("(country: {country:?}, latitude: 0.0, longitude: 0.0, demand: {{\"chat\": (curve: {})}})", curve.text());
            sketch = sketch.with("markets", id, &market);
        }
        let results = sketch.best();
        let sold =
            |market: usize| results.trade.prices.iter().filter(|price| price.market == market).map(|price| price.sold_ttok[0]).sum::<f64>();
        let paid: f64 = curves.iter().enumerate().map(|(market, curve)| worth(curve, sold(market))).sum();
        let chips: f64 = results.fleet.iter().map(|fleet| fleet.orders[0]).sum::<f64>() * capex * 1e-6;
        let power: f64 = results.contracts.iter().zip(&prices).map(|(contract, (usd, _))| contract.energy_gwh[0] * usd * 1e-3).sum();
        let sending: f64 = results.flows.iter().map(|flow| flow.answer_ttok[0] * prices[flow.site.unwrap()].1).sum();
        let right = paid - chips - power - sending;
        let accounts = surplus(&results);
        assert!(
            (accounts.total_musd() - right).abs() <= 1e-6 * paid,
            "{number}: {} instead of {right}\n{accounts:#?}\n{}",
            accounts.total_musd(),
            sketch.text()
        );
        let by_country: f64 = accounts.governments_musd.iter().map(|(_, musd)| musd).sum();
        near(by_country + 1.0, accounts.transfers.iter().map(|transfer| transfer.musd).sum::<f64>() + 1.0, 1e-12);
        kinds.extend(accounts.transfers.iter().map(|transfer| transfer.what));
    }
    let all = ["credits", "duties on chips", "duties on tokens", "price of carbon", "subsidies on power", "subsidies on what is ordered"];
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), all);
}
