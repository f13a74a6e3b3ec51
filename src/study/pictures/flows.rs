//! Who sells where before and after a game: the flows of all players' first moves, and of the outcome they come to.

use super::drawn::Drawn;
use crate::charts::{Arc, Axis, Body, Chart, ColorKey, Place};
use crate::plan::study::Game;
use crate::study::engine::Record;
use crate::study::kinds::game::{is_whole, names_of, outcome, table};
use crate::words::{share, with_unit};

/// A map of the flows at the first moves, and one of those where the game comes to rest; one alone where that is the same.
pub(super) fn charts(drawn: &Drawn<'_>, study: &Game) -> Vec<Chart> {
    let of = |combination: usize| {
        drawn.records.iter().find(|record| record.index == combination).filter(|record| !record.answer.flows.is_empty())
    };
    let Some(before) = of(0) else { return Vec::new() };
    let table = table(study, drawn.records);
    let whole = is_whole(&table, drawn.records);
    let chosen = outcome(study, &table).filter(|_| whole);
    let after = chosen.filter(|chosen| *chosen != 0).and_then(of);
    let most = |record: &Record| record.answer.flows.values().copied().fold(0.0, f64::max);
    // Both maps measure by the widest flow of either.
    let widest = after.map_or(0.0, most).max(most(before));
    let plan = &drawn.run.base.plan;
    let first = names_of(study, plan, &table.moves_of(0));
    let note = match (chosen, after) {
        (Some(0), _) => "The game comes to rest here: nothing moves.",
        (None, _) if !whole => "What comes of the game is known when all combinations are solved.",
        (None, _) => "The game comes to no rest in single moves, so there is no map of what comes of it.",
        _ => "",
    };
    let mut charts = vec![map(drawn, format!("Who sells where before: {first}"), before, None, widest, note)];
    if let (Some(after), Some(chosen)) = (after, chosen) {
        let title = format!("Who sells where after: {}", names_of(study, plan, &table.moves_of(chosen)));
        charts.push(map(drawn, title, after, Some(before), widest, "In brackets the change against before."));
    }
    charts
}

fn map(drawn: &Drawn<'_>, title: String, record: &Record, before: Option<&Record>, widest: f64, note: &str) -> Chart {
    let results = &drawn.results;
    let ends = |key: &str| key.split_once('>').map(|(from, to)| (from.to_owned(), to.to_owned()));
    let sum = |record: &Record, wanted: &dyn Fn(&str, &str) -> bool| -> f64 {
        let flows = record.answer.flows.iter().filter(|(key, _)| ends(key).is_some_and(|(from, to)| wanted(&from, &to)));
        flows.map(|(_, ttok)| ttok).sum()
    };
    let detail = |wanted: &dyn Fn(&str, &str) -> bool| {
        let now = sum(record, wanted);
        let change = before.map(|before| sum(before, wanted)).filter(|before| *before > 0.0).map(|before| now / before - 1.0);
        let change = change.filter(|change| change.abs() >= 5e-4);
        let said = change.map_or_else(String::new, |change| format!(" ({}{})", if change > 0.0 { "+" } else { "" }, share(change)));
        (now, format!("{}{said}", with_unit(now, "Ttok")))
    };
    let owner = |site: &str| {
        let place = drawn.run.base.stated.resolved.places.iter().find(|place| place.id == site);
        place.and_then(|place| results.trade.actors.get(crate::resolved::Ix::position(place.actor)))
    };
    let mut places: Vec<Place> = results
        .sites
        .iter()
        .map(|info| {
            let (size, detail) = detail(&|from, _| from == info.id);
            Place {
                name: if info.name.is_empty() { info.id.clone() } else { info.name.clone() },
                latitude: info.latitude,
                longitude: info.longitude,
                size,
                detail,
                market: false,
                color: owner(&info.id).map_or(ColorKey::Quiet, |actor| ColorKey::Actor(actor.id.clone())),
            }
        })
        .collect();
    let sites = places.len();
    places.extend(results.markets.iter().map(|info| {
        let (size, detail) = detail(&|_, to| to == info.id);
        let color = ColorKey::Market(info.id.clone());
        Place { name: info.name.clone(), latitude: info.latitude, longitude: info.longitude, size, detail, market: true, color }
    }));
    let arcs = record.answer.flows.iter().filter_map(|(key, ttok)| {
        let (from, to) = ends(key)?;
        let from = results.sites.iter().position(|site| site.id == from)?;
        let to = sites + results.markets.iter().position(|market| market.id == to)?;
        Some(Arc { from, to, value: *ttok })
    });
    let arcs = arcs.collect();
    let reading = format!(
        "Discs are sites by the tokens they sell, coloured by whose they are; rings are markets; lines are answer tokens over the horizon. {note}"
    );
    let subtitle = "Ttok over the horizon, from sites to markets".to_owned();
    drawn.chart("study-game-flows", title, subtitle, reading.trim(), (Axis::default(), Axis::default()), Body::Map { places, arcs, widest })
}
