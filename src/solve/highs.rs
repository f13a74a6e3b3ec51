//! HiGHS behind a safe face: this file and those below it are the only ones that name `highs` or
//! `highs_sys`, and the only `unsafe`.
//!
//! The program is stated through good_lp and then unwrapped to the live instance beneath it, because
//! good_lp can neither re-solve nor be interrupted, loses options and reports an interrupt as a time
//! limit. Every call below passes pointers to vectors whose lengths were checked against the
//! instance's own counts, and nothing is kept by HiGHS after the call but the callback's flag, which
//! is unregistered before the run returns.
//!
//! Signs, checked by the tests: HiGHS's row duals are d objective / d right-hand side and its reduced
//! costs are `c − Aᵀ y`, both for the objective as stated, whichever the sense.

mod basis;
mod reduced;

use std::ffi::{CStr, c_char, c_int, c_void};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use good_lp::{Expression, ProblemVariables, SolverModel, Variable, variable};
use highs::Model;

pub use self::basis::Basis;
pub use self::reduced::Reduced;
use super::statement::Statement;
use super::{Control, RunStatus, Solved};
use crate::formulation::program::Sense;

/// Which simplex a run uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Simplex {
    /// Dual simplex: after bounds or rows have changed.
    Dual,
    /// Primal simplex: after only the objective has changed.
    Primal,
}

/// A HiGHS instance with a loaded LP that is kept between runs.
pub struct Live {
    model: Model,
    columns: usize,
    rows: usize,
    time_limit_set: bool,
}

/// A call that HiGHS refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("HiGHS refused {0}")]
pub struct Refused(pub String);

/// Name and version of the solver.
#[must_use]
pub fn version() -> String {
    #[expect(unsafe_code, reason = "HiGHS returns a static, NUL-terminated string")]
    let text = unsafe { CStr::from_ptr(highs_sys::Highs_version()) };
    format!("HiGHS {}", text.to_string_lossy())
}

/// Called by HiGHS while it works: a true flag stops the run.
#[expect(unsafe_code, reason = "HiGHS hands back the flag it was given and its own input record; both are checked for null")]
unsafe extern "C" fn interrupt(
    _kind: c_int,
    _message: *const c_char,
    _out: *const highs_sys::HighsCallbackDataOut,
    input: *mut highs_sys::HighsCallbackDataIn,
    flag: *mut c_void,
) {
    if input.is_null() || flag.is_null() {
        return;
    }
    unsafe {
        if (*flag.cast::<AtomicBool>()).load(Ordering::Relaxed) {
            (*input).user_interrupt = 1;
        }
    }
}

/// The callbacks that can stop a run: simplex, interior point, branch and bound.
const INTERRUPTS: [c_int; 3] = [1, 2, 6];

impl Live {
    /// States an LP through good_lp and loads it.
    ///
    /// # Errors
    /// If HiGHS refuses the LP.
    pub fn load(statement: &Statement) -> Result<Self, Refused> {
        let mut model = stated(statement).try_into_inner().map_err(|error| Refused(error.to_string()))?;
        for (option, value) in [("threads", 1), ("random_seed", 1)] {
            model.try_set_option(option, value).map_err(|_| Refused(option.to_owned()))?;
        }
        let (columns, rows) = (statement.columns(), statement.rows());
        if model.num_cols() != columns || model.num_rows() != rows {
            return Err(Refused("the size of the LP".to_owned()));
        }
        let mut live = Self { model, columns, rows, time_limit_set: false };
        // good_lp states one side of a row; ranges and free rows get both sides here.
        let odd: Vec<u32> = (0..rows)
            .filter(|row| {
                let (lower, upper) = (statement.row_lower[*row], statement.row_upper[*row]);
                lower != upper && lower.is_finite() == upper.is_finite()
            })
            .map(|row| row as u32)
            .collect();
        live.change_rows(&odd, statement)?;
        Ok(live)
    }

    /// Options for a live instance, before its first run: without them hot runs take several times
    /// as long. The default edge weights are rebuilt and perturbed costs are cleaned up each time; an LP
    /// that HiGHS has scaled (ours comes with scaled rows) is solved a second time without the scaling;
    /// and a goal of little weight is left unfinished by the default tolerance of duals.
    ///
    /// # Errors
    /// If HiGHS does not know an option.
    pub fn prepare_for_hot_runs(&mut self) -> Result<(), Refused> {
        self.option("simplex_dual_edge_weight_strategy", 1)?;
        self.option("dual_simplex_cost_perturbation_multiplier", 0.0)?;
        self.option("simplex_scale_strategy", 0)?;
        self.option("dual_feasibility_tolerance", 1e-9)
    }

    /// Rows and duals to nearly the last digit that can be asked for.
    ///
    /// # Errors
    /// If HiGHS does not know an option.
    pub fn fine_duals(&mut self) -> Result<(), Refused> {
        self.option("primal_feasibility_tolerance", 1e-9)?;
        self.option("dual_feasibility_tolerance", 1e-9)
    }

    /// Presolve on (the default) or off.
    ///
    /// # Errors
    /// If HiGHS does not know the option.
    pub fn presolve(&mut self, on: bool) -> Result<(), Refused> {
        self.option("presolve", if on { "choose" } else { "off" })
    }

    /// Which simplex the next run uses.
    ///
    /// # Errors
    /// If HiGHS does not know the option.
    pub fn simplex(&mut self, simplex: Simplex) -> Result<(), Refused> {
        self.option("simplex_strategy", if simplex == Simplex::Primal { 4 } else { 1 })
    }

    /// Relative gap at which an integer run may end.
    ///
    /// # Errors
    /// If HiGHS refuses the gap.
    pub fn gap(&mut self, gap: f64) -> Result<(), Refused> {
        self.option("mip_rel_gap", gap.max(0.0))
    }

    /// How many steps of the simplex method a run may take.
    ///
    /// # Errors
    /// If HiGHS refuses the number.
    pub fn most_iterations(&mut self, most: i32) -> Result<(), Refused> {
        self.option("simplex_iteration_limit", most)
    }

    /// Tells HiGHS not to answer "unbounded or infeasible".
    ///
    /// # Errors
    /// If HiGHS does not know the option.
    pub fn tell_unbounded_apart(&mut self) -> Result<(), Refused> {
        self.presolve(false)?;
        self.option("allow_unbounded_or_infeasible", false)
    }

    fn option(&mut self, option: &'static str, value: impl highs::HighsOptionValue) -> Result<(), Refused> {
        self.model.try_set_option(option, value).map_err(|_| Refused(format!("the option {option}")))
    }

    /// Runs, from the present basis if there is one.
    pub fn run(&mut self, control: &Control) -> RunStatus {
        // HiGHS adds time up over all runs of an instance; without this a hot session dies of old age.
        let limit = control.seconds_left();
        if limit.is_some() || self.time_limit_set {
            if self.option("time_limit", limit.unwrap_or(f64::INFINITY)).is_err() {
                return RunStatus::Failed("HiGHS refused the time limit.".to_owned());
            }
            self.time_limit_set = limit.is_some();
        }
        if control.cancelled() {
            return RunStatus::Cancelled;
        }
        let pointer = self.model.as_mut_ptr();
        let flag: Option<&Arc<AtomicBool>> = control.cancel.as_ref();
        #[expect(unsafe_code, reason = "the instance is alive; the flag is borrowed until the run has returned and is then unregistered")]
        let status = unsafe {
            highs_sys::Highs_zeroAllClocks(pointer);
            if let Some(flag) = flag {
                highs_sys::Highs_setCallback(pointer, Some(interrupt), Arc::as_ptr(flag).cast_mut().cast());
                for kind in INTERRUPTS {
                    highs_sys::Highs_startCallback(pointer, kind);
                }
            }
            let returned = highs_sys::Highs_run(pointer);
            if flag.is_some() {
                for kind in INTERRUPTS {
                    highs_sys::Highs_stopCallback(pointer, kind);
                }
                highs_sys::Highs_setCallback(pointer, None, std::ptr::null_mut());
            }
            if returned == highs_sys::STATUS_ERROR { highs_sys::MODEL_STATUS_SOLVE_ERROR } else { highs_sys::Highs_getModelStatus(pointer) }
        };
        match status {
            highs_sys::MODEL_STATUS_OPTIMAL | highs_sys::MODEL_STATUS_MODEL_EMPTY => RunStatus::Optimal,
            highs_sys::MODEL_STATUS_INFEASIBLE => RunStatus::Infeasible,
            highs_sys::MODEL_STATUS_UNBOUNDED => RunStatus::Unbounded,
            highs_sys::MODEL_STATUS_UNBOUNDED_OR_INFEASIBLE => RunStatus::UnboundedOrInfeasible,
            highs_sys::MODEL_STATUS_REACHED_TIME_LIMIT => RunStatus::OutOfTime,
            highs_sys::MODEL_STATUS_REACHED_INTERRUPT => RunStatus::Cancelled,
            other => RunStatus::Failed(format!("HiGHS ended with its status {other}.")),
        }
    }

    /// The point and the duals that the last run left.
    ///
    /// # Errors
    /// If there is none.
    pub fn solved(&mut self, status: RunStatus) -> Result<Solved, Refused> {
        let mut solved = Solved {
            status,
            point: vec![0.0; self.columns],
            row_duals: vec![0.0; self.rows],
            column_duals: vec![0.0; self.columns],
            iterations: self.info(c"simplex_iteration_count") + self.info(c"ipm_iteration_count"),
            has_duals: true,
        };
        let mut activity = vec![0.0; self.rows];
        #[expect(unsafe_code, reason = "four vectors of the instance's own lengths")]
        let returned = unsafe {
            highs_sys::Highs_getSolution(
                self.model.as_ptr(),
                solved.point.as_mut_ptr(),
                solved.column_duals.as_mut_ptr(),
                activity.as_mut_ptr(),
                solved.row_duals.as_mut_ptr(),
            )
        };
        ok(returned, "to hand out its point")?;
        Ok(solved)
    }

    /// The relative gap of the last integer run.
    #[must_use]
    pub fn mip_gap(&self) -> f64 {
        let mut value = f64::INFINITY;
        #[expect(unsafe_code, reason = "writes one number")]
        unsafe {
            highs_sys::Highs_getDoubleInfoValue(self.model.as_ptr(), c"mip_gap".as_ptr(), &raw mut value);
        }
        value
    }

    /// Whether the last run left a point that HiGHS holds for feasible: an integer run that is stopped
    /// early may have none, and hands out zeros.
    #[must_use]
    pub fn has_point(&self) -> bool {
        // kSolutionStatusFeasible
        self.info(c"primal_solution_status") == 2
    }

    fn info(&self, name: &CStr) -> u64 {
        let mut value: highs_sys::HighsInt = 0;
        #[expect(unsafe_code, reason = "writes one number; the name is a C string")]
        let returned = unsafe { highs_sys::Highs_getIntInfoValue(self.model.as_ptr(), name.as_ptr(), &raw mut value) };
        if returned == highs_sys::STATUS_OK { u64::try_from(value).unwrap_or(0) } else { 0 }
    }

    /// Forgets the basis, so that the next run starts from cold.
    pub fn forget_basis(&mut self) {
        #[expect(unsafe_code, reason = "the instance is alive")]
        unsafe {
            highs_sys::Highs_clearSolver(self.model.as_mut_ptr());
        }
    }

    /// Gives the rows named the bounds of the statement.
    ///
    /// # Errors
    /// If HiGHS refuses them.
    pub fn change_rows(&mut self, rows: &[u32], statement: &Statement) -> Result<(), Refused> {
        let Some(chosen) = chosen(rows, self.rows, &statement.row_lower, &statement.row_upper) else { return Ok(()) };
        #[expect(unsafe_code, reason = "three vectors of one length, every index below the number of rows")]
        let returned = unsafe {
            highs_sys::Highs_changeRowsBoundsBySet(
                self.model.as_mut_ptr(),
                int(chosen.set.len()),
                chosen.set.as_ptr(),
                chosen.lower.as_ptr(),
                chosen.upper.as_ptr(),
            )
        };
        ok(returned, "the bounds of rows")
    }

    /// Gives the columns named the bounds of the statement.
    ///
    /// # Errors
    /// If HiGHS refuses them.
    pub fn change_columns(&mut self, columns: &[u32], statement: &Statement) -> Result<(), Refused> {
        let Some(chosen) = chosen(columns, self.columns, &statement.lower, &statement.upper) else { return Ok(()) };
        #[expect(unsafe_code, reason = "three vectors of one length, every index below the number of columns")]
        let returned = unsafe {
            highs_sys::Highs_changeColsBoundsBySet(
                self.model.as_mut_ptr(),
                int(chosen.set.len()),
                chosen.set.as_ptr(),
                chosen.lower.as_ptr(),
                chosen.upper.as_ptr(),
            )
        };
        ok(returned, "the bounds of columns")
    }

    /// Replaces the whole objective (without its constant) and its sense.
    ///
    /// # Errors
    /// If HiGHS refuses it.
    pub fn change_costs(&mut self, cost: &[f64], sense: Sense) -> Result<(), Refused> {
        if cost.len() != self.columns {
            return Err(Refused("an objective of another size".to_owned()));
        }
        if self.columns == 0 {
            return Ok(());
        }
        let sense = match sense {
            Sense::Maximise => highs_sys::OBJECTIVE_SENSE_MAXIMIZE,
            Sense::Minimise => highs_sys::OBJECTIVE_SENSE_MINIMIZE,
        };
        #[expect(unsafe_code, reason = "one vector of as many numbers as there are columns")]
        let returned = unsafe {
            let pointer = self.model.as_mut_ptr();
            highs_sys::Highs_changeObjectiveSense(pointer, sense).min(highs_sys::Highs_changeColsCostByRange(
                pointer,
                0,
                int(self.columns) - 1,
                cost.as_ptr(),
            ))
        };
        ok(returned, "the objective")
    }

    /// Changes one matrix entry (scaled row).
    ///
    /// # Errors
    /// If HiGHS refuses it.
    pub fn change_entry(&mut self, row: usize, column: usize, value: f64) -> Result<(), Refused> {
        if row >= self.rows || column >= self.columns {
            return Err(Refused("an entry outside the LP".to_owned()));
        }
        #[expect(unsafe_code, reason = "both indices lie inside the LP")]
        let returned = unsafe { highs_sys::Highs_changeCoeff(self.model.as_mut_ptr(), int(row), int(column), value) };
        ok(returned, "a coefficient")
    }

    /// A point to start an integer run from.
    pub fn hint(&mut self, point: &[f64]) {
        if point.len() == self.columns {
            #[expect(unsafe_code, reason = "one vector of as many numbers as there are columns; null stands for 'not given'")]
            unsafe {
                highs_sys::Highs_setSolution(self.model.as_mut_ptr(), point.as_ptr(), std::ptr::null(), std::ptr::null(), std::ptr::null());
            }
        }
    }

    /// The direction in which an unbounded LP improves for ever.
    #[must_use]
    pub fn ray(&mut self) -> Option<Vec<f64>> {
        let mut has: highs_sys::HighsInt = 0;
        let mut ray = vec![0.0; self.columns];
        #[expect(unsafe_code, reason = "writes one flag and as many numbers as there are columns")]
        let returned = unsafe { highs_sys::Highs_getPrimalRay(self.model.as_ptr(), &raw mut has, ray.as_mut_ptr()) };
        (returned == highs_sys::STATUS_OK && has != 0).then_some(ray)
    }
}

struct Chosen {
    set: Vec<c_int>,
    lower: Vec<f64>,
    upper: Vec<f64>,
}

fn chosen(numbers: &[u32], count: usize, lower: &[f64], upper: &[f64]) -> Option<Chosen> {
    let mut chosen = Chosen { set: Vec::new(), lower: Vec::new(), upper: Vec::new() };
    for number in numbers.iter().copied().filter(|number| (*number as usize) < count) {
        let (Some(lower), Some(upper)) = (lower.get(number as usize), upper.get(number as usize)) else { continue };
        chosen.set.push(int(number as usize));
        chosen.lower.push(*lower);
        chosen.upper.push(*upper);
    }
    (!chosen.set.is_empty()).then_some(chosen)
}

/// A count or index as HiGHS takes it; −1, which HiGHS refuses or takes for nothing, if it is too large.
fn int(number: usize) -> c_int {
    c_int::try_from(number).unwrap_or(-1)
}

fn ok(returned: c_int, what: &str) -> Result<(), Refused> {
    if returned == highs_sys::STATUS_ERROR { Err(Refused(what.to_owned())) } else { Ok(()) }
}

/// States an LP in good_lp for HiGHS: row numbers are the order of the statement's rows.
fn stated(statement: &Statement) -> good_lp::solvers::highs::HighsProblem {
    let mut variables = ProblemVariables::new();
    let columns: Vec<Variable> = (0..statement.columns())
        .map(|column| {
            let plain = variable().min(statement.lower[column]).max(statement.upper[column]);
            variables.add(if statement.whole[column] { plain.integer() } else { plain })
        })
        .collect();
    let mut goal = Expression::with_capacity(columns.len());
    for (column, cost) in columns.iter().zip(&statement.cost).filter(|(_, cost)| **cost != 0.0) {
        goal.add_mul(*cost, *column);
    }
    let mut problem = match statement.sense {
        Sense::Maximise => variables.maximise(goal),
        Sense::Minimise => variables.minimise(goal),
    }
    .using(good_lp::highs);
    for row in 0..statement.rows() {
        let mut sum = Expression::with_capacity(statement.start[row + 1] - statement.start[row]);
        for (column, value) in statement.entries(row) {
            sum.add_mul(value, columns[column]);
        }
        let (lower, upper) = (statement.row_lower[row], statement.row_upper[row]);
        problem.add_constraint(if lower == upper {
            sum.eq(upper)
        } else if lower.is_finite() && !upper.is_finite() {
            sum.geq(lower)
        } else {
            sum.leq(if upper.is_finite() { upper } else { 0.0 })
        });
    }
    problem
}

/// Processor seconds of the calling thread, where the system has a clock for them.
#[must_use]
pub fn thread_cpu_seconds() -> Option<f64> {
    #[cfg(all(target_pointer_width = "64", any(target_os = "linux", target_os = "macos")))]
    {
        // POSIX's `clock_gettime`, declared here to spare a dependency: both fields are 64 bits wide
        // on these systems.
        #[repr(C)]
        struct Timespec {
            seconds: i64,
            nanoseconds: i64,
        }
        #[expect(unsafe_code, reason = "declares a function of the C library that every program links")]
        unsafe extern "C" {
            fn clock_gettime(clock: c_int, time: *mut Timespec) -> c_int;
        }
        const THREAD_CPU: c_int = if cfg!(target_os = "linux") { 3 } else { 16 };
        let mut time = Timespec { seconds: 0, nanoseconds: 0 };
        #[expect(unsafe_code, reason = "writes one record of the layout above")]
        let returned = unsafe { clock_gettime(THREAD_CPU, &raw mut time) };
        (returned == 0).then_some(time.seconds as f64 + time.nanoseconds as f64 * 1e-9)
    }
    #[cfg(not(all(target_pointer_width = "64", any(target_os = "linux", target_os = "macos"))))]
    {
        None
    }
}
