//! Studies: every path finds its place, every value fits there, and no study is larger than can be run.

mod games;
mod hedge;

use std::collections::HashSet;

use super::is_at_or_below;
use super::orders::wrong_goals;
use crate::diagnostic::{Diagnostic, nearest_name};
use crate::plan::Plan;
use crate::plan::study::{
    Act, Alternatives, Crossover, Distribution, Frontier, FrontierPoints, Grid, Inputs, MAX_AXES, MAX_FRONTIER, MAX_POINTS, MAX_SWITCHES,
    Measure, Ranked, Sample, Stops, Study, Tornado, vary,
};

/// What was found so far, and where.
struct Found<'p> {
    plan: &'p Plan,
    failed: &'p HashSet<String>,
    problems: Vec<Diagnostic>,
}

/// Everything wrong with the studies of a plan.
pub(super) fn check_studies(plan: &Plan, failed: &HashSet<String>) -> Vec<Diagnostic> {
    let is_read = |id: &str| {
        let at = format!("studies.{id}");
        !failed.iter().any(|path| is_at_or_below(path, &at))
    };
    plan.studies.iter().filter(|(id, _)| is_read(id)).flat_map(|(id, study)| check_one(plan, failed, id, study)).collect()
}

/// Everything wrong with one study of a plan that was read whole: what keeps it from being run.
#[must_use]
pub fn check_study(plan: &Plan, id: &str, study: &Study) -> Vec<Diagnostic> {
    check_one(plan, &HashSet::new(), id, study)
}

fn check_one(plan: &Plan, failed: &HashSet<String>, id: &str, study: &Study) -> Vec<Diagnostic> {
    let mut found = Found { plan, failed, problems: Vec::new() };
    let at = format!("studies.{id}");
    for (path, (code, message, help)) in wrong_goals(study.goals(), &format!("{at}.goals"), plan) {
        found.error(code, path, message, help);
    }
    match study {
        Study::Grid(grid) => found.grid(&at, grid),
        Study::Tornado(tornado) => found.tornado(&at, tornado),
        Study::Frontier(frontier) => found.frontier(&at, frontier),
        Study::Alternatives(alternatives) => found.alternatives(&at, alternatives),
        Study::Ranked(ranked) => found.ranked(&at, ranked),
        Study::Sample(sample) => found.sample(&at, sample),
        Study::Game(game) => games::check(&mut found, &at, game),
        Study::Crossover(crossover) => found.crossover(&at, crossover),
        Study::Hedge(hedge) => found.hedge(&at, hedge),
    }
    found.problems
}

impl Found<'_> {
    fn error(&mut self, code: &'static str, path: String, message: impl Into<String>, help: impl Into<String>) {
        self.problems.push(Diagnostic::error(code, path, message).help(help));
    }

    fn warning(&mut self, code: &'static str, path: String, message: impl Into<String>, help: impl Into<String>) {
        self.problems.push(Diagnostic::warning(code, path, message).help(help));
    }

    /// Each of the values, alone, at its paths.
    fn tried(&mut self, at: &str, paths: &[String], act: &Act, values: &[f64]) {
        if paths.is_empty() {
            self.error(
                "missing-field",
                format!("{at}.paths"),
                "Nothing is named that varies.",
                "Name a path, such as \"sites.abilene.interconnect_mw\".",
            );
            return;
        }
        if *act == Act::Delays && values.iter().any(|value| value.fract() != 0.0) {
            self.error("out-of-range", at.to_owned(), "Dates move by whole months.", "Give whole numbers.");
        }
        let least = values.iter().copied().fold(f64::INFINITY, f64::min);
        let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let ends: &[f64] = if least == most { &[least] } else { &[least, most] };
        for (index, path) in paths.iter().enumerate() {
            if self.failed.iter().any(|failed| is_at_or_below(path, failed) || is_at_or_below(failed, path)) {
                continue;
            }
            for value in ends.iter().filter(|value| value.is_finite()) {
                let mut plan = self.plan.clone();
                if let Err(problems) = vary::change(&mut plan, std::slice::from_ref(path), act, *value) {
                    self.problems.extend(problems.into_iter().map(|mut problem| {
                        problem.path = format!("{at}.paths.{index}");
                        problem
                    }));
                    break;
                }
            }
        }
    }

    /// Refuses what sets a number that another part of the study has moved before: only the last one would count.
    fn set_over(&mut self, moves: &[(String, &[String], &Act)]) {
        let mut moved: Vec<(String, &str)> = Vec::new();
        for (at, paths, act) in moves {
            for (index, path) in paths.iter().enumerate() {
                let places = vary::expanded(self.plan, path);
                let is_under =
                    |place: &String| moved.iter().find(|(known, _)| is_at_or_below(known, place) || is_at_or_below(place, known));
                if **act == Act::Sets
                    && let Some((_, by)) = places.iter().find_map(is_under)
                {
                    let message = format!("`{path}` is set here, and `{by}` moves the same number before: only this one would count.");
                    let help = "Let one of them go, let what belongs together move along one axis, or write `act: Multiplies`.";
                    self.error("duplicate-key", format!("{at}.paths.{index}"), message, help);
                }
                moved.extend(places.into_iter().map(|place| (place, path.as_str())));
            }
        }
    }

    fn grid(&mut self, at: &str, grid: &Grid) {
        if grid.axes.is_empty() || grid.axes.len() > MAX_AXES {
            let message = format!("A grid has one to {MAX_AXES} axes; this one has {}.", grid.axes.len());
            self.error("too-many", format!("{at}.axes"), message, "Let things that belong together move along one axis.");
        }
        let points = grid.axes.iter().fold(1_usize, |points, axis| points.saturating_mul(axis.stops()));
        if points > MAX_POINTS {
            let message = format!("The grid has {points} points; at most {MAX_POINTS} can be run.");
            self.error("too-many", format!("{at}.axes"), message, "Take fewer stops, or sample instead.");
        }
        for (index, axis) in grid.axes.iter().enumerate() {
            let at = format!("{at}.axes.{index}");
            if axis.vary.is_empty() {
                self.error("missing-field", format!("{at}.vary"), "Nothing moves along this axis.", "Name what moves and its stops.");
            }
            for (index, varied) in axis.vary.iter().enumerate() {
                let at = format!("{at}.vary.{index}");
                let stops = match &varied.at {
                    Stops::Evenly(even) if even.steps as usize > MAX_POINTS => continue,
                    stops => stops.values(),
                };
                if stops.is_empty() {
                    self.error("missing-field", format!("{at}.at"), "An axis needs a stop.", "Write `Values([1.0, 2.0])`.");
                } else if stops.len() != axis.stops() {
                    let message = format!(
                        "Things that move together need as many stops each: here are {}, and {} before.",
                        stops.len(),
                        axis.stops()
                    );
                    self.error("wrong-length", format!("{at}.at"), message, "Give one stop for each of the first.");
                }
                self.tried(&at, &varied.paths, &varied.act, &stops);
            }
        }
        let all = grid
            .axes
            .iter()
            .enumerate()
            .flat_map(|(axis, of)| of.vary.iter().enumerate().map(move |(place, varied)| (axis, place, varied)));
        let moves: Vec<(String, &[String], &Act)> =
            all.map(|(axis, place, varied)| (format!("{at}.axes.{axis}.vary.{place}"), varied.paths.as_slice(), &varied.act)).collect();
        self.set_over(&moves);
    }

    fn tornado(&mut self, at: &str, tornado: &Tornado) {
        let Inputs::Stated(swings) = &tornado.inputs else { return };
        if swings.is_empty() {
            self.error("missing-field", format!("{at}.inputs"), "A tornado needs an input.", "Name one, or write `ByGrade`.");
        }
        for (index, swing) in swings.iter().enumerate() {
            let at = format!("{at}.inputs.value.{index}");
            if swing.low > swing.high {
                self.error(
                    "out-of-range",
                    format!("{at}.low"),
                    format!("{} is more than the high one, {}.", swing.low, swing.high),
                    "Change them about.",
                );
            }
            self.tried(&at, &swing.paths, &swing.act, &[swing.low, swing.high]);
        }
    }

    fn frontier(&mut self, at: &str, frontier: &Frontier) {
        if matches!(frontier.optimise, Measure::CostPerMtok | Measure::DomesticShare) {
            let message = "A quotient can be held, and not made as good as possible along a frontier.";
            self.error("bad-goal", format!("{at}.optimise"), message, "Change the two about, or take the cost.");
        }
        if [&frontier.optimise, &frontier.hold].iter().any(|measure| matches!(measure, Measure::Tokens | Measure::CostPerMtok)) {
            self.tokens_of_tasks(at);
        }
        if frontier.optimise == frontier.hold {
            let other =
                if frontier.optimise == Measure::Npv { "Hold another one, such as `Tokens`." } else { "Hold another one, such as `Npv`." };
            self.error("bad-goal", format!("{at}.hold"), "The two goals are the same.", other);
        }
        let (FrontierPoints::BreakPoints(count) | FrontierPoints::Evenly(count)) = frontier.points;
        if !(2..=MAX_FRONTIER).contains(&count) {
            let message = format!("A frontier has 2 to {MAX_FRONTIER} points, not {count}.");
            self.error("out-of-range", format!("{at}.points"), message, "Twenty to sixty show its shape.");
        }
        let is_quotient = matches!(frontier.hold, Measure::CostPerMtok | Measure::DomesticShare);
        if is_quotient && matches!(frontier.points, FrontierPoints::BreakPoints(_)) {
            let message = "Against a quotient the frontier is curved and has no break points.";
            self.error("bad-goal", format!("{at}.points"), message, "Write `Evenly(20)`.");
        }
    }

    /// Tasks want to be done: the tokens for them are no aim.
    fn tokens_of_tasks(&mut self, at: &str) {
        if self.plan.tasks.values().any(crate::plan::Task::is_ever_asked) {
            let message = "The plan has tasks to be done, and the tokens for them are no aim: more of them is more words, not more work.";
            self.error(
                "routing-by-tokens",
                at.to_owned(),
                message,
                "Hold or make good another measure, such as `Cost` or `Carbon`, or leave `tasks` out.",
            );
        }
    }

    fn alternatives(&mut self, at: &str, alternatives: &Alternatives) {
        if alternatives.groups.is_empty() {
            self.error("missing-field", format!("{at}.groups"), "Nothing is looked at.", "Name a group, such as `ChipsByKind`.");
        }
    }

    fn ranked(&mut self, at: &str, ranked: &Ranked) {
        let switches = ranked.sites.len() + ranked.chips.len() + ranked.contracts.len();
        if switches == 0 {
            self.error("missing-field", at.to_owned(), "Nothing is switched.", "Name sites, chips or contracts that may be left out.");
        } else if switches > MAX_SWITCHES {
            let message = format!(
                "{switches} switches have {} combinations; at most {MAX_SWITCHES} switches can be tried.",
                1_u64 << switches.min(60)
            );
            self.error("too-many", at.to_owned(), message, "Name only those that are in doubt.");
        }
    }

    fn crossover(&mut self, at: &str, crossover: &Crossover) {
        if crossover.ways.len() < 2 {
            self.error(
                "missing-field",
                format!("{at}.ways"),
                "A crossover needs two ways.",
                "Name scenarios, such as `\"own\": \"only-own\", \"buy\": \"only-buy\"`.",
            );
        }
        if !(2..=MAX_FRONTIER).contains(&crossover.points) {
            let message = format!("A line has 2 to {MAX_FRONTIER} break points, not {}.", crossover.points);
            self.error("out-of-range", format!("{at}.points"), message, "Sixty are plenty.");
        }
    }

    fn sample(&mut self, at: &str, sample: &Sample) {
        if sample.inputs.is_empty() {
            self.error("missing-field", format!("{at}.inputs"), "Nothing is uncertain.", "Name an input and how it is distributed.");
        }
        for (index, input) in sample.inputs.iter().enumerate() {
            let at = format!("{at}.inputs.{index}");
            if let Some((message, help)) = distribution_problem(&input.is) {
                self.error("out-of-range", format!("{at}.is"), message, help);
                continue;
            }
            let (low, high) = crate::plan::study::ends_of(&input.is);
            let ends = if input.act == Act::Delays { [low.round(), high.round()] } else { [low, high] };
            let before = self.problems.len();
            self.tried(&at, &input.paths, &input.act, &ends);
            if matches!(input.is, Distribution::Normal(_) | Distribution::Lognormal(_)) {
                for problem in self.problems.iter_mut().skip(before).filter(|problem| problem.code == "out-of-range") {
                    let help = format!(
                        "Its tails are tried as far as four deviations out, from {} to {}: narrow it, or take one that has ends (`Triangular`, `Uniform`).",
                        crate::words::short(low),
                        crate::words::short(high)
                    );
                    problem.help = Some(help);
                }
            }
        }
        let moves: Vec<(String, &[String], &Act)> = sample
            .inputs
            .iter()
            .enumerate()
            .map(|(index, input)| (format!("{at}.inputs.{index}"), input.paths.as_slice(), &input.act))
            .collect();
        self.set_over(&moves);
        let names: Vec<&str> = sample.inputs.iter().map(crate::plan::study::Uncertain::id).collect();
        for (index, name) in names.iter().enumerate() {
            if names.iter().take(index).any(|earlier| earlier == name) {
                let message = format!("Two inputs are called `{name}`.");
                self.error("duplicate-key", format!("{at}.inputs.{index}"), message, "Give one of them another `name`.");
            }
        }
        for (index, correlation) in sample.correlations.iter().enumerate() {
            let pair = |of: &crate::plan::study::Correlation| {
                if of.first <= of.second { (of.first.clone(), of.second.clone()) } else { (of.second.clone(), of.first.clone()) }
            };
            if sample.correlations.iter().take(index).any(|earlier| pair(earlier) == pair(correlation)) {
                let message = format!("How `{}` and `{}` go together is stated twice.", correlation.first, correlation.second);
                self.error("duplicate-key", format!("{at}.correlations.{index}"), message, "Leave one of the two out.");
            }
            for (field, name) in [("first", &correlation.first), ("second", &correlation.second)] {
                if !names.contains(&name.as_str()) {
                    let help = nearest_name(name, names.iter().copied())
                        .map_or_else(|| format!("There is: {}.", names.join(", ")), |near| format!("Did you mean `{near}`?"));
                    self.error(
                        "unknown-reference",
                        format!("{at}.correlations.{index}.{field}"),
                        format!("There is no input `{name}`."),
                        help,
                    );
                }
            }
            if correlation.first == correlation.second {
                self.error("bad-goal", format!("{at}.correlations.{index}"), "An input goes with itself in any case.", "Name two inputs.");
            }
        }
        if crate::plan::study::correlations_of(sample).is_none() {
            let message =
                "No numbers can be correlated like this: what goes with each of two can't be so much against their going together.";
            self.error("out-of-range", format!("{at}.correlations"), message, "Bring some of the correlations nearer to zero.");
        }
    }
}

fn distribution_problem(is: &Distribution) -> Option<(String, &'static str)> {
    match is {
        Distribution::Uniform(of) if of.low > of.high => {
            Some((format!("The lowest, {}, is above the highest, {}.", of.low, of.high), "Change them about."))
        }
        Distribution::Triangular(of) if !(of.low <= of.likely && of.likely <= of.high) => {
            Some((format!("{}, {} and {} are not in order.", of.low, of.likely, of.high), "The likeliest lies between the two ends."))
        }
        Distribution::Discrete(of) if of.values.is_empty() => Some(("There is no number to draw.".to_owned(), "Name some.")),
        Distribution::Discrete(of) if !of.weights.is_empty() && of.weights.len() != of.values.len() => {
            Some((format!("There are {} numbers and {} weights.", of.values.len(), of.weights.len()), "Give one weight for each number."))
        }
        Distribution::Discrete(of) if !of.weights.is_empty() && of.weights.iter().sum::<f64>() <= 0.0 => {
            Some(("All weights are zero.".to_owned(), "Give those that can come a weight."))
        }
        _ => {
            let (low, high) = drawn_between(is);
            let words =
                || (format!("There is no spread: every future draws {}.", crate::words::short(low)), "Give it a spread, or leave it out.");
            (low >= high).then(words)
        }
    }
}

/// The ends of what can be drawn; of discrete numbers, those with a weight.
fn drawn_between(is: &Distribution) -> (f64, f64) {
    match is {
        Distribution::Discrete(of) => {
            let weight = |index: usize| of.weights.get(index).copied().unwrap_or(1.0);
            let drawn = || of.values.iter().enumerate().filter(|(index, _)| weight(*index) > 0.0).map(|(_, value)| *value);
            (drawn().fold(f64::INFINITY, f64::min), drawn().fold(f64::NEG_INFINITY, f64::max))
        }
        is => crate::plan::study::ends_of(is),
    }
}
