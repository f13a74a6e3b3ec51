//! What is wrong with the plan: as it was read, as it is now, and as solving found it.

use std::collections::HashSet;
use std::sync::Arc;

use super::Document;
use crate::diagnostic::Diagnostic;
use crate::gui::change;
use crate::plan::check::check;

impl Document {
    pub(super) fn collect_problems(&mut self) {
        if Arc::ptr_eq(&self.plan, &self.read) {
            self.problems.clone_from(&self.read_problems);
        } else {
            self.problems.clone_from(&self.broken);
            self.problems.extend(self.of_files());
        }
        if let Some(newest) = &self.newest {
            for problem in &newest.answer.problems {
                if !self.problems.iter().any(|other| is_same(other, problem)) {
                    self.problems.push(problem.clone());
                }
            }
        }
        self.problems.sort_by_key(|problem| std::cmp::Reverse(problem.severity));
    }

    /// Problems that no rule finds, such as a missing series file: they stay while their place does.
    fn of_files(&self) -> Vec<Diagnostic> {
        if self.read_problems.is_empty() {
            return Vec::new();
        }
        let by_rule = check(&self.read, &HashSet::new());
        let stays = |problem: &&Diagnostic| {
            !by_rule.iter().any(|other| is_same(other, problem)) && change::get(&self.plan, &problem.path).is_some()
        };
        self.read_problems.iter().filter(stays).cloned().collect()
    }

    /// Whether a rule is broken that keeps the plan, with the scenario on screen, from being solved.
    pub(super) fn is_broken(&self) -> bool {
        let own = format!("scenarios.{}.", self.scenario);
        self.broken.iter().any(|problem| problem.is_error() && (!problem.path.starts_with("scenarios.") || problem.path.starts_with(&own)))
    }

    /// What is wrong or doubtful, the worst first.
    #[must_use]
    pub fn problems(&self) -> &[Diagnostic] {
        &self.problems
    }

    /// Errors and warnings at a path or below it.
    #[must_use]
    pub fn problems_at(&self, path: &str) -> (usize, usize) {
        let below = |diagnostic: &&Diagnostic| {
            diagnostic.path == path || diagnostic.path.strip_prefix(path).is_some_and(|rest| rest.starts_with('.'))
        };
        let errors = self.problems.iter().filter(below).filter(|diagnostic| diagnostic.is_error()).count();
        (errors, self.problems.iter().filter(below).count() - errors)
    }
}

/// Whether two problems are the same, one with its place in the text and one without.
fn is_same(one: &Diagnostic, other: &Diagnostic) -> bool {
    (one.code, &one.path, &one.message) == (other.code, &other.path, &other.message)
}
