//! What stands, is signed or is on its way by a month: as an answer has it, or as a planner states it.
//!
//! A row is an amount of one thing from a month on. Whoever states what is really there gives rows; of each
//! thing that they name, they are all there is, and the answer's own rows of it are gone.

use crate::diagnostic::{Diagnostic, nearest_name};
use crate::plan::{Month, Plan};
use crate::words::counted;

/// What kind of thing stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum StandingKind {
    /// Chips at a site.
    Chips,
    /// Halls of a type, ordered at a site.
    Halls,
    /// Plant or batteries ordered under a contract.
    Plant,
    /// A contract's size.
    Contract,
    /// An offer of a connection, as `connection/offer`.
    Offer,
}

impl StandingKind {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Chips, Self::Halls, Self::Plant, Self::Contract, Self::Offer];

    /// Its word in a table.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Chips => "chips",
            Self::Halls => "halls",
            Self::Plant => "plant",
            Self::Contract => "contract",
            Self::Offer => "offer",
        }
    }
}

/// An amount of a thing from a month on.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Standing {
    /// What kind of thing.
    pub kind: StandingKind,
    /// Id of the site.
    pub site: String,
    /// Id of the chip, type of hall or contract; `connection/offer` of an offer.
    pub thing: String,
    /// How much.
    pub amount: f64,
    /// In what.
    pub unit: String,
    /// The month from which it is there.
    pub month: String,
    /// The fleet it is in already.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fleet: Option<String>,
    /// The month in which it was ordered; none of what stood before or is stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ordered: Option<String>,
}

impl Standing {
    /// The thing it is an amount of.
    #[must_use]
    pub fn id(&self) -> (StandingKind, &str, &str) {
        (self.kind, &self.site, &self.thing)
    }

    /// The month, read.
    #[must_use]
    pub fn from(&self) -> Option<Month> {
        Month::parse(&self.month).ok()
    }
}

/// Columns of a table of what stands; the unit is for people.
const HEADER: [&str; 6] = ["what", "site", "thing", "amount", "unit", "month"];

/// Rows as a table, CSV with a header.
#[must_use]
pub fn to_csv(rows: &[Standing]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut lines = vec![HEADER.map(str::to_owned).to_vec()];
    lines.extend(rows.iter().map(|row| {
        vec![
            row.kind.word().to_owned(),
            row.site.clone(),
            row.thing.clone(),
            format!("{:?}", row.amount),
            row.unit.clone(),
            row.month.clone(),
        ]
    }));
    // Memory takes every line.
    for line in &lines {
        let _ = writer.write_record(line);
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

fn wrong(line: u64, message: impl std::fmt::Display, help: impl Into<String>) -> Diagnostic {
    Diagnostic::error("bad-actuals", "", format!("Line {line} of what stands: {message}")).help(help)
}

/// Reads a table of what stands: CSV with the columns `what`, `site`, `thing`, `amount` and `month` in any order.
///
/// # Errors
/// Every line that can't be read, with what to do.
pub fn from_csv(plan: &Plan, text: &str) -> Result<Vec<Standing>, Vec<Diagnostic>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let separator = if text.lines().next().is_some_and(|line| line.contains(';')) { b';' } else { b',' };
    let mut reader =
        csv::ReaderBuilder::new().delimiter(separator).trim(csv::Trim::All).comment(Some(b'#')).flexible(true).from_reader(text.as_bytes());
    let header: Vec<String> = reader.headers().map(|header| header.iter().map(str::to_lowercase).collect()).unwrap_or_default();
    let place = |name: &str| header.iter().position(|known| known == name);
    let missing: Vec<&str> = HEADER.into_iter().filter(|name| *name != "unit" && place(name).is_none()).collect();
    if !missing.is_empty() {
        let message = format!("it has no column {}.", missing.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "));
        let help = format!("Its first line is `{}`; `tokenworks roll PLAN --to MONTH --stands` prints such a table.", HEADER.join(","));
        return Err(vec![wrong(1, message, help)]);
    }
    let (mut rows, mut problems) = (Vec::new(), Vec::new());
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                problems.push(wrong(
                    error.position().map_or(0, csv::Position::line),
                    format!("it can't be read ({error})."),
                    "Save it as CSV.",
                ));
                continue;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |name: &str| place(name).and_then(|place| record.get(place)).unwrap_or_default().to_owned();
        if record.iter().all(str::is_empty) {
            continue;
        }
        match row(plan, &cell) {
            Ok(row) => rows.push(row),
            Err((message, help)) => problems.push(wrong(line, message, help)),
        }
    }
    if rows.is_empty() && problems.is_empty() {
        problems.push(wrong(
            1,
            "nothing is stated.",
            "Give a line for each thing that is otherwise than planned; an amount of 0 says that there is none.",
        ));
    }
    if problems.is_empty() { Ok(rows) } else { Err(problems) }
}

type Wrong = (String, String);

fn row(plan: &Plan, cell: &dyn Fn(&str) -> String) -> Result<Standing, Wrong> {
    let what = cell("what").to_lowercase();
    let Some(kind) = StandingKind::ALL.into_iter().find(|kind| kind.word() == what) else {
        let words: Vec<&str> = StandingKind::ALL.into_iter().map(StandingKind::word).collect();
        return Err((format!("`{what}` is nothing that can stand."), format!("Say {}.", words.join(", "))));
    };
    let amount = cell("amount");
    let number = amount.parse::<f64>().ok().filter(|number| number.is_finite() && *number >= 0.0);
    let Some(amount) = number else {
        return Err((format!("`{amount}` is no amount."), "Give a number of zero or more, with a point before fractions.".to_owned()));
    };
    let month = cell("month");
    if let Err(problem) = Month::parse(&month) {
        return Err((format!("`{month}` is no month."), problem));
    }
    let row = Standing { kind, site: cell("site"), thing: cell("thing"), amount, unit: cell("unit"), month, fleet: None, ordered: None };
    exists(plan, &row)?;
    Ok(row)
}

fn unknown<'a>(what: &str, wanted: &str, known: impl IntoIterator<Item = &'a str>) -> Wrong {
    let known: Vec<&str> = known.into_iter().collect();
    let help = nearest_name(wanted, known.iter().copied()).map_or_else(
        || {
            let some: Vec<&str> = known.iter().copied().take(8).collect();
            if some.is_empty() { format!("The plan has no {what}.") } else { format!("There is {}.", some.join(", ")) }
        },
        |near| format!("Did you mean `{near}`?"),
    );
    (format!("there is no {what} `{wanted}`."), help)
}

/// That the plan has what a row names.
fn exists(plan: &Plan, row: &Standing) -> Result<(), Wrong> {
    let Some(site) = plan.sites.get(&row.site) else {
        return Err(unknown("site", &row.site, plan.sites.keys().map(String::as_str)));
    };
    match row.kind {
        StandingKind::Chips if !plan.chips.contains_key(&row.thing) => {
            Err(unknown("chip", &row.thing, plan.chips.keys().map(String::as_str)))
        }
        StandingKind::Halls if !site.buildable.contains_key(&row.thing) => {
            Err(unknown("type of hall there", &row.thing, site.buildable.keys().map(String::as_str)))
        }
        StandingKind::Plant | StandingKind::Contract => {
            let own = plan.contracts.iter().filter(|(_, contract)| contract.site.0 == row.site).map(|(id, _)| id.as_str());
            let Some(contract) = plan.contracts.get(&row.thing).filter(|contract| contract.site.0 == row.site) else {
                return Err(unknown("contract there", &row.thing, own));
            };
            let is_plant = matches!(contract.terms, crate::plan::Terms::OnSite(_) | crate::plan::Terms::Battery(_));
            if is_plant != (row.kind == StandingKind::Plant) {
                let word = if is_plant { "plant" } else { "contract" };
                return Err((format!("`{}` is a {word}.", row.thing), format!("Say `{word}` in its first column.")));
            }
            Ok(())
        }
        StandingKind::Offer => {
            let offers: Vec<String> = site
                .connections
                .iter()
                .flat_map(|(id, connection)| {
                    connection.offers().into_iter().flat_map(move |all| all.keys().map(move |offer| format!("{id}/{offer}")))
                })
                .collect();
            if offers.contains(&row.thing) { Ok(()) } else { Err(unknown("offer there", &row.thing, offers.iter().map(String::as_str))) }
        }
        StandingKind::Chips | StandingKind::Halls => Ok(()),
    }
}

/// The answer's rows with those that are stated in their place; and what that changes, in words.
#[must_use]
pub fn with_actuals(planned: Vec<Standing>, actual: &[Standing]) -> (Vec<Standing>, Vec<String>) {
    let mut said = Vec::new();
    let mut named: Vec<(StandingKind, &str, &str)> = Vec::new();
    for row in actual {
        if !named.contains(&row.id()) {
            named.push(row.id());
        }
    }
    for id in &named {
        let sum = |rows: &[Standing]| rows.iter().filter(|row| row.id() == *id).map(|row| row.amount).sum::<f64>();
        let (was, is) = (sum(&planned), sum(actual));
        let (kind, site, thing) = id;
        let months = |rows: &[Standing]| rows.iter().filter(|row| row.id() == *id).map(|row| row.month.clone()).collect::<Vec<_>>();
        if (was - is).abs() > 1e-9 * was.abs().max(is.abs()) || months(&planned) != months(actual) {
            let number = |amount: f64| crate::words::grouped(amount, if amount < 100.0 { 2 } else { 0 });
            said.push(format!("Stated: {} of the {} {thing} at {site}; the plan has {}.", number(is), kind.word(), number(was)));
        }
    }
    if !named.is_empty() && said.is_empty() {
        said.push(format!("{} stated, all as planned.", crate::words::sentence(&counted(named.len(), "thing"))));
    }
    let mut rows: Vec<Standing> = planned.into_iter().filter(|row| !named.contains(&row.id())).collect();
    rows.extend(actual.iter().filter(|row| row.amount > 0.0).cloned());
    (rows, said)
}
