//! What a missed date costs: an order or a signature of the answer goes out one period late.
//!
//! Nothing of it is ordered in its period, earlier orders of the same thing stay what they were (the
//! miss was not foreseen), and the plan is solved again: later periods may make up for it as far as
//! supply, money and lead times let them. A contract brings nothing in its first period, though it is
//! paid for.

use super::{Options, Stated, solve_options, state};
use crate::diagnostic::Diagnostic;
use crate::formulation::program::{Col, Program};
use crate::plan::Plan;
use crate::resolved::{ContractIx, Ix as _, PeriodIx, Series};
use crate::results::Results;
use crate::results::calendar::{Decision, DecisionKind};
use crate::solve::{self, Outcome, SolveOptions};
use crate::words::{self, share, with_unit};

/// What the miss of one date costs.
#[derive(Clone, Debug, PartialEq)]
pub struct Late {
    /// The decision.
    pub decision: Decision,
    /// Change of the first goal, in its unit; none if the plan has no answer then.
    pub first_change: Option<f64>,
    /// Unit of the first goal.
    pub first_unit: &'static str,
    /// Change of discounted cost, M$, where cost is a goal.
    pub cost_change_musd: Option<f64>,
    /// Change of NPV, M$, where it is a later goal.
    pub npv_change_musd: Option<f64>,
    /// In words.
    pub sentence: String,
}

/// A solved plan whose dates can be missed one by one.
pub struct Dates {
    stated: Stated,
    base: Outcome,
    options: SolveOptions,
    /// The decisions of its answer, in the order of their dates.
    pub decisions: Vec<Decision>,
}

impl Dates {
    /// Solves the plan.
    ///
    /// # Errors
    /// What is wrong with it, or that it has no answer.
    pub fn new(plan: &Plan, series: &Series, options: &Options) -> Result<Self, Vec<Diagnostic>> {
        let stated = state(plan, series, options)?;
        let options = solve_options(&stated, options);
        let base = solve::solve(&stated.formulation.program, &options);
        if !base.has_point() {
            return Err(vec![Diagnostic::error("no-answer", "", "The plan has no answer, so it has no dates to miss.")]);
        }
        let decisions = Results::new(&stated.plan, &stated.resolved, &stated.formulation, &base).decisions;
        Ok(Self { stated, base, options, decisions })
    }

    /// What one of them costs if it is a period late.
    #[must_use]
    pub fn late(&self, decision: &Decision) -> Late {
        let program = &self.stated.formulation.program;
        let again = solve::solve(&self.missed(decision), &self.options);
        let value = |outcome: &Outcome, phase: usize| outcome.phases.get(phase).map(|phase| phase.value);
        let change = |phase: usize| value(&again, phase).zip(value(&self.base, phase)).map(|(now, before)| now - before);
        let solved = again.has_point();
        let cost_phase = program.phases.iter().position(|phase| phase.goal.name == "cost");
        let npv_phase = program.phases.iter().skip(1).position(|phase| phase.goal.name == "npv").map(|phase| phase + 1);
        let mut late = Late {
            decision: decision.clone(),
            first_change: if solved { change(0) } else { None },
            first_unit: program.phases.first().map_or("", |phase| phase.goal.unit),
            cost_change_musd: if solved { cost_phase.and_then(change) } else { None },
            npv_change_musd: if solved { npv_phase.and_then(change) } else { None },
            sentence: String::new(),
        };
        late.sentence = sentence(&late, value(&self.base, 0));
        late
    }

    /// The program in which the decision's date is missed.
    fn missed(&self, decision: &Decision) -> Program {
        let layout = &self.stated.formulation.layout;
        let mut program = self.stated.formulation.program.clone();
        let mut hold = |col: Col, most: f64| {
            if let Some(column) = program.columns.get_mut(col.0 as usize) {
                column.upper = column.upper.min(most.max(column.lower));
            }
        };
        let orders: &[(PeriodIx, Col)] = match decision.kind {
            DecisionKind::Chips => layout.pools.get(decision.index).map_or(&[], |cols| &cols.orders),
            DecisionKind::Halls => layout.halls.get(decision.index).map_or(&[], |cols| &cols.orders),
            DecisionKind::Plant => layout.contracts.get(ContractIx::new(decision.index)).map_or(&[], |cols| &cols.orders),
            DecisionKind::Contract => {
                let cols = layout.contracts.get(ContractIx::new(decision.index));
                let draw = cols.and_then(|cols| cols.draw.get(PeriodIx::new(decision.period)));
                for col in draw.into_iter().flatten().flatten() {
                    hold(*col, 0.0);
                }
                &[]
            }
        };
        for (period, col) in orders {
            if period.position() == decision.period {
                hold(*col, 0.0);
            } else if period.position() < decision.period {
                let placed = self.base.point.get(col.0 as usize).copied().unwrap_or(0.0);
                // A hair of room, or the last digit of the first answer would make the second infeasible.
                hold(*col, placed + 1e-9 * placed.abs().max(1.0));
            }
        }
        program
    }
}

fn sentence(late: &Late, best: Option<f64>) -> String {
    let what = if late.decision.kind == DecisionKind::Contract { "Without its first period" } else { "One period late" };
    let Some(first) = late.first_change else {
        return format!("{what}, the plan has no answer: something it must keep rests on this.");
    };
    let money = late.cost_change_musd.filter(|musd| musd.abs() > 1e-6);
    let nothing = first.abs() <= 1e-9 * best.unwrap_or(0.0).abs();
    if let Some(npv) = late.npv_change_musd.filter(|musd| musd.abs() > 1e-6) {
        let way = if npv < 0.0 { "falls" } else { "rises" };
        let why = if nothing && npv > 0.0 { " within the tolerance of the goals" } else { "" };
        let lost = with_unit(-first, late.first_unit);
        let first = if nothing { "the first goal stays".to_owned() } else { format!("{lost} are lost") };
        return format!("{what}, {first} and NPV {way} by {} in all{why}.", words::musd(npv.abs()));
    }
    match (nothing, money) {
        (true, None) => format!("{what}, nothing is lost."),
        (true, Some(musd)) if musd > 0.0 => format!("{what}, the first goal stays and cost rises by {}.", words::musd(musd)),
        (true, Some(musd)) => {
            format!("{what}, the first goal stays and cost falls by {} within the tolerance of the goals.", words::musd(-musd))
        }
        (false, money) => {
            let lost = with_unit(-first, late.first_unit);
            let share = best.filter(|best| best.abs() > 0.0).map_or_else(String::new, |best| format!(" ({})", share(-first / best)));
            let beside = money.map_or_else(String::new, |musd| {
                format!(", and cost {} by {}", if musd > 0.0 { "rises" } else { "falls" }, words::musd(musd.abs()))
            });
            format!("{what}, {lost}{share} are lost{beside}.")
        }
    }
}
