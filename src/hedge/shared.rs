//! What is decided for all futures, apart from their programs: for cuts, where no joint program is made.

use std::collections::HashMap;

use super::joint::{Member, Says, Unfolding, months};
use crate::formulation::program::{Col, Key, Row};

/// A column that all futures share.
#[derive(Clone, Debug, PartialEq)]
pub struct Shared {
    /// Its key.
    pub key: Key,
    /// Smallest value that every future allows.
    pub lower: f64,
    /// Largest value that every future allows.
    pub upper: f64,
    /// Where it stands in each future; none where it would only arrive after the horizon.
    pub columns: Vec<Option<Col>>,
}

/// What is decided before any future can be told from another, and what can't be decided for all (in words,
/// with the future that does not allow it).
#[must_use]
pub fn shared(members: &[Member<'_>], unfolding: &Unfolding) -> (Vec<Shared>, Vec<(String, usize)>) {
    let months = months(members);
    let mut places: HashMap<Key, usize> = HashMap::new();
    let mut found: Vec<Shared> = Vec::new();
    for (number, member) in members.iter().enumerate() {
        for decision in member.decisions {
            let is_for_all =
                months.get(&decision.key).is_some_and(|(month, _)| (0..members.len()).all(|future| unfolding.class(future, *month) == 0));
            let Some(column) = member.program.columns.get(decision.col.0 as usize).filter(|_| is_for_all) else { continue };
            let place = *places.entry(decision.key).or_insert_with(|| {
                let columns = vec![None; members.len()];
                found.push(Shared { key: decision.key, lower: column.lower, upper: column.upper, columns });
                found.len() - 1
            });
            if let Some(of_all) = found.get_mut(place) {
                of_all.lower = of_all.lower.max(column.lower);
                of_all.upper = of_all.upper.min(column.upper);
                if let Some(own) = of_all.columns.get_mut(number) {
                    *own = Some(decision.col);
                }
            }
        }
    }
    let mut held_back = Vec::new();
    for of_all in &mut found {
        let lacking =
            |(future, col): (usize, &Option<Col>)| (col.is_none() && !members[future].late.contains(&of_all.key)).then_some(future);
        if let Some(against) = of_all.columns.iter().enumerate().find_map(lacking) {
            of_all.upper = of_all.upper.min(0.0_f64.max(of_all.lower));
            let name = months.get(&of_all.key).map_or_else(String::new, |(_, name)| name.clone());
            held_back.push((name, against));
        }
    }
    (found, held_back)
}

/// The rows of the futures' programs that hold shared columns only, in terms of those (by their number), each
/// stated once with the tightest bounds.
#[must_use]
pub(super) fn rows_of(members: &[Member<'_>], shared: &[Shared]) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut known: HashMap<Says, usize> = HashMap::new();
    for (number, member) in members.iter().enumerate() {
        let own: HashMap<Col, u32> = shared
            .iter()
            .enumerate()
            .filter_map(|(place, of_all)| Some((of_all.columns.get(number).copied().flatten()?, place as u32)))
            .collect();
        for row in member.program.rows.iter().filter(|row| !row.terms.is_empty()) {
            let terms: Option<Vec<(Col, f64)>> =
                row.terms.iter().map(|(col, coefficient)| Some((Col(*own.get(col)?), *coefficient))).collect();
            let Some(mut terms) = terms else { continue };
            terms.sort_unstable_by_key(|(col, _)| *col);
            let says: Vec<(u32, u64)> = terms.iter().map(|(col, coefficient)| (col.0, coefficient.to_bits())).collect();
            match known.get(&(row.key.noun, says.clone())).and_then(|place| rows.get_mut(*place)) {
                Some(stated) => {
                    stated.lower = stated.lower.max(row.lower);
                    stated.upper = stated.upper.min(row.upper);
                }
                None => {
                    known.insert((row.key.noun, says), rows.len());
                    rows.push(Row { terms, limit: None, ..row.clone() });
                }
            }
        }
    }
    rows
}
