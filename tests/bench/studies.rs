//! Studies of the Texas plan: `make bench ONLY=studies`, or `ONLY="studies map"` for one of them; a number says
//! how large, such as `ONLY="studies grid 64"` for 64 points of the thousand. A hedge of 100 futures takes minutes
//! and runs by name alone: `ONLY="studies hedge100"`, or with 30 futures `ONLY="studies hedge100 30"`; so does
//! `ONLY="studies memory"`: 10,000 points with two workers, for the most memory that the process takes.

use std::collections::BTreeSet;
use std::time::Instant;

use tokenworks::plan::Plan;
use tokenworks::plan::edit::{Edit, apply};
use tokenworks::resolved::Series;
use tokenworks::study::engine::Shard;
use tokenworks::study::{Options, planned};

/// Processor seconds of this process so far, all threads together.
fn cpu() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let after = stat.rsplit_once(')')?.1;
    let ticks = |field: usize| after.split_whitespace().nth(field)?.parse::<f64>().ok();
    Some((ticks(11)? + ticks(12)?) / 100.0)
}

/// Prints what each study takes, against what is wanted.
pub fn print(texas: &Plan, which: &[String]) {
    let size = |otherwise: u32| which.get(1).and_then(|text| text.parse().ok()).unwrap_or(otherwise);
    let side = |otherwise: u32| f64::from(size(otherwise * otherwise)).sqrt().round().max(2.0);
    let grid = |across: f64, up: f64| {
        format!(
            "Grid(axes: [(vary: [(paths: [\"sites.*.interconnect_mw\"], act: Multiplies, at: Evenly(from: 0.5, to: 1.5, steps: {across}))]), \
             (vary: [(paths: [\"contracts.abilene-grid.terms.energy_usd_per_mwh\"], act: Multiplies, at: Evenly(from: 0.6, to: 1.6, steps: {up}))])])"
        )
    };
    let thousand = grid((f64::from(size(1000)) / 25.0).ceil().max(2.0), 25.0_f64.min(f64::from(size(1000))));
    let studies = [
        ("memory", "10,000 points, 1,024 MiB wanted", grid(side(100), side(100))),
        ("grid", "1,000 points, 60 CPU s wanted", thousand),
        ("map", "20 x 20 map, 25 wanted", grid(side(20), side(20))),
        ("frontier", "20 points, 3 wanted", format!("Frontier(optimise: Npv, hold: Tokens, points: Evenly({}))", size(20))),
        (
            "alternatives",
            "chips, sites, contracts: 3 wanted for 12 groups",
            "Alternatives(groups: [ChipsByKind, HallsBySite, PowerByContract])".to_owned(),
        ),
    ];
    let three = "Named({\"boom\": 0.25, \"as-planned\": 0.5, \"crash\": 0.25})".to_owned();
    let hedge = |futures: String| format!("Hedge(decide_before: \"2028-01\", futures: {futures})");
    let sampled = |futures: u32| format!("Sampled(study: \"how-sure\", reduce_to: {futures})");
    let hedges = [
        ("hedge", "3 futures, 3 wanted for the hedge alone", hedge(three)),
        ("hedge10", "10 futures, 30 wanted for the hedge alone", hedge(sampled(10))),
        ("hedge100", "100 futures by cuts, 10 minutes and 4096 MiB wanted on two processors", hedge(sampled(size(100)))),
    ];
    println!("\nStudies of the Texas plan: CPU s with the base plan's own solve, wall s, MiB at most, by workers.");
    for (name, wanted, text) in studies.into_iter().chain(hedges) {
        // What takes many minutes is asked for by name.
        let is_large = matches!(name, "memory" | "hedge100");
        if which.first().map_or(is_large, |only| only != name) {
            continue;
        }
        let mut alone_s = None;
        for jobs in if is_large { 2..=2 } else { 1..=2 } {
            let mut plan = texas.clone();
            if let Err(problems) = apply(&mut plan, &Edit::insert("studies", name, text.clone())) {
                println!("{name}: {problems:?}");
                continue;
            }
            let (begun, before) = (Instant::now(), cpu());
            let run = match planned::prepared(&plan, name, &Series::default(), &Options::default()) {
                Ok(run) => run,
                Err(problems) => {
                    println!("{name}: {problems:?}");
                    continue;
                }
            };
            let prepared = begun.elapsed().as_secs_f64();
            let mut answered = 0;
            let mut ways: Vec<String> = Vec::new();
            run.run(Shard::WHOLE, jobs, &BTreeSet::new(), None, &mut |record, _| {
                answered += usize::from(record.answer.is_answered());
                if let Some(proof) = &record.answer.proof {
                    let so_far = begun.elapsed().as_secs_f64();
                    ways.push(format!(
                        "    {}: {:.2} CPU s by {} of {} unknowns, gap {:.1e}, {so_far:.0} wall s so far",
                        record.label, proof.cpu_seconds, proof.by, proof.columns, proof.gap
                    ));
                }
                true
            });
            let wall = begun.elapsed().as_secs_f64();
            // What comes before the first point is done once, by nobody's worker.
            let points_s = wall - prepared;
            let beside = alone_s
                .map_or_else(String::new, |alone: f64| format!("  {:.2} times one worker (1.8 wanted of many points)", alone / points_s));
            alone_s.get_or_insert(points_s);
            let cpu_s = cpu().zip(before).map_or(f64::NAN, |(after, before)| after - before);
            println!(
                "{name:<14} {jobs} workers  {:>5} points, {answered:>5} answered  {cpu_s:>7.2} CPU s  {wall:>7.2} wall s ({prepared:.2} before the first)  {:>5} MiB   {wanted}{beside}",
                run.points.len(),
                tokenworks::disk::studies::peak_memory_mib().unwrap_or(0)
            );
            for way in ways {
                println!("{way}");
            }
        }
    }
}
