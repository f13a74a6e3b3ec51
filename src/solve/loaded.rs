//! A live HiGHS instance together with the statement it holds, so that another statement of the same
//! shape can be sent as the difference only. No code here knows what a number means.

use super::highs::{Live, Refused};
use super::statement::Statement;

/// An instance and what it holds.
pub(crate) struct Loaded {
    pub(crate) live: Live,
    pub(crate) statement: Statement,
}

impl Loaded {
    pub(crate) fn new(statement: Statement) -> Result<Self, Refused> {
        Ok(Self { live: Live::load(&statement)?, statement })
    }

    /// Sends what differs. The shapes must be the same.
    pub(crate) fn update(&mut self, new: Statement) -> Result<Changes, Refused> {
        if !self.statement.same_shape(&new) {
            return Err(Refused("a program of another shape".to_owned()));
        }
        let mut changes = Changes::default();
        let differs = |old: &[f64], new: &[f64], number: usize| old[number] != new[number];
        let columns: Vec<u32> = (0..new.columns())
            .filter(|column| differs(&self.statement.lower, &new.lower, *column) || differs(&self.statement.upper, &new.upper, *column))
            .map(|column| column as u32)
            .collect();
        self.live.change_columns(&columns, &new)?;
        let rows: Vec<u32> = (0..new.rows())
            .filter(|row| {
                differs(&self.statement.row_lower, &new.row_lower, *row) || differs(&self.statement.row_upper, &new.row_upper, *row)
            })
            .map(|row| row as u32)
            .collect();
        self.live.change_rows(&rows, &new)?;
        changes.bounds = columns.len() + rows.len();
        if self.statement.cost != new.cost || self.statement.sense != new.sense {
            self.live.change_costs(&new.cost, new.sense)?;
            changes.costs = true;
        }
        if self.statement.value != new.value {
            for row in 0..new.rows() {
                for place in new.start[row]..new.start[row + 1] {
                    if self.statement.value[place] != new.value[place] {
                        self.live.change_entry(row, new.index[place] as usize, new.value[place])?;
                        changes.entries += 1;
                    }
                }
            }
        }
        self.statement = new;
        Ok(changes)
    }
}

/// How much an update sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Changes {
    pub(crate) bounds: usize,
    pub(crate) costs: bool,
    pub(crate) entries: usize,
}
