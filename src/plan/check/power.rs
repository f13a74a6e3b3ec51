//! Rules of power contracts and of dated numbers.

use super::Checker;
use crate::plan::node::{Node, Shape};
use crate::plan::values::{Level, Month, Steps};
use crate::plan::{Plan, edit};

/// A contract begins before it ends. One that never meets the horizon is named where the plan is resolved.
pub(super) fn check_contract_dates(checker: &mut Checker<'_>) {
    for (id, contract) in &checker.plan.contracts {
        let (from, until) = (contract.from, contract.until);
        if let (Some(from), Some(until)) = (from, until)
            && until <= from
        {
            checker.error(
                "bad-dates",
                format!("contracts.{id}.until"),
                format!("The contract `{id}` ends in {until}, before it begins in {from}."),
                "`until` is the first month no longer in force.",
            );
        }
    }
}

/// Before its first step a limit is zero, but a price is unknown: prices must be stated from the
/// first month they are needed.
pub(super) fn check_prices_from_start(checker: &mut Checker<'_>) {
    let plan = checker.plan;
    let start = plan.horizon.start;
    let mut prices: Vec<(String, Option<&Steps>, Month)> = Vec::new();
    let level = |level: &'_ Level| -> Option<Steps> {
        match level {
            Level::Flat(steps) => Some(steps.clone()),
            Level::Series(series) => series.mean.clone(),
        }
    };
    let mut levels: Vec<(String, Option<Steps>, Month)> = Vec::new();
    for (id, site) in &plan.sites {
        levels.push((format!("sites.{id}.pue"), level(&site.pue), start));
    }
    for (id, rental) in &plan.rentals {
        let needed = rental.at_most.first_above_zero().unwrap_or(start);
        levels.push((format!("rentals.{id}.price_usd_per_chip_hour"), level(&rental.price_usd_per_chip_hour), needed.max(start)));
    }
    for (id, contract) in &plan.contracts {
        let needed = contract.from.unwrap_or(start).max(start);
        levels.push((format!("contracts.{id}.carbon_g_per_kwh"), level(&contract.carbon_g_per_kwh), needed));
        // Every number of the terms that may change by the hour is a price.
        for field in contract.terms.children().into_iter().filter(|field| !field.ends_with("_mw")) {
            let place = format!("contracts.{id}.terms.{field}");
            let is_level = matches!(edit::shape_at(plan, &place).map(|place| unwrapped(place.shape)), Some(Shape::Level));
            if let Some(stated) = contract.terms.child(&field).filter(|_| is_level).and_then(Level::of) {
                levels.push((place, level(&stated), needed));
            }
        }
    }
    for (id, purchase) in &plan.purchases {
        let needed = purchase.at_most_gtok_per_day.first_above_zero().unwrap_or(start);
        prices.push((format!("purchases.{id}.usd_per_mtok"), Some(&purchase.usd_per_mtok), needed.max(start)));
    }
    prices.extend(levels.iter().map(|(path, steps, needed)| (path.clone(), steps.as_ref(), *needed)));
    if !checker.known("horizon.start") {
        return;
    }
    for (path, steps, needed) in prices {
        let Some(steps) = steps.filter(|steps| steps.at(needed).is_none()) else {
            continue;
        };
        let first = steps.dates().and_then(|dates| dates.keys().next()).map_or_else(String::new, ToString::to_string);
        let message = format!("The number is needed from {needed} on, but its first step is dated {first}.");
        checker.error("no-step-yet", path, message, format!("Add a step for \"{needed}\" or earlier."));
    }
}

/// The rules of each kind of contract.
pub(super) fn check_terms(checker: &mut Checker<'_>) {
    for (id, contract) in &checker.plan.contracts {
        checker.found.extend(contract.terms.check(&format!("contracts.{id}.terms")));
    }
}

/// The rules of connections; a site without any draws nothing from the grid, which is rarely meant.
pub(super) fn check_connections(checker: &mut Checker<'_>) {
    let plan = checker.plan;
    for (id, site) in &plan.sites {
        for (connection_id, connection) in &site.connections {
            checker.found.extend(connection.check(&format!("sites.{id}.connections.{connection_id}")));
        }
        let grid = |contract: &crate::plan::Contract| contract.site.0 == *id && !contract.terms.kind().behind_meter;
        let draws = plan.contracts.values().any(|contract| grid(contract) && contract.terms.kind().role == crate::plan::Role::Energy);
        if draws && site.connections.is_empty() && site.interconnect_mw.constant() == Some(0.0) {
            checker.warning(
                "no-connection",
                format!("sites.{id}.interconnect_mw"),
                format!("The site `{id}` buys power from the grid but has no connection to it, so none of it arrives."),
                "State `interconnect_mw` or `connections`.",
            );
        }
    }
}

/// The rules of what goes on when a part is lost.
pub(super) fn check_resilience(checker: &mut Checker<'_>) {
    for (id, rule) in &checker.plan.resilience {
        checker.found.extend(rule.check(&format!("resilience.{id}")));
    }
}

/// A contract that names a connection comes through one; no connection has the name of the plain one.
pub(super) fn check_named_connections(checker: &mut Checker<'_>) {
    let plan = checker.plan;
    for (id, contract) in &plan.contracts {
        if contract.connection.is_none() {
            continue;
        }
        let at = format!("contracts.{id}.connection");
        let kind = contract.terms.kind();
        if kind.behind_meter || kind.role != crate::plan::Role::Energy {
            let message = format!("A {} does not come through a connection.", kind.title);
            checker.warning("no-effect", at, message, "Take `connection` out.");
        }
    }
    for (id, site) in &plan.sites {
        if site.connections.contains_key(crate::plan::links::PLAIN) {
            let message = "`plain` is what `interconnect_mw` is called.";
            checker.error("twin-id", format!("sites.{id}.connections.plain"), message, "Give it another id.");
        }
    }
}

/// A feed that no hall hangs on carries nothing.
pub(super) fn check_feeds(checker: &mut Checker<'_>) {
    let plan = checker.plan;
    for (id, site) in &plan.sites {
        let halls = || site.halls.values().map(|hall| &hall.feed).chain(site.buildable.values().map(|kind| &kind.feed));
        for feed in site.feeds.keys().filter(|feed| !halls().any(|of| of.as_ref() == Some(feed))) {
            let message = format!("No hall of `{id}` hangs on the feed `{feed}`, so it limits nothing.");
            let help = format!("Say `feed: {feed:?}` of its halls and kinds of halls, or take the feed out.");
            checker.warning("never-binds", format!("sites.{id}.feeds.{feed}"), message, &help);
        }
    }
}

/// Only live tokens are shed, and only in events.
pub(super) fn check_flexible(checker: &mut Checker<'_>) {
    let plan = checker.plan;
    let with_events = || plan.sites.values().flat_map(|site| site.connections.values()).filter(|connection| connection.events.is_some());
    let events = with_events().next().is_some();
    let longest = with_events().map(|connection| connection.notice_hours.unwrap_or(f64::INFINITY)).fold(0.0, f64::max);
    for (id, product) in plan.products.iter().filter(|(_, product)| product.flexible_fraction > 0.0) {
        let why = if product.urgency != crate::plan::product::Urgency::Interactive {
            "its work may be moved anyway"
        } else if !events {
            "no connection has events"
        } else if product.shed_notice_hours > longest {
            "no event is announced as early as it needs"
        } else {
            continue;
        };
        let message = format!("`{id}` may be shed in events, but {why}, so nothing is shed.");
        checker.warning(
            "never-binds",
            format!("products.{id}.flexible_fraction"),
            message,
            "Take it out, or look at `events` and `notice_hours` of the connections.",
        );
    }
    for (id, product) in plan.products.iter().filter(|(_, product)| product.flexible_fraction <= 0.0) {
        let discounted = product.shed_discount_usd_per_mtok.first_above_zero().is_some();
        if discounted || product.shed_notice_hours > 0.0 {
            let field = if discounted { "shed_discount_usd_per_mtok" } else { "shed_notice_hours" };
            let message = format!("None of `{id}` may be shed, so this says nothing.");
            checker.warning("never-binds", format!("products.{id}.{field}"), message, "State `flexible_fraction`, or take it out.");
        }
    }
}

/// A step dated after the horizon is never in force; that is worth knowing.
pub(super) fn check_steps_in_horizon(checker: &mut Checker<'_>) {
    if !checker.known("horizon") {
        return;
    }
    let end = checker.horizon_end();
    let mut late = Vec::new();
    walk(checker.plan, checker.plan, &mut String::new(), &mut |path, month| {
        if month >= end {
            late.push((path.to_owned(), month));
        }
    });
    for (path, month) in late {
        checker.add(
            crate::diagnostic::Severity::Note,
            "outside-horizon",
            path,
            format!("The step of {month} lies after the horizon and is not used."),
            "",
        );
    }
}

/// Visits the dated steps of a plan.
fn walk(plan: &Plan, node: &dyn Node, path: &mut String, visit: &mut dyn FnMut(&str, Month)) {
    // Overrides are texts of their own.
    if node.has_dotted_keys() {
        return;
    }
    for key in node.children() {
        let len = path.len();
        if len > 0 {
            path.push('.');
        }
        path.push_str(&key);
        // Only steps have months as keys; an id that looks like one belongs to a map.
        if key.starts_with(|first: char| first.is_ascii_digit())
            && let Ok(month) = Month::parse(&key)
            && let Some(parent) = path.get(..len)
            && matches!(
                edit::shape_at(plan, parent).map(|place| unwrapped(place.shape)),
                Some(Shape::Steps | Shape::Level | Shape::Succession(_))
            )
        {
            visit(path, month);
        } else if let Some(child) = node.child(&key) {
            walk(plan, child, path, visit);
        }
        path.truncate(len);
    }
}

fn unwrapped(shape: Shape) -> Shape {
    match shape {
        Shape::Optional(inner) => inner(),
        shape => shape,
    }
}
