//! Rules of the lender's view.

use super::Checker;
use crate::diagnostic::nearest_name;
use crate::plan::finance::{CLASSES, Debt, Incentive, Worth, WriteOff};

/// What may stand in `finance` beyond the types of its fields.
pub(super) fn check_finance(checker: &mut Checker<'_>) {
    let Some(finance) = &checker.plan.finance else { return };
    let all = CLASSES.join("`, `");
    let mut classes: Vec<(String, &str)> =
        finance.residual.keys().map(|class| (format!("finance.residual.{class}"), class.as_str())).collect();
    for (index, incentive) in finance.incentives.iter().enumerate() {
        let at = format!("finance.incentives.{index}");
        let (from, until) = match incentive {
            Incentive::InvestmentCredit(credit) => {
                classes.push((format!("{at}.of"), credit.of.as_str()));
                (credit.from, credit.until)
            }
            Incentive::ProductionCredit(credit) => (credit.from, credit.until),
        };
        if let (Some(from), Some(until)) = (from, until)
            && until <= from
        {
            let message = format!("The credit ends before {until}, but it begins only in {from}.");
            checker.error("bad-dates", format!("{at}.until"), message, "Let it end after it begins.");
        }
    }
    for (path, class) in classes {
        if !CLASSES.contains(&class) {
            let help =
                nearest_name(class, CLASSES.iter().copied()).map_or(format!("Write `{all}`."), |near| format!("Did you mean `{near}`?"));
            checker.error("unknown-class", path, format!("`{class}` is none of `{all}`."), help);
        }
    }
    for (class, worth) in &finance.residual {
        let at = format!("finance.residual.{class}");
        match worth {
            Worth::Curve(curve) if curve.factor_per_year.is_some() == curve.catalog.is_some() => {
                let message = "Worth by age takes its course from exactly one of `factor_per_year` and `catalog`.";
                checker.error("curve-course", at, message, "Give one of them, such as `factor_per_year: 0.7`.");
            }
            Worth::ByAge(shares) if shares.is_empty() => {
                checker.error("empty-ages", at, "There is no share here.", "Give the shares at ages 0, 1, 2 …, or leave it out.");
            }
            Worth::ByAge(shares) if shares.iter().any(|share| !(0.0..=2.0).contains(share)) => {
                checker.error(
                    "out-of-range",
                    at,
                    "A share is out of range: it must be between 0 and 2.",
                    "Give shares of the cost when new.",
                );
            }
            Worth::Curve(_) | Worth::ByAge(_) => {}
        }
    }
    let kinds = [
        ("depreciation", Some(&finance.depreciation)),
        ("hall_depreciation", finance.hall_depreciation.as_ref()),
        ("plant_depreciation", finance.plant_depreciation.as_ref()),
    ];
    for (field, kind) in kinds {
        let wrong = match kind {
            Some(WriteOff::Straight(years)) => (!(0.25..=60.0).contains(years)).then_some("years between 0.25 and 60"),
            Some(WriteOff::Bonus(share)) => (!(0.0..=1.0).contains(share)).then_some("a share between 0 and 1"),
            _ => None,
        };
        if let Some(wanted) = wrong {
            checker.error("out-of-range", format!("finance.{field}.value"), format!("This must be {wanted}."), "");
        }
    }
    let years = f64::from(checker.plan.horizon.period_months) * f64::from(checker.plan.horizon.periods) / 12.0;
    match &finance.debt {
        Debt::Share(debt) if debt.grace_years >= debt.years => {
            let message = format!("{} years of grace leave no year of {} to pay the loan back in.", debt.grace_years, debt.years);
            checker.error("bad-grace", "finance.debt.grace_years", message, "Let the loan run longer than its grace.");
        }
        Debt::Sculpted(debt) if f64::from(debt.years) > years.ceil() => {
            let message = format!(
                "The debt runs for {} years, the plan for {}: it is sized on the years of the plan alone.",
                debt.years,
                crate::words::short(years)
            );
            checker.warning("debt-beyond-horizon", "finance.debt.years", message, "Plan more periods, or let the debt end within them.");
        }
        Debt::None | Debt::Share(_) | Debt::Sculpted(_) => {}
    }
}
