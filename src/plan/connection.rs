//! Connections of a site to the grid beside the plain one: firm, or there but for some hours of the year.

use super::node::{Map, choice, record};
use super::power::Hours;
use super::values::{Level, Month, Steps};
use crate::diagnostic::Diagnostic;

record! {
    /// A connection to the grid; what it carries adds to `interconnect_mw`.
    pub struct Connection {
        /// Power that it always carries, MW, from dates on or by the hour; zero before the first date
        firm_mw: Level [0.0, 1e6] = Level::always(0.0),
        /// Power that it carries on top outside events, MW, from dates on; zero before the first date
        non_firm_mw: Steps [0.0, 1e6] = Steps::always(0.0),
        /// Hours in which that is not there; it is always there if left out
        events: Option<Hours> = None,
        /// Hours before an event at which it is announced; as early as anybody needs if left out
        notice_hours: Option<f64> [0.0, 8760.0] = None,
        /// Share of the non-firm power that has to go in an event
        response_fraction: f64 [0.0, 1.0] = 1.0,
        /// Month from which the non-firm power is firm; never if left out
        firm_from: Option<Month> = None,
        /// Whether the above is stated, or offers are chosen from on top
        service: Service = Service::Stated,
        /// Backup plant that the grid asks for, which may run in events
        backup: Option<Backup> = None,
        /// Remarks and sources
        notes: String = String::new(),
    }
}

choice! {
    /// Whether a connection is given or chosen.
    pub enum Service {
        /// As stated
        Stated,
        /// Some of these offers, by id, each as far as it pays
        Choose(Map<Offer>),
    }
}

record! {
    /// Power that a grid company offers.
    pub struct Offer {
        /// Firm, or there but for events
        kind: OfferKind,
        /// First month in which it is there; the horizon's start if left out
        from: Option<Month> = None,
        /// First month in which it is no longer there; never ends if left out
        until: Option<Month> = None,
        /// Most of it, MW
        at_most_mw: f64 [0.0, 1e6],
        /// Fee, $ per kW and month, while it is there
        fee_usd_per_kw_month: Steps [0.0, 1e4] = Steps::always(0.0),
        /// Deposit, $ per kW, paid at the horizon's start and given back when it is there
        deposit_usd_per_kw: f64 [0.0, 1e6] = 0.0,
        /// Cost of studies and works if all of it is taken, $; in proportion where offers may be taken in part
        study_usd: f64 [0.0, 1e11] = 0.0,
        /// So much of it is taken, MW, no more and no less: deposit and studies are paid, and the deposit comes back when it is there
        taken_mw: Option<f64> [0.0, 1e6] = None,
    }
}

choice! {
    /// What kind of power is offered.
    pub enum OfferKind {
        /// Always there
        Firm,
        /// There but for events
        NonFirm,
    }
}

record! {
    /// Backup plant that a connection asks for.
    pub struct Backup {
        /// Its power, MW
        mw: f64 [0.0, 1e6],
        /// Of that, what stands already and is paid, MW
        existing_mw: f64 [0.0, 1e6] = 0.0,
        /// Hours a year that it may run at full power, by its permit
        hours_per_year: f64 [0.0, 8760.0],
        /// Fuel, $ per MWh, from dates on
        fuel_usd_per_mwh: Steps [0.0, 1e5],
        /// Carbon, g CO2 per kWh
        g_per_kwh: f64 [0.0, 5000.0] = 800.0,
        /// Capex, $ per kW
        capex_usd_per_kw: Steps [0.0, 1e5] = Steps::always(0.0),
        /// Operation and maintenance, $ per kW and year
        om_usd_per_kw_year: Steps [0.0, 1e5] = Steps::always(0.0),
        /// Life for the annuity, years
        life_years: f64 [0.25, 60.0] = 20.0,
    }
}

impl Connection {
    /// What may be chosen on top, by id; none where the connection is as stated.
    #[must_use]
    pub fn offers(&self) -> Option<&Map<Offer>> {
        match &self.service {
            Service::Choose(offers) => Some(offers),
            Service::Stated => None,
        }
    }

    /// Everything that breaks a rule; `at` is its path.
    #[must_use]
    pub fn check(&self, at: &str) -> Vec<Diagnostic> {
        let mut found = self.events.as_ref().map_or_else(Vec::new, |events| events.check(&format!("{at}.events")));
        let offers = self.offers();
        let any_offer =
            |kind: &OfferKind| offers.is_some_and(|offers| offers.values().any(|offer| offer.kind == *kind && offer.at_most_mw > 0.0));
        let non_firm = self.non_firm_mw.first_above_zero().is_some() || any_offer(&OfferKind::NonFirm);
        if non_firm && self.events.is_none() {
            let message = "Power that is there but for events has no events, so it is always there.".to_owned();
            found.push(Diagnostic::warning("no-events", format!("{at}.events"), message).help("State `events`, or make it firm."));
        }
        if !non_firm && (self.events.is_some() || self.firm_from.is_some()) {
            let field = if self.events.is_some() { "events" } else { "firm_from" };
            let message = format!("`{field}` is of non-firm power, of which there is none.");
            found.push(Diagnostic::warning("never-binds", format!("{at}.{field}"), message).help("State `non_firm_mw`, or take it out."));
        }
        if self.backup.is_some() && self.events.is_none() {
            let message = "Backup plant runs in events, of which there are none.".to_owned();
            found.push(
                Diagnostic::warning("never-binds", format!("{at}.backup"), message)
                    .help("State `events`; plant that runs at any time is an `OnSite` contract."),
            );
        }
        for (id, offer) in offers.into_iter().flatten() {
            if let Some(taken) = offer.taken_mw.filter(|taken| *taken > offer.at_most_mw) {
                let message = format!("{taken} MW of the offer `{id}` are taken, and it is of {} MW.", offer.at_most_mw);
                found.push(
                    Diagnostic::error("out-of-range", format!("{at}.service.value.{id}.taken_mw"), message)
                        .help("Take less, or raise `at_most_mw`."),
                );
            }
            if offer.at_most_mw <= 0.0 {
                let message = format!("Of the offer `{id}` nothing can be taken.");
                let at = format!("{at}.service.value.{id}.at_most_mw");
                found.push(Diagnostic::warning("never-binds", at, message).help("State how much is offered, or take the offer out."));
            }
            if let (Some(from), Some(until)) = (offer.from, offer.until)
                && until <= from
            {
                let message = format!("The offer `{id}` ends in {until}, before it begins in {from}.");
                found.push(
                    Diagnostic::error("bad-dates", format!("{at}.service.value.{id}.until"), message)
                        .help("`until` is the first month in which it is no longer there."),
                );
            }
        }
        if offers.is_some_and(Map::is_empty) {
            let message = "There is nothing to choose from.".to_owned();
            found.push(Diagnostic::warning("no-offers", format!("{at}.service"), message).help("Add an offer, or say `Stated`."));
        }
        found
    }
}
