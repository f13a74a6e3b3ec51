//! Chains of neighbours, each run hot from the base plan's answer.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::ask;
use super::base::Base;
use super::link::Link;
use super::point::{Ask, CHAIN, Point, key, varied};
use super::reduced::Record;
use crate::solve::Clock;

/// How often a chain that is held looks whether it may go on.
const PAUSE: Duration = Duration::from_millis(5);

/// The chains of points: as they stand, at most [`CHAIN`] together, and only what is asked in one way.
#[must_use]
pub fn chains(points: &[Point]) -> Vec<Range<usize>> {
    let mut chains: Vec<Range<usize>> = Vec::new();
    for (index, point) in points.iter().enumerate() {
        match chains.last_mut() {
            Some(chain) if chain.len() < CHAIN && points[chain.start].ask.family() == point.ask.family() && !point.ask.is_a_chain() => {
                chain.end = index + 1;
            }
            _ => chains.push(index..index + 1),
        }
    }
    chains
}

/// Runs a chain and tells each record as it comes; false if it was stopped. While `hold` is set it waits between
/// points.
pub(super) fn run(
    base: &Base,
    points: &[Point],
    chain: Range<usize>,
    (cancel, hold): (Option<&Arc<AtomicBool>>, &AtomicBool),
    done: &mut dyn FnMut(Record) -> bool,
) -> bool {
    let of_chain = points.get(chain.clone()).unwrap_or_default();
    let mut link = Link::new(base, of_chain.first().map(|point| &point.ask));
    for index in chain {
        let Some(point) = points.get(index) else { return false };
        let is_cancelled = || cancel.is_some_and(|cancel| cancel.load(Ordering::Relaxed));
        while hold.load(Ordering::Relaxed) && !is_cancelled() {
            std::thread::sleep(PAUSE);
        }
        if is_cancelled() {
            return false;
        }
        let plan = varied(&base.plan, point);
        let key = key(&plan, point, &base.series_digest, &base.plan_digest);
        let clock = Clock::start();
        let Some(answer) = ask::solved(base, &mut link, of_chain, point, plan, cancel) else { return false };
        log::debug!("{}: {}, {} ms", point.label, answer.status, (clock.seconds().0 * 1e3).round());
        let as_ordered = point.ask == Ask::AsOrdered;
        if !done(Record { index, key, label: point.label.clone(), at: point.at.clone(), as_ordered, answer }) {
            return false;
        }
    }
    true
}
