//! A synthetic capacity plan of any size, and how long cold and hot solves of it take.

#[path = "../bench/synthetic.rs"]
pub mod synthetic;

use std::time::Instant;

use synthetic::{Edit, Size, Synthetic};
use tokenworks::export::mps;
use tokenworks::formulation::program::Program;
use tokenworks::solve::conflict::explain;
use tokenworks::solve::session::Session;
use tokenworks::solve::{Choice, INTERIOR_COLUMNS, SolveOptions, Status, solve};

/// Prints a table; run it with `BENCH=1 cargo test bench_solver -- --nocapture`. Without `BENCH` it
/// runs the smallest size only, so that the code stays alive.
#[test]
fn cold_and_hot() {
    let full = std::env::var_os("BENCH").is_some();
    let sizes = if full { vec![Size::SMALL, Size::LIVE, Size::FINE, Size::HOURLY] } else { vec![Size::SMALL] };
    println!("columns rows nonzeros | cold s (simplex, interior) | first hot s | edits ms median p90 max | proofs weight");
    for size in sizes {
        let mut plan = Synthetic::new(size);
        let program = plan.program();
        let time = |choice| {
            let options = SolveOptions { choice, time_limit_s: Some(120.0), ..SolveOptions::default() };
            let outcome = solve(&program, &options);
            (outcome.cpu_seconds, outcome)
        };
        let (interior, by_interior) = time(Choice::Clarabel);
        println!(
            "    interior: {:?} {:?}",
            by_interior.status,
            by_interior.phases.iter().map(|phase| (phase.name, phase.value, phase.iterations)).collect::<Vec<_>>()
        );
        let (simplex, by_simplex) = time(Choice::Highs { presolve: true });
        if program.columns.len() > INTERIOR_COLUMNS {
            // Too large to be live.
            println!(
                "{:7} {:7} {:8} | {simplex:.2} ({:?}) {interior:.2}",
                program.columns.len(),
                program.rows.len(),
                program.nonzeros(),
                by_simplex.status
            );
            continue;
        }
        assert_eq!(by_simplex.status, Status::Optimal);
        let mut session = Session::new();
        let start = Instant::now();
        let first = session.solve(&program, None);
        let first_s = start.elapsed().as_secs_f64();
        assert_eq!(first.status, Status::Optimal);
        println!(
            "    cold phases {:?}",
            by_simplex.phases.iter().map(|phase| (phase.name, phase.value, phase.iterations)).collect::<Vec<_>>()
        );
        println!(
            "    hot phases  {:?} {:?}",
            first.phases.iter().map(|phase| (phase.name, phase.value, phase.iterations)).collect::<Vec<_>>(),
            session.last()
        );
        let mut times: Vec<(f64, Edit)> = Vec::new();
        let mut remembered = 0;
        let mut colds = 0;
        for step in 0..if full { 40 } else { 6 } {
            let edit = plan.edit(step);
            let program = plan.program();
            let outcome = session.solve(&program, None);
            assert_eq!(outcome.status, Status::Optimal, "{edit:?}");
            times.push((outcome.cpu_seconds * 1e3, edit));
            remembered += session.last().remembered;
            colds += usize::from(session.last().cold);
        }
        times.sort_by(|left, right| left.0.total_cmp(&right.0));
        let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].0;
        println!(
            "{:7} {:7} {:8} | {simplex:.2} {interior:.2} | {first_s:.2} | {:.1} {:.1} {:.1} ({:?}) | {remembered} {colds}",
            program.columns.len(),
            program.rows.len(),
            program.nonzeros(),
            at(0.5),
            at(0.9),
            at(1.0),
            times.last().map(|last| last.1),
        );
    }
}

/// How long it takes to say what must give, when a third more tokens are asked for than can be made.
#[test]
fn explaining_takes() {
    let size = if std::env::var_os("BENCH").is_some() { Size::LIVE } else { Size::SMALL };
    let mut program = Synthetic::new(size).program();
    let best = solve(&program, &SolveOptions::default()).phases[0].value;
    let tokens = program.phases[0].goal.clone();
    program.phases.remove(0);
    program.phases[0].at_least = Some((tokens, best * 4.0 / 3.0));
    assert_eq!(solve(&program, &SolveOptions::default()).status, Status::Infeasible);
    let start = Instant::now();
    let conflict = explain(&program, &SolveOptions::default()).unwrap();
    println!(
        "{:?}: gives {:?}, {} members, minimal {}, structural {}",
        start.elapsed(),
        conflict.gives.len(),
        conflict.members.len(),
        conflict.minimal,
        conflict.structural
    );
    println!("{:?}", conflict.gives.first());
    assert!(!conflict.gives.is_empty() && !conflict.members.is_empty());
}

/// Writes MPS and LP files for a look by another program: `WRITE_MPS=/some/folder cargo test bench_solver`.
#[test]
fn files_for_other_solvers() {
    let Some(folder) = std::env::var_os("WRITE_MPS") else { return };
    let folder = std::path::PathBuf::from(folder);
    let program = Synthetic::new(Size::SMALL).program();
    for phase in 0..program.phases.len() {
        let outcome = solve(&Program { phases: vec![program.phases[phase].clone()], ..program.clone() }, &SolveOptions::default());
        println!("{phase} {}", outcome.phases[0].value);
        std::fs::write(folder.join(format!("{phase}.mps")), mps::mps(&program, phase, false)).unwrap();
        std::fs::write(folder.join(format!("{phase}.lp")), mps::lp(&program, phase, false)).unwrap();
    }
}
