//! Studies as charts: the same data and geometry as every other chart, for files, reports and the window.

mod drawn;
mod flows;
mod game;
mod grid;
mod hedge;
pub mod pick;
mod sample;

use self::drawn::{Drawn, figures, trace};
use super::engine::{Record, Run};
use super::kinds::{alternatives, crossover, frontier, measure, ranked};
use super::summary::{effects, slopes};
use crate::charts::frame::axis;
use crate::charts::{Axis, Body, Chart, ColorKey, Point, RangeRow, Series, Trace};
use crate::formulation::program::Sense;
use crate::plan::study::{Alternatives, Frontier, Ranked, Study, Tornado};
use crate::results::Results;
use crate::words::{counted, lowered};

/// Rows of a chart of many inputs or combinations.
const MOST_ROWS: usize = 16;

/// The pictures of a study, as far as it has been run.
#[must_use]
pub fn charts(study: &Study, run: &Run, records: &[Record]) -> Vec<Chart> {
    let base = &run.base;
    let results = Results::new(&base.plan, &base.stated.resolved, &base.stated.formulation, &base.outcome);
    let unanswered = records.iter().filter(|record| !record.answer.is_answered()).count();
    let mut about = format!("{} of {}", records.len(), counted(run.points.len(), "point"));
    if unanswered > 0 {
        about.push_str(&format!(", {unanswered} of them without an answer"));
    }
    if let Study::Sample(sample) = study {
        about.push_str(&format!(", seed {}", sample.seed));
    }
    about.push('.');
    let drawn = Drawn { results, run, records, about };
    match study {
        Study::Grid(study) => grid::charts(&drawn, study),
        Study::Tornado(study) => tornado(&drawn, study),
        Study::Frontier(study) => vec![curve(&drawn, study)],
        Study::Alternatives(study) => bars(&drawn, study),
        Study::Ranked(study) => vec![ranking(&drawn, study)],
        Study::Sample(study) => sample::charts(&drawn, study),
        Study::Game(study) => game::charts(&drawn, study),
        Study::Crossover(_) => vec![ways(&drawn)],
        Study::Hedge(_) => hedge::charts(&drawn),
    }
}

fn tornado(drawn: &Drawn<'_>, study: &Tornado) -> Vec<Chart> {
    figures()
        .map(|(figure, title, unit)| {
            let effects = effects(study, drawn.run, drawn.records, figure);
            let rows: Vec<RangeRow> = effects
                .into_iter()
                .filter(|effect| effect.size() > 0.0)
                .take(MOST_ROWS)
                .map(|effect| RangeRow {
                    word: if effect.change.iter().any(Option::is_none) { "no answer at one end".into() } else { String::new() },
                    name: effect.name,
                    from: effect.change[0].or(Some(0.0)),
                    to: effect.change[1].or(Some(0.0)),
                    ends: ["low", "high"],
                    mark: "planned",
                    at: 0.0,
                    color: ColorKey::Chip(String::new()),
                })
                .collect();
            let title = format!("Which inputs decide {}", lowered(title));
            if rows.is_empty() {
                return drawn.empty("study-tornado", &title, "No input moves it.");
            }
            let reading = "Pale: the input is low. Full: it is high. The others stand as planned.";
            drawn.chart(
                "study-tornado",
                title,
                format!("change, {unit}"),
                reading,
                (axis("Change", unit), Axis::default()),
                Body::Ranges { rows },
            )
        })
        .collect()
}

fn curve(drawn: &Drawn<'_>, study: &Frontier) -> Chart {
    let (optimise, hold) = (measure(&study.optimise), measure(&study.hold));
    let curve = frontier::curve(drawn.records);
    let name = |measure: crate::formulation::measures::Measure| lowered(measure.title());
    let title = format!("What {} cost{} of {}", name(hold), if hold.title().ends_with('s') { "" } else { "s" }, name(optimise));
    if curve.len() < 2 {
        let why = drawn.records.iter().find(|record| !record.answer.is_answered()).map(|record| record.answer.reason.clone());
        let why = why.filter(|why| !why.is_empty());
        return drawn.empty("study-frontier", &title, &why.unwrap_or_else(|| super::summary::ONE_BEST.into()));
    }
    let point = |point: &frontier::OnCurve| Point { x: point.held, y: point.value };
    let mut traces = vec![trace("best possible", ColorKey::Good, curve.iter().map(point).collect(), false)];
    traces.push(trace("points", ColorKey::Quiet, curve.iter().map(point).collect(), true));
    let knee = frontier::knee(&curve);
    let mut reading = String::new();
    if let Some(knee) = knee {
        traces.push(trace("the knee", ColorKey::Bad, curve.get(knee).map(point).into_iter().collect(), true));
        reading = slopes(&curve, knee, optimise, hold);
    }
    let own = |measure: crate::formulation::measures::Measure| {
        let mut program = drawn.run.base.stated.formulation.program.clone();
        let layout = &drawn.run.base.stated.formulation.layout;
        let measured = crate::formulation::measures::measured(&mut program, &drawn.run.base.stated.resolved, layout, measure);
        // The peak is a column of its own, which the plan's answer does not have.
        if measure == crate::formulation::measures::Measure::PeakMw {
            drawn.planned("peak_mw")
        } else {
            Some(measured.value(&drawn.run.base.outcome.point))
        }
    };
    if let (Some(x), Some(y)) = (own(hold), own(optimise)) {
        traces.push(trace("the plan", ColorKey::Load, vec![Point { x, y }], true));
    }
    let body = Body::Lines { traces, log_x: false, log_y: false };
    let axes = (axis(hold.title(), hold.unit()), axis(optimise.title(), optimise.unit()));
    drawn.chart("study-frontier", title, format!("{}, {} over {}", optimise.unit(), name(optimise), name(hold)), &reading, axes, body)
}

fn ways(drawn: &Drawn<'_>) -> Chart {
    let lines = crossover::lines(drawn.records);
    let title = "What each volume costs, way by way".to_owned();
    if lines.is_empty() {
        return drawn.empty("study-crossover", &title, "No way has an answer (yet).");
    }
    let colors = [ColorKey::Product(String::new()), ColorKey::Chip(String::new()), ColorKey::Good, ColorKey::Load, ColorKey::Quiet];
    let mut traces: Vec<Trace> = lines
        .iter()
        .zip(colors.iter().cycle())
        .map(|(line, color)| trace(&line.name, color.clone(), line.points.iter().map(|(x, y)| Point { x: *x, y: *y }).collect(), false))
        .collect();
    let cuts = crossover::spans(&lines).into_iter().skip(1).filter_map(|span| {
        let cost = lines.get(span.line)?.cost(span.from)?;
        Some(Point { x: span.from, y: cost })
    });
    traces.push(trace("another way from here", ColorKey::Bad, cuts.collect(), true));
    let reading = crossover::in_words(&lines, super::summary::days(drawn.run)).join(" ");
    let axes = (axis("Quality-weighted tokens over the horizon", "Ttok"), axis("Cost, discounted", "M$"));
    drawn.chart(
        "study-crossover",
        title,
        "M$, discounted, over Ttok".into(),
        &reading,
        axes,
        Body::Lines { traces, log_x: false, log_y: false },
    )
}

fn bars(drawn: &Drawn<'_>, study: &Alternatives) -> Vec<Chart> {
    let all = alternatives::bars(study, &drawn.run.base.plan, drawn.records);
    let share = crate::words::short(study.give_up_fraction * 100.0);
    let of = if study.first_goal_only { "the first goal" } else { "every goal" };
    study
        .groups
        .iter()
        .enumerate()
        .map(|(number, group)| {
            let rows: Vec<RangeRow> = all
                .iter()
                .filter(|bar| bar.group == number)
                .map(|bar| {
                    let (word, color) = match bar.word() {
                        alternatives::Word::Must => ("must", ColorKey::Good),
                        alternatives::Word::May => ("may", ColorKey::Product(String::new())),
                        alternatives::Word::Never => ("never", ColorKey::Quiet),
                    };
                    RangeRow {
                        name: bar.name.clone(),
                        from: bar.least,
                        to: bar.most,
                        ends: ["least", "most"],
                        mark: "planned",
                        at: bar.planned,
                        word: word.into(),
                        color,
                    }
                })
                .collect();
            let unit = alternatives::unit(group);
            let title = format!("{}: what every good plan has", alternatives::title(group));
            if rows.is_empty() {
                return drawn.empty("study-alternatives", &title, "The plan has none.");
            }
            let reading = format!("Within {share} % of {of}: from the least to the most; the mark is what is planned.");
            drawn.chart(
                "study-alternatives",
                title,
                format!("{unit}, within {share} %"),
                &reading,
                (axis("", unit), Axis::default()),
                Body::Ranges { rows },
            )
        })
        .collect()
}

fn ranking(drawn: &Drawn<'_>, _study: &Ranked) -> Chart {
    let phases = &drawn.run.base.stated.formulation.program.phases;
    let wants_most: Vec<bool> = phases.iter().map(|phase| phase.sense == Sense::Maximise).collect();
    let ranked = ranked::ranked(drawn.records, &wants_most);
    let (name, unit) = phases.first().map_or(("goal", ""), |phase| (phase.goal.name, phase.goal.unit));
    let rows: Vec<&&Record> = ranked.iter().take(MOST_ROWS).collect();
    let named = |record: &Record| if record.answer.is_answered() { record.label.clone() } else { format!("{}: no answer", record.label) };
    let categories = rows.iter().map(|record| named(record)).collect();
    let values = rows.iter().map(|record| record.answer.goal(name).unwrap_or(0.0)).collect();
    let title = "The best plan of each combination".to_owned();
    let body = Body::Bars { categories, values: Series { name: crate::words::goal(name).to_owned(), color: ColorKey::Good, values } };
    let reading = "The best first, by the plan's goals in turn; those without an answer come last.";
    drawn.chart("study-ranked", title, format!("{}, {unit}", crate::words::goal(name)), reading, (axis("", unit), Axis::default()), body)
}
