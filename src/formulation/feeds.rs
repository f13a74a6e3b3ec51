//! Feeds of halls.
//!
//! At a site with feeds, for each period p, chip c and feed f (halls without a feed are a group of their own,
//! without a limit of a feed):
//!
//!   Σ_f standing\[c,f,p] = in_service\[c,p]                                 (thousand chips)
//!   Σ_c all_in_kw\[c] · standing\[c,f,p] ≤ mw\[f,p]                         (MW of IT power)
//!   Σ_c all_in_kw\[c] · standing\[c,f,p] ≤ MW of the halls of f in service
//!   Σ_{c liquid} … ≤ MW of the liquid halls of f in service
//!
//! The MW of a feed is what it carries with its spare module out (n + 1), or on one of its sides (2n): A and B
//! are never added up. What is lost with a feed is `resilience`.
//!
//! An oversubscribed site is filled by the power that chips draw, which has no place in particular: there
//! fed\[f,p] ≤ mw\[f,p] and ≤ MW of its halls, and Σ_f fed stands for the MW of halls in `it_power`; the same for
//! liquid halls alone. (Both rows together are exact: what the liquid part leaves of each feed fills up with
//! the rest.)
//!
//! Limits on stocks in service, as those of halls: the duals are shown as sums, one-sided.

use super::Builder;
use super::builder::{Bound, When};
use super::expr::Expr;
use super::hall_capacity::{space, space_of};
use super::layout::Standing;
use crate::resolved::{PeriodIx, Place, PlaceIx, SiteFacts};

/// What halls without a feed are called in keys.
const NO_FEED: &str = "no feed";

/// Adds the columns and rows of sites that are filled by the rating of chips.
pub fn add(builder: &mut Builder<'_>) {
    let resolved = builder.resolved;
    for (index, place) in resolved.places.pairs() {
        let Some(site) = place.site.as_ref().filter(|site| !site.oversubscribed && !site.feeds.is_empty()) else { continue };
        for period in resolved.calendar.periods.keys() {
            stand(builder, (index, place), site, period);
        }
    }
}

/// Index and id of each feed, and none for halls without.
fn groups(site: &SiteFacts) -> impl Iterator<Item = (Option<usize>, &str)> {
    let feeds = site.feeds.iter().enumerate().map(|(index, feed)| (Some(index), feed.id.as_str()));
    feeds.chain(std::iter::once((None, NO_FEED)))
}

fn stand(builder: &mut Builder<'_>, (index, place): (PlaceIx, &Place), site: &SiteFacts, period: PeriodIx) {
    let resolved = builder.resolved;
    let mut power: Vec<(Expr, Expr)> = groups(site).map(|_| (Expr::default(), Expr::default())).collect();
    for (pool_index, pool) in resolved.pools.iter().enumerate().filter(|(_, pool)| pool.place == index) {
        let Some(in_service) = builder.layout.pools.get(pool_index).and_then(|cols| cols.in_service[period]) else { continue };
        let chip = &resolved.chips[pool.chip];
        let mut all = Expr::default();
        all.add(in_service, -1.0);
        for ((feed, id), (power, liquid)) in groups(site).zip(&mut power) {
            let col = builder.column("standing", &[&place.id, &chip.id, id], When::period(period), f64::INFINITY);
            builder.layout.standing.push(Standing { pool: pool_index, period, feed, col });
            all.add(col, 1.0);
            power.add(col, chip.all_in_kw);
            if chip.liquid {
                liquid.add(col, chip.all_in_kw);
            }
        }
        builder.row("feeds", "standing", &[&place.id, &chip.id], When::period(period), all, Bound::Equal(0.0), None);
    }
    let some_air_hall = site.halls.iter().any(|hall| !hall.liquid) || site.buildable.iter().any(|kind| !kind.liquid);
    for ((feed, id), (power, liquid)) in groups(site).zip(power) {
        if power.is_zero() {
            continue;
        }
        let ids = [place.id.as_str(), id];
        for (power, liquid_only, noun) in [(power.clone(), false, "feed_halls"), (liquid, true, "feed_halls_liquid")] {
            if power.is_zero() || (liquid_only && !some_air_hall) {
                continue;
            }
            let mut row = power;
            row.add_expr(&space_of(builder, (index, site), period, &|liquid, of| of == feed && (liquid || !liquid_only)).mw, -1.0);
            builder.row("feeds", noun, &ids, When::period(period), row, Bound::AtMost(0.0), None);
        }
        if let Some(feed) = feed.and_then(|feed| site.feeds.get(feed)) {
            let limit = builder.limit(format!("{}.mw", feed.path), "MW", feed.mw[period], 1.0);
            builder.row("feeds", "feed", &ids, When::period(period), power, Bound::AtMost(feed.mw[period]), Some(limit));
        }
    }
}

/// MW of the halls in service of an oversubscribed site, as far as their feeds carry it.
pub fn fed(builder: &mut Builder<'_>, (index, place): (PlaceIx, &Place), site: &SiteFacts, period: PeriodIx, liquid_only: bool) -> Expr {
    if site.feeds.is_empty() {
        return space(builder, index, site, period, liquid_only).mw;
    }
    let counts = |feed: Option<usize>| move |liquid: bool, of: Option<usize>| of == feed && (liquid || !liquid_only);
    let mut all = space_of(builder, (index, site), period, &counts(None)).mw;
    for (position, feed) in site.feeds.iter().enumerate() {
        let halls = space_of(builder, (index, site), period, &counts(Some(position))).mw;
        let (cols, rows) = if liquid_only { ("fed_liquid", "fed_halls_liquid") } else { ("fed", "fed_halls") };
        let ids = [place.id.as_str(), feed.id.as_str()];
        let col = builder.column(cols, &ids, When::period(period), feed.mw[period]);
        let limit = builder.limit(format!("{}.mw", feed.path), "MW", feed.mw[period], 1.0);
        builder.limit_column(col, limit);
        let mut row = Expr::col(col);
        row.add_expr(&halls, -1.0);
        builder.row("feeds", rows, &ids, When::period(period), row, Bound::AtMost(0.0), None);
        all.add(col, 1.0);
    }
    all
}
