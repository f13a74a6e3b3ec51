//! Games: players with moves and a payoff each, that do not write over one another, and not too many of them.

use super::Found;
use crate::plan::check::is_at_or_below;
use crate::plan::study::{Game, MAX_COMBINATIONS, Payoff};
use crate::plan::{Goal, edit};

/// Everything wrong with a game.
pub(super) fn check(found: &mut Found<'_>, at: &str, game: &Game) {
    let plan = found.plan;
    if game.players.is_empty() {
        found.error(
            "missing-field",
            format!("{at}.players"),
            "A game needs a player.",
            "Name an actor and its moves, such as `\"us\": [\"base\", \"duty\"]`.",
        );
    }
    if game.players.len() == 1 {
        found.warning(
            "no-effect",
            format!("{at}.players"),
            "One player plays against nobody: its moves are compared, and nothing answers them.",
            "Name another actor and its moves, or compare the scenarios.",
        );
    }
    let combinations = game.players.values().fold(1_usize, |count, moves| count.saturating_mul(moves.len()));
    if combinations > MAX_COMBINATIONS {
        let message = format!("The moves have {combinations} combinations; at most {MAX_COMBINATIONS} can be solved.");
        found.error("too-many", format!("{at}.players"), message, "Leave out moves that nobody would make.");
    }
    for (player, moves) in &game.players {
        let at_player = format!("{at}.players.{player}");
        if moves.is_empty() {
            found.error("missing-field", at_player.clone(), format!("`{player}` has no move."), "Write `\"base\"` for doing nothing.");
        }
        for (index, name) in moves.iter().enumerate() {
            if moves.iter().take(index).any(|earlier| earlier == name) {
                found.error("double", format!("{at_player}.{index}"), format!("The move `{name}` stands twice."), "Keep the first.");
            }
        }
        match game.payoff.get(player) {
            None => found.error(
                "missing-field",
                format!("{at}.payoff"),
                format!("What `{player}` wants is not said."),
                format!("Write `{player:?}: Npv`."),
            ),
            Some(Payoff::Surplus) => {
                let forms = game.conduct.is_some() || plan.objective.iter().any(|goal| matches!(goal, Goal::MarketEquilibrium(_)));
                if !forms {
                    let message = "There is surplus where prices form; the plan's own goals are a planner's.";
                    found.error("bad-goal", format!("{at}.payoff.{player}"), message, "Give the game a `conduct`, such as `Competition`.");
                }
            }
            Some(_) => {}
        }
    }
    // Who is no actor at all is told as that, once.
    let idle = |player: &String| plan.actors.contains_key(player) && !game.players.contains_key(player);
    for player in game.payoff.keys().filter(|player| idle(player)) {
        found.error(
            "no-effect",
            format!("{at}.payoff.{player}"),
            format!("`{player}` wants something and has no moves."),
            "Name its moves, or leave it out.",
        );
    }
    if let Some(leader) = game.leader.as_ref().filter(|leader| idle(&leader.0)) {
        found.error(
            "unknown-reference",
            format!("{at}.leader"),
            format!("`{leader}` leads and does not play."),
            "Name one of the players.",
        );
    }
    clashes(found, at, game);
    if let Some(conduct) = &game.conduct {
        let mut plan = plan.clone();
        plan.objective = vec![Goal::MarketEquilibrium(conduct.clone())];
        plan.studies.clear();
        plan.scenarios.clear();
        for problem in super::super::check_base(&plan, found.failed).into_iter().filter(crate::diagnostic::Diagnostic::is_error) {
            if super::super::check_base(found.plan, found.failed)
                .iter()
                .any(|known| known.code == problem.code && known.path == problem.path)
            {
                continue;
            }
            found.error(problem.code, format!("{at}.conduct"), problem.message, problem.help.unwrap_or_default());
        }
    }
}

/// Two players' moves that set the same number would undo one another: whose counts is nobody's to say.
fn clashes(found: &mut Found<'_>, at: &str, game: &Game) {
    let plan = found.plan;
    let set = |name: &String| -> Vec<&String> {
        plan.scenarios.get(name).map(|scenario| scenario.set.0.iter().map(|(path, _)| path).collect()).unwrap_or_default()
    };
    let players: Vec<(&String, &Vec<String>)> = game.players.iter().collect();
    for (number, (player, moves)) in players.iter().enumerate() {
        for (index, name) in moves.iter().enumerate() {
            if plan.scenarios.contains_key(name) && edit::with_scenario(plan, name).is_err() {
                // Said of the scenario itself.
                continue;
            }
            for (other, theirs) in players.iter().take(number) {
                let both = theirs.iter().find_map(|their| {
                    let meets = |path: &&String| set(their).iter().any(|known| is_at_or_below(path, known) || is_at_or_below(known, path));
                    Some((their, set(name).into_iter().find(meets)?))
                });
                if let Some((their, path)) = both {
                    let message =
                        format!("`{name}` of {player} and `{their}` of {other} both set `{path}`: the two can't be played together.");
                    found.error(
                        "two-moves",
                        format!("{at}.players.{player}.{index}"),
                        message,
                        "Let each move set what is the player's own.",
                    );
                }
            }
        }
    }
}
