//! What one more of a limit is worth, beside its field.

use crate::words;
use std::fmt::Write as _;

use egui::{Label, RichText, Ui};

use crate::gui::document::Document;
use crate::gui::{change, theme};
use crate::plan::Month;
use crate::plan::node::Node;
use crate::results::Binding;

/// What one more of a limit is worth, below the field.
pub fn worth_ui(ui: &mut Ui, document: &Document, path: &str) {
    let worth = worth_of(document, path);
    if keeps_room(ui, path, worth.is_some()) {
        worth_label_ui(ui, document, worth.as_ref());
    }
}

/// Whether a field has room for its worth: from the first time it has one, so that what stands below it keeps its
/// place when the limit binds, binds no more, and binds again under a moving hand.
pub(super) fn keeps_room(ui: &Ui, path: &str, has_worth: bool) -> bool {
    let key = egui::Id::unique(("has had a worth", path));
    if has_worth {
        ui.data_mut(|data| data.insert_temp(key, true));
    }
    has_worth || ui.data(|data| data.get_temp(key)).unwrap_or(false)
}

/// Draws such words in two lines' room.
pub(super) fn worth_label_ui(ui: &mut Ui, document: &Document, worth: Option<&Worth>) {
    let tokens = theme::tokens(ui);
    let color = match worth {
        Some(worth) if !document.is_behind() => {
            if worth.harm {
                tokens.bad
            } else {
                tokens.accent
            }
        }
        _ => tokens.quiet,
    };
    let line = ui.text_style_height(&egui::TextStyle::Small);
    ui.vertical(|ui| {
        ui.set_min_height(2.0 * line);
        ui.add(Label::new(RichText::new(worth.map_or("Binds nowhere now", |worth| &worth.text)).small().color(color)).wrap());
    });
}

/// What one more of a limit is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worth {
    /// In words.
    pub text: String,
    /// One more does harm.
    pub harm: bool,
}

/// “+1 MW is worth about 2.4 Ttok and saves 24.8 M$”, “+1 MW costs 0.29 M$ and brings nothing”.
fn in_words(first: &Binding, dual: f64, money_musd: f64, about: &str) -> String {
    let one = crate::results::marginal::one(first.limit_unit);
    let unit = first.unit.split(" per ").next().unwrap_or_default();
    let of_goal = words::with_unit(dual.abs(), unit);
    let sum = words::musd(money_musd.abs());
    let money = match (money_musd, first.is_npv) {
        (0.0, _) => String::new(),
        (more, true) => format!("{sum} {} NPV", if more > 0.0 { "less" } else { "more" }),
        (more, false) => format!("{sum} {} cost", if more > 0.0 { "more" } else { "less" }),
    };
    match (dual, money.is_empty()) {
        (0.0, true) => format!("+1 {one} brings nothing"),
        (0.0, false) if money_musd > 0.0 => format!("+1 {one} means {about}{money} and brings nothing"),
        (0.0, false) => format!("+1 {one} means {about}{money}"),
        (harm, true) if harm < 0.0 => format!("+1 {one} takes away {about}{of_goal}"),
        (harm, false) if harm < 0.0 => format!("+1 {one} takes away {about}{of_goal}, or means {money}"),
        (_, true) => format!("+1 {one} is worth {about}{of_goal}"),
        (_, false) => format!("+1 {one} is worth {about}{of_goal}, or {money}"),
    }
}

/// What one more of a limit is worth, in words, if the limit binds anywhere.
#[must_use]
pub fn worth_of(document: &Document, path: &str) -> Option<Worth> {
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
        let when = if only.period.is_empty() { "the horizon" } else { &only.period };
        return Some(Worth { text: format!("Binds in {when}; its worth is not unique here"), harm: false });
    }
    // Loosening a number loosens it in every period it holds in.
    let dual: f64 = binding.iter().map(|binding| binding.dual).sum();
    let money: f64 = binding.iter().filter_map(|binding| binding.dual_musd).sum();
    let about = if binding.iter().all(|binding| binding.fact) && binding.len() == 1 { "" } else { "about " };
    // The second goal's worth is only said once it was confirmed by solving.
    let money = if document.is_explained() { money } else { 0.0 };
    let harm = dual < 0.0 || (dual == 0.0 && money > 0.0);
    let mut text = in_words(first, dual, money, about);
    let room = binding.iter().filter_map(|binding| binding.range.map(|[_, to]| to - binding.limit)).fold(f64::INFINITY, f64::min);
    if room.is_finite() && room > 0.0 {
        _ = write!(text, ", for up to {} {} more", words::number(room), first.limit_unit);
    }
    match binding.as_slice() {
        [only] if !only.period.is_empty() => _ = write!(text, ", in {}", only.period),
        [_] => {}
        many => _ = write!(text, ", over {} periods", many.len()),
    }
    Some(Worth { text, harm })
}
