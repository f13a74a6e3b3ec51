//! Hedges in other ways: with care, of two goals, by cuts in every way, stated wrongly.

use tokenworks::charts::Body;
use tokenworks::plan::Plan;
use tokenworks::plan::file::{print, read_plan};
use tokenworks::study::engine::{Record, Run};
use tokenworks::study::kinds::hedge::{Numbers, numbers, sentences};
use tokenworks::study::{pictures, summary};

use super::engine::{prepared, records, with};
use super::hedge::{UNIT, drawn, newsvendor};
use crate::common::dice::Dice;
use crate::common::sketch::near;

fn solved(plan: &Plan) -> (Run, Vec<Record>, Numbers) {
    let run = prepared(plan, "h");
    let found = records(&run);
    let numbers = numbers(&run.points, &found);
    (run, found, numbers)
}

/// The same plan, its hedge with another line of fields.
fn hedged(plan: &Plan, fields: &str) -> Plan {
    let mut plan = plan.clone();
    plan.studies.clear();
    with(&print(&plan), &format!("\"h\": Hedge({fields})"))
}

#[test]
fn what_care_costs_is_a_curve_from_the_mean_to_the_worst() {
    // Cost 6: without care 100 chips, mean 250, worst 30 % at -100; from a weight of 1/7 on 50 chips, both at 200.
    let (run, found, numbers) = solved(&newsvendor(6.0, "measure: CVaR(worst_fraction: 0.3, weight: 0.5)"));
    let care: Vec<[f64; 3]> = numbers.care.iter().map(|care| [care.weight, care.mean / UNIT, care.worst / UNIT]).collect();
    assert_eq!(care.len(), 5, "{care:?}");
    for ([weight, mean, worst], wanted) in
        care.iter().zip([[0.0, 250.0, -100.0], [0.25, 200.0, 200.0], [0.5, 200.0, 200.0], [0.75, 200.0, 200.0], [1.0, 200.0, 200.0]])
    {
        near(*weight, wanted[0], 1e-12);
        near(*mean, wanted[1], 1e-6);
        near(*worst, wanted[2], 1e-6);
    }
    let said = sentences(&run.points, &found);
    for part in [
        "Hedged, the plan comes to 6.31 M$ on average, and to 6.31 M$ over the worst 30 % of futures; what follows counts these with 50 % of the weight.",
        "Care costs at most 1.58 M$ of the mean: with all the weight on the worst 30 % they come to 6.31 M$, with none to −3.15 M$.",
    ] {
        assert!(said.iter().any(|sentence| sentence == part), "{part}: {said:#?}");
    }
    let plan = newsvendor(6.0, "measure: CVaR(worst_fraction: 0.3, weight: 0.5)");
    let charts = pictures::charts(&plan.studies["h"], &run, &found);
    let picture = charts.iter().find(|chart| chart.name == "study-care").unwrap();
    assert!(matches!(&picture.body, Body::Lines { traces, .. } if traces[0].points.len() == 5), "{picture:#?}");
    let tables = summary::tables("h", &plan.studies["h"], &run, &found);
    let names: Vec<&str> = tables.iter().map(|table| table.name.as_str()).collect();
    assert_eq!(names, ["h futures", "h signed", "h worth", "h care"]);
    assert!(tables.iter().all(|table| table.rows.iter().all(|row| row.len() == table.header.len())));
}

#[test]
fn cuts_go_every_way_and_through_every_goal() {
    let mut dice = Dice(5);
    for (number, (measure, goal)) in [("CVaR(worst_fraction: 0.4, weight: 0.5)", "Tokens"), ("Mean", "Npv")].into_iter().enumerate() {
        let plan = drawn(&mut dice, measure);
        let futures =
            "Tree([(branch: \"2028-01\", of: {\"f0\": 0.4, \"f1\": 0.6}), (branch: \"2028-01\", of: {\"f2\": 0.3, \"as-planned\": 0.7})])";
        let by = |method: &str| {
            solved(&hedged(
                &plan,
                &format!("decide_before: \"2028-01\", measure: {measure}, goal: {goal}, futures: {futures}, method: {method}"),
            ))
        };
        let ((_, one, of_one), (_, cut, of_cuts)) = (by("OneProgram"), by("Cuts"));
        let scale = of_one.measure.unwrap().abs().max(of_one.if_known.unwrap().abs()).max(1e-3);
        let close = |one: Option<f64>, other: Option<f64>, what: &str| {
            let (one, other) = (one.unwrap_or(f64::NAN), other.unwrap_or(f64::NAN));
            assert!((one - other).abs() <= 4e-4 * scale, "{number} {what}: {one} by one program, {other} by cuts");
        };
        close(of_one.measure, of_cuts.measure, "hedged");
        close(of_one.mean_plan, of_cuts.mean_plan, "averages");
        close(of_one.waiting, of_cuts.waiting, "waiting");
        close(of_one.later, of_cuts.later, "later");
        for (one, cut) in of_one.learning.iter().zip(&of_cuts.learning) {
            close(one.1, cut.1, "learning");
        }
        // The second goal is as good, too, with the first kept as far as it must be.
        let second = |found: &[Record]| found.iter().find(|record| record.at == [1.0, 0.0]).unwrap().answer.goals.clone();
        for ((name, one), (_, cut)) in second(&one).iter().zip(second(&cut)) {
            // It may be better: the first goal is reached, and then kept, within the gap of the cuts only.
            let scale = one.abs().max(1e-2);
            assert!(cut - one >= -2e-3 * scale, "{number} {name}: {one} by one program, {cut} by cuts");
        }
        let proofs: Vec<_> = cut.iter().filter_map(|record| record.answer.proof.as_ref()).collect();
        assert!(proofs.iter().filter(|proof| proof.by.starts_with("cuts")).count() >= 4, "{proofs:#?}");
    }
}

#[test]
fn a_hedge_stated_wrongly_says_what_is_wrong() {
    let text = print(&newsvendor(2.0, ""));
    let said = |fields: &str, top: &str| -> Vec<(String, String)> {
        let text = text.replace("Hedge(decide_before: \"2027-07\")", &format!("Hedge({fields})")).replacen(
            "schema: 1,",
            &format!("schema: 1, {top}"),
            1,
        );
        let problems = read_plan(&text).diagnostics;
        problems.into_iter().map(|problem| (problem.path, format!("{} {}", problem.message, problem.help.unwrap_or_default()))).collect()
    };
    for (fields, top, path, part) in [
        ("decide_before: \"2027-01\"", "", "studies.h.decide_before", "the horizon begins in 2027-01"),
        ("decide_before: \"2040-01\"", "", "studies.h.decide_before", "nothing is left to adapt"),
        ("decide_before: \"2027-07\", futures: Named({\"few\": 0.5, \"many\": 0.4})", "", "studies.h.futures", "add up to 0.9, not to 1"),
        ("decide_before: \"2027-07\", futures: Named({})", "", "studies.h.futures", "no future to hedge against"),
        ("decide_before: \"2027-07\", futures: Named({\"few\": 0.5, \"nobody\": 0.5})", "", "studies.h.futures.value.nobody", "nobody"),
        (
            "decide_before: \"2027-07\", futures: Tree([(branch: \"2040-01\", of: {\"few\": 0.5, \"many\": 0.5})])",
            "",
            "studies.h.futures.value.0.branch",
            "after the horizon's end",
        ),
        ("decide_before: \"2027-07\", method: Cuts", "whole: (halls: true),", "studies.h.method", "no cut can follow"),
    ] {
        let found = said(fields, top);
        assert!(found.iter().any(|(at, words)| at == path && words.contains(part)), "{path}: {found:#?}");
    }
}

#[test]
fn a_future_without_an_answer_is_named() {
    let mut plan = newsvendor(2.0, "");
    let impossible = "(set: {\"decisions\": {\"many\": (site: \"home\", what: Chips(\"c\"), at_least: 9e6)}}, probability: 0.2)";
    tokenworks::plan::edit::apply(&mut plan, &tokenworks::plan::edit::Edit::insert("scenarios", "never", impossible)).unwrap();
    for method in ["OneProgram", "Cuts"] {
        let plan =
            hedged(&plan, &format!("decide_before: \"2027-07\", method: {method}, futures: Named({{\"some\": 0.8, \"never\": 0.2}})"));
        let (run, found, numbers) = solved(&plan);
        let known: Vec<bool> = found.iter().take(2).map(|record| record.answer.is_answered()).collect();
        assert_eq!(known, [true, false], "{method}");
        let said = sentences(&run.points, &found);
        assert!(said.iter().any(|said| said.contains("`never` has no answer even if it is known")), "{method}: {said:#?}");
        assert!(numbers.measure.is_none());
    }
}
