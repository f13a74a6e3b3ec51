//! Numbers that change by date: dated steps and curves, with a source where the plan gives one.

use std::collections::BTreeMap;

use super::node::{Bounds, Entry, MapNode, Node, Raw, Reader, Shape, StepsVisitor, Tree, quoted, record, replace_with};
use super::values::Month;

/// A number that may change by date: `200.0`, `{"2027-01": 200.0, "2028-07": 450.0}` or
/// `Curve(from: 2.19, factor_per_year: 0.33, floor: 0.05)`; each may stand in
/// `Stated(value: …, source: "…")`.
///
/// A period takes the last step dated on or before its first day, or what the curve is on that day. The
/// key `"start"` stands for "before every date": `{"start": 200.0, "2028-07": 450.0}`.
#[derive(Clone, Debug, PartialEq)]
pub struct Steps {
    /// How it goes.
    pub course: Course,
    /// Where it comes from; empty if the plan does not say.
    pub source: String,
}

/// How a number goes over time.
#[derive(Clone, Debug, PartialEq)]
pub enum Course {
    /// The number that holds from each month on.
    Dated(BTreeMap<Month, f64>),
    /// A number that changes by a factor a year.
    Curve(Curve),
}

record! {
    /// A number that changes by a factor a year. It is given, or follows from a half-life, or is a curve's of the catalog.
    pub struct Curve {
        /// The number at its start
        from: f64,
        /// Factor a year
        factor_per_year: Option<f64> [1e-6, 1000.0] = None,
        /// Years in which it halves, instead of a factor
        half_life_years: Option<f64> [0.01, 1000.0] = None,
        /// A curve of the catalog, by id, instead of a factor
        catalog: Option<String> = None,
        /// Never below this
        floor: Option<f64> = None,
        /// Never above this
        ceiling: Option<f64> = None,
        /// Month of its start; the horizon's first if left out
        since: Option<Month> = None,
    }
}

record! {
    /// The long form of a [`Steps`].
    pub struct StatedSteps {
        /// The number, dated numbers or a curve
        value: Course,
        /// Where it comes from
        source: String = String::new(),
    }
}

impl Curve {
    /// The factor a year that the plan gives; none if the catalog has it.
    #[must_use]
    pub fn factor(&self) -> Option<f64> {
        self.factor_per_year.or_else(|| self.half_life_years.map(|years| 0.5f64.powf(1.0 / years)))
    }

    /// The number in a month, at a factor a year, for a plan that starts in `start`.
    #[must_use]
    pub fn at(&self, factor: f64, start: Month, month: Month) -> f64 {
        let months = month.0.saturating_sub(self.since.unwrap_or(start).0);
        let value = self.from * factor.powf(f64::from(months) / 12.0);
        value.max(self.floor.unwrap_or(f64::NEG_INFINITY)).min(self.ceiling.unwrap_or(f64::INFINITY))
    }
}

impl Steps {
    /// The same number from the start.
    #[must_use]
    pub fn always(value: f64) -> Self {
        Self::dated(BTreeMap::from([(Month::ALWAYS, value)]))
    }

    /// What a text says, if it can be read.
    #[must_use]
    pub fn of_text(text: &str) -> Option<Self> {
        let mut reader = Reader::new(text, "");
        Self::read(Raw::new(text), &mut reader).filter(|_| reader.problems.is_empty())
    }

    /// Numbers from dates on.
    #[must_use]
    pub fn dated(steps: BTreeMap<Month, f64>) -> Self {
        Self { course: Course::Dated(steps), source: String::new() }
    }

    /// The dates and their numbers, if it is not a curve.
    #[must_use]
    pub fn dates(&self) -> Option<&BTreeMap<Month, f64>> {
        match &self.course {
            Course::Dated(steps) => Some(steps),
            Course::Curve(_) => None,
        }
    }

    /// The curve, if it is one.
    #[must_use]
    pub fn curve(&self) -> Option<&Curve> {
        match &self.course {
            Course::Dated(_) => None,
            Course::Curve(curve) => Some(curve),
        }
    }

    /// The number in force in a month, if any step is dated before it. Of a curve, its first number: what it
    /// becomes is known once the plan is resolved, where every curve turns into steps.
    #[must_use]
    pub fn at(&self, month: Month) -> Option<f64> {
        match &self.course {
            Course::Dated(steps) => steps.range(..=month).next_back().map(|(_, value)| *value),
            Course::Curve(curve) => Some(curve.from),
        }
    }

    /// The one number, if it never changes.
    #[must_use]
    pub fn constant(&self) -> Option<f64> {
        let steps = self.dates()?;
        match (steps.len(), steps.first_key_value()) {
            (1, Some((month, value))) if *month == Month::ALWAYS => Some(*value),
            _ => None,
        }
    }

    /// The first number in time.
    #[must_use]
    pub fn first(&self) -> Option<f64> {
        match &self.course {
            Course::Dated(steps) => steps.values().next().copied(),
            Course::Curve(curve) => Some(curve.from),
        }
    }

    /// The last number in time; of a curve, its first.
    #[must_use]
    pub fn last(&self) -> Option<f64> {
        match &self.course {
            Course::Dated(steps) => steps.values().next_back().copied(),
            Course::Curve(curve) => Some(curve.from),
        }
    }

    /// The first month in which the number is above zero; [`Month::ALWAYS`] of a curve that starts above it.
    #[must_use]
    pub fn first_above_zero(&self) -> Option<Month> {
        match &self.course {
            Course::Dated(steps) => steps.iter().find(|(_, value)| **value > 0.0).map(|(month, _)| *month),
            Course::Curve(curve) => (curve.from > 0.0).then_some(Month::ALWAYS),
        }
    }
}

/// The month that a step's key names; `start` is before all others.
///
/// # Errors
/// What is wrong with the key.
pub fn step_from_key(key: &str) -> Result<Month, String> {
    if key == "start" { Ok(Month::ALWAYS) } else { Month::parse(key) }
}

/// The key of a step in a plan's text and paths.
#[must_use]
pub fn step_key(month: Month) -> String {
    if month == Month::ALWAYS { "start".to_owned() } else { month.to_string() }
}

impl Node for Course {
    fn read(raw: Raw<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        if let Some(("Curve", body)) = raw.variant() {
            let problems = reader.problems.len();
            let curve = Curve::read(body, reader)?;
            let given = [curve.factor_per_year.is_some(), curve.half_life_years.is_some(), curve.catalog.is_some()]
                .iter()
                .filter(|given| **given)
                .count();
            // What was given and could not be read has been told at its own place.
            if given == 0 && reader.problems.len() > problems {
                return None;
            }
            if given != 1 {
                let message = "A curve takes its course from exactly one of `factor_per_year`, `half_life_years` and `catalog`.";
                reader.problem("curve-course", raw, message, Some("Give one of them, such as `factor_per_year: 0.5`.".into()));
                return None;
            }
            return Some(Self::Curve(curve));
        }
        if raw.text.starts_with('{') {
            let steps = read_keyed(raw, reader, step_from_key)?;
            if steps.is_empty() {
                reader.problem(
                    "empty-steps",
                    raw,
                    "There is no step here.",
                    Some("Give at least one date and its value, or leave the field out.".into()),
                );
                return None;
            }
            return Some(Self::Dated(steps));
        }
        f64::read(raw, reader).map(|value| Self::Dated(BTreeMap::from([(Month::ALWAYS, value)])))
    }
    fn shape() -> Shape {
        Shape::Steps
    }
    fn example() -> String {
        "0.0".into()
    }
    fn tree(&self) -> Tree {
        match self {
            Self::Curve(curve) => match curve.tree() {
                Tree::Group { brackets, items, .. } => Tree::Group { name: "Curve", brackets, items },
                atom @ Tree::Atom(_) => atom,
            },
            Self::Dated(steps) => match (steps.len(), steps.first_key_value()) {
                (1, Some((month, value))) if *month == Month::ALWAYS => value.tree(),
                _ => {
                    let items = steps.iter().map(|(month, value)| (Some(quoted(&step_key(*month))), value.tree())).collect();
                    Tree::Group { name: "", brackets: ('{', '}'), items }
                }
            },
        }
    }
    fn blank() -> Option<Self> {
        Some(Self::Dated(BTreeMap::new()))
    }
    fn replace(&mut self, raw: Raw<'_>, reader: &mut Reader<'_>, bounds: Option<Bounds>) -> bool {
        replace_with(self, raw, reader, bounds)
    }
    fn child(&self, key: &str) -> Option<&dyn Node> {
        match self {
            Self::Dated(steps) => steps.get(&step_from_key(key).ok()?).map(|value| value as &dyn Node),
            Self::Curve(curve) => curve.child(key),
        }
    }
    fn child_mut(&mut self, key: &str) -> Option<&mut dyn Node> {
        match self {
            Self::Dated(steps) => steps.get_mut(&step_from_key(key).ok()?).map(|value| value as &mut dyn Node),
            Self::Curve(curve) => curve.child_mut(key),
        }
    }
    fn make_child(&mut self, key: &str) -> bool {
        match (self, step_from_key(key)) {
            (Self::Dated(steps), Ok(month)) => {
                steps.entry(month).or_insert(0.0);
                true
            }
            _ => false,
        }
    }
    fn reset_child(&mut self, key: &str) -> bool {
        match self {
            Self::Dated(_) => false,
            Self::Curve(curve) => curve.reset_child(key),
        }
    }
    fn child_bounds(&self, key: &str) -> Option<Bounds> {
        match self {
            Self::Dated(_) => None,
            Self::Curve(curve) => curve.child_bounds(key),
        }
    }
    fn children(&self) -> Vec<String> {
        match self {
            Self::Dated(steps) => steps.keys().copied().map(step_key).collect(),
            Self::Curve(curve) => curve.children(),
        }
    }
    fn as_map_mut(&mut self) -> Option<&mut dyn MapNode> {
        match self {
            Self::Dated(_) => Some(self),
            Self::Curve(_) => None,
        }
    }
    fn within(&self, bounds: Bounds, raw: Raw<'_>, reader: &mut Reader<'_>) -> bool {
        let mut fits = true;
        match self {
            Self::Dated(steps) => {
                let dated = raw.text.starts_with('{');
                for (month, value) in steps {
                    fits &= if dated {
                        reader.again(&step_key(*month), raw, |reader, raw| value.within(bounds, raw, reader))
                    } else {
                        value.within(bounds, raw, reader)
                    };
                }
            }
            Self::Curve(curve) => {
                for (key, value) in [("from", Some(curve.from)), ("floor", curve.floor), ("ceiling", curve.ceiling)] {
                    if let Some(value) = value {
                        fits &= reader.again(key, raw, |reader, raw| value.within(bounds, raw, reader));
                    }
                }
            }
        }
        fits
    }
}

impl MapNode for Course {
    fn ids(&self) -> Vec<String> {
        self.children()
    }
    fn insert_raw(&mut self, id: &str, _position: Option<usize>, raw: Raw<'_>, reader: &mut Reader<'_>, bounds: Option<Bounds>) -> bool {
        let Self::Dated(steps) = self else { return false };
        let month = match step_from_key(id) {
            Ok(month) if !steps.contains_key(&month) => month,
            Ok(_) => {
                reader.problem("duplicate-key", raw, format!("There is a step at `{id}` already."), Some("Choose another month.".into()));
                return false;
            }
            Err(problem) => {
                reader.problem("bad-date", raw, problem, None);
                return false;
            }
        };
        let mut number = 0.0;
        let read = reader.at(id, raw, |reader| number.replace(raw, reader, bounds));
        if read {
            steps.insert(month, number);
        }
        read
    }
    fn remove(&mut self, id: &str) -> bool {
        // Steps without a step can't be written.
        let Self::Dated(steps) = self else { return false };
        steps.len() > 1 && step_from_key(id).is_ok_and(|month| steps.remove(&month).is_some())
    }
    fn rename(&mut self, id: &str, to: &str) -> bool {
        let (Self::Dated(steps), Ok(from), Ok(to)) = (self, step_from_key(id), step_from_key(to)) else {
            return false;
        };
        if steps.contains_key(&to) {
            return false;
        }
        let Some(value) = steps.remove(&from) else {
            return false;
        };
        steps.insert(to, value);
        true
    }
    fn move_to(&mut self, _id: &str, _position: usize) -> bool {
        false
    }
}

impl Node for Steps {
    fn read(raw: Raw<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        if let Some(("Stated", body)) = raw.variant() {
            return StatedSteps::read(body, reader).map(|StatedSteps { value, source }| Self { course: value, source });
        }
        Course::read(raw, reader).map(|course| Self { course, source: String::new() })
    }
    fn shape() -> Shape {
        Shape::Steps
    }
    fn example() -> String {
        "0.0".into()
    }
    fn tree(&self) -> Tree {
        if self.source.is_empty() {
            return self.course.tree();
        }
        let items = vec![(Some("value".to_owned()), self.course.tree()), (Some("source".to_owned()), self.source.tree())];
        Tree::Group { name: "Stated", brackets: ('(', ')'), items }
    }
    fn blank() -> Option<Self> {
        Course::blank().map(|course| Self { course, source: String::new() })
    }
    fn replace(&mut self, raw: Raw<'_>, reader: &mut Reader<'_>, bounds: Option<Bounds>) -> bool {
        // A bare number typed over a sourced one keeps no stale source.
        replace_with(self, raw, reader, bounds)
    }
    fn child(&self, key: &str) -> Option<&dyn Node> {
        match key {
            "value" => Some(&self.course),
            "source" => Some(&self.source),
            _ => self.course.child(key),
        }
    }
    fn child_mut(&mut self, key: &str) -> Option<&mut dyn Node> {
        match key {
            "value" => Some(&mut self.course),
            "source" => Some(&mut self.source),
            _ => self.course.child_mut(key),
        }
    }
    fn make_child(&mut self, key: &str) -> bool {
        self.course.make_child(key)
    }
    fn reset_child(&mut self, key: &str) -> bool {
        if key == "source" {
            self.source.clear();
            return true;
        }
        self.course.reset_child(key)
    }
    fn child_bounds(&self, key: &str) -> Option<Bounds> {
        self.course.child_bounds(key)
    }
    fn children(&self) -> Vec<String> {
        if self.source.is_empty() { self.course.children() } else { vec!["value".to_owned(), "source".to_owned()] }
    }
    fn as_map_mut(&mut self) -> Option<&mut dyn MapNode> {
        self.course.as_map_mut()
    }
    fn within(&self, bounds: Bounds, raw: Raw<'_>, reader: &mut Reader<'_>) -> bool {
        if raw.text.starts_with("Stated") {
            return reader.again("value", raw, |reader, raw| self.course.within(bounds, raw, reader));
        }
        self.course.within(bounds, raw, reader)
    }
    fn each_steps(&mut self, path: &mut Vec<String>, visit: &mut StepsVisitor<'_>) {
        visit(&path.join("."), self);
    }
}

/// Reads values by keys such as dates.
pub(super) fn read_keyed<K: Ord, V: Node>(
    raw: Raw<'_>,
    reader: &mut Reader<'_>,
    read_key: impl Fn(&str) -> Result<K, String>,
) -> Option<BTreeMap<K, V>> {
    let mut values = BTreeMap::new();
    let mut complete = true;
    let entries = reader.entries(raw)?;
    if reader.too_many(raw, entries.len()) {
        return None;
    }
    for Entry { name, key, value } in entries {
        match read_key(&name) {
            Err(problem) => {
                reader.problem("bad-date", key, problem, None);
                complete = false;
            }
            Ok(read) if values.contains_key(&read) => {
                reader.problem("duplicate-key", key, format!("`{name}` is given twice."), Some("Keep one of them.".into()));
                complete = false;
            }
            Ok(read) => match reader.at(&name, value, |reader| V::read(value, reader)) {
                Some(found) => {
                    values.insert(read, found);
                }
                None => complete = false,
            },
        }
    }
    complete.then_some(values)
}
