//! Single edits through the window, as one types them: from the edit to the frame that shows nearly, and to
//! the one that shows exactly, what it comes to; beside the live targets.

use std::time::{Duration, Instant};

use tokenworks::gui::change::Edit;
use tokenworks::gui::command::{Request, Stroke};
use tokenworks::plan::edit;

use super::window::{Loop, at};

/// Wall milliseconds that an edit may take until its numbers are on screen: median, and 90 and 95 of a hundred.
pub const TARGETS_MS: [f64; 3] = [20.0, 60.0, 100.0];

/// Wall milliseconds after the last edit within which the one answer of the plan is there.
pub const CANONICAL_MS: f64 = 400.0;

/// Numbers of every kind that a planner changes: plan, path.
const NUMBERS: [(&str, &str); 24] = [
    ("deepseek-day", "rentals.fleet.price_usd_per_chip_hour"),
    ("deepseek-day", "rentals.fleet.at_most"),
    ("deepseek-day", "markets.world.demand.r1-api.segments.0.answer_gtok_per_day"),
    ("deepseek-day", "markets.world.demand.r1-api.segments.0.usd_per_mtok.answer"),
    ("gansu", "sites.qingyang.pue"),
    ("gansu", "sites.qingyang.interconnect_mw.2028-01"),
    ("gansu", "contracts.grid.terms.energy_usd_per_mwh.mean"),
    ("gansu", "markets.beijing.demand.assistant.segments.0.answer_gtok_per_day"),
    ("gansu", "policies.export.maximum_fraction"),
    ("gansu", "budget.capex_musd_per_period.2028-01"),
    ("gansu", "chips.910c.supply_per_period.2028-01"),
    ("two-countries", "sites.texas.pue"),
    ("two-countries", "contracts.horinger-grid.terms.energy_usd_per_mwh"),
    ("two-countries", "actors.cn.chips.ascend.at_most_per_period.2028-01"),
    ("two-countries", "sites.horinger.interconnect_mw.2028-01"),
    ("texas", "sites.abilene.pue"),
    ("texas", "sites.abilene.interconnect_mw.2028-07"),
    ("texas", "contracts.abilene-grid.terms.energy_usd_per_mwh.mean"),
    ("texas", "contracts.abilene-wind.terms.price_usd_per_mwh"),
    ("texas", "chips.gb200.supply_per_period.2028-01"),
    ("texas", "markets.us-east.demand.chat.segments.0.answer_gtok_per_day"),
    ("texas", "markets.us-west.demand.chat.segments.0.usd_per_mtok.answer"),
    ("texas", "policies.green.minimum_fraction"),
    ("texas", "budget.capex_musd_per_period.2028-01"),
];

/// By how much each number is moved, edit after edit: never the same value twice, or a kept answer is shown.
const FACTORS: [f64; 6] = [1.01, 0.985, 1.03, 0.96, 1.05, 0.93];

/// What a row of edits took.
#[derive(Default)]
pub struct Times {
    /// Milliseconds to the frame that shows headline figures, found or nearly.
    pub nearly: Vec<f64>,
    /// To the frame that shows every figure.
    pub every: Vec<f64>,
    /// To the one answer of the plan.
    pub canonical: Vec<f64>,
}

impl Times {
    /// Adds another's.
    pub fn add(&mut self, other: &Self) {
        self.nearly.extend(&other.nearly);
        self.every.extend(&other.every);
        self.canonical.extend(&other.canonical);
    }

    /// One line: what all of them come to, beside the targets.
    pub fn print(&mut self, title: &str) {
        let three = |times: &mut [f64]| [0.5, 0.9, 0.95].map(|share| at(times, share));
        let met = |is_met: bool| if is_met { "met" } else { "MISSED" };
        let nearly = three(&mut self.nearly);
        let every = three(&mut self.every);
        let canonical = three(&mut self.canonical);
        let [median, nine, more] = nearly;
        println!(
            "{title:<24} {:>4} edits; on screen {median:.0}/{nine:.0}/{more:.0} ms (targets {:.0}/{:.0}/{:.0}: {}, {}, {}); every figure {:.0}/{:.0}/{:.0}; \
             the one answer {:.0}/{:.0}/{:.0} (target {CANONICAL_MS:.0} at 95 of a hundred: {})",
            self.nearly.len(),
            TARGETS_MS[0],
            TARGETS_MS[1],
            TARGETS_MS[2],
            met(median <= TARGETS_MS[0]),
            met(nine <= TARGETS_MS[1]),
            met(more <= TARGETS_MS[2]),
            every[0],
            every[1],
            every[2],
            canonical[0],
            canonical[1],
            canonical[2],
            met(canonical[2] <= CANONICAL_MS),
        );
    }
}

/// User CPU seconds of the whole process, by the kernel's clock of a hundredth of a second.
fn process_cpu_s() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // After the name in brackets, which may hold spaces: the twelfth is user time.
    let ticks = text.rsplit(')').next().and_then(|rest| rest.split_whitespace().nth(11)?.parse::<f64>().ok());
    ticks.map_or(f64::NAN, |ticks| ticks / 100.0)
}

/// Prints the tables; only of plans and paths that hold all these words, if there are any.
pub fn print(only: &[&String]) {
    println!("\nSingle edits in the window, each awaited to its end. Wall ms (median / 90 / 95 of a hundred) from the edit to the frame");
    println!("that shows the headline figures (nearly, or found), that shows every figure, and to the one answer of the plan, which comes");
    println!(
        "{} ms after the last edit at the soonest; CPU ms an edit, all threads, explanations included.",
        tokenworks::study::live::REST.as_millis()
    );
    println!("{:<14} {:<58} {:>14} {:>14} {:>15} {:>8}", "plan", "number", "nearly", "every figure", "the one answer", "CPU");
    let mut all = Times::default();
    let mut plans: Vec<(&str, Times)> = Vec::new();
    let mut open: Option<(&str, Loop)> = None;
    for (plan, path) in NUMBERS {
        if !only.iter().all(|word| plan.contains(word.as_str()) || path.contains(word.as_str())) {
            continue;
        }
        if open.as_ref().is_none_or(|(name, _)| *name != plan) {
            open = Loop::open(plan).map(|window| (plan, window));
        }
        let Some((_, window)) = &mut open else {
            println!("{plan:<14} is not there");
            continue;
        };
        let Some(times) = edits(window, plan, path) else {
            println!("{plan:<14} {path:<58} is no number");
            continue;
        };
        all.add(&times);
        match plans.iter_mut().find(|(name, _)| *name == plan) {
            Some((_, of_plan)) => of_plan.add(&times),
            None => plans.push((plan, times)),
        }
    }
    println!();
    for (plan, mut times) in plans {
        times.print(plan);
    }
    all.print("all");
}

/// Moves a number a few times, and puts it back.
fn edits(window: &mut Loop, plan: &str, path: &str) -> Option<Times> {
    let own: f64 = edit::get(window.app.document.plan(), path)?.parse().ok()?;
    let mut times = Times::default();
    let before = process_cpu_s();
    for factor in FACTORS {
        // As the field would print it: a share stays below one.
        let value = if own == 0.0 { factor } else { (own * factor * 1e6).round() / 1e6 };
        let start = Instant::now();
        window.app.handle(Request::Edit(Edit::set_number(path, value), Stroke::Once));
        let wanted = window.app.document.revision();
        window.frame(Vec::new());
        let (mut nearly, mut every) = (None, None);
        while start.elapsed() < Duration::from_secs(30) {
            let ms = start.elapsed().as_secs_f64() * 1e3;
            if window.headline() >= wanted {
                nearly = nearly.or(Some(ms));
            }
            if window.shown() >= wanted {
                every = every.or(Some(ms));
            }
            if window.app.document.is_canonical() {
                times.canonical.push(ms);
                break;
            }
            if window.is_due() {
                window.frame(Vec::new());
            } else {
                std::thread::sleep(Duration::from_micros(200));
            }
        }
        // What never came counts as the whole wait.
        let whole = start.elapsed().as_secs_f64() * 1e3;
        times.nearly.push(nearly.unwrap_or(whole));
        times.every.push(every.unwrap_or(whole));
        if times.canonical.len() < times.every.len() {
            times.canonical.push(whole);
        }
        window.rest();
    }
    let cpu = (process_cpu_s() - before) * 1e3 / FACTORS.len() as f64;
    window.app.handle(Request::Edit(Edit::set_number(path, own), Stroke::Once));
    window.rest();
    let three = |times: &mut Vec<f64>| format!("{:.0}/{:.0}/{:.0}", at(times, 0.5), at(times, 0.9), at(times, 0.95));
    println!(
        "{plan:<14} {path:<58} {:>14} {:>14} {:>15} {cpu:>8.0}",
        three(&mut times.nearly),
        three(&mut times.every),
        three(&mut times.canonical)
    );
    Some(times)
}
