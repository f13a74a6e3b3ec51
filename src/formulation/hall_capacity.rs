//! Hall power and rack positions.
//!
//! For each site s and period p, over halls in service (standing ones and ordered ones):
//!
//!   Σ_c all_in_kw\[c] · in_service\[s,c,p] ≤ MW of halls                 (MW; kW · thousand chips = MW)
//!   Σ_{c liquid} all_in_kw\[c] · in_service\[s,c,p] ≤ MW of liquid halls
//!   Σ_c in_service\[s,c,p] / chips_per_rack\[c] ≤ rack positions         (thousand racks)
//!   Σ_{c liquid} … ≤ rack positions of liquid halls
//!
//! Air-cooled chips may stand in liquid halls. A row that would repeat another is not stated: the
//! liquid rows where every hall is liquid, the rows over all chips where all chips are liquid, rack
//! rows where some hall has no limit. At an oversubscribed site the MW rows hold for the IT power
//! drawn in each slice (by all chips, and by the liquid-cooled ones) instead of the all-in rating
//! (stated by `it_power`).
//!
//! These are limits on stocks in service: they bind over runs of periods, so their duals are shown
//! as sums over the run, one-sided.

use super::Builder;
use super::builder::{Bound, When};
use super::expr::Expr;
use crate::resolved::{Ix as _, PeriodIx, PlaceIx, SiteFacts};

/// MW and rack positions of halls in service.
pub struct HallSpace {
    /// MW.
    pub mw: Expr,
    /// Thousand rack positions; none if some hall has no limit.
    pub racks: Option<Expr>,
}

/// Space of the halls in service in a period; of liquid halls only, if asked.
pub fn space(builder: &Builder<'_>, place: PlaceIx, site: &SiteFacts, period: PeriodIx, liquid_only: bool) -> HallSpace {
    space_of(builder, (place, site), period, &|liquid, _| liquid || !liquid_only)
}

/// Space of halls in service in a period, of those chosen by whether they are liquid and by their feed.
pub fn space_of(
    builder: &Builder<'_>,
    (place, site): (PlaceIx, &SiteFacts),
    period: PeriodIx,
    counts: &dyn Fn(bool, Option<usize>) -> bool,
) -> HallSpace {
    let mut mw = Expr::default();
    let mut racks = Some(Expr::default());
    for hall in site.halls.iter().filter(|hall| hall.serves(period) && counts(hall.liquid, hall.feed)) {
        mw.constant += hall.it_mw;
        match (hall.rack_positions, &mut racks) {
            (Some(positions), Some(racks)) => racks.constant += positions * 1e-3,
            _ => racks = None,
        }
    }
    for halls in builder.layout.halls.iter().filter(|halls| halls.place == place) {
        let Some(kind) = site.buildable.get(halls.kind).filter(|kind| counts(kind.liquid, kind.feed)) else { continue };
        for (order, col) in &halls.orders {
            let first = order.position() + kind.lead;
            if (first..first + kind.life).contains(&period.position()) {
                mw.add(*col, kind.it_mw);
                match (kind.rack_positions, &mut racks) {
                    (Some(positions), Some(racks)) => {
                        racks.add(*col, positions * 1e-3);
                    }
                    _ => racks = None,
                }
            }
        }
    }
    HallSpace { mw, racks }
}

/// Adds the rows.
pub fn add(builder: &mut Builder<'_>) {
    let resolved = builder.resolved;
    for (place_index, place) in resolved.places.pairs() {
        let Some(site) = &place.site else { continue };
        let pools: Vec<usize> = resolved
            .pools
            .iter()
            .enumerate()
            .filter(|(_, pool)| pool.place == place_index && pool.rental.is_none())
            .map(|(index, _)| index)
            .collect();
        let liquid = |pool: &usize| resolved.pools.get(*pool).is_some_and(|pool| resolved.chips[pool.chip].liquid);
        let some_air_chip = pools.iter().any(|pool| !liquid(pool));
        let some_liquid_chip = pools.iter().any(liquid);
        let some_air_hall = site.halls.iter().any(|hall| !hall.liquid) || site.buildable.iter().any(|kind| !kind.liquid);
        for period in resolved.calendar.periods.keys() {
            for liquid_only in [false, true] {
                // With liquid chips only, the rows over liquid halls say all there is to say.
                let needed = if liquid_only { some_liquid_chip && some_air_hall } else { some_air_chip || !some_air_hall };
                if !needed {
                    continue;
                }
                let mut power = Expr::default();
                let mut racks = Expr::default();
                for pool in pools.iter().filter(|pool| !liquid_only || liquid(pool)) {
                    let (Some(data), Some(cols)) = (resolved.pools.get(*pool), builder.layout.pools.get(*pool)) else { continue };
                    if let Some(col) = cols.in_service[period] {
                        let chip = &resolved.chips[data.chip];
                        power.add(col, chip.all_in_kw);
                        racks.add(col, 1.0 / chip.chips_per_rack);
                    }
                }
                if power.is_zero() && racks.is_zero() {
                    continue;
                }
                let space = space(builder, place_index, site, period, liquid_only);
                if !site.oversubscribed {
                    let limit = builder.limit(format!("sites.{}.halls", place.id), "MW", space.mw.constant, 1.0);
                    power.add_expr(&space.mw, -1.0);
                    let noun = if liquid_only { "hall_mw_liquid" } else { "hall_mw" };
                    builder.row("hall_capacity", noun, &[&place.id], When::period(period), power, Bound::AtMost(0.0), Some(limit));
                }
                if let Some(positions) = space.racks {
                    let limit = builder.limit(format!("sites.{}.halls", place.id), "racks", positions.constant * 1e3, 1e-3);
                    racks.add_expr(&positions, -1.0);
                    let noun = if liquid_only { "racks_liquid" } else { "racks" };
                    builder.row("hall_capacity", noun, &[&place.id], When::period(period), racks, Bound::AtMost(0.0), Some(limit));
                }
            }
        }
    }
}
