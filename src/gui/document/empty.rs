//! A plan with nothing in it, and the order of a plan's things.

use crate::charts::Order;
use crate::plan::node::Map;
use crate::plan::{self, Goal, Horizon, Month, Plan, Representative, Slices};

/// A plan with nothing in it.
#[must_use]
pub fn empty_plan() -> Plan {
    Plan {
        schema: plan::SCHEMA,
        name: "New plan".into(),
        notes: String::new(),
        catalog_version: String::new(),
        horizon: Horizon {
            start: Month::new(2027, 1),
            period_months: 3,
            periods: 12,
            discount_rate_fraction: 0.08,
            price_basis: "real 2026 USD".into(),
            utc_offset_hours: None,
        },
        slices: Slices::Representative(Representative {
            block_hours: 4,
            linked: false,
            days: Map::from_iter([
                ("winter".to_owned(), day(&[12, 1, 2])),
                ("spring".to_owned(), day(&[3, 4, 5])),
                ("summer".to_owned(), day(&[6, 7, 8])),
                ("autumn".to_owned(), day(&[9, 10, 11])),
            ]),
        }),
        profiles: Map::new(),
        actors: Map::new(),
        sites: Map::new(),
        chips: Map::new(),
        fleets: Map::new(),
        rentals: Map::new(),
        contracts: Map::new(),
        served_models: Map::new(),
        products: Map::new(),
        throughput: Map::new(),
        markets: Map::new(),
        routes: Map::new(),
        purchases: Map::new(),
        tasks: Map::new(),
        training: Map::new(),
        policies: Map::new(),
        decisions: Map::new(),
        resilience: Map::new(),
        finance: None,
        budget: plan::Budget::default(),
        objective: vec![Goal::MaxTokens, Goal::MaxNpv],
        tolerance_fraction: 1e-3,
        whole: plan::Whole::default(),
        scenarios: Map::new(),
        studies: Map::new(),
    }
}

fn day(months: &[u32]) -> plan::Day {
    plan::Day { months: months.to_vec(), days_per_year: None, share_fraction: None, pick: None }
}

/// The order of a plan's things.
pub(super) fn order_of(plan: &Plan) -> Order {
    let halls = |(site, value): (&String, &plan::Site)| {
        value.halls.keys().chain(value.buildable.keys()).map(|hall| format!("{site}/{hall}")).collect::<Vec<_>>()
    };
    Order {
        chips: plan.chips.keys().cloned().collect(),
        contracts: plan.contracts.iter().map(|(id, contract)| (id.clone(), contract.terms.kind())).collect(),
        products: plan.products.keys().cloned().collect(),
        markets: plan.markets.keys().cloned().collect(),
        actors: plan.actors.keys().cloned().collect(),
        sites: plan.sites.keys().cloned().collect(),
        halls: plan.sites.iter().flat_map(halls).collect(),
    }
}
