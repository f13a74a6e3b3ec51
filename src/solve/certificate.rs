//! Our own check of a point and its duals, in 64-bit arithmetic, whatever the solver says.
//!
//! For an LP `best c·x, l ≤ x ≤ u, L ≤ A x ≤ U` with row duals `y`, the reduced costs are
//! `d = c − Aᵀ y` and, for a minimum, weak duality gives the bound
//! `Σ_i (y_i > 0 ? L_i : U_i) y_i + Σ_j (d_j > 0 ? l_j : u_j) d_j ≤ c·x`.
//! The two sides prove the point to be within their distance of the best: nothing of this depends on how
//! it was found. (For a maximum all signs turn.) A solver's duals are a little wrong, and a reduced cost
//! of the wrong sign at a column without a bound would make the bound worthless; ignoring it makes it
//! false. So it is charged at the largest value its column can take, which the rows imply
//! (`implied.rs`), after Neumaier and Shcherbina (2004). Where they imply none there is no bound, and the
//! phase is not checked. Measures are relative:
//! * *row residual*: by how much a scaled row is broken, over the larger of 1, its bound and its
//!   largest term; *bound residual*: the same for columns;
//! * *dual residual*: a dual that presses against an infinite bound, over the larger of 1 and what it
//!   is made of;
//! * *reduced-cost residual*: distance of the solver's reduced costs from `c − Aᵀ y`;
//! * *gap*: distance of the two sides, and what the rows broken by the point are worth at their duals,
//!   over the larger of the two sides.

use super::implied::Implied;
use super::mend::Mend;
use super::statement::Statement;
use crate::formulation::program::Sense;

/// The tolerance of every measure.
pub const TOLERANCE: f64 = 1e-6;

/// The check of one phase.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PhaseCertificate {
    /// Name of the goal.
    pub name: &'static str,
    /// Largest relative row residual.
    pub row_residual: f64,
    /// The row it belongs to, if above zero (rows beyond the program's are extra rows).
    pub worst_row: Option<usize>,
    /// Largest relative bound residual.
    pub bound_residual: f64,
    /// Largest distance of a whole column from a whole number.
    pub integrality: f64,
    /// Largest relative dual residual; `None` if there are no duals.
    pub dual_residual: Option<f64>,
    /// Largest relative difference of the solver's reduced costs from ours; `None` if there are none.
    pub reduced_cost_residual: Option<f64>,
    /// Relative gap between the goal and its bound (`None` if there is no bound); for an integer run the solver's own.
    pub gap: Option<f64>,
    /// The goal at the point.
    pub primal: f64,
    /// The bound that the duals prove.
    pub dual: Option<f64>,
    /// Every measure is within [`TOLERANCE`] (the gap of an integer run within the gap asked for).
    pub checked: bool,
}

impl PhaseCertificate {
    /// Whether the point keeps every row and bound.
    #[must_use]
    pub fn feasible(&self) -> bool {
        self.row_residual <= TOLERANCE && self.bound_residual <= TOLERANCE && self.integrality <= TOLERANCE
    }

    /// The measures as a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let show = |value: Option<f64>| value.map_or_else(|| "none".to_owned(), |value| format!("{value:.1e}"));
        format!(
            "{}: rows {:.1e}, bounds {:.1e}, duals {}, reduced costs {}, gap {}",
            self.name,
            self.row_residual,
            self.bound_residual,
            show(self.dual_residual),
            show(self.reduced_cost_residual),
            show(self.gap)
        )
    }
}

/// The check of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Certificate {
    /// One for each phase that was run.
    pub phases: Vec<PhaseCertificate>,
    /// Every phase is checked, and there is one.
    pub checked: bool,
}

impl Certificate {
    pub(crate) fn push(&mut self, phase: PhaseCertificate) {
        self.checked = phase.checked && (self.phases.is_empty() || self.checked);
        self.phases.push(phase);
    }
}

/// The duals of a point: of the scaled rows, and the solver's reduced costs if it gives them.
#[derive(Clone, Copy, Debug)]
pub struct Duals<'a> {
    /// d goal / d right-hand side, for each scaled row.
    pub rows: &'a [f64],
    /// Reduced costs, to be compared with ours.
    pub columns: Option<&'a [f64]>,
}

/// Checks a point, and its duals if there are any. `mip_gap` is the solver's own gap and the gap asked
/// for, of an integer run.
#[must_use]
pub fn check(
    statement: &Statement,
    name: &'static str,
    point: &[f64],
    duals: Option<Duals<'_>>,
    mip_gap: Option<(f64, f64)>,
) -> PhaseCertificate {
    let mut certificate = PhaseCertificate { name, ..PhaseCertificate::default() };
    if point.len() != statement.columns() || point.iter().any(|value| !value.is_finite()) {
        certificate.bound_residual = f64::INFINITY;
        certificate.row_residual = f64::INFINITY;
        return certificate;
    }
    certificate.primal = statement.goal(point);
    check_columns(statement, point, &mut certificate);
    check_rows(statement, point, &mut certificate);
    match (duals, mip_gap) {
        (_, Some((gap, asked))) => {
            certificate.gap = Some(gap);
            certificate.checked = certificate.feasible() && gap <= asked.max(TOLERANCE);
        }
        (Some(duals), None) => {
            check_duals(statement, point, duals, &mut certificate);
            let within = |value: Option<f64>| value.is_some_and(|value| value <= TOLERANCE);
            certificate.checked = certificate.feasible()
                && within(certificate.dual_residual)
                && within(certificate.gap)
                && (duals.columns.is_none() || within(certificate.reduced_cost_residual));
        }
        (None, None) => {}
    }
    certificate
}

fn check_columns(statement: &Statement, point: &[f64], certificate: &mut PhaseCertificate) {
    for (column, value) in point.iter().enumerate() {
        let (lower, upper) = (statement.lower[column], statement.upper[column]);
        let beyond = (lower - value).max(value - upper).max(0.0);
        let bound = if value < &lower { lower } else { upper };
        certificate.bound_residual = certificate.bound_residual.max(relative(beyond, bound.abs()));
        if statement.whole[column] {
            certificate.integrality = certificate.integrality.max(relative((value - value.round()).abs(), value.abs()));
        }
    }
}

fn check_rows(statement: &Statement, point: &[f64], certificate: &mut PhaseCertificate) {
    for row in 0..statement.rows() {
        let (mut sum, mut largest) = (0.0, 0.0_f64);
        for (column, value) in statement.entries(row) {
            let term = value * point[column];
            sum += term;
            largest = largest.max(term.abs());
        }
        let (lower, upper) = (statement.row_lower[row], statement.row_upper[row]);
        let beyond = (lower - sum).max(sum - upper).max(0.0);
        let bound = if sum < lower { lower } else { upper };
        let residual = relative(beyond, bound.abs().max(largest));
        // A residual that is not a number must not pass as small.
        if residual.is_nan() || residual > certificate.row_residual {
            certificate.row_residual = if residual.is_nan() { f64::INFINITY } else { residual };
            certificate.worst_row = Some(row);
        }
    }
}

fn check_duals(statement: &Statement, point: &[f64], duals: Duals<'_>, certificate: &mut PhaseCertificate) {
    if duals.rows.len() != statement.rows() || duals.rows.iter().any(|dual| !dual.is_finite()) {
        certificate.dual_residual = Some(f64::INFINITY);
        return;
    }
    // All signs as for a minimum.
    let sign = match statement.sense {
        Sense::Minimise => 1.0,
        Sense::Maximise => -1.0,
    };
    let mut prices = Prices::new(statement, duals.rows, sign);
    certificate.reduced_cost_residual = duals.columns.map(|columns| prices.apart(columns, sign));
    let mut residual = prices.drop_endless_rows(statement);
    let missed = prices.missed(statement, point);
    // The bound with the columns' own limits first; with those that the rows imply where that is not enough.
    let (own, worst) = prices.bound(&statement.lower, &statement.upper);
    residual = residual.max(worst);
    let goal = certificate.primal * sign;
    let gap = |bound: f64| {
        // A thousandth of a unit stands in for an optimum of zero.
        let gap = ((goal - bound).abs() + missed) / goal.abs().max(bound.abs()).max(1e-3);
        if gap.is_nan() { f64::INFINITY } else { gap }
    };
    let mut bound = own;
    if bound.is_none_or(|bound| gap(bound) > TOLERANCE) {
        let cost: Vec<f64> = statement.cost.iter().map(|cost| sign * cost).collect();
        let most = goal - statement.constant * sign;
        let implied = Implied::of(statement, Some((&cost, most + 1e-9 * goal.abs())));
        bound = prices.bound(&implied.lower, &implied.upper).0.or(bound);
        if bound.is_none() {
            prices.mend(statement, &implied);
            bound = prices.bound(&implied.lower, &implied.upper).0;
        }
    }
    certificate.dual_residual = Some(residual);
    certificate.dual = bound.map(|bound| bound * sign);
    certificate.gap = bound.map(gap);
}

/// A reduced cost up to this share of what it is made of cannot be told from zero.
const ROUNDING: f64 = 1e-12;

/// Prices of rows and columns, as for a minimum.
struct Prices {
    rows: Vec<f64>,
    columns: Vec<f64>,
    /// The largest term each column's price is made of.
    made_of: Vec<f64>,
    /// What the rows prove, and the goal's constant.
    from_rows: f64,
    constant: f64,
}

impl Prices {
    fn new(statement: &Statement, duals: &[f64], sign: f64) -> Self {
        let mut columns: Vec<f64> = statement.cost.iter().map(|cost| sign * cost).collect();
        let mut made_of: Vec<f64> = statement.cost.iter().map(|cost| cost.abs()).collect();
        let rows: Vec<f64> = duals.iter().map(|dual| sign * dual).collect();
        for (row, price) in rows.iter().enumerate().filter(|(_, price)| **price != 0.0) {
            for (column, value) in statement.entries(row) {
                columns[column] -= value * price;
                made_of[column] = made_of[column].max((value * price).abs());
            }
        }
        let constant = statement.constant * sign;
        Self { rows, columns, made_of, from_rows: constant, constant }
    }

    /// Largest relative distance of a solver's reduced costs from ours.
    fn apart(&self, theirs: &[f64], sign: f64) -> f64 {
        if theirs.len() != self.columns.len() {
            return f64::INFINITY;
        }
        let differences =
            theirs.iter().zip(&self.columns).zip(&self.made_of).map(|((theirs, ours), size)| relative((sign * theirs - ours).abs(), *size));
        differences.fold(0.0, |worst: f64, difference| if difference.is_nan() { f64::INFINITY } else { worst.max(difference) })
    }

    /// A row's price that presses against no limit proves nothing: it is set to zero, and the columns pay
    /// for it. Any prices of rows give a bound. The largest such price.
    fn drop_endless_rows(&mut self, statement: &Statement) -> f64 {
        let mut worst = 0.0_f64;
        for (row, price) in self.rows.iter_mut().enumerate().filter(|(_, price)| **price != 0.0) {
            let side = if *price > 0.0 { statement.row_lower[row] } else { statement.row_upper[row] };
            if side.is_finite() {
                self.from_rows += *price * side;
                continue;
            }
            worst = worst.max(relative(price.abs(), 1.0));
            for (column, value) in statement.entries(row) {
                self.columns[column] += value * *price;
            }
            *price = 0.0;
        }
        worst
    }

    /// Moves prices until none presses against nothing, where they can be moved so.
    fn mend(&mut self, statement: &Statement, implied: &Implied) {
        let zero: Vec<f64> = self.made_of.iter().map(|size| ROUNDING * size).collect();
        let (lower, upper) = (&implied.lower, &implied.upper);
        Mend { statement, rows: &mut self.rows, columns: &mut self.columns, zero: &zero, lower, upper }.run();
        let side = |row: usize, price: f64| if price > 0.0 { statement.row_lower[row] } else { statement.row_upper[row] };
        let priced = self.rows.iter().enumerate().filter(|(_, price)| **price != 0.0);
        self.from_rows = self.constant + priced.map(|(row, price)| price * side(row, *price)).sum::<f64>();
    }

    /// What the rows and bounds that the point breaks are worth at these prices: so much of the goal may
    /// rest on their being broken.
    fn missed(&self, statement: &Statement, point: &[f64]) -> f64 {
        let beyond = |value: f64, lower: f64, upper: f64| (lower - value).max(value - upper).max(0.0);
        let activity = statement.activity(point);
        let of_rows = self.rows.iter().enumerate().filter(|(_, price)| **price != 0.0);
        let of_columns = self.columns.iter().enumerate().filter(|(_, price)| **price != 0.0);
        of_rows.map(|(row, price)| price.abs() * beyond(activity[row], statement.row_lower[row], statement.row_upper[row])).sum::<f64>()
            + of_columns
                .map(|(column, price)| price.abs() * beyond(point[column], statement.lower[column], statement.upper[column]))
                .sum::<f64>()
    }

    /// The bound on the goal, every price charged at the worst value its column can take; `None` if one
    /// has no such value. Beside it the largest relative price without a limit to press against.
    fn bound(&self, lower: &[f64], upper: &[f64]) -> (Option<f64>, f64) {
        let (mut bound, mut residual, mut endless) = (self.from_rows, 0.0_f64, false);
        for (column, price) in self.columns.iter().enumerate().filter(|(_, price)| **price != 0.0) {
            let side = if *price > 0.0 { lower[column] } else { upper[column] };
            if side.is_finite() {
                bound += price * side;
            } else {
                residual = residual.max(relative(price.abs(), self.made_of[column]));
                endless |= price.abs() > ROUNDING * self.made_of[column];
            }
        }
        ((!endless).then_some(bound), residual)
    }
}

fn relative(value: f64, size: f64) -> f64 {
    value / size.max(1.0)
}
