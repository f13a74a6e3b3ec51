//! The limits worth most: what one percent more of each would bring over the horizon. A limit that
//! binds in several periods is one bar, the sum over its run.

use crate::results::{Binding, Results};

use super::binds::{by_path, facts, goal_unit, worth_of_one_percent};
use super::frame::{Words, axis, chart as framed, empty, finite, takes};
use super::{Body, Chart, ColorKey, Selection, Series};

const NAME: &str = "shadow-prices";
const TITLE: &str = "What more of a limit is worth";
/// Bars shown; the rest are worth less than all of them.
const MOST: usize = 12;

/// Bars, the longest first.
pub(super) fn chart(results: &Results, selection: &Selection) -> Chart {
    let paths = by_path(facts(results).filter(|binding| binding.site.is_none_or(|site| takes(selection, site))));
    let mut bars: Vec<(String, f64)> =
        paths.iter().map(|(path, same)| (label(path, same), same.iter().copied().map(worth_of_one_percent).sum())).collect();
    bars.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then_with(|| a.0.cmp(&b.0)));
    bars.retain(|(_, worth)| worth.abs() > 1e-12);
    bars.truncate(MOST);
    if !results.has_numbers() || bars.is_empty() {
        return empty(results, NAME, TITLE, "No limit of this plan is worth anything: nothing binds.");
    }
    let unit = goal_unit(results).to_owned();
    let words = Words {
        name: NAME,
        title: TITLE.into(),
        subtitle: format!("{unit} for one percent more, over the horizon"),
        reading: "Small changes, one at a time; the sum over the periods in which the limit binds.",
    };
    let values = bars.iter().map(|(_, worth)| finite(*worth)).collect();
    let categories = bars.into_iter().map(|(name, _)| name).collect();
    let values = Series { name: "Worth of one percent".into(), color: ColorKey::Limit, values };
    framed(results, words, axis("Worth of one percent", &unit), axis("", ""), Body::Bars { categories, values })
}

/// `abilene interconnect, 2028Q3 to 2029Q1`.
fn label(path: &str, same: &[&Binding]) -> String {
    let words = crate::words::path_in_words(path);
    let periods: Vec<&str> = same.iter().map(|binding| binding.period.as_str()).filter(|period| !period.is_empty()).collect();
    match (periods.first(), periods.last()) {
        (Some(first), Some(last)) if first != last => format!("{words}, {first} to {last}"),
        (Some(first), _) => format!("{words}, {first}"),
        _ => words,
    }
}
