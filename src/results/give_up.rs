//! What the little that the first goal may give up brings in the second, in words.

pub use super::findings::GiveUp;
use crate::formulation::program::Program;
use crate::solve;
use crate::words::{short, with_unit};

impl GiveUp {
    pub(super) fn of(give_up: &solve::GiveUp, program: &Program) -> Self {
        let unit_of = |name: &str| program.phases.iter().find(|phase| phase.goal.name == name).map_or("", |phase| phase.goal.unit);
        let (unit, second_unit) = (unit_of(give_up.name), unit_of(give_up.second));
        Self {
            goal: give_up.name.to_owned(),
            share_fraction: give_up.share,
            amount: give_up.amount,
            unit: unit.replace("M$", "MUSD"),
            second: give_up.second.to_owned(),
            brings: give_up.brings,
            second_unit: second_unit.replace("M$", "MUSD"),
            exact: give_up.exact,
            given_whole: give_up.whole,
            sentence: sentence(give_up, unit, second_unit),
        }
    }
}

/// "0.1 % fewer tokens (4.31 Ttok) bring 4,612 M$ more NPV."
fn sentence(give_up: &solve::GiveUp, unit: &str, second_unit: &str) -> String {
    let plain = divisible(give_up, unit, second_unit);
    if give_up.whole { format!("With the whole halls and racks of this answer, {plain}") } else { plain }
}

fn divisible(give_up: &solve::GiveUp, unit: &str, second_unit: &str) -> String {
    let share = short(give_up.share * 100.0);
    let given = with_unit(give_up.amount, unit);
    let given = match give_up.name {
        "tokens" => format!("{share} % fewer tokens ({given})"),
        "npv" => format!("{share} % less NPV ({given})"),
        "cost" => format!("{share} % more cost ({given})"),
        other => format!("{share} % given up of {} ({given})", other.replace('_', " ")),
    };
    if give_up.brings <= 0.0 {
        return format!("{given} bring nothing that can be measured.");
    }
    let least = if give_up.exact { "" } else { "at least " };
    let brought = with_unit(give_up.brings, second_unit);
    match give_up.second {
        "npv" => format!("{given} bring {least}{brought} more NPV."),
        "cost" => format!("{given} save {least}{brought} of cost."),
        "tokens" => format!("{given} bring {least}{brought} more."),
        "revenue" => format!("{given} bring {least}{brought} more revenue."),
        other => format!("{given} bring {least}{brought} of {}.", other.replace('_', " ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences() {
        let give_up =
            solve::GiveUp { name: "tokens", share: 1e-3, amount: 0.012_34, second: "npv", brings: 4_612.4, exact: true, whole: false };
        assert_eq!(sentence(&give_up, "Ttok", "M$"), "0.1 % fewer tokens (12.3 Gtok) bring 4,612 M$ more NPV.");
        let whole = solve::GiveUp { whole: true, ..give_up };
        assert!(sentence(&whole, "Ttok", "M$").starts_with("With the whole halls and racks of this answer, 0.1 % fewer tokens"));
        let proved = solve::GiveUp { second: "cost", brings: 3.25, exact: false, ..give_up };
        assert_eq!(sentence(&proved, "Ttok", "M$"), "0.1 % fewer tokens (12.3 Gtok) save at least 3.25 M$ of cost.");
    }
}
