//! What a report is made of.

use crate::charts::{Chart, Table};
use crate::plan::Plan;
use crate::resolved::Assumption;
use crate::results::Results;

/// What a report is made of.
#[derive(Clone, Debug)]
pub struct ReportInput<'a> {
    /// The answer.
    pub results: &'a Results,
    /// The numbers it rests on.
    pub assumptions: &'a [Assumption],
    /// The plan that was solved (its scenario applied): its notes and its text. Reports can do without.
    pub plan: Option<&'a Plan>,
    /// What came of the plan's studies.
    pub studies: &'a [StudyPage],
}

/// A study in a report.
#[derive(Clone, Debug, PartialEq)]
pub struct StudyPage {
    /// Kind and id.
    pub title: String,
    /// Its question and the planner's notes.
    pub words: String,
    /// What it says, in sentences to read out.
    pub sentences: Vec<String>,
    /// Tables behind it.
    pub tables: Vec<Table>,
    /// Its pictures; their captions say how many points there are, the seed, and how to read them.
    pub charts: Vec<Chart>,
}
