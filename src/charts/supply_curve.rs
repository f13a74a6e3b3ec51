//! The token supply curve: blocks of chips at sites (and of bought tokens), the cheapest first, like
//! the merit order of power plants. Width: answer tokens, Ttok. Height: all cost that the block
//! carries (see `attribution`) over its tokens, in $ per Mtok, undiscounted: variable cost (power,
//! maintenance, egress, duty, carbon, rent) plus annuities of the periods shown. The area of the
//! blocks is the cost of the plan, less the cost of chips that make no tokens.

use crate::results::Results;
use crate::results::attribution::{Kind, carriers};

use super::frame::{Words, at, axis, chart as framed, empty, finite, shade, site_name, span, takes, takes_period};
use super::{Body, Chart, ColorKey, Selection, Series};

const NAME: &str = "supply-curve";
const TITLE: &str = "Token supply curve";

/// One block for each site and chip.
pub(super) fn chart(results: &Results, selection: &Selection) -> Chart {
    let mut blocks: Vec<(String, ColorKey, f64, f64)> = carriers(results, selection.period)
        .into_iter()
        .filter(|carrier| carrier.tokens() > 1e-9)
        .filter_map(|carrier| {
            let tokens = carrier.tokens();
            let (name, color) = match &carrier.kind {
                Kind::Fleet(index) => {
                    let fleet = results.fleet.get(*index).filter(|fleet| takes(selection, fleet.site))?;
                    let (chip, color) = super::frame::chip(results, fleet.chip);
                    (format!("{chip}, {}", site_name(results, fleet.site)), shade(results, fleet, color))
                }
                Kind::Bought(_) if selection.site.is_some() => return None,
                Kind::Bought(id) => (format!("{id}, bought"), ColorKey::Quiet),
            };
            Some((name, color, tokens, carrier.cost() / tokens))
        })
        .collect();
    if !results.has_numbers() || blocks.is_empty() {
        return empty(results, NAME, TITLE, "No tokens are made in this plan.");
    }
    blocks.sort_by(|a, b| a.3.total_cmp(&b.3).then_with(|| a.0.cmp(&b.0)));
    let mut edges = vec![0.0];
    let mut sum = 0.0;
    for block in &blocks {
        sum += block.2;
        edges.push(sum);
    }
    let count = blocks.len();
    let stacks: Vec<Series> = blocks
        .into_iter()
        .enumerate()
        .map(|(index, (name, color, _, cost))| Series {
            name,
            color,
            values: (0..count).map(|block| if block == index { finite(cost) } else { 0.0 }).collect(),
        })
        .collect();
    let total = |value: &dyn Fn(&crate::results::Sale, usize) -> f64| -> f64 {
        let periods = (0..results.periods.len()).filter(|period| takes_period(selection, *period));
        periods.map(|period| results.sales.iter().map(|sale| value(sale, period)).sum::<f64>()).sum()
    };
    let sold = total(&|sale, period| at(&sale.sold_ttok, period));
    let price = if sold > 1e-9 { total(&|sale, period| at(&sale.revenue_musd, period)) / sold } else { 0.0 };
    let dearest = stacks.iter().flat_map(|series| &series.values).copied().fold(0.0, f64::max);
    let mut reading =
        String::from("Cost of a site and chip over its answer tokens: what it uses plus annuities; shared costs by power and energy.");
    let mut lines = Vec::new();
    let name = format!("Mean price {}", crate::words::with_unit(price, "$/Mtok"));
    if price > 2.5 * dearest {
        reading = format!("{reading} {name} is above the picture.");
    } else if price > 0.0 {
        lines.push(Series { name, color: ColorKey::Good, values: vec![finite(price); count] });
    }
    let words = Words {
        name: NAME,
        title: format!("{TITLE}{}", super::frame::at_site(results, selection)),
        subtitle: format!("$/Mtok against Ttok, the cheapest first, {}", span(results, selection)),
        reading: &reading,
    };
    framed(results, words, axis("Answer tokens, cumulative", "Ttok"), axis("Cost", "$/Mtok"), Body::StackedAreas { edges, stacks, lines })
}
