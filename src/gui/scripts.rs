//! Letters that no font here has: said once, with a way out, so that boxes on screen are no riddle.

use std::collections::BTreeSet;

use egui::{Context, TextStyle};

use crate::plan::Plan;

/// Letters beyond Latin of everything that is written in a plan: names, notes, sources, whatever has text.
#[must_use]
pub fn letters(plan: &Plan) -> BTreeSet<char> {
    crate::plan::file::print(plan).chars().filter(|letter| *letter > '\u{24f}').collect()
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
    let (letters, them) = if count == 1 { ("letter", "it shows as a box") } else { ("letters", "they show as boxes") };
    (count > 0).then(|| {
        format!("No font on this computer has {count} {letters} of this plan ({shown}): {them}. Install one that has them, such as Noto Sans CJK, and start again; the plan itself is whole.")
    })
}
