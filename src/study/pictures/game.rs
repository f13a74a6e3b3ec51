//! A game as pictures: the table of payoffs with best replies, and who gains and who pays by each move.

use super::drawn::Drawn;
use super::flows;
use crate::charts::frame::axis;
use crate::charts::{Axis, Body, Cell, Chart, ColorKey, Series};
use crate::plan::study::Game;
use crate::study::kinds::game::{effects, gain_alone, is_whole, name_of, names_of, table, words_of};
use crate::words::{share, short};

/// Moves of whom pictures show who gains.
const MOST_EFFECTS: usize = 8;
/// Combinations that a table of more than two players shows.
const MOST_ROWS: usize = 60;

pub(super) fn charts(drawn: &Drawn<'_>, study: &Game) -> Vec<Chart> {
    let mut charts = vec![payoffs(drawn, study)];
    charts.extend(flows::charts(drawn, study));
    let reading = "Against all players' first moves. Above nothing: who gains by it; below: who pays.";
    for effect in effects(study, drawn.records).into_iter().take(MOST_EFFECTS).filter(|effect| !effect.gains.is_empty()) {
        let title = format!("Who gains if {} plays {}", name_of(&drawn.run.base.plan, &effect.player), effect.name);
        let values = Series { name: "Change of surplus".into(), color: ColorKey::Good, values: effect.gains.values().copied().collect() };
        let body = Body::Bars { categories: effect.gains.into_keys().collect(), values };
        charts.push(drawn.chart(
            "study-game-gains",
            title,
            "M$, discounted".into(),
            reading,
            (axis("Change of surplus", "M$"), Axis::default()),
            body,
        ));
    }
    charts
}

/// The payoffs: a table of two players' moves, the rows of the first; or a list where there are more.
fn payoffs(drawn: &Drawn<'_>, study: &Game) -> Chart {
    let table = table(study, drawn.records);
    let plan = &drawn.run.base.plan;
    // What is best is not known before every combination is.
    let whole = is_whole(&table, drawn.records);
    let at_rest = if whole { table.pure() } else { Vec::new() };
    let players: Vec<String> = study.players.keys().map(|player| name_of(plan, player)).collect();
    let words: Vec<String> = study
        .players
        .keys()
        .filter_map(|player| {
            let (name, unit) = words_of(study.payoff.get(player)?);
            Some(format!("{}: {name}, {unit}", name_of(plan, player)))
        })
        .collect();
    let alone = |combination: usize| {
        let record = drawn.records.iter().find(|record| record.index == combination);
        let gain = record.and_then(gain_alone);
        gain.map_or_else(String::new, |(_, gain)| format!("; by acting otherwise alone nobody gains more than {}", share(gain)))
    };
    let cell = |combination: usize| -> Cell {
        let Some(paid) = table.payoffs.get(combination).and_then(Option::as_ref) else {
            let (label, reason) = match drawn.records.iter().find(|record| record.index == combination) {
                Some(record) => ("no answer", record.answer.reason.as_str()),
                None => ("not yet", "Not solved yet."),
            };
            return Cell { label: label.into(), color: ColorKey::Quiet, strength: 0.2, detail: reason.to_owned() };
        };
        // A best reply wears the arrow of who would not move away: the first up and down, the second across.
        let shown: Vec<String> = paid
            .iter()
            .enumerate()
            .map(|(player, value)| {
                let arrow = if whole && table.is_best_reply(combination, player) { if player == 0 { "↕" } else { "↔" } } else { "" };
                format!("{arrow}{}", short(*value))
            })
            .collect();
        let rests = at_rest.contains(&combination);
        Cell {
            label: shown.join("  "),
            color: if rests { ColorKey::Good } else { ColorKey::Quiet },
            strength: if rests { 0.8 } else { 0.15 },
            detail: format!("{}: {}{}", names_of(study, plan, &table.moves_of(combination)), shown.join(", "), alone(combination)),
        }
    };
    let (rows, columns, cells): (Vec<String>, Vec<String>, Vec<Vec<Cell>>) = match study.players.values().collect::<Vec<_>>().as_slice() {
        [first, second] => (
            first.iter().map(|name| format!("{} {name}", players[0])).collect(),
            second.iter().map(|name| format!("{} {name}", players[1])).collect(),
            (0..first.len()).map(|row| (0..second.len()).map(|column| cell(table.combination(&[row, column]))).collect()).collect(),
        ),
        _ => {
            let shown = table.payoffs.len().min(MOST_ROWS);
            let rows = (0..shown).map(|combination| names_of(study, plan, &table.moves_of(combination))).collect();
            (rows, vec![words.join("; ")], (0..shown).map(|combination| vec![cell(combination)]).collect())
        }
    };
    let reading = format!(
        "Payoffs of {}. An arrow stands where a player is best off with this move, given the others'; green where that holds for all.",
        players.join(", then "),
    );
    let body = Body::Timeline { rows, columns, cells, written: true };
    drawn.chart("study-game", "Payoffs of every combination".into(), words.join("; "), &reading, (Axis::default(), Axis::default()), body)
}
