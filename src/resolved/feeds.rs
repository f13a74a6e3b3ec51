//! Feeds: power paths between a site and its halls.

use super::Resolver;
use super::calendar::Calendar;
use super::index::{PeriodIx, Table};
use crate::plan::{Redundancy, Site};

/// A power path between a site and its halls.
#[derive(Clone, Debug, PartialEq)]
pub struct Feed {
    /// Its id.
    pub id: String,
    /// Where it stands in the plan.
    pub path: String,
    /// IT power that it brings, MW, by period: with its spare module out, or on one of its two sides.
    pub mw: Table<PeriodIx, f64>,
    /// Whether all of it carries on when part of it fails.
    pub redundant: bool,
}

/// The feeds of a site.
pub(super) fn feeds(calendar: &Calendar, id: &str, site: &Site) -> Vec<Feed> {
    let feed = |(feed, stated): (&String, &crate::plan::Feed)| Feed {
        id: feed.clone(),
        path: format!("sites.{id}.feeds.{feed}"),
        mw: Resolver::limit(calendar, &stated.mw),
        redundant: stated.redundancy != Redundancy::N,
    };
    site.feeds.iter().map(feed).collect()
}

/// Position of a named feed among those of its site.
pub(super) fn feed_of(site: &Site, named: Option<&String>) -> Option<usize> {
    site.feeds.get_index_of(named?)
}
