//! The basis of a live instance: out, in, and solves with its factors.

use super::{Live, Refused, ok};
use crate::solve::Solved;
use crate::solve::statement::Statement;

/// A basis: one status per column and row, in HiGHS's numbers.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Basis {
    /// Statuses of the columns.
    pub columns: Vec<i32>,
    /// Statuses of the rows.
    pub rows: Vec<i32>,
}

impl Basis {
    /// At the lower bound (or fixed).
    pub const LOWER: i32 = 0;
    /// In the basis.
    pub const BASIC: i32 = 1;
    /// At the upper bound.
    pub const UPPER: i32 = 2;
    /// Free and at zero.
    pub const ZERO: i32 = 3;

    /// The basis that an interior point stands nearest to: what is farther from its bound than its price is
    /// from zero is in it. It need not add up; HiGHS completes it.
    #[must_use]
    pub fn near(statement: &Statement, solved: &Solved) -> Self {
        let status = |value: f64, lower: f64, upper: f64, price: f64| {
            let (below, above) = (value - lower, upper - value);
            match (lower.is_finite(), upper.is_finite()) {
                _ if below.min(above) > price.abs() => Self::BASIC,
                (true, _) if below <= above => Self::LOWER,
                (_, true) => Self::UPPER,
                (true, false) => Self::LOWER,
                (false, false) => Self::ZERO,
            }
        };
        let activity = statement.activity(&solved.point);
        let column =
            |column: usize| status(solved.point[column], statement.lower[column], statement.upper[column], solved.column_duals[column]);
        let row = |row: usize| status(activity[row], statement.row_lower[row], statement.row_upper[row], solved.row_duals[row]);
        Self { columns: (0..statement.columns()).map(column).collect(), rows: (0..statement.rows()).map(row).collect() }
    }
}

impl Live {
    /// The present basis.
    ///
    /// # Errors
    /// If there is none.
    pub fn basis(&self) -> Result<Basis, Refused> {
        let mut basis = Basis { columns: vec![0; self.columns], rows: vec![0; self.rows] };
        #[expect(unsafe_code, reason = "two vectors of the instance's own lengths")]
        let returned = unsafe { highs_sys::Highs_getBasis(self.model.as_ptr(), basis.columns.as_mut_ptr(), basis.rows.as_mut_ptr()) };
        ok(returned, "to hand out its basis")?;
        Ok(basis)
    }

    /// Starts the next run from a basis; HiGHS repairs one that is singular or of the wrong rank.
    ///
    /// # Errors
    /// If the basis does not belong to this LP.
    pub fn set_basis(&mut self, basis: &Basis) -> Result<(), Refused> {
        if basis.columns.len() != self.columns || basis.rows.len() != self.rows {
            return Err(Refused("a basis of another size".to_owned()));
        }
        #[expect(unsafe_code, reason = "two vectors of the instance's own lengths")]
        let returned = unsafe { highs_sys::Highs_setBasis(self.model.as_mut_ptr(), basis.columns.as_ptr(), basis.rows.as_ptr()) };
        ok(returned, "a basis")
    }

    /// What stands in the basis, in the order the solves below use: a column, or −1 − row for a row's slack.
    ///
    /// # Errors
    /// If there is no factored basis.
    pub fn basic(&self) -> Result<Vec<i32>, Refused> {
        let mut basic = vec![0; self.rows];
        #[expect(unsafe_code, reason = "one vector of as many numbers as there are rows")]
        let returned = unsafe { highs_sys::Highs_getBasicVariables(self.model.as_ptr(), basic.as_mut_ptr()) };
        ok(returned, "to name its basic columns")?;
        Ok(basic)
    }

    /// Row duals of another objective at the present basis: `y = B⁻ᵀ c_B`.
    ///
    /// # Errors
    /// If there is no factored basis.
    pub fn duals_of(&self, cost: &[f64]) -> Result<Vec<f64>, Refused> {
        let rhs: Vec<f64> = self
            .basic()?
            .iter()
            .map(|basic| usize::try_from(*basic).ok().and_then(|column| cost.get(column)).copied().unwrap_or(0.0))
            .collect();
        let mut duals = vec![0.0; self.rows];
        #[expect(unsafe_code, reason = "two vectors of as many numbers as there are rows; null asks for the dense answer")]
        let returned = unsafe {
            highs_sys::Highs_getBasisTransposeSolve(
                self.model.as_ptr(),
                rhs.as_ptr(),
                duals.as_mut_ptr(),
                std::ptr::null_mut(),
                std::ptr::null_mut(),
            )
        };
        ok(returned, "a back-solve")?;
        Ok(duals)
    }

    /// `B⁻¹ b`, in the order of [`Live::basic`].
    ///
    /// # Errors
    /// If there is no factored basis or `rhs` has not one number per row.
    pub fn solve_basis(&self, rhs: &[f64]) -> Result<Vec<f64>, Refused> {
        if rhs.len() != self.rows {
            return Err(Refused("a right-hand side of another size".to_owned()));
        }
        let mut answer = vec![0.0; self.rows];
        #[expect(unsafe_code, reason = "two vectors of as many numbers as there are rows; null asks for the dense answer")]
        let returned = unsafe {
            highs_sys::Highs_getBasisSolve(
                self.model.as_ptr(),
                rhs.as_ptr(),
                answer.as_mut_ptr(),
                std::ptr::null_mut(),
                std::ptr::null_mut(),
            )
        };
        ok(returned, "a solve with its basis")?;
        Ok(answer)
    }
}
