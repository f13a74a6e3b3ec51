//! What is wrong with the plan: as it was read, as it is now, and as solving found it.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use super::Document;
use crate::diagnostic::Diagnostic;
use crate::gui::change;
use crate::plan::Plan;
use crate::plan::check::{check, keeps_from_solving};
use crate::resolved::Series;
use crate::series::uses::uses;

impl Document {
    pub(super) fn collect_problems(&mut self) {
        if Arc::ptr_eq(&self.plan, &self.read) {
            self.problems.clone_from(&self.read_problems);
        } else {
            self.problems.clone_from(&self.broken);
            self.problems.extend(self.of_files());
        }
        let still = |problem: &&Diagnostic| change::get(&self.plan, &problem.path).is_some();
        self.problems.extend(self.file_problems.iter().filter(still).cloned());
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

    /// The plan's files in a word, where they are others than those that were read: another file, another column,
    /// another folder. Asked once a revision.
    pub fn other_files(&mut self) -> Option<String> {
        let now = (self.revision, self.path.clone());
        if self.files_seen.as_ref() == Some(&now) || self.unread.is_some() {
            return None;
        }
        self.files_seen = Some(now);
        let named = files_named(&self.plan, self.path.as_deref());
        (named != self.files_read).then_some(named)
    }

    /// Takes in files that were read anew, and answers with them.
    pub fn take_files(&mut self, named: String, series: Series, problems: Vec<Diagnostic>) {
        self.files_read = named;
        self.files_seen = None;
        self.series = Arc::new(series);
        // What was wrong with the files before is no longer so; what rules say of them stays.
        let by_rule = check(&self.read, &HashSet::new());
        self.read_problems.retain(|problem| by_rule.iter().any(|other| is_same(other, problem)) || !is_of_files(&problem.path));
        self.file_problems = problems;
        self.changed();
    }

    /// Whether a rule is broken that keeps the plan, with the scenario on screen, from being solved.
    pub(super) fn is_broken(&self) -> bool {
        self.broken.iter().any(|problem| keeps_from_solving(problem, &self.scenario))
    }

    /// Whether anything is wrong that keeps the plan on screen from being solved: not what is wrong with a study, or
    /// with a scenario that isn't picked.
    #[must_use]
    pub fn is_blocked(&self) -> bool {
        self.problems.iter().any(|problem| keeps_from_solving(problem, &self.scenario))
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

/// Everything that the files of a plan and what is read of them depend on.
pub(super) fn files_named(plan: &Plan, path: Option<&Path>) -> String {
    let profiles = plan.profiles.iter().filter(|(_, profile)| profile.file_path().is_some());
    let uses = uses(plan);
    let profiles: Vec<String> = profiles.map(|(id, profile)| format!("{id} {profile:?} {:?}", uses.get(id))).collect();
    let configs = plan.served_models.iter().filter_map(|(id, served)| Some(format!("{id} {}", served.config.as_ref()?)));
    let configs: Vec<String> = configs.collect();
    if profiles.is_empty() && configs.is_empty() {
        return String::new();
    }
    format!("{:?} {} {}", path.and_then(Path::parent), profiles.join(" "), configs.join(" "))
}

/// Whether a path of the plan is one that speaks of files.
fn is_of_files(path: &str) -> bool {
    path.starts_with("profiles.") || (path.starts_with("served_models.") && path.ends_with(".config"))
}

/// Whether two problems are the same, one with its place in the text and one without.
fn is_same(one: &Diagnostic, other: &Diagnostic) -> bool {
    (one.code, &one.path, &one.message) == (other.code, &other.path, &other.message)
}
