//! What if the others act too: every combination of the players' moves solved, and what each would choose.
//!
//! A move is a scenario of the plan, or `base` for none. Each combination is a point; the payoffs are read off its
//! answer, actor by actor.

pub mod solve;

use std::collections::BTreeMap;

use crate::plan::Plan;
use crate::plan::edit::Edit;
use crate::plan::node::Node as _;
use crate::plan::study::{Game, Payoff};
use crate::results::trade::PRICE_ERROR;
use crate::study::engine::{Ask, Change, GAIN_ALONE, GAIN_BY_LEAVING, Point, Record};
use crate::words::{called, counted, share};

pub use crate::plan::study::BASE;
use solve::Table;

/// Every combination of moves, the last player's fastest.
pub(super) fn points(study: &Game, plan: &Plan) -> Vec<Point> {
    let table = Table { moves: study.players.values().map(Vec::len).collect(), payoffs: Vec::new(), even: 0.0 };
    let count = table.moves.iter().product::<usize>();
    (0..count)
        .map(|combination| {
            let moves = table.moves_of(combination);
            let mut edits: Vec<Edit> = Vec::new();
            let mut words = Vec::new();
            for ((player, names), place) in study.players.iter().zip(&moves) {
                let Some(name) = names.get(*place) else { continue };
                words.push(format!("{}: {name}", name_of(plan, player)));
                let scenario = plan.scenarios.get(name);
                edits.extend(
                    scenario.iter().flat_map(|scenario| &scenario.set.0).map(|(path, value)| Edit::set(path.clone(), value.0.clone())),
                );
            }
            if let Some(conduct) = &study.conduct {
                edits.push(Edit::set("objective", format!("[MarketEquilibrium({})]", conduct.tree().inline())));
            }
            Point {
                label: words.join(", "),
                at: moves.iter().map(|place| *place as f64).collect(),
                changes: edits.into_iter().map(Change::Edit).collect(),
                ask: Ask::AtRest,
            }
        })
        .collect()
}

/// A payoff's name and unit.
#[must_use]
pub fn words_of(payoff: &Payoff) -> (String, &'static str) {
    match payoff {
        Payoff::Npv => ("NPV".into(), "M$"),
        Payoff::Tokens => ("tokens".into(), "Ttok"),
        Payoff::Exports => ("exports".into(), "Ttok"),
        Payoff::TokensPerUsd => ("tokens per $".into(), "Mtok/$"),
        Payoff::Share(market) => (format!("share of {market}"), "%"),
        Payoff::Surplus => ("surplus of its country".into(), "M$"),
    }
}

/// A player's payoff in an answer.
fn payoff(record: &Record, player: &str, payoff: &Payoff) -> Option<f64> {
    let figures = record.answer.is_answered().then(|| record.answer.actors.get(player))??;
    figures.get(&key_of(payoff)).copied()
}

/// What a payoff is called in a reduced answer.
fn key_of(payoff: &Payoff) -> String {
    match payoff {
        Payoff::Npv => "npv_musd".into(),
        Payoff::Tokens => "quality_ttok".into(),
        Payoff::Exports => "exports_ttok".into(),
        Payoff::TokensPerUsd => "mtok_per_usd".into(),
        Payoff::Share(market) => format!("share_percent:{market}"),
        Payoff::Surplus => "country_surplus_musd".into(),
    }
}

/// The table of payoffs, as far as it is known.
#[must_use]
pub fn table(study: &Game, records: &[Record]) -> Table {
    let moves: Vec<usize> = study.players.values().map(Vec::len).collect();
    let count = moves.iter().product::<usize>();
    let of = |combination: usize| -> Option<Vec<f64>> {
        let record = records.iter().find(|record| record.index == combination)?;
        study.players.keys().map(|player| payoff(record, player, study.payoff.get(player)?)).collect()
    };
    Table { moves, payoffs: (0..count).map(of).collect(), even: study.even_fraction }
}

/// What a player is called, as everywhere in the plan.
#[must_use]
pub fn name_of(plan: &Plan, player: &str) -> String {
    called(plan, &format!("actors.{player}"))
}

/// Names of the moves of a combination, each with its player.
#[must_use]
pub fn names_of(study: &Game, plan: &Plan, moves: &[usize]) -> String {
    let named = study
        .players
        .iter()
        .zip(moves)
        .map(|((player, names), place)| format!("{} {}", name_of(plan, player), names.get(*place).map_or("", String::as_str)));
    named.collect::<Vec<_>>().join(", ")
}

/// Whether every combination was looked at: what comes of a game is not known before, as a move that is missing may be
/// better than any that is there.
#[must_use]
pub fn is_whole(table: &Table, records: &[Record]) -> bool {
    records.len() >= table.payoffs.len()
}

/// Who gains and who pays by a move of a player while the others stay at their first.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// The player.
    pub player: String,
    /// Its move.
    pub name: String,
    /// Change of surplus, M$, by party.
    pub gains: BTreeMap<String, f64>,
}

/// What every move but the first does to everybody, against all players' first moves.
#[must_use]
pub fn effects(study: &Game, records: &[Record]) -> Vec<Effect> {
    let table = table(study, records);
    let of = |combination: usize| records.iter().find(|record| record.index == combination).filter(|record| record.answer.is_answered());
    let Some(base) = of(0) else { return Vec::new() };
    let mut effects = Vec::new();
    for (number, (player, names)) in study.players.iter().enumerate() {
        for (place, name) in names.iter().enumerate().skip(1) {
            let mut moves = vec![0; table.moves.len()];
            if let Some(own) = moves.get_mut(number) {
                *own = place;
            }
            let Some(after) = of(table.combination(&moves)) else { continue };
            let parties = base.answer.surplus.keys().chain(after.answer.surplus.keys());
            let change = |party: &String| {
                let at = |record: &Record| record.answer.surplus.get(party).copied().unwrap_or(0.0);
                at(after) - at(base)
            };
            let gains = parties.map(|party| (party.clone(), change(party))).collect();
            effects.push(Effect { player: player.clone(), name: name.clone(), gains });
        }
    }
    effects
}

/// The combination that the game comes to: where the leader leads it, else the first at rest; none where there is none in
/// single moves.
#[must_use]
pub fn outcome(study: &Game, table: &Table) -> Option<usize> {
    let leader = study.leader.as_ref().and_then(|leader| study.players.get_index_of(&leader.0));
    match leader {
        Some(leader) => table.led_by(leader).map(|led| led.combination),
        None => table.pure().first().copied(),
    }
}

/// The most that any actor would gain by acting otherwise alone within a combination, and who: the check that its payoffs
/// are those of an equilibrium. None where no price forms, or where all act as one.
#[must_use]
pub fn gain_alone(record: &Record) -> Option<(&str, f64)> {
    most_of(record, GAIN_ALONE)
}

fn most_of<'r>(record: &'r Record, figure: &str) -> Option<(&'r str, f64)> {
    // What is less than a billionth is the solver's dust.
    let clean = |gain: f64| if gain.abs() < 1e-9 { 0.0 } else { gain };
    let gains = record.answer.actors.iter().filter_map(|(actor, figures)| Some((actor.as_str(), clean(*figures.get(figure)?))));
    gains.max_by(|one, other| one.1.total_cmp(&other.1))
}

/// What the best replies within the combinations say: that all are equilibria, or which are none.
fn best_replies(study: &Game, plan: &Plan, table: &Table, records: &[Record]) -> Option<String> {
    let most = |figure: &str| {
        let all = records.iter().filter_map(|record| most_of(record, figure).map(|(actor, gain)| (record, actor, gain)));
        all.max_by(|one, other| one.2.total_cmp(&other.2))
    };
    if let Some((record, actor, gain)) = most(GAIN_BY_LEAVING) {
        let at = names_of(study, plan, &table.moves_of(record.index));
        return Some(format!(
            "All act as one in every combination; whoever left alone would gain most at {at}, where it would be {} of the revenue or profit of {}.",
            share(gain),
            name_of(plan, actor)
        ));
    }
    let (record, actor, gain) = most(GAIN_ALONE)?;
    let actor = name_of(plan, actor);
    let at = names_of(study, plan, &table.moves_of(record.index));
    let not_at_rest = records.iter().filter(|record| gain_alone(record).is_some_and(|(_, gain)| gain > PRICE_ERROR)).count();
    Some(if not_at_rest == 0 {
        format!(
            "Within every combination each actor was solved again with all others as they are: nobody gains more than {} of its revenue or profit by acting otherwise alone ({actor}, at {at}).",
            share(gain)
        )
    } else {
        format!(
            "In {} somebody gains more than {} by acting otherwise alone, so those payoffs are of no equilibrium; most at {at}, where {actor} gains {} of its revenue or profit.",
            counted(not_at_rest, "combination"),
            share(PRICE_ERROR),
            share(gain)
        )
    })
}

/// What comes of the game, in sentences.
#[must_use]
pub fn in_words(study: &Game, plan: &Plan, records: &[Record]) -> Vec<String> {
    let table = table(study, records);
    let mut said = Vec::new();
    let name = |combination: &usize| names_of(study, plan, &table.moves_of(*combination));
    if !is_whole(&table, records) {
        let all = counted(table.payoffs.len(), "combination");
        return vec![format!("{} of {all} are solved; what comes of the game is known when all are.", records.len())];
    }
    let unanswered = table.payoffs.iter().filter(|payoff| payoff.is_none()).count();
    if unanswered > 0 {
        said.push(format!("{unanswered} of {} have no answer; nobody is taken to go there.", counted(table.payoffs.len(), "combination")));
    }
    said.extend(best_replies(study, plan, &table, records));
    for (number, (player, names)) in study.players.iter().enumerate() {
        let player = name_of(plan, player);
        for (place, own) in names.iter().enumerate() {
            if let Some(better) = table.dominated_by(number, place).and_then(|better| names.get(better)) {
                said.push(format!("{player}: {own} is dominated; {better} is better whatever the others do."));
            }
        }
    }
    let pure = table.pure();
    said.push(match pure.as_slice() {
        [] => "No combination is at rest: from each one somebody gains by moving alone.".to_owned(),
        [one] => format!("At rest, where nobody gains by moving alone (Nash): {}.", name(one)),
        several => {
            format!("At rest, where nobody gains by moving alone (Nash): {}.", several.iter().map(name).collect::<Vec<_>>().join("; or "))
        }
    });
    for mixed in table.mixed() {
        let of = |number: usize| {
            let names = study.players.get_index(number).map(|(_, names)| names.as_slice()).unwrap_or_default();
            let drawn = mixed.chances[number].iter().zip(names).filter(|(chance, _)| **chance > 0.0);
            drawn.map(|(chance, name)| format!("{name} {}", crate::words::percent(*chance))).collect::<Vec<_>>().join(", ")
        };
        let player = |number: usize| study.players.get_index(number).map_or_else(String::new, |(player, _)| name_of(plan, player));
        said.push(format!("At rest if moves are drawn at random: {} {}; {} {}.", player(0), of(0), player(1), of(1)));
    }
    let pareto = table.pareto();
    if !pareto.is_empty() && pareto.len() < table.payoffs.len() {
        said.push(format!(
            "No other combination is better for one without being worse for another (Pareto): {}.",
            pareto.iter().map(name).collect::<Vec<_>>().join("; ")
        ));
        if let Some(one) = pure.iter().find(|combination| !pareto.contains(combination)) {
            said.push(format!("{} is at rest although another is better for one and worse for none: nobody gets there alone.", name(one)));
        }
    }
    if let Some(leader) = study.leader.as_ref().and_then(|leader| Some((study.players.get_index_of(&leader.0)?, name_of(plan, &leader.0))))
    {
        said.push(match table.led_by(leader.0) {
            Some(led) => format!(
                "If {} moves first and the others reply (Stackelberg): {}{}.",
                leader.1,
                name(&led.combination),
                if led.by_courtesy { ", where others who are indifferent do what suits it" } else { "" }
            ),
            None => format!("Whatever {} does first, the others come to no rest.", leader.1),
        });
    }
    said
}
