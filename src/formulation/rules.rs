//! Rules of the plan in their three shapes.
//!
//!   cap:    quantity ≤, ≥ or = limit                in each period, or over the horizon
//!   share:  part − fraction · whole ≤ or ≥ 0        in each period, plan year, or over the horizon
//!   price:  quantity · price is a cost              in each period
//!
//! What a quantity or a part is, is written in its family. A new policy of one of these shapes needs
//! nothing here.

use super::builder::{Bound, When};
use super::cost::CostPart;
use super::expr::Expr;
use super::{Builder, budget, carbon_water, chip_policy, decisions, export_rules};
use crate::resolved::rules::{Cap, Limit, Over, Part, Price, Quantity, Rule, Says, Sense, Share};
use crate::resolved::{Ix as _, PeriodIx};

/// States the rules of a family.
pub fn add(builder: &mut Builder<'_>, family: &'static str) {
    let resolved = builder.resolved;
    for rule in resolved.rules.iter().filter(|rule| rule.family == family) {
        match &rule.says {
            Says::Cap(cap) => add_cap(builder, rule, cap),
            Says::Share(share) => add_share(builder, rule, share),
            Says::Price(price) => add_price(builder, price),
        }
    }
}

/// A quantity in a period; over the horizon without one.
fn quantity(builder: &Builder<'_>, of: &Quantity, period: Option<PeriodIx>) -> Expr {
    let Some(period) = period else {
        let mut total = Expr::default();
        for period in builder.resolved.calendar.periods.keys() {
            total.add_expr(&quantity(builder, of, Some(period)), 1.0);
        }
        return total;
    };
    match of {
        Quantity::Carbon(places) => carbon_water::carbon(builder.resolved, &builder.layout, period, places),
        Quantity::Water(places) => carbon_water::water(builder.resolved, &builder.balance.it_power, period, places),
        Quantity::ChipsInService(pools) => chip_policy::in_service(builder, period, pools),
        Quantity::ChipsOrdered(pools, periods) => decisions::chips(builder, period, pools, periods),
        Quantity::HallsOrdered(kinds, periods) => decisions::halls(builder, period, kinds, periods),
        Quantity::Capex => budget::capex(builder, period),
        Quantity::CapexOf(actor) => budget::capex_of(builder, period, *actor),
        Quantity::Opex => budget::opex(builder, period),
        Quantity::Energy => budget::energy(builder, period),
        Quantity::EnergyBought(places) => budget::energy_bought(builder.resolved, &builder.layout, period, places),
    }
}

fn bound(sense: Sense, value: f64) -> Bound {
    match sense {
        Sense::AtMost => Bound::AtMost(value),
        Sense::AtLeast => Bound::AtLeast(value),
        Sense::Exactly => Bound::Equal(value),
    }
}

fn ids(rule: &Rule) -> Vec<&str> {
    rule.ids.iter().map(String::as_str).collect()
}

fn add_cap(builder: &mut Builder<'_>, rule: &Rule, cap: &Cap) {
    let periods: Vec<(Option<PeriodIx>, f64, f64)> = match &cap.limit {
        Limit::Once(limit) => vec![(None, *limit, cap.per_unit)],
        Limit::ByPeriod(limits) => limits
            .pairs()
            .map(|(period, limit)| {
                let years = if cap.by_year { builder.resolved.calendar.periods[period].years } else { 1.0 };
                (Some(period), *limit, cap.per_unit * years)
            })
            .collect(),
    };
    for (period, limit, lp_per_plan) in periods {
        let row = quantity(builder, &cap.of, period);
        let named = builder.limit(rule.path.clone(), cap.unit, limit, lp_per_plan);
        // Nothing is never too much.
        if row.is_zero() && cap.sense == Sense::AtMost {
            continue;
        }
        let when = period.map_or(When::HORIZON, When::period);
        builder.row(rule.family, rule.noun, &ids(rule), when, row, bound(cap.sense, limit * lp_per_plan), Some(named));
    }
}

fn add_share(builder: &mut Builder<'_>, rule: &Rule, share: &Share) {
    let calendar = &builder.resolved.calendar;
    let all: Vec<PeriodIx> = calendar.periods.keys().collect();
    let spans: Vec<Vec<PeriodIx>> = match share.over {
        Over::Period => all.iter().map(|period| vec![*period]).collect(),
        Over::Year => {
            all.iter().filter(|period| calendar.year_of(**period).first() == Some(period)).map(|period| calendar.year_of(*period)).collect()
        }
        Over::Horizon => vec![all],
    };
    for span in spans {
        let (mut row, mut whole) = (Expr::default(), Expr::default());
        for period in &span {
            let (part, of) = match &share.part {
                Part::Renewable(places) => carbon_water::renewable(builder, *period, places),
                Part::RenewableByHour(places) => carbon_water::matched(builder, *period, places, &ids(rule)),
                Part::Abroad(places, country) => export_rules::abroad(builder, *period, places, country),
                Part::Resident(market) => export_rules::resident(builder, *period, *market),
                Part::Domestic { pools, domestic, include_existing, before } => {
                    let (mut part, mut of) = chip_policy::domestic(builder, *period, pools, domestic, *include_existing);
                    if period.position() == 0 {
                        // Thousand TPP by thousand chips.
                        part.constant += before.0 * 1e-6;
                        of.constant += (before.0 + before.1) * 1e-6;
                    }
                    (part, of)
                }
            };
            row.add_expr(&part, 1.0).add_expr(&of, -share.fraction);
            whole.add_expr(&of, 1.0);
        }
        if row.is_zero() {
            continue;
        }
        let when = span.first().filter(|_| share.over != Over::Horizon).map_or(When::HORIZON, |first| When::period(*first));
        let named = builder.share_limit(rule.path.clone(), share.fraction, whole);
        builder.row(rule.family, rule.noun, &ids(rule), when, row, bound(share.sense, 0.0), Some(named));
    }
}

fn add_price(builder: &mut Builder<'_>, price: &Price) {
    let part = match price.of {
        Quantity::Carbon(_) => CostPart::Carbon,
        Quantity::Energy | Quantity::EnergyBought(_) => CostPart::Power,
        _ => CostPart::Maintenance,
    };
    for (period, musd) in price.musd_per_unit.pairs() {
        let of = quantity(builder, &price.of, Some(period));
        builder.charge_expr(period, part, &of, *musd);
    }
}
