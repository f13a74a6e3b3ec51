//! Connections to the grid, with their events as shares of slices and their offers dated.
//!
//! In a slice of which any hour is an event, non-firm power is away all the time: a slice draws the same in
//! all of its hours, so nothing less keeps a cap in each of them. Where that makes events longer it is
//! said. A share of hours that nobody knows counts as that share of the power, on average.

use super::Resolver;
use super::billing::Marks;
use super::calendar::Calendar;
use super::index::{ContractIx, PeriodIx, PlaceIx, SliceIx, Table};
use super::levels::Level;
use super::sites::{Place, annuity};
use super::supply::{Cap, Contract, Delivery, EnergyPrice, Facets, Output, Plant, YearlyEnergy};
use crate::plan::Month;
use crate::plan::connection::{self, OfferKind, Service};
use crate::plan::power::{Hours, KINDS};

/// The name by which a contract says that it comes through the plain interconnect.
pub const PLAIN: &str = crate::plan::links::PLAIN;

/// A connection of a site.
#[derive(Clone, Debug, PartialEq)]
pub struct Connection {
    /// Its id.
    pub id: String,
    /// Where it stands in the plan.
    pub path: String,
    /// What it always carries.
    pub firm: Cap,
    /// What it carries on top, MW, by period.
    pub non_firm_mw: Table<PeriodIx, f64>,
    /// Share of the non-firm power that is there, by period and slice.
    pub there: Table<PeriodIx, Table<SliceIx, f64>>,
    /// Hours before an event at which it is announced.
    pub notice_hours: f64,
    /// Hours of events in a slice, by period and slice, where they are known.
    pub event_hours: Table<PeriodIx, Table<SliceIx, f64>>,
    /// What may be chosen on top.
    pub offers: Vec<Offer>,
}

/// Power that may be chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    /// Its id.
    pub id: String,
    /// Where it stands in the plan.
    pub path: String,
    /// Always there, or but for events.
    pub firm: bool,
    /// Whether it is there, by period.
    pub there: Table<PeriodIx, bool>,
    /// Most, MW.
    pub at_most_mw: f64,
    /// Fee, M$ per MW and year, by period.
    pub fee_musd_per_mw_year: Table<PeriodIx, f64>,
    /// Deposit, M$ per MW.
    pub deposit_musd_per_mw: f64,
    /// Studies and works, M$ for all of it.
    pub study_musd: f64,
    /// What of it is taken already, MW.
    pub taken_mw: Option<f64>,
    /// The period at whose start the deposit of what is taken comes back.
    pub gives_back: Option<PeriodIx>,
}

impl Connection {
    /// Whether the power of an offer of its kind is there in a slice, as a share.
    pub fn share(&self, firm: bool, period: PeriodIx, slice: SliceIx) -> f64 {
        if firm { 1.0 } else { self.there[period][slice] }
    }

    /// Whether some of a slice's hours are events.
    pub fn in_event(&self, period: PeriodIx, slice: SliceIx) -> bool {
        self.there[period][slice] < 1.0
    }
}

impl Resolver<'_> {
    /// The connections of a site.
    pub(super) fn connections(&mut self, calendar: &Calendar, site: &str) -> Vec<Connection> {
        let plan = self.plan;
        let Some(stated) = plan.sites.get(site) else { return Vec::new() };
        let mut all = Vec::new();
        for (id, connection) in &stated.connections {
            let path = format!("sites.{site}.connections.{id}");
            let marks = connection
                .events
                .as_ref()
                .and_then(|events| self.marks(calendar, events, &format!("{path}.events"), stated.utc_offset_hours));
            if let (Some(marks), Some(events)) = (&marks, &connection.events) {
                self.check_event_hours(calendar, &format!("{path}.events"), events, marks);
            }
            let unknown = matches!(connection.events, Some(Hours::Share(_)));
            let firm_from = connection.firm_from;
            if let Some(month) = firm_from.filter(|month| !calendar.periods.iter().any(|period| *month <= period.start)) {
                let message = format!("No period of the horizon starts in {month} or later, so the power becomes firm in none.");
                self.warn(
                    "never-in-force",
                    format!("{path}.firm_from"),
                    message,
                    "Shorten the periods, lengthen the horizon, or take it out.",
                );
            }
            let share = |period: PeriodIx, slice: SliceIx| -> f64 {
                let Some(marks) = &marks else { return 0.0 };
                let hours = |of_year| calendar.hours_in_month(slice, of_year);
                let (events, all) = calendar.months_of_period(period).fold((0.0, 0.0), |sum, month| {
                    (sum.0 + hours(month.of_year) * marks.share(slice, month.of_year), sum.1 + hours(month.of_year))
                });
                if all > 0.0 { events / all } else { 0.0 }
            };
            let firm_by_now = |period: PeriodIx| firm_from.is_some_and(|month| month <= calendar.periods[period].start);
            let there = Table::build(&calendar.periods, |period| {
                Table::build(&calendar.slices, |slice| {
                    let events = share(period, slice);
                    let away = if unknown { events } else { f64::from(u8::from(events > 0.0)) };
                    if firm_by_now(period) { 1.0 } else { 1.0 - connection.response_fraction * away }
                })
            });
            let event_hours =
                Table::build(&calendar.periods, |period| {
                    Table::build(&calendar.slices, |slice| {
                        if firm_by_now(period) { 0.0 } else { share(period, slice) * calendar.hours(period, slice) }
                    })
                });
            let offers = match &connection.service {
                Service::Stated => Vec::new(),
                Service::Choose(offers) => self.offers(calendar, &path, offers),
            };
            all.push(Connection {
                firm: self.cap(calendar, &connection.firm_mw, &format!("{path}.firm_mw")),
                non_firm_mw: Self::limit(calendar, &connection.non_firm_mw),
                notice_hours: connection.notice_hours.unwrap_or(f64::INFINITY),
                id: id.clone(),
                path,
                there,
                event_hours,
                offers,
            });
        }
        all
    }

    fn offers(&mut self, calendar: &Calendar, path: &str, offers: &crate::plan::node::Map<connection::Offer>) -> Vec<Offer> {
        let mut all = Vec::new();
        for (id, offer) in offers {
            let path = format!("{path}.service.value.{id}");
            let from = offer.from.unwrap_or(Month::ALWAYS);
            let before = |period: PeriodIx| calendar.periods[period].start.plus(-(calendar.period_months as i32));
            let there: Table<PeriodIx, bool> = calendar
                .periods
                .iter()
                .map(|period| from <= period.start && offer.until.is_none_or(|until| period.start < until))
                .collect();
            if !there.iter().any(|there| *there) {
                let message = format!("The offer `{id}` is there in no whole period of the horizon, so it is never taken.");
                self.warn("never-in-force", format!("{path}.from"), message, "Change `from` or `until`.");
            }
            let fee =
                self.price_where(calendar, &offer.fee_usd_per_kw_month, &format!("{path}.fee_usd_per_kw_month"), &|period| there[period]);
            all.push(Offer {
                id: id.clone(),
                path,
                firm: offer.kind == OfferKind::Firm,
                at_most_mw: offer.at_most_mw,
                fee_musd_per_mw_year: fee.iter().map(|usd| usd * 12e-3).collect(),
                deposit_musd_per_mw: offer.deposit_usd_per_kw * 1e-3,
                study_musd: offer.study_usd * 1e-6,
                taken_mw: offer.taken_mw,
                // Of power that was there before the horizon it is back already.
                gives_back: calendar.periods.keys().find(|period| there[*period] && from > before(*period)),
                there,
            });
        }
        all
    }

    /// Slices that are longer than the events in them hold non-firm power away for longer than need be.
    fn check_event_hours(&mut self, calendar: &Calendar, path: &str, events: &Hours, marks: &Marks) {
        let (meant, held) = (marks.hours_a_year(calendar), marks.touched_hours_a_year(calendar));
        if !matches!(events, Hours::Share(_)) && held > meant + 1e-6 {
            let message = format!(
                "Events are {} hours a year, but they lie in slices that stand for {}: non-firm power is away in all of these.",
                meant.round(),
                held.round()
            );
            let help = "Give the days of events representative days of their own (`pick: Highest(…)` with `days_per_year`), use shorter blocks, or plan by the hour.";
            self.warn("events-longer", path.to_owned(), message, help);
        }
    }
}

impl Resolver<'_> {
    /// Backup plant of connections, as plant that stands on the site and runs in events only.
    pub(super) fn backups(&mut self, calendar: &Calendar, places: &Table<PlaceIx, Place>, contracts: &mut Table<ContractIx, Contract>) {
        let plan = self.plan;
        let Some(kind) = KINDS.iter().find(|kind| kind.variant == "OnSite") else { return };
        for (place, found) in places.pairs() {
            let (Some(facts), Some(site)) = (&found.site, plan.sites.get(&found.id)) else { continue };
            for connection in &facts.connections {
                let stated = site.connections.get(&connection.id).and_then(|stated| stated.backup.as_ref());
                let Some(backup) = stated.filter(|backup| backup.mw > 0.0) else { continue };
                let path = format!("{}.backup", connection.path);
                let existing = backup.existing_mw.min(backup.mw);
                // It stands from when the connection carries anything.
                let carries = |period: PeriodIx| {
                    let firm = calendar.slices_of[period].iter().any(|slice| connection.firm.mw.at(period, *slice) > 0.0);
                    firm || connection.non_firm_mw[period] > 0.0 || connection.offers.iter().any(|offer| offer.there[period])
                };
                let in_force = Table::build(&calendar.periods, carries);
                let needed = |period: PeriodIx| in_force[period];
                let fuel = self.price_where(calendar, &backup.fuel_usd_per_mwh, &format!("{path}.fuel_usd_per_mwh"), &needed);
                let capex_path = format!("{path}.capex_usd_per_kw");
                let capex: Table<PeriodIx, f64> =
                    self.price_where(calendar, &backup.capex_usd_per_kw, &capex_path, &needed).iter().map(|usd| usd * 1e-3).collect();
                let om = self.price_where(calendar, &backup.om_usd_per_kw_year, &format!("{path}.om_usd_per_kw_year"), &needed);
                let life = calendar.life_periods(backup.life_years);
                let still =
                    Table::build(&calendar.periods, |period| Table::build(&calendar.slices, |slice| !connection.in_event(period, slice)));
                contracts.push(Contract {
                    id: format!("{}/{}/backup", found.id, connection.id),
                    path: path.clone(),
                    kind,
                    place,
                    connection: None,
                    carbon_g_per_kwh: Level::flat(calendar, backup.g_per_kwh),
                    renewable: false,
                    facets: Facets {
                        delivery: Delivery::OnSite,
                        plant: Some(Plant {
                            unit: "MW",
                            least: (backup.mw - existing).max(0.0),
                            most: (backup.mw - existing).max(0.0),
                            path: format!("{path}.mw"),
                            existing,
                            annuity_musd_per_year: capex.iter().map(|capex| annuity(calendar, *capex, 0, life)).collect(),
                            capex_musd: capex,
                            capex_path,
                            om_musd_per_year: om.iter().map(|usd| usd * 1e-3).collect(),
                            lead: 0,
                            life,
                        }),
                        output: Some(Output::Profile(Table::build(&calendar.slices, |_| 1.0))),
                        still: Some(still),
                        yearly_energy: Some(YearlyEnergy {
                            gwh_per_year: Table::build(&calendar.periods, |_| backup.mw * backup.hours_per_year * 1e-3),
                            path: format!("{path}.hours_per_year"),
                            unit: "h/year",
                            gwh_per_unit: backup.mw * 1e-3,
                        }),
                        energy_price: Some(EnergyPrice {
                            usd_per_mwh: Level { base: fuel, shape: None },
                            path: format!("{path}.fuel_usd_per_mwh"),
                        }),
                        ..Facets::default()
                    },
                    in_force,
                });
            }
        }
    }
}
