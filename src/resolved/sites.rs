//! Places: sites with their halls and pipeline, and the places of rented chips.

use super::Resolver;
use super::calendar::Calendar;
use super::connections::Connection;
use super::feeds::{Feed, feed_of, feeds};
use super::index::{ActorIx, Ix as _, PeriodIx, PlaceIx, Table};
use super::levels::Level;
use crate::physics::finance;
use crate::plan::{self, Cooling};

/// A place where chips work.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// Id of the site or rental.
    pub id: String,
    /// Name on screen.
    pub name: String,
    /// Country, two letters.
    pub country: String,
    /// Whose it is.
    pub actor: ActorIx,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// Sending answer tokens out, $ per Mtok, by period.
    pub egress_usd_per_mtok: Table<PeriodIx, f64>,
    /// Power and halls; none for a place of rented chips.
    pub site: Option<SiteFacts>,
}

/// What a site has and what can be built there.
#[derive(Clone, Debug, PartialEq)]
pub struct SiteFacts {
    /// Interconnect, MW, by period.
    pub interconnect_mw: Table<PeriodIx, f64>,
    /// More connections.
    pub connections: Vec<Connection>,
    /// Facility power per IT power.
    pub pue: Level,
    /// Power paths to the halls.
    pub feeds: Vec<Feed>,
    /// Halls that stand or will stand.
    pub halls: Vec<Hall>,
    /// Kinds of halls that may be built.
    pub buildable: Vec<HallType>,
    /// Data pipeline, if it limits.
    pub pipeline: Option<Pipeline>,
    /// Operation and maintenance, M$ per MW of hall IT power and year, by period.
    pub om_musd_per_mw_year: Table<PeriodIx, f64>,
    /// Litres per kWh of facility energy.
    pub water_l_per_kwh: f64,
    /// Halls are filled by the power chips draw, not by their all-in rating.
    pub oversubscribed: bool,
}

/// A hall that stands or will stand.
#[derive(Clone, Debug, PartialEq)]
pub struct Hall {
    /// Its id.
    pub id: String,
    /// IT power, MW.
    pub it_mw: f64,
    /// Liquid-cooled.
    pub liquid: bool,
    /// Rack positions; no limit if none.
    pub rack_positions: Option<f64>,
    /// The feed it hangs on, if any limits it.
    pub feed: Option<usize>,
    /// First period in service (may lie after the horizon).
    pub from_period: usize,
    /// First period in which it no longer serves; after the horizon if it stays.
    pub until_period: usize,
}

impl Hall {
    /// Whether it serves in a period.
    #[must_use]
    pub fn serves(&self, period: PeriodIx) -> bool {
        (self.from_period..self.until_period).contains(&period.position())
    }
}

/// A kind of hall that may be built.
#[derive(Clone, Debug, PartialEq)]
pub struct HallType {
    /// Its id.
    pub id: String,
    /// IT power of one, MW.
    pub it_mw: f64,
    /// Liquid-cooled.
    pub liquid: bool,
    /// Rack positions of one; no limit if none.
    pub rack_positions: Option<f64>,
    /// The feed it hangs on, if any limits it.
    pub feed: Option<usize>,
    /// Capex of one, M$, by period of the order.
    pub capex_musd: Table<PeriodIx, f64>,
    /// Periods from order to service.
    pub lead: usize,
    /// Periods in service.
    pub life: usize,
    /// Annuity of one, M$ per year in service, by period of the order.
    pub annuity_musd_per_year: Table<PeriodIx, f64>,
    /// At most, over the horizon.
    pub at_most: f64,
    /// At least, over the horizon.
    pub at_least: f64,
}

/// A site's data pipeline.
#[derive(Clone, Debug, PartialEq)]
pub struct Pipeline {
    /// Gtok per hour that stand, by period.
    pub capacity_gtok_per_hour: Table<PeriodIx, f64>,
    /// Expansion at most, Gtok per hour; zero if it can't be expanded.
    pub expand_at_most_gtok_per_hour: f64,
    /// Capex, M$ per Gtok per hour, by period of the order.
    pub capex_musd_per_gtok_per_hour: Table<PeriodIx, f64>,
    /// Annuity, M$ per year and Gtok per hour, by period of the order.
    pub annuity_musd_per_year: Table<PeriodIx, f64>,
    /// IT power, MW per Gtok per hour handled.
    pub mw_per_gtok_per_hour: f64,
    /// Periods from order to service.
    pub lead: usize,
    /// Periods in service.
    pub life: usize,
}

/// Annuity per year of service for capex paid `lead` periods before: interest until service, then
/// the capital recovery factor over the life, both with the rounded periods.
pub fn annuity(calendar: &Calendar, capex: f64, lead: usize, life: usize) -> f64 {
    finance::annuity(capex, calendar.discount_rate, calendar.years_of(lead), calendar.years_of(life))
}

impl Resolver<'_> {
    /// Sites in the order of the plan, then one place for each rental.
    pub(super) fn places(&mut self, calendar: &Calendar) -> Table<PlaceIx, Place> {
        let plan = self.plan;
        let mut places: Table<PlaceIx, Place> = Table::default();
        for (id, site) in &plan.sites {
            let path = format!("sites.{id}");
            let halls = site
                .halls
                .iter()
                .map(|(id, hall)| Hall {
                    id: id.clone(),
                    it_mw: hall.it_mw,
                    liquid: hall.cooling == Cooling::Liquid,
                    rack_positions: hall.rack_positions,
                    feed: feed_of(site, hall.feed.as_ref()),
                    from_period: Self::first_period(calendar, hall.in_service),
                    until_period: hall.until.map_or(usize::MAX, |until| Self::first_period(calendar, until)),
                })
                .collect();
            let buildable = site.buildable.iter().map(|(kind_id, kind)| self.hall_type(calendar, (&path, site), kind_id, kind)).collect();
            let pue = self.level(calendar, &site.pue, &format!("{path}.pue"));
            let pue_lowest = pue.lowest(calendar);
            if pue_lowest < 1.0 - 1e-9 {
                self.error(
                    "pue-below-one",
                    format!("{path}.pue"),
                    format!("PUE falls to {}; facility power can't be less than IT power.", crate::words::fixed(pue_lowest, 3)),
                    "Use values of 1 and above.",
                );
            }
            let pipeline = site.data_pipeline.as_ref().map(|pipeline| {
                let (lead, life) = (calendar.lead_periods(pipeline.lead_months), calendar.life_periods(pipeline.life_years));
                let capex: Table<PeriodIx, f64> = match &pipeline.expand_usd_per_gtok_per_hour {
                    Some(steps) => {
                        let at = format!("{path}.data_pipeline.expand_usd_per_gtok_per_hour");
                        let arrives = |order: PeriodIx| order.position() + lead < calendar.periods.len();
                        self.price_where(calendar, steps, &at, &arrives).iter().map(|usd| usd * 1e-6).collect()
                    }
                    None => Table::build(&calendar.periods, |_| 0.0),
                };
                Pipeline {
                    capacity_gtok_per_hour: Self::limit(calendar, &pipeline.capacity_gtok_per_hour),
                    expand_at_most_gtok_per_hour: if pipeline.expand_usd_per_gtok_per_hour.is_some() {
                        pipeline.expand_at_most_gtok_per_hour
                    } else {
                        0.0
                    },
                    annuity_musd_per_year: capex.iter().map(|capex| annuity(calendar, *capex, lead, life)).collect(),
                    capex_musd_per_gtok_per_hour: capex,
                    mw_per_gtok_per_hour: pipeline.kw_per_gtok_per_hour * 1e-3,
                    lead,
                    life,
                }
            });
            let om = self.price(calendar, &site.om_usd_per_mw_year, &format!("{path}.om_usd_per_mw_year"));
            let om_musd_per_mw_year = om.iter().map(|usd| usd * 1e-6).collect();
            places.push(Place {
                id: id.clone(),
                name: if site.name.is_empty() { id.clone() } else { site.name.clone() },
                country: site.country.clone(),
                actor: self.owner(&path, site.actor.as_ref(), Some(&site.country)),
                latitude: site.latitude,
                longitude: site.longitude,
                egress_usd_per_mtok: self.price(calendar, &site.egress_usd_per_mtok, &format!("{path}.egress_usd_per_mtok")),
                site: Some(SiteFacts {
                    interconnect_mw: Self::limit(calendar, &site.interconnect_mw),
                    connections: self.connections(calendar, id),
                    feeds: feeds(calendar, id, site),
                    pue,
                    halls,
                    buildable,
                    pipeline,
                    om_musd_per_mw_year,
                    water_l_per_kwh: site.water_l_per_kwh,
                    oversubscribed: site.oversubscribed,
                }),
            });
        }
        for (id, rental) in &plan.rentals {
            let site = rental.site.as_ref().and_then(|site| plan.sites.get(&site.0));
            let country = rental.country.clone().or_else(|| site.map(|site| site.country.clone()));
            let latitude = rental.latitude.or_else(|| site.map(|site| site.latitude));
            let longitude = rental.longitude.or_else(|| site.map(|site| site.longitude));
            if country.is_none() || latitude.is_none() || longitude.is_none() {
                self.error(
                    "rental-place",
                    format!("rentals.{id}"),
                    "The rental has no place.",
                    "Give `site`, or `country`, `latitude` and `longitude`.",
                );
            }
            let named = rental.actor.as_ref().or_else(|| site.and_then(|site| site.actor.as_ref()));
            let actor = self.owner(&format!("rentals.{id}"), named, country.as_deref());
            places.push(Place {
                id: id.clone(),
                name: id.clone(),
                country: country.unwrap_or_default(),
                actor,
                latitude: latitude.unwrap_or(0.0),
                longitude: longitude.unwrap_or(0.0),
                egress_usd_per_mtok: site
                    .map_or_else(|| Table::build(&calendar.periods, |_| 0.0), |site| Self::limit(calendar, &site.egress_usd_per_mtok)),
                site: None,
            });
        }
        places
    }
}

impl Resolver<'_> {
    fn hall_type(&mut self, calendar: &Calendar, (at, site): (&str, &plan::Site), id: &str, kind: &plan::HallType) -> HallType {
        let path = format!("{at}.buildable.{id}.capex_usd_per_w");
        let (lead, life) = (calendar.lead_periods(kind.lead_months), calendar.life_periods(kind.life_years));
        // No hall is ordered that would come after the end.
        let arrives = |order: PeriodIx| order.position() + lead < calendar.periods.len();
        // $/W is M$/MW.
        let capex_musd: Table<PeriodIx, f64> =
            self.price_where(calendar, &kind.capex_usd_per_w, &path, &arrives).iter().map(|usd| usd * kind.it_mw).collect();
        HallType {
            id: id.to_owned(),
            it_mw: kind.it_mw,
            liquid: kind.cooling == Cooling::Liquid,
            rack_positions: kind.rack_positions,
            feed: feed_of(site, kind.feed.as_ref()),
            lead,
            life,
            annuity_musd_per_year: capex_musd.iter().map(|capex| annuity(calendar, *capex, lead, life)).collect(),
            capex_musd,
            at_most: kind.at_most,
            at_least: kind.at_least,
        }
    }
}
