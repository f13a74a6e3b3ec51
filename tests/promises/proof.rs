//! A proof of an answer: read back without solving, and found out when anything in it is not so.

use std::sync::Arc;

use tokenworks::disk;
use tokenworks::plan::Plan;
use tokenworks::plan::edit::{Edit, apply};
use tokenworks::proof::{self, Proof, ProofError};
use tokenworks::resolved::Series;
use tokenworks::results::{Results, Status};
use tokenworks::study::proved::{Unproved, answer_from_proof, answer_with_proof};
use tokenworks::study::{self, Options};

use crate::common::dice::Dice;
use crate::sketch::read;

fn plan(path: &str) -> (Plan, Series) {
    let plan = read(&std::fs::read_to_string(path).unwrap());
    let series = disk::read_series(&plan, std::path::Path::new(path).parent()).unwrap();
    (plan, series)
}

/// The answer and its proof.
fn solved(plan: &Plan, series: &Series, scenario: &str) -> (Option<Arc<Results>>, Result<String, ProofError>) {
    let (answer, proof) = answer_with_proof(plan, series, &Options { scenario: scenario.into(), ..Options::default() });
    (answer.results, proof)
}

fn why(plan: &Plan, series: &Series, text: &str) -> ProofError {
    match answer_from_proof(plan, series, text) {
        Err(Unproved::Proof(error)) => error,
        Err(Unproved::Plan(problems)) => panic!("{problems:?}"),
        Ok(_) => panic!("the proof was believed"),
    }
}

/// The key figures, bottlenecks and builds are those of the run that the proof was written by.
#[test]
fn a_proof_gives_the_whole_answer_back() {
    for (path, scenario) in [("plans/gansu.ron", ""), ("plans/texas.ron", "late-grid"), ("tests/plans/small.ron", "")] {
        let (plan, series) = plan(path);
        let scenario = if plan.scenarios.contains_key(scenario) { scenario } else { "" };
        let (results, text) = solved(&plan, &series, scenario);
        let (results, text) = (results.unwrap(), text.unwrap());
        let proved = answer_from_proof(&plan, &series, &text).unwrap();
        assert_eq!(proved.scenario, scenario);
        let again = proved.answer.results.unwrap();
        assert_eq!(again.status, Status::Optimal);
        assert_eq!(again.kpis, results.kpis, "{path}");
        assert_eq!((&again.flows, &again.sales, &again.power), (&results.flows, &results.sales, &results.power), "{path}");
        assert_eq!((&again.fleet, &again.halls, &again.money), (&results.fleet, &results.halls, &results.money), "{path}");
        assert_eq!(again.binding.len(), results.binding.len(), "{path}");
        for (now, then) in again.binding.iter().zip(&results.binding) {
            assert_eq!((&now.path, &now.period), (&then.path, &then.period));
            assert!((now.dual - then.dual).abs() <= 1e-9 * then.dual.abs().max(1e-6), "{path}: {now:?} {then:?}");
        }
        println!("{path}: {} kB, stated in {:.0} ms, checked in {:.0} ms", text.len() / 1000, proved.state_ms, proved.check_ms);
        assert!(proof::from_text(&text).is_ok_and(|proof| proof::to_text(&proof) == text));
    }
}

/// Every random plan with an answer that prices prove has a proof that is believed.
#[test]
fn answers_of_random_plans_have_proofs() {
    let (mut proofs, mut of_parts) = (0, 0);
    for entry in std::fs::read_dir("tests/oracle/plans").unwrap() {
        let path = entry.unwrap().path();
        let (plan, series) = plan(path.to_str().unwrap());
        let stated = match study::state(&plan, &series, &Options::default()) {
            Ok(stated) if stated.formulation.program.columns.len() < 1_000 => stated,
            _ => continue,
        };
        let (results, text) = solved(&plan, &series, "");
        match text {
            Ok(text) => {
                let proved = answer_from_proof(&plan, &series, &text);
                let proved = proved.unwrap_or_else(|unproved| panic!("{}: {unproved:?}", path.display()));
                assert!(proved.certificate.checked);
                let (now, then) = (proved.answer.results.unwrap().kpis.clone(), results.unwrap().kpis.clone());
                if proof::from_text(&text).unwrap().parts.is_none() {
                    assert_eq!(now, then, "{}", path.display());
                } else {
                    // What comes after a quotient or whole numbers is solved once more for its proof.
                    let close = |one: f64, other: f64| (one - other).abs() <= 2e-3 * other.abs().max(1e-3);
                    assert!(close(now.quality_tokens_ttok, then.quality_tokens_ttok), "{}: {now:?} {then:?}", path.display());
                    assert!(close(now.cost_npv_musd, then.cost_npv_musd), "{}: {now:?} {then:?}", path.display());
                    of_parts += 1;
                }
                proofs += 1;
            }
            Err(why) => {
                // Whole numbers that prices do not prove to be within the plan's gap of the best are refused, and it is said.
                let is_far = stated.plan.whole.any() && why.to_string().contains("and the plan wants");
                assert!(results.is_none_or(|results| results.status != Status::Optimal) || is_far, "{}: {why}", path.display());
            }
        }
    }
    println!("{proofs} proofs, {of_parts} of them of quotients or whole numbers");
    assert!(proofs > 30 && of_parts > 2, "{proofs} proofs, {of_parts} of parts");
}

/// A small plan with other goals.
fn with_goals(goals: &str, more: &[(&str, &str)]) -> (Plan, Series) {
    let (mut plan, series) = plan("tests/plans/small.ron");
    for (path, value) in [("objective", goals)].iter().chain(more) {
        apply(&mut plan, &Edit::Set { path: (*path).into(), value: (*value).into() }).unwrap();
    }
    (plan, series)
}

/// The least cost per token is proved by programs without a quotient: most tokens, nothing cheaper, and what comes after.
#[test]
fn cost_per_token_is_proved() {
    let (plan, series) = with_goals("[MinCostPerToken(0.9)]", &[]);
    let (results, text) = solved(&plan, &series, "");
    let (results, text) = (results.unwrap(), text.unwrap());
    let proved = answer_from_proof(&plan, &series, &text).unwrap();
    assert!(proved.certificate.checked);
    let again = proved.answer.results.unwrap();
    assert_eq!(again.status, Status::Optimal);
    let close = |one: f64, other: f64| (one - other).abs() <= 1e-5 * other.abs();
    assert!(close(again.phases[0].value, results.phases[0].value), "{:?} {:?}", again.phases, results.phases);
    assert!(close(again.kpis.cost_usd_per_mtok, results.kpis.cost_usd_per_mtok));
    // The worth of limits is that of the run.
    let first =
        |results: &Results| results.binding.iter().map(|binding| (binding.path.clone(), binding.period.clone())).collect::<Vec<_>>();
    assert_eq!(first(&again), first(&results));
    assert!(proof::from_text(&text).is_ok_and(|proof| proof::to_text(&proof) == text));

    // A lower cost, fewer tokens, a quotient held looser or other points: nothing of it is believed.
    let stated = proof::from_text(&text).unwrap();
    for change in 0..8 {
        let mut forged = stated.clone();
        let Some(proof::Parts::PerToken(parts)) = &mut forged.parts else { panic!("parts") };
        match change {
            0 => parts.value *= 0.999,
            1 => parts.value *= 1.001,
            2 => parts.best *= 0.9,
            3 => parts.best *= 1.1,
            4 => parts.held *= 1.5,
            5 => parts.later = None,
            6 => parts.linear.point.iter_mut().for_each(|(_, value)| *value *= 1.01),
            _ => parts.floor.phases[0].prices.iter_mut().for_each(|(_, price)| *price *= 0.5),
        }
        assert!(matches!(why(&plan, &series, &proof::to_text(&forged)), ProofError::Wrong(_)), "change {change}");
    }
}

/// Whole halls and racks are proved to be within the plan's gap of what divisible ones could have, and to be whole.
#[test]
fn whole_numbers_are_proved_to_be_near_the_best() {
    let (plan, series) = with_goals("[MaxTokens, MinCost]", &[("whole", "(halls: true, racks: true, gap_fraction: 0.9)")]);
    let (results, text) = solved(&plan, &series, "");
    let (results, text) = (results.unwrap(), text.unwrap());
    let proved = answer_from_proof(&plan, &series, &text).unwrap();
    let of_whole = proved.certificate.phases.last().unwrap();
    assert_eq!(of_whole.name, proof::WHOLE);
    // The distance is that of the first goal to the same plan's with divisible halls and racks.
    let divisible = solved(&with_goals("[MaxTokens, MinCost]", &[]).0, &series, "").0.unwrap();
    let again = proved.answer.results.unwrap();
    let tokens = |results: &Results| results.phases[0].value;
    let apart = (tokens(&divisible) - tokens(&again)) / tokens(&again);
    assert!((of_whole.gap.unwrap() - apart).abs() <= 1e-6, "{of_whole:?}, {apart}");
    assert!((tokens(&again) - tokens(&results)).abs() <= 1e-3 * tokens(&results), "{} {}", tokens(&again), tokens(&results));

    let stated = proof::from_text(&text).unwrap();
    for change in 0..4 {
        let mut forged = stated.clone();
        let Some(proof::Parts::Whole(parts)) = &mut forged.parts else { panic!("parts") };
        match change {
            0 => parts.fixed.point.iter_mut().for_each(|(_, value)| *value += 0.5),
            1 => parts.relaxed.point.iter_mut().for_each(|(_, value)| *value *= 0.9),
            2 => parts.relaxed = parts.fixed.clone(),
            _ => parts.relaxed.phases[0].prices.iter_mut().for_each(|(_, price)| *price *= 0.5),
        }
        assert!(matches!(why(&plan, &series, &proof::to_text(&forged)), ProofError::Wrong(_)), "change {change}");
    }
    // A proof of whole numbers is none of the divisible plan, and the other way round.
    let (other, _) = with_goals("[MaxTokens, MinCost]", &[]);
    assert!(matches!(why(&other, &series, &text), ProofError::Stale(_)));
    // Where prices prove less than the plan's gap, it is refused with how far they are.
    if apart > 1e-4 {
        let (strict, _) = with_goals("[MaxTokens, MinCost]", &[("whole", "(halls: true, racks: true, gap_fraction: 0.0)")]);
        let refused = solved(&strict, &series, "").1.unwrap_err();
        assert!(refused.to_string().contains("and the plan wants"), "{refused}");
    }
}

/// One letter or digit changed, left out or doubled, at a thousand places: all are found.
#[test]
fn a_thousand_changed_proofs_are_found() {
    let (plan, series) = plan("tests/plans/small.ron");
    let text = solved(&plan, &series, "").1.unwrap();
    let mut dice = Dice(1);
    let mut found = 0;
    while found < 1_000 {
        let place = dice.below(text.len());
        let old = text.as_bytes()[place];
        let mut bytes = text.clone().into_bytes();
        match dice.below(4) {
            0 if old != b'\n' || place + 1 < text.len() => drop(bytes.remove(place)),
            1 if old != b'\n' => bytes.insert(place, old),
            _ if old.is_ascii_digit() => bytes[place] = b'0' + (old - b'0' + 1 + dice.below(9) as u8) % 10,
            _ if old.is_ascii_alphabetic() => bytes[place] = old ^ 1,
            _ => continue,
        }
        let changed = String::from_utf8(bytes).unwrap();
        let error = why(&plan, &series, &changed);
        assert!(!error.to_string().is_empty());
        found += 1;
    }
}

/// Whoever changes numbers and makes the digests anew is found by arithmetic: nothing is believed that
/// is not so.
#[test]
fn a_forged_proof_proves_nothing_false() {
    let (plan, series) = plan("tests/plans/small.ron");
    let (results, text) = solved(&plan, &series, "");
    let (results, proof) = (results.unwrap(), proof::from_text(&text.unwrap()).unwrap());
    let mut dice = Dice(2);
    let mut refused = 0;
    for _ in 0..300 {
        let mut forged = proof.clone();
        let factor = [0.0, 0.5, 0.999, 1.001, 2.0, -1.0][dice.below(6)];
        let phase = dice.below(forged.phases.len());
        match dice.below(4) {
            0 => {
                let place = dice.below(forged.point.len());
                forged.point[place].1 *= factor;
            }
            1 => {
                let place = dice.below(forged.phases[phase].prices.len());
                forged.phases[phase].prices[place].1 *= factor;
            }
            2 => forged.phases[phase].value *= factor,
            _ => {
                let held = forged.phases.iter_mut().flat_map(|phase| &mut phase.held).next().unwrap();
                held.0 *= factor;
            }
        }
        match answer_from_proof(&plan, &series, &proof::to_text(&forged)) {
            Err(Unproved::Proof(ProofError::Wrong(why))) => {
                assert!(why.ends_with('.'), "{why}");
                refused += 1;
            }
            Err(other) => panic!("{other:?}"),
            // What is still believed is still so: the goals as the run found them, each to what it may give.
            Ok(proved) => {
                for (now, then) in proved.answer.results.unwrap().phases.iter().zip(&results.phases) {
                    assert!((now.value - then.value).abs() <= 3e-3 * then.value.abs().max(1e-3), "{now:?} {then:?}");
                }
            }
        }
    }
    assert!(refused > 200, "{refused} of 300 refused");
}

/// A stale proof says what has changed; a new name changes nothing that was proved.
#[test]
fn a_stale_proof_says_why() {
    let (plan, series) = plan("tests/plans/small.ron");
    let text = solved(&plan, &series, "").1.unwrap();
    let set = |path: &str, value: &str| {
        let mut plan = plan.clone();
        apply(&mut plan, &Edit::Set { path: path.into(), value: value.into() }).unwrap();
        plan
    };
    let site = plan.sites.keys().next().unwrap();
    let edited = set(&format!("sites.{site}.interconnect_mw"), "3.25");
    assert_eq!(why(&edited, &series, &text), ProofError::Stale("The plan has changed since the proof was written.".into()));
    assert!(answer_from_proof(&set("name", "\"another name\""), &series, &text).is_ok());
    let newer = text.replacen("tokenworks-proof 1", "tokenworks-proof 2", 1);
    assert!(matches!(why(&plan, &series, &newer), ProofError::Unreadable { line: 1, .. }));
    // A proof cut off anywhere is none.
    for line in 0..text.lines().count().min(60) {
        let cut: String = text.split_inclusive('\n').take(line).collect();
        assert!(matches!(why(&plan, &series, &cut), ProofError::Unreadable { .. } | ProofError::Changed { .. }), "{line}");
    }
}

/// Counts and gaps beyond the program ask for no memory.
#[test]
fn a_hostile_proof_is_refused() {
    let zeros = "0".repeat(64);
    let head = format!("tokenworks-proof 1\nplan {zeros}\nseries {zeros}\nprogram {zeros}\nscenario \"\"\nsolver \"\"\n");
    for rest in [
        "size 4294967295 4294967295\ngoal \"tokens\" 1.0\nprices 4294967295\n4294967294 1.0\n1 1.0\n",
        "size 1 1\ngoal \"tokens\" NaN\n",
        "size 1 1\ngoal \"tokens\" 1e999\n",
        "size 1 1\ngoal \"tok\\u{1b}[31m\" 1.0\npoint 0\nsum x\n",
        "size 1 1\npoint 0\n",
        "size -1 1\n",
    ] {
        let error = proof::from_text(&format!("{head}{rest}")).unwrap_err();
        assert!(!error.to_string().contains('\u{1b}'), "{error:?}");
    }
    let wrong = Proof::default();
    assert!(proof::from_text(&proof::to_text(&wrong)).is_err());
}
