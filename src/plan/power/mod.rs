//! Power contracts and on-site plant: one file a kind, with its record, its rules, what is said of it
//! wherever it is shown, and what a new one starts from. [`KINDS`] lists them.
//!
//! What a kind does (what may be drawn, what it costs) is in `resolved::supply`.

mod baseload;
mod battery;
pub mod charges;
pub mod hours;
mod hydro;
mod on_site;
mod paper;
mod pay_as_produced;
mod tariff;

use serde::{Serialize, Serializer};

use super::node::{Node as _, choice, record};
use super::values::{Level, Month, SiteRef};
use crate::diagnostic::Diagnostic;
pub use baseload::Baseload;
pub use battery::Battery;
pub use charges::{Coincident, CoincidentSpan, DemandCharge, EnergyCharge, MinimumBill, NegativePrices, Ratchet};
pub use hours::{HighestHours, Hours, Weekdays, Window};
pub use hydro::Hydro;
pub use on_site::{Fuel, Gas, OnSite};
pub use paper::Virtual;
pub use pay_as_produced::PayAsProduced;
pub use tariff::{Interruptible, PLAIN, Tariff};

/// Declares the kinds: the variants of a contract's terms, and the table of what is said of each.
macro_rules! kinds {
    ($( $(#[doc = $doc:literal])+ $variant:ident in $module:ident ),* $(,)?) => {
        choice! {
            /// The terms of a contract.
            #[expect(clippy::large_enum_variant, reason = "a plan holds few contracts, and edits reach into them by path")]
            pub enum Terms {
                $( $(#[doc = $doc])+ $variant($variant) ),*
            }
        }

        /// Every kind of contract, in the order in which they are offered.
        pub const KINDS: &[&Kind] = &[ $( &$module::KIND ),* ];

        impl Terms {
            /// What is said of contracts of this kind.
            #[must_use]
            pub fn kind(&self) -> &'static Kind {
                match self { $( Self::$variant(_) => &$module::KIND ),* }
            }

            /// How much of it there is, if that is stated as an amount.
            #[must_use]
            pub fn amount(&self) -> Option<Amount> {
                let stated = self.child(self.kind().size_field?)?;
                let value = Level::of(stated.child("value")?)?.stated_at(Month::ALWAYS)?;
                match stated.variant()? {
                    "Fixed" => Some(Amount::Fixed(value)),
                    _ => Some(Amount::UpTo(value)),
                }
            }

            /// Everything that breaks a rule of its kind; `at` is its path.
            #[must_use]
            pub fn check(&self, at: &str) -> Vec<Diagnostic> {
                match self { $( Self::$variant(terms) => terms.check(at) ),* }
            }

            /// Its price of energy, $ per MWh, if it has one.
            #[must_use]
            pub fn price(&self) -> Option<Level> {
                Level::of(self.child(self.kind().price_field?)?)
            }
        }
    };
}

kinds! {
    /// Grid supply with a price by the hour, demand charge and fees
    Tariff in tariff,
    /// A share of a wind or solar plant, paid for whatever it produces
    PayAsProduced in pay_as_produced,
    /// A flat block with take-or-pay
    Baseload in baseload,
    /// Hydropower: MW within the GWh of a year, drawn when it is worth most
    Hydro in hydro,
    /// Plant on the site, behind the meter
    OnSite in on_site,
    /// A battery on the site
    Battery in battery,
    /// A contract for difference: certificates and money, no electrons
    Virtual in paper,
}

/// The rules of a kind beyond the types of its fields.
trait Rules {
    /// Everything that breaks one; `at` is the path of the terms.
    fn check(&self, _at: &str) -> Vec<Diagnostic> {
        Vec::new()
    }
}

/// What is said of a kind of contract wherever it is shown: in the window, charts, tables and files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Kind {
    /// Its variant in a plan file: `PayAsProduced`.
    pub variant: &'static str,
    /// Its name in files of results: `pay_as_produced`.
    pub name: &'static str,
    /// What one is called in a sentence or a table: `pay as produced`.
    pub title: &'static str,
    /// What one is called on a button.
    pub label: &'static str,
    /// What several are called.
    pub plural: &'static str,
    /// What one is, in half a line.
    pub about: &'static str,
    /// Unit of what is contracted.
    pub unit: &'static str,
    /// What it does for a site's energy.
    pub role: Role,
    /// Whether it stands on the site's own side of the meter.
    pub behind_meter: bool,
    /// The family of its colours.
    pub hue: Hue,
    /// Whether it may be a plant in the sun, which has a colour of its own.
    pub weather: bool,
    /// Its place in a stack: steady sources below, then what follows the weather, plant, the grid, batteries.
    pub order: u8,
    /// The field with its price of energy, if it has one.
    pub price_field: Option<&'static str>,
    /// The field that says how much of it there is.
    pub size_field: Option<&'static str>,
    /// Id of a new one.
    pub id: &'static str,
    /// What a new one starts from: the fields of a contract but its site. `PROFILE` stands for the id of
    /// a profile of a plant.
    pub starting: &'static str,
}

/// What a contract does for the energy of a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Brings energy.
    Energy,
    /// Moves energy in time.
    Store,
    /// Brings certificates and money only.
    Paper,
}

/// A family of colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hue {
    /// Grey.
    Grey,
    /// Blue.
    Blue,
    /// Purple.
    Purple,
    /// Orange.
    Orange,
    /// Green.
    Green,
}

/// By its name in files of results.
impl Serialize for Kind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name)
    }
}

record! {
    /// A source of electricity for one site.
    pub struct Contract {
        /// The site it feeds
        site: SiteRef,
        /// The connection of the site its power comes through, by id (`plain` is `interconnect_mw`); any of them if left out
        connection: Option<String> = None,
        /// First month in force; the horizon's start if left out
        from: Option<Month> = None,
        /// First month no longer in force; never ends if left out
        until: Option<Month> = None,
        /// Month for which prices and charges that escalate are stated; the horizon's start if left out
        prices_as_of: Option<Month> = None,
        /// Carbon of its energy, g CO2 per kWh
        carbon_g_per_kwh: Level [0.0, 5000.0] = Level::always(0.0),
        /// Counts as renewable for renewable shares; if left out, a virtual contract does and others don't
        renewable: Option<bool> = None,
        /// The terms
        terms: Terms,
        /// Remarks and sources
        notes: String = String::new(),
    }
}

choice! {
    /// How much of something.
    pub enum Amount {
        /// Exactly this much
        Fixed(f64),
        /// Any amount up to this
        UpTo(f64),
    }
}

impl Contract {
    /// Whether it counts as renewable: a virtual contract is signed for its certificates, so it does
    /// unless it says otherwise.
    #[must_use]
    pub fn is_renewable(&self) -> bool {
        self.renewable.unwrap_or(self.terms.kind().role == Role::Paper)
    }
}

impl Amount {
    /// Smallest and largest amount.
    #[must_use]
    pub fn range(&self) -> (f64, f64) {
        match *self {
            Self::Fixed(amount) => (amount, amount),
            Self::UpTo(most) => (0.0, most),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_a_kind_fits_its_record() {
        let mut orders = Vec::new();
        assert_eq!(KINDS.len(), Terms::variants().len());
        for (kind, variant) in KINDS.iter().zip(Terms::variants()) {
            assert_eq!(kind.variant, variant.name);
            let Some(crate::plan::node::Shape::Record(fields)) = variant.shape.map(|shape| shape()) else { panic!("{}", kind.variant) };
            for field in [kind.price_field, kind.size_field].into_iter().flatten() {
                assert!(fields().iter().any(|known| known.name == field), "{}: no field {field}", kind.variant);
            }
            orders.push(kind.order);
            // What a new one starts from can be read, and is of its kind.
            let text = format!("(site: \"home\", {})", kind.starting.replace("PROFILE", "\"wind\""));
            let mut reader = crate::plan::reader::Reader::new(&text, "contracts.new");
            let contract = Contract::read(crate::plan::reader::Raw::new(&text), &mut reader).expect(&text);
            assert!(reader.problems.is_empty(), "{text}: {:?}", reader.problems);
            assert_eq!(contract.terms.kind(), *kind, "{text}");
            assert!(contract.terms.check("terms").is_empty());
        }
        orders.sort_unstable();
        orders.dedup();
        assert_eq!(orders.len(), KINDS.len(), "each kind has a place of its own in a stack");
    }
}
