//! What power at an earlier date is worth: each step of what the grid will bring comes a period earlier, and the
//! plan is solved again. Where a connection has events, the same power is also tried as non-firm until its date.
//!
//! What is said of a date is what the plan solved with it says: nothing is read off a dual, since one date moves
//! a whole block of power.

use super::{Options, solve_options, state};
use crate::diagnostic::Diagnostic;
use crate::plan::edit::{self, Edit};
use crate::plan::node::Node as _;
use crate::plan::{Level, Month, Plan, Steps};
use crate::resolved::Series;
use crate::solve::{self, Outcome};
use crate::words::{self, subject, with_unit};

/// What one date is worth a period earlier.
#[derive(Clone, Debug, PartialEq)]
pub struct Earlier {
    /// The number that takes a step, or the date itself.
    pub path: String,
    /// When it comes in the plan.
    pub date: Month,
    /// When it comes a period earlier.
    pub earlier: Month,
    /// What comes then, MW; none for a date of offers and of becoming firm.
    pub mw: Option<f64>,
    /// What changes in the plan.
    pub edit: Edit,
    /// What it brings; none if the plan has no answer then.
    pub brings: Option<Gain>,
    /// The change that makes it non-firm until its date, and what that brings, where the connection has events.
    pub as_non_firm: Option<(Edit, Option<Gain>)>,
    /// In words.
    pub sentence: String,
}

/// Changes of the goals.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gain {
    /// Of the first goal, in its unit.
    pub first: f64,
    /// Unit of the first goal.
    pub first_unit: &'static str,
    /// Of NPV, M$, where it is a later goal.
    pub npv_musd: Option<f64>,
    /// Smaller changes of the first goal are rounding.
    nothing: f64,
}

/// Every date of the grid in the horizon, with what it is worth a period earlier.
///
/// # Errors
/// What is wrong with the plan, or that it has no answer.
pub fn earlier(plan: &Plan, series: &Series, options: &Options) -> Result<Vec<Earlier>, Vec<Diagnostic>> {
    let solved = |plan: &Plan| -> Result<Outcome, Vec<Diagnostic>> {
        let stated = state(plan, series, options)?;
        Ok(solve::solve(&stated.formulation.program, &solve_options(&stated, options)))
    };
    let base = solved(plan)?;
    if !base.has_point() {
        return Err(vec![Diagnostic::error("no-answer", "", "The plan has no answer, so no date of it has a worth.")]);
    }
    let unit = state(plan, series, options)?.formulation.program.phases.first().map_or("", |phase| phase.goal.unit);
    let gain = |edit: &Edit| -> Option<Gain> {
        let changed = edit::applied(plan, edit).ok()?;
        let again = solved(&changed).ok()?;
        let value = |outcome: &Outcome, phase: usize| outcome.phases.get(phase).map(|phase| phase.value);
        let change = |phase: usize| value(&again, phase).zip(value(&base, phase)).map(|(now, before)| now - before);
        let npv = base.phases.iter().position(|phase| phase.name == "npv").filter(|phase| *phase > 0);
        let first = change(0).filter(|_| again.has_point())?;
        let nothing = 1e-7 * value(&base, 0).unwrap_or(0.0).abs();
        Some(Gain { first, first_unit: unit, npv_musd: npv.and_then(change), nothing })
    };
    let mut found = dates(plan);
    for date in &mut found {
        date.brings = gain(&date.edit);
        if let Some((edit, brings)) = &mut date.as_non_firm {
            *brings = gain(edit);
        }
        date.sentence = sentence(plan, date);
    }
    Ok(found)
}

/// Dates of what the grid brings within the horizon, each with the change that moves it a period earlier.
fn dates(plan: &Plan) -> Vec<Earlier> {
    let months = i32::try_from(plan.horizon.period_months).unwrap_or(1);
    let start = plan.horizon.start;
    let end = start.plus(i32::try_from(plan.horizon.periods).unwrap_or(1).saturating_mul(months));
    let inside = |date: Month| start < date && date < end;
    let before = |date: Month| date.plus(-months).max(start);
    let blank = |path: String, date: Month, mw: Option<f64>, edit: Edit| Earlier {
        path,
        date,
        earlier: before(date),
        mw,
        edit,
        brings: None,
        as_non_firm: None,
        sentence: String::new(),
    };
    let mut found = Vec::new();
    let mut of_steps = |path: String, steps: &Steps| -> Vec<(usize, Month, f64)> {
        let mut rises = Vec::new();
        for (date, mw) in steps.dates().into_iter().flatten().filter(|(date, _)| inside(**date)) {
            let rise = mw - steps.at(date.plus(-1)).unwrap_or(0.0);
            if rise > 0.0 {
                let moved = Edit::Many {
                    label: format!("{path} earlier"),
                    edits: vec![Edit::set_number(format!("{path}.{}", before(*date)), *mw), Edit::remove(format!("{path}.{date}"))],
                };
                found.push(blank(path.clone(), *date, Some(*mw), moved));
                rises.push((found.len() - 1, *date, rise));
            }
        }
        rises
    };
    let mut softened: Vec<(usize, Edit)> = Vec::new();
    for (id, site) in &plan.sites {
        of_steps(format!("sites.{id}.interconnect_mw"), &site.interconnect_mw);
        for (name, connection) in &site.connections {
            let at = format!("sites.{id}.connections.{name}");
            if let Level::Flat(steps) = &connection.firm_mw {
                for (index, date, rise) in of_steps(format!("{at}.firm_mw"), steps) {
                    if connection.events.is_some() {
                        let edit = raised(&format!("{at}.non_firm_mw"), &connection.non_firm_mw, before(date), date, rise);
                        softened.push((index, edit));
                    }
                }
            }
            of_steps(format!("{at}.non_firm_mw"), &connection.non_firm_mw);
        }
    }
    for (index, edit) in softened {
        if let Some(date) = found.get_mut(index) {
            date.as_non_firm = Some((edit, None));
        }
    }
    for (id, site) in &plan.sites {
        for (name, connection) in &site.connections {
            let at = format!("sites.{id}.connections.{name}");
            let mut date = |path: String, date: Option<Month>| {
                if let Some(date) = date.filter(|date| inside(*date)) {
                    let edit = Edit::set_text(path.clone(), &before(date).to_string());
                    found.push(blank(path, date, None, edit));
                }
            };
            date(format!("{at}.firm_from"), connection.firm_from);
            if let crate::plan::connection::Service::Choose(offers) = &connection.service {
                for (offer, stated) in offers {
                    date(format!("{at}.service.value.{offer}.from"), stated.from);
                }
            }
        }
    }
    found
}

/// The change that raises dated numbers by so much from one date to another.
fn raised(path: &str, steps: &Steps, from: Month, until: Month, by: f64) -> Edit {
    let mut dates: Vec<Month> = steps.dates().map_or_else(Vec::new, |dates| dates.keys().copied().collect());
    dates.extend([Month::ALWAYS, from, until]);
    dates.sort();
    dates.dedup();
    let value = |date: Month| steps.at(date).unwrap_or(0.0) + if date >= from && date < until { by } else { 0.0 };
    let texts: Vec<String> = dates
        .into_iter()
        .map(|date| format!("{}: {}", crate::plan::node::quoted(&crate::plan::step_key(date)), value(date).tree().inline()))
        .collect();
    Edit::set(path, format!("{{{}}}", texts.join(", ")))
}

fn sentence(plan: &Plan, date: &Earlier) -> String {
    let what = subject(plan, &date.path);
    let mw = date.mw.map_or_else(String::new, |mw| format!(" of {}", with_unit(mw, "MW")));
    let first = match date.brings {
        Some(gain) => format!("brings {}", in_words(gain)),
        None => "leaves the plan without an answer".to_owned(),
    };
    let mut sentence = format!("{what}{mw} in {} instead of {} {first}.", date.earlier, date.date);
    if let Some((_, Some(gain))) = date.as_non_firm {
        sentence += &format!(" As non-firm power until {} it brings {}.", date.date, in_words(gain));
    }
    sentence
}

fn in_words(gain: Gain) -> String {
    let side = |change: f64, amount: String| format!("{amount} {}", if change < 0.0 { "less" } else { "more" });
    let first = (gain.first.abs() > gain.nothing).then(|| side(gain.first, with_unit(gain.first.abs(), gain.first_unit)));
    let npv = gain.npv_musd.filter(|musd| musd.abs() > 1e-3).map(|musd| format!("{} NPV", side(musd, words::musd(musd.abs()))));
    match (first, npv) {
        (None, None) => "nothing".to_owned(),
        (Some(first), None) => first,
        (None, Some(npv)) => npv,
        (Some(first), Some(npv)) => format!("{first} and {npv}"),
    }
}
