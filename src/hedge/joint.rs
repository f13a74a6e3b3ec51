//! The extensive form: the programs of all futures side by side, with the columns of what is decided before
//! they can be told apart shared.
//!
//!   best  Σ_ω π_ω · goal_ω(x, y_ω)   with   A_ω x + B_ω y_ω within its bounds, for every future ω
//!
//! A shared column keeps the bounds of all futures that share it. What one of them does not allow at all
//! (no supply there, not in force there) can't be decided for all and is held at nothing; what would only
//! arrive after the horizon there is free there. A row that says the same of shared columns in several
//! futures is stated once. With one future the program is that future's own.

use std::collections::{HashMap, HashSet};

use super::dated::Decision;
use crate::formulation::program::{Col, Column, Key, Linear, Phase, Program, Row, Symbol};
use crate::formulation::scale::merge;
use crate::plan::Month;
use crate::solve::glance::Bases;

/// What a row says: its noun, and the columns with the bits of their coefficients.
pub(super) type Says = (&'static str, Vec<(u32, u64)>);

/// A future.
#[derive(Clone, Copy, Debug)]
pub struct Member<'p> {
    /// Its id.
    pub id: &'p str,
    /// How likely it is.
    pub probability: f64,
    /// Its program, finished.
    pub program: &'p Program,
    /// What is decided in it.
    pub decisions: &'p [Decision],
    /// Orders that would arrive after the horizon's end.
    pub late: &'p HashSet<Key>,
}

/// What becomes known when.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Unfolding {
    /// From which month on each uncertainty is known; [`Month::ALWAYS`] for from the start.
    pub known_from: Vec<Month>,
    /// The outcome of each uncertainty in each future: `outcomes[future][uncertainty]`.
    pub outcomes: Vec<Vec<usize>>,
}

impl Unfolding {
    /// The first of the futures that cannot be told from this one by what is known in a month.
    #[must_use]
    pub fn class(&self, future: usize, month: Month) -> usize {
        let Some(own) = self.outcomes.get(future) else { return future };
        let same = |other: &Vec<usize>| {
            self.known_from.iter().zip(own.iter().zip(other)).all(|(known, (one, other))| *known > month || one == other)
        };
        self.outcomes.iter().take(future).position(same).unwrap_or(future)
    }

    /// Whether all that is not known from the start becomes known at once, so that what follows is each future's own.
    #[must_use]
    pub fn is_in_two_stages(&self) -> bool {
        let later: Vec<Month> = self.known_from.iter().copied().filter(|month| *month != Month::ALWAYS).collect();
        later.windows(2).all(|pair| pair[0] == pair[1])
    }
}

/// The joint program and where each future's columns stand in it.
#[derive(Clone, Debug, Default)]
pub struct Joint {
    /// The program; its goals are the means of the futures' goals.
    pub program: Program,
    /// For each future, its columns in the joint program.
    pub columns: Vec<Vec<Col>>,
    /// Columns that all futures share.
    pub shared: Vec<Col>,
    /// What can't be decided for all, since a future does not allow it: the decision in words, and the future.
    pub held_back: Vec<(String, usize)>,
    /// Probabilities, one for each future.
    pub probabilities: Vec<f64>,
    /// Names of the futures.
    pub ids: Vec<String>,
}

impl Joint {
    /// A point of the joint program as points of the futures.
    #[must_use]
    pub fn split(&self, point: &[f64]) -> Vec<Vec<f64>> {
        let value = |col: &Col| point.get(col.0 as usize).copied().unwrap_or(0.0);
        self.columns.iter().map(|columns| columns.iter().map(value).collect()).collect()
    }

    /// Where each future would stand alone, of where all of them stand together.
    #[must_use]
    pub fn apart(&self, members: &[Member<'_>], bases: &Bases) -> Vec<Bases> {
        let of = |(number, member): (usize, &Member<'_>)| {
            let (columns, rows) = self.keys(number, member);
            bases.of(&columns, &rows)
        };
        members.iter().enumerate().map(of).collect()
    }

    /// The keys that a future's columns and rows have here.
    fn keys(&self, number: usize, member: &Member<'_>) -> (Vec<Key>, Vec<Key>) {
        let column = |col: &Col| self.program.columns.get(col.0 as usize).map(|column| column.key);
        let columns = self.columns.get(number).into_iter().flatten().filter_map(column).collect();
        let future = self.symbol(number);
        let rows = member.program.rows.iter().map(|row| Key { future, ..row.key }).collect();
        (columns, rows)
    }

    /// Where the joint program may begin, from where each future ends alone; futures that are likelier are heard last.
    #[must_use]
    pub fn beginning(&self, members: &[Member<'_>], ends: &[Bases]) -> Bases {
        let mut order: Vec<usize> = (0..members.len().min(ends.len())).collect();
        order.sort_by(|one, other| self.probabilities[*one].total_cmp(&self.probabilities[*other]));
        order.into_iter().fold(Bases::default(), |bases, number| {
            let (columns, rows) = self.keys(number, &members[number]);
            bases.beside(&ends[number], &columns, &rows)
        })
    }

    /// A function of a future's columns as one of the joint columns.
    #[must_use]
    pub fn of(&self, future: usize, function: &Linear) -> Linear {
        let columns = self.columns.get(future).map(Vec::as_slice).unwrap_or_default();
        Linear { terms: mapped(columns, &function.terms), ..function.clone() }
    }

    /// The symbol of a future: none where there is but one.
    pub(super) fn symbol(&self, future: usize) -> Symbol {
        if self.ids.len() <= 1 { Symbol::NONE } else { self.ids.get(future).map_or(Symbol::NONE, |id| Symbol::new(id)) }
    }
}

fn mapped(columns: &[Col], terms: &[(Col, f64)]) -> Vec<(Col, f64)> {
    terms.iter().filter_map(|(col, coefficient)| Some((*columns.get(col.0 as usize)?, *coefficient))).collect()
}

/// States the futures as one program.
///
/// # Errors
/// Why they cannot be: goals that differ, or that are quotients.
pub fn joint(members: &[Member<'_>], unfolding: &Unfolding) -> Result<Joint, String> {
    let mut joint = Joint {
        probabilities: members.iter().map(|member| member.probability).collect(),
        ids: members.iter().map(|member| member.id.to_owned()).collect(),
        ..Joint::default()
    };
    columns(&mut joint, members, unfolding);
    rows(&mut joint, members);
    phases(&mut joint, members)?;
    for (number, member) in members.iter().enumerate() {
        joint.program.symbols.extend(member.program.symbols.iter().map(|(symbol, id)| (*symbol, id.clone())));
        joint.program.symbols.insert(joint.symbol(number), member.id.to_owned());
    }
    joint.program.symbols.remove(&Symbol::NONE);
    Ok(joint)
}

/// The earliest month in which each decision falls in any future, by key.
pub(super) fn months(members: &[Member<'_>]) -> HashMap<Key, (Month, String)> {
    let mut months: HashMap<Key, (Month, String)> = HashMap::new();
    for decision in members.iter().flat_map(|member| member.decisions) {
        let known = months.entry(decision.key).or_insert_with(|| (decision.month, decision.name.clone()));
        known.0 = known.0.min(decision.month);
    }
    months
}

fn columns(joint: &mut Joint, members: &[Member<'_>], unfolding: &Unfolding) {
    let months = months(members);
    // Where a decision stands, by its key and the class of futures that share it.
    let mut known: HashMap<(Key, usize), Col> = HashMap::new();
    let mut having: HashMap<(Key, usize), usize> = HashMap::new();
    for (number, member) in members.iter().enumerate() {
        let mut places = Vec::with_capacity(member.program.columns.len());
        for column in &member.program.columns {
            let limit = column.limit.map(|limit| limit + joint.program.limits.len() as u32);
            let own = Column { key: Key { future: joint.symbol(number), ..column.key }, limit, ..column.clone() };
            let decided = months.get(&column.key).map(|(month, _)| unfolding.class(number, *month));
            let Some(class) = decided else {
                places.push(Col(joint.program.columns.len() as u32));
                joint.program.columns.push(own);
                continue;
            };
            let place = (column.key, class);
            *having.entry(place).or_default() += 1;
            let col = *known.entry(place).or_insert_with(|| {
                joint.program.columns.push(Column { key: Key { future: joint.symbol(class), ..column.key }, ..own.clone() });
                Col(joint.program.columns.len() as u32 - 1)
            });
            if let Some(shared) = joint.program.columns.get_mut(col.0 as usize) {
                shared.lower = shared.lower.max(own.lower);
                if own.upper < shared.upper {
                    shared.upper = own.upper;
                    shared.limit = own.limit;
                }
            }
            places.push(col);
        }
        joint.program.limits.extend(member.program.limits.iter().cloned());
        joint.columns.push(places);
    }
    let mut decided: Vec<((Key, usize), Col)> = known.into_iter().collect();
    decided.sort_unstable_by_key(|(_, col)| *col);
    for ((key, class), col) in decided {
        let Some((month, name)) = months.get(&key) else { continue };
        let sharing: Vec<usize> = (0..members.len()).filter(|future| unfolding.class(*future, *month) == class).collect();
        let Some(column) = joint.program.columns.get_mut(col.0 as usize) else { continue };
        if sharing.len() == members.len() {
            column.key.future = Symbol::NONE;
            joint.shared.push(col);
        }
        if having.get(&(key, class)).is_some_and(|having| *having < sharing.len()) {
            let has = |future: usize| members[future].decisions.iter().any(|decision| decision.key == key);
            let against = sharing.iter().find(|future| !has(**future) && !members[**future].late.contains(&key));
            if let Some(against) = against {
                column.upper = column.upper.min(0.0_f64.max(column.lower));
                joint.held_back.push((name.clone(), *against));
            }
        }
    }
}

fn rows(joint: &mut Joint, members: &[Member<'_>]) {
    // Rows of columns that several futures share, by what they say: stated once, with the tightest bounds.
    let mut known: HashMap<Says, usize> = HashMap::new();
    let mut uses: HashMap<u32, usize> = HashMap::new();
    for columns in &joint.columns {
        for col in columns {
            *uses.entry(col.0).or_default() += 1;
        }
    }
    let mut limits = 0;
    for (number, member) in members.iter().enumerate() {
        let columns = joint.columns.get(number).map(Vec::as_slice).unwrap_or_default();
        let future = joint.symbol(number);
        for row in &member.program.rows {
            let mut terms = mapped(columns, &row.terms);
            terms.sort_unstable_by_key(|(col, _)| *col);
            let limit = row.limit.map(|limit| limit + limits);
            if members.len() > 1 && !terms.is_empty() && terms.iter().all(|(col, _)| uses.get(&col.0).is_some_and(|uses| *uses > 1)) {
                let says: Vec<(u32, u64)> = terms.iter().map(|(col, coefficient)| (col.0, coefficient.to_bits())).collect();
                if let Some(stated) = known.get(&(row.key.noun, says.clone())).and_then(|place| joint.program.rows.get_mut(*place)) {
                    if row.upper < stated.upper {
                        (stated.upper, stated.limit) = (row.upper, limit);
                    }
                    if row.lower > stated.lower {
                        (stated.lower, stated.limit) = (row.lower, limit);
                    }
                    continue;
                }
                known.insert((row.key.noun, says), joint.program.rows.len());
            }
            joint.program.rows.push(Row { key: Key { future, ..row.key }, terms, limit, ..row.clone() });
        }
        limits += member.program.limits.len() as u32;
    }
}

fn phases(joint: &mut Joint, members: &[Member<'_>]) -> Result<(), String> {
    let Some(first) = members.first() else { return Err("There is no future.".to_owned()) };
    for (number, phase) in first.program.phases.iter().enumerate() {
        if phase.per.is_some() || phase.at_least.is_some() {
            return Err("A cost per token can't be averaged over futures: it is a quotient.".to_owned());
        }
        let mut goal = Linear { terms: Vec::new(), constant: 0.0, ..phase.goal.clone() };
        for (future, member) in members.iter().enumerate() {
            let same = member.program.phases.get(number).filter(|own| own.goal.name == phase.goal.name && own.sense == phase.sense);
            let Some(own) = same.filter(|_| member.program.phases.len() == first.program.phases.len()) else {
                return Err(format!("The future `{}` wants something else than `{}`.", member.id, first.id));
            };
            let of_future = joint.of(future, &own.goal);
            // With one future nothing is multiplied, so that its program is the plan's own to the last bit.
            let weight = if members.len() == 1 { 1.0 } else { member.probability };
            goal.terms.extend(of_future.terms.iter().map(|(col, coefficient)| (*col, weight * coefficient)));
            goal.constant += weight * of_future.constant;
        }
        merge(&mut goal.terms);
        joint.program.phases.push(Phase { goal, ..phase.clone() });
    }
    Ok(())
}
