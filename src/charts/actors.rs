//! Actors side by side: who sells how much, the price in each market, and who has what of the surplus.

use crate::results::Results;

use super::frame::{Words, axis, chart, empty, finite, series, span, stacked};
use super::{Body, Chart, ColorKey, Selection, Series};

const NO_ACTORS: &str = "The plan states no actors; name them under `actors` and say whose sites are whose.";
const NO_PRICES: &str = "No price forms in this plan: markets pay segment by segment.";

/// Tokens sold, by actor.
pub(super) fn tokens(results: &Results, _selection: &Selection) -> Chart {
    let at = |values: &[f64], period: usize| values.get(period).copied().unwrap_or(0.0);
    let stacks = results
        .trade
        .actors
        .iter()
        .enumerate()
        .map(|(place, actor)| series(results, &actor.name, color(results, place), |period| at(&actor.answer_ttok, period)))
        .collect();
    let words = Words {
        name: "actors",
        title: "Tokens by actor".into(),
        subtitle: format!("Ttok a period, {}", span(results, &Selection::default())),
        reading: "Answer tokens sold by each actor, made by itself or bought.",
    };
    stacked(results, words, axis("Answer tokens", "Ttok"), stacks, Vec::new(), NO_ACTORS)
}

/// How many weighted tokens a dollar of each actor's cost makes, by period.
pub(super) fn league(results: &Results, _selection: &Selection) -> Chart {
    let lines = results
        .trade
        .actors
        .iter()
        .enumerate()
        .map(|(place, actor)| {
            series(results, &actor.name, color(results, place), |period| actor.tokens_per_usd(period).unwrap_or(0.0) * 1e-6)
        })
        .collect();
    let words = Words {
        name: "league",
        title: "Tokens per dollar by actor".into(),
        subtitle: format!("Mtok weighted by quality per $ of cost, {}", span(results, &Selection::default())),
        reading: "What an actor sold in a period over all it cost, duties included: how well it turns energy, chips and money into tokens. What stood before costs no more than its running, so early periods look cheap.",
    };
    stacked(results, words, axis("Weighted tokens", "Mtok/$"), Vec::new(), lines, NO_ACTORS)
}

/// The price of each market and product, by period.
pub(super) fn prices(results: &Results, _selection: &Selection) -> Chart {
    let several = results.products.len() > 1;
    let line = |price: &crate::results::trade::MarketPrice| {
        let market = results.markets.get(price.market);
        let product = results.products.get(price.product).map_or("", |product| product.name.as_str());
        let name = market.map_or("", |market| market.name.as_str());
        let color = ColorKey::Market(market.map_or_else(String::new, |market| market.id.clone()));
        let name = if several { format!("{name}, {product}") } else { name.to_owned() };
        series(results, name, color, |period| price.usd_per_mtok.get(period).copied().flatten().unwrap_or(0.0))
    };
    let words = Words {
        name: "prices",
        title: "Prices that form".into(),
        subtitle: format!("$/Mtok of answers with their prompts, {}", span(results, &Selection::default())),
        reading: "One price for all that a market buys of a product in a period; nothing where nothing is sold. Markets at one price share a line.",
    };
    let lines = results.trade.prices.iter().map(line).collect();
    stacked(results, words, axis("Price", "$/Mtok"), Vec::new(), lines, NO_PRICES)
}

/// Who has what of the surplus.
pub(super) fn surplus(results: &Results, _selection: &Selection) -> Chart {
    const NAME: &str = "surplus";
    const TITLE: &str = "Who gains from trade";
    let Some(equilibrium) = &results.trade.equilibrium else { return empty(results, NAME, TITLE, NO_PRICES) };
    let surplus = &equilibrium.surplus;
    let buyers = results.markets.iter().zip(&surplus.consumers_musd).map(|(market, musd)| (format!("Buyers, {}", market.name), *musd));
    let sellers = results.trade.actors.iter().zip(&surplus.producers_musd).map(|(actor, musd)| (format!("Seller, {}", actor.name), *musd));
    let states = surplus.governments_musd.iter().map(|(country, musd)| (format!("Government, {country}"), *musd));
    let rows: Vec<(String, f64)> = buyers.chain(sellers).chain(states).collect();
    let values = Series { name: "Surplus".into(), color: ColorKey::Good, values: rows.iter().map(|(_, musd)| finite(*musd)).collect() };
    let words = Words {
        name: NAME,
        title: TITLE.into(),
        subtitle: "M$, discounted over the horizon".into(),
        reading: "Buyers: what they would have paid at most, less what they paid. Sellers: revenue less cost. Governments: duties and carbon prices less subsidies and credits.",
    };
    let body = Body::Bars { categories: rows.into_iter().map(|(name, _)| name).collect(), values };
    chart(results, words, axis("Surplus", "M$"), axis("", ""), body)
}

fn color(results: &Results, place: usize) -> ColorKey {
    let id = results.trade.actors.get(place).map_or_else(String::new, |actor| actor.id.clone());
    ColorKey::Actor(id)
}
