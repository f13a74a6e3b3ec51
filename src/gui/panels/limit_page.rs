//! The page of a limit that binds: what one more of it is worth, how far, and how that is known.

use crate::gui::widgets::truth::{Page, Subject};
use crate::results::Binding;
use crate::words::{self, short, with_unit};

/// What one more of a limit is worth.
pub fn page(binding: &Binding) -> Subject {
    let mut readings = vec![
        ("Limit".to_owned(), with_unit(binding.limit, binding.limit_unit)),
        ("One more is worth".to_owned(), format!("{} {}", short(binding.dual), binding.unit)),
    ];
    if let Some(musd) = binding.dual_musd.filter(|_| binding.unit.split(' ').next() != Some("M$")) {
        readings.push(("In money".to_owned(), with_unit(musd, "M$")));
    }
    if let Some([from, to]) = binding.range {
        readings.push(("It holds from".to_owned(), with_unit(from, binding.limit_unit)));
        if to.is_finite() {
            readings.push(("It holds to".to_owned(), with_unit(to, binding.limit_unit)));
        }
    }
    if !binding.period.is_empty() {
        readings.push(("When".to_owned(), binding.period.clone()));
    }
    Subject::Value(Page {
        title: words::sentence(&binding.subject),
        readings,
        what: "A limit that holds the plan back, and what its goal would gain from one more of it.".to_owned(),
        formula:
            "the price of the limit in the proof of the answer: what the goal gains ÷ how much more of it there is, all else chosen anew"
                .to_owned(),
        source: "Of the answer; the limit itself is of the plan, and its field says where it comes from.".to_owned(),
    })
}
