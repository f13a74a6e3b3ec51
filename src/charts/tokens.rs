//! Tokens by period, stacked by product, by site or by chip: Ttok of raw answer tokens.

use crate::results::{Flow, Results};

use super::frame::{Words, at, at_site, axis, chip, series, site_name, span, stacked, takes};
use super::{Chart, ColorKey, Selection, Series};

const NOTHING: &str = "No tokens are served in this plan.";

/// By product; of one site, what it serves.
pub(super) fn by_product(results: &Results, selection: &Selection) -> Chart {
    let stacks = results
        .products
        .iter()
        .enumerate()
        .map(|(product, named)| {
            served(results, &named.name, ColorKey::Product(named.id.clone()), |flow| flow.product == product && selected(selection, flow))
        })
        .collect();
    finish(results, selection, "tokens", "by product", stacks)
}

/// By site; tokens bought from others stand beside them.
pub(super) fn by_site(results: &Results, selection: &Selection) -> Chart {
    let mut stacks: Vec<Series> = results
        .sites
        .iter()
        .enumerate()
        .filter(|(site, _)| takes(selection, *site))
        .map(|(site, info)| served(results, site_name(results, site), ColorKey::Site(info.id.clone()), |flow| flow.site == Some(site)))
        .collect();
    if selection.site.is_none() {
        stacks.push(bought(results));
    }
    finish(results, selection, "tokens-by-site", "by site", stacks)
}

/// By chip, whatever site it stands at.
pub(super) fn by_chip(results: &Results, selection: &Selection) -> Chart {
    let mut stacks: Vec<Series> = (0..results.chips.len())
        .map(|index| {
            let (name, color) = chip(results, index);
            series(results, name, color, |period| {
                results
                    .fleet
                    .iter()
                    .filter(|fleet| fleet.chip == index && takes(selection, fleet.site))
                    .filter_map(|fleet| fleet.answer_ttok.get(period))
                    .map(|products| products.iter().sum::<f64>())
                    .sum()
            })
        })
        .collect();
    if selection.site.is_none() {
        stacks.push(bought(results));
    }
    finish(results, selection, "tokens-by-chip", "by chip", stacks)
}

/// A flow counts for one site, or for all with what is bought.
fn selected(selection: &Selection, flow: &Flow) -> bool {
    selection.site.is_none() || flow.site == selection.site
}

/// The sum of some flows over the periods.
fn served(results: &Results, name: &str, color: ColorKey, takes: impl Fn(&Flow) -> bool) -> Series {
    series(results, name, color, |period| results.flows.iter().filter(|flow| takes(flow)).map(|flow| at(&flow.answer_ttok, period)).sum())
}

/// Tokens bought from others.
fn bought(results: &Results) -> Series {
    served(results, "Bought", ColorKey::Quiet, |flow| flow.site.is_none())
}

fn finish(results: &Results, selection: &Selection, name: &'static str, by: &str, stacks: Vec<Series>) -> Chart {
    let words = Words {
        name,
        title: format!("Tokens {by}{}", at_site(results, selection)),
        subtitle: format!("Ttok a period, {}", span(results, &Selection::default())),
        reading: "Raw answer tokens served in each period.",
    };
    stacked(results, words, axis("Answer tokens", "Ttok"), stacks, Vec::new(), NOTHING)
}
