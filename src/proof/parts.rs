//! Answers that one list of prices does not prove: a quotient such as cost per token, and whole halls and racks. Each
//! is proved by programs that prices do prove, stated from the plan's own.
//!
//! *Least cost per token*, at no fewer tokens than a share of the most: three programs. The first wants the most tokens:
//! `best`. The second wants the least of `cost − value · tokens` with at least `share · best` tokens: that it is nothing
//! proves that no plan has a lower quotient than `value` (Dinkelbach), and that its own point has it. The third has the
//! goals after it, with the quotient held at `held`; the answer is its point.
//!
//! *Whole halls and racks*: two programs. The first is the plan with divisible ones: no plan, whole or not, has more of
//! the first goal than its best. The second has the answer's whole numbers as its own: with these nothing else could be
//! better. So the answer is proved to be within the distance of the two of the best, and not to be the best: that is
//! known to the search alone. Where the distance is more than the plan's gap there is no proof.

use super::check::{apart, is_held, single};
use super::derived::{Quotient, fixed, with_phases};
use super::{Proof, ProofError};
use crate::formulation::program::{Program, Sense};
use crate::solve::certificate::{TOLERANCE, check as certified};
use crate::solve::statement::Statement;
use crate::solve::{self, Certificate, Held, Outcome, PhaseOutcome, SolveOptions, Status};

/// Name of the check of whole numbers in a certificate.
pub const WHOLE: &str = "whole numbers";

/// The programs behind an answer, each with its proof.
#[derive(Clone, Debug, PartialEq)]
pub enum Parts {
    /// Of a quotient.
    PerToken(Box<PerToken>),
    /// Of whole numbers.
    Whole(Box<Whole>),
}

/// What proves a quotient.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PerToken {
    /// Most of what the quotient's floor is a share of.
    pub best: f64,
    /// The least quotient.
    pub value: f64,
    /// The quotient that later goals keep.
    pub held: f64,
    /// That no plan has more than `best`.
    pub floor: Proof,
    /// That no plan has a lower quotient.
    pub linear: Proof,
    /// The goals after it; none where there are none.
    pub later: Option<Proof>,
}

/// What proves whole numbers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Whole {
    /// The most that any plan can have of the first goal.
    pub relaxed: Proof,
    /// The answer, the best with these whole numbers.
    pub fixed: Proof,
}

fn wrong(why: impl Into<String>) -> ProofError {
    ProofError::Wrong(why.into())
}

impl Parts {
    /// The parts of an outcome that one list of prices does not prove. Solves each of them; `about` has the digests and
    /// the scenario, `gap` is the distance from the best that the plan allows whole numbers.
    ///
    /// # Errors
    /// If there is no proof of this kind, with the reason.
    pub fn of(program: &Program, outcome: &Outcome, about: &Proof, options: &SolveOptions, gap: f64) -> Result<Self, ProofError> {
        let options = SolveOptions { whole: false, give_up: false, ..options.clone() };
        let prove = |program: &Program| -> Result<(Proof, Outcome), ProofError> {
            let outcome = solve::solve(program, &options);
            let proof = Proof::of(program, &outcome, about.plan.clone(), about.series.clone(), &about.scenario)?;
            Ok((proof, outcome))
        };
        let parts = if outcome.whole {
            let first = program.phases.first().cloned().into_iter().collect();
            let (relaxed, _) = prove(&with_phases(program, first))?;
            let (fixed, _) = prove(&fixed(program, &outcome.point))?;
            Self::Whole(Box::new(Whole { relaxed, fixed }))
        } else {
            let none = || {
                ProofError::NoProof(
                    "A quotient that is not the first goal, or has another beside it, can't be proved in a file.".to_owned(),
                )
            };
            let quotient = Quotient::of(program).ok_or_else(none)?;
            let value = outcome.phases.first().map_or(0.0, |phase| phase.value);
            let (floor, most) = prove(&quotient.most())?;
            let best = most.phases.first().map_or(0.0, |phase| phase.value);
            let (linear, _) = prove(&quotient.linear(best, value).0)?;
            let held = outcome.phases.get(1).and_then(|phase| phase.held.first()).map_or(value, |held| held.bound);
            let later = quotient.later(best, held).map(|program| prove(&program)).transpose()?;
            let later = later.map(|(proof, _)| proof);
            Self::PerToken(Box::new(PerToken { best, value, held, floor, linear, later }))
        };
        // What would not be believed is not written.
        match parts.check(program, gap) {
            Ok(_) => Ok(parts),
            Err(ProofError::Wrong(why)) => Err(ProofError::NoProof(format!("What was found proves less than the answer. {why}"))),
            Err(other) => Err(other),
        }
    }

    /// The outcome that the parts prove.
    ///
    /// # Errors
    /// [`ProofError::Wrong`] with what is not proved.
    pub fn check(&self, program: &Program, gap: f64) -> Result<Outcome, ProofError> {
        // A part that belongs to another program belongs to other numbers than those that stand beside it.
        let part = |program: &Program, proof: &Proof| {
            single(program, proof).map_err(|error| match error {
                ProofError::Stale(_) => wrong("The parts of the proof do not belong together."),
                other => other,
            })
        };
        match self {
            Self::PerToken(of) => of.check(program, &part),
            Self::Whole(of) => of.check(program, gap, &part),
        }
    }
}

type Part<'a> = &'a dyn Fn(&Program, &Proof) -> Result<Outcome, ProofError>;

fn value_of(outcome: &Outcome) -> f64 {
    outcome.phases.first().map_or(f64::NAN, |phase| phase.value)
}

impl PerToken {
    fn check(&self, program: &Program, part: Part<'_>) -> Result<Outcome, ProofError> {
        let quotient = Quotient::of(program).ok_or_else(|| wrong("The plan's goals are not those of the proof."))?;
        let most = part(&quotient.most(), &self.floor)?;
        if !(self.best > 0.0 && apart(value_of(&most), self.best) <= TOLERANCE) {
            return Err(wrong("The most tokens are not those of the proof."));
        }
        let (stated, size) = quotient.linear(self.best, self.value);
        let linear = part(&stated, &self.linear)?;
        let left = (value_of(&linear) - size).abs() / size.max(f64::MIN_POSITIVE);
        if left.is_nan() || left > TOLERANCE {
            return Err(wrong(format!("{} is said to be the least, and the prices prove another quotient.", self.value)));
        }
        if !is_held(quotient.phase, self.value, self.held) || self.held < self.value * (1.0 - TOLERANCE) {
            return Err(wrong("Later goals hold less of the first than the plan allows."));
        }
        let later = match (quotient.later(self.best, self.held), &self.later) {
            (None, None) => None,
            (Some(stated), Some(proof)) => Some(part(&stated, proof)?),
            _ => return Err(wrong("The proof has other goals than the plan.")),
        };
        Ok(self.outcome(&quotient, &linear, later.as_ref()))
    }

    /// What was proved of the parts, as of the plan.
    fn outcome(&self, quotient: &Quotient<'_>, linear: &Outcome, later: Option<&Outcome>) -> Outcome {
        let name = quotient.phase.goal.name;
        let per = quotient.per.value(&linear.point);
        let of_quotient = |duals: &[f64]| duals.iter().map(|dual| dual / per).collect();
        let first = linear.phases.first().map(|phase| PhaseOutcome {
            name,
            value: self.value,
            row_duals: of_quotient(&phase.row_duals),
            column_duals: of_quotient(&phase.column_duals),
            ..PhaseOutcome::default()
        });
        let mut certificate = Certificate::default();
        let proved = linear.certificate.phases.first().cloned().map(|mut proved| {
            let share = proved.dual.map(|bound| bound / value_of(linear));
            (proved.name, proved.primal, proved.dual) = (name, self.value, share.map(|share| share * self.value));
            proved
        });
        certificate.phases.extend(proved);
        let mut phases: Vec<PhaseOutcome> = first.into_iter().collect();
        let point = later.map_or(&linear.point, |later| &later.point).clone();
        let kept = quotient.per.value(&point);
        for phase in later.iter().flat_map(|later| later.phases.iter().skip(1)) {
            // Of `held · per − cost ≥ 0` one more of what is held is worth `per` of its price.
            let price = phase.least_duals.get(1).copied().unwrap_or(0.0);
            let own = Held { name, bound: self.held, dual: -price * kept };
            let held = std::iter::once(own).chain(phase.held.iter().skip(1).cloned()).collect();
            let least_duals = phase.least_duals.iter().skip(2).copied().collect();
            phases.push(PhaseOutcome { held, least_duals, ..phase.clone() });
        }
        certificate.phases.extend(later.iter().flat_map(|later| later.certificate.phases.iter().skip(1).cloned()));
        certificate.checked = certificate.phases.iter().all(|phase| phase.checked);
        Outcome { status: Status::Optimal, point, phases, certificate, solver: self.linear.solver.clone(), ..Outcome::default() }
    }
}

impl Whole {
    fn check(&self, program: &Program, gap: f64, part: Part<'_>) -> Result<Outcome, ProofError> {
        let Some(first) = program.phases.first().filter(|_| program.phases.iter().all(|phase| phase.per.is_none())) else {
            return Err(wrong("The plan's goals are not those of the proof."));
        };
        let relaxed = part(&with_phases(program, vec![first.clone()]), &self.relaxed)?;
        let mut numbers = vec![0.0; program.columns.len()];
        for (place, value) in &self.fixed.point {
            if let Some(number) = numbers.get_mut(*place as usize) {
                *number = *value;
            }
        }
        let mut outcome = part(&fixed(program, &numbers), &self.fixed)?;
        let (value, bound) = (value_of(&outcome), value_of(&relaxed));
        let beyond = if first.sense == Sense::Maximise { bound - value } else { value - bound };
        let apart = beyond.max(0.0) / value.abs().max(1e-9);
        if apart > gap.max(TOLERANCE) {
            return Err(wrong(format!(
                "Prices prove the whole numbers to be within {} of the best, and the plan wants {}.",
                crate::words::share(apart),
                crate::words::share(gap)
            )));
        }
        // The numbers are whole, and keep the limits of the plan itself.
        let mut statement = Statement::new(program, true);
        statement.set_phase(0, first);
        let whole = certified(&statement, WHOLE, &outcome.point, None, Some((apart, gap)));
        if !whole.checked {
            return Err(wrong(format!("The answer is not in whole numbers ({}).", whole.sentence())));
        }
        outcome.certificate.phases.push(whole);
        (outcome.whole, outcome.gap) = (true, Some(apart));
        Ok(outcome)
    }
}
