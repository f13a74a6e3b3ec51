//! Plans from ten thousand columns on, stage by stage and beside other solvers: `make bench ONLY=speed`, or
//! `ONLY="speed 34k"` for one size, `ONLY="speed all"` with those of 300,000 columns and more.
//!
//! A plan is Texas in months, blocks and days of its own, and with copies of its two sites that differ a little in
//! power prices and PUE; demand, budgets and supply of chips grow with the sites. Other solvers get each goal as an
//! MPS file, the second one with the row that holds the first; ours is asked for both goals and takes in its own
//! check.

use std::collections::BTreeMap;
use std::path::Path;

use tokenworks::export::{json, mps};
use tokenworks::formulation::program::{Phase, Program, Row, Sense};
use tokenworks::formulation::scale::power_of_two;
use tokenworks::plan::Plan;
use tokenworks::plan::edit::{self, Edit};
use tokenworks::resolved::Series;
use tokenworks::solve::{self, Outcome, SolveOptions};
use tokenworks::study::{self, Options};

use crate::{SIZES, Size, sized, timed};

/// What is measured: a size of Texas, and how many times its sites stand there.
const PLANS: [(&str, &str, u32); 7] = [
    ("10k", "10k", 1),
    ("16k", "16k", 1),
    ("34k", "34k", 1),
    ("44k", "44k", 1),
    ("100k", "100k", 1),
    ("300k", "100k", 3),
    ("1m", "100k", 10),
];

/// Those that are measured unasked.
const USUAL: [&str; 3] = ["10k", "34k", "100k"];

/// Wall seconds after which one of our solves is given up.
const LIMIT_S: f64 = 1_200.0;

/// Prints the table.
pub fn print(texas: &Plan, wanted: &[String]) {
    println!(
        "Texas cut finer, from cold. CPU s of one thread; each goal with its gap by our own check. Peers solve the same goals from files."
    );
    println!(
        "{:<6} {:>9} {:>9} {:>10} {:>7} {:>8} {:>8} {:>6} {:>8} {:>8} {:>7} {:>8} {:>8}  gaps, status, solver",
        "plan", "columns", "rows", "entries", "build", "1st goal", "2nd goal", "check", "results", "json", "MB", "peak MB", "columns<"
    );
    let mut times: Vec<(f64, f64)> = Vec::new();
    for (name, size, copies) in PLANS {
        let asked = wanted.iter().any(|word| word == name || word == "all");
        if !(asked || wanted.is_empty() && USUAL.contains(&name)) {
            continue;
        }
        let Some(size) = SIZES.iter().find(|known| known.name == size) else { continue };
        times.extend(one(name, texas, size, copies));
    }
    if let (Some(least), Some(most)) = (times.first(), times.last())
        && least.0 < most.0
    {
        let exponent = (most.1 / least.1).ln() / (most.0 / least.0).ln();
        println!("Growth: time goes with columns to the power {exponent:.2} (1.5 wanted at most).");
    }
}

/// One plan; its columns and the CPU seconds of all goals, if it was solved.
fn one(name: &str, texas: &Plan, size: &Size, copies: u32) -> Option<(f64, f64)> {
    let plan = widened(&sized(texas, size), copies);
    // The first time pays for what the catalog and the profiles cost once.
    let _ = study::state(&plan, &Series::default(), &Options::default());
    let (stated, build_s) = timed(|| study::state(&plan, &Series::default(), &Options::default()));
    let stated = match stated {
        Ok(stated) => stated,
        Err(problems) => {
            println!("{name:<6} refused: {}", problems.first().map_or("", |problem| &problem.message));
            return None;
        }
    };
    let program = &stated.formulation.program;
    let estimate = tokenworks::formulation::size::of(&stated.resolved).columns();
    let options = SolveOptions { time_limit_s: Some(LIMIT_S), ..SolveOptions::default() };
    let first = Program { phases: program.phases.iter().take(1).cloned().collect(), ..program.clone() };
    let (alone, first_s) = timed(|| solve::solve(&first, &options));
    let (outcome, all_s) = timed(|| solve::solve(program, &options));
    let check_s = checked_again(program, &alone);
    let (answer, read_s) = timed(|| study::read(&stated, &outcome, &Options::default()));
    let (text, json_s) = timed(|| answer.results.as_ref().map(|results| json::render(results)).unwrap_or_default());
    let gaps: Vec<String> =
        outcome.certificate.phases.iter().map(|phase| phase.gap.map_or_else(|| "none".into(), |gap| format!("{gap:.0e}"))).collect();
    println!(
        "{name:<6} {:>9} {:>9} {:>10} {build_s:>7.3} {first_s:>8.2} {:>8.2} {check_s:>6.2} {read_s:>8.2} {json_s:>8.2} {:>7.1} {:>8.0} {estimate:>8}  {}, {:?}, {}",
        program.columns.len(),
        program.rows.len(),
        program.nonzeros(),
        all_s - first_s,
        text.len() as f64 * 1e-6,
        peak_mb().unwrap_or(f64::NAN),
        gaps.join(" "),
        outcome.status,
        outcome.solver,
    );
    beside(name, program, &alone, [first_s, all_s - first_s]);
    outcome.certificate.checked.then_some((program.columns.len() as f64, all_s))
}

/// CPU seconds of our check of the first goal.
fn checked_again(program: &Program, outcome: &Outcome) -> f64 {
    let (Some(phase), Some(goal)) = (outcome.phases.first(), program.phases.first()) else { return f64::NAN };
    let mut statement = solve::statement::Statement::without_holds(program, false);
    statement.set_goal(&goal.goal, goal.sense);
    let mut rows: Vec<f64> = phase.row_duals.iter().zip(&statement.row_scale).map(|(dual, scale)| dual / scale).collect();
    rows.resize(statement.rows(), 0.0);
    let duals = solve::certificate::Duals { rows: &rows, columns: None };
    timed(|| solve::certificate::check(&statement, goal.goal.name, &outcome.point, Some(duals), None)).1
}

/// The most memory this process has had, in MB, where the system says it.
fn peak_mb() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().trim_end_matches(" kB").parse::<f64>().ok()? / 1024.0)
}

/// Each goal by other solvers, as far as this machine has them.
fn beside(name: &str, program: &Program, first: &Outcome, ours_s: [f64; 2]) {
    let folder = std::env::temp_dir().join(format!("tokenworks-speed-{}", std::process::id()));
    let Some(best) = first.phases.first().map(|phase| phase.value) else { return };
    if std::fs::create_dir_all(&folder).is_err() {
        println!("       No folder for the files.");
        return;
    }
    let mut files = Vec::new();
    for (number, goal) in program.phases.iter().enumerate().take(2) {
        let path = folder.join(format!("{name}-{}.mps", number + 1));
        let mut alone = Program { phases: vec![goal.clone()], ..program.clone() };
        if number == 1
            && let Some(held) = program.phases.first()
        {
            alone.rows.extend(program.rows.last().map(|row| row_that_holds(row, held, best)));
        }
        if std::fs::write(&path, mps::mps(&alone, 0, false)).is_ok() {
            files.push(path);
        }
    }
    match peers(&files) {
        None => {
            println!("       Peers: no Python with highspy here (`make oracle` gets one; `pip install clarabel piqp scipy` the others).");
        }
        Some(found) => {
            for (number, (path, seconds)) in files.iter().zip(ours_s).enumerate() {
                let of_file = found.get(path.to_string_lossy().as_ref()).cloned().unwrap_or_default();
                let best = of_file.iter().filter_map(|(_, seconds)| seconds.parse::<f64>().ok()).fold(f64::INFINITY, f64::min);
                let words: Vec<String> = of_file
                    .iter()
                    .map(|(solver, word)| word.parse::<f64>().map_or_else(|_| format!("{solver}: {word}"), |s| format!("{solver} {s:.2}")))
                    .collect();
                println!("       goal {}: ours {seconds:.2}; {}; ours over the best {:.2}", number + 1, words.join(", "), seconds / best);
            }
        }
    }
    if std::fs::remove_dir_all(&folder).is_err() {
        println!("       {} could not be removed.", folder.display());
    }
}

/// The row that keeps a goal within what it may give up.
fn row_that_holds(like: &Row, held: &Phase, best: f64) -> Row {
    let give = held.tolerance * best.abs();
    let largest = held.goal.terms.iter().map(|(_, coefficient)| coefficient.abs()).fold(0.0, f64::max);
    let scale = power_of_two(largest);
    let terms = held.goal.terms.iter().map(|(col, coefficient)| (*col, coefficient * scale)).collect();
    let (lower, upper) = match held.sense {
        Sense::Maximise => ((best - give - held.goal.constant) * scale, f64::INFINITY),
        Sense::Minimise => (f64::NEG_INFINITY, (best + give - held.goal.constant) * scale),
    };
    let mut key = like.key;
    key.noun = "first_goal_held";
    Row { key, family: "first_goal_held", terms, lower, upper, limit: None, scale }
}

/// What the script printed, by file: solver, and seconds or why there are none.
fn peers(files: &[std::path::PathBuf]) -> Option<BTreeMap<String, Vec<(String, String)>>> {
    let target = std::env::var("CARGO_TARGET_DIR").unwrap_or_else(|_| "target".into());
    let pythons = [std::env::var("PEERS_PYTHON").unwrap_or_default(), format!("{target}/oracle/bin/python"), "python3".into()];
    let has_highspy = |python: &str| {
        let asked = std::process::Command::new(python).args(["-c", "import highspy"]).output();
        asked.is_ok_and(|output| output.status.success())
    };
    let python = pythons.into_iter().find(|python| !python.is_empty() && has_highspy(python))?;
    let run =
        std::process::Command::new(python).env("OMP_NUM_THREADS", "1").arg(Path::new("tests/bench/peers.py")).args(files).output().ok()?;
    let mut found: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for line in String::from_utf8_lossy(&run.stdout).lines() {
        let mut words = line.splitn(4, ' ');
        if let (Some(file), Some(solver), Some(seconds), Some(rest)) = (words.next(), words.next(), words.next(), words.next()) {
            let word = if seconds == "-" { rest } else { seconds };
            found.entry(file.to_owned()).or_default().push((solver.to_owned(), word.to_owned()));
        }
    }
    Some(found)
}

/// The plan with its sites and their contracts so many times, and all that they share as much larger.
fn widened(plan: &Plan, copies: u32) -> Plan {
    let mut plan = plan.clone();
    if copies < 2 {
        return plan;
    }
    let sites: Vec<String> = plan.sites.keys().map(|id| id.as_str().to_owned()).collect();
    let contracts: Vec<(String, String)> =
        plan.contracts.iter().map(|(id, contract)| (id.as_str().to_owned(), contract.site.0.as_str().to_owned())).collect();
    let factor = f64::from(copies);
    let mut shared = vec!["budget.capex_musd_per_period".to_owned(), "budget.energy_gwh_per_year".to_owned()];
    shared.extend(plan.chips.keys().map(|id| format!("chips.{}.supply_per_period", id.as_str())));
    for market in plan.markets.keys() {
        shared.extend(children(&plan, &format!("markets.{}.demand", market.as_str())).into_iter().flat_map(|product| {
            children(&plan, &format!("{product}.segments")).into_iter().map(|segment| format!("{segment}.answer_gtok_per_day"))
        }));
    }
    for path in shared {
        multiply(&mut plan, &path, factor);
    }
    for number in 2..=copies {
        let more = f64::from(number - 1);
        for site in &sites {
            copy(&mut plan, &format!("sites.{site}"));
            let path = format!("sites.{site}-{number}.pue");
            let pue = edit::get(&plan, &path).and_then(|text| text.parse::<f64>().ok()).unwrap_or(1.1);
            apply(&mut plan, &Edit::set_number(path, pue + 0.007 * more));
        }
        for (contract, site) in &contracts {
            copy(&mut plan, &format!("contracts.{contract}"));
            let new = format!("contracts.{contract}-{number}");
            apply(&mut plan, &Edit::set_text(format!("{new}.site"), &format!("{site}-{number}")));
            for price in ["terms.energy_usd_per_mwh.mean", "terms.price_usd_per_mwh"] {
                multiply(&mut plan, &format!("{new}.{price}"), 1.0 + 0.013 * more);
            }
        }
    }
    plan
}

fn children(plan: &Plan, path: &str) -> Vec<String> {
    edit::node_at(plan, path).map(|node| node.children().into_iter().map(|child| format!("{path}.{child}")).collect()).unwrap_or_default()
}

/// A number, or all numbers of a dated value; what is not there stays so.
fn multiply(plan: &mut Plan, path: &str, factor: f64) {
    if let Some(number) = edit::get(plan, path).and_then(|text| text.parse::<f64>().ok()) {
        apply(plan, &Edit::set_number(path, number * factor));
        return;
    }
    for child in children(plan, path) {
        multiply(plan, &child, factor);
    }
}

fn copy(plan: &mut Plan, path: &str) {
    match edit::duplicate(plan, path) {
        Ok(change) => apply(plan, &change),
        Err(problems) => println!("{path} can't be copied: {}", problems.first().map_or("", |problem| &problem.message)),
    }
}

fn apply(plan: &mut Plan, change: &Edit) {
    if let Err(problems) = edit::apply(plan, change) {
        println!("{change:?}: {}", problems.first().map_or("", |problem| &problem.message));
    }
}
