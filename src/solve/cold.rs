//! A run from cold: the phases in turn, each one checked.

use super::certificate::{Duals, PhaseCertificate, check};
use super::clock::Clock;
use super::highs::{Basis, Simplex};
use super::interior::Care;
use super::loaded::Loaded;
use super::outcome::{Held, Outcome, PhaseOutcome, Status, StopReason};
use super::statement::Statement;
use super::thin::HeldGoal;
use super::{Choice, Control, INTERIOR_COLUMNS, RunStatus, SolveOptions, Solved, give_up, highs, interior, ratio, tie, whole};
use crate::formulation::program::{Phase, Program, Sense};
use crate::formulation::scale;

/// Runs a program's phases in turn: each one's goal at its best while the earlier ones keep theirs.
/// The program must have been finished by [`scale::finish`].
#[must_use]
pub fn solve(program: &Program, options: &SolveOptions) -> Outcome {
    let clock = Clock::start();
    let mut outcome = unclocked(program, options);
    (outcome.cpu_seconds, outcome.cpu_is_wall) = {
        let (seconds, is_cpu) = clock.seconds();
        (seconds, !is_cpu)
    };
    outcome
}

fn unclocked(program: &Program, options: &SolveOptions) -> Outcome {
    if let Some(problem) = scale::problems(program).first() {
        return Outcome::failed(format!("The program cannot be handed to a solver: {problem}."));
    }
    if program.phases.is_empty() {
        return Outcome::failed("The program has no goal.".to_owned());
    }
    let control = Control::new(options);
    if options.whole && program.columns.iter().any(|column| column.whole) {
        return whole::solve(program, options, &control);
    }
    let mut last = Outcome::failed("No solver was asked.".to_owned());
    for engine in engines(options.choice, program.columns.len()) {
        let mut engine = Engine::new(*engine);
        last = phases(program, &mut engine, &control, &[]);
        if options.give_up && last.status == Status::Optimal {
            last.give_up = give_up::found(program, &last, &mut engine, &control);
        }
        if !matches!(last.status, Status::Failed(_)) {
            break;
        }
        log::warn!("{}: {:?}", last.solver, last.status);
    }
    last
}

/// Who is asked, in turn, until an answer passes the check.
fn engines(choice: Choice, columns: usize) -> &'static [Choice] {
    const SIMPLEX: Choice = Choice::Highs { presolve: true };
    const PLAIN: Choice = Choice::Highs { presolve: false };
    match choice {
        Choice::Auto if columns > INTERIOR_COLUMNS => &[Choice::Clarabel, SIMPLEX, PLAIN],
        Choice::Auto => &[SIMPLEX, PLAIN, Choice::Clarabel],
        Choice::Highs { presolve: true } => &[SIMPLEX],
        Choice::Highs { presolve: false } => &[PLAIN],
        Choice::Clarabel => &[Choice::Clarabel],
        Choice::Microlp => &[Choice::Microlp],
    }
}

/// Share of a held goal up to which it is stated as a sum of steps for the interior point method (`thin.rs`). Above,
/// the row itself does as well: at 34,000 columns and a thousandth both ways take 120 iterations.
const THIN: f64 = 1e-4;

/// One solver during one run; HiGHS stays alive between the phases.
pub(crate) struct Engine {
    choice: Choice,
    loaded: Option<Loaded>,
    /// What the interior point method is told of the goals held so far; `None` if one of them is a quotient.
    goals: Option<Vec<HeldGoal>>,
}

impl Engine {
    pub(crate) fn new(choice: Choice) -> Self {
        Self { choice, loaded: None, goals: Some(Vec::new()) }
    }

    pub(crate) fn name(&self) -> String {
        match self.choice {
            Choice::Auto | Choice::Highs { presolve: true } => highs::version(),
            Choice::Highs { presolve: false } => format!("{} without presolve", highs::version()),
            Choice::Clarabel => "clarabel 0.11".to_owned(),
            Choice::Microlp => "microlp 0.6".to_owned(),
        }
    }

    /// The least share a held goal must be able to give: an interior point needs an interior.
    pub(crate) fn least_tolerance(&self) -> f64 {
        if self.choice == Choice::Clarabel { 1e-7 } else { 0.0 }
    }

    /// Runs a statement. A second statement of the same shape is sent as the difference and starts
    /// from the last point with primal simplex, which is feasible for it.
    pub(crate) fn run(&mut self, statement: &Statement, control: &Control) -> Solved {
        match self.choice {
            Choice::Clarabel => interior::clarabel(statement, self.held(statement), Care::Quick, control),
            Choice::Microlp => interior::microlp(statement, control),
            Choice::Auto => self.simplex(statement, control, true),
            Choice::Highs { presolve } => self.simplex(statement, control, presolve),
        }
    }

    /// Ways to run a statement again, where there are any: its last answer did not pass.
    fn again(&self) -> &'static [Care] {
        if self.choice == Choice::Clarabel { &[Care::Refined, Care::AsStated] } else { &[] }
    }

    /// The goals that a statement holds. A statement made from another one for a quotient holds none.
    fn held(&self, statement: &Statement) -> &[HeldGoal] {
        self.goals.as_deref().filter(|_| !statement.hold_rows.is_empty()).unwrap_or_default()
    }

    /// Takes note that the goal a statement has is held from now on.
    /// One that may give up a share that can be seen leaves an interior, and stays the row it is.
    fn hold(&mut self, statement: &Statement, number: usize, phase: &Phase, tolerance: f64, solved: &Solved) {
        if self.choice != Choice::Clarabel || tolerance > THIN {
            return;
        }
        match (statement.hold_rows.get(number).copied().flatten(), &mut self.goals) {
            (Some(row), Some(goals)) if phase.per.is_none() => goals.push(HeldGoal::new(statement, row, &solved.row_duals)),
            (Some(_), _) => self.goals = None,
            (None, _) => {}
        }
    }

    fn simplex(&mut self, statement: &Statement, control: &Control, presolve: bool) -> Solved {
        let mut run = || -> Result<Solved, highs::Refused> {
            let again = self.loaded.as_ref().is_some_and(|loaded| loaded.statement.same_shape(statement));
            let loaded = if let Some(mut loaded) = self.loaded.take().filter(|_| again) {
                loaded.update(statement.clone())?;
                loaded.live.simplex(Simplex::Primal)?;
                self.loaded.insert(loaded)
            } else {
                let mut loaded = Loaded::new(statement.clone())?;
                loaded.live.presolve(presolve)?;
                self.loaded.insert(loaded)
            };
            let mut status = loaded.live.run(control);
            if status == RunStatus::UnboundedOrInfeasible {
                loaded.live.tell_unbounded_apart()?;
                loaded.live.forget_basis();
                status = loaded.live.run(control);
            }
            let solved = loaded.live.solved(status)?;
            // Before the first step there is nothing that deserves the name of a point.
            let unstarted = matches!(solved.status, RunStatus::Cancelled | RunStatus::OutOfTime) && solved.iterations == 0;
            Ok(if unstarted { Solved::nothing(solved.status) } else { solved })
        };
        run().unwrap_or_else(|refused| Solved::nothing(RunStatus::Failed(format!("{refused}."))))
    }

    /// Goes on by the simplex method from the basis that an interior point stands nearest to: a vertex and
    /// prices good to the last digit, where the interior point's own prove nothing.
    fn crossed_over(&mut self, statement: &Statement, near: &Solved, control: &Control) -> Solved {
        let basis = Basis::near(statement, near);
        let prepared = |engine: &mut Self| -> Result<(), highs::Refused> {
            let mut loaded = Loaded::new(statement.clone())?;
            loaded.live.set_basis(&basis)?;
            engine.loaded = Some(loaded);
            Ok(())
        };
        if let Err(refused) = prepared(self) {
            return Solved::nothing(RunStatus::Failed(format!("{refused}.")));
        }
        self.on_from_basis(control)
    }

    /// Runs the loaded instance as it stands.
    fn on_from_basis(&mut self, control: &Control) -> Solved {
        let Some(loaded) = &mut self.loaded else { return Solved::nothing(RunStatus::Failed("Nothing is loaded.".to_owned())) };
        let status = loaded.live.run(control);
        loaded.live.solved(status).unwrap_or_else(|refused| Solved::nothing(RunStatus::Failed(format!("{refused}."))))
    }

    /// Whether its answers come from the simplex method.
    pub(crate) fn is_simplex(&self) -> bool {
        matches!(self.choice, Choice::Auto | Choice::Highs { .. })
    }

    /// Goes on from the last basis with the goal made larger by a factor, and with the finest tolerances:
    /// a price of a hundred-millionth of a unit is then not lost in the solver's tolerance.
    fn sharper(&mut self, statement: &Statement, factor: f64, control: &Control) -> Solved {
        let mut larger = statement.clone();
        larger.cost.iter_mut().for_each(|cost| *cost *= factor);
        if let Some(Err(refused)) = self.loaded.as_mut().map(|loaded| loaded.live.fine_duals()) {
            return Solved::nothing(RunStatus::Failed(format!("{refused}.")));
        }
        let mut solved = self.simplex(&larger, control, false);
        solved.row_duals.iter_mut().chain(&mut solved.column_duals).for_each(|dual| *dual /= factor);
        solved
    }

    /// The live instance of the last simplex run.
    pub(crate) fn loaded(&self) -> Option<&Loaded> {
        self.loaded.as_ref()
    }

    /// The direction in which the last run's goal can grow for ever.
    pub(crate) fn ray(&mut self) -> Option<Vec<f64>> {
        self.loaded.as_mut().and_then(|loaded| loaded.live.ray())
    }
}

/// Factors of the goal with which a simplex answer that did not pass is made finer, in turn (powers of
/// two, which lose no bit).
const SHARPER: [f64; 3] = [1.0, 1024.0, 1_048_576.0];

/// Runs all phases with one solver. `reached` is what the first ones have reached in another run, where
/// more was open: what later ones may give up is counted from there.
pub(crate) fn phases(program: &Program, engine: &mut Engine, control: &Control, reached: &[f64]) -> Outcome {
    let mut outcome = Outcome { solver: engine.name(), ..Outcome::default() };
    let mut statement = Statement::new(program, false);
    let mut held: Vec<f64> = Vec::new();
    for (number, phase) in program.phases.iter().enumerate() {
        statement.set_phase(number, phase);
        if statement.crossed() {
            outcome.status = Status::Infeasible;
            outcome.point.clear();
            return outcome;
        }
        let mut step = match &phase.per {
            Some((per, share)) => ratio::run(&mut statement, number, phase, per, *share, engine, control),
            None => plain(&statement, phase.goal.name, engine, control),
        };
        outcome.iterations += step.solved.iterations;
        if let Some(status) = ended(program, &statement, &step, engine, number) {
            let feasible = step.certificate.feasible() && !step.solved.point.is_empty();
            match &status {
                // An earlier phase's point is feasible too, and has been checked.
                Status::Stopped { .. } if feasible => outcome.point.clone_from(&step.solved.point),
                Status::Stopped { .. } => {}
                _ => outcome.point.clear(),
            }
            // What was stopped before it had a point has nothing to be checked.
            if feasible || !matches!(status, Status::Stopped { .. }) {
                outcome.certificate.push(step.certificate);
            }
            outcome.status = status;
            return outcome;
        }
        if number + 1 == program.phases.len() && phase.per.is_none() {
            break_ties(program, &mut statement, phase, &mut step, engine, control);
        }
        let value = step.value;
        outcome.point.clone_from(&step.solved.point);
        outcome.phases.push(phase_outcome(program, &statement, number, &step, &held));
        outcome.certificate.push(step.certificate);
        let left = reached.get(number).map_or(phase.tolerance, |reached| left_to_give(phase, *reached, value));
        let tolerance = left.max(engine.least_tolerance());
        engine.hold(&statement, number, phase, tolerance, &step.solved);
        held.push(statement.hold(number, phase, value, tolerance));
    }
    outcome.status = Status::Optimal;
    outcome
}

/// Whether a program is not for live instances: no goals, a quotient among them, or numbers that no solver
/// should be given.
pub(crate) fn left_out(program: &Program) -> bool {
    program.phases.is_empty() || program.phases.iter().any(|phase| phase.per.is_some()) || !scale::problems(program).is_empty()
}

/// Share of a value that may still be given up, when some of what may be given of `reached` is gone.
fn left_to_give(phase: &Phase, reached: f64, value: f64) -> f64 {
    let gone = if phase.sense == Sense::Maximise { reached - value } else { value - reached };
    (phase.tolerance * reached.abs() - gone.max(0.0)).max(0.0) / value.abs().max(f64::MIN_POSITIVE)
}

/// Moves a step's point to the one of the equally good points that every road ends at; its duals prove
/// that one too. Where they do not, or time is over, the point stays.
fn break_ties(program: &Program, statement: &mut Statement, phase: &Phase, step: &mut Step, engine: &mut Engine, control: &Control) {
    if engine.loaded.is_none() || !step.solved.has_duals {
        return;
    }
    let own_cost = std::mem::take(&mut statement.cost);
    statement.cost = tie::broken(program, phase, &own_cost);
    if let Some(loaded) = &mut engine.loaded
        && let Err(refused) = loaded.live.fine_duals()
    {
        log::warn!("{refused}; ties are broken less finely.");
    }
    let leaning = engine.simplex(statement, control, true);
    statement.cost = own_cost;
    if leaning.status != RunStatus::Optimal {
        log::debug!("Ties are left: {:?}", leaning.status);
        return;
    }
    let moved = Solved { point: leaning.point, iterations: step.solved.iterations + leaning.iterations, ..step.solved.clone() };
    let certificate = certified(statement, phase.goal.name, &moved);
    if certificate.checked {
        *step = Step { value: certificate.primal, solved: moved, certificate };
    } else {
        log::debug!("Ties are left: {}", certificate.sentence());
    }
}

/// One phase's run and its check.
pub(crate) struct Step {
    pub(crate) solved: Solved,
    pub(crate) value: f64,
    pub(crate) certificate: PhaseCertificate,
}

/// Runs one phase and checks it.
pub(crate) fn plain(statement: &Statement, name: &'static str, engine: &mut Engine, control: &Control) -> Step {
    let mut solved = engine.run(statement, control);
    let mut certificate = certified(statement, name, &solved);
    for care in engine.again() {
        if solved.status != RunStatus::Optimal || certificate.checked {
            break;
        }
        log::info!("{}; once more, with more care.", certificate.sentence());
        let again = interior::clarabel(statement, engine.held(statement), *care, control);
        certificate = certified(statement, name, &again);
        solved = Solved { iterations: solved.iterations + again.iterations, ..again };
    }
    if solved.status == RunStatus::Optimal && !certificate.checked && engine.choice == Choice::Clarabel {
        log::info!("{}; on from there by the simplex method.", certificate.sentence());
        let again = engine.crossed_over(statement, &solved, control);
        match again.status {
            RunStatus::Optimal => {
                certificate = certified(statement, name, &again);
                solved = Solved { iterations: solved.iterations + again.iterations, ..again };
            }
            // Somebody wants it to end; what it had is not proved.
            RunStatus::Cancelled | RunStatus::OutOfTime => solved.status = again.status,
            other => {
                log::info!("That came to nothing: {other:?}");
                engine.loaded = None;
            }
        }
    }
    for factor in SHARPER {
        if solved.status != RunStatus::Optimal || certificate.checked || engine.loaded.is_none() {
            break;
        }
        log::info!("{}; once more, with finer tolerances.", certificate.sentence());
        let again = engine.sharper(statement, factor, control);
        let sharper = certified(statement, name, &again);
        if again.status == RunStatus::Optimal && (sharper.checked || sharper.gap < certificate.gap) {
            certificate = sharper;
            solved = Solved { iterations: solved.iterations + again.iterations, ..again };
        }
    }
    Step { value: certificate.primal, solved, certificate }
}

/// Our check of what a solver left.
pub(crate) fn certified(statement: &Statement, name: &'static str, solved: &Solved) -> PhaseCertificate {
    let duals = solved.has_duals.then(|| Duals { rows: &solved.row_duals, columns: Some(&solved.column_duals) });
    let mut certificate = check(statement, name, &solved.point, duals, None);
    if !solved.has_duals && solved.status == RunStatus::Optimal {
        // A second opinion has no duals: its point is checked, its optimality is its own word.
        certificate.checked = certificate.feasible();
    }
    certificate
}

/// The status that ends the run at this phase, or `None` if the phase is done and checked.
fn ended(program: &Program, statement: &Statement, step: &Step, engine: &mut Engine, number: usize) -> Option<Status> {
    Some(match &step.solved.status {
        RunStatus::Optimal if step.certificate.checked => return None,
        RunStatus::Optimal => Status::Failed(format!("The answer did not pass the check ({}).", step.certificate.sentence())),
        RunStatus::OutOfTime => Status::Stopped { reason: StopReason::TimeLimit, gap: None },
        RunStatus::Cancelled => Status::Stopped { reason: StopReason::Cancelled, gap: None },
        RunStatus::Infeasible if number == 0 => Status::Infeasible,
        RunStatus::Infeasible if program.phases.get(number).is_some_and(|phase| phase.at_least.is_some()) => Status::Infeasible,
        RunStatus::Infeasible => Status::Failed("Holding what an earlier goal had reached left no answer.".to_owned()),
        RunStatus::Nothing => Status::Nothing,
        RunStatus::Unbounded => Status::Unbounded { free: free(program, statement, engine.ray()) },
        RunStatus::UnboundedOrInfeasible => Status::Failed("The solver could not tell whether anything is feasible.".to_owned()),
        RunStatus::Failed(reason) => Status::Failed(reason.clone()),
    })
}

/// Names what is free: the columns of the ray by what they do for the goal, or without a ray the
/// columns without an upper bound that improve it.
pub(crate) fn free(program: &Program, statement: &Statement, ray: Option<Vec<f64>>) -> Vec<String> {
    let sign = if statement.sense == Sense::Maximise { 1.0 } else { -1.0 };
    let ray = ray.unwrap_or_else(|| {
        let useful = |column: usize| statement.upper[column].is_infinite() && sign * statement.cost[column] > 0.0;
        (0..statement.columns()).map(|column| f64::from(u8::from(useful(column)))).collect()
    });
    let largest = ray.iter().fold(0.0, |largest: f64, value| largest.max(value.abs()));
    let mut columns: Vec<(f64, f64, usize)> = ray
        .iter()
        .enumerate()
        .filter(|(_, value)| value.abs() > 1e-9 * largest)
        .map(|(column, value)| (sign * statement.cost.get(column).copied().unwrap_or(0.0) * value, value.abs(), column))
        .collect();
    columns.sort_by(|left, right| right.0.total_cmp(&left.0).then(right.1.total_cmp(&left.1)).then(left.2.cmp(&right.2)));
    columns.iter().take(12).filter_map(|(_, _, column)| program.columns.get(*column)).map(|column| program.name(&column.key)).collect()
}

/// A phase in the units of the program: duals of unscaled rows, and what earlier goals cost it.
pub(crate) fn phase_outcome(program: &Program, statement: &Statement, number: usize, step: &Step, held: &[f64]) -> PhaseOutcome {
    let unscaled = |row: usize| step.solved.row_duals.get(row).copied().unwrap_or(0.0) * statement.row_scale[row];
    let has_duals = step.solved.has_duals;
    PhaseOutcome {
        name: program.phases[number].goal.name,
        value: step.value,
        row_duals: if has_duals { (0..statement.program_rows).map(unscaled).collect() } else { Vec::new() },
        column_duals: if has_duals { step.solved.column_duals.clone() } else { Vec::new() },
        held: held
            .iter()
            .enumerate()
            .filter_map(|(earlier, bound)| {
                let row = statement.hold_rows.get(earlier).copied().flatten()?;
                Some(Held { name: program.phases[earlier].goal.name, bound: *bound, dual: unscaled(row) })
            })
            .collect(),
        least_duals: statement.least_rows.iter().take(number + 1).flatten().map(|row| unscaled(*row)).collect(),
        iterations: step.solved.iterations,
    }
}
