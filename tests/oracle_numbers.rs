//! What a program stated apart from `src/` says of the same plans (`make oracle`), held against ours.
//!
//! The numbers are in `tests/oracle/expected.csv`: the status of each plan, and the value of each phase.

use std::collections::BTreeMap;
use std::path::Path;

use tokenworks::results::Status;

use crate::sketch::{answer, read};

/// Agreement asked for, as a share of the larger value.
const TOLERANCE: f64 = 1e-6;

#[derive(Default)]
struct Expected {
    status: String,
    phases: Vec<(String, f64)>,
}

fn expected() -> BTreeMap<String, Expected> {
    let text = std::fs::read_to_string("tests/oracle/expected.csv").unwrap();
    let mut plans: BTreeMap<String, Expected> = BTreeMap::new();
    for row in csv::Reader::from_reader(text.as_bytes()).records() {
        let row = row.unwrap();
        let plan = plans.entry(row[0].to_owned()).or_default();
        row[1].clone_into(&mut plan.status);
        if !row[2].is_empty() {
            plan.phases.push((row[2].to_owned(), row[3].parse().unwrap()));
        }
    }
    plans
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Optimal => "optimal",
        Status::Stopped => "stopped",
        Status::Infeasible => "infeasible",
        Status::Unbounded => "unbounded",
        // The other program has no word of its own for it.
        Status::Nothing | Status::Failed => "failed",
    }
}

/// The plans of a folder, which must all have numbers.
fn compare(folder: &str, plans: &BTreeMap<String, Expected>) -> (usize, Vec<String>) {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "ron"))
        .collect();
    files.sort();
    let mut faults = Vec::new();
    for file in &files {
        let path = file.to_string_lossy().replace('\\', "/");
        // The sample of the random plans goes by the name it was generated under.
        let name = path.replace("tests/oracle/plans", "generated");
        let Some(expected) = plans.get(&name) else {
            faults.push(format!("{name} has no numbers: run `make oracle`"));
            continue;
        };
        let results = answer(&read(&std::fs::read_to_string(Path::new(file)).unwrap()));
        if status(results.status) != expected.status {
            faults.push(format!("{name}: {} against {}", status(results.status), expected.status));
        }
        let money = expected.phases.iter().filter(|(name, _)| name != "tokens").fold(0.0_f64, |most, (_, value)| most.max(value.abs()));
        for ((phase, value), ours) in expected.phases.iter().zip(&results.phases) {
            // A difference of revenue and cost is as exact as they are.
            let scale = value.abs().max(ours.value.abs()).max(if phase == "npv" { money } else { 1e-9 });
            if ours.name != *phase || (ours.value - value).abs() > TOLERANCE * scale {
                faults.push(format!("{name}: {} {} against {phase} {value}", ours.name, ours.value));
            }
        }
        if results.phases.len() < expected.phases.len() {
            faults.push(format!("{name}: {} phases, not {}", results.phases.len(), expected.phases.len()));
        }
    }
    (files.len(), faults)
}

#[test]
fn sample_plans() {
    let (count, faults) = compare("plans", &expected());
    assert!(count >= 3);
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn reference_plans() {
    let (count, faults) = compare("plans/reference", &expected());
    assert!(count >= 6);
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn random_plans() {
    let plans = expected();
    let (count, faults) = compare("tests/oracle/plans", &plans);
    assert!(count >= 40, "{count}");
    assert!(faults.is_empty(), "{faults:#?}");
    // The oracle was asked far more than this sample, feasible and infeasible.
    let of = |status: &str| plans.iter().filter(|(name, plan)| name.starts_with("generated/") && plan.status == status).count();
    assert!(
        of("optimal") + of("infeasible") >= 200 && of("infeasible") >= 40,
        "{} optimal, {} infeasible",
        of("optimal"),
        of("infeasible")
    );
}
