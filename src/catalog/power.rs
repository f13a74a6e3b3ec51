//! Power: prices and costs by region, ready to become a contract of a plan.

use super::evidence::{Confidence, Fact};
use super::table::{Row, read};

/// What a row of power.csv can become in a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum PowerTemplate {
    /// Energy price of a grid tariff.
    #[default]
    Tariff,
    /// Power purchase agreement paid as the plant produces.
    PayAsProduced,
    /// Power purchase agreement for a constant delivery.
    Baseload,
    /// Energy price of a plant on the site.
    OnSite,
    /// Investment in a plant on the site.
    OnSiteCapex,
    /// Investment in a battery.
    BatteryCapex,
    /// Monthly charge on the highest draw.
    DemandCharge,
    /// Yearly price of capacity.
    CapacityPrice,
    /// Investment in a hall (shell, electrical and mechanical).
    HallCapex,
    /// A term of a contract, such as the share to be taken or paid.
    ContractTerm,
    /// A credit for interruptible load.
    Credit,
    /// Cost of moving data out.
    Egress,
}

impl PowerTemplate {
    /// The words shown on screen.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Tariff => "grid tariff",
            Self::PayAsProduced => "pay as produced",
            Self::Baseload => "baseload",
            Self::OnSite => "on-site energy",
            Self::OnSiteCapex => "on-site plant",
            Self::BatteryCapex => "battery",
            Self::DemandCharge => "demand charge",
            Self::CapacityPrice => "capacity price",
            Self::HallCapex => "hall",
            Self::ContractTerm => "contract term",
            Self::Credit => "credit",
            Self::Egress => "egress",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        match word {
            "tariff" => Some(Self::Tariff),
            "pay_as_produced" => Some(Self::PayAsProduced),
            "baseload" => Some(Self::Baseload),
            "on_site" => Some(Self::OnSite),
            "on_site_capex" => Some(Self::OnSiteCapex),
            "battery_capex" => Some(Self::BatteryCapex),
            "demand_charge" => Some(Self::DemandCharge),
            "capacity_price" => Some(Self::CapacityPrice),
            "hall_capex" => Some(Self::HallCapex),
            "contract_term" => Some(Self::ContractTerm),
            "credit" => Some(Self::Credit),
            "egress" => Some(Self::Egress),
            _ => None,
        }
    }
}

/// One price or cost of power, low, middle and high, in its own currency.
#[derive(Debug, Clone, PartialEq)]
pub struct PowerRow {
    /// Catalog id, for example `nuclear-ppa-pjm`.
    pub id: String,
    /// What it can become in a plan.
    pub template: PowerTemplate,
    /// What it is, in words.
    pub kind: String,
    /// Where it holds.
    pub region: String,
    /// Country (ISO 3166 alpha-2); empty where it holds in several.
    pub country: String,
    /// Low value, in `currency` per `per`.
    pub low: Option<f64>,
    /// Middle value, in `currency` per `per`.
    pub mid: Option<f64>,
    /// High value, in `currency` per `per`.
    pub high: Option<f64>,
    /// ISO 4217 currency; empty for a pure fraction.
    pub currency: String,
    /// What the value is for: `MWh`, `kW`, `kWh`, `kW-month`, `MW-day`, `W`, `GB` or `fraction`.
    pub per: String,
    /// Catalog series with a fitting shape; empty where there is none.
    pub suggested_series: String,
    /// Months from order to service, for plant.
    pub lead_months: Option<f64>,
    /// Where the row comes from.
    pub source: String,
    /// Date of the source.
    pub date: String,
    /// How well it is sourced.
    pub confidence: Confidence,
    /// Anything else worth knowing.
    pub note: String,
}

impl PowerRow {
    /// The unit of the values, for example `EUR/kW`.
    #[must_use]
    pub fn unit(&self) -> String {
        if self.currency.is_empty() { self.per.clone() } else { format!("{}/{}", self.currency, self.per) }
    }

    /// The middle value in its own currency, with its source.
    #[must_use]
    pub fn fact(&self) -> Fact {
        Fact { value: self.mid, unit: "", source: self.source.clone(), date: self.date.clone(), confidence: self.confidence }
    }
}

pub(super) fn read_power(text: &str, problems: &mut Vec<String>) -> Vec<PowerRow> {
    read("power.csv", text, problems, |row: &mut Row<'_>| PowerRow {
        id: row.required_text("id"),
        template: row.word("template", PowerTemplate::parse),
        kind: row.required_text("kind"),
        region: row.required_text("region"),
        country: row.text("country"),
        low: row.number("low"),
        mid: row.number("mid"),
        high: row.number("high"),
        currency: row.text("currency"),
        per: row.required_text("per"),
        suggested_series: row.text("suggested_series"),
        lead_months: row.number("lead_months"),
        source: row.required_text("source"),
        date: row.required_text("date"),
        confidence: row.confidence("confidence"),
        note: row.text("note"),
    })
}
