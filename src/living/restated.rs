//! What of a plan counts from the horizon's start, said from the new one.
//!
//! Volumes, prices and charges keep their numbers and say for which month they are stated, so that scenarios
//! which set them go on saying the same; curves keep the month in which they began. What is used up is taken
//! off: money, a subsidy's ceiling, a year's water, a decision's amount. A ratchet remembers what was drawn.

use std::collections::BTreeMap;

use super::stands::Then;
use crate::formulation::owners::Owners;
use crate::plan::edit::{self, Edit};
use crate::plan::node::Node as _;
use crate::plan::study::Study;
use crate::plan::values::{Course, Steps};
use crate::plan::{Month, Plan, Policy, RawText, Terms, path};
use crate::resolved::charges::PeakCharge;
use crate::resolved::{Contract, ContractIx, Ix as _, PeriodIx, SliceIx};

/// Restates all of it.
pub(super) fn restate(then: &Then<'_>, plan: &mut Plan, said: &mut Vec<String>) {
    let old = then.month(0);
    for demand in plan.markets.values_mut().flat_map(|market| market.demand.values_mut()) {
        if demand.growth_factor_per_year != 1.0 || demand.price_factor_per_year != 1.0 {
            demand.as_of = demand.as_of.filter(|month| *month != Month::ALWAYS).or(Some(old));
        }
    }
    let passed = f64::from(then.month(then.period).0 - old.0) / 12.0;
    for task in plan.tasks.values_mut().filter(|task| task.growth_factor_per_year != 1.0) {
        scale(&mut task.tasks_per_day, task.growth_factor_per_year.powf(passed));
    }
    for contract in plan.contracts.values_mut() {
        let rate = contract.terms.child("escalation_fraction_per_year").and_then(crate::plan::node::Node::number).unwrap_or(0.0);
        if rate != 0.0 {
            contract.prices_as_of = contract.prices_as_of.filter(|month| *month != Month::ALWAYS).or(Some(old));
        }
        // A term that runs from the contract's first month must know it.
        let has_term = match &contract.terms {
            Terms::Tariff(tariff) => {
                tariff.catalog.is_some() || tariff.minimum_bill.as_ref().is_some_and(|bill| bill.term_months.is_some())
            }
            _ => false,
        };
        if has_term {
            contract.from = contract.from.filter(|month| *month != Month::ALWAYS).or(Some(old));
        }
    }
    since(plan, old);
    money(then, plan, said);
    ratchets(then, plan, said);
    years(then, plan, said);
}

fn scale(steps: &mut Steps, by: f64) {
    match &mut steps.course {
        Course::Dated(dated) => dated.values_mut().for_each(|value| *value *= by),
        Course::Curve(curve) => {
            curve.from *= by;
            for bound in [&mut curve.floor, &mut curve.ceiling] {
                *bound = bound.map(|bound| bound * by);
            }
        }
    }
}

/// Curves go on from where they began.
fn since(plan: &mut Plan, old: Month) {
    plan.each_steps(&mut Vec::new(), &mut |_, steps| {
        if let Course::Curve(curve) = &mut steps.course {
            curve.since = curve.since.filter(|month| *month != Month::ALWAYS).or(Some(old));
        }
    });
}

/// Money that is spent is spent, and so is a subsidy; what was ordered counts for a domestic share.
fn money(then: &Then<'_>, plan: &mut Plan, said: &mut Vec<String>) {
    let stated = then.stated;
    let (resolved, layout) = (&stated.resolved, &stated.formulation.layout);
    let before = |period: PeriodIx| period.position() < then.period;
    let spent = |whose: &dyn Fn(crate::formulation::program::Col) -> bool| -> f64 {
        let orders = layout.capex.iter().filter(|capex| before(capex.period) && whose(capex.col));
        orders.map(|capex| capex.musd * then.value(capex.col)).sum()
    };
    if let Some(total) = &mut plan.budget.capex_musd_total {
        *total = (*total - spent(&|_| true)).max(0.0);
    }
    let owners = Owners::new(resolved);
    for (id, actor) in &mut plan.actors {
        let index = resolved.actors.pairs().find(|(_, known)| known.id == *id).map(|(index, _)| index);
        if let (Some(total), Some(index)) = (&mut actor.capex_musd_total, index) {
            let column = |col: crate::formulation::program::Col| stated.formulation.program.columns.get(col.0 as usize);
            let own = |col| column(col).and_then(|column| owners.of_key(&column.key)) == Some(index);
            *total = (*total - spent(&own)).max(0.0);
        }
    }
    for (number, subsidy) in resolved.subsidies.iter().enumerate() {
        let of = layout.pools.iter().flat_map(|pool| &pool.subsidies).filter(|(policy, order, _)| *policy == number && before(*order));
        let used: f64 = of.map(|(.., col)| then.value(*col)).sum();
        if let Some(Policy::CapexSubsidy(policy)) = plan.policies.get_mut(&subsidy.id)
            && let Some(ceiling) = &mut policy.ceiling_musd
        {
            *ceiling = (*ceiling - used).max(0.0);
        }
    }
    domestic(then, plan);
    if plan.finance.is_some() {
        said.push("Taxes, debt and what is written off are counted anew from the new start: what was borrowed before and not yet paid back, and what is not yet written off, is not carried over.".to_owned());
    }
}

/// What was ordered counts for a domestic share as it did; what stands and is counted anyway is not counted twice.
fn domestic(then: &Then<'_>, plan: &mut Plan) {
    let (resolved, layout) = (&then.stated.resolved, &then.stated.formulation.layout);
    let fleets = plan.fleets.clone();
    let first = then.month(then.period);
    for rule in plan.policies.values_mut() {
        let Policy::DomesticShare(rule) = rule else { continue };
        for (pool, cols) in resolved.pools.iter().zip(&layout.pools).filter(|(pool, _)| pool.rental.is_none()) {
            let (chip, place) = (&resolved.chips[pool.chip], &resolved.places[pool.place]);
            if place.country != rule.site_country {
                continue;
            }
            let mut chips: f64 = then.before(&cols.orders).iter().map(|(_, amount)| amount * cols.order_unit * 1e3).sum();
            if rule.include_existing {
                let stood: f64 = resolved
                    .calendar
                    .periods
                    .keys()
                    .map(|period| if period.position() == 0 { pool.existing[period] } else { pool.existing_arrivals[period] })
                    .sum();
                // What the rolled plan counts by itself: fleets alive at its start and those that come later.
                let life_months = i32::try_from(chip.life * resolved.calendar.period_months as usize).unwrap_or(i32::MAX);
                let end = resolved.calendar.end();
                let own = fleets.values().filter(|fleet| fleet.site.0 == place.id && fleet.chip.0 == chip.id);
                let counted: f64 = own
                    .filter(|fleet| fleet.in_service < end && (fleet.in_service > first || first < fleet.in_service.plus(life_months)))
                    .map(|fleet| fleet.count)
                    .sum();
                chips += stood * 1e3 - counted;
            }
            let side = if chip.origin == rule.site_country { &mut rule.ordered_domestic_tpp } else { &mut rule.ordered_foreign_tpp };
            *side = (*side + chips * chip.tpp).max(0.0);
        }
    }
}

/// A ratchet remembers the highest demand of the months before.
fn ratchets(then: &Then<'_>, plan: &mut Plan, said: &mut Vec<String>) {
    let resolved = &then.stated.resolved;
    for (index, contract) in resolved.contracts.pairs() {
        for charge in &contract.facets.peak_charges {
            let Some(ratchet) = charge.ratchet.as_ref().filter(|ratchet| ratchet.fraction > 0.0) else { continue };
            let now = then.period * resolved.calendar.period_months as usize;
            // Months ago and MW, the latest last; what was known before comes first.
            let mut seen: Vec<(usize, f64)> = vec![(now + ratchet.existing_months_ago, ratchet.existing_mw)];
            for period in resolved.calendar.periods.keys().filter(|period| period.position() < then.period && contract.in_force[*period]) {
                for month in resolved.calendar.months_of_period(period).filter(|month| ratchet.of_months.get(month.of_year) == Some(&true))
                {
                    seen.push((now - month.offset, measured(then, index, charge, period, month.of_year)));
                }
            }
            seen.retain(|(ago, _)| *ago <= ratchet.months);
            let highest = seen.iter().copied().fold((1, 0.0), |best: (usize, f64), of| if of.1 >= best.1 - 1e-9 { of } else { best });
            let later = seen.iter().filter(|(ago, mw)| *ago < highest.0 && *mw > 1e-6).count();
            remember(plan, contract, charge, highest, later > 0, said);
        }
    }
}

fn remember(plan: &mut Plan, contract: &Contract, charge: &PeakCharge, (ago, mw): (usize, f64), later: bool, said: &mut Vec<String>) {
    let Some(Terms::Tariff(tariff)) = plan.contracts.get_mut(&contract.id).map(|contract| &mut contract.terms) else { return };
    let mw = if mw > 1e-6 { mw } else { 0.0 };
    if let Some(ratchet) = tariff.demand_charges.get_mut(&charge.id).and_then(|charge| charge.ratchet.as_mut()) {
        ratchet.existing_peak_mw = mw;
        ratchet.existing_peak_months_ago = u32::try_from(ago).unwrap_or(1).max(1);
    } else {
        tariff.existing_peak_mw = mw;
    }
    let is_plain = charge.id == crate::resolved::charges::OWN;
    if later || is_plain && ago > 1 && mw > 0.0 {
        said.push(format!(
            "The ratchet of {} remembers {} MW, its highest draw{}.",
            contract.id,
            crate::words::short(mw),
            if is_plain { ", as if it were of the month before" } else { ", and nothing of the lower ones after it" }
        ));
    }
}

/// What a charge measures in a month, MW, as the answer draws.
fn measured(then: &Then<'_>, index: ContractIx, charge: &PeakCharge, period: PeriodIx, of_year: usize) -> f64 {
    let calendar = &then.stated.resolved.calendar;
    let draw = &then.stated.formulation.layout.contracts[index].draw[period];
    let draws: Vec<(SliceIx, f64)> =
        calendar.slices_of[period].iter().zip(draw).filter_map(|(slice, col)| Some((*slice, then.value((*col)?)))).collect();
    if let Some(coincident) = &charge.coincident {
        let weight = |slice: SliceIx| calendar.hours_in_month(slice, of_year) * coincident.hours.share(slice, of_year);
        let hours: f64 = calendar.slices_of[period].iter().map(|slice| weight(*slice)).sum();
        return if hours > 0.0 { draws.iter().map(|(slice, mw)| weight(*slice) * mw).sum::<f64>() / hours } else { 0.0 };
    }
    let counts = |slice: SliceIx| {
        calendar.hours_in_month(slice, of_year) > 0.0 && charge.hours.as_ref().is_none_or(|hours| hours.share(slice, of_year) > 0.0)
    };
    draws.iter().filter(|(slice, _)| counts(*slice)).map(|(_, mw)| *mw).fold(0.0, f64::max)
}

/// Limits of a year that has begun hold for what is left of it.
fn years(then: &Then<'_>, plan: &mut Plan, said: &mut Vec<String>) {
    let resolved = &then.stated.resolved;
    let calendar = &resolved.calendar;
    let first = PeriodIx::new(then.period);
    let year = calendar.year_of(first);
    if year.first() == Some(&first) {
        return;
    }
    let start = then.month(then.period);
    plan.horizon.year_begins = Some(plan.horizon.year_begins.unwrap_or_else(|| then.month(0)));
    let mut left_out = false;
    for (index, contract) in resolved.contracts.pairs() {
        left_out |= contract.facets.peak_charges.iter().any(|charge| charge.coincident.as_ref().is_some_and(|of| of.by_year));
        let Some(most) = &contract.facets.yearly_energy else { continue };
        let in_force: Vec<PeriodIx> = year.iter().copied().filter(|period| contract.in_force[*period]).collect();
        let gwh: f64 = in_force.iter().map(|period| most.gwh_per_year[*period] * calendar.periods[*period].years).sum();
        let drawn = |period: &PeriodIx| -> f64 {
            let cols = calendar.slices_of[*period].iter().zip(&then.stated.formulation.layout.contracts[index].draw[*period]);
            cols.filter_map(|(slice, col)| Some(calendar.hours(*period, *slice) * 1e-3 * then.value((*col)?))).sum()
        };
        let used: f64 = in_force.iter().filter(|period| **period < first).map(drawn).sum();
        let rest: f64 = in_force.iter().filter(|period| **period >= first).map(|period| calendar.periods[*period].years).sum();
        let Some(Terms::Hydro(hydro)) = plan.contracts.get_mut(&contract.id).map(|contract| &mut contract.terms) else { continue };
        let Course::Dated(steps) = &hydro.gwh_per_year.course else {
            left_out |= rest > 0.0;
            continue;
        };
        if rest > 0.0 {
            let next = year.last().map(|last| calendar.periods[*last].start.plus(calendar.period_months as i32));
            hydro.gwh_per_year = from_now(steps, start, next, ((gwh - used) / rest).max(0.0));
        }
    }
    let annual = plan.policies.values().any(|policy| matches!(policy, Policy::RenewableShare(_)));
    if annual {
        said.push("A renewable share of the year has to be kept in what is left of the year by itself: what was too much or too little before is not carried over.".to_owned());
    }
    if left_out {
        said.push("A charge or limit of the year counts what is left of the year by itself.".to_owned());
    }
}

/// Steps with a number from one month to another, and as they were from there on.
fn from_now(steps: &BTreeMap<Month, f64>, start: Month, next: Option<Month>, value: f64) -> Steps {
    let mut changed: BTreeMap<Month, f64> = steps
        .iter()
        .filter(|(month, _)| **month < start || next.is_some_and(|next| **month >= next))
        .map(|(month, value)| (*month, *value))
        .collect();
    changed.insert(start, value);
    if let Some(next) = next
        && let Some((_, then)) = steps.range(..=next).next_back()
    {
        changed.entry(next).or_insert(*then);
    }
    Steps::dated(changed)
}

/// Scenarios and studies as they go on: curves from where they began, plant that stands beside the contract it
/// was ordered under. What they set and is not there any more is taken out and named.
pub(super) fn variations(before: &Plan, plan: &mut Plan, to: Month, said: &mut Vec<String>) {
    let old = before.horizon.start;
    let changed: Vec<String> = crate::plan::diff::differences(before, plan).into_iter().map(|difference| difference.path).collect();
    let mut scenarios = plan.scenarios.clone();
    for (id, scenario) in &mut scenarios {
        let mut kept: Vec<(String, RawText)> = Vec::new();
        for (at, value) in &scenario.set.0 {
            let mut paths = vec![at.clone()];
            paths.extend(copies(before, plan, at));
            for at in paths {
                let mut with = plan.clone();
                if edit::apply_to_scratch(&mut with, &Edit::set(at.clone(), value.0.clone())).is_err() {
                    said.push(format!("The scenario {id} sets `{at}`, which is past or stands: that is left out of it."));
                    continue;
                }
                since(&mut with, old);
                let text = path::node_at(&with, &at).map_or_else(|| value.0.clone(), |node| node.tree().inline());
                kept.push((at, RawText(text)));
            }
            let below = |path: &str, above: &str| path == above || path.starts_with(&format!("{above}."));
            if let Some(touched) = changed.iter().find(|path| is_an_amount(path) && (below(path, at) || below(at, path))) {
                said.push(format!("The scenario {id} sets `{at}`, of which a part has been ordered (`{touched}`): see whether it still says what is meant."));
            }
        }
        scenario.set.0 = kept;
    }
    plan.scenarios = scenarios;
    plan.studies.retain(|id, study| {
        let is_past = matches!(study, Study::Hedge(hedge) if hedge.decide_before <= to);
        if is_past {
            said.push(format!("The hedge {id} asked what to sign before {to}: that is signed, and the study is gone."));
        }
        !is_past
    });
}

/// Amounts that rolling on takes from, and that a scenario would give back.
fn is_an_amount(path: &str) -> bool {
    ["at_most", "at_least", "contract_mw", ".mw", "energy_mwh", "capex_musd_total", "ceiling_musd", "taken_mw", "decisions", "cap_mw"]
        .iter()
        .any(|name| path.contains(name))
}

/// The same value of the plant that was ordered under a contract, but for its size.
fn copies(before: &Plan, plan: &Plan, at: &str) -> Vec<String> {
    let Some((id, rest)) = at.strip_prefix("contracts.").and_then(|rest| rest.split_once('.')) else { return Vec::new() };
    let is_size =
        |name: &str| matches!(name, "terms.mw" | "terms.energy_mwh" | "terms.existing_mw" | "terms.existing_mwh" | "from" | "until");
    if is_size(rest) || !matches!(before.contracts.get(id).map(|contract| &contract.terms), Some(Terms::OnSite(_) | Terms::Battery(_))) {
        return Vec::new();
    }
    let own = |copy: &&String| {
        !before.contracts.contains_key(*copy)
            && copy
                .strip_prefix(id)
                .and_then(|month| month.strip_prefix('-'))
                .is_some_and(|month| month.len() >= 7 && Month::parse(&month[..7]).is_ok())
    };
    plan.contracts.keys().filter(own).map(|copy| format!("contracts.{copy}.{rest}")).collect()
}
