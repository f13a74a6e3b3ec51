//! The small values a plan is made of: months, dated numbers, levels by the hour, references.

use std::fmt;

use super::node::{Bounds, MapNode, Node, Raw, Reader, ReferenceVisitor, Shape, StepsVisitor, Tree, quoted, record, replace_with};
use super::scan;

pub use super::ids::{
    ActorRef, ChipRef, ContractRef, DayRef, MarketRef, ProductRef, ProfileRef, ScenarioRef, ServedModelRef, SiteRef, StudyRef,
};
pub use super::overrides::{Overrides, RawText};
pub use super::steps::{Course, Curve, Steps, step_from_key, step_key};

/// A calendar month, `"2027-01"`; steps and dates of a plan hold from its first day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(
    /// Months since January of year 0.
    pub i32,
);

impl Month {
    /// Before every date: where a plain number of a dated value stands.
    pub const ALWAYS: Self = Self(i32::MIN);

    /// Month 1–12 of a year.
    #[must_use]
    pub fn new(year: i32, month: u32) -> Self {
        Self(year * 12 + i32::try_from(month).unwrap_or(1) - 1)
    }

    /// The year.
    #[must_use]
    pub fn year(self) -> i32 {
        self.0.div_euclid(12)
    }

    /// The month of the year, 1–12.
    #[must_use]
    pub fn month_of_year(self) -> u32 {
        u32::try_from(self.0.rem_euclid(12)).unwrap_or(0) + 1
    }

    /// Months later (or earlier, if negative).
    #[must_use]
    pub fn plus(self, months: i32) -> Self {
        Self(self.0.saturating_add(months))
    }

    /// Reads `2027-01`.
    ///
    /// # Errors
    /// A sentence that says what a month looks like.
    pub fn parse(text: &str) -> Result<Self, String> {
        let shown: String = text.chars().filter(|c| !scan::is_hidden(*c)).take(40).collect();
        let problem = || format!("`{shown}` is not a month; write it as \"2027-01\".");
        let (year, month) = text.split_once('-').ok_or_else(problem)?;
        if year.len() != 4 || month.len() != 2 || !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
            return Err(problem());
        }
        let year: i32 = year.parse().map_err(|_| problem())?;
        let month: u32 = month.parse().map_err(|_| problem())?;
        if !(1900..=2200).contains(&year) || !(1..=12).contains(&month) {
            return Err(format!("`{text}` is not a month between 1900-01 and 2200-12."));
        }
        Ok(Self::new(year, month))
    }
}

impl fmt::Display for Month {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::ALWAYS {
            return formatter.write_str("the start");
        }
        write!(formatter, "{:04}-{:02}", self.year(), self.month_of_year())
    }
}

impl Node for Month {
    fn read(raw: Raw<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let text = String::read(raw, reader)?;
        match Self::parse(&text) {
            Ok(month) => Some(month),
            Err(problem) => {
                reader.problem("bad-date", raw, problem, None);
                None
            }
        }
    }
    fn shape() -> Shape {
        Shape::Month
    }
    fn example() -> String {
        "\"2027-01\"".into()
    }
    fn tree(&self) -> Tree {
        Tree::Atom(quoted(&self.to_string()))
    }
    fn replace(&mut self, raw: Raw<'_>, reader: &mut Reader<'_>, bounds: Option<Bounds>) -> bool {
        replace_with(self, raw, reader, bounds)
    }
}

record! {
    /// An hourly series as a level: its shape, scaled to a mean where one is given.
    pub struct SeriesLevel {
        /// The profile that gives the shape
        id: ProfileRef,
        /// Mean over the year that the series is scaled to, from dates on; the series as it is if left out
        mean: Option<Steps> = None,
    }
}

/// A level that may change by date or by the hour: `42.0`, `{"2027-01": 42.0}` or
/// `Series(id: "pjm-price", mean: 42.0)`.
#[derive(Clone, Debug, PartialEq)]
pub enum Level {
    /// Flat over the day; steps by date.
    Flat(Steps),
    /// An hourly series.
    Series(SeriesLevel),
}

impl Level {
    /// The same number always.
    #[must_use]
    pub fn always(value: f64) -> Self {
        Self::Flat(Steps::always(value))
    }

    /// A value of a plan as a level: a number, dated numbers or a series; nothing for any other.
    #[must_use]
    pub fn of(node: &dyn Node) -> Option<Self> {
        let text = node.tree().inline();
        let mut reader = Reader::new(&text, "");
        Self::read(Raw::new(&text), &mut reader).filter(|_| reader.problems.is_empty())
    }

    /// The stated number in force in a month, or the first one there is: the mean of a series that is
    /// scaled to one, and nothing for a series as it is.
    #[must_use]
    pub fn stated_at(&self, month: Month) -> Option<f64> {
        let steps = match self {
            Self::Flat(steps) => steps,
            Self::Series(series) => series.mean.as_ref()?,
        };
        steps.at(month).or_else(|| steps.first())
    }
}

impl Node for Level {
    fn read(raw: Raw<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        match raw.variant() {
            Some(("Series", body)) => SeriesLevel::read(body, reader).map(Self::Series),
            Some((name, body)) if body.text.starts_with('(') && !matches!(name, "Curve" | "Stated") => {
                let message = format!("Expected a number, dated numbers, a curve or `Series(id: \"…\")`, found `{name}(…)`.");
                let help = (name == "Flat").then(|| "Write the number alone.".to_owned());
                reader.problem("wrong-type", raw, message, help);
                None
            }
            _ => Steps::read(raw, reader).map(Self::Flat),
        }
    }
    fn shape() -> Shape {
        Shape::Level
    }
    fn example() -> String {
        "0.0".into()
    }
    fn tree(&self) -> Tree {
        match self {
            Self::Flat(steps) => steps.tree(),
            Self::Series(series) => match series.tree() {
                Tree::Group { brackets, items, .. } => Tree::Group { name: "Series", brackets, items },
                atom @ Tree::Atom(_) => atom,
            },
        }
    }
    fn replace(&mut self, raw: Raw<'_>, reader: &mut Reader<'_>, bounds: Option<Bounds>) -> bool {
        replace_with(self, raw, reader, bounds)
    }
    fn child(&self, key: &str) -> Option<&dyn Node> {
        match self {
            Self::Flat(steps) => steps.child(key),
            Self::Series(series) => series.child(key),
        }
    }
    fn child_mut(&mut self, key: &str) -> Option<&mut dyn Node> {
        match self {
            Self::Flat(steps) => steps.child_mut(key),
            Self::Series(series) => series.child_mut(key),
        }
    }
    fn blank() -> Option<Self> {
        Steps::blank().map(Self::Flat)
    }
    fn make_child(&mut self, key: &str) -> bool {
        match self {
            Self::Flat(steps) => steps.make_child(key),
            Self::Series(series) => series.make_child(key),
        }
    }
    fn reset_child(&mut self, key: &str) -> bool {
        match self {
            Self::Flat(_) => false,
            Self::Series(series) => series.reset_child(key),
        }
    }
    fn as_map_mut(&mut self) -> Option<&mut dyn MapNode> {
        match self {
            Self::Flat(steps) => steps.as_map_mut(),
            Self::Series(_) => None,
        }
    }
    fn children(&self) -> Vec<String> {
        match self {
            Self::Flat(steps) => steps.children(),
            Self::Series(series) => series.children(),
        }
    }
    fn within(&self, bounds: Bounds, raw: Raw<'_>, reader: &mut Reader<'_>) -> bool {
        match self {
            Self::Flat(steps) => steps.within(bounds, raw, reader),
            Self::Series(series) => reader.again("mean", raw, |reader, raw| series.mean.within(bounds, raw, reader)),
        }
    }
    fn references(&mut self, path: &mut Vec<String>, visit: &mut ReferenceVisitor<'_>) {
        if let Self::Series(series) = self {
            series.references(path, visit);
        }
    }
    fn each_steps(&mut self, path: &mut Vec<String>, visit: &mut StepsVisitor<'_>) {
        match self {
            Self::Flat(steps) => steps.each_steps(path, visit),
            Self::Series(series) => series.each_steps(path, visit),
        }
    }
}

/// A number that may carry its source: `43000.0` or `Stated(value: 43000.0, source: "quote of May")`.
/// Where a catalog gives the number too, the plan's number is graded "stated".
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    /// The number, in the unit of the field's name.
    pub value: f64,
    /// Where it comes from; empty if the plan does not say.
    pub source: String,
}

record! {
    /// The long form of a [`Quantity`].
    pub struct Stated {
        /// The number, in the unit of the field's name
        value: f64,
        /// Where it comes from
        source: String = String::new(),
    }
}

impl Quantity {
    /// A number without a source.
    #[must_use]
    pub fn bare(value: f64) -> Self {
        Self { value, source: String::new() }
    }
}

impl Node for Quantity {
    fn read(raw: Raw<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        if let Some(("Stated", body)) = raw.variant() {
            return Stated::read(body, reader).map(|Stated { value, source }| Self { value, source });
        }
        f64::read(raw, reader).map(Self::bare)
    }
    fn shape() -> Shape {
        Shape::Quantity
    }
    fn example() -> String {
        "0.0".into()
    }
    fn tree(&self) -> Tree {
        if self.source.is_empty() {
            return self.value.tree();
        }
        let items = vec![(Some("value".to_owned()), self.value.tree()), (Some("source".to_owned()), self.source.tree())];
        Tree::Group { name: "Stated", brackets: ('(', ')'), items }
    }
    fn replace(&mut self, raw: Raw<'_>, reader: &mut Reader<'_>, bounds: Option<Bounds>) -> bool {
        // A bare number typed over a sourced one keeps no stale source.
        replace_with(self, raw, reader, bounds)
    }
    fn child(&self, key: &str) -> Option<&dyn Node> {
        match key {
            "value" => Some(&self.value),
            "source" => Some(&self.source),
            _ => None,
        }
    }
    fn child_mut(&mut self, key: &str) -> Option<&mut dyn Node> {
        match key {
            "value" => Some(&mut self.value),
            "source" => Some(&mut self.source),
            _ => None,
        }
    }
    fn children(&self) -> Vec<String> {
        vec!["value".to_owned(), "source".to_owned()]
    }
    fn reset_child(&mut self, key: &str) -> bool {
        if key == "source" {
            self.source.clear();
        }
        key == "source"
    }
    fn within(&self, bounds: Bounds, raw: Raw<'_>, reader: &mut Reader<'_>) -> bool {
        if raw.text.starts_with("Stated") {
            return reader.again("value", raw, |reader, raw| self.value.within(bounds, raw, reader));
        }
        self.value.within(bounds, raw, reader)
    }
}
