//! What one more of a limit is worth, beside its field.

use std::fmt::Write as _;

use egui::{Label, RichText, Ui};

use crate::gui::document::Document;
use crate::gui::{change, format, theme};
use crate::plan::Month;
use crate::plan::node::Node;
use crate::results::Binding;

/// What one more of a limit is worth, below the field.
pub fn worth_ui(ui: &mut Ui, document: &Document, path: &str) {
    if let Some(worth) = worth_of(document, path) {
        worth_label_ui(ui, document, worth);
    }
}

/// Draws such words.
pub(super) fn worth_label_ui(ui: &mut Ui, document: &Document, worth: String) {
    let tokens = theme::tokens(ui);
    let color = if document.is_behind() { tokens.quiet } else { tokens.accent };
    ui.add(Label::new(RichText::new(worth).small().color(color)).wrap());
}

/// What one more of a limit is worth, in words, if the limit binds anywhere.
#[must_use]
pub fn worth_of(document: &Document, path: &str) -> Option<String> {
    let results = document.results()?;
    let below = format!("{path}.");
    // A limit is named by its field; the step of it that binds is the one in force in that period.
    let (field, step) = change::split(path);
    let step = crate::plan::values::step_from_key(step).ok();
    let steps: Vec<Month> = step.map_or_else(Vec::new, |_| {
        let keys = document.value(field).map(Node::children).unwrap_or_default();
        keys.iter().filter_map(|key| crate::plan::values::step_from_key(key).ok()).collect()
    });
    let in_force = |binding: &Binding| {
        let period = binding.period_index.and_then(|period| results.periods.get(period))?;
        steps.iter().copied().filter(|step| *step <= period.start).max()
    };
    let here = |binding: &&Binding| {
        binding.path == path || binding.path.starts_with(&below) || (step.is_some() && binding.path == field && in_force(binding) == step)
    };
    let binding: Vec<&Binding> = results
        .binding
        .iter()
        .filter(here)
        .filter(|binding| binding.dual != 0.0 || binding.dual_musd.is_some_and(|dual| dual != 0.0))
        .collect();
    let first = binding.first()?;
    if let [only] = binding.as_slice()
        && !only.stable
    {
        return Some(format!(
            "Binds in {}; its worth is not unique here",
            if only.period.is_empty() { "the horizon" } else { &only.period }
        ));
    }
    // Loosening a number loosens it in every period it holds in.
    let dual: f64 = binding.iter().map(|binding| binding.dual).sum();
    let money: f64 = binding.iter().filter_map(|binding| binding.dual_musd).sum();
    let unit = first.unit.split(" per ").next().unwrap_or_default();
    let tokens = if unit == "Ttok" { format::ttok(dual) } else { format!("{} {unit}", format::number(dual)) };
    let about = if binding.iter().all(|binding| binding.fact) && binding.len() == 1 { "" } else { "about " };
    let mut text = format!("+1 {} is worth {about}{tokens}", crate::results::marginal::one(first.limit_unit));
    // The second goal's worth is only said once it was confirmed by solving.
    if money != 0.0 && document.is_explained() {
        _ = write!(text, " ({} of cost)", format::musd(money));
    }
    let room = binding.iter().filter_map(|binding| binding.range.map(|[_, to]| to - binding.limit)).fold(f64::INFINITY, f64::min);
    if room.is_finite() && room > 0.0 {
        _ = write!(text, ", up to +{} {}", format::number(room), first.limit_unit);
    }
    match binding.as_slice() {
        [only] if !only.period.is_empty() => _ = write!(text, ", in {}", only.period),
        [_] => {}
        many => _ = write!(text, ", over {} periods", many.len()),
    }
    Some(text)
}
