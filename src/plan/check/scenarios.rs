//! Scenarios: each override must find its place, and the plan it makes must keep the rules.

use std::collections::HashSet;

use super::{check_base, is_at_or_below};
use crate::diagnostic::Diagnostic;
use crate::plan::{Plan, edit};

/// Everything wrong with the scenarios of a plan; what is wrong without them is in `base`.
pub(super) fn check_scenarios(plan: &Plan, failed: &HashSet<String>, base: &[Diagnostic]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (id, variation) in &plan.scenarios {
        // A future in which everything comes as planned is one, too.
        let is_future = variation.probability.is_some();
        if variation.set.0.is_empty() && !is_future && !failed.iter().any(|path| is_at_or_below(path, &format!("scenarios.{id}"))) {
            let message = format!("The scenario `{id}` changes nothing.");
            found.push(Diagnostic::warning("no-effect", format!("scenarios.{id}"), message).help("Set a value by its path in `set`."));
            continue;
        }
        let changed = match edit::with_scenario(plan, id) {
            Ok(changed) => changed,
            Err(problems) => {
                // A path into what could not be read is not the scenario's fault.
                found.extend(problems.into_iter().filter(|problem| {
                    let target = problem.path.strip_prefix(&format!("scenarios.{id}.set.")).unwrap_or_default();
                    !failed.iter().any(|path| is_at_or_below(target, path))
                }));
                continue;
            }
        };
        for mut problem in check_base(&changed, failed) {
            let known = base
                .iter()
                .any(|earlier| (earlier.code, &earlier.path, &earlier.message) == (problem.code, &problem.path, &problem.message));
            if known {
                continue;
            }
            // The override that touches it is where to mend it; else the scenario as a whole.
            let touching =
                variation.set.0.iter().find(|(path, _)| is_at_or_below(&problem.path, path) || is_at_or_below(path, &problem.path));
            problem.message = format!("In the scenario `{id}`: {}", problem.message);
            problem.path = touching.map_or_else(|| format!("scenarios.{id}"), |(path, _)| format!("scenarios.{id}.set.{path}"));
            found.push(problem);
        }
    }
    found
}
