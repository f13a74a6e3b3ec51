//! HiGHS's presolve for other solvers: the reduced LP, and the way back from its answer.

use std::ffi::c_int;

use super::{Live, Refused, ok};
use crate::formulation::program::Sense;
use crate::solve::statement::Statement;
use crate::solve::{RunStatus, Solved};

/// What presolve made of an LP.
pub enum Reduced {
    /// A smaller LP (it may have no columns left).
    To(Box<Statement>),
    /// Nothing can be feasible.
    Infeasible,
    /// Presolve came to no end, or cannot say which: solve the LP as it is.
    Unclear,
}

impl Live {
    /// Reduces the loaded LP, which must be a minimum: presolve turns the signs of a maximum.
    ///
    /// # Errors
    /// If HiGHS refuses.
    pub fn reduce(&mut self) -> Result<Reduced, Refused> {
        self.option("presolve", "on")?;
        let pointer = self.model.as_mut_ptr();
        #[expect(unsafe_code, reason = "the instance is alive; plain numbers are returned")]
        let (returned, status, columns, rows, entries) = unsafe {
            (
                highs_sys::Highs_presolve(pointer),
                highs_sys::Highs_getModelStatus(pointer),
                highs_sys::Highs_getPresolvedNumCol(pointer),
                highs_sys::Highs_getPresolvedNumRow(pointer),
                highs_sys::Highs_getPresolvedNumNz(pointer),
            )
        };
        ok(returned, "to presolve")?;
        match status {
            highs_sys::MODEL_STATUS_INFEASIBLE => return Ok(Reduced::Infeasible),
            highs_sys::MODEL_STATUS_UNBOUNDED_OR_INFEASIBLE | highs_sys::MODEL_STATUS_UNBOUNDED => return Ok(Reduced::Unclear),
            // Otherwise there is a reduced LP; whatever comes of it has to pass our own check.
            _ => {}
        }
        let size = |count: c_int| usize::try_from(count).unwrap_or(0);
        let (columns, rows, entries) = (size(columns), size(rows), size(entries));
        let mut reduced = Statement {
            lower: vec![0.0; columns],
            upper: vec![0.0; columns],
            whole: vec![false; columns],
            start: Vec::with_capacity(rows + 1),
            index: Vec::with_capacity(entries),
            value: vec![0.0; entries],
            row_lower: vec![0.0; rows],
            row_upper: vec![0.0; rows],
            row_scale: vec![1.0; rows],
            cost: vec![0.0; columns],
            constant: 0.0,
            sense: Sense::Minimise,
            program_rows: rows,
            least_rows: Vec::new(),
            share_rows: Vec::new(),
            hold_rows: Vec::new(),
        };
        let mut start: Vec<c_int> = vec![0; rows.max(1)];
        let mut index: Vec<c_int> = vec![0; entries.max(1)];
        let (mut found_columns, mut found_rows, mut found_entries, mut sense) = (0, 0, 0, 0);
        #[expect(unsafe_code, reason = "every vector has the length HiGHS has just stated; null stands for 'no integrality wanted'")]
        let returned = unsafe {
            highs_sys::Highs_getPresolvedLp(
                pointer,
                highs_sys::MATRIX_FORMAT_ROW_WISE,
                &raw mut found_columns,
                &raw mut found_rows,
                &raw mut found_entries,
                &raw mut sense,
                &raw mut reduced.constant,
                reduced.cost.as_mut_ptr(),
                reduced.lower.as_mut_ptr(),
                reduced.upper.as_mut_ptr(),
                reduced.row_lower.as_mut_ptr(),
                reduced.row_upper.as_mut_ptr(),
                start.as_mut_ptr(),
                index.as_mut_ptr(),
                reduced.value.as_mut_ptr(),
                std::ptr::null_mut(),
            )
        };
        ok(returned, "to hand out the reduced LP")?;
        if (size(found_columns), size(found_rows), size(found_entries)) != (columns, rows, entries)
            || sense != highs_sys::OBJECTIVE_SENSE_MINIMIZE
        {
            return Ok(Reduced::Unclear);
        }
        reduced.start.extend(start.iter().take(rows).map(|start| size(*start)));
        reduced.start.push(entries);
        reduced.index.extend(index.iter().take(entries).map(|column| size(*column) as u32));
        let inside = reduced.start.is_sorted() && reduced.index.iter().all(|column| (*column as usize) < columns);
        Ok(if inside { Reduced::To(Box::new(reduced)) } else { Reduced::Unclear })
    }

    /// The answer of the whole LP from that of its reduced one.
    ///
    /// # Errors
    /// If HiGHS refuses it.
    pub fn restore(&mut self, reduced: &Statement, answer: &Solved) -> Result<Solved, Refused> {
        let sizes = (answer.point.len(), answer.column_duals.len(), answer.row_duals.len());
        if sizes != (reduced.columns(), reduced.columns(), reduced.rows()) {
            return Err(Refused("an answer of another size".to_owned()));
        }
        #[expect(unsafe_code, reason = "three vectors of the lengths of the reduced LP that HiGHS still holds")]
        let returned = unsafe {
            highs_sys::Highs_postsolve(
                self.model.as_mut_ptr(),
                answer.point.as_ptr(),
                answer.column_duals.as_ptr(),
                answer.row_duals.as_ptr(),
            )
        };
        ok(returned, "to restore an answer")?;
        let restored = self.solved(RunStatus::Optimal)?;
        Ok(Solved { iterations: answer.iterations, ..restored })
    }
}
