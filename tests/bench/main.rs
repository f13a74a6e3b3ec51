//! How long things take, printed as tables: `make bench`. A benchmark, not a test: nothing here passes
//! or fails. CPU times are of the working thread, read from the kernel's own accounting where there is
//! one (Linux), else they are wall times and say so. `make bench ONLY="window texas PUE"` measures the
//! drags of one plan and field alone, `ONLY="window texas PUE study"` the same while a study of the plan runs, `ONLY=walk` the hot session along the same numbers each time,
//! `ONLY=speed` large plans stage by stage and beside other solvers, `ONLY=look-ups` the throughputs of a large plan, `ONLY=files` files of
//! series, `ONLY="proof texas 100k"` the checks of proofs, `ONLY="largest 300"` what the largest legal plan takes, solved for so many seconds.

#![expect(clippy::disallowed_methods, clippy::disallowed_macros, reason = "a benchmark reads plans and prints its tables")]

#[path = "../common/drags.rs"]
mod drags;
mod edits;
mod files;
mod look_ups;
mod proof;
mod speed;
mod studies;
mod window;

use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use tokenworks::export::mps;
use tokenworks::plan::edit::{Edit, apply};
use tokenworks::plan::{Plan, file};
use tokenworks::resolved::Series;
use tokenworks::solve::session::Session;
use tokenworks::solve::{self, Choice, SolveOptions};
use tokenworks::study::live::{Job, Live};
use tokenworks::study::{self, Options};

/// One number changed, of every kind a planner drags: budget, power, prices, demand, dates.
const EDITS: [(&str, &str); 13] = [
    ("budget.capex_musd_per_period.2028-01", "1150.0"),
    ("budget.energy_gwh_per_year.2027-01", "5000.0"),
    ("sites.abilene.interconnect_mw.2028-07", "430.0"),
    ("sites.amarillo.interconnect_mw.2028-01", "170.0"),
    ("sites.abilene.pue", "1.12"),
    ("contracts.abilene-wind.terms.price_usd_per_mwh", "50.0"),
    ("contracts.abilene-grid.terms.energy_usd_per_mwh.mean", "58.0"),
    ("chips.gb200.capex_usd", "44000.0"),
    ("chips.gb200.supply_per_period.2028-01", "22000.0"),
    ("markets.us-east.demand.chat.segments.0.answer_gtok_per_day", "1300.0"),
    ("markets.us-west.demand.chat.segments.0.usd_per_mtok.answer", "1.8"),
    ("policies.green.minimum_fraction", "0.25"),
    ("contracts.abilene-sun.from", "\"2027-10\""),
];

/// Texas, cut finer or coarser.
struct Size {
    name: &'static str,
    period_months: u32,
    periods: u32,
    block_hours: u32,
    /// With windy and dear days of their own beside each season's.
    more_days: bool,
}

const SIZES: [Size; 6] = [
    Size { name: "1k", period_months: 12, periods: 4, block_hours: 6, more_days: false },
    Size { name: "10k", period_months: 3, periods: 16, block_hours: 3, more_days: false },
    Size { name: "16k", period_months: 1, periods: 48, block_hours: 3, more_days: false },
    Size { name: "34k", period_months: 1, periods: 48, block_hours: 3, more_days: true },
    Size { name: "44k", period_months: 1, periods: 48, block_hours: 1, more_days: false },
    Size { name: "100k", period_months: 1, periods: 48, block_hours: 1, more_days: true },
];

/// Days that stand for the windiest and the dearest of each season.
const MORE_DAYS: [(&str, &str); 7] = [
    ("winter-windy", "(months: [12, 1, 2], days_per_year: 20.0, pick: Highest(\"wind\"))"),
    ("winter-dear", "(months: [12, 1, 2], days_per_year: 12.0, pick: Highest(\"price\"))"),
    ("spring-windy", "(months: [3, 4, 5], days_per_year: 20.0, pick: Highest(\"wind\"))"),
    ("spring-dear", "(months: [3, 4, 5], days_per_year: 12.0, pick: Highest(\"price\"))"),
    ("summer-windy", "(months: [6, 7, 8], days_per_year: 20.0, pick: Highest(\"wind\"))"),
    ("autumn-windy", "(months: [9, 10, 11], days_per_year: 20.0, pick: Highest(\"wind\"))"),
    ("autumn-dear", "(months: [9, 10, 11], days_per_year: 12.0, pick: Highest(\"price\"))"),
];

fn main() {
    let asked = |word: &str| std::env::args().any(|other| other == word);
    if let Some(texas) = read("plans/texas.ron").filter(|_| asked("proof") || asked("largest")) {
        let is_own = |word: &String| word.starts_with('-') || word == "proof" || word == "largest";
        let words: Vec<String> = std::env::args().skip(1).filter(|word| !is_own(word)).collect();
        if asked("proof") {
            proof::print(&texas, &words);
        } else {
            proof::largest(&texas, words.iter().find_map(|word| word.parse().ok()).unwrap_or(60.0));
        }
        return;
    }
    if asked("files") {
        files::print();
        return;
    }
    // First of all: what is read once has to be unread.
    look_ups::print();
    if std::env::args().any(|word| word == "look-ups") {
        return;
    }
    if !std::env::args().any(|word| word == "speed") {
        files::print();
    }
    let Some(texas) = read("plans/texas.ron") else {
        println!("Run this from the project's folder.");
        return;
    };
    // Cargo adds an option of its own.
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    if let Some((first, which)) = words.split_first()
        && first == "studies"
    {
        studies::print(&texas, which);
        return;
    }
    if let Some((first, which)) = words.split_first()
        && first == "speed"
    {
        speed::print(&texas, which);
        return;
    }
    if let Some((first, fields)) = words.split_first()
        && first == "window"
    {
        window::print(fields);
        return;
    }
    if words.first().is_some_and(|word| word == "walk") {
        walks(&texas);
        return;
    }
    println!("Sample plans and sizes of the Texas plan, cold. CPU s{}.", if cpu().is_some() { "" } else { " (wall: no CPU clock here)" });
    println!(
        "{:<14} {:>8} {:>8} {:>9} {:>9} {:>9} {:>9} {:>10}",
        "plan", "columns", "rows", "entries", "state", "2 phases", "all", "status"
    );
    for name in ["deepseek-day", "gansu", "texas"] {
        if let Some(plan) = read(&format!("plans/{name}.ron")) {
            cold(name, &plan);
        }
    }
    for size in &SIZES {
        cold(size.name, &sized(&texas, size));
    }
    println!("\nThe first phase's matrix through our solver layer and through highspy (one thread, presolve, simplex).");
    beside_highspy(&texas);
    for size in SIZES.iter().take(3) {
        println!(
            "\n13 edits of one number, Texas at {}: edit → plan → LP → certified answer in plan units, through the hot session.",
            size.name
        );
        hot(&sized(&texas, size));
    }
    println!("\nThe plan as it is shipped:");
    hot(&texas);
    println!("\nThe same through the window's own worker thread (wall ms from submit to answer):");
    live(&texas);
    window::print(&[]);
}

fn read(path: &str) -> Option<Plan> {
    file::read_plan(&std::fs::read_to_string(path).ok()?).plan
}

fn sized(plan: &Plan, size: &Size) -> Plan {
    let mut plan = plan.clone();
    let numbers =
        [("horizon.period_months", size.period_months), ("horizon.periods", size.periods), ("slices.block_hours", size.block_hours)];
    let mut edits: Vec<Edit> = numbers.into_iter().map(|(path, value)| Edit::Set { path: path.into(), value: value.to_string() }).collect();
    if size.more_days {
        edits.extend(MORE_DAYS.into_iter().map(|(id, day)| Edit::Insert {
            path: "slices.days".into(),
            id: id.into(),
            position: None,
            value: day.into(),
        }));
    }
    for edit in edits {
        if apply(&mut plan, &edit).is_err() {
            println!("{edit:?} could not be made.");
        }
    }
    plan
}

/// CPU seconds of this thread.
fn cpu() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(text.split_whitespace().next()?.parse::<f64>().ok()? * 1e-9)
}

/// Runs and says how long it took: CPU seconds, or wall seconds where there is no CPU clock.
fn timed<T>(run: impl FnOnce() -> T) -> (T, f64) {
    let (before, start) = (cpu(), Instant::now());
    let value = run();
    let seconds = cpu().zip(before).map_or_else(|| start.elapsed().as_secs_f64(), |(after, before)| after - before);
    (value, seconds)
}

fn cold(name: &str, plan: &Plan) {
    let (stated, state_s) = timed(|| study::state(plan, &Series::default(), &Options::default()));
    let Ok(stated) = stated else {
        println!("{name:<14} has errors");
        return;
    };
    // The second time: what the catalog and the profiles cost once is paid.
    let (_, state_again_s) = timed(|| study::state(plan, &Series::default(), &Options::default()));
    let program = &stated.formulation.program;
    let options = SolveOptions { time_limit_s: Some(300.0), ..SolveOptions::default() };
    let outcome = solve::solve(program, &options);
    // The same without the last phase, which only breaks ties.
    let mut two = program.clone();
    two.phases.truncate(2);
    let first_two = solve::solve(&two, &options);
    let status = format!("{:?}", outcome.status);
    println!(
        "{name:<14} {:>8} {:>8} {:>9} {:>9.3} {:>9.2} {:>9.2} {:>10}   (first statement {state_s:.3}; {}; {} iterations)",
        program.columns.len(),
        program.rows.len(),
        program.nonzeros(),
        state_again_s,
        first_two.cpu_seconds,
        outcome.cpu_seconds,
        status.chars().take(10).collect::<String>(),
        outcome.solver,
        outcome.iterations,
    );
}

/// Our HiGHS against highspy on the same matrices, as far as this machine has it (`make oracle` gets it).
fn beside_highspy(texas: &Plan) {
    let folder = std::env::temp_dir().join(format!("tokenworks-bench-{}", std::process::id()));
    if std::fs::create_dir_all(&folder).is_err() {
        println!("No folder for the files.");
        return;
    }
    let mut ours = Vec::new();
    for size in SIZES.iter().take(4) {
        let Ok(stated) = study::state(&sized(texas, size), &Series::default(), &Options::default()) else { continue };
        let mut program = stated.formulation.program;
        program.phases.truncate(1);
        let path = folder.join(format!("{}.mps", size.name));
        if std::fs::write(&path, mps::mps(&program, 0, false)).is_err() {
            continue;
        }
        let outcome = solve::solve(&program, &SolveOptions { choice: Choice::Highs { presolve: true }, ..SolveOptions::default() });
        let value = outcome.phases.first().map_or(f64::NAN, |phase| phase.value);
        ours.push((size.name, path, outcome.cpu_seconds, value));
    }
    let target = std::env::var("CARGO_TARGET_DIR").unwrap_or_else(|_| "target".into());
    let run = [format!("{target}/oracle/bin/python"), "python3".into()].into_iter().find_map(|python| {
        let files = ours.iter().map(|(_, path, _, _)| path);
        let output = std::process::Command::new(python).arg("tests/bench/highspy_time.py").args(files).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    });
    match run {
        None => println!("There is no Python with highspy here; `make oracle` gets one."),
        Some(text) => {
            let mut lines = text.lines();
            println!("highspy's HiGHS {}; ours takes in stating, loading and our own check.", lines.next().unwrap_or_default());
            for ((name, _, seconds, value), line) in ours.iter().zip(lines) {
                let mut numbers = line.split_whitespace().filter_map(|word| word.parse::<f64>().ok());
                let (theirs, objective) = (numbers.next().unwrap_or(f64::NAN), numbers.next().unwrap_or(f64::NAN));
                println!(
                    "{name:<14} ours {seconds:>7.3} s, highspy {theirs:>7.3} s, ratio {:>5.2}; objectives apart by {:.1e}",
                    seconds / theirs,
                    (value - objective).abs() / value.abs()
                );
            }
        }
    }
    if std::fs::remove_dir_all(&folder).is_err() {
        println!("{} could not be removed.", folder.display());
    }
}

fn hot(plan: &Plan) {
    let mut session = Session::new();
    let series = Series::default();
    let mut answer = |plan: &Plan| -> Option<(f64, usize)> {
        let (columns, seconds) = timed(|| {
            let stated = study::state(plan, &series, &Options::default()).ok()?;
            let outcome = session.solve(&stated.formulation.program, None);
            let answer = study::read(&stated, &outcome, &Options::default());
            answer.results.filter(|results| results.certificate.checked).map(|_| stated.formulation.program.columns.len())
        });
        columns.map(|columns| (seconds, columns))
    };
    let Some((first, columns)) = answer(plan) else {
        println!("no certified answer");
        return;
    };
    let mut times = Vec::new();
    for (path, value) in EDITS {
        let mut edited = plan.clone();
        if apply(&mut edited, &Edit::Set { path: path.into(), value: value.into() }).is_err() {
            println!("{path} could not be set");
            continue;
        }
        if let Some((seconds, _)) = answer(&edited) {
            times.push((seconds * 1e3, path));
        } else {
            println!("{path}: no certified answer");
        }
        // Back to the base plan, uncounted: each edit starts from the same answer.
        let _ = answer(plan);
    }
    times.sort_by(|a, b| a.0.total_cmp(&b.0));
    let at = |share: f64| times.get(((times.len().max(1) - 1) as f64 * share).round() as usize).map_or(0.0, |time| time.0);
    println!(
        "{columns} columns: first {first:.2} s; edits median {:.1} ms, p90 {:.1} ms, max {:.1} ms; cold/median {:.0}",
        at(0.5),
        at(0.9),
        at(1.0),
        first * 1e3 / at(0.5).max(1e-9)
    );
    for (milliseconds, path) in times {
        println!("    {milliseconds:>8.1} ms  {path}");
    }
}

/// What a hand drags through in the walks: path, from, to.
const WALKS: [(&str, f64, f64); 5] = [
    ("sites.abilene.pue", 1.05, 1.45),
    ("sites.abilene.interconnect_mw.2028-07", 250.0, 600.0),
    ("budget.capex_musd_per_period.2028-01", 600.0, 1500.0),
    ("contracts.abilene-wind.terms.price_usd_per_mwh", 30.0, 60.0),
    ("markets.us-east.demand.chat.segments.0.answer_gtok_per_day", 800.0, 1600.0),
];

/// The hot session alone, along the same numbers each time: small steps, larger ones, and leaps.
fn walks(plan: &Plan) {
    let series = Series::default();
    println!(
        "CPU ms and simplex iterations of the hot session (LP to certified outcome), by walk: 24 steps of 2 % of the range, 24 of 7 %, 12 leaps"
    );
    for (path, from, to) in WALKS {
        let mut session = Session::new();
        if let Ok(stated) = study::state(plan, &series, &Options::default()) {
            let _ = session.solve(&stated.formulation.program, None);
        }
        print!("{path:<60}");
        for (count, step) in [(24_u32, 0.02), (24, 0.07), (12, 0.377)] {
            let (mut times, mut iterations) = (Vec::new(), Vec::new());
            let mut at = 0.3_f64;
            for _ in 0..count {
                at = (at + step) % 1.0;
                let mut edited = plan.clone();
                let value = format!("{:.4}", from + (to - from) * at);
                if apply(&mut edited, &Edit::Set { path: path.into(), value }).is_err() {
                    print!(" can't be set");
                    break;
                }
                let Ok(stated) = study::state(&edited, &series, &Options::default()) else { continue };
                let (outcome, seconds) = timed(|| session.solve(&stated.formulation.program, None));
                if !outcome.certificate.checked {
                    print!(" unproved");
                }
                times.push(seconds * 1e3);
                iterations.push(outcome.iterations as f64);
            }
            times.sort_by(f64::total_cmp);
            iterations.sort_by(f64::total_cmp);
            let at = |list: &[f64], share: f64| list.get(((list.len().max(1) - 1) as f64 * share).round() as usize).copied().unwrap_or(0.0);
            print!("  {:>5.1} / {:>6.1} ({:>4.0} / {:>5.0})", at(&times, 0.5), at(&times, 0.9), at(&iterations, 0.5), at(&iterations, 0.9));
        }
        println!();
    }
}

fn live(plan: &Plan) {
    let (sender, woken) = channel();
    let Ok(mut live) = Live::start(move || {
        let _ = sender.send(());
    }) else {
        return;
    };
    let mut revision = 0;
    let mut ask = |plan: &Plan| -> f64 {
        revision += 1;
        let start = Instant::now();
        live.submit(Job { revision, plan: Arc::new(plan.clone()), series: Arc::new(Series::default()), options: Options::default() });
        loop {
            if woken.recv_timeout(Duration::from_mins(1)).is_err() {
                return f64::NAN;
            }
            while let Some(answer) = live.poll() {
                if answer.revision == revision {
                    return start.elapsed().as_secs_f64() * 1e3;
                }
            }
        }
    };
    let first = ask(plan);
    let mut times: Vec<f64> = Vec::new();
    for (path, value) in EDITS {
        let mut edited = plan.clone();
        if apply(&mut edited, &Edit::Set { path: path.into(), value: value.into() }).is_ok() {
            times.push(ask(&edited));
        }
    }
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times.get(((times.len().max(1) - 1) as f64 * share).round() as usize).copied().unwrap_or(0.0);
    println!("first {first:.0} ms; edits median {:.0} ms, p90 {:.0} ms, max {:.0} ms", at(0.5), at(0.9), at(1.0));
}
