//! A plan with the proof of its answer beside it: shown at once, or told why it is not.

use std::path::Path;

use tokenworks::gui::command::Request;
use tokenworks::plan::file::read_plan;
use tokenworks::resolved::Series;
use tokenworks::study::Options;
use tokenworks::study::proved::answer_with_proof;

use crate::window::harness::{Window, settle, window_with};

const SMALL: &str = include_str!("../plans/small.ron");

/// A window without its solver, and a plan opened in it.
fn opened(path: &Path) -> Window {
    let mut harness = window_with(egui::vec2(1440.0, 900.0), |opening| opening.first_example = false);
    harness.state_mut().document.live_on = false;
    harness.state_mut().handle(Request::OpenPath(path.to_owned()));
    settle(&mut harness);
    harness
}

fn said(harness: &Window) -> String {
    harness.state().view.log.lines.iter().map(|line| line.text.clone()).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_proof_beside_the_plan_is_its_answer_or_says_why_not() {
    let folder = tempfile::tempdir().unwrap();
    let (path, proof_path) = (folder.path().join("plan.ron"), folder.path().join("plan.proof"));
    std::fs::write(&path, SMALL).unwrap();
    let harness = opened(&path);
    assert!(harness.state().document.results().is_none() && !said(&harness).contains("proof"), "{}", said(&harness));
    drop(harness);

    let plan = read_plan(SMALL).plan.unwrap();
    let (answer, proof) = answer_with_proof(&plan, &Series::default(), &Options::default());
    let proof = proof.unwrap();
    std::fs::write(&proof_path, &proof).unwrap();
    let harness = opened(&path);
    assert!(said(&harness).contains("The answer is that of plan.proof: checked by our own arithmetic"), "{}", said(&harness));
    let shown = harness.state().document.results().expect("the answer is there without a solver");
    assert_eq!(shown.kpis, answer.results.unwrap().kpis);
    assert!(harness.state().document.is_canonical(), "it belongs to the plan on screen");
    drop(harness);

    // A digit changed, an older plan's, no proof at all: not used, and why is said.
    let place = proof.find("goal ").unwrap() + proof[proof.find("goal ").unwrap()..].find(|letter: char| letter.is_ascii_digit()).unwrap();
    let digit = if proof.as_bytes()[place] == b'7' { "8" } else { "7" };
    let changed = format!("{}{digit}{}", &proof[..place], &proof[place + 1..]);
    for (text, file, why) in [
        (SMALL, changed.as_str(), "was changed after the proof was written"),
        (&SMALL.replacen("450.0}", "440.0}", 1), proof.as_str(), "has changed since the proof was written"),
        (SMALL, "", "Line 1"),
    ] {
        std::fs::write(&path, text).unwrap();
        std::fs::write(&proof_path, file).unwrap();
        let harness = opened(&path);
        assert!(said(&harness).contains("The proof in plan.proof is not used") && said(&harness).contains(why), "{}", said(&harness));
        assert!(harness.state().document.results().is_none());
    }
}
