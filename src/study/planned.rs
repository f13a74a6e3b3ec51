//! A plan's own studies: from its name to a run.

use super::engine::{Base, Run};
use super::kinds;
use super::{Options, with_scenario};
use crate::diagnostic::{Diagnostic, nearest_name};
use crate::plan::Plan;
use crate::plan::check::check_study;
use crate::plan::node::Node as _;
use crate::plan::study::Study;
use crate::plan::study::hedge::Futures;
use crate::resolved::Series;

/// A study of the plan, by its id.
///
/// # Errors
/// There is none of that name.
pub fn study_of<'p>(plan: &'p Plan, id: &str) -> Result<&'p Study, Vec<Diagnostic>> {
    plan.studies.get(id).ok_or_else(|| {
        let problem = Diagnostic::error("unknown-reference", "studies", format!("The plan has no study `{id}`."));
        let names: Vec<&str> = plan.studies.keys().map(String::as_str).collect();
        vec![match nearest_name(id, names.iter().copied()) {
            Some(near) => problem.help(format!("Did you mean `{near}`?")),
            None if names.is_empty() => {
                problem.help("State one under `studies`, such as `\"curve\": Frontier(optimise: Npv, hold: Tokens)`.")
            }
            None => problem.help(format!("It has {}.", names.join(", "))),
        }]
    })
}

/// What is wrong with a study itself: with it, or with the sample it takes its futures from.
fn wrong_with(plan: &Plan, id: &str, study: &Study) -> Vec<Diagnostic> {
    let sampled = match study {
        Study::Hedge(hedge) => match &hedge.futures {
            Futures::Sampled(sampled) => plan.studies.get_key_value(&sampled.study.0),
            _ => None,
        },
        _ => None,
    };
    let of_sampled = sampled.into_iter().flat_map(|(id, study)| check_study(plan, id, study));
    check_study(plan, id, study).into_iter().chain(of_sampled).filter(Diagnostic::is_error).collect()
}

/// Makes a study of the plan ready to run: solves the base plan and lists the points.
///
/// # Errors
/// What is wrong with the plan or the study.
pub fn prepared(plan: &Plan, id: &str, series: &Series, options: &Options) -> Result<Run, Vec<Diagnostic>> {
    let study = study_of(plan, id)?;
    let wrong = wrong_with(plan, id, study);
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let mut own = with_scenario(plan, &options.scenario)?;
    let goals = study.goals();
    if !goals.is_empty() {
        own.objective = goals.to_vec();
    }
    let base = Base::new(&own, series, &Options { scenario: String::new(), ..options.clone() })?;
    let points = kinds::points(study, plan, &base)?;
    let mut run = Run::new(base, points, &study.tree().inline());
    run.goals = (!goals.is_empty()).then(|| own.objective.tree().inline());
    Ok(run)
}
