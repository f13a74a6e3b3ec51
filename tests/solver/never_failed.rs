//! No legal plan ends as `failed`: under every goal, whole or not, something is said that a planner can act on.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tokenworks::disk;
use tokenworks::plan::{Goal, file};
use tokenworks::results::Status;
use tokenworks::study::{self, Options};

/// Every goal there is, the usual pairs among them.
fn goals() -> Vec<(&'static str, Vec<Goal>)> {
    vec![
        ("tokens", vec![Goal::MaxTokens, Goal::MaxNpv]),
        ("npv", vec![Goal::MaxNpv]),
        ("cost", vec![Goal::MinCost, Goal::MaxTokens]),
        ("cost for tokens", vec![Goal::MinCostForTtok(1.0)]),
        ("cost per token", vec![Goal::MinCostPerToken(0.9)]),
        ("npv after tax", vec![Goal::MaxNpvAfterTax]),
    ]
}

fn plans(folder: &Path, each: usize) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.extension().is_some_and(|ending| ending == "ron"));
    found.sort();
    found.into_iter().step_by(each).collect()
}

/// A few here; `FAILED=folder` tries every plan of a folder (`tests/oracle/generate.py folder 3000` makes them).
#[test]
fn no_legal_plan_ends_as_failed() {
    let folder = std::env::var_os("FAILED");
    let plans = folder.map_or_else(|| plans(Path::new("tests/oracle/plans"), 12), |folder| plans(Path::new(&folder), 1));
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut failed = Vec::new();
    for path in &plans {
        let Some(plan) = file::read_plan(&std::fs::read_to_string(path).unwrap()).plan else { continue };
        let Ok(series) = disk::read_series(&plan, path.parent()) else { continue };
        for (name, goals) in goals() {
            for whole in [false, true] {
                let mut plan = plan.clone();
                plan.objective.clone_from(&goals);
                let options = Options { whole, time_limit_s: Some(20.0), ..Options::default() };
                let answer = study::answer(&plan, &series, &options);
                let word = match answer.results.as_deref() {
                    None => "refused".to_owned(),
                    Some(results) => {
                        if matches!(results.status, Status::Failed) {
                            failed.push(format!("{}, {name}, whole {whole}: {}", path.display(), results.message));
                        }
                        format!("{:?}", results.status)
                    }
                };
                *counts.entry(word).or_default() += 1;
            }
        }
    }
    println!("{} plans, all goals, whole and not: {counts:?}", plans.len());
    assert!(failed.is_empty(), "{} failed:\n{}", failed.len(), failed.join("\n"));
    assert!(counts.get("Optimal").is_some_and(|count| *count > plans.len()), "{counts:?}");
}

/// A quotient in whole numbers is refused before it is tried, with what to ask instead.
#[test]
fn a_quotient_in_whole_numbers_is_refused_with_a_way_out() {
    let mut plan = file::read_plan(include_str!("../plans/one-site.ron")).plan.unwrap();
    plan.objective = vec![Goal::MinCostPerToken(0.9)];
    let whole = Options { whole: true, ..Options::default() };
    let answer = study::answer(&plan, &tokenworks::resolved::Series::default(), &whole);
    assert!(answer.results.is_none());
    let [problem] = &answer.problems[..] else { panic!("{:?}", answer.problems) };
    assert_eq!((problem.code, problem.path.as_str()), ("whole-quotient", "objective"));
    assert!(problem.help.as_ref().is_some_and(|help| help.contains("--objective cost=120")));
    let divisible = study::answer(&plan, &tokenworks::resolved::Series::default(), &Options::default());
    assert!(divisible.results.is_some_and(|results| results.status == Status::Optimal));
}
