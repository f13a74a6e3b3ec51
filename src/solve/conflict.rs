//! Why nothing is feasible: the smallest change of limits that would help, and limits that contradict
//! each other.
//!
//! Every row and bound that states a limit of the plan (and a target, such as a number of tokens) is
//! made *elastic*: it may give at a price of one over its own size, so that one per cent of a large
//! budget and one per cent of a small interconnect cost alike. A number gives once, in all rows and
//! bounds that state it, and never below nothing. The least total price says what must
//! give and by how much. The duals of that program are a proof that the limits with a dual contradict
//! each other; deletion then drops from them, one at a time, every one the contradiction can do without.

use std::time::Duration;

use super::cold::Engine;
use super::highs::{self, Simplex};
use super::loaded::Loaded;
use super::statement::Statement;
use super::{Choice, Control, RunStatus, SolveError, SolveOptions};
use crate::formulation::program::{Col, Program, RowIx, Sense};

/// Where a limit stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// A row of the program.
    Row(RowIx),
    /// The upper bound of a column.
    Bound(Col),
    /// The `at_least` of a phase.
    Target(usize),
}

/// A limit that takes part in a conflict.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// Where it stands.
    pub place: Place,
    /// Index into [`Program::limits`], if the plan states it.
    pub limit: Option<u32>,
    /// Name of the row, column or target.
    pub name: String,
}

/// What must give, and by how much.
#[derive(Clone, Debug, PartialEq)]
pub struct Give {
    /// The limit.
    pub member: Member,
    /// Change of the right-hand side in LP units of the unscaled row: above zero for an upper side
    /// that must rise, below zero for a lower side that must fall.
    pub lp: f64,
    /// The same as a change of the plan's number; `None` if the plan states no number here.
    pub plan: Option<f64>,
}

/// Why nothing is feasible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Conflict {
    /// The least that must give, the largest share of its own size first. Empty if the program is feasible.
    pub gives: Vec<Give>,
    /// Limits that contradict each other.
    pub members: Vec<Member>,
    /// None of the members can be left out; false if the time was over before that was known.
    pub minimal: bool,
    /// No change of limits helps: rows that state no limit contradict each other, and the lists name
    /// those.
    pub structural: bool,
    /// The point at which they give, one value per column of the program.
    pub point: Vec<f64>,
}

/// Explains an infeasible program. Whole numbers are taken as divisible.
///
/// # Errors
/// If the search was stopped or no solver could say.
pub fn explain(program: &Program, options: &SolveOptions) -> Result<Conflict, SolveError> {
    let control = Control::new(options);
    for structural in [false, true] {
        let elastic = Elastic::new(program, structural);
        if elastic.sides.is_empty() {
            continue;
        }
        let mut engine = Engine::new(Choice::Highs { presolve: true });
        let solved = engine.run(&elastic.statement, &control);
        match solved.status {
            RunStatus::Optimal => {}
            RunStatus::Infeasible if !structural => continue,
            RunStatus::OutOfTime | RunStatus::Cancelled => return Err(SolveError::Stopped),
            other => return Err(SolveError::NoAnswer(format!("The search for what must give ended with {other:?}."))),
        }
        let total = elastic.statement.goal(&solved.point);
        let mut conflict = Conflict { structural, ..Conflict::default() };
        conflict.gives = elastic.gives(program, &solved.point);
        conflict.point = solved.point.iter().copied().take(program.columns.len()).collect();
        if total > ZERO && !conflict.gives.is_empty() {
            let candidates = elastic.with_duals(&solved.row_duals);
            let (kept, minimal) = elastic.deletion(&candidates, total, &control.within(DELETION))?;
            conflict.minimal = minimal;
            for side in kept {
                let member = elastic.sides[side].member.clone();
                if !conflict.members.contains(&member) {
                    conflict.members.push(member);
                }
            }
        }
        return Ok(conflict);
    }
    Err(SolveError::NoAnswer("Nothing in the program can give.".to_owned()))
}

/// Longest time for making the set of members minimal.
const DELETION: Duration = Duration::from_secs(5);
/// Total price below which a program counts as feasible.
const ZERO: f64 = 1e-9;

/// A limit that may give on one side, in all the rows that state it.
struct Side {
    member: Member,
    /// Column that says by how much.
    column: usize,
    /// Rows it stands in.
    rows: Vec<usize>,
    /// +1 for an upper side, −1 for a lower one.
    up: f64,
    /// LP units of an unscaled row per unit of the column.
    lp: f64,
    /// What it is measured by, in units of the column.
    size: f64,
    /// The number of the plan, if it gives as one.
    number: Option<SameNumber>,
}

/// Path, unit and value (as bits): what is one number to the planner.
type SameNumber = (String, &'static str, u64);

struct Elastic {
    statement: Statement,
    sides: Vec<Side>,
}

impl Elastic {
    /// The program with everything that may give made elastic: limits and targets, or for a
    /// structural conflict every row and every upper bound.
    fn new(program: &Program, everything: bool) -> Self {
        let mut base = Statement::without_holds(program, false);
        for (number, phase) in program.phases.iter().enumerate() {
            base.set_phase(number, phase);
        }
        let mut made = Statement {
            start: vec![0],
            index: Vec::new(),
            value: Vec::new(),
            row_lower: Vec::new(),
            row_upper: Vec::new(),
            row_scale: Vec::new(),
            ..base.clone()
        };
        made.cost.iter_mut().for_each(|cost| *cost = 0.0);
        made.constant = 0.0;
        made.sense = Sense::Minimise;
        made.hold_rows.clear();
        made.least_rows.clear();
        made.share_rows.clear();
        let mut sides = Vec::new();
        for row in 0..base.rows() {
            let terms = base.entries(row).map(|(column, value)| (column as u32, value));
            let member = program.rows.get(row).map_or_else(
                || base.least_rows.iter().position(|least| *least == Some(row)).map(|phase| target(program, phase)),
                |stated| {
                    (everything || stated.limit.is_some()).then(|| Member {
                        place: Place::Row(RowIx(row as u32)),
                        limit: stated.limit,
                        name: program.name(&stated.key),
                    })
                },
            );
            let stated = Elastically { lower: base.row_lower[row], upper: base.row_upper[row], scale: base.row_scale[row], member };
            push_elastic(program, &mut made, &mut sides, terms.collect(), stated);
        }
        for (number, column) in program.columns.iter().enumerate() {
            if column.upper.is_finite() && (column.limit.is_some() || (everything && column.upper != column.lower)) {
                made.upper[number] = f64::INFINITY;
                let member = Member { place: Place::Bound(Col(number as u32)), limit: column.limit, name: program.name(&column.key) };
                let stated = Elastically { lower: f64::NEG_INFINITY, upper: column.upper, scale: 1.0, member: Some(member) };
                push_elastic(program, &mut made, &mut sides, vec![(number as u32, 1.0)], stated);
            }
        }
        Self { statement: made, sides }
    }

    /// What gives at a point.
    fn gives(&self, program: &Program, point: &[f64]) -> Vec<Give> {
        let mut gives: Vec<(f64, Give)> = Vec::new();
        for side in &self.sides {
            let by = point.get(side.column).copied().unwrap_or(0.0);
            if by <= 1e-7 * side.size {
                continue;
            }
            let lp = side.up * by * side.lp;
            let limit = side.member.limit.and_then(|limit| program.limits.get(limit as usize));
            let plan = limit.filter(|limit| limit.lp_per_plan != 0.0).map(|limit| lp / limit.lp_per_plan);
            gives.push((by / side.size, Give { member: side.member.clone(), lp, plan }));
        }
        gives.sort_by(|left, right| right.0.total_cmp(&left.0));
        gives.into_iter().map(|(_, give)| give).collect()
    }

    /// The sides whose dual is not zero: the proof of the conflict uses no others.
    fn with_duals(&self, row_duals: &[f64]) -> Vec<usize> {
        let presses = |side: &Side| side.rows.iter().any(|row| -side.up * row_duals.get(*row).copied().unwrap_or(0.0) > 1e-9);
        (0..self.sides.len()).filter(|side| presses(&self.sides[*side])).collect()
    }

    /// Drops one candidate after the other if the rest still contradict each other.
    fn deletion(&self, candidates: &[usize], total: f64, control: &Control) -> Result<(Vec<usize>, bool), highs::Refused> {
        let mut statement = self.statement.clone();
        for (number, side) in self.sides.iter().enumerate() {
            if !candidates.contains(&number) {
                statement.cost[side.column] = 0.0;
            }
        }
        let mut loaded = Loaded::new(statement.clone())?;
        if loaded.live.run(control) != RunStatus::Optimal {
            return Ok((candidates.to_vec(), false));
        }
        loaded.live.simplex(Simplex::Primal)?;
        let enough = ZERO.max(1e-6 * total);
        let mut kept = Vec::new();
        for (done, candidate) in candidates.iter().enumerate() {
            let column = self.sides[*candidate].column;
            let price = statement.cost[column];
            statement.cost[column] = 0.0;
            loaded.update(statement.clone())?;
            let status = loaded.live.run(control);
            if status != RunStatus::Optimal {
                kept.extend_from_slice(&candidates[done..]);
                return Ok((kept, false));
            }
            let solved = loaded.live.solved(status)?;
            if statement.goal(&solved.point) <= enough {
                statement.cost[column] = price;
                kept.push(*candidate);
            }
        }
        Ok((kept, true))
    }
}

fn target(program: &Program, phase: usize) -> Member {
    let name = program.phases.get(phase).and_then(|phase| phase.at_least.as_ref()).map_or("target", |(function, _)| function.name);
    Member { place: Place::Target(phase), limit: None, name: format!("target for {name}") }
}

/// A row that may give.
struct Elastically {
    lower: f64,
    upper: f64,
    scale: f64,
    member: Option<Member>,
}

/// Adds a row; if it has a member, each finite side may give.
fn push_elastic(program: &Program, made: &mut Statement, sides: &mut Vec<Side>, mut terms: Vec<(u32, f64)>, stated: Elastically) {
    let row = made.rows();
    let Elastically { lower, upper, scale, member } = stated;
    if let Some(member) = member {
        for (rhs, up) in [(lower, -1.0), (upper, 1.0)] {
            if !rhs.is_finite() {
                continue;
            }
            let limit = member.limit.and_then(|limit| program.limits.get(limit as usize)).filter(|limit| limit.lp_per_plan != 0.0);
            let number: Option<SameNumber> = limit.map(|limit| (limit.path.clone(), limit.unit, limit.value.to_bits()));
            let known = number.is_some().then(|| sides.iter_mut().find(|side| side.number == number && side.up == up)).flatten();
            // What one unit of the column moves in the scaled row.
            let per_unit = limit.map_or(1.0, |limit| limit.lp_per_plan.abs() * scale);
            if let Some(side) = known {
                side.rows.push(row);
                terms.push((side.column as u32, -up * per_unit));
                continue;
            }
            let column = made.columns();
            let (size, lp, most) = match limit {
                // No number of a plan falls below nothing.
                Some(limit) => (
                    limit.value.abs().max(1.0 / limit.lp_per_plan.abs()),
                    limit.lp_per_plan.abs(),
                    if up * limit.lp_per_plan > 0.0 || limit.value <= 0.0 { f64::INFINITY } else { limit.value },
                ),
                None => (rhs.abs().max(scale), 1.0 / scale, f64::INFINITY),
            };
            made.lower.push(0.0);
            made.upper.push(most);
            made.whole.push(false);
            // One over the larger of one LP unit and its own size.
            made.cost.push(1.0 / size);
            terms.push((column as u32, -up * per_unit));
            sides.push(Side { member: member.clone(), column, rows: vec![row], up, lp, size, number });
        }
    }
    made.push_row(terms, lower, upper, scale);
}
