//! The engine of studies: hot chains against plain answers, any number of workers, any parts, what has no answer.

use std::collections::BTreeSet;

use tokenworks::plan::Plan;
use tokenworks::plan::file::{print, read_plan};
use tokenworks::resolved::Series;
use tokenworks::results::{Kpis, Results};
use tokenworks::study::engine::{CHAIN, Record, Run, Shard, chains, varied};
use tokenworks::study::{self, Options, planned};

const ONE_SITE: &str = include_str!("../plans/one-site.ron");
const SMALL: &str = include_str!("../plans/small.ron");

/// A plan with studies put in before its end.
pub fn with(text: &str, studies: &str) -> Plan {
    let end = text.trim_end().rfind(')').unwrap();
    let text = format!("{}    studies: {{{studies}}},\n)\n", &text[..end]);
    let checked = read_plan(&text);
    let errors: Vec<_> = checked.diagnostics.iter().filter(|problem| problem.is_error()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    checked.plan.unwrap()
}

pub fn prepared(plan: &Plan, id: &str) -> Run {
    planned::prepared(plan, id, &Series::default(), &Options::default()).unwrap()
}

/// Everything that comes of a run, in order.
pub fn records(run: &Run) -> Vec<Record> {
    let mut found = part(run, Shard::WHOLE, 1, &BTreeSet::new());
    found.sort_by_key(|record| record.index);
    found
}

fn part(run: &Run, shard: Shard, jobs: usize, known: &BTreeSet<usize>) -> Vec<Record> {
    let mut found = Vec::new();
    let whole = run.run(shard, jobs, known, None, &mut |record, progress| {
        found.push(record);
        assert!(progress.done <= progress.of);
        true
    });
    assert!(whole);
    found
}

fn lines(mut records: Vec<Record>) -> String {
    records.sort_by_key(|record| record.index);
    records.iter().map(|record| serde_json::to_string(record).unwrap() + "\n").collect()
}

fn cold(plan: &Plan) -> std::sync::Arc<Results> {
    study::answer(plan, &Series::default(), &Options::default()).results.unwrap()
}

fn near(left: f64, right: f64, share: f64) -> bool {
    (left - right).abs() <= share * left.abs().max(right.abs()).max(1e-9)
}

const POINTS: &str = "\"g\": Grid(axes: [(vary: [(paths: [\"sites.home.interconnect_mw\"], at: Evenly(from: 1.0, to: 20.0, steps: 10))]), \
     (vary: [(paths: [\"markets.*.demand.*.segments.*.usd_per_mtok.answer\"], act: Multiplies, at: Evenly(from: 0.5, to: 2.0, steps: 8))])])";

#[test]
fn a_study_of_one_point_is_the_plain_answer() {
    let plan =
        with(SMALL, "\"one\": Grid(axes: [(vary: [(paths: [\"sites.abilene.interconnect_mw\"], act: Multiplies, at: Values([1.0]))])])");
    let run = prepared(&plan, "one");
    let found = records(&run);
    let plain = cold(&plan);
    assert_eq!(found.len(), 1);
    for (phase, (name, value)) in plain.phases.iter().zip(&found[0].answer.goals) {
        assert_eq!(phase.name, *name);
        assert!(near(phase.value, *value, 1e-9), "{name}: {} and {value}", phase.value);
    }
    for (figure, plain) in figures(&plain.kpis) {
        let of_study = found[0].answer.kpi(&figure).unwrap_or(0.0);
        assert!(near(plain, of_study, 1e-6) || (plain - of_study).abs() < 1e-6, "{figure}: {plain} and {of_study}");
    }
}

fn figures(kpis: &Kpis) -> Vec<(String, f64)> {
    let serde_json::Value::Object(figures) = serde_json::to_value(kpis).unwrap() else { panic!("no figures") };
    figures.into_iter().filter_map(|(name, value)| Some((name, value.as_f64()?))).collect()
}

#[test]
fn a_grid_is_its_points_solved_cold() {
    let plan = with(
        SMALL,
        "\"g\": Grid(axes: [(vary: [(paths: [\"sites.abilene.interconnect_mw\"], act: Multiplies, at: Values([0.4, 1.3]))]), \
         (vary: [(paths: [\"contracts.grid.terms.energy_usd_per_mwh\"], at: Values([20.0, 90.0])), \
         (paths: [\"markets.*.demand.*.segments.*.answer_gtok_per_day\"], act: Multiplies, at: Values([1.2, 0.7]))])])",
    );
    let run = prepared(&plan, "g");
    for (record, point) in records(&run).iter().zip(&run.points) {
        let results = cold(&varied(&run.base.plan, point).unwrap());
        for (phase, (name, value)) in results.phases.iter().zip(&record.answer.goals) {
            assert!(near(phase.value, *value, 1e-6), "{}: {name} {} cold and {value} hot", record.label, phase.value);
        }
        for (figure, plain) in figures(&results.kpis) {
            let hot = record.answer.kpi(&figure).unwrap_or(0.0);
            assert!(near(plain, hot, 1e-3) || (plain - hot).abs() < 1e-6, "{}: {figure} {plain} cold and {hot} hot", record.label);
        }
    }
}

#[test]
fn any_number_of_workers_and_any_parts_give_the_same_lines() {
    let plan = with(ONE_SITE, POINTS);
    let run = prepared(&plan, "g");
    assert_eq!(run.points.len(), 80);
    assert_eq!(chains(&run.points).iter().map(|chain| chain.len()).collect::<Vec<_>>(), [CHAIN, CHAIN, 80 - 2 * CHAIN]);
    let nothing = BTreeSet::new();
    let one = lines(part(&run, Shard::WHOLE, 1, &nothing));
    assert_eq!(one.lines().count(), 80);
    assert_eq!(one, lines(part(&run, Shard::WHOLE, 3, &nothing)));
    let parts = (1..=2).flat_map(|number| part(&prepared(&plan, "g"), Shard { number, of: 2 }, 1, &nothing)).collect();
    assert_eq!(one, lines(parts));
    // Gone on from the middle of a chain: what is there is left out, and the rest is as if never stopped.
    let known: BTreeSet<usize> = (0..40).chain([50, 79]).collect();
    let rest = part(&run, Shard::WHOLE, 2, &known);
    assert_eq!(rest.len(), 38);
    let all: Vec<&str> = one.lines().collect();
    for record in &rest {
        assert_eq!(serde_json::to_string(record).unwrap(), all[record.index]);
    }
    // Every point has its own key, and the keys are those that a merge expects.
    let keys = run.keys();
    assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), 80);
    assert!(keys.iter().zip(&all).all(|(key, line)| line.contains(key.as_str())));
}

#[test]
fn what_has_no_answer_is_a_result_with_its_reason() {
    // 5,000 Ttok need 10.3 MW (13 make 6,307.2): below that no plan makes them.
    let plan = with(
        &ONE_SITE.replace("    sites: {", "    objective: [MinCostForTtok(5000.0)],\n    sites: {"),
        "\"g\": Grid(axes: [(vary: [(paths: [\"sites.home.interconnect_mw\"], at: Values([5.0, 13.0]))])])",
    );
    let found = records(&prepared(&plan, "g"));
    assert_eq!(found[0].answer.status, "infeasible");
    assert!(found[0].answer.reason.contains("contradict"), "{}", found[0].answer.reason);
    assert_eq!(found[1].answer.status, "optimal");
}

#[test]
fn a_run_that_is_stopped_says_so_at_once() {
    let plan = with(ONE_SITE, POINTS);
    let run = prepared(&plan, "g");
    let mut told = 0;
    let whole = run.run(Shard::WHOLE, 2, &BTreeSet::new(), None, &mut |_, _| {
        told += 1;
        told < 5
    });
    assert!(!whole && told == 5);
    let cancel = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(true));
    assert!(!run.run(Shard::WHOLE, 1, &BTreeSet::new(), Some(&cancel), &mut |_, _| panic!("nothing is run")));
}

#[test]
fn a_run_that_is_held_waits_until_it_may_go_on() {
    let run = prepared(&with(ONE_SITE, POINTS), "g");
    run.hold.store(true, std::sync::atomic::Ordering::Relaxed);
    let hold = std::sync::Arc::clone(&run.hold);
    let begun = std::time::Instant::now();
    let let_go = std::thread::spawn(move || {
        std::thread::sleep(std::time::Duration::from_millis(120));
        hold.store(false, std::sync::atomic::Ordering::Relaxed);
    });
    let mut first = None;
    assert!(run.run(Shard::WHOLE, 2, &BTreeSet::new(), None, &mut |_, _| {
        first.get_or_insert(begun.elapsed());
        true
    }));
    let_go.join().unwrap();
    assert!(first.unwrap().as_millis() >= 120, "{first:?}");
}

#[test]
fn a_study_changes_no_answer_and_comes_back_from_the_text() {
    let plain = read_plan(ONE_SITE).plan.unwrap();
    let plan = with(ONE_SITE, POINTS);
    assert_eq!(tokenworks::results::sha256_of(&plain), tokenworks::results::sha256_of(&plan));
    assert_eq!(read_plan(&print(&plan)).plan.as_ref(), Some(&plan));
    assert!(!print(&plain).contains("studies"));
}

#[test]
fn wrong_studies_are_named_all_at_once() {
    let end = SMALL.trim_end().rfind(')').unwrap();
    let text = format!(
        "{}    studies: {{\n\
         \"a\": Grid(axes: [(vary: [(paths: [\"sites.abilen.interconnect_mw\"], at: Values([1.0]))])]),\n\
         \"b\": Grid(axes: [(vary: [(paths: [\"sites.abilene.pue\"], at: Values([0.5, 1.1]))])]),\n\
         \"c\": Grid(axes: [(vary: [(paths: [\"sites.abilene.pue\"], at: Evenly(from: 1.0, to: 2.0, steps: 1000)), (paths: [\"name\"], at: Values([1.0]))]), (vary: [(paths: [\"sites.abilene.pue\"], at: Evenly(from: 1.0, to: 2.0, steps: 1000))])]),\n\
         \"d\": Frontier(optimise: CostPerMtok, hold: Tokens),\n\
         \"e\": Sample(inputs: [(name: \"x\", paths: [\"sites.abilene.pue\"], is: Uniform(low: 1.0, high: 1.2))], correlations: [(first: \"x\", second: \"y\", rank: 0.5)]),\n\
         \"f\": Ranked(),\n\
         \"h\": Tornado(goals: [MaxNpv, MaxNpv]),\n\
         \"i\": Grid(axes: [(vary: [(paths: [\"sites.*.pue\"], act: Multiplies, at: Values([1.0, 1.1]))]), (vary: [(paths: [\"sites.abilene.pue\"], at: Values([1.1, 1.2]))])]),\n\
         \"j\": Sample(inputs: [(name: \"x\", paths: [\"sites.abilene.pue\"], is: Normal(mean: 1.2, deviation: 0.0)), (name: \"y\", paths: [\"sites.abilene.interconnect_mw\"], is: Normal(mean: 100.0, deviation: 60.0))], \
         correlations: [(first: \"x\", second: \"y\", rank: 0.5), (first: \"y\", second: \"x\", rank: -0.5)]),\n\
         \"k\": Frontier(optimise: Npv, hold: Npv),\n\
         \"l\": Grid(axes: [(vary: [(paths: [\"sites.abilene.country\"], at: Values([1.0]))])]),\n\
         }},\n)\n",
        &SMALL[..end]
    );
    let found = read_plan(&text).diagnostics;
    let at = |path: &str, code: &str| found.iter().find(|problem| problem.path == path && problem.code == code);
    let near = at("studies.a.axes.0.vary.0.paths.0", "unknown-path").unwrap();
    assert!(near.help.as_deref().unwrap().contains("`abilene`") && near.span.is_some(), "{near:?}");
    assert!(at("studies.b.axes.0.vary.0.paths.0", "out-of-range").is_some(), "{found:?}");
    assert!(at("studies.c.axes", "too-many").unwrap().message.contains("1000000"), "{found:?}");
    assert!(at("studies.c.axes.0.vary.1.at", "wrong-length").is_some());
    assert!(at("studies.c.axes.0.vary.1.paths.0", "bad-path").is_some());
    assert!(at("studies.d.optimise", "bad-goal").is_some());
    assert!(at("studies.e.correlations.0.second", "unknown-reference").is_some());
    assert!(at("studies.f", "missing-field").is_some());
    assert!(at("studies.h.goals.1", "double").is_some());
    // Of two that set one number only the last would count.
    assert!(at("studies.i.axes.1.vary.0.paths.0", "duplicate-key").unwrap().message.contains("sites.*.pue"), "{found:?}");
    assert!(at("studies.j.inputs.0.is", "out-of-range").unwrap().message.contains("no spread"), "{found:?}");
    assert!(at("studies.j.inputs.1.paths.0", "out-of-range").unwrap().help.as_deref().unwrap().contains("140"), "{found:?}");
    assert!(at("studies.j.correlations.1", "duplicate-key").is_some());
    assert!(at("studies.k.hold", "bad-goal").unwrap().help.as_deref().unwrap().contains("Tokens"));
    assert!(at("studies.l.axes.0.vary.0.paths.0", "wrong-type").unwrap().message.contains("takes no number"), "{found:?}");
}

#[test]
fn a_renaming_is_followed_into_studies() {
    let mut plan = with(ONE_SITE, POINTS);
    tokenworks::plan::edit::apply(&mut plan, &tokenworks::plan::edit::Edit::Rename { path: "sites.home".into(), to: "away".into() })
        .unwrap();
    assert!(print(&plan).contains("\"sites.away.interconnect_mw\""));
}
