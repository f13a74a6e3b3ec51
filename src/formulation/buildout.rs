//! What may be built.
//!
//! For each site s and hall type y, over the horizon:
//!
//!   at_least ≤ Σ over q of halls\[s,y,q] ≤ at_most                     (halls)
//!
//! A hall ordered at q serves from q + lead; an order that would arrive after the horizon has no
//! column. Each hall costs its annuity for its life in service, and operation and maintenance on its
//! IT MW; halls that stand cost operation and maintenance only. The same for pipeline expansions
//! (Gtok per hour), which are limited by `expand_at_most_gtok_per_hour`.
//!
//! The dual of `at_most` is the worth of being allowed one hall more.

use super::Builder;
use super::builder::{Bound, When};
use super::cost::CostPart;
use super::expr::Expr;
use crate::resolved::{ActorIx, Ix as _, PeriodIx, SiteFacts};

/// Adds the rows and the money.
pub fn add(builder: &mut Builder<'_>) {
    let resolved = builder.resolved;
    for halls in builder.layout.halls.clone() {
        let place = &resolved.places[halls.place];
        let Some((site, kind)) = place.site.as_ref().and_then(|site| Some((site, site.buildable.get(halls.kind)?))) else { continue };
        let mut built = Expr::default();
        for (order, col) in &halls.orders {
            built.add(*col, 1.0);
            builder.order_cost(
                CostPart::Halls,
                *col,
                *order,
                kind.capex_musd[*order],
                kind.annuity_musd_per_year[*order],
                kind.lead,
                kind.life,
                (0.0, 0.0),
            );
            for period in in_service(builder, *order, kind.lead, kind.life) {
                let years = resolved.calendar.periods[period].years;
                builder.charge(period, CostPart::Maintenance, *col, site.om_musd_per_mw_year[period] * kind.it_mw * years);
            }
        }
        let path = format!("sites.{}.buildable.{}", place.id, kind.id);
        let ids = [place.id.as_str(), kind.id.as_str()];
        if !halls.orders.is_empty() {
            let limit = builder.limit(format!("{path}.at_most"), "halls", kind.at_most, 1.0);
            builder.row("buildout", "halls_at_most", &ids, When::HORIZON, built.clone(), Bound::AtMost(kind.at_most), Some(limit));
        }
        if kind.at_least > 0.0 {
            let limit = builder.limit(format!("{path}.at_least"), "halls", kind.at_least, 1.0);
            builder.row("buildout", "halls_at_least", &ids, When::HORIZON, built, Bound::AtLeast(kind.at_least), Some(limit));
        }
    }
    for place in &resolved.places {
        let Some(site) = &place.site else { continue };
        standing_halls(builder, site, place.actor);
    }
    pipelines(builder);
}

/// Operation and maintenance of halls that stand.
fn standing_halls(builder: &mut Builder<'_>, site: &SiteFacts, actor: ActorIx) {
    for hall in &site.halls {
        for (period, data) in builder.resolved.calendar.periods.pairs() {
            if hall.serves(period) {
                builder.charge_fixed(
                    period,
                    CostPart::Maintenance,
                    site.om_musd_per_mw_year[period] * hall.it_mw * data.years,
                    Some(actor),
                );
            }
        }
    }
}

fn pipelines(builder: &mut Builder<'_>) {
    let resolved = builder.resolved;
    for (place_index, place) in resolved.places.pairs() {
        let Some(pipeline) = place.site.as_ref().and_then(|site| site.pipeline.as_ref()) else { continue };
        let orders = builder.layout.pipelines[place_index].clone();
        let mut expanded = Expr::default();
        for (order, col) in &orders {
            expanded.add(*col, 1.0);
            builder.order_cost(
                CostPart::Halls,
                *col,
                *order,
                pipeline.capex_musd_per_gtok_per_hour[*order],
                pipeline.annuity_musd_per_year[*order],
                pipeline.lead,
                pipeline.life,
                (0.0, 0.0),
            );
        }
        if !orders.is_empty() {
            let most = pipeline.expand_at_most_gtok_per_hour;
            let limit = builder.limit(format!("sites.{}.data_pipeline.expand_at_most_gtok_per_hour", place.id), "Gtok/h", most, 1.0);
            builder.row("buildout", "pipeline_at_most", &[&place.id], When::HORIZON, expanded, Bound::AtMost(most), Some(limit));
        }
    }
}

/// Periods in which something ordered serves.
pub fn in_service(builder: &Builder<'_>, order: PeriodIx, lead: usize, life: usize) -> Vec<PeriodIx> {
    let first = order.position() + lead;
    builder.resolved.calendar.periods.keys().filter(|period| (first..first + life).contains(&period.position())).collect()
}
