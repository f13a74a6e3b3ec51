//! Worse cases solved again, by hand.

use tokenworks::resolved::Series;
use tokenworks::results::lender::{Restated, SolvedAgain};
use tokenworks::study::stress::{Case, stress};
use tokenworks::study::{Options, state};

use crate::sketch::{MEGASECONDS, Sketch, chip, near};

const EXACT: f64 = 1e-8;

/// 1,000 chips of 1 M$ and 40,000 $ a year that make 31.536 Ttok a year for ten years, sold at 262.8 M$; debt at a cover
/// of 1.3 over seven years at 8 %.
fn owner(goal: &str) -> Sketch {
    let price = 262.8 / MEGASECONDS;
    Sketch::new()
        .top("horizon", "(start: \"2027-01\", period_months: 12, periods: 10, discount_rate_fraction: 0.1)")
        .top("finance", "(debt: Sculpted(dscr: 1.3, rate_fraction: 0.08, years: 7))")
        .top("objective", goal)
        .with("chips", "c", &chip(1.0, 1e6, 40_000.0, "supply_per_period: {\"2027-01\": 1000.0, \"2028-01\": 0.0}").replace("life_years: 5.0", "life_years: 10.0"))
        .with(
            "markets",
            "near",
            &format!("(country: \"US\", latitude: 0.0, longitude: 0.0, demand: {{\"chat\": (segments: [(answer_gtok_per_day: 1e6, usd_per_mtok: (answer: {price:?}))])}})"),
        )
}

fn cases(sketch: &Sketch) -> Vec<SolvedAgain> {
    stress(&sketch.plan(), &Series::default(), &Options::default()).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn kept(case: &SolvedAgain) -> &Restated {
    case.kept.as_ref().unwrap_or_else(|| panic!("{} has no answer with its orders", case.name))
}

fn anew(case: &SolvedAgain) -> &Restated {
    case.anew.as_ref().unwrap_or_else(|| panic!("{} has no answer", case.name))
}

/// Prices 30 % lower leave 262.8 · 0.7 − 40 = 143.96 M$ a year for a service of 222.8 / 1.3; a fifth less sold 170.24.
/// Ordered all the same (tokens are wanted first), the debt planned with the case is smaller in proportion, at 1.3.
#[test]
fn worse_cases_solved_again_by_hand() {
    let cases = cases(&owner("[MaxTokens, MaxNpv]"));
    assert_eq!(cases.iter().map(|case| case.name.as_str()).collect::<Vec<_>>(), Case::ALL.map(Case::name));
    let annuity = |rate: f64, years: i32| (1.0 - (1.0 + rate).powi(-years)) / rate;
    for (case, left) in cases.iter().zip([143.96, 170.24]) {
        near(kept(case).dscr_least.unwrap(), 1.3 * left / 222.8, EXACT);
        near(kept(case).bought_musd, 1000.0, EXACT);
        near(kept(case).debt_musd, 222.8 / 1.3 * annuity(0.08, 7), EXACT);
        near(anew(case).dscr_least.unwrap(), 1.3, EXACT);
        near(anew(case).debt_musd, left / 1.3 * annuity(0.08, 7), EXACT);
        // To the owners: what is left each year, less the service for seven years, and their share of the cost at the start.
        let owners = left * annuity(0.1, 10) - 222.8 / 1.3 * annuity(0.1, 7) + 222.8 / 1.3 * annuity(0.08, 7) - 1000.0;
        near(kept(case).npv_of_owners_musd, owners, 1e-7);
    }
    // Half a year late is a year where a period is one: nine years of sales, the first of them in the second year.
    let late = &cases[2];
    assert!(late.kept.is_none());
    let service = 222.8 / 1.3;
    // Seven years of debt of which the first serves nothing.
    near(anew(late).debt_musd, service * (annuity(0.08, 7) - 1.0 / 1.08), 1e-7);
}

/// Whoever looks for value buys nothing at the lower prices: 143.96 M$ a year are worth 884.6 M$ at 10 %.
#[test]
fn decided_anew_nothing_may_be_bought() {
    let cases = cases(&owner("[MaxNpv]"));
    near(anew(&cases[0]).bought_musd, 0.0, 1e-9);
    near(anew(&cases[0]).npv_of_owners_musd, 0.0, 1e-9);
    near(kept(&cases[0]).bought_musd, 1000.0, EXACT);
    // Bought all the same it loses, a little less with debt at 8 %: 884.6 − 1,000, and 892.3 drawn against 834.4 paid.
    let annuity = |rate: f64, years: i32| (1.0 - (1.0 + rate).powi(-years)) / rate;
    let service = 222.8 / 1.3;
    near(kept(&cases[0]).npv_of_owners_musd, 143.96 * annuity(0.1, 10) - 1000.0 + service * (annuity(0.08, 7) - annuity(0.1, 7)), 1e-6);
    // 170.24 M$ a year are worth 1,046.1: still bought.
    near(anew(&cases[1]).bought_musd, 1000.0, EXACT);
}

/// A dated price falls in all its dates, a curve by its level and floor; and a plan without `finance` is told so.
#[test]
fn dated_prices_are_lowered_in_all_their_dates() {
    let market = |answer: &str| {
        format!(
            "(country: \"US\", latitude: 0.0, longitude: 0.0, demand: {{\"chat\": (segments: [(answer_gtok_per_day: 1e6, usd_per_mtok: (answer: {answer}))])}})"
        )
    };
    let of = |answer: &str| cases(&owner("[MaxTokens, MaxNpv]").with("markets", "near", &market(answer)))[0].clone();
    let (steps, curve) = (of("{\"2027-01\": 8.0, \"2028-01\": 6.0}"), of("Curve(from: 8.0, factor_per_year: 0.75, floor: 6.0)"));
    near(kept(&steps).npv_of_owners_musd, kept(&curve).npv_of_owners_musd, EXACT);
    // The later years are the scarcer: 0.7 · 6 · 31.536 − 40 over (6 · 31.536 − 40) / 1.3.
    let left = |usd: f64| usd * MEGASECONDS - 40.0;
    near(kept(&steps).dscr_least.unwrap(), 1.3 * left(0.7 * 6.0) / left(6.0), EXACT);
    let bare = owner("[MaxTokens, MaxNpv]").plan();
    let without = tokenworks::plan::Plan { finance: None, ..bare };
    assert!(state(&without, &Series::default(), &Options::default()).is_ok());
    let problems = stress(&without, &Series::default(), &Options::default()).unwrap_err();
    assert_eq!(problems[0].code, "no-lender");
}
