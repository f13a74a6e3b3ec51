//! The answer for machines: the document of `solve --format json`. Keys are never renamed without
//! saying so; absent means not applicable; there is no NaN.
//!
//! Compound keys join ids with `/`. Bought tokens stand in `served_ttok` under the id of their
//! purchase in place of a site; `power_mw` is the highest facility load of the period.

use serde_json::{Map, Value, json};

use crate::charts::frame::{at, finite};
use crate::results::{Results, Status};

/// The document.
#[must_use]
pub fn document(results: &Results) -> Value {
    let mut out = Map::new();
    out.insert("plan".into(), json!({"name": results.plan_name, "sha256": results.plan_sha256, "schema": crate::plan::SCHEMA}));
    if !results.scenario_name.is_empty() {
        out.insert("scenario".into(), json!(results.scenario_name));
    }
    out.insert("status".into(), json!(results.status));
    if !results.message.is_empty() {
        out.insert("message".into(), json!(results.message));
    }
    let phases: Vec<Value> =
        results.phases.iter().map(|phase| json!({"name": phase.name, "value": finite(phase.value), "unit": phase.unit})).collect();
    let goal = results.phases.first().map(|phase| phase.name.clone()).unwrap_or_default();
    out.insert("objective".into(), json!({"name": goal, "phases": phases}));
    if let Some(give_up) = &results.give_up {
        out.insert("give_up".into(), finite_object(give_up));
    }
    if results.has_numbers() || !results.unreached.is_empty() {
        let mut kpis = Map::new();
        if let Ok(Value::Object(fields)) = serde_json::to_value(&results.kpis) {
            kpis.extend(fields.into_iter().filter(|(key, value)| !value.is_null() && !results.hides(key)));
        }
        out.insert("kpis".into(), Value::Object(kpis));
    }
    if results.has_numbers() {
        out.insert("periods".into(), (0..results.periods.len()).map(|period| of_period(results, period)).collect());
    }
    if results.has_numbers() {
        out.insert("bills".into(), results.bills.iter().map(finite_object).collect());
        if !results.connections.is_empty() {
            out.insert("connections".into(), results.connections.iter().map(finite_object).collect());
        }
        if !results.shed.is_empty() {
            out.insert("shed".into(), results.shed.iter().map(finite_object).collect());
        }
        if !results.losses.is_empty() {
            out.insert("losses".into(), results.losses.iter().map(finite_object).collect());
        }
    }
    if results.has_numbers() && !results.routing.is_empty() {
        out.insert("routing".into(), results.routing.iter().map(|task| routing(results, task)).collect());
    }
    if results.has_numbers() && results.trade != crate::results::trade::Trade::default() {
        out.insert("trade".into(), trade(results));
    }
    if let Some(lender) = results.lender.as_ref().filter(|_| !results.hides("npv_musd")) {
        out.insert("lender".into(), super::lender::document(lender));
    }
    if !results.unreached.is_empty() {
        out.insert("not_reached".into(), json!(results.unreached));
    }
    if results.has_numbers() {
        out.insert("fractions".into(), fractions(results));
        out.insert("chip_hours".into(), chip_hours(results));
    }
    out.insert("binding".into(), results.binding.iter().map(finite_object).collect());
    if results.has_numbers() {
        out.insert("entry_prices".into(), results.entry_prices.iter().map(finite_object).collect());
        out.insert("unneeded_energy".into(), results.unneeded_energy.iter().map(finite_object).collect());
    }
    let conflict = results.conflict.iter().map(|give| json!({"path": give.path, "give": finite(give.give), "unit": give.unit, "value": finite(give.value), "sentence": give.sentence}));
    out.insert("conflict".into(), conflict.collect());
    if matches!(results.status, Status::Optimal | Status::Stopped) {
        out.insert("certificate".into(), finite_object(&results.certificate));
    }
    if results.has_numbers() {
        out.insert("evidence".into(), finite_object(&results.evidence));
    }
    out.insert("solver".into(), finite_object(&results.solver));
    let mut document = Value::Object(out);
    without_minus_zero(&mut document);
    document
}

/// Turns every −0 into 0: a sum's sign of nothing says nothing.
fn without_minus_zero(value: &mut Value) {
    match value {
        Value::Number(number) if number.as_f64() == Some(0.0) && number.is_f64() => *value = json!(0.0),
        Value::Array(values) => values.iter_mut().for_each(without_minus_zero),
        Value::Object(fields) => fields.values_mut().for_each(without_minus_zero),
        _ => {}
    }
}

/// The document as text, indented, ended by a line feed.
#[must_use]
pub fn render(results: &Results) -> String {
    format!("{:#}\n", document(results))
}

/// An object without its nulls (serde_json writes null for what is no number).
fn finite_object<T: serde::Serialize>(value: &T) -> Value {
    match serde_json::to_value(value) {
        Ok(Value::Object(fields)) => Value::Object(fields.into_iter().filter(|(_, value)| !value.is_null()).collect()),
        Ok(value) => value,
        Err(_) => Value::Null,
    }
}

/// What stands in fractions of halls and racks: which halls, when, and how many tokens rest on it.
fn fractions(results: &Results) -> Value {
    let fractions = &results.fractions;
    let halls = fractions.halls.iter().filter_map(|part| {
        let hall = results.halls.get(part.hall)?;
        let count = at(&hall.in_service, part.period);
        Some(json!({
            "site": results.sites.get(hall.site).map_or("", |site| site.id.as_str()),
            "hall": hall.id,
            "period": results.periods.get(part.period).map_or("", |period| period.label.as_str()),
            "it_mw": finite(hall.it_mw),
            "halls": count,
            "part": finite(part.part),
            "answer_tokens_ttok": finite(part.answer_ttok),
            "sentence": crate::results::fractions::halls_in_words(count, hall.it_mw),
        }))
    });
    let mut out = Map::new();
    out.insert("whole".into(), json!(fractions.halls.is_empty() && fractions.rack_ttok <= 0.0));
    out.insert("in_part_halls_ttok".into(), json!(finite(fractions.hall_ttok)));
    out.insert("in_part_racks_ttok".into(), json!(finite(fractions.rack_ttok)));
    out.insert("halls".into(), halls.collect());
    if let Some(sentence) = super::headline::fractions_in_words(results) {
        out.insert("sentence".into(), json!(sentence));
    }
    Value::Object(out)
}

/// A class of tasks, with what a point of quality costs in each period (null where quality does not bind).
fn routing(results: &Results, task: &crate::results::tasks::TaskRouting) -> Value {
    let mut value = finite_object(task);
    value["market"] = json!(results.markets.get(task.market).map(|market| &market.id));
    for (out, way) in value["ways"].as_array_mut().into_iter().flatten().zip(&task.ways) {
        out["products"] =
            way.products.iter().filter_map(|product| results.products.get(*product)).map(|product| json!(product.id)).collect();
    }
    let point = |period| results.quality_musd_per_point(&task.id, period);
    value["one_point_more_musd"] = (0..results.periods.len()).map(|period| json!(point(period).map(|(more, _)| more))).collect();
    value["one_point_less_musd"] =
        (0..results.periods.len()).map(|period| json!(point(period).map(|(more, less)| less.unwrap_or(more)))).collect();
    value
}

/// Who sells what at which price; markets and products by id.
fn trade(results: &Results) -> Value {
    let mut value = finite_object(&results.trade);
    let market = |index: usize| results.markets.get(index).map_or("", |market| market.id.as_str());
    let product = |index: usize| results.products.get(index).map_or("", |product| product.id.as_str());
    for (out, price) in value["prices"].as_array_mut().into_iter().flatten().zip(&results.trade.prices) {
        out["market"] = json!(market(price.market));
        out["product"] = json!(product(price.product));
    }
    for (out, actor) in value["actors"].as_array_mut().into_iter().flatten().zip(&results.trade.actors) {
        let sold = actor.sold_ttok.iter().enumerate().map(|(index, sold)| (market(index).to_owned(), json!(sold)));
        out["sold_ttok"] = Value::Object(sold.collect());
        let by_period = |value: &dyn Fn(usize) -> Option<f64>| -> Vec<Option<f64>> { (0..results.periods.len()).map(value).collect() };
        out["tokens_per_kwh"] = json!(by_period(&|period| actor.tokens_per_kwh(period)));
        out["tokens_per_chip_hour"] = json!(by_period(&|period| actor.tokens_per_chip_hour(period)));
        out["tokens_per_usd"] = json!(by_period(&|period| actor.tokens_per_usd(period)));
    }
    if let Some(equilibrium) = &results.trade.equilibrium {
        let surplus = &equilibrium.surplus;
        let actor = |index: usize| results.trade.actors.get(index).map_or("", |actor| actor.id.as_str());
        let by = |ids: Vec<String>, values: &[f64]| Value::Object(ids.into_iter().zip(values.iter().map(|value| json!(value))).collect());
        value["equilibrium"]["surplus"] = json!({
            "consumers_musd": by(results.markets.iter().map(|market| market.id.clone()).collect(), &surplus.consumers_musd),
            "producers_musd": by(results.trade.actors.iter().map(|actor| actor.id.clone()).collect(), &surplus.producers_musd),
            "transfers": surplus.transfers.iter().map(|transfer| json!({ "country": transfer.country, "what": transfer.what, "musd": transfer.musd })).collect::<Vec<_>>(),
            "governments_musd": Value::Object(surplus.governments_musd.iter().map(|(country, musd)| (country.clone(), json!(musd))).collect()),
            "total_musd": surplus.total_musd(),
        });
        for (out, reply) in value["equilibrium"]["replies"].as_array_mut().into_iter().flatten().zip(&equilibrium.replies) {
            out["actor"] = json!(actor(reply.actor));
        }
    }
    value
}

/// What an hour of each chip earns beside its market rent.
fn chip_hours(results: &Results) -> Value {
    let of_chip = results.chip_hours.iter().map(|hours| {
        let mut out = Map::new();
        out.insert("chip".into(), json!(results.chips.get(hours.chip).map_or("", |chip| chip.id.as_str())));
        out.insert("million_chip_hours".into(), json!(finite(hours.million_hours)));
        out.insert("revenue_musd".into(), json!(finite(hours.revenue_musd)));
        out.insert("revenue_usd_per_chip_hour".into(), json!(finite(hours.revenue_usd_per_chip_hour)));
        for (key, value) in [("market_rent_usd_per_chip_hour", hours.rent_usd_per_chip_hour), ("times_rent", hours.times_rent())] {
            if let Some(value) = value {
                out.insert(key.into(), json!(finite(value)));
            }
        }
        Value::Object(out)
    });
    of_chip.collect()
}

/// How chips serve products in a period: replica, and mean chips at work on prompts and on answers.
fn of_serving(results: &Results, period: usize) -> Value {
    let mut map = Map::new();
    for serving in &results.serving {
        let Some(replica) = serving.replicas.get(period).copied().flatten() else { continue };
        let site = results.sites.get(serving.site).map_or("", |site| site.id.as_str());
        let chip = results.chips.get(serving.chip).map_or("", |chip| chip.id.as_str());
        let product = results.products.get(serving.product).map_or("", |product| product.id.as_str());
        map.insert(
            format!("{site}/{chip}/{product}"),
            json!({
                "replica_prefill_chips": replica.prefill_chips, "replica_decode_chips": replica.decode_chips,
                "chips_prefilling": finite(at(&serving.prefill_chips, period)), "chips_decoding": finite(at(&serving.decode_chips, period)),
            }),
        );
    }
    Value::Object(map)
}

/// A period, in totals.
fn of_period(results: &Results, period: usize) -> Value {
    let site = |index: usize| results.sites.get(index).map_or("", |site| site.id.as_str());
    let chip = |index: usize| results.chips.get(index).map_or("", |chip| chip.id.as_str());
    // Sums where two entries share a key.
    let sums = |entries: &mut dyn Iterator<Item = (String, f64)>| -> Value {
        let mut map: indexmap::IndexMap<String, f64> = indexmap::IndexMap::new();
        for (key, value) in entries {
            *map.entry(key).or_insert(0.0) += finite(value);
        }
        Value::Object(map.into_iter().map(|(key, value)| (key, json!(value))).collect())
    };
    let owned = || results.fleet.iter().filter(|fleet| results.sites.get(fleet.site).is_some_and(|site| !site.rented));
    let fleet_key = |fleet: &crate::results::ChipsAt| format!("{}/{}", site(fleet.site), chip(fleet.chip));
    let rented = results.fleet.iter().filter(|fleet| fleet.rented.iter().any(|count| *count > 0.0));
    let answer = results.tokens.get(period).map_or(0.0, |tokens| tokens.answer_ttok);
    let money = results.money.get(period);
    let mut out = Map::new();
    out.insert("label".into(), json!(results.periods.get(period).map_or("", |period| period.label.as_str())));
    out.insert("answer_tokens_ttok".into(), json!(finite(answer)));
    out.insert("chips_in_service".into(), sums(&mut owned().map(|fleet| (fleet_key(fleet), at(&fleet.in_service, period)))));
    out.insert("orders".into(), sums(&mut owned().map(|fleet| (fleet_key(fleet), at(&fleet.orders, period)))));
    out.insert("rented".into(), sums(&mut rented.map(|fleet| (fleet_key(fleet), at(&fleet.rented, period)))));
    out.insert(
        "halls".into(),
        sums(&mut results.halls.iter().map(|hall| (format!("{}/{}", site(hall.site), hall.id), at(&hall.in_service, period)))),
    );
    let powered = results.power.iter().enumerate().filter(|(index, _)| results.sites.get(*index).is_some_and(|site| !site.rented));
    out.insert(
        "power_mw".into(),
        sums(&mut powered.map(|(index, power)| {
            (site(index).to_owned(), power.load_mw.get(period).map_or(0.0, |loads| loads.iter().copied().fold(0.0, f64::max)))
        })),
    );
    out.insert(
        "energy_gwh".into(),
        sums(
            &mut results
                .contracts
                .iter()
                .map(|contract| (format!("{}/{}", site(contract.site), contract.id), at(&contract.energy_gwh, period))),
        ),
    );
    let certified = results.contracts.iter().filter(|contract| !contract.certificates_mw.is_empty());
    out.insert(
        "certificates_gwh".into(),
        sums(&mut certified.map(|contract| (format!("{}/{}", site(contract.site), contract.id), at(&contract.certificates_gwh, period)))),
    );
    let served = results.flows.iter().map(|flow| {
        let from = flow.site.map_or_else(|| flow.purchase.clone().unwrap_or_default(), |index| site(index).to_owned());
        let product = results.products.get(flow.product).map_or("", |product| product.id.as_str());
        let market = results.markets.get(flow.market).map_or("", |market| market.id.as_str());
        (format!("{from}/{product}/{market}"), at(&flow.answer_ttok, period))
    });
    out.insert("served_ttok".into(), sums(&mut served.into_iter()));
    out.insert("serving".into(), of_serving(results, period));
    for (key, value) in [
        ("capex_musd", money.map_or(0.0, |money| money.capex_musd)),
        ("opex_musd", money.map_or(0.0, |money| money.opex_musd)),
        ("cost_musd", money.map_or(0.0, crate::results::PeriodMoney::cost_total_musd)),
        ("revenue_musd", money.map_or(0.0, |money| money.revenue_musd)),
        ("left_at_the_end_musd", money.map_or(0.0, |money| money.unpaid_annuities_musd)),
    ] {
        out.insert(key.into(), json!(finite(value)));
    }
    Value::Object(out)
}
