//! What a contract or plant does, whatever it is called: a product of facets, each with the place in the
//! plan that states it.
//!
//! `resolved::power` resolves every kind of contract to these; the formulation states a file for each
//! facet. Only words and colours come from the kind itself.

use super::billing::BillMonth;
use super::calendar::Calendar;
pub use super::charges::{Clause, Closed, EnergyCharge, LeastBill, PeakCharge};
use super::index::{Ix as _, PeriodIx, PlaceIx, SliceIx, Table};
use super::levels::Level;
use crate::plan::power::Kind;

/// A power contract or plant.
#[derive(Clone, Debug, PartialEq)]
pub struct Contract {
    /// Its id.
    pub id: String,
    /// Where it stands in the plan.
    pub path: String,
    /// What is said of its kind: for words and colours, never for what it does.
    pub kind: &'static Kind,
    /// The site it feeds.
    pub place: PlaceIx,
    /// The connection its power comes through, if it names one.
    pub connection: Option<String>,
    /// Whether it is in force, by period.
    pub in_force: Table<PeriodIx, bool>,
    /// Carbon, g per kWh.
    pub carbon_g_per_kwh: Level,
    /// Counts as renewable.
    pub renewable: bool,
    /// What its facets are.
    pub facets: Facets,
}

/// What a contract does. What it doesn't do is absent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facets {
    /// How its energy comes.
    pub delivery: Delivery,
    /// How much is contracted.
    pub size: Option<Size>,
    /// What is built by order.
    pub plant: Option<Plant>,
    /// What each MW contracted or alive can give.
    pub output: Option<Output>,
    /// Most power, MW, by period.
    pub cap: Option<Cap>,
    /// Slices in which the supplier may hold the draw down.
    pub hold_down: Option<HoldDown>,
    /// Most energy in a year.
    pub yearly_energy: Option<YearlyEnergy>,
    /// What each MWh drawn costs.
    pub energy_price: Option<EnergyPrice>,
    /// What each MWh produced costs, drawn or not.
    pub produced_price: Option<ProducedPrice>,
    /// What each MWh produced earns or costs against a market price.
    pub difference: Option<Difference>,
    /// Energy that is paid for in any case.
    pub take_or_pay: Option<TakeOrPay>,
    /// Charges on the energy of each month.
    pub energy_charges: Vec<EnergyCharge>,
    /// Charges on the highest draw.
    pub peak_charges: Vec<PeakCharge>,
    /// What is paid at least.
    pub least_bill: Option<LeastBill>,
    /// Slices in which nothing is produced.
    pub still: Option<Closed>,
    /// A fixed fee, M$ per year, by period.
    pub fixed_musd_per_year: Option<Table<PeriodIx, f64>>,
    /// Energy moved in time.
    pub store: Option<Store>,
}

impl Facets {
    /// The fixed fee of a month, M$.
    pub fn fee_of_month(&self, month: BillMonth) -> f64 {
        let days = f64::from(super::calendar::MONTH_DAYS.get(month.of_year).copied().unwrap_or(0));
        self.fixed_musd_per_year.as_ref().map_or(0.0, |fee| fee[month.period] * days / 365.0)
    }
}

/// How the energy of a contract comes to its site.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Delivery {
    /// Not at all: it only moves what others bring.
    #[default]
    Nothing,
    /// Through the interconnect.
    Grid,
    /// Behind the meter.
    OnSite,
    /// Certificates for what is produced elsewhere, no electrons.
    Paper,
}

/// MW contracted, the same all the time in force.
#[derive(Clone, Debug, PartialEq)]
pub struct Size {
    /// Least, MW.
    pub least_mw: f64,
    /// Most, MW.
    pub most_mw: f64,
    /// Where the most stands in the plan.
    pub path: String,
}

/// What is ordered, arrives after a lead time and serves for its life.
#[derive(Clone, Debug, PartialEq)]
pub struct Plant {
    /// What it is counted in: MW, or MWh of a store.
    pub unit: &'static str,
    /// Least ordered over the horizon: if any, all of it is ordered once, as early as it can serve.
    pub least: f64,
    /// Most ordered over the horizon.
    pub most: f64,
    /// Where the most stands in the plan.
    pub path: String,
    /// What stands already.
    pub existing: f64,
    /// Capex, M$ per unit, by period of the order.
    pub capex_musd: Table<PeriodIx, f64>,
    /// Where the capex stands in the plan, in $ per thousandth of the unit.
    pub capex_path: String,
    /// Annuity, M$ per unit and year, by period of the order.
    pub annuity_musd_per_year: Table<PeriodIx, f64>,
    /// Operation and maintenance, M$ per unit and year, by period.
    pub om_musd_per_year: Table<PeriodIx, f64>,
    /// Periods from order to service.
    pub lead: usize,
    /// Periods in service.
    pub life: usize,
}

/// MW that a MW contracted or alive can give.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// The same always.
    Flat(f64),
    /// By slice.
    Profile(Table<SliceIx, f64>),
}

impl Output {
    /// In a slice.
    pub fn at(&self, slice: SliceIx) -> f64 {
        match self {
            Self::Flat(output) => *output,
            Self::Profile(profile) => profile[slice],
        }
    }
}

/// Most power.
#[derive(Clone, Debug, PartialEq)]
pub struct Cap {
    /// MW.
    pub mw: Level,
    /// Means that a series is scaled to, MW, by period.
    pub means: Option<Table<PeriodIx, f64>>,
    /// Where it stands in the plan.
    pub path: String,
}

impl Cap {
    /// The number of the plan behind a slice's limit: its path, its value, and MW per unit of it.
    pub fn number(&self, period: PeriodIx, slice: SliceIx) -> (String, f64, f64) {
        let mw = self.mw.at(period, slice);
        match &self.means {
            Some(means) if means[period] > 0.0 => (format!("{}.mean", self.path), means[period], mw / means[period]),
            _ => (self.path.clone(), mw, 1.0),
        }
    }

    /// Whether it is the same in all slices of a period.
    pub fn is_flat(&self) -> bool {
        self.mw.shape.is_none()
    }
}

/// Hours in which the supplier may hold the draw down.
#[derive(Clone, Debug, PartialEq)]
pub struct HoldDown {
    /// The slices.
    pub slices: Vec<SliceIx>,
    /// MW still allowed in them.
    pub cap_mw: f64,
    /// Where that stands in the plan.
    pub path: String,
    /// Credit for it, M$ per year, by period.
    pub credit_musd_per_year: Table<PeriodIx, f64>,
}

/// Most energy in a year.
#[derive(Clone, Debug, PartialEq)]
pub struct YearlyEnergy {
    /// GWh per year, by period.
    pub gwh_per_year: Table<PeriodIx, f64>,
    /// Where it stands in the plan.
    pub path: String,
    /// The unit of the plan's number.
    pub unit: &'static str,
    /// GWh per year for one of it.
    pub gwh_per_unit: f64,
}

/// Price of energy drawn, escalation applied.
#[derive(Clone, Debug, PartialEq)]
pub struct EnergyPrice {
    /// $ per MWh.
    pub usd_per_mwh: Level,
    /// Where it stands in the plan.
    pub path: String,
}

/// Price of energy produced, escalation applied.
#[derive(Clone, Debug, PartialEq)]
pub struct ProducedPrice {
    /// $ per MWh, by period.
    pub usd_per_mwh: Table<PeriodIx, f64>,
    /// Where it stands in the plan.
    pub path: String,
    /// $ per MWh for what is produced and not drawn, by period, if it is sold back.
    pub resale_usd_per_mwh: Option<Table<PeriodIx, f64>>,
    /// Slices in which what is produced is not paid.
    pub unpaid: Option<Closed>,
}

/// A contract for difference on what is produced.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Strike, $ per MWh, by period.
    pub strike_usd_per_mwh: Table<PeriodIx, f64>,
    /// The market price it is settled against, $ per MWh.
    pub reference_usd_per_mwh: Level,
    /// What holds where that is below zero.
    pub clause: Clause,
}

impl Difference {
    /// What is paid for each MWh produced, $.
    pub fn settled(&self, period: PeriodIx, slice: SliceIx) -> f64 {
        let (strike, market) = (self.strike_usd_per_mwh[period], self.reference_usd_per_mwh.at(period, slice));
        match self.clause {
            Clause::NoSettlement | Clause::Curtails if market < 0.0 => 0.0,
            Clause::Floor(floor) => strike - market.max(floor),
            Clause::Settles | Clause::NoSettlement | Clause::Curtails => strike - market,
        }
    }
}

impl ProducedPrice {
    /// What is paid for each MWh produced, $.
    pub fn paid(&self, period: PeriodIx, slice: SliceIx) -> f64 {
        let unpaid = self.unpaid.as_ref().is_some_and(|unpaid| unpaid[period][slice]);
        if unpaid { 0.0 } else { self.usd_per_mwh[period] }
    }

    /// What a MWh sold back earns, $.
    pub fn resale(&self, period: PeriodIx) -> f64 {
        self.resale_usd_per_mwh.as_ref().map_or(0.0, |resale| resale[period])
    }
}

/// Energy that is paid for, at the price of energy, even if it isn't drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct TakeOrPay {
    /// Share of the contracted energy.
    pub fraction: f64,
    /// Where it stands in the plan.
    pub path: String,
}

/// A store: what is alive of the plant is what it can hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Store {
    /// Hours from full to empty.
    pub duration_hours: f64,
    /// Share kept one way.
    pub efficiency: f64,
    /// $ per MWh in and per MWh out.
    pub wear_usd_per_mwh: f64,
    /// Where the wear stands in the plan.
    pub wear_path: String,
}

impl Contract {
    /// Periods in which an order is possible: it arrives within the horizon and serves some period in force.
    pub fn orders_in(&self, lead: usize) -> Vec<PeriodIx> {
        self.in_force
            .pairs()
            .filter(|(period, in_force)| **in_force && period.position() >= lead)
            .map(|(period, _)| PeriodIx::new(period.position() - lead))
            .collect()
    }

    /// Whether an order of the plant serves in a period.
    pub fn serves(&self, plant: &Plant, order: PeriodIx, period: PeriodIx) -> bool {
        let first = order.position() + plant.lead;
        self.in_force[period] && (first..first + plant.life).contains(&period.position())
    }

    /// Whether its power comes through the interconnect.
    pub fn through_grid(&self) -> bool {
        self.facets.delivery == Delivery::Grid
    }

    /// Whether it brings electrons.
    pub fn is_drawn(&self) -> bool {
        matches!(self.facets.delivery, Delivery::Grid | Delivery::OnSite)
    }

    /// Whether anything can be drawn in a slice.
    pub fn can_draw(&self, period: PeriodIx, slice: SliceIx) -> bool {
        let idle = match &self.facets.output {
            Some(Output::Profile(_)) => self.output(period, slice) <= 0.0,
            Some(Output::Flat(_)) | None => false,
        };
        let closed = self.facets.cap.as_ref().is_some_and(|cap| cap.mw.at(period, slice) <= 0.0);
        self.is_drawn() && self.in_force[period] && !idle && !closed
    }

    /// What each MW contracted or alive gives in a slice; nothing where the contract has no output of its own.
    pub fn output(&self, period: PeriodIx, slice: SliceIx) -> f64 {
        let still = self.facets.still.as_ref().is_some_and(|still| still[period][slice]);
        self.facets.output.as_ref().filter(|_| !still).map_or(0.0, |output| output.at(slice))
    }

    /// What each MW gives in a slice after something else was lost: plant on the site may run then, whatever it waits
    /// for otherwise. None where the contract has no output of its own.
    pub fn output_after_loss(&self, period: PeriodIx, slice: SliceIx) -> Option<f64> {
        let output = self.facets.output.as_ref()?;
        Some(if self.facets.delivery == Delivery::OnSite { output.at(slice) } else { self.output(period, slice) })
    }

    /// Hours at full output in a period.
    pub fn full_hours(&self, calendar: &Calendar, period: PeriodIx) -> f64 {
        match &self.facets.output {
            Some(Output::Flat(output)) => output * calendar.period_hours(period),
            Some(Output::Profile(_)) => {
                calendar.slices_of[period].iter().map(|slice| calendar.hours(period, *slice) * self.output(period, *slice)).sum()
            }
            None => 0.0,
        }
    }

    /// MW of certificates in a slice, per MW contracted: what is produced elsewhere, if it counts.
    pub fn certified(&self, period: PeriodIx, slice: SliceIx) -> f64 {
        let counts = self.facets.delivery == Delivery::Paper && self.renewable && self.in_force[period];
        if counts { self.output(period, slice) } else { 0.0 }
    }
}
