//! Rules of tasks: who does them, and which goals they can stand beside.

use super::Checker;
use crate::plan::{Goal, Plan};

/// What tasks can't stand beside: a goal of tokens would send every task to whatever writes most.
pub(super) fn wrong_goal(goal: &Goal, plan: &Plan) -> Option<(&'static str, String, &'static str)> {
    let of_tokens = matches!(goal, Goal::MaxTokens | Goal::MinCostForTtok(_) | Goal::MinCostPerToken(_));
    (of_tokens && plan.tasks.values().any(crate::plan::Task::is_ever_asked)).then(|| {
        let message =
            format!("With `{}` every task would go to whatever writes most: tasks want to be done, not tokens made.", goal.variant_name());
        ("routing-by-tokens", message, "Write `objective: [MaxNpv]`, or `[MinCost]` where nothing is sold.")
    })
}

/// Every class of tasks has somebody to do it, and states each once.
pub(super) fn check_tasks(checker: &mut Checker<'_>) {
    let plan = checker.plan;
    for (id, task) in &plan.tasks {
        let path = format!("tasks.{id}");
        if !checker.known(&path) {
            continue;
        }
        if task.answers.is_empty() {
            let message = format!("Nobody can do the tasks of `{id}`.");
            checker.error("missing-field", format!("{path}.answers"), message, "Name a product, with its pass rate and tokens per task.");
        }
        for (index, answer) in task.answers.iter().enumerate() {
            if task.answers.iter().take(index).any(|earlier| earlier.product == answer.product) {
                let message = format!("`{}` stands twice among the answers of `{id}`.", answer.product);
                checker.error("double", format!("{path}.answers.{index}"), message, "Keep one of them.");
            }
        }
        let known = |product: &crate::plan::ProductRef| task.answers.iter().any(|answer| answer.product == *product);
        for (index, cascade) in task.cascades.iter().enumerate() {
            let at = format!("{path}.cascades.{index}");
            for (field, product) in [("first", &cascade.first), ("then", &cascade.then)] {
                if !known(product) && plan.products.contains_key(&product.0) {
                    let message = format!("Nothing says how well `{product}` does the tasks of `{id}`.");
                    checker.error(
                        "no-pass-rate",
                        format!("{at}.{field}"),
                        message,
                        "Add it to `answers`, with its pass rate and tokens per task.",
                    );
                }
            }
            if cascade.first == cascade.then {
                let message = format!("A cascade asks another product where the first failed, not `{}` again.", cascade.first);
                checker.error("no-effect", at.clone(), message, "Name two products.");
            }
            if task.cascades.iter().take(index).any(|earlier| earlier.first == cascade.first && earlier.then == cascade.then) {
                let message = format!("The cascade from `{}` to `{}` stands twice.", cascade.first, cascade.then);
                checker.error("double", at, message, "Keep one of them.");
            }
        }
        let Some(market) = plan.markets.get(&task.market.0) else { continue };
        for answer in &task.answers {
            let Some(demand) = market.demand.get(&answer.product.0) else { continue };
            if demand.curve.is_some() || market.single_price {
                let message = format!(
                    "`{}` is sold at one price in `{}`, and tasks that pay nothing by the token can't be a part of that.",
                    answer.product, task.market
                );
                checker.error(
                    "tasks-at-one-price",
                    format!("{path}.market"),
                    message,
                    "Let the tasks come up in a market of their own, at the same place.",
                );
            }
        }
    }
}
