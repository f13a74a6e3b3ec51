//! Tax, debt and what is left: hand cases to the digits, and a second program's answers to random ones.

use serde_json::Value;
use tokenworks::finance::figures::owners_value;
use tokenworks::finance::levels::{crossing, lease_break_even, least_revenue_factor, levelised, most_cost_factor};
use tokenworks::finance::statement::statement_under;
use tokenworks::finance::value::{Payment, present_value, rate_of_return};
use tokenworks::finance::{Asset, Debt, Depreciation, Figures, Loss, Project, Shape, Terms, statement};

fn asset(cost: f64, depreciation: Depreciation) -> Asset {
    Asset { cost, paid_years: 0.0, serves_years: 0.0, depreciation, end_value: 0.0, credit_fraction: 0.0, credit_basis_fraction: 0.0 }
}

fn level(years: usize, revenue: f64, opex: f64, assets: Vec<Asset>) -> Project {
    Project { revenue: vec![revenue; years], opex: vec![opex; years], credits: vec![], assets, end_years: years as f64 }
}

fn figures(project: &Project, terms: &Terms) -> Figures {
    Figures::of(project, terms, &statement(project, terms))
}

#[track_caller]
fn near(value: f64, wanted: f64, tolerance: f64) {
    assert!((value - wanted).abs() <= tolerance, "{value} is not {wanted}");
}

#[track_caller]
fn same(value: f64, wanted: f64) {
    near(value, wanted, 1e-9 * wanted.abs().max(1e-3));
}

fn of(payments: &[Payment]) -> Vec<f64> {
    payments.iter().map(|(_, money)| *money).collect()
}

/// SAM, single owner: capex 1e9, ten years of 262.8 M$ less 40 M$, tax 21 %, everything written off in
/// the first year, the loss paid out. Year 1: 222.8 − 0.21 · (222.8 − 1000) = 386.012; then 222.8 · 0.79.
#[test]
fn single_owner_with_full_bonus_is_as_published() {
    let project = level(10, 262_800_000.0, 40_000_000.0, vec![asset(1e9, Depreciation::Bonus(1.0))]);
    let terms = Terms { tax: 0.21, ..Terms::plain(0.1) };
    let made = statement(&project, &terms);
    let flows = of(&made.project_payments());
    near(flows[0], -1e9, 1e-3);
    near(flows[1], 386_012_000.0, 1e-3);
    assert!(flows[2..=10].iter().all(|flow| (flow - 176_012_000.0).abs() < 1e-3), "{flows:?}");
    let figures = Figures::of(&project, &terms, &made);
    near(figures.npv_after_tax, 272_426_636.318_4, 1e-4);
    near(figures.irr_after_tax.unwrap(), 0.169_827_0, 5e-8);
    // Without debt the owners have what the project has.
    same(figures.npv_of_owners, figures.npv_after_tax);
}

/// 600 of 1,000 at 8 % over 5 years: 600 · 0.2504564545668364 = 150.2738727401 a year; the first pays
/// 48 of interest and 102.2738727401 of principal. Cover 250 / 150.2738727401 = 1.663629196.
#[test]
fn a_level_annuity() {
    let debt = Debt::Share { fraction: 0.6, rate: 0.08, years: 5, grace: 0, shape: Shape::Annuity, fee: 0.0 };
    let project = level(10, 300.0, 50.0, vec![asset(1000.0, Depreciation::Macrs5)]);
    let made = statement(&project, &Terms { debt, ..Terms::plain(0.1) });
    for year in &made.years[1..=5] {
        near(year.interest + year.principal, 150.273_872_740_1, 1e-9);
        near(year.dscr.unwrap(), 250.0 / 150.273_872_740_1, 1e-11);
    }
    near(made.years[1].interest, 48.0, 1e-12);
    near(made.years[1].principal, 102.273_872_740_1, 1e-9);
    near(made.years[5].owed, 0.0, 1e-9);
    assert!(made.years[6..].iter().all(|year| year.dscr.is_none() && year.interest == 0.0));
    near(made.years[0].to_owners, -400.0, 1e-12);
}

/// Debt at a cover of 1.3 over 5 of 10 years, MACRS-5, tax 25 % with losses paid out, 8 %, EBITDA 250 on
/// 1,000. With B before the year's payment and b after it, CFADS = 250 − 0.25 · (250 − dep − 0.08 B) and
/// B · 1.08 − CFADS / 1.3 = b, so B · (1.08 − 0.02/1.3) = b + (187.5 + 0.25 · dep) / 1.3:
///   dep 200, 320, 192, 115.2, 115.2: (…)/1.3 = 182.6923, 205.7692, 181.1538, 166.3846, 166.3846
///   B₄ = 166.3846 / 1.0646154 = 156.2861, B₃ = 303.0867, B₂ = 454.8502, B₁ = 620.5240, B₀ = 754.4662.
/// Year 1: interest 60.3573, tax 0.25 · (250 − 200 − 60.3573) = −2.5893, CFADS 252.5893, service 194.2995.
#[test]
fn debt_sculpted_to_a_cover() {
    let debt = Debt::Sculpted { dscr: 1.3, rate: 0.08, years: 5, most_fraction: 1.0, fee: 0.0 };
    let project = level(10, 300.0, 50.0, vec![asset(1000.0, Depreciation::Macrs5)]);
    let made = statement(&project, &Terms { tax: 0.25, debt, ..Terms::plain(0.1) });
    let owed: Vec<f64> = made.years.iter().map(|year| year.owed).collect();
    let wanted = [754.466_219_541_935_4, 620.524_036_804_645_2, 454.850_205_336_637_7, 303.086_680_143_005_1, 156.286_127_167_630_04, 0.0];
    for (owed, wanted) in owed.iter().zip(wanted) {
        near(*owed, wanted, 1e-9);
    }
    let first = &made.years[1];
    near(first.interest, 60.357_297_563_354_83, 1e-10);
    near(first.tax, -2.589_324_390_838_708, 1e-10);
    near(first.cfads, 252.589_324_390_838_7, 1e-10);
    for year in &made.years[1..=5] {
        near(year.dscr.unwrap(), 1.3, 1e-12);
    }
    // The loan life cover of sculpted debt is its cover, in every year; and D is the page's sum.
    assert!(made.years[..5].iter().all(|year| (year.llcr.unwrap() - 1.3).abs() < 1e-10));
    let sum: f64 = made.years[1..=5].iter().map(|year| year.cfads / (1.3 * 1.08f64.powi(year.time as i32))).sum();
    same(sum, made.years[0].drawn);
}

/// At most half of 1,000: every year pays the same share of what it could, so the cover is the same in
/// every year, and higher than asked. Without tax: 1.3 · 767.83 / 500 (250/1.3 · 3.992710 = 767.83).
#[test]
fn sculpted_debt_at_its_limit_covers_more() {
    let debt = Debt::Sculpted { dscr: 1.3, rate: 0.08, years: 5, most_fraction: 0.5, fee: 0.0 };
    let project = level(10, 300.0, 50.0, vec![asset(1000.0, Depreciation::Macrs5)]);
    let made = statement(&project, &Terms { debt, ..Terms::plain(0.1) });
    near(made.years[0].drawn, 500.0, 1e-12);
    for year in &made.years[1..=5] {
        near(year.dscr.unwrap(), 250.0 * 3.992_710_037_081_196 / 500.0, 1e-9);
    }
    near(made.years[5].owed, 0.0, 1e-9);
}

/// What is bought in two years is drawn in two: what is drawn is worth what is served, at the loan's rate.
#[test]
fn sculpted_debt_for_two_purchases() {
    let debt = Debt::Sculpted { dscr: 1.4, rate: 0.07, years: 6, most_fraction: 1.0, fee: 0.0 };
    let later = Asset { paid_years: 1.0, serves_years: 1.0, ..asset(500.0, Depreciation::Macrs5) };
    let project = level(8, 320.0, 60.0, vec![asset(700.0, Depreciation::Macrs5), later]);
    let made = statement(&project, &Terms { tax: 0.25, loss: Loss::CarryForward, debt, ..Terms::plain(0.1) });
    let worth = |pick: &dyn Fn(usize) -> f64| (0..=8).map(|time| pick(time) * 1.07f64.powi(-(time as i32))).sum::<f64>();
    same(worth(&|time| made.years[time].drawn), worth(&|time| made.schedule.service(time)));
    same(made.years[0].drawn / 700.0, made.years[1].drawn / 500.0);
    assert!(made.years.iter().all(|year| year.owed >= -1e-9) && made.years[6].owed.abs() < 1e-9);
    assert!(made.years[1..=6].iter().all(|year| year.dscr.unwrap() >= 1.4 - 1e-9));
}

/// 300 written off over three years against 50, 150, 250: −50, 50, 150 are left. The loss takes the
/// whole second year: tax 0, 0, 37.5. Paid out: −12.5, 12.5, 37.5.
#[test]
fn losses_are_carried_forward() {
    let revenue = vec![50.0, 150.0, 250.0];
    let project = Project { revenue, ..level(3, 0.0, 0.0, vec![asset(300.0, Depreciation::Straight(3.0))]) };
    let taxes = |loss| {
        let made = statement(&project, &Terms { tax: 0.25, loss, ..Terms::plain(0.1) });
        made.years.iter().map(|year| year.tax).collect::<Vec<_>>()
    };
    assert_eq!(taxes(Loss::CarryForward), [0.0, 0.0, 0.0, 37.5]);
    assert_eq!(taxes(Loss::PaidOut), [0.0, -12.5, 12.5, 37.5]);
}

/// 100 at 10 % over 4 years, the first without principal: 10, then 33.3333 and 10, 6.6667, 3.3333 in
/// equal parts; in equal payments 100 · 0.10 / (1 − 1.1⁻³) = 40.2114803625 each.
#[test]
fn years_of_grace() {
    let project = level(5, 60.0, 0.0, vec![asset(100.0, Depreciation::Macrs5)]);
    let services = |shape| {
        let debt = Debt::Share { fraction: 1.0, rate: 0.1, years: 4, grace: 1, shape, fee: 0.0 };
        let made = statement(&project, &Terms { debt, ..Terms::plain(0.1) });
        made.years[1..].iter().map(|year| year.interest + year.principal).collect::<Vec<_>>()
    };
    let parts = services(Shape::Level);
    for (service, wanted) in parts.iter().zip([10.0, 130.0 / 3.0, 120.0 / 3.0, 110.0 / 3.0, 0.0]) {
        near(*service, wanted, 1e-12);
    }
    let equal = services(Shape::Annuity);
    for (service, wanted) in equal.iter().zip([10.0, 40.211_480_362_537_8, 40.211_480_362_537_8, 40.211_480_362_537_8, 0.0]) {
        near(*service, wanted, 1e-10);
    }
}

/// Six months of next year's service are put aside at the start and come back with the last payment: they
/// change when money comes, not how much. 100 at 0 %, 50 a year: 25 aside at the start and after year 1.
#[test]
fn a_reserve_is_put_aside_and_comes_back() {
    let debt = Debt::Share { fraction: 1.0, rate: 0.0, years: 2, grace: 0, shape: Shape::Level, fee: 0.0 };
    let project = level(3, 60.0, 0.0, vec![asset(100.0, Depreciation::Macrs5)]);
    let made = statement(&project, &Terms { debt, reserves_months: 6.0, ..Terms::plain(0.1) });
    assert_eq!(made.years.iter().map(|year| year.reserve).collect::<Vec<_>>(), [25.0, 25.0, 0.0, 0.0]);
    assert_eq!(made.years.iter().map(|year| year.to_owners).collect::<Vec<_>>(), [-25.0, 10.0, 35.0, 60.0]);
}

/// Sold for 100 at the end of year 3 with 1,000 · (1 − 0.712) = 288 not written off: a loss of 188, which
/// saves 47 at 25 % if it can be set against the year's profit of 300 − 192 = 108 (27) and is paid out
/// beyond; carried forward it saves the 27 alone.
#[test]
fn what_is_left_is_sold_and_taxed() {
    let sold = Asset { end_value: 100.0, ..asset(1000.0, Depreciation::Macrs5) };
    let project = level(3, 300.0, 0.0, vec![sold]);
    let paid_out = statement(&project, &Terms { tax: 0.25, ..Terms::plain(0.1) });
    near(paid_out.end_tax, -47.0, 1e-12);
    // Profits of 100, −20 and 108: 20 are carried into the third year, whose tax is 22, and 0 with the sale.
    let carried = statement(&project, &Terms { tax: 0.25, loss: Loss::CarryForward, ..Terms::plain(0.1) });
    near(carried.years[3].tax, 22.0, 1e-12);
    near(carried.end_tax, -22.0, 1e-12);
}

/// A credit of 30 % whose half lowers what is written off: 100 · 0.3 = 30 received, 85 written off.
#[test]
fn an_investment_credit_lowers_what_is_written_off() {
    let credited = Asset { credit_fraction: 0.3, credit_basis_fraction: 0.5, ..asset(100.0, Depreciation::Straight(2.0)) };
    let made = statement(&level(2, 60.0, 0.0, vec![credited]), &Terms { tax: 0.2, ..Terms::plain(0.1) });
    assert_eq!(made.years.iter().map(|year| year.credits).collect::<Vec<_>>(), [0.0, 30.0, 0.0]);
    assert_eq!(made.years.iter().map(|year| year.depreciation).collect::<Vec<_>>(), [0.0, 42.5, 42.5]);
    near(made.years[1].cfads, 60.0 - 0.2 * 17.5 + 30.0, 1e-12);
}

/// Without tax and debt nothing of all this moves the flows; and inflation alone moves no real value.
#[test]
fn without_tax_and_debt_the_flows_are_the_projects() {
    let project = level(6, 80.0, 20.0, vec![Asset { end_value: 30.0, ..asset(250.0, Depreciation::Macrs5) }]);
    let flows: Vec<Payment> = (0..=6).map(|time| (f64::from(time), if time == 0 { -250.0 } else { 60.0 })).chain([(6.0, 30.0)]).collect();
    let plain = figures(&project, &Terms::plain(0.1));
    same(plain.npv_before_tax, present_value(&flows, 0.1));
    same(plain.npv_after_tax, plain.npv_before_tax);
    same(plain.npv_of_owners, plain.npv_before_tax);
    assert_eq!(plain.irr_before_tax, rate_of_return(&flows));
    let inflated = figures(&project, &Terms { inflation: 0.03, ..Terms::plain(0.1) });
    same(inflated.npv_after_tax, plain.npv_after_tax);
    same((1.0 + inflated.irr_after_tax.unwrap()) / 1.03, 1.0 + plain.irr_after_tax.unwrap());
}

/// Leasing is as good as owning at
///   (100 − 0.25 · 20 · a) / (0.75 · a), a = 3.790786769 (five years at 10 %): 81.046066153 / 2.843090077
///   = 28.5063307727,
/// owning 100 written off in five equal parts; above it owning is worth more, below it leasing.
#[test]
fn lease_against_own_at_the_break_even() {
    let owned = level(5, 0.0, 0.0, vec![asset(100.0, Depreciation::Straight(5.0))]);
    let terms = Terms { tax: 0.25, ..Terms::plain(0.1) };
    let payment = lease_break_even(&owned, &terms, 5);
    near(payment, 28.506_330_772_632_72, 1e-10);
    let business = |opex: f64, assets: Vec<Asset>| owners_value(&level(5, 70.0, opex, assets), &terms);
    let own = business(0.0, owned.assets.clone());
    same(business(payment, vec![]), own);
    assert!(business(payment + 1.0, vec![]) < own && business(payment - 1.0, vec![]) > own);
}

/// Levelised without tax and debt: (1000 + 50 · a) / (20 · a), a = 6.144567106 (ten years at 10 %).
#[test]
fn the_levelised_cost_is_one_division() {
    let project = level(10, 999.0, 50.0, vec![asset(1000.0, Depreciation::Macrs5)]);
    let terms = Terms::plain(0.1);
    let annuity = (1.0 - 1.1f64.powi(-10)) / 0.1;
    near(levelised(&project, &terms, &[20.0; 10]).unwrap(), (1000.0 + 50.0 * annuity) / (20.0 * annuity), 1e-11);
    // The owners get just what they ask at it, whatever the tax and the debt.
    let debt = Debt::Sculpted { dscr: 1.3, rate: 0.08, years: 5, most_fraction: 0.7, fee: 0.02 };
    let terms = Terms { tax: 0.25, loss: Loss::CarryForward, debt, reserves_months: 6.0, inflation: 0.02, ..Terms::plain(0.1) };
    let price = levelised(&project, &terms, &[20.0; 10]).unwrap();
    let at = Project { revenue: vec![20.0 * price; 10], ..project.clone() };
    near(owners_value(&at, &terms), 0.0, 1e-8);
    near(rate_of_return(&statement(&at, &terms).owner_payments()).unwrap(), 0.1, 1e-9);
    assert_eq!(levelised(&project, &terms, &[0.0; 10]), None);
}

/// Break-evens, each confirmed by stating the project with it.
#[test]
fn break_evens_hold_when_stated() {
    let chips = Asset { end_value: 40.0, ..asset(600.0, Depreciation::Macrs5) };
    let project = level(6, 330.0, 50.0, vec![chips, asset(300.0, Depreciation::Straight(15.0))]);
    let debt = Debt::Share { fraction: 0.5, rate: 0.07, years: 5, grace: 1, shape: Shape::Level, fee: 0.01 };
    let terms = Terms { tax: 0.21, loss: Loss::CarryForward, debt, ..Terms::plain(0.1) };
    assert!(owners_value(&project, &terms) > 0.0);
    let revenue = least_revenue_factor(&project, &terms).unwrap();
    assert!(revenue < 1.0);
    near(owners_value(&project.with_revenue(revenue), &terms), 0.0, 1e-8);
    let cost = most_cost_factor(&project, &terms, &|index| index == 0).unwrap();
    assert!(cost > 1.0);
    let mut dearer = project.clone();
    dearer.assets[0].cost *= cost;
    dearer.assets[0].end_value *= cost;
    near(owners_value(&dearer, &terms), 0.0, 1e-8);
    // Where even gifts would not help there is none.
    assert_eq!(most_cost_factor(&level(6, 10.0, 50.0, project.assets.clone()), &terms, &|index| index == 0), None);
    assert_eq!(least_revenue_factor(&level(6, 0.0, 50.0, project.assets.clone()), &terms), None);
}

/// A price that falls faster never raises the value, and there is one fall at which it is nothing.
#[test]
fn a_falling_price_never_raises_the_value() {
    let debt = Debt::Sculpted { dscr: 1.3, rate: 0.08, years: 4, most_fraction: 0.8, fee: 0.0 };
    let terms = Terms { tax: 0.25, loss: Loss::CarryForward, debt, ..Terms::plain(0.1) };
    let base = level(6, 500.0, 40.0, vec![asset(900.0, Depreciation::Macrs5)]);
    let value = |factor: f64| {
        let revenue = (0..6).map(|year| 500.0 * factor.powi(year)).collect();
        owners_value(&Project { revenue, ..base.clone() }, &terms)
    };
    let values: Vec<f64> = (0..=20).map(|step| value(f64::from(step) / 20.0)).collect();
    assert!(values.windows(2).all(|pair| pair[1] >= pair[0] - 1e-9), "{values:?}");
    let factor = crossing(&value, 0.0, 1.0).unwrap();
    near(value(factor), 0.0, 1e-8);
    assert!(factor > 0.2 && factor < 0.9, "{factor}");
}

/// Debt drawn for one case stands in a worse one: the service stays, the cover falls.
#[test]
fn a_worse_case_pays_the_debt_of_the_base_case() {
    let debt = Debt::Sculpted { dscr: 1.3, rate: 0.08, years: 5, most_fraction: 1.0, fee: 0.0 };
    let project = level(10, 300.0, 50.0, vec![asset(1000.0, Depreciation::Macrs5)]);
    let terms = Terms { debt, ..Terms::plain(0.1) };
    let base = statement(&project, &terms);
    let worse = statement_under(&project.with_revenue(0.7), &terms, &base.schedule);
    // (210 − 50) / (250 / 1.3) = 0.832.
    for year in 1..=5 {
        near(worse.years[year].interest + worse.years[year].principal, 250.0 / 1.3, 1e-9);
        near(worse.years[year].dscr.unwrap(), 160.0 * 1.3 / 250.0, 1e-9);
    }
}

/// Thousands instead of millions change nothing but the unit.
#[test]
fn a_change_of_unit_changes_nothing() {
    for (project, terms, _) in cases().iter().step_by(7) {
        let mut thousands = project.clone();
        for value in thousands.revenue.iter_mut().chain(&mut thousands.opex).chain(&mut thousands.credits) {
            *value *= 1e3;
        }
        for asset in &mut thousands.assets {
            asset.cost *= 1e3;
            asset.end_value *= 1e3;
        }
        let (one, other) = (figures(project, terms), figures(&thousands, terms));
        let size = 1e-9 * project.assets.iter().map(|asset| asset.cost).sum::<f64>();
        for (one, other) in [(one.npv_after_tax, other.npv_after_tax), (one.npv_of_owners, other.npv_of_owners), (one.debt, other.debt)] {
            near(other / 1e3, one, size);
        }
        for (one, other) in [
            (one.irr_of_owners, other.irr_of_owners),
            (one.irr_after_tax, other.irr_after_tax),
            (one.dscr_least, other.dscr_least),
            (one.llcr_least, other.llcr_least),
        ] {
            assert_eq!(one.is_some(), other.is_some());
            near(other.unwrap_or(0.0), one.unwrap_or(0.0), 1e-9);
        }
    }
}

/// The 160 random cases of `finance/generate.py`, which shares no code and no method with ours.
#[test]
fn a_second_program_agrees() {
    let cases = cases();
    assert!(cases.len() >= 100);
    for (index, (project, terms, expected)) in cases.iter().enumerate() {
        let made = statement(project, terms);
        let figures = Figures::of(project, terms, &made);
        let size: f64 = project.assets.iter().map(|asset| asset.cost).sum();
        let check = |name: &str, value: Option<f64>, tolerance: f64| {
            let wanted = expected[name].as_f64();
            assert_eq!(value.is_some(), wanted.is_some(), "case {index}: {name} is {value:?}, not {wanted:?}\n{project:?}\n{terms:?}");
            let (value, wanted) = (value.unwrap_or(0.0), wanted.unwrap_or(0.0));
            assert!((value - wanted).abs() <= tolerance, "case {index}: {name} is {value}, not {wanted}\n{project:?}\n{terms:?}");
        };
        check("npv_before_tax", Some(figures.npv_before_tax), 1e-9 * size);
        check("npv_after_tax", Some(figures.npv_after_tax), 1e-9 * size);
        check("npv_of_owners", Some(figures.npv_of_owners), 1e-8 * size);
        check("debt", Some(figures.debt), 1e-8 * size);
        check("tax", Some(made.years.iter().map(|year| year.tax).sum()), 1e-8 * size);
        check("interest", Some(made.years.iter().map(|year| year.interest).sum()), 1e-8 * size);
        check("irr_before_tax", figures.irr_before_tax, 1e-9);
        check("irr_after_tax", figures.irr_after_tax, 1e-9);
        check("irr_of_owners", figures.irr_of_owners, 1e-7);
        check("dscr_least", figures.dscr_least, 1e-7);
        check("dscr_mean", figures.dscr_mean, 1e-7);
        let units: Vec<f64> = (0..project.years()).map(|year| 100.0 + 7.0 * year as f64).collect();
        check("levelised", levelised(project, terms, &units), 1e-8);
    }
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

fn cases() -> Vec<(Project, Terms, Value)> {
    let cases: Vec<Value> = serde_json::from_str(include_str!("../finance/cases.json")).unwrap();
    cases
        .into_iter()
        .map(|case| {
            let (project, terms) = (&case["project"], &case["terms"]);
            let number = |value: &Value, name: &str| value[name].as_f64().unwrap();
            let whole = |value: &Value, name: &str| value[name].as_u64().unwrap() as usize;
            let assets = project["assets"].as_array().unwrap().iter().map(|asset| {
                let how = &asset["depreciation"];
                let depreciation = match how["kind"].as_str().unwrap() {
                    "straight" => Depreciation::Straight(number(how, "years")),
                    "macrs5" => Depreciation::Macrs5,
                    _ => Depreciation::Bonus(number(how, "first")),
                };
                Asset {
                    cost: number(asset, "cost"),
                    paid_years: number(asset, "paid_years"),
                    serves_years: number(asset, "serves_years"),
                    depreciation,
                    end_value: number(asset, "end_value"),
                    credit_fraction: number(asset, "credit_fraction"),
                    credit_basis_fraction: number(asset, "credit_basis_fraction"),
                }
            });
            let revenue = numbers(&project["revenue"]);
            let made = Project {
                end_years: revenue.len() as f64,
                opex: numbers(&project["opex"]),
                credits: numbers(&project["credits"]),
                assets: assets.collect(),
                revenue,
            };
            let debt = &terms["debt"];
            let debt = match debt["kind"].as_str().unwrap() {
                "none" => Debt::None,
                "share" => Debt::Share {
                    fraction: number(debt, "fraction"),
                    rate: number(debt, "rate"),
                    years: whole(debt, "years"),
                    grace: whole(debt, "grace"),
                    shape: if debt["shape"] == "level" { Shape::Level } else { Shape::Annuity },
                    fee: number(debt, "fee"),
                },
                _ => Debt::Sculpted {
                    dscr: number(debt, "dscr"),
                    rate: number(debt, "rate"),
                    years: whole(debt, "years"),
                    most_fraction: number(debt, "most_fraction"),
                    fee: number(debt, "fee"),
                },
            };
            let terms = Terms {
                inflation: number(terms, "inflation"),
                tax: number(terms, "tax"),
                loss: if terms["loss"] == "paid_out" { Loss::PaidOut } else { Loss::CarryForward },
                debt,
                discount_rate: number(terms, "discount_rate"),
                equity_return: number(terms, "equity_return"),
                reserves_months: number(terms, "reserves_months"),
            };
            (made, terms, case["expected"].clone())
        })
        .collect()
}
