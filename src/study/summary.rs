//! What a study came to, as a table for files and as text for people.

mod hedge;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::engine::{Record, Run};
use super::kinds::{self, alternatives, crossover, frontier, game, grid, ranked, sample, tornado};
use crate::charts::{Table, TableCell};
use crate::formulation::program::Sense;
use crate::plan::Plan;
use crate::plan::study::Study;
use crate::words::{counted, ended, lowered, short};

/// Key figures that are shown to people, with how they are called and their unit.
pub const SHOWN: [(&str, &str, &str); 8] = [
    ("quality_tokens_ttok", "Tokens", "Ttok"),
    ("npv_musd", "NPV", "M$"),
    ("cost_npv_musd", "Cost", "M$"),
    ("cost_usd_per_mtok", "Cost", "$/Mtok"),
    ("capex_musd", "Capex", "M$"),
    ("energy_gwh", "Energy", "GWh"),
    ("peak_mw", "Peak load", "MW"),
    ("carbon_kt", "Carbon", "kt"),
];

/// Rows of a table that people are shown; a file has them all.
const MOST_ROWS: usize = 40;

/// Names of the columns that say where a point stands.
fn places(study: &Study, run: &Run) -> Vec<String> {
    let plan = &run.base.plan;
    match study {
        Study::Grid(study) => {
            grid::axes(study, plan).into_iter().map(|axis| format!("{} {}", axis.name, axis.unit).trim().to_owned()).collect()
        }
        Study::Tornado(_) => vec!["input".into(), "side".into(), "number".into()],
        Study::Frontier(_) => vec!["share of the way".into()],
        Study::Alternatives(_) => vec!["group".into(), "place".into(), "most".into()],
        Study::Ranked(study) => ranked::switches(study, plan).into_iter().map(|switch| switch.name).collect(),
        Study::Sample(study) => study.inputs.iter().map(|input| input.id().to_owned()).collect(),
        Study::Game(study) => study.players.keys().map(|player| game::name_of(plan, player)).collect(),
        Study::Crossover(_) => vec!["way".into()],
        Study::Hedge(_) => vec!["way".into(), "which".into()],
    }
}

/// What a study says, in sentences to read out; none where its pictures say it.
#[must_use]
pub fn sentences(study: &Study, run: &Run, records: &[Record]) -> Vec<String> {
    match study {
        Study::Hedge(_) => kinds::hedge::sentences(&run.points, records),
        Study::Game(study) => game::in_words(study, &run.base.plan, records),
        _ => Vec::new(),
    }
}

/// The tables of a study that a report shows; none where its pictures do.
#[must_use]
pub fn tables(id: &str, study: &Study, run: &Run, records: &[Record]) -> Vec<Table> {
    match study {
        Study::Hedge(_) => hedge::tables(id, run, records),
        _ => Vec::new(),
    }
}

/// Every point with what came of it: where it stands, how it ended, what was asked, key figures, builds.
#[must_use]
pub fn table(id: &str, study: &Study, run: &Run, records: &[Record]) -> Table {
    let rows = super::rows::rows(records);
    let places = places(study, run);
    let figures: BTreeSet<&String> = rows.iter().flat_map(|record| record.answer.kpis.keys()).collect();
    let asked: Vec<String> = match study {
        Study::Frontier(study) => {
            vec![format!("held {}", kinds::measure(&study.hold).name()), format!("best {}", kinds::measure(&study.optimise).name())]
        }
        Study::Alternatives(_) => vec!["extreme".into(), "planned".into()],
        Study::Crossover(_) => vec!["tokens_ttok".into(), "least cost_musd".into()],
        Study::Hedge(_) => vec!["goal".into(), "mean or probability".into()],
        _ => Vec::new(),
    };
    let builds: BTreeSet<String> = rows
        .iter()
        .flat_map(|record| {
            let chips = record.answer.chips.keys().map(|key| format!("chips {key}"));
            let halls = record.answer.halls.keys().map(|key| format!("halls {key}"));
            chips.chain(halls).chain(record.answer.contracts_mw.keys().map(|key| format!("contract {key}")))
        })
        .collect();
    let of_actors: BTreeSet<(String, String)> = rows
        .iter()
        .flat_map(|record| &record.answer.actors)
        .flat_map(|(actor, figures)| figures.keys().map(|figure| (actor.clone(), figure.clone())))
        .collect();
    let mut header: Vec<String> = ["point", "what", "as ordered"].map(str::to_owned).to_vec();
    header.extend(places.iter().cloned());
    header.extend(["status", "reason"].map(str::to_owned));
    header.extend(asked.iter().cloned());
    header.extend(figures.iter().map(|name| (*name).clone()));
    header.extend(builds.iter().cloned());
    header.extend(of_actors.iter().map(|(actor, figure)| format!("{actor} {figure}")));
    let number = |value: Option<f64>| value.filter(|value| value.is_finite()).map_or(TableCell::Text(String::new()), TableCell::Number);
    let cells = |record: &Record| -> Vec<TableCell> {
        let answer = &record.answer;
        let mut cells = vec![
            TableCell::Number(record.index as f64),
            TableCell::Text(record.label.clone()),
            TableCell::Text(if record.as_ordered { "yes" } else { "no" }.to_owned()),
        ];
        cells.extend((0..places.len()).map(|place| number(record.at.get(place).copied())));
        cells.extend([TableCell::Text(answer.status.clone()), TableCell::Text(answer.reason.clone())]);
        cells.extend((0..asked.len()).map(|place| number(answer.asked.get(place).copied())));
        cells.extend(figures.iter().map(|name| number(answer.kpi(name))));
        for name in &builds {
            let found = match name.split_once(' ') {
                Some(("chips", key)) => answer.chips.get(key),
                Some(("halls", key)) => answer.halls.get(key),
                Some((_, key)) => answer.contracts_mw.get(key),
                None => None,
            };
            cells.push(if answer.is_answered() {
                TableCell::Number(found.copied().unwrap_or(0.0))
            } else {
                TableCell::Text(String::new())
            });
        }
        cells.extend(
            of_actors.iter().map(|(actor, figure)| number(answer.actors.get(actor).and_then(|figures| figures.get(figure)).copied())),
        );
        cells
    };
    Table { name: id.to_owned(), title: format!("{} {id}", study.variant_name()), header, rows: rows.iter().map(cells).collect() }
}

/// A line of columns: the first wide, the others right-aligned.
fn line(out: &mut String, first: &str, cells: &[String]) {
    let _ = write!(out, "  {first:<44}");
    for cell in cells {
        let _ = write!(out, " {cell:>14}");
    }
    out.push('\n');
}

/// What a study came to, for people.
#[must_use]
pub fn text(id: &str, study: &Study, run: &Run, records: &[Record]) -> String {
    let kind = kinds::kind_of(study);
    let mut out = format!("{} `{id}`: {}\n", study.variant_name(), kind.question);
    let unanswered = records.iter().filter(|record| !record.answer.is_answered()).count();
    let _ = writeln!(out, "{} of {} of plan \"{}\".", records.len(), counted(run.points.len(), "point"), run.base.plan.name);
    if unanswered > 0 {
        let _ = writeln!(out, "{} without an answer:", counted(unanswered, "point"));
        for record in records.iter().filter(|record| !record.answer.is_answered()).take(5) {
            let _ = writeln!(out, "  {}: {}. {}", record.label, ended(&record.answer.status), record.answer.reason);
        }
    }
    match study {
        Study::Grid(_) => answers(&mut out, records.iter()),
        Study::Ranked(_) => {
            let wants_most: Vec<bool> =
                run.base.stated.formulation.program.phases.iter().map(|phase| phase.sense == Sense::Maximise).collect();
            answers(&mut out, ranked::ranked(records, &wants_most).into_iter());
        }
        Study::Tornado(study) => swings(&mut out, study, run, records),
        Study::Frontier(study) => curve(&mut out, study, records),
        Study::Alternatives(study) => bars(&mut out, study, run, records),
        Study::Sample(study) => futures(&mut out, study, run, records),
        Study::Game(study) => outcomes(&mut out, study, &run.base.plan, records),
        Study::Crossover(_) => ways(&mut out, run, records),
        Study::Hedge(_) => hedge::text(&mut out, run, records),
    }
    out
}

/// Points with the figures people ask for first, and what wins.
fn answers<'r>(out: &mut String, records: impl Iterator<Item = &'r Record>) {
    let records: Vec<&Record> = records.collect();
    line(out, "", &SHOWN.iter().take(5).map(|(_, name, unit)| format!("{name} {unit}")).collect::<Vec<_>>());
    for record in records.iter().take(MOST_ROWS) {
        let figures: Vec<String> = SHOWN
            .iter()
            .take(5)
            .map(|(figure, ..)| record.answer.kpi(figure).map_or_else(|| ended(&record.answer.status).to_owned(), short))
            .collect();
        line(out, &record.label, &figures);
    }
    if records.len() > MOST_ROWS {
        let _ = writeln!(out, "  … and {} more; --format csv has them all.", records.len() - MOST_ROWS);
    }
}

/// What an input does to a key figure, low and high.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// The input.
    pub name: String,
    /// Change of the figure when it is low and high; absent where there is no answer.
    pub change: [Option<f64>; 2],
}

impl Effect {
    /// How much it moves the figure either way.
    #[must_use]
    pub fn size(&self) -> f64 {
        self.change.iter().flatten().fold(0.0, |size: f64, change| size.max(change.abs()))
    }
}

/// What every input of a tornado does to a key figure, the largest first.
#[must_use]
pub fn effects(study: &crate::plan::study::Tornado, run: &Run, records: &[Record], figure: &str) -> Vec<Effect> {
    let planned = records.iter().find(|record| record.at.is_empty()).and_then(|record| record.answer.kpi(figure));
    let names = tornado::names(study, &run.base);
    let mut effects: Vec<Effect> = names
        .into_iter()
        .enumerate()
        .map(|(number, name)| {
            let change = [0.0, 1.0].map(|side| {
                let found = records.iter().find(|record| record.at.first() == Some(&(number as f64)) && record.at.get(1) == Some(&side));
                let (planned, change) = (planned?, found?.answer.kpi(figure)? - planned?);
                // Rounding is no effect.
                Some(if change.abs() <= 1e-9 * planned.abs() { 0.0 } else { change })
            });
            Effect { name, change }
        })
        .collect();
    effects.sort_by(|one, other| other.size().total_cmp(&one.size()).then_with(|| one.name.cmp(&other.name)));
    effects
}

fn swings(out: &mut String, study: &crate::plan::study::Tornado, run: &Run, records: &[Record]) {
    for (figure, name, unit) in SHOWN.iter().take(2) {
        let _ = writeln!(out, "{name}, change in {unit} when the input is low and high:");
        for effect in effects(study, run, records, figure).iter().filter(|effect| effect.size() > 0.0).take(MOST_ROWS / 2) {
            line(out, &effect.name, &effect.change.map(|change| change.map_or_else(|| "no answer".to_owned(), signed)));
        }
    }
}

fn signed(value: f64) -> String {
    if value > 0.0 { format!("+{}", short(value)) } else { short(value) }
}

fn curve(out: &mut String, study: &crate::plan::study::Frontier, records: &[Record]) {
    let (optimise, hold) = (kinds::measure(&study.optimise), kinds::measure(&study.hold));
    let curve = frontier::curve(records);
    let knee = frontier::knee(&curve);
    line(out, "", &[format!("{} {}", hold.title(), hold.unit()), format!("{} {}", optimise.title(), optimise.unit())]);
    for (place, point) in curve.iter().enumerate() {
        let word = match place {
            place if Some(place) == knee => "the knee",
            0 => "one end",
            place if place + 1 == curve.len() => "the other end",
            _ => "",
        };
        line(out, word, &[short(point.held), short(point.value)]);
    }
    if curve.len() == 1 {
        let _ = writeln!(out, "{ONE_BEST}");
    }
    let gap = records.iter().flat_map(|record| &record.answer.curve).map(|vertex| vertex.gap_to_next).fold(0.0, f64::max);
    if gap > 0.0 {
        let _ = writeln!(out, "Between its points the true curve lies at most {} {} beyond the lines drawn.", short(gap), optimise.unit());
    }
    if let Some(knee) = knee {
        let _ = writeln!(out, "{}", slopes(&curve, knee, optimise, hold));
    }
}

/// Said of a frontier whose ends are one.
pub(super) const ONE_BEST: &str = "The two goals do not stand against each other: one plan is best for both.";

/// What the knee is, in words: what a unit of the held goal costs before it and after it.
#[must_use]
pub fn slopes(
    curve: &[frontier::OnCurve],
    knee: usize,
    optimise: crate::formulation::measures::Measure,
    hold: crate::formulation::measures::Measure,
) -> String {
    let slope = |from: usize, to: usize| {
        let (from, to) = (curve.get(from)?, curve.get(to)?);
        Some(((to.value - from.value) / (to.held - from.held)).abs()).filter(|slope| slope.is_finite())
    };
    let Some(at) = curve.get(knee) else { return String::new() };
    let (before, after) = (slope(0, knee).unwrap_or(0.0), slope(knee, curve.len().saturating_sub(1)).unwrap_or(0.0));
    format!(
        "The knee is at {} {} of {} and {} {} of {}: below it a {} more costs {} {}, above it {} {}, on average.",
        short(at.held),
        hold.unit(),
        lowered(hold.title()),
        short(at.value),
        optimise.unit(),
        lowered(optimise.title()),
        hold.unit(),
        short(before),
        optimise.unit(),
        short(after),
        optimise.unit()
    )
}

fn bars(out: &mut String, study: &crate::plan::study::Alternatives, run: &Run, records: &[Record]) {
    let _ = writeln!(
        out,
        "Within {} % of {}:",
        short(study.give_up_fraction * 100.0),
        if study.first_goal_only { "the first goal" } else { "every goal" }
    );
    let all = alternatives::bars(study, &run.base.plan, records);
    for (number, group) in study.groups.iter().enumerate() {
        let unit = alternatives::unit(group);
        line(out, &format!("{}, {unit}", alternatives::title(group)), &["least", "planned", "most", ""].map(str::to_owned));
        for bar in all.iter().filter(|bar| bar.group == number) {
            let value = |value: Option<f64>| value.map_or_else(|| "no limit".to_owned(), short);
            let word = match bar.word() {
                alternatives::Word::Must => "must",
                alternatives::Word::May => "may",
                alternatives::Word::Never => "never",
            };
            line(out, &format!("  {}", bar.name), &[value(bar.least), short(bar.planned), value(bar.most), word.to_owned()]);
        }
    }
}

/// The days of a run's horizon.
pub(super) fn days(run: &Run) -> f64 {
    run.base.stated.resolved.calendar.periods.iter().map(|period| period.days).sum()
}

/// The cost of every way at its break points, and which is the cheapest from where on.
fn ways(out: &mut String, run: &Run, records: &[Record]) {
    let lines = crossover::lines(records);
    for way in &lines {
        line(out, &way.name, &["Ttok".to_owned(), "M$".to_owned()]);
        for (volume, cost) in way.points.iter().take(MOST_ROWS) {
            line(out, "", &[short(*volume), short(*cost)]);
        }
    }
    for sentence in crossover::in_words(&lines, days(run)) {
        let _ = writeln!(out, "{sentence}");
    }
}

/// The payoffs of every combination, what comes of the game, who gains by each move.
fn outcomes(out: &mut String, study: &crate::plan::study::Game, plan: &Plan, records: &[Record]) {
    let table = game::table(study, records);
    let whole = game::is_whole(&table, records);
    let named = |player: &String| game::name_of(plan, player);
    let header: Vec<String> = study
        .players
        .keys()
        .map(|player| {
            study.payoff.get(player).map_or_else(String::new, |payoff| format!("{}, {}", named(player), game::words_of(payoff).1))
        })
        .chain(std::iter::once("gain alone".to_owned()))
        .collect();
    line(out, "* where a player is best off with its move", &header);
    for (combination, paid) in table.payoffs.iter().enumerate().take(MOST_ROWS) {
        let record = records.iter().find(|record| record.index == combination);
        let gain = record.and_then(game::gain_alone).map_or_else(|| "–".to_owned(), |(_, gain)| crate::words::share(gain));
        let cells: Vec<String> = (0..table.moves.len())
            .map(|player| match paid.as_ref().and_then(|paid| paid.get(player)) {
                Some(value) => format!("{}{}", short(*value), if whole && table.is_best_reply(combination, player) { "*" } else { " " }),
                None => if record.is_some() { "no answer" } else { "not yet" }.to_owned(),
            })
            .chain(std::iter::once(gain))
            .collect();
        line(out, &game::names_of(study, plan, &table.moves_of(combination)), &cells);
    }
    if table.payoffs.len() > MOST_ROWS {
        let _ = writeln!(out, "  … and {} more; --format csv has them all.", table.payoffs.len() - MOST_ROWS);
    }
    for sentence in game::in_words(study, plan, records) {
        let _ = writeln!(out, "{sentence}");
    }
    for effect in game::effects(study, records) {
        let _ =
            writeln!(out, "Who gains if {} plays {}, M$ of surplus, against all players' first moves:", named(&effect.player), effect.name);
        for (party, gain) in &effect.gains {
            line(out, party, &[signed(*gain)]);
        }
    }
}

/// Shares at which percentiles are shown.
pub const PERCENTILES: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];

fn futures(out: &mut String, study: &crate::plan::study::Sample, run: &Run, records: &[Record]) {
    let _ = writeln!(out, "{} futures, seed {}.", study.futures, study.seed);
    for (as_ordered, title) in [(false, "The best plan of each future"), (true, "This plan's orders in each future")] {
        let of: Vec<Record> = records.iter().filter(|record| record.as_ordered == as_ordered).cloned().collect();
        let answered = of.iter().filter(|record| record.answer.is_answered()).count();
        let _ = writeln!(out, "{title} ({answered} of {} have an answer):", of.len());
        let mut header: Vec<String> = PERCENTILES.iter().map(|share| format!("P{}", crate::words::fixed(share * 100.0, 0))).collect();
        header.push("planned".into());
        line(out, "", &header);
        let planned = super::rows::planned(run);
        for (figure, name, unit) in SHOWN {
            let values = sample::values(&of, figure, as_ordered);
            let mut cells: Vec<String> =
                PERCENTILES.iter().map(|share| sample::percentile(&values, *share).map_or_else(String::new, short)).collect();
            cells.push(planned.kpi(figure).map_or_else(String::new, short));
            line(out, &format!("{name}, {unit}"), &cells);
        }
    }
    let of: Vec<&Record> = records.iter().filter(|record| !record.as_ordered && record.answer.is_answered()).collect();
    let _ = writeln!(out, "What explains it (rank correlation with tokens and NPV of the best plans):");
    for (number, input) in study.inputs.iter().enumerate() {
        let drawn: Vec<f64> = of.iter().filter_map(|record| record.at.get(number).copied()).collect();
        let with = |figure: &str| {
            let values: Vec<f64> = of.iter().map(|record| record.answer.kpi(figure).unwrap_or(0.0)).collect();
            crate::words::fixed(sample::rank_correlation(&drawn, &values), 2)
        };
        line(out, input.id(), &[with("quality_tokens_ttok"), with("npv_musd")]);
    }
}
