//! How long things take, printed as tables: `make bench`. A benchmark, not a test: nothing here passes
//! or fails. CPU times are of the working thread, read from the kernel's own accounting where there is
//! one (Linux), else they are wall times and say so.

#![expect(clippy::disallowed_methods, clippy::disallowed_macros, reason = "a benchmark reads plans and prints its tables")]

mod window;

use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use tokenworks::plan::edit::{Edit, apply};
use tokenworks::plan::{Plan, file};
use tokenworks::scenario::Series;
use tokenworks::solve::session::Session;
use tokenworks::solve::{self, SolveOptions};
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

/// Texas, cut finer or coarser: name, months in a period, periods, hours in a block.
const SIZES: [(&str, u32, u32, u32); 4] = [("1k", 12, 4, 6), ("10k", 3, 16, 3), ("16k", 1, 48, 3), ("44k", 1, 48, 1)];

fn main() {
    let Some(texas) = read("plans/texas.ron") else {
        println!("Run this from the project's folder.");
        return;
    };
    println!("Sample plans, cold (all phases). CPU s{}.", if cpu().is_some() { "" } else { " (wall: no CPU clock here)" });
    println!("{:<14} {:>8} {:>8} {:>9} {:>9} {:>9} {:>10}", "plan", "columns", "rows", "entries", "state", "solve", "status");
    for name in ["deepseek-day", "gansu", "texas"] {
        if let Some(plan) = read(&format!("plans/{name}.ron")) {
            cold(name, &plan);
        }
    }
    println!("\nThe Texas plan at other sizes, cold.");
    for (name, months, periods, block) in SIZES {
        cold(name, &sized(&texas, months, periods, block));
    }
    for (name, months, periods, block) in SIZES.into_iter().take(2) {
        println!("\n13 edits of one number, Texas at {name}: edit → plan → LP → certified answer in plan units, through the hot session.");
        hot(&sized(&texas, months, periods, block));
    }
    println!("\nThe plan as it is shipped:");
    hot(&texas);
    println!("\nThe same through the window's own worker thread (wall ms from submit to answer):");
    live(&texas);
    window::print();
}

fn read(path: &str) -> Option<Plan> {
    file::read_plan(&std::fs::read_to_string(path).ok()?).plan
}

fn sized(plan: &Plan, months: u32, periods: u32, block: u32) -> Plan {
    let mut plan = plan.clone();
    for (path, value) in [("horizon.period_months", months), ("horizon.periods", periods), ("slices.block_hours", block)] {
        if apply(&mut plan, &Edit::Set { path: path.into(), value: value.to_string() }).is_err() {
            println!("{path} could not be set.");
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
    let (outcome, _) = timed(|| solve::solve(program, &options));
    let status = format!("{:?}", outcome.status);
    println!(
        "{name:<14} {:>8} {:>8} {:>9} {:>9.3} {:>9.2} {:>10}   (first statement {state_s:.3}; {})",
        program.columns.len(),
        program.rows.len(),
        program.nonzeros(),
        state_again_s,
        outcome.cpu_seconds,
        status.chars().take(10).collect::<String>(),
        outcome.solver,
    );
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
