//! Hedges as pictures: futures by figures with their regret, tokens and money over time, what must and may be
//! signed, what knowing is worth.

use super::drawn::{Drawn, trace};
use crate::charts::frame::axis;
use crate::charts::{Axis, Body, Cell, Chart, ColorKey, Point, RangeRow, Series};
use crate::formulation::cost::CostPart;
use crate::study::engine::{Over, Record, Way};
use crate::study::kinds::hedge::{Care, groups, hedging_of, numbers, value};
use crate::study::summary::SHOWN;
use crate::words::{percent, short};

/// Rows of a picture of what is signed.
const MOST_SIGNED: usize = 20;

pub(super) fn charts(drawn: &Drawn<'_>) -> Vec<Chart> {
    let mut charts = vec![signing(drawn), matrix(drawn), worth(drawn)];
    charts.extend(care(drawn));
    charts.extend([over_time(drawn, true), over_time(drawn, false)]);
    charts
}

/// What care costs: the mean over all futures by the mean of the worst, as these weigh more.
fn care(drawn: &Drawn<'_>) -> Option<Chart> {
    let hedging = hedging_of(&drawn.run.points)?;
    let Over::Worst { share, weight } = hedging.over else { return None };
    let numbers = numbers(&drawn.run.points, drawn.records);
    let (name, unit) = if numbers.goal == "tokens" { ("tokens", "Ttok") } else { ("NPV", "M$") };
    let title = "What care costs";
    if numbers.care.len() < 2 {
        return Some(drawn.empty("study-care", title, "No other weight of the worst futures has an answer yet."));
    }
    let worst = percent(share);
    let point = |care: &Care| Point { x: care.worst, y: care.mean };
    let all: Vec<Point> = numbers.care.iter().map(point).collect();
    let own = numbers.care.iter().filter(|care| (care.weight - weight).abs() < 1e-9).map(point).collect();
    let weights: Vec<String> = numbers.care.iter().map(|care| percent(care.weight)).collect();
    let traces = vec![
        trace("what can be had", ColorKey::Good, all.clone(), false),
        trace(format!("weights {}", weights.join(", ")), ColorKey::Quiet, all, true),
        trace(format!("this study: {}", percent(weight)), ColorKey::Bad, own, true),
    ];
    let reading = format!("From left to right the worst {worst} of all futures weigh more: they come to more, and the mean to less.");
    let axes = (axis(&format!("Mean {name} of the worst {worst}"), unit), axis(&format!("Mean {name} of all futures"), unit));
    let body = Body::Lines { traces, log_x: false, log_y: false };
    Some(drawn.chart("study-care", title.into(), format!("{unit}, mean over mean of the worst"), &reading, axes, body))
}

fn hedged<'r>(drawn: &Drawn<'r>) -> Option<&'r Record> {
    let place = Way::Hedged.place();
    drawn.records.iter().find(|record| record.at == place).filter(|record| record.answer.is_answered())
}

/// What must and may be signed: from the least to the most that any future would sign, and what the hedge signs.
fn signing(drawn: &Drawn<'_>) -> Chart {
    let date = hedging_of(&drawn.run.points).map_or_else(String::new, |hedging| hedging.decide_before.to_string());
    let title = format!("What to sign before {date}");
    let groups = groups(&drawn.run.points, drawn.records);
    // Amounts of several units stand side by side as shares of the most that is signed of each.
    let rows: Vec<RangeRow> = groups
        .iter()
        .take(MOST_SIGNED)
        .map(|group| {
            let whole = group.most().max(group.hedged).max(1e-9) / 100.0;
            let word = if group.hedged <= group.dust() {
                "hold".to_owned()
            } else if group.least() >= group.hedged * (1.0 - 1e-6) {
                format!("sign {}", short(group.hedged))
            } else {
                format!("hedge {}", short(group.hedged))
            };
            RangeRow {
                name: format!("{}, {}", group.name, group.unit),
                from: Some(group.least() / whole),
                to: Some(group.most() / whole),
                ends: ["least if known", "most if known"],
                mark: "hedged",
                at: group.hedged / whole,
                word,
                color: ColorKey::Good,
            }
        })
        .collect();
    if rows.is_empty() {
        return drawn.empty("study-sign", &title, "Nothing is signed before that date, hedged or known.");
    }
    let reading = "The bar: from the least to the most that any future would sign if it were known. The mark: what the hedge signs, on a thread where no future would sign so much, or so little.";
    let x = axis("Of the most that is signed", "%");
    drawn.chart("study-sign", title, "% of the most that is signed of it".into(), reading, (x, Axis::default()), Body::Ranges { rows })
}

/// Futures by key figures, the colour by the regret.
fn matrix(drawn: &Drawn<'_>) -> Chart {
    let title = "What each future comes to";
    let (Some(hedging), Some(record)) = (hedging_of(&drawn.run.points), hedged(drawn)) else {
        return drawn.empty("study-futures", title, "Nothing is hedged yet.");
    };
    let known = |future: usize| {
        let place = Way::Known(future).place();
        drawn.records.iter().find(|record| record.at == place).filter(|record| record.answer.is_answered())
    };
    let figures: Vec<&(&str, &str, &str)> = SHOWN.iter().take(6).collect();
    let goal = match numbers(&drawn.run.points, drawn.records).goal.as_str() {
        "tokens" => "quality_tokens_ttok",
        "cost" => "cost_npv_musd",
        _ => "npv_musd",
    };
    let mut cells = Vec::new();
    for (number, future) in record.answer.futures.iter().enumerate() {
        let before = known(number);
        let mut row = Vec::new();
        for (figure, name, unit) in &figures {
            let value = future.answer.kpi(figure);
            let if_known = before.and_then(|record| record.answer.kpi(figure));
            let short_of = value.zip(if_known).map(|(value, if_known)| {
                let less = if goal == "cost_npv_musd" { if_known - value } else { value - if_known };
                less / if_known.abs().max(1e-9)
            });
            // Only of what is made best is less a regret; all else goes with it.
            let wanted = *figure == goal;
            let color = match short_of {
                Some(share) if wanted && share < -1e-4 => ColorKey::Bad,
                Some(_) if wanted => ColorKey::Good,
                _ => ColorKey::Quiet,
            };
            let strength = short_of.map_or(0.15, |share| if wanted { (0.2 + 4.0 * share.abs()).min(1.0) } else { 0.15 });
            let beside = if_known.map_or_else(String::new, |if_known| format!("; {} {unit} if known before", short(if_known)));
            row.push(Cell {
                label: value.map_or_else(|| "–".to_owned(), short),
                color,
                strength,
                detail: format!("{name} in {}: {} {unit}{beside}", future.id, value.map_or_else(|| "none".to_owned(), short)),
            });
        }
        cells.push(row);
    }
    let rows = hedging.futures.iter().map(|future| format!("{}, {}", future.id, percent(future.probability))).collect();
    let columns = figures.iter().map(|(_, name, unit)| format!("{name}, {unit}")).collect();
    let reading = "Hedged, future by future. Red: so much less than if the future had been known; the stronger, the more.";
    let body = Body::Timeline { rows, columns, cells, written: true };
    drawn.chart("study-futures", title.into(), "hedged".into(), reading, (Axis::default(), Axis::default()), body)
}

/// What knowing, hedging and waiting are worth.
fn worth(drawn: &Drawn<'_>) -> Chart {
    let title = "What knowing first is worth";
    let numbers = numbers(&drawn.run.points, drawn.records);
    let hedging = hedging_of(&drawn.run.points);
    let unit = if numbers.goal == "tokens" { "Ttok" } else { "M$" };
    let mut bars: Vec<(String, f64)> = Vec::new();
    if let Some(evpi) = numbers.evpi {
        bars.push(("knowing everything first".into(), evpi));
    }
    for (number, worth) in &numbers.learning {
        let name = hedging.and_then(|hedging| hedging.uncertainties.get(*number)).map_or("", |uncertainty| uncertainty.name.as_str());
        if let Some(worth) = worth.filter(|_| numbers.learning.len() > 1) {
            bars.push((format!("knowing {name} first"), worth));
        }
    }
    let others = [("hedging over planning with averages", numbers.vss), ("knowing it now over a period later", numbers.later)];
    bars.extend(others.into_iter().filter_map(|(name, worth)| Some((name.to_owned(), worth?))));
    if bars.is_empty() {
        return drawn.empty("study-worth", title, "Nothing is hedged yet.");
    }
    let (categories, values): (Vec<String>, Vec<f64>) = bars.into_iter().unzip();
    let values = Series { name: "worth".into(), color: ColorKey::Good, values };
    let measure = numbers.measure.map_or_else(String::new, |measure| format!(" Hedged it comes to {}.", value(&numbers.goal, measure)));
    // Waiting may cost a hundred times what any forecast is worth: beside it no bar could be read.
    let waiting =
        numbers.waiting.map_or_else(String::new, |waiting| format!(" Signing nothing now would cost {}.", value(&numbers.goal, waiting)));
    let reading = format!("Each against the hedged plan.{measure}{waiting}");
    drawn.chart(
        "study-worth",
        title.into(),
        unit.into(),
        &reading,
        (axis("Worth", unit), Axis::default()),
        Body::Bars { categories, values },
    )
}

/// One of as many colours as can be told apart: those of the parts of cost.
fn distinct(number: usize) -> ColorKey {
    ColorKey::Cost(CostPart::ALL.get(number % CostPart::ALL.len()).map_or("", |part| part.label()))
}

/// Tokens or money of every future over the periods.
fn over_time(drawn: &Drawn<'_>, tokens: bool) -> Chart {
    let (name, title, unit) =
        if tokens { ("study-fan", "Tokens in each future", "Ttok") } else { ("study-cash", "Money in each future", "M$") };
    let Some(record) = hedged(drawn) else { return drawn.empty(name, title, "Nothing is hedged yet.") };
    let lines: Vec<Series> = record
        .answer
        .futures
        .iter()
        .enumerate()
        .map(|(number, future)| {
            let values = if tokens { &future.answer.tokens_by_period } else { &future.answer.margin_by_period };
            Series { name: future.id.clone(), color: distinct(number), values: values.clone() }
        })
        .collect();
    let categories = drawn.results.periods.iter().map(|period| period.label.clone()).collect();
    let body = Body::StackedBars { categories, stacks: Vec::new(), lines };
    let reading = "Hedged: what is signed now is the same in all of them.";
    let label = if tokens { "Tokens" } else { "Revenue less cost, undiscounted" };
    drawn.chart(name, title.into(), unit.into(), reading, (Axis::default(), axis(label, unit)), body)
}
