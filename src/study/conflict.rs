//! Which limits must give in an infeasible plan, in the planner's words.

use super::Stated;
use crate::results::Give;
use crate::results::marginal::short;
use crate::solve::{SolveOptions, conflict};

/// The smallest set of limits that must give, and by how much; limits of one path and period as one.
pub fn explain(stated: &Stated) -> Vec<Give> {
    let program = &stated.formulation.program;
    let options = SolveOptions { time_limit_s: Some(20.0), ..SolveOptions::default() };
    let conflict = match conflict::explain(program, &options) {
        Ok(conflict) => conflict,
        Err(reason) => {
            tracing::warn!("The conflict could not be explained: {reason}");
            return Vec::new();
        }
    };
    let mut gives: Vec<Give> = Vec::new();
    for give in conflict.gives {
        let limit = give.member.limit.and_then(|limit| program.limits.get(limit as usize));
        let path = limit.map_or_else(|| give.member.name.clone(), |limit| limit.path.clone());
        let unit = limit.map_or("", |limit| limit.unit);
        let amount = give.plan.unwrap_or(give.lp);
        let value = limit.map_or(0.0, |limit| limit.value);
        match gives.iter_mut().find(|known| known.path == path && known.value == value) {
            // The same number in several slices or days must give once, by the most.
            Some(known) => known.give = if amount.abs() > known.give.abs() { amount } else { known.give },
            None => gives.push(Give { path, give: amount, unit, value, sentence: String::new() }),
        }
    }
    for give in &mut gives {
        let (way, to) = if give.give > 0.0 { ("rise", give.value + give.give) } else { ("fall", give.value + give.give) };
        give.sentence = format!(
            "`{}` must {way} by {} {} (from {} to {}).",
            give.path,
            short(give.give.abs()),
            give.unit,
            short(give.value),
            short(to)
        );
    }
    gives
}
