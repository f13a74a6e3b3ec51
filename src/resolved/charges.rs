//! Charges of a tariff as facets: energy by blocks, demand in windows, least bills; and what agreements say
//! of negative prices.

use super::Resolver;
use super::billing::Marks;
use super::calendar::Calendar;
use super::index::{PeriodIx, SliceIx, Table};
use super::levels::Level;
use crate::plan::power::{charges, MinimumBill, NegativePrices, PLAIN, Tariff};
use crate::plan::{self, Month};

/// The id of the tariff's own demand charge.
pub const OWN: &str = PLAIN;

/// A charge on the energy of each month.
#[derive(Clone, Debug, PartialEq)]
pub struct EnergyCharge {
    /// Its id.
    pub id: String,
    /// When it counts; always if none.
    pub hours: Option<Marks>,
    /// Blocks: up to so many GWh in the month (infinite for the last), at $ per MWh by period.
    pub blocks: Vec<(f64, Table<PeriodIx, f64>)>,
}

/// A charge on the highest draw of each month.
#[derive(Clone, Debug, PartialEq)]
pub struct PeakCharge {
    /// Its id.
    pub id: String,
    /// Where it stands in the plan.
    pub path: String,
    /// M$ per MW and month, by period.
    pub musd_per_mw_month: Table<PeriodIx, f64>,
    /// Blocks of billed demand: up to so many MW (infinite for the last), at M$ per MW and month on top, by period.
    pub blocks: Vec<(f64, Table<PeriodIx, f64>)>,
    /// When the draw is measured; always if none.
    pub hours: Option<Marks>,
    /// Measured as the mean draw of these hours instead.
    pub coincident: Option<Coincident>,
    /// A share of what was measured in months before.
    pub ratchet: Option<Ratchet>,
    /// A share of what is contracted.
    pub least: Option<Least>,
}

/// Demand measured as a mean.
#[derive(Clone, Debug, PartialEq)]
pub struct Coincident {
    /// The hours.
    pub hours: Marks,
    /// Of the whole plan year, not of the month.
    pub by_year: bool,
}

/// A ratchet.
#[derive(Clone, Debug, PartialEq)]
pub struct Ratchet {
    /// Share of the highest of the months before.
    pub fraction: f64,
    /// Where it stands in the plan.
    pub path: String,
    /// Months before that count.
    pub months: usize,
    /// Months of the year whose demand counts.
    pub of_months: [bool; 12],
    /// Highest before the horizon, MW.
    pub existing_mw: f64,
    /// Months before the horizon's start that it lies back.
    pub existing_months_ago: usize,
}

/// Least demand billed.
#[derive(Clone, Debug, PartialEq)]
pub struct Least {
    /// Contracted demand, MW, by period.
    pub contract_mw: Table<PeriodIx, f64>,
    /// Share of it.
    pub fraction: f64,
    /// Where the contracted demand stands in the plan.
    pub path: String,
    /// Whether it is owed, by month from the horizon's start.
    pub owed: Vec<bool>,
}

/// Least bill.
#[derive(Clone, Debug, PartialEq)]
pub struct LeastBill {
    /// M$ per month, by period.
    pub musd_per_month: Table<PeriodIx, f64>,
    /// Where it stands in the plan.
    pub path: String,
    /// Whether it is owed, by month from the horizon's start.
    pub owed: Vec<bool>,
    /// What giving back contracted demand costs, M$, by period.
    pub exit_musd: Table<PeriodIx, f64>,
}

/// Hours by period.
pub type Closed = Table<PeriodIx, Table<SliceIx, bool>>;

impl PeakCharge {
    /// Whether it is a charge on the highest draw of each month and nothing else.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        let least = self.least.as_ref().is_some_and(|least| least.fraction > 0.0);
        self.blocks.is_empty() && self.hours.is_none() && self.coincident.is_none() && self.ratchet.is_none() && !least
    }

    /// Whether anything is charged in a period.
    #[must_use]
    pub fn charges(&self, period: PeriodIx) -> bool {
        self.musd_per_mw_month[period] > 0.0 || self.blocks.iter().any(|(_, musd)| musd[period] > 0.0)
    }

    /// What so many MW cost in a month of a period, M$.
    #[must_use]
    pub fn musd(&self, period: PeriodIx, mw: f64) -> f64 {
        let in_blocks = blocks_of(&self.blocks, mw).map(|(part, musd)| part * musd[period]).sum::<f64>();
        self.musd_per_mw_month[period] * mw + in_blocks
    }
}

impl EnergyCharge {
    /// What so many GWh cost in a month of a period, M$.
    #[must_use]
    pub fn musd(&self, period: PeriodIx, gwh: f64) -> f64 {
        blocks_of(&self.blocks, gwh).map(|(part, usd_per_mwh)| part * usd_per_mwh[period] * 1e-3).sum()
    }
}

/// How much of an amount lies in each block.
pub fn blocks_of<T>(blocks: &[(f64, T)], amount: f64) -> impl Iterator<Item = (f64, &T)> {
    let mut before = 0.0;
    blocks.iter().map(move |(up_to, price)| {
        let part = (amount.min(*up_to) - before).max(0.0);
        before = *up_to;
        (part, price)
    })
}

impl Resolver<'_> {
    /// Energy charges of a tariff.
    pub(super) fn energy_charges(&mut self, calendar: &Calendar, path: &str, terms: &Tariff, at: &Situation<'_>) -> Vec<EnergyCharge> {
        let mut all = Vec::new();
        for (id, charge) in &terms.energy_charges {
            let path = format!("{path}.energy_charges.{id}");
            let hours = self.windows(calendar, &charge.windows, &format!("{path}.windows"), at.site_offset);
            let mut blocks: Vec<(f64, Table<PeriodIx, f64>)> = Vec::new();
            for (index, tier) in charge.tiers.iter().enumerate() {
                let usd = self.price_where(calendar, &tier.usd_per_mwh, &format!("{path}.tiers.{index}.usd_per_mwh"), &|period| at.in_force[period]);
                blocks.push((tier.up_to_mwh.map_or(f64::INFINITY, |mwh| mwh * 1e-3), escalate(&usd, at.factors)));
            }
            let in_force: Vec<PeriodIx> = calendar.periods.keys().filter(|period| at.in_force[*period]).collect();
            // The first period in which blocks fall is named; one is enough to mend it.
            let falls = in_force.into_iter().find_map(|period| {
                let prices: Vec<f64> = blocks.iter().map(|(_, usd)| usd[period]).collect();
                let found = charges::check_rising(&format!("{path}.tiers"), "usd_per_mwh", "energy charge", &prices);
                (!found.is_empty()).then_some(found)
            });
            self.problems.extend(falls.unwrap_or_default());
            all.push(EnergyCharge { id: id.clone(), hours, blocks });
        }
        all
    }

    /// Demand charges of a tariff, its own first.
    pub(super) fn peak_charges(&mut self, calendar: &Calendar, path: &str, terms: &Tariff, at: &Situation<'_>) -> Vec<PeakCharge> {
        let own_path = format!("{path}.demand_charge_usd_per_kw_month");
        let own = self.price_where(calendar, &terms.demand_charge_usd_per_kw_month, &own_path, &|period| at.in_force[period]);
        let least = |id: &str, coincident: bool| {
            let bill = terms.minimum_bill.as_ref().filter(|bill| bill.demand_fraction > 0.0)?;
            let named = if bill.demand_charges.is_empty() { !coincident } else { bill.demand_charges.iter().any(|named| named == id) };
            named.then(|| Least {
                contract_mw: Self::limit(calendar, &bill.contract_mw),
                fraction: bill.demand_fraction,
                path: format!("{path}.minimum_bill.contract_mw"),
                owed: owed(calendar, bill, at.from),
            })
        };
        let ratchet = (terms.ratchet_fraction > 0.0).then(|| Ratchet {
            fraction: terms.ratchet_fraction,
            path: format!("{path}.ratchet_fraction"),
            months: 12,
            of_months: [true; 12],
            existing_mw: terms.existing_peak_mw,
            existing_months_ago: 1,
        });
        let mut all = vec![PeakCharge {
            id: PLAIN.to_owned(),
            path: own_path,
            musd_per_mw_month: escalate(&own, at.factors).iter().map(|usd| usd * 1e-3).collect(),
            blocks: Vec::new(),
            hours: None,
            coincident: None,
            ratchet,
            least: least(PLAIN, false),
        }];
        for (id, charge) in &terms.demand_charges {
            let path = format!("{path}.demand_charges.{id}");
            let usd = self.price_where(calendar, &charge.usd_per_kw_month, &format!("{path}.usd_per_kw_month"), &|period| at.in_force[period]);
            let hours = self.windows(calendar, &charge.windows, &format!("{path}.windows"), at.site_offset);
            let coincident = charge.coincident.as_ref().and_then(|coincident| {
                let hours = self.marks(calendar, &coincident.hours, &format!("{path}.coincident.hours"), at.site_offset)?;
                Some(Coincident { hours, by_year: coincident.over == charges::CoincidentSpan::Year })
            });
            let blocks = charge.tiers.iter().map(|tier| {
                let musd = at.factors.iter().map(|factor| factor * tier.usd_per_kw_month * 1e-3).collect();
                (tier.up_to_mw.unwrap_or(f64::INFINITY), musd)
            });
            let ratchet = charge.ratchet.as_ref().map(|ratchet| Ratchet {
                fraction: ratchet.fraction,
                path: format!("{path}.ratchet.fraction"),
                months: ratchet.months as usize,
                of_months: std::array::from_fn(|month| {
                    ratchet.of_months.is_empty() || ratchet.of_months.iter().any(|named| *named as usize == month + 1)
                }),
                existing_mw: ratchet.existing_peak_mw,
                existing_months_ago: ratchet.existing_peak_months_ago as usize,
            });
            all.push(PeakCharge {
                id: id.clone(),
                path: format!("{path}.usd_per_kw_month"),
                musd_per_mw_month: escalate(&usd, at.factors).iter().map(|usd| usd * 1e-3).collect(),
                blocks: blocks.collect(),
                hours,
                least: least(id, coincident.is_some()),
                coincident,
                ratchet,
            });
        }
        all
    }

    /// The least bill of a tariff and what leaving costs.
    pub(super) fn least_bill(calendar: &Calendar, path: &str, terms: &Tariff, at: &Situation<'_>) -> Option<LeastBill> {
        let bill = terms.minimum_bill.as_ref()?;
        let path = format!("{path}.minimum_bill");
        let musd = Self::limit(calendar, &bill.usd_per_month);
        let owed = owed(calendar, bill, at.from);
        Some(LeastBill {
            musd_per_month: musd.pairs().map(|(period, usd)| usd * at.factors[period] * 1e-6).collect(),
            path: format!("{path}.usd_per_month"),
            exit_musd: exit_fees(calendar, bill, at, &owed),
            owed,
        })
    }

    /// Slices in which an agreement's plant stands still or is not settled: those with a price below zero.
    pub(super) fn below_zero(calendar: &Calendar, price: &Level) -> Closed {
        Table::build(&calendar.periods, |period| Table::build(&calendar.slices, |slice| price.at(period, slice) < 0.0))
    }
}

/// What a tariff's charges are resolved with.
pub(super) struct Situation<'a> {
    /// Whether the contract is in force, by period.
    pub in_force: &'a Table<PeriodIx, bool>,
    /// Its first month.
    pub from: Month,
    /// Escalation, by period.
    pub factors: &'a Table<PeriodIx, f64>,
    /// The site's clock, hours ahead of UTC.
    pub site_offset: f64,
}

/// What holds at negative prices, resolved.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Clause {
    /// Nothing.
    #[default]
    Settles,
    /// The market price counts as at least this, $ per MWh.
    Floor(f64),
    /// No money.
    NoSettlement,
    /// No output.
    Curtails,
}

impl From<&NegativePrices> for Clause {
    fn from(stated: &NegativePrices) -> Self {
        match stated {
            NegativePrices::Settles => Self::Settles,
            NegativePrices::Floor(floor) => Self::Floor(*floor),
            NegativePrices::NoSettlement => Self::NoSettlement,
            NegativePrices::Curtails => Self::Curtails,
        }
    }
}

fn escalate(values: &Table<PeriodIx, f64>, factors: &Table<PeriodIx, f64>) -> Table<PeriodIx, f64> {
    values.pairs().map(|(period, value)| value * factors[period]).collect()
}

/// Whether a least bill is owed, by month from the horizon's start: from the contract's first month for its term.
fn owed(calendar: &Calendar, bill: &MinimumBill, from: Month) -> Vec<bool> {
    let months = calendar.periods.len() * calendar.period_months as usize;
    let first = if from == Month::ALWAYS { calendar.start } else { from };
    let within = |offset: usize| bill.term_months.is_none_or(|term| calendar.start.plus(offset as i32) < first.plus(term as i32));
    (0..months).map(within).collect()
}

/// Contracted demand given back within the term, beyond what is free: by a step down, or by the contract's end.
fn exit_fees(calendar: &Calendar, bill: &MinimumBill, at: &Situation<'_>, owed: &[bool]) -> Table<PeriodIx, f64> {
    let contracted = |period: Month| bill.contract_mw.at(period).unwrap_or(0.0);
    let (mut before, mut highest, mut given_back, mut paid_for) = (0.0_f64, 0.0_f64, 0.0_f64, 0.0_f64);
    calendar
        .periods
        .pairs()
        .map(|(index, period)| {
            let now = if at.in_force[index] { contracted(period.start) } else { 0.0 };
            let in_term = owed.get(period.offset_months as usize).copied().unwrap_or(false);
            highest = highest.max(now);
            let mut fee = 0.0;
            if now < before && in_term {
                given_back += before - now;
                let due = (given_back - bill.free_exit_fraction * highest).max(0.0);
                fee = (due - paid_for).max(0.0) * bill.exit_fee_usd_per_kw * 1e-3 * at.factors[index];
                paid_for = paid_for.max(due);
            }
            before = now;
            fee
        })
        .collect()
}

impl Resolver<'_> {
    /// The terms with what the catalog says of a tariff that they name, wherever they say nothing.
    pub(super) fn with_catalog(&mut self, path: &str, terms: &Tariff) -> Tariff {
        let mut terms = terms.clone();
        let Some(id) = terms.catalog.clone() else { return terms };
        let catalog = self.catalog;
        let Some(row) = catalog.tariff(&id) else {
            let near = crate::diagnostic::nearest_name(&id, catalog.tariffs().iter().map(|row| row.id.as_str()));
            let help = near.map_or_else(
                || "`tokenworks catalog list tariffs` shows the tariffs there are.".to_owned(),
                |near| format!("Did you mean `{near}`?"),
            );
            self.error("unknown-tariff", format!("{path}.catalog"), format!("The catalog has no tariff `{id}`."), help);
            return terms;
        };
        let grade = row.confidence.label();
        if let Some(usd) = row.demand_charge_usd_per_kw_month.filter(|_| terms.demand_charge_usd_per_kw_month.constant() == Some(0.0)) {
            terms.demand_charge_usd_per_kw_month = plan::Steps::always(usd);
            self.assume(format!("{path}.demand_charge_usd_per_kw_month"), usd, "$/kW and month", &row.source, grade);
        }
        let Some(bill) = &mut terms.minimum_bill else {
            if row.minimum_billing_fraction.is_some() {
                let message = format!("`{id}` bills a least demand, but the plan does not say what is contracted, so none is billed.");
                self.warn("no-contract-mw", format!("{path}.minimum_bill"), message, "State `minimum_bill: (contract_mw: …)`.");
            }
            return terms;
        };
        if bill.demand_fraction <= 0.0 {
            if let Some(fraction) = row.minimum_billing_fraction {
                bill.demand_fraction = fraction;
                self.assume(format!("{path}.minimum_bill.demand_fraction"), fraction, "share", &row.source, grade);
            } else {
                let message = format!("Of `{id}` the catalog does not know what share of the contracted demand is billed at least.");
                self.warn("not-in-catalog", format!("{path}.minimum_bill.demand_fraction"), message, "State `demand_fraction`.");
            }
        }
        if let Some(months) = row.term_months().filter(|_| bill.term_months.is_none()) {
            bill.term_months = Some(months);
            self.assume(format!("{path}.minimum_bill.term_months"), f64::from(months), "months", &row.source, grade);
        }
        terms
    }
}
