//! Sites by peak MW, markets, and token flows between them.

use crate::results::Results;

use super::binds::{facts, worth_of_one_percent};
use super::frame::{Words, at, axis, chart as framed, empty, finite, span, takes_period};
use super::{Arc, Body, Chart, ColorKey, Place, Selection};
use crate::words::with_unit;

/// A site has the colour of what holds it back most, or its own.
pub(super) fn chart(results: &Results, selection: &Selection) -> Chart {
    if !results.has_numbers() || results.sites.is_empty() {
        return empty(results, "map", "Sites, markets and token flows", "There are no sites in this plan.");
    }
    let mut places: Vec<Place> = results
        .sites
        .iter()
        .enumerate()
        .map(|(site, info)| {
            let peak = results.power.get(site).map_or(0.0, |power| {
                power
                    .load_mw
                    .iter()
                    .enumerate()
                    .filter(|(period, _)| takes_period(selection, *period))
                    .flat_map(|(_, loads)| loads.iter().copied())
                    .fold(0.0, f64::max)
            });
            let binds = facts(results)
                .filter(|binding| binding.site == Some(site) && binding.period_index.is_none_or(|period| takes_period(selection, period)))
                .max_by(|a, b| worth_of_one_percent(a).abs().total_cmp(&worth_of_one_percent(b).abs()));
            Place {
                name: if info.name.is_empty() { info.id.clone() } else { info.name.clone() },
                latitude: finite(info.latitude),
                longitude: finite(info.longitude),
                size: finite(peak),
                detail: if info.rented { "rented chips".into() } else { with_unit(finite(peak), "MW") },
                market: false,
                color: binds.map_or_else(|| ColorKey::Site(info.id.clone()), |binding| ColorKey::Family(binding.family)),
            }
        })
        .collect();
    let sites = places.len();
    let tokens = |flow: &crate::results::Flow| -> f64 {
        (0..results.periods.len()).filter(|period| takes_period(selection, *period)).map(|period| at(&flow.answer_ttok, period)).sum()
    };
    for (market, info) in results.markets.iter().enumerate() {
        let served = results.flows.iter().filter(|flow| flow.market == market).map(tokens).sum();
        places.push(Place {
            name: info.name.clone(),
            latitude: finite(info.latitude),
            longitude: finite(info.longitude),
            size: finite(served),
            detail: with_unit(finite(served), "Ttok"),
            market: true,
            color: ColorKey::Market(info.id.clone()),
        });
    }
    let mut arcs: Vec<Arc> = Vec::new();
    for flow in &results.flows {
        let Some(site) = flow.site else { continue };
        let value = tokens(flow);
        let to = sites + flow.market;
        if value <= 1e-9 || site >= sites || to >= places.len() {
            continue;
        }
        if let Some(arc) = arcs.iter_mut().find(|arc| arc.from == site && arc.to == to) {
            arc.value += value;
        } else {
            arcs.push(Arc { from: site, to, value });
        }
    }
    let words = Words {
        name: "map",
        title: "Sites, markets and token flows".into(),
        subtitle: format!("peak MW of sites, Ttok to markets, {}", span(results, selection)),
        reading: "Discs are sites by peak MW, coloured by what binds most; rings are markets; lines are answer tokens.",
    };
    let widest = arcs.iter().map(|arc| arc.value).fold(0.0, f64::max);
    framed(results, words, axis("", ""), axis("", ""), Body::Map { places, arcs, widest })
}
