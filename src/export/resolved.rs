//! The resolved plan for machines: every set, every derived coefficient with its unit in the
//! key, every limit with its path in the plan. Enough to state the same program in another language.
//!
//! Lists called `…_by_period` follow `periods`, lists called `…_by_slice` follow `slices`; a level
//! with both is their product. `lead_periods` and `life_periods` are whole periods. What has no
//! limit is absent. Policies, budgets, decisions and goals stand in the words of the plan.

mod bills;
mod contracts;
mod power;

use serde_json::{Map, Value, json};

use crate::formulation::Program;
use crate::plan::node::{Node, Tree};
use crate::resolved::{Ask, Chip, Deferral, Ix, Level, PeriodIx, Place, Product, Rate, Resolved, Table};

/// The document as text.
#[must_use]
pub fn render(resolved: &Resolved, program: &Program) -> String {
    format!("{:#}\n", document(resolved, program))
}

/// The document.
#[must_use]
pub fn document(resolved: &Resolved, program: &Program) -> Value {
    let limits: Vec<_> = program
        .limits
        .iter()
        .map(|limit| compact(json!({ "path": limit.path, "unit": limit.unit, "value": finite(limit.value) })))
        .collect();
    json!({
        "name": resolved.name,
        "calendar": calendar(resolved),
        "places": resolved.places.iter().map(place).collect::<Vec<_>>(),
        "chips": resolved.chips.iter().map(chip).collect::<Vec<_>>(),
        "pools": pools(resolved),
        "contracts": resolved.contracts.iter().map(|found| contracts::contract(resolved, found)).collect::<Vec<_>>(),
        "products": products(resolved),
        "rates": rates(resolved), "rates_at_places": place_rates(resolved),
        "markets": markets(resolved),
        "demands": demands(resolved),
        "routes": routes(resolved),
        "purchases": purchases(resolved),
        "tasks": tasks(resolved),
        "training": training(resolved),
        "resilience": resolved.resilience.iter().map(|rule| power::resilience(resolved, rule)).collect::<Vec<_>>(),
        "policies": named(&resolved.policies, "policies"),
        "decisions": named(&resolved.decisions, "decisions"),
        "budget": from_tree(&resolved.budget.tree()),
        "goals": from_tree(&resolved.goals.tree()),
        "tolerance_fraction": resolved.tolerance,
        "whole": from_tree(&resolved.whole.tree()),
        "limits": limits,
        "assumptions": resolved.assumptions.iter().map(|found| json!({
            "path": found.path, "value": finite(found.value), "unit": found.unit, "source": found.source, "grade": found.grade,
        })).collect::<Vec<_>>(),
    })
}

/// No number for what has no limit.
fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

fn list<I: Ix>(values: &Table<I, f64>) -> Vec<Option<f64>> {
    values.iter().map(|value| finite(*value)).collect()
}

/// Without keys that do not apply.
fn compact(mut value: Value) -> Value {
    if let Value::Object(fields) = &mut value {
        fields.retain(|_, value| !value.is_null());
    }
    value
}

fn level(level: &Level) -> Value {
    compact(json!({ "by_period": list(&level.base), "by_slice": level.shape.as_ref().map(list) }))
}

fn calendar(resolved: &Resolved) -> Value {
    let calendar = &resolved.calendar;
    let periods: Vec<_> = calendar
        .periods
        .pairs()
        .map(|(index, period)| {
            let groups: Vec<_> = calendar.peak_groups[index]
                .iter()
                .map(|group| json!({ "months": group.months, "days": group.days.iter().map(|day| &calendar.days[*day].id).collect::<Vec<_>>() }))
                .collect();
            json!({
                "label": period.label, "start": period.start.to_string(), "days": period.days, "years": period.years,
                "discount_factor": period.discount,
                "hours_by_slice": calendar.slices.keys().map(|slice| calendar.hours(index, slice)).collect::<Vec<_>>(),
                "peak_groups": groups,
            })
        })
        .collect();
    let days: Vec<_> = calendar.days.iter().map(|day| json!({ "id": day.id, "days_by_period": list(&day.days) })).collect();
    let slices: Vec<_> = calendar
        .slices
        .iter()
        .map(|slice| json!({ "day": calendar.days[slice.day].id, "block": slice.block, "start_hour": slice.start_hour }))
        .collect();
    json!({
        "start": calendar.start.to_string(), "period_months": calendar.period_months, "discount_rate_fraction": calendar.discount_rate,
        "utc_offset_hours": calendar.utc_offset_hours, "block_hours": calendar.block_hours, "periods": periods, "days": days, "slices": slices,
        "days_in_order": calendar.sequence.iter().map(|day| calendar.days[*day].id.as_str()).collect::<Vec<_>>(),
    })
}

fn place(place: &Place) -> Value {
    compact(json!({
        "id": place.id, "name": place.name, "country": place.country, "latitude": place.latitude, "longitude": place.longitude,
        "egress_usd_per_mtok": by_period(&place.egress_usd_per_mtok),
        "site": place.site.as_ref().map(|facts| power::site(&place.id, facts)),
    }))
}

/// A number that may differ by period: alone where it is the same in all, else a list.
fn by_period(values: &Table<PeriodIx, f64>) -> Value {
    match values.iter().next() {
        Some(first) if values.iter().all(|value| value == first) => json!(first),
        _ => json!(list(values)),
    }
}

fn chip(chip: &Chip) -> Value {
    let points = chip.ways().filter_map(|(id, kw, speed)| Some(json!({ "id": id?, "kw": kw, "speed_fraction": speed })));
    let points = Some(points.collect::<Vec<Value>>());
    compact(json!({
        "id": chip.id, "path": format!("chips.{}", chip.id), "name": chip.name, "catalog": chip.catalog, "all_in_kw": chip.all_in_kw,
        "idle_kw": chip.idle_kw, "active_kw": chip.active_kw, "capex_musd_per_thousand": by_period(&chip.capex_musd_per_thousand),
        "om_musd_per_thousand_year": by_period(&chip.om_musd_per_thousand_year), "chips_per_rack": chip.chips_per_rack, "liquid": chip.liquid,
        "availability_fraction": chip.availability, "lead_periods": chip.lead, "life_periods": chip.life,
        "supply_thousand_by_period": list(&chip.supply), "origin": chip.origin, "tpp": chip.tpp,
        "performance_density": chip.performance_density, "memory_tb_per_s": chip.memory_tb_per_s, "dense_bf16_tflops": chip.dense_bf16_tflops,
        "drain": chip.drain.variant_name(),
        "operating_points": points.filter(|points| !points.is_empty()),
    }))
}

fn pools(resolved: &Resolved) -> Vec<Value> {
    let pools = resolved.pools.iter().map(|pool| {
        let subsidies: Vec<_> = pool
            .capped_subsidies
            .iter()
            .filter_map(|(policy, rate)| Some(json!({ "policy": resolved.subsidies.get(*policy)?.id, "rate_fraction": by_period(rate) })))
            .collect();
        let rental = pool.rental.as_ref().map(|rental| {
            json!({ "path": format!("rentals.{}", rental.id), "price_usd_per_chip_hour": level(&rental.price_usd_per_chip_hour),
                "at_most_thousand_by_period": list(&rental.at_most), "committed": rental.committed })
        });
        compact(json!({
            "place": resolved.places[pool.place].id, "chip": resolved.chips[pool.chip].id,
            "existing_thousand_by_period": list(&pool.existing), "existing_arrivals_thousand_by_period": list(&pool.existing_arrivals),
            "orders_in_periods": pool.orders_in.iter().map(|period| period.position()).collect::<Vec<_>>(),
            "landed_capex_musd_per_thousand": by_period(&pool.landed_capex_musd_per_thousand), "duty_musd_per_thousand": by_period(&pool.duty_musd_per_thousand),
            "subsidy_musd_per_thousand": by_period(&pool.subsidy_musd_per_thousand), "annuity_musd_per_thousand_year": by_period(&pool.annuity_musd_per_year),
            "capped_subsidies": subsidies, "rental": rental,
        }))
    });
    pools.collect()
}

fn products(resolved: &Resolved) -> Vec<Value> {
    let products = resolved.products.iter().map(|product| {
        compact(json!({
            "id": product.id, "path": format!("products.{}", product.id), "served_model": served_model(product),
            "prompt_tokens": asked(product, &|ask| ask.prompt_tokens), "answer_tokens": asked(product, &|ask| ask.answer_tokens),
            "cache_hit_fraction": asked(product, &|ask| ask.cache_hit_fraction),
            "prefilled_prompt_per_answer": asked(product, &|ask| ask.prompt_per_answer), "full_prompt_per_answer": asked(product, &|ask| ask.full_prompt_per_answer),
            "quality_weight": by_period(&product.quality_weight), "utilisation_cap_fraction": product.utilisation_cap, "deferrable": product.deferrable, "deferred_within": deferral(product),
            "disaggregated": product.disaggregated, "latency_ms": product.latency_ms, "sold_from_period": product.from_period, "shedding": power::shedding(product),
        }))
    });
    products.collect()
}

/// A number of what a product asks, by period.
fn asked(product: &Product, number: &dyn Fn(&Ask) -> f64) -> Value {
    by_period(&product.ask_of.iter().map(|ask| number(&product.asks[*ask])).collect())
}

/// The served model behind a product; a list by period where it changes.
fn served_model(product: &Product) -> Value {
    let by_period: Vec<&str> = product.ask_of.iter().map(|ask| product.asks[*ask].served_model.as_str()).collect();
    match by_period.first() {
        Some(first) if by_period.iter().all(|id| id == first) => json!(first),
        _ => json!(by_period),
    }
}

/// The span of time within which a product's work may be moved.
fn deferral(product: &Product) -> Value {
    match product.deferral {
        _ if !product.deferrable => Value::Null,
        Deferral::Day => json!("day"),
        Deferral::Week => json!("week"),
        Deferral::Period => json!("period"),
    }
}

/// The fewest chips that give a rate.
fn replica(rate: &Rate) -> Value {
    json!({ "prefill_chips": rate.replica.prefill_chips, "decode_chips": rate.replica.decode_chips })
}

/// What each place can use of its chips, by period; the rates of `rates` where nothing is said.
fn place_rates(resolved: &Resolved) -> Vec<Value> {
    let mut out = Vec::new();
    for pool in &resolved.pools {
        for (product, by_period) in pool.rates.pairs() {
            let shown = resolved.rates[pool.chip][product].as_ref();
            if by_period.iter().all(|rate| rate.as_deref() == shown) {
                continue;
            }
            let rates: Vec<Value> = by_period
                .iter()
                .map(|rate| {
                    rate.as_deref().map_or(Value::Null, |rate| {
                        json!({
                            "prefill_gtok_per_hour_per_thousand": rate.prefill, "decode_gtok_per_hour_per_thousand": rate.decode,
                            "replica": replica(rate), "configuration": rate.configuration,
                        })
                    })
                })
                .collect();
            out.push(json!({
                "place": resolved.places[pool.place].id, "chip": resolved.chips[pool.chip].id, "product": resolved.products[product].id,
                "by_period": rates,
            }));
        }
    }
    out
}

fn rates(resolved: &Resolved) -> Vec<Value> {
    let mut rates = Vec::new();
    for (chip, row) in resolved.rates.pairs() {
        for (product, rate) in row.pairs().filter_map(|(product, rate)| Some((product, rate.as_ref()?))) {
            rates.push(json!({
                "chip": resolved.chips[chip].id, "product": resolved.products[product].id,
                "prefill_gtok_per_hour_per_thousand": rate.prefill, "decode_gtok_per_hour_per_thousand": rate.decode,
                "replica": replica(rate), "evidence": rate.evidence.label(), "band_fraction": rate.band, "configuration": rate.configuration, "source": rate.source,
            }));
        }
    }
    rates
}

fn markets(resolved: &Resolved) -> Vec<Value> {
    let markets = resolved.markets.iter().map(|market| {
        json!({ "id": market.id, "path": format!("markets.{}", market.id), "name": market.name, "country": market.country, "latitude": market.latitude,
            "longitude": market.longitude, "demand_shape_by_slice": list(&market.shape), "single_price": market.single_price })
    });
    markets.collect()
}

fn demands(resolved: &Resolved) -> Vec<Value> {
    let demands = resolved.demands.iter().map(|demand| {
        let (market, product) = (&resolved.markets[demand.market].id, &resolved.products[demand.product].id);
        let segments: Vec<_> = demand
            .segments
            .iter()
            .filter(|segment| !segment.of_tasks)
            .map(|segment| {
                json!({ "path": format!("markets.{market}.demand.{product}.segments.{}", segment.position), "volume_ttok_by_period": list(&segment.volume_ttok),
                    "usd_per_mtok_with_prompts": by_period(&segment.usd_per_mtok) })
            })
            .collect();
        json!({ "market": market, "product": product, "segments": segments })
    });
    demands.collect()
}

fn routes(resolved: &Resolved) -> Vec<Value> {
    let routes = resolved.routes.iter().map(|route| {
        json!({ "place": resolved.places[route.place].id, "product": resolved.products[route.product].id,
            "market": resolved.markets[route.market].id, "latency_ms": route.latency_ms, "egress_usd_per_mtok": by_period(&route.egress_usd_per_mtok),
            "duty_usd_per_mtok": by_period(&route.duty_usd_per_mtok) })
    });
    routes.collect()
}

fn purchases(resolved: &Resolved) -> Vec<Value> {
    let purchases = resolved.purchases.iter().map(|purchase| {
        json!({ "id": purchase.id, "path": format!("purchases.{}", purchase.id), "product": resolved.products[purchase.product].id,
            "country": purchase.country, "usd_per_mtok_by_period": list(&purchase.usd_per_mtok),
            "at_most_gtok_per_day_by_period": list(&purchase.at_most_gtok_per_day), "counts_as_tokens": purchase.counts_as_tokens })
    });
    purchases.collect()
}

fn tasks(resolved: &Resolved) -> Vec<Value> {
    let tasks = resolved.tasks.iter().map(|task| {
        let way = |way: &crate::resolved::tasks::Way| {
            let asked: Vec<_> = way.steps.iter().map(|(product, tokens)| json!({ "product": resolved.products[*product].id, "answer_tokens_per_task": tokens })).collect();
            json!({ "name": way.name, "pass_fraction": way.pass, "asked": asked })
        };
        json!({ "id": task.id, "path": format!("tasks.{}", task.id), "market": resolved.markets[task.market].id,
            "millions_by_period": list(&task.millions), "need_fraction_by_period": list(&task.need), "ways": task.ways.iter().map(way).collect::<Vec<_>>() })
    });
    tasks.collect()
}

fn training(resolved: &Resolved) -> Vec<Value> {
    let programmes = resolved.training.iter().map(|programme| {
        let chips: Vec<_> =
            programme.chips.iter().map(|(chip, rate)| json!({ "chip": resolved.chips[*chip].id, "zflop_per_hour_per_thousand": rate })).collect();
        compact(json!({ "id": programme.id, "path": format!("training.{}", programme.id),
            "window_periods": programme.window.iter().map(|period| period.position()).collect::<Vec<_>>(), "need_zflop": programme.need_zflop,
            "floor_fraction": programme.floor, "rigid": programme.floor.is_none(), "place": programme.place.map(|place| &resolved.places[place].id),
            "chips": chips, "data_gtok_per_zflop": programme.data_gtok_per_zflop }))
    });
    programmes.collect()
}

/// Entities that stand in the words of the plan.
fn named<T: Node>(entities: &[(String, T)], map: &str) -> Vec<Value> {
    let values = entities.iter().map(|(id, entity)| json!({ "id": id, "path": format!("{map}.{id}"), "terms": from_tree(&entity.tree()) }));
    values.collect()
}

/// RON as JSON: a variant is an object with its name under `kind`.
fn from_tree(tree: &Tree) -> Value {
    match tree {
        Tree::Atom(text) => serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.clone())),
        Tree::Group { name: "", brackets: ('[', _), items } => items.iter().map(|(_, value)| from_tree(value)).collect(),
        Tree::Group { name, items, .. } => {
            let mut fields = Map::new();
            if !name.is_empty() {
                fields.insert("kind".into(), json!(name));
            }
            for (key, value) in items {
                let key = key.as_deref().map_or("value", |key| key.trim_matches('"'));
                fields.insert(key.to_owned(), from_tree(value));
            }
            Value::Object(fields)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Goal;

    #[test]
    fn variants_keep_their_names() {
        let goals = vec![Goal::MaxTokens, Goal::MinCostForTtok(120.0)];
        assert_eq!(from_tree(&goals.tree()), json!(["MaxTokens", { "kind": "MinCostForTtok", "value": 120.0 }]));
    }
}
