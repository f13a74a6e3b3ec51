//! What an answer says of money, of where tokens come from and of dates: sums that must agree on every
//! plan, and cases worked out by hand.

use tokenworks::plan::Plan;
use tokenworks::plan::edit::{Edit, apply};
use tokenworks::resolved::Series;
use tokenworks::results::money::{cash_value_musd, single_price_revenue};
use tokenworks::results::passport::passports;
use tokenworks::results::{Results, Role};
use tokenworks::study::late::Dates;
use tokenworks::study::why_not::{Subject, why_not};
use tokenworks::study::{Options, with_scenario};

use crate::sketch::{MEGASECONDS, Sketch, best, chip, near, read};

/// The plans that ship, by name.
pub fn shipped() -> Vec<(String, std::sync::Arc<Results>)> {
    let mut plans = Vec::new();
    for folder in ["plans", "plans/reference"] {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "ron") {
                plans.push((path.display().to_string(), best(&read(&std::fs::read_to_string(&path).unwrap()))));
            }
        }
    }
    assert!(plans.len() >= 9, "{}", plans.len());
    plans
}

#[test]
fn passports_add_up_to_the_answer() {
    for (name, results) in shipped() {
        println!("{name}");
        let all = passports(&results, None);
        let sum = |of: &dyn Fn(&tokenworks::results::passport::Passport) -> f64| all.passports.iter().map(of).sum::<f64>();
        let rest = |of: &dyn Fn(&tokenworks::results::passport::Burden) -> f64| of(&all.training) + of(&all.idle);
        near(sum(&|passport| passport.answer_ttok), results.kpis.answer_tokens_ttok, 1e-6);
        near(sum(&|passport| passport.revenue_musd), results.money.iter().map(|money| money.revenue_musd).sum(), 1e-6);
        let cost = |burden: &tokenworks::results::passport::Burden| burden.cost_total_musd();
        near(
            sum(&|passport| cost(&passport.burden)) + rest(&cost),
            results.money.iter().map(tokenworks::results::PeriodMoney::cost_total_musd).sum(),
            1e-6,
        );
        let carbon = |burden: &tokenworks::results::passport::Burden| burden.carbon_kt;
        near(sum(&|passport| carbon(&passport.burden)) + rest(&carbon), results.kpis.carbon_kt, 1e-6);
        let energy = |burden: &tokenworks::results::passport::Burden| burden.energy_total_gwh();
        let drawn: f64 =
            results.contracts.iter().filter(|contract| contract.kind.role == Role::Energy).flat_map(|contract| &contract.energy_gwh).sum();
        near(sum(&|passport| energy(&passport.burden)) + rest(&energy), drawn, 1e-6);
        // What was made or bought is what was sold, and every token made has a grade.
        for passport in &all.passports {
            let made: f64 = passport.made_ttok.iter().map(|(_, ttok)| ttok).sum();
            let bought: f64 = passport.bought_ttok.iter().map(|(_, ttok)| ttok).sum();
            near(made + bought, passport.answer_ttok, 1e-6);
            near(passport.graded_ttok.iter().sum(), made, 1e-6);
        }
        // Period by period they are the same in all.
        let by_period: f64 = (0..results.periods.len())
            .flat_map(|period| passports(&results, Some(period)).passports)
            .map(|passport| cost(&passport.burden))
            .sum();
        near(by_period, sum(&|passport| cost(&passport.burden)), 1e-9);
    }
}

/// The same money twice: orders paid when they are made, with what is unpaid at the end as terminal value,
/// and annuities. The rate of return makes both worth nothing.
#[test]
fn cash_and_annuities_agree() {
    for (name, results) in shipped() {
        let rate = results.periods.first().map_or(0.0, |period| 1.0 / period.discount - 1.0);
        let size = results.kpis.revenue_npv_musd.abs().max(results.kpis.cost_npv_musd.abs());
        let cash = cash_value_musd(&results, rate);
        println!("{name}: NPV {:.3}, cash {cash:.3} M$, IRR {:?}", results.kpis.npv_musd, results.kpis.irr_fraction);
        assert!((cash - results.kpis.npv_musd).abs() <= 1e-9 * size, "{name}: {cash} is not {}", results.kpis.npv_musd);
        if let Some(rate) = results.kpis.irr_fraction {
            assert!(cash_value_musd(&results, rate).abs() <= 1e-6 * size, "{name}");
        }
    }
}

/// 1,000 chips make 31.536 Ttok a year; 10 of them sell at 3 $, the rest at 1 $: at one price all sell at 1 $.
#[test]
fn a_single_price_is_the_lowest_sold() {
    let market = |more: &str| {
        format!(
            "(country: \"US\", latitude: 0.0, longitude: 0.0, {more} demand: {{\"chat\": (segments: [(answer_gtok_per_day: {:?}, usd_per_mtok: (answer: 3.0)), (answer_gtok_per_day: 1e6, usd_per_mtok: (answer: 1.0))])}})",
            10_000.0 / 365.0
        )
    };
    let results = Sketch::new().fleet(1000.0).with("markets", "near", &market("single_price: true,")).best();
    let (by_segment, at_one) = single_price_revenue(&results, 0);
    near(by_segment, 10.0 * 3.0 + (MEGASECONDS - 10.0), 1e-9);
    near(at_one, MEGASECONDS, 1e-9);
    let warning = results.warnings.iter().find(|warning| warning.code == "single-price").unwrap();
    assert!(warning.message.contains("31.5 M$ instead of the 51.5 M$"), "{}", warning.message);
    let apart = Sketch::new().fleet(1000.0).with("markets", "near", &market("")).best();
    assert!(apart.warnings.iter().all(|warning| warning.code != "single-price"));
}

/// A thousand chips can be bought in each of three years, two thousand in the last, and three thousand
/// fit. Each thousand makes 31.536 Ttok a year. Missing the first order loses it for three years less
/// what the last year's larger supply makes up; missing the second loses one year of it.
#[test]
fn a_missed_date_costs_what_cannot_be_made_up() {
    let sketch = Sketch::new()
        .top("horizon", "(start: \"2027-01\", period_months: 12, periods: 3, discount_rate_fraction: 0.0)")
        .site("home", "interconnect_mw: 1000.0, pue: 1.0, halls: {\"hall\": (it_mw: 3.0, cooling: Liquid)}")
        .with("chips", "c", &chip(1.0, 1.0, 0.0, "supply_per_period: {\"2027-01\": 1000, \"2029-01\": 2000}"));
    let dates = Dates::new(&sketch.plan(), &Series::default(), &Options::default()).unwrap();
    let amounts: Vec<f64> = dates.decisions.iter().map(|decision| decision.amount).collect();
    assert_eq!(amounts.len(), 3, "{:#?}", dates.decisions);
    for amount in &amounts {
        near(*amount, 1000.0, 1e-6);
    }
    let lost: Vec<f64> = dates.decisions.iter().map(|decision| -dates.late(decision).first_change.unwrap()).collect();
    // 6,000 chip-years in all: late in 2027 leaves 1,000 · 2 + 2,000 · 1, in 2028 1,000 · 3 + 2,000 · 1, in 2029 1,000 · 3 + 1,000 · 2.
    for (lost, chip_years) in lost.iter().zip([2.0, 1.0, 1.0]) {
        near(*lost, chip_years * MEGASECONDS, 1e-6);
    }
    let first = dates.decisions.first().unwrap();
    assert!(first.sentence().starts_with("Order 1,000 c for home by 2027-01; in service at once"), "{}", first.sentence());
    let sentence = dates.late(first).sentence;
    assert!(sentence.starts_with("One period late, 63.1 Ttok (33.3 %) are lost"), "{sentence}");
}

/// The edits that say in the plan how much of something there must be.
type InThePlan = Box<dyn Fn(f64) -> Vec<Edit>>;

/// "Why not" forces one unit into the program; the same said in the plan itself, as a decision already
/// made or a contract of a fixed size, must cost the same in tokens and in money.
#[test]
fn why_not_costs_what_the_plan_says_it_costs() {
    let years = |mut plan: Plan| {
        for (path, value) in [("horizon.period_months", "12"), ("horizon.periods", "4")] {
            apply(&mut plan, &Edit::set(path, value)).unwrap();
        }
        plan
    };
    let text = |path: &str| std::fs::read_to_string(path).unwrap();
    let texas = years(read(&text("plans/texas.ron")));
    let plans = [
        with_scenario(&texas, "late-grid").unwrap(),
        with_scenario(&texas, "half-the-money").unwrap(),
        texas,
        years(read(&text("plans/gansu.ron"))),
        read(&text("tests/plans/small.ron")),
        read(&text("tests/plans/one-site.ron")),
    ];
    let mut asked = 0;
    for plan in &plans {
        let base = best(plan);
        let value = |results: &Results, name: &str| results.phases.iter().find(|phase| phase.name == name).map_or(0.0, |phase| phase.value);
        let mut questions: Vec<(Subject, InThePlan)> = Vec::new();
        let decision = |site: &str, what: String| {
            let site = site.to_owned();
            move |least: f64| vec![Edit::insert("decisions", "asked", format!("(site: {site:?}, what: {what}, at_least: {least:?})"))]
        };
        for (site, of_site) in &plan.sites {
            for chip in plan.chips.keys() {
                let subject = Subject::Chip { site: site.clone(), chip: chip.clone() };
                questions.push((subject, Box::new(decision(site, format!("Chips({chip:?})")))));
            }
            for kind in of_site.buildable.keys() {
                let subject = Subject::Hall { site: site.clone(), kind: kind.clone() };
                questions.push((subject, Box::new(decision(site, format!("Halls({kind:?})")))));
            }
        }
        for contract in base.contracts.iter().filter(|contract| matches!(contract.kind.variant, "PayAsProduced" | "Baseload")) {
            let path = format!("contracts.{}.terms.contract_mw", contract.id);
            questions.push((
                Subject::Contract(contract.id.clone()),
                Box::new(move |mw| vec![Edit::set(path.clone(), format!("Fixed({mw:?})"))]),
            ));
        }
        for (subject, edits) in questions {
            // What can't be used at all is said in words and has nothing to compare.
            let Ok(why) = why_not(plan, &Series::default(), &Options::default(), &subject) else { continue };
            let mut forced = plan.clone();
            for edit in edits(why.used + why.forced) {
                apply(&mut forced, &edit).unwrap();
            }
            let again = best(&forced);
            let agree = |said: f64, name: &str| {
                let found = value(&again, name) - value(&base, name);
                let room = 1e-4 * found.abs() + 2e-7 * value(&base, name).abs();
                assert!((said - found).abs() <= room, "{} {subject:?}: {name} {said} against {found}", plan.name);
            };
            agree(why.first_change, "tokens");
            // Where NPV is the goal, it is what NPV loses.
            let (money, sign) = if why.is_npv { ("npv", -1.0) } else { ("cost", 1.0) };
            agree(sign * why.cost_change_musd, money);
            println!("{} {subject:?}: {} {}, {} M$", plan.name, why.first_change, why.first_unit, why.cost_change_musd);
            asked += 1;
        }
    }
    println!("{asked} questions");
    assert!(asked >= 30, "{asked}");
}

/// No worth of a limit is what rounding leaves of nothing: on every bundled plan each is something or zero.
#[test]
fn no_worth_is_dust() {
    for path in ["plans/texas.ron", "plans/gansu.ron"] {
        let results = best(&read(&std::fs::read_to_string(path).unwrap()));
        let scales = [results.phases[0].value.abs(), results.phases[1].value.abs()];
        for binding in &results.binding {
            for (worth, scale) in [binding.dual, binding.dual_musd.unwrap_or(0.0)].into_iter().zip(scales) {
                assert!(worth == 0.0 || worth.abs() * binding.limit.abs().max(1.0) > 1e-9 * scale, "{path}: {}", binding.sentence);
            }
        }
    }
}
