//! The lender's view of whole plans, from their text to the figures.

use tokenworks::export::{json, text};
use tokenworks::plan::file;
use tokenworks::results::Results;
use tokenworks::results::lender::{Lender, repriced_value_musd};

use crate::sketch::{MEGASECONDS, Sketch, chip, near};

const EXACT: f64 = 1e-9;

fn lender(results: &Results) -> &Lender {
    results.lender.as_ref().unwrap_or_else(|| panic!("no lender's view"))
}

/// 1,000 chips of 1 M$ and 40,000 $ a year that make 31.536 Ttok a year for ten years, sold at 262.8 M$.
fn single_owner(finance: &str) -> Sketch {
    let price = 262.8 / MEGASECONDS;
    Sketch::new()
        .top("horizon", "(start: \"2027-01\", period_months: 12, periods: 10, discount_rate_fraction: 0.1)")
        .top("finance", finance)
        .with("chips", "c", &chip(1.0, 1e6, 40_000.0, "supply_per_period: {\"2027-01\": 1000.0, \"2028-01\": 0.0}").replace("life_years: 5.0", "life_years: 10.0"))
        .with(
            "markets",
            "near",
            &format!("(country: \"US\", latitude: 0.0, longitude: 0.0, demand: {{\"chat\": (segments: [(answer_gtok_per_day: 1e6, usd_per_mtok: (answer: {price:?}))])}})"),
        )
}

/// SAM's single owner as a plan: −1,000, 386.012, then nine times 176.012 M$; 272.4266363184 M$ at 10 %; 16.98270 %.
#[test]
fn the_single_owner_as_a_plan() {
    let results = single_owner("(tax_fraction: 0.21, depreciation: Bonus(1.0), loss: PaidOut)").best();
    let lender = lender(&results);
    let flows: Vec<f64> = lender.statement.years.iter().map(|year| year.to_owners).collect();
    near(flows[0], -1000.0, EXACT);
    near(flows[1], 386.012, EXACT);
    assert!(flows[2..].iter().all(|flow| (flow - 176.012).abs() < 1e-7), "{flows:?}");
    near(lender.figures.npv_after_tax, 272.426_636_318_4, 1e-9);
    assert!((lender.figures.irr_after_tax.unwrap() - 0.169_827_0).abs() < 5e-8);
    assert_eq!(results.kpis.npv_after_tax_musd, Some(lender.figures.npv_after_tax));
    // What the screen, the text and the file say.
    let text = text::render(&results);
    assert!(text.contains("Statement by year") && text.contains("IRR after tax"), "{text}");
    let document = json::document(&results);
    assert_eq!(document["lender"]["years"][1]["tax_musd"].as_f64().map(|tax| (tax * 1e3).round()), Some(-163_212.0));
    assert_eq!(document["kpis"]["npv_after_tax_musd"], document["lender"]["npv_after_tax_musd"]);
}

/// Halls, chips by quarters with lead times, power and a growing market: without tax, debt and inflation
/// the lender's figures are the plan's own, whatever the periods.
#[test]
fn without_tax_and_debt_the_figures_are_the_plans() {
    for (months, periods) in [(3, 13), (12, 4), (1, 20), (24, 2)] {
        let results = Sketch::new()
            .top("horizon", &format!("(start: \"2027-01\", period_months: {months}, periods: {periods}, discount_rate_fraction: 0.08)"))
            .top("finance", "()")
            .top("objective", "[MaxNpv]")
            .site("home", "interconnect_mw: 1000.0, pue: 1.2, buildable: {\"h\": (it_mw: 10.0, cooling: Liquid, capex_usd_per_w: 10.0, life_years: 20.0, at_most: 4.0)}")
            .grid("Tariff(energy_usd_per_mwh: 50.0)")
            .with("chips", "c", &chip(1.0, 40_000.0, 1_000.0, "supply_per_period: 5000.0").replace("lead_months: 0.0", "lead_months: 3.0"))
            .best();
        let lender = lender(&results);
        let kpis = &results.kpis;
        near(lender.figures.npv_before_tax, kpis.npv_musd, EXACT);
        near(lender.figures.npv_of_owners, kpis.npv_musd, EXACT);
        assert_eq!(lender.figures.irr_before_tax.is_some(), kpis.irr_fraction.is_some());
        near(lender.figures.irr_of_owners.unwrap_or(1.0), kpis.irr_fraction.unwrap_or(1.0), 1e-9);
        near(lender.lcot_usd_per_mtok.unwrap(), kpis.cost_usd_per_raw_mtok, EXACT);
        assert!(kpis.npv_musd > 0.0);
    }
}

/// Value after tax as the goal: of one chip it is the single owner's 272.4266363184 M$, the phase says so and the
/// certificate holds. With halls, plant, credits, inflation and quarters it is the statement's own figure. At a price where
/// a dollar before tax is worth building and one after tax is not (the shield comes late), nothing is built: 1,000 M$
/// written off in equal parts over 39 years, 1,000 / a(10 %, 10) = 162.7454 a year before tax; at 165 the
/// annuity leaves 2.2546 · 6.1446 = 13.85 M$ before tax, and tax of 21 % on what is not written off takes more.
#[test]
fn value_after_tax_as_the_goal() {
    let results = single_owner("(tax_fraction: 0.21, depreciation: Bonus(1.0), loss: PaidOut)").top("objective", "[MaxNpvAfterTax]").best();
    let phase = results.phases.iter().find(|phase| phase.name == "npv_after_tax").unwrap();
    near(phase.value, 272.426_636_318_4, 1e-9);
    assert!(results.certificate.checked);
    let plan = Sketch::new()
        .top("horizon", "(start: \"2027-01\", period_months: 3, periods: 14, discount_rate_fraction: 0.08)")
        .top("finance", "(tax_fraction: 0.25, inflation_fraction: 0.03, depreciation: Macrs3, hall_depreciation: Some(Straight(10.0)), loss: PaidOut, residual: {\"chips\": Curve(factor_per_year: 0.6)}, incentives: [InvestmentCredit(of: \"halls\", fraction: 0.1, basis_fraction: 0.5), ProductionCredit(contract: \"grid\", usd_per_mwh: 3.0, until: \"2029-01\")])")
        .top("objective", "[MaxNpvAfterTax]")
        .site("home", "interconnect_mw: 1000.0, pue: 1.2, om_usd_per_mw_year: 1000.0, buildable: {\"h\": (it_mw: 10.0, cooling: Liquid, capex_usd_per_w: 10.0, lead_months: 3.0, life_years: 20.0, at_most: 4.0)}")
        .grid("Tariff(energy_usd_per_mwh: {\"2027-01\": 50.0, \"2028-01\": 60.0}, fixed_usd_per_month: 1000.0)")
        .with("chips", "c", &chip(1.0, 40_000.0, 1_000.0, "supply_per_period: 5000.0").replace("lead_months: 0.0", "lead_months: 3.0"));
    let results = plan.best();
    let phase = results.phases.iter().find(|phase| phase.name == "npv_after_tax").unwrap();
    near(phase.value, lender(&results).figures.npv_after_tax, EXACT);
    assert!(phase.value > 0.0 && results.certificate.checked);
    let thin = |goal: &str| {
        single_owner("(tax_fraction: 0.21, depreciation: Straight(39.0), loss: PaidOut, residual: {\"chips\": ByAge([0.0])})")
            .top("objective", goal)
            .with("markets", "near", &format!("(country: \"US\", latitude: 0.0, longitude: 0.0, demand: {{\"chat\": (segments: [(answer_gtok_per_day: 1e6, usd_per_mtok: (answer: {:?}))])}})", 205.0 / MEGASECONDS))
            .best()
    };
    let before = thin("[MaxNpv]");
    near(before.kpis.npv_musd, 165.0 * 6.144_567_105_7 - 1000.0, 1e-8);
    assert!(lender(&before).figures.npv_after_tax < -10.0);
    let after = thin("[MaxNpvAfterTax]");
    near(after.kpis.capex_musd, 0.0, 1e-9);
    // A plan that doesn't say how it is taxed has no such value.
    let text = Sketch::new().top("objective", "[MaxNpvAfterTax]").plan();
    let problems =
        tokenworks::resolved::Resolved::new(&text, tokenworks::catalog::Catalog::embedded(), &tokenworks::resolved::Series::default())
            .unwrap_err();
    assert!(problems.iter().any(|problem| problem.code == "goal-needs-finance" && problem.path == "objective.0"), "{problems:#?}");
}

/// A plan that says nothing of it has no lender's view.
#[test]
fn nothing_is_said_where_the_plan_says_nothing() {
    let results = Sketch::new().fleet(10.0).best();
    assert!(results.lender.is_none() && results.kpis.npv_after_tax_musd.is_none());
    assert!(json::document(&results).get("lender").is_none());
}

/// What is left: 1,000 M$ of chips after ten years at 0.7 a year are worth 1,000 · 0.7^10 = 28.2475; at a
/// guarantee of 5 % of their cost, 50.
#[test]
fn worth_by_age_and_its_guarantee() {
    let end = |residual: &str| lender(&single_owner(&format!("(residual: {{\"chips\": {residual}}})")).best()).end_value_musd;
    near(end("Curve(factor_per_year: 0.7)"), 28.247_524_9, EXACT);
    near(end("Curve(factor_per_year: 0.7, floor: 0.05)"), 50.0, EXACT);
    near(end("ByAge([1.0, 0.5, 0.1])"), 100.0, EXACT);
    let results = single_owner("(residual: {\"chips\": Curve(catalog: \"chip-resale-a100\")})").best();
    near(lender(&results).end_value_musd, 1000.0 * 0.718f64.powi(10), EXACT);
}

/// 30 % of 1,000 M$ in the first year; 10 $ for each MWh of 1 MW all year long, for two years: 0.0876 M$.
#[test]
fn credits_by_date() {
    let results = single_owner("(incentives: [InvestmentCredit(of: \"chips\", fraction: 0.3, until: \"2027-07\"), InvestmentCredit(of: \"chips\", fraction: 0.5, from: \"2027-07\"), ProductionCredit(contract: \"grid\", usd_per_mwh: 10.0, until: \"2029-01\")])").best();
    let credits: Vec<f64> = lender(&results).statement.years.iter().map(|year| year.credits).collect();
    near(credits[1], 300.0 + 0.0876, EXACT);
    near(credits[2], 0.0876, EXACT);
    assert!(credits[3..].iter().all(|credit| *credit == 0.0));
}

/// Break-evens hold when the plan is stated with them and solved again.
#[test]
fn break_evens_by_solving() {
    let finance = "(tax_fraction: 0.21, debt: Share(fraction: 0.5, rate_fraction: 0.07, years: 6), equity_return_fraction: 0.12)";
    let base = single_owner(finance);
    let results = base.best();
    let view = lender(&results);
    let factor = view.break_evens.least_price_factor.unwrap();
    assert!(repriced_value_musd(view, factor).abs() < 1e-6);
    let with_price = |usd: f64, yearly: f64| {
        format!(
            "(country: \"US\", latitude: 0.0, longitude: 0.0, demand: {{\"chat\": (price_factor_per_year: {yearly:?}, segments: [(answer_gtok_per_day: 1e6, usd_per_mtok: (answer: {usd:?}))])}})"
        )
    };
    let price = 262.8 / MEGASECONDS;
    let again = base.clone().with("markets", "near", &with_price(price * factor, 1.0)).best();
    assert!(lender(&again).figures.npv_of_owners.abs() < 1e-6, "{}", lender(&again).figures.npv_of_owners);
    // The levelised cost is that price.
    near(view.lcot_usd_per_mtok.unwrap(), price * factor, 1e-9);
    // Prices that fall every year: nothing is left after tax at the break-even.
    let yearly = view.break_evens.price_factor_per_year.unwrap();
    assert!(yearly < 1.0 && yearly > 0.5, "{yearly}");
    let again = base.clone().with("markets", "near", &with_price(price, yearly)).best();
    assert!(lender(&again).figures.npv_after_tax.abs() < 1e-6, "{}", lender(&again).figures.npv_after_tax);
    // And a faster fall never raises it.
    assert!(view.repricing.windows(2).all(|pair| pair[0].1 >= pair[1].1 - 1e-9));
    // Chips at the most they may cost.
    let cost = view.break_evens.most_chip_cost_factor.unwrap();
    let dearer = chip(1.0, 1e6 * cost, 40_000.0, "supply_per_period: {\"2027-01\": 1000.0, \"2028-01\": 0.0}")
        .replace("life_years: 5.0", "life_years: 10.0");
    let again = base.with("chips", "c", &dearer).best();
    assert!(lender(&again).figures.npv_of_owners.abs() < 1e-6, "{}", lender(&again).figures.npv_of_owners);
}

/// Worse cases pay the debt of the plan: prices 30 % lower leave 262.8 · 0.7 − 40 = 143.96 M$ for it.
#[test]
fn worse_cases_keep_the_debt() {
    let results = single_owner("(debt: Sculpted(dscr: 1.3, rate_fraction: 0.08, years: 7))").best();
    let view = lender(&results);
    near(view.figures.dscr_least.unwrap(), 1.3, EXACT);
    near(view.figures.llcr_least.unwrap(), 1.3, EXACT);
    let cover = |name: &str| view.stresses.iter().find(|stress| stress.name.contains(name)).unwrap().dscr_least.unwrap();
    near(cover("as planned"), 1.3, EXACT);
    near(cover("30 %"), 1.3 * 143.96 / 222.8, EXACT);
    near(cover("fifth"), 1.3 * (262.8 * 0.8 - 40.0) / 222.8, EXACT);
    // Half of the first year's sales come a year later: 131.4 − 40 in the first.
    near(cover("late"), 1.3 * (131.4 - 40.0) / 222.8, EXACT);
}

/// All faults at once, each with its place.
#[test]
fn faults_are_told_together() {
    let text = single_owner("(tax_fraction: 2.0, depreciation: Straight(0.0), debt: Share(fraction: 0.5, rate_fraction: 0.07, years: 3, grace_years: 3), residual: {\"chip\": ByAge([0.5]), \"halls\": Curve(floor: 0.1), \"plant\": ByAge([])}, incentives: [InvestmentCredit(of: \"cars\", fraction: 0.1), ProductionCredit(contract: \"gird\", usd_per_mwh: 10.0, from: \"2028-01\", until: \"2027-01\")])").text();
    let found: Vec<(&str, String)> =
        file::read_plan(&text).diagnostics.iter().map(|problem| (problem.code, problem.path.clone())).collect();
    for (code, path) in [
        ("out-of-range", "finance.tax_fraction"),
        ("out-of-range", "finance.depreciation.value"),
        ("bad-grace", "finance.debt.grace_years"),
        ("unknown-class", "finance.residual.chip"),
        ("curve-course", "finance.residual.halls"),
        ("empty-ages", "finance.residual.plant"),
        ("unknown-class", "finance.incentives.0.of"),
        ("unknown-reference", "finance.incentives.1.contract"),
        ("bad-dates", "finance.incentives.1.until"),
    ] {
        assert!(found.iter().any(|(known, at)| *known == code && at == path), "{code} at {path} is missing in {found:#?}");
    }
}

/// Credits that never count are named, and credits of more than what is bought are refused.
#[test]
fn credits_that_cannot_be_meant() {
    let found = |incentives: &str| -> Vec<(&str, String)> {
        let text = single_owner(&format!("(incentives: [{incentives}])")).text();
        file::read_plan(&text).diagnostics.iter().map(|problem| (problem.code, problem.path.clone())).collect()
    };
    assert_eq!(
        found("InvestmentCredit(of: \"chips\", fraction: 0.3, from: \"2050-01\")"),
        [("no-effect", "finance.incentives.0.from".to_owned())]
    );
    assert_eq!(
        found("ProductionCredit(contract: \"grid\", usd_per_mwh: 3.0, until: \"2020-01\")"),
        [("no-effect", "finance.incentives.0.until".to_owned())]
    );
    let twice = "InvestmentCredit(of: \"chips\", fraction: 0.7)";
    assert_eq!(found(&format!("{twice}, {twice}")), [("credits-beyond-cost", "finance.incentives".to_owned())]);
}
