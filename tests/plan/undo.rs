//! An edit and its undo end at the same numbers: hot answers are the canonical ones.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokenworks::plan::edit::{Edit, apply};
use tokenworks::plan::file::read_plan;
use tokenworks::plan::{Plan, path};
use tokenworks::resolved::Series;
use tokenworks::results::Status;
use tokenworks::solve::session::Session;
use tokenworks::study::live::{Job, Live, LiveAnswer};
use tokenworks::study::{self, Answer, Options};

use crate::solver::bench_solver::synthetic::Random;

/// Numbers of a plan that a hand may drag, by path.
const TEXAS: &[&str] = &[
    "sites.abilene.pue",
    "sites.abilene.interconnect_mw.2027-01",
    "sites.abilene.interconnect_mw.2028-07",
    "contracts.abilene-wind.terms.price_usd_per_mwh",
    "budget.capex_musd_per_period.2027-01",
    "budget.capex_musd_per_period.2029-01",
    "horizon.discount_rate_fraction",
];
const GANSU: &[&str] = &[
    "sites.qingyang.pue",
    "sites.qingyang.interconnect_mw.2027-01",
    "sites.qingyang.interconnect_mw.2028-01",
    "budget.capex_musd_per_period.2027-01",
    "budget.capex_musd_per_period.2028-01",
    "horizon.discount_rate_fraction",
];

fn shipped(name: &str) -> Plan {
    read_plan(&std::fs::read_to_string(format!("plans/{name}.ron")).unwrap()).plan.unwrap()
}

/// Every key figure by name; where an answer has none, nothing.
fn figures(answer: &Answer) -> Vec<(String, f64)> {
    let Some(results) = answer.results.as_ref().filter(|results| results.status == Status::Optimal) else { return Vec::new() };
    let serde_json::Value::Object(fields) = serde_json::to_value(&results.kpis).unwrap() else { return Vec::new() };
    fields.into_iter().filter_map(|(name, value)| Some((name, value.as_f64()?))).collect()
}

/// Largest relative difference of a figure, noted by its name.
fn compare(worst: &mut Vec<(String, f64)>, one: &Answer, two: &Answer) {
    for ((name, one), (_, two)) in figures(one).into_iter().zip(figures(two)) {
        let apart = (one - two).abs() / one.abs().max(two.abs()).max(1e-9);
        match worst.iter_mut().find(|(known, _)| *known == name) {
            Some((_, most)) => *most = most.max(apart),
            None => worst.push((name, apart)),
        }
    }
}

/// An edit of one of the numbers by up to a fifth.
fn edit(plan: &Plan, paths: &[&str], random: &mut Random) -> Option<Plan> {
    let at = paths[(random.next() * paths.len() as f64) as usize % paths.len()];
    let value: f64 = path::get(plan, at)?.parse().ok()?;
    let factor = random.between(0.8, 1.2);
    // A PUE is its overhead, and stays above one.
    let value = if at.ends_with("pue") { 1.0 + (value - 1.0) * factor } else { value * factor };
    let mut edited = plan.clone();
    apply(&mut edited, &Edit::Set { path: at.into(), value: format!("{value:?}") }).ok()?;
    Some(edited)
}

fn edits() -> usize {
    std::env::var("EDITS").ok().and_then(|edits| edits.parse().ok()).unwrap_or(12)
}

/// The property of the program: the session alone, with nothing kept but its bases.
#[test]
fn an_edit_and_its_undo_end_at_the_same_numbers() {
    for (name, paths) in [("texas", TEXAS), ("gansu", GANSU)] {
        let plan = shipped(name);
        let options = Options::default();
        let cold = |plan: &Plan| study::answer(plan, &Series::default(), &options);
        let mut session = Session::new();
        let mut hot = |plan: &Plan| {
            let stated = study::state(plan, &Series::default(), &options).unwrap();
            let outcome = session.solve(&stated.formulation.program, None);
            (study::read(&stated, &outcome, &options), session.last().cold)
        };
        let canonical = cold(&plan);
        let mut random = Random(11);
        let (mut worst, mut colds, mut done) = (Vec::new(), 0, 0);
        compare(&mut worst, &hot(&plan).0, &canonical);
        while done < edits() {
            let Some(edited) = edit(&plan, paths, &mut random) else { continue };
            let (there, cold_there) = hot(&edited);
            let (back, cold_back) = hot(&plan);
            colds += usize::from(cold_there) + usize::from(cold_back);
            compare(&mut worst, &back, &canonical);
            if done % 6 == 0 {
                compare(&mut worst, &there, &cold(&edited));
            }
            done += 1;
        }
        worst.sort_by(|left, right| right.1.total_cmp(&left.1));
        println!("{name}: {done} edits and undos, {colds} of them cold; largest differences {:?}", &worst[..worst.len().min(8)]);
        assert!(worst.len() > 10);
        for (figure, apart) in worst {
            assert!(apart <= 1e-6, "{name}: {figure} differs by {apart:e}");
        }
    }
}

fn wait(live: &mut Live, until: impl Fn(&LiveAnswer) -> bool) -> LiveAnswer {
    let start = Instant::now();
    loop {
        if let Some(answer) = live.poll().filter(|answer| until(answer)) {
            return answer;
        }
        assert!(start.elapsed() < Duration::from_mins(2), "no answer");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// The window's path: what the worker calls canonical, reached by a hand that drags, is what a cold run of the
/// same plan gives, in every figure and in what the give-up brings; and so is the plan as it was.
#[test]
fn the_worker_ends_where_a_cold_run_ends() {
    for (name, paths) in [("texas", TEXAS), ("gansu", GANSU)] {
        let plan = Arc::new(shipped(name));
        let series = Arc::new(Series::default());
        let mut live = Live::start(|| ()).unwrap();
        let mut revision = 0;
        let mut submit = |live: &mut Live, plan: &Arc<Plan>| {
            revision += 1;
            live.submit(Job { revision, plan: Arc::clone(plan), series: Arc::clone(&series), options: Options::default() });
            revision
        };
        let mut random = Random(29);
        let (mut worst, mut estimates, mut done) = (Vec::new(), 0, 0);
        while done < edits().div_ceil(8) {
            // A few edits faster than they are answered, then rest.
            let stroke: Vec<Plan> = (0..4).filter_map(|_| edit(&plan, paths, &mut random)).collect();
            let Some(last) = stroke.last().cloned() else { continue };
            for moved in stroke {
                submit(&mut live, &Arc::new(moved));
                std::thread::sleep(Duration::from_millis(20));
                estimates += usize::from(live.poll_estimate().is_some());
            }
            let wanted = submit(&mut live, &Arc::new(last.clone()));
            let there = wait(&mut live, |answer| answer.canonical && answer.revision == wanted);
            let cold = study::answer(&last, &series, &Options::default());
            compare(&mut worst, &there.answer, &cold);
            let brings = |answer: &Answer| answer.results.as_ref()?.give_up.as_ref().map(|give_up| give_up.brings);
            let (one, two) = (brings(&there.answer), brings(&cold));
            assert_eq!(one.is_some(), two.is_some(), "{name}: {one:?} {two:?}");
            // A difference of two values good to nine digits.
            let npv = cold.results.as_ref().map_or(0.0, |results| results.kpis.npv_musd.abs());
            assert!((one.unwrap_or(0.0) - two.unwrap_or(0.0)).abs() <= 1e-6 * npv, "{name}: {one:?} {two:?}");
            done += 1;
        }
        worst.sort_by(|left, right| right.1.total_cmp(&left.1));
        println!("{name}: {done} strokes, {estimates} estimates; largest differences {:?}", &worst[..worst.len().min(5)]);
        for (figure, apart) in worst {
            assert!(apart <= 1e-6, "{name}: {figure} differs by {apart:e}");
        }
    }
}

/// The window's path: an edit that is taken back shows the canonical numbers at once.
#[test]
fn what_is_taken_back_shows_its_numbers_at_once() {
    let plan = Arc::new(shipped("deepseek-day"));
    let mut live = Live::start(|| ()).unwrap();
    let series = Arc::new(Series::default());
    let job =
        |plan: &Arc<Plan>, revision| Job { revision, plan: Arc::clone(plan), series: Arc::clone(&series), options: Options::default() };
    live.submit(job(&plan, 1));
    let canonical = wait(&mut live, |answer| answer.canonical);
    let mut edited = Plan::clone(&plan);
    edited.horizon.discount_rate_fraction += 0.01;
    live.submit(job(&Arc::new(edited), 2));
    let there = wait(&mut live, |answer| answer.revision == 2);
    assert!(!there.canonical);
    live.submit(job(&Arc::new(Plan::clone(&plan)), 3));
    let back = wait(&mut live, |answer| answer.revision == 3);
    assert!(back.canonical && live.is_settled() && !live.is_busy());
    assert_eq!(figures(&back.answer), figures(&canonical.answer));
}
