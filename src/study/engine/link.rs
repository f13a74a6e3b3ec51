//! What goes from point to point of a chain.

use super::base::Base;
use super::extreme::Extremes;
use super::pair::Pair;
use super::point::Ask;
use crate::solve::session::Session;

/// What the points of a chain hand on to each other.
pub(super) struct Link {
    /// The live instances.
    pub(super) session: Session,
    /// What the extremes so far have found.
    pub(super) extremes: Option<Extremes>,
    /// The two measures of a frontier.
    pub(super) pair: Option<Pair>,
}

impl Link {
    /// Where a chain begins.
    pub(super) fn new(base: &Base, first: Option<&Ask>) -> Self {
        let session = match first {
            Some(Ask::Answer | Ask::AtRest | Ask::AsOrdered | Ask::Futures { .. }) => base.session(true),
            Some(Ask::Extreme { .. }) => base.session_of_goals(),
            Some(Ask::Held { .. } | Ask::Curve { .. }) | None => base.session(false),
        };
        Self { session, extremes: None, pair: None }
    }
}
