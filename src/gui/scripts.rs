//! Letters that no font here has: said once, with a way out, so that boxes on screen are no riddle.

use std::collections::BTreeSet;

use egui::{Context, TextStyle};

use crate::plan::Plan;

/// Letters of a plan's names outside Latin.
#[must_use]
pub fn letters(plan: &Plan) -> BTreeSet<char> {
    let named = plan.sites.iter().map(|(id, site)| (id, site.name.as_str()));
    let named = named.chain(plan.markets.iter().map(|(id, market)| (id, market.name.as_str())));
    let named = named.chain(plan.chips.iter().map(|(id, chip)| (id, chip.name.as_deref().unwrap_or_default())));
    let named = named.chain(plan.products.keys().map(|id| (id, "")));
    let named = named.chain(plan.contracts.keys().map(|id| (id, "")));
    named.flat_map(|(id, name)| id.chars().chain(name.chars())).chain(plan.name.chars()).filter(|letter| *letter > '\u{24f}').collect()
}

/// What to say of letters that the window can't show; `None` where it can show all of them.
#[must_use]
pub fn unshown(context: &Context, letters: &BTreeSet<char>) -> Option<String> {
    if letters.is_empty() {
        return None;
    }
    let font = TextStyle::Body.resolve(&context.global_style());
    let missing: Vec<char> = context.fonts_mut(|fonts| letters.iter().copied().filter(|letter| !fonts.has_glyph(&font, *letter)).collect());
    let shown: String = missing.iter().take(8).collect();
    let count = missing.len();
    (count > 0).then(|| {
        format!("No font on this computer has {count} letters of this plan ({shown}): they show as boxes. Install one that has them, such as Noto Sans CJK, and start again; the plan itself is whole.")
    })
}
