//! The numbers of a value as it stands in a plan: all of them read, all of them changed, all dates moved.

use super::node::Tree;
use super::values::Month;

/// The numbers of a value: a plain one, those of all dates, or the mean of an hourly series.
#[must_use]
pub fn numbers_of(tree: &Tree) -> Vec<f64> {
    match tree {
        Tree::Atom(text) => text.parse().into_iter().collect(),
        Tree::Group { name: "Series", items, .. } => {
            items.iter().filter(|(key, _)| key.as_deref() == Some("mean")).flat_map(|(_, mean)| numbers_of(mean)).collect()
        }
        Tree::Group { name, items, .. } => {
            items.iter().filter(|(key, _)| is_level(name, key.as_deref())).flat_map(|(_, value)| numbers_of(value)).collect()
        }
    }
}

/// Whether a part of a group is a number in the unit of the whole: a curve's factor and half-life are not.
fn is_level(group: &str, key: Option<&str>) -> bool {
    group != "Curve" || matches!(key, Some("from" | "floor" | "ceiling"))
}

/// A value with each of its numbers changed; `None` where it holds none (a series without a mean of its own).
#[must_use]
pub fn changed_tree(tree: &Tree, by: &dyn Fn(f64) -> f64) -> Option<Tree> {
    match tree {
        Tree::Atom(text) => text.parse::<f64>().ok().map(|value| Tree::Atom(format!("{:?}", by(value)))),
        Tree::Group { name, brackets, items } => {
            let is_series = *name == "Series";
            let moved: Option<Vec<_>> = items
                .iter()
                .map(|(key, value)| {
                    let is_kept =
                        (is_series && key.as_deref() != Some("mean")) || !is_level(name, key.as_deref()) || numbers_of(value).is_empty();
                    Some((key.clone(), if is_kept { value.clone() } else { changed_tree(value, by)? }))
                })
                .collect();
            moved.filter(|_| !numbers_of(tree).is_empty()).map(|items| Tree::Group { name, brackets: *brackets, items })
        }
    }
}

/// A value with its dates moved by months: a month, the dates of a dated number, the start of a curve. What
/// holds at or before `since` (the start of the horizon) stays, so that there is a value from the start on.
/// `None` where the value holds no date.
#[must_use]
pub fn delayed_tree(tree: &Tree, months: i32, since: Month) -> Option<Tree> {
    let date = |text: &str| Month::parse(text.trim_matches('"')).ok();
    match tree {
        Tree::Atom(text) if text.starts_with('"') => date(text).map(|month| Tree::Atom(format!("\"{}\"", month.plus(months)))),
        Tree::Atom(_) => None,
        Tree::Group { name, brackets, items } => {
            let mut found = false;
            let mut moved = Vec::new();
            for (key, value) in items {
                let dated = key.as_deref().filter(|_| brackets.0 == '{').and_then(date);
                let key = match dated {
                    Some(month) => {
                        found = true;
                        Some(format!("\"{}\"", if month > since { month.plus(months).max(since.plus(1)) } else { month }))
                    }
                    None => key.clone(),
                };
                let inner = if dated.is_some() { None } else { delayed_tree(value, months, since) };
                found |= inner.is_some();
                moved.push((key, inner.unwrap_or_else(|| value.clone())));
            }
            found.then_some(Tree::Group { name, brackets: *brackets, items: moved })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dated(items: &[(&str, f64)]) -> Tree {
        let items = items.iter().map(|(date, value)| (Some(format!("\"{date}\"")), Tree::Atom(format!("{value:?}")))).collect();
        Tree::Group { name: "", brackets: ('{', '}'), items }
    }

    #[test]
    fn dates_after_the_start_move_and_the_first_value_stays() {
        let tree = dated(&[("2027-01", 200.0), ("2027-07", 450.0)]);
        let moved = delayed_tree(&tree, 6, Month::new(2027, 1)).unwrap();
        assert_eq!(moved.inline(), "{\"2027-01\": 200.0, \"2028-01\": 450.0}");
        assert_eq!(delayed_tree(&Tree::Atom("\"2028-03\"".into()), -2, Month::new(2027, 1)).unwrap().inline(), "\"2028-01\"");
        assert!(delayed_tree(&Tree::Atom("5.0".into()), 6, Month::new(2027, 1)).is_none());
    }
}
