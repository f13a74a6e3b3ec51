//! What is decided for several futures at once, apart from their programs: for cuts, where no joint program is made.

use std::collections::HashMap;

use super::joint::{Member, Says, Unfolding, months};
use crate::formulation::program::{Col, Key, Row, Symbol};

/// A column that all futures share which can't be told apart when it is decided.
#[derive(Clone, Debug, PartialEq)]
pub struct Shared {
    /// Its key.
    pub key: Key,
    /// The first of the futures that share it.
    pub class: usize,
    /// Smallest value that every one of them allows.
    pub lower: f64,
    /// Largest value that every one of them allows.
    pub upper: f64,
    /// Where it stands in each future; none where it would only arrive after the horizon, or where it is not shared.
    pub columns: Vec<Option<Col>>,
}

impl Shared {
    /// Its key among the decisions of all heaps of futures.
    pub(super) fn own_key(&self) -> Key {
        if self.class == 0 { self.key } else { Key { future: Symbol::new(&format!("from {}", self.class)), ..self.key } }
    }
}

/// What is decided before futures can be told from one another, and what can't be decided for all (in words,
/// with the future that does not allow it).
#[must_use]
pub fn shared(members: &[Member<'_>], unfolding: &Unfolding) -> (Vec<Shared>, Vec<(String, usize)>) {
    let months = months(members);
    let class = |number: usize, key: &Key| months.get(key).map_or(number, |(month, _)| unfolding.class(number, *month));
    let mut places: HashMap<(Key, usize), usize> = HashMap::new();
    let mut found: Vec<Shared> = Vec::new();
    for (number, member) in members.iter().enumerate() {
        for decision in member.decisions {
            let Some(column) = member.program.columns.get(decision.col.0 as usize) else { continue };
            let class = class(number, &decision.key);
            let place = *places.entry((decision.key, class)).or_insert_with(|| {
                let columns = vec![None; members.len()];
                found.push(Shared { key: decision.key, class, lower: column.lower, upper: column.upper, columns });
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
    // What belongs to one future alone is decided in its own program.
    found.retain(|of_all| (0..members.len()).filter(|number| class(*number, &of_all.key) == of_all.class).count() > 1);
    let mut held_back = Vec::new();
    for of_all in &mut found {
        let lacks = |future: &usize| {
            let own = class(*future, &of_all.key) == of_all.class && of_all.columns.get(*future).copied().flatten().is_none();
            own && !members.get(*future).is_some_and(|member| member.late.contains(&of_all.key))
        };
        if let Some(against) = (0..members.len()).find(lacks) {
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
