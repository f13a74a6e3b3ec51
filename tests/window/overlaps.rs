//! What is painted at every size: no panel changes its width by what is selected, no text lies on another, and
//! none is cut off.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use egui::accesskit::Role;
use egui::epaint::Shape;
use egui::{Pos2, Rect, Vec2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use tokenworks::gui::command::Request;
use tokenworks::gui::panels::{PANELS, tree};
use tokenworks::gui::view::Anchor;
use tokenworks::plan::example::EXAMPLES;

use crate::window::harness::{Window, plans, select, settle, wait_until, window_of};

/// Windows in pixels, and how much the planner zooms.
pub const SIZES: [Vec2; 4] = [vec2(800.0, 600.0), vec2(1024.0, 700.0), vec2(1440.0, 900.0), vec2(2560.0, 1440.0)];
const ZOOMS: [f32; 4] = [0.75, 1.0, 1.25, 1.5];

/// A text that is painted: where it is, what of it is seen, and what it says.
struct Painted {
    whole: Rect,
    seen: Rect,
    text: String,
}

fn painted(harness: &Window) -> Vec<Painted> {
    fn collect(shape: &Shape, clip: Rect, out: &mut Vec<Painted>) {
        match shape {
            Shape::Text(text) if text.angle == 0.0 && text.opacity_factor > 0.05 => {
                // Row by row: a sentence of two lines is not a box.
                for row in &text.galley.rows {
                    let words = row.text();
                    if words.trim().is_empty() {
                        continue;
                    }
                    let mut whole = row.rect_without_leading_space().translate(text.pos.to_vec2());
                    // A space at the end of a line has no ink to be cut.
                    whole.max.x -=
                        row.glyphs.iter().rev().take_while(|glyph| glyph.chr == ' ').map(|glyph| glyph.advance_width).sum::<f32>();
                    let seen = whole.intersect(clip);
                    if seen.is_positive() {
                        out.push(Painted { whole, seen, text: words });
                    }
                }
            }
            Shape::Vec(shapes) => shapes.iter().for_each(|shape| collect(shape, clip, out)),
            _ => {}
        }
    }
    let mut out = Vec::new();
    let shapes = &harness.output().shapes;
    // Under the shade of a question nothing is read: only what lies over it is looked at.
    let screen = harness.ctx.content_rect();
    let is_shade = |shape: &Shape| matches!(shape, Shape::Rect(rect) if rect.rect.contains_rect(screen) && rect.fill.a() < 255);
    let from = shapes.iter().rposition(|clipped| is_shade(&clipped.shape)).filter(|_| harness.state().dialog.is_some()).unwrap_or(0);
    for clipped in shapes.iter().skip(from) {
        collect(&clipped.shape, clipped.clip_rect, &mut out);
    }
    out
}

/// Texts that lie on each other, and texts that are cut off at a side, within a part of the window.
pub fn faults(harness: &Window, part: Rect) -> Vec<String> {
    let texts: Vec<Painted> = painted(harness).into_iter().filter(|text| part.expand(0.5).contains_rect(text.seen)).collect();
    // A text field scrolls what is longer than it, and says it whole when it is pointed at.
    let fields: Vec<Rect> = harness.query_all_by_role(Role::TextInput).map(|node| node.rect().expand(1.0)).collect();
    // What scrolls sideways, and tells screen readers so, has more behind its edge: there a text may end, and nowhere else.
    let sideways: Vec<Rect> =
        harness.query_all_by(|node| node.scroll_x_max().is_some_and(|most| most > 0.0)).map(|node| node.rect()).collect();
    // A list in it that scrolls downwards keeps room for its bar there.
    let bar = harness.ctx.global_style().spacing.scroll.allocated_width();
    let ends_at_edge = |one: &Painted, area: &Rect| {
        area.expand(8.0).contains_rect(one.seen)
            && (one.whole.right() - one.seen.right() <= 1.0 || one.seen.right() >= area.right() - bar - 1.0)
            && (one.seen.left() - one.whole.left() <= 1.0 || one.seen.left() <= area.left() + 1.0)
    };
    let mut found = Vec::new();
    for (index, one) in texts.iter().enumerate() {
        let in_field = fields.iter().any(|field| field.contains_rect(one.seen)) || sideways.iter().any(|area| ends_at_edge(one, area));
        let lost = one.whole.width() - one.seen.width();
        if !in_field && lost > 3.0 && one.seen.height() > 0.5 * one.whole.height() {
            found.push(format!("“{}” is cut by {lost:.0} at {:?}", one.text, one.seen));
        }
        for other in texts.iter().skip(index + 1) {
            let common = one.seen.intersect(other.seen);
            if common.width() > 2.0 && common.height() > 4.0 {
                found.push(format!("“{}” lies on “{}” at {:?}", other.text, one.text, common.min));
            }
        }
    }
    found
}

pub fn window(size: Vec2, zoom: f32, theme: egui::Theme) -> Window {
    let builder = Harness::builder().allow_missing_glyphs().with_pixels_per_point(zoom);
    window_of(builder, size / zoom, theme, |opening| opening.first_example = false)
}

pub fn open(harness: &mut Window, name: &str, text: &str) {
    harness.state_mut().handle(Request::NewFromText { name: name.into(), text: text.into() });
    harness.run_ok();
    harness.state_mut().view.tour = None;
}

fn bundled() -> Vec<(String, String)> {
    let forty = std::fs::read_to_string(plans("forty.ron")).unwrap();
    EXAMPLES.iter().map(|example| (example.name.to_owned(), example.text.to_owned())).chain([("forty".to_owned(), forty)]).collect()
}

/// What is found, by what it says: one fault is seen at many sizes.
#[derive(Default)]
pub struct Found(BTreeMap<String, (String, usize)>);

impl Found {
    pub fn add(&mut self, at: &str, faults: Vec<String>) {
        for fault in faults {
            let key = fault.split(" at ").next().unwrap_or_default().to_owned();
            let entry = self.0.entry(key).or_insert_with(|| (format!("{at}: {fault}"), 0));
            entry.1 += 1;
        }
    }

    pub fn none(&self) {
        let mut all = String::new();
        for (fault, count) in self.0.values() {
            let _ = writeln!(all, "{count} × {fault}");
        }
        assert!(self.0.is_empty(), "{} faults\n{all}", self.0.len());
    }
}

fn parts(harness: &Window) -> Vec<(Anchor, Rect)> {
    let mut parts: Vec<_> = harness.state().view.anchors.iter().map(|(anchor, rect)| (*anchor, *rect)).collect();
    parts.sort_by_key(|(anchor, _)| format!("{anchor:?}"));
    parts
}

/// Selects entities of a plan and looks at everything that is painted.
fn select_all(harness: &mut Window, name: &str, at: &str, step: usize, found: &mut Found) -> usize {
    let plan = harness.state().document.plan().clone();
    let mut open: BTreeSet<String> = tree::rows(&plan, &BTreeSet::new()).into_iter().map(|row| row.path).collect();
    open.extend(plan.sites.keys().map(|id| format!("sites.{id}")));
    let rows = tree::rows(&plan, &open);
    let widths = |harness: &Window| -> Vec<(Anchor, f32)> {
        parts(harness)
            .into_iter()
            .filter(|(anchor, _)| *anchor != Anchor::Search)
            .map(|(anchor, rect)| (anchor, rect.width().round()))
            .collect()
    };
    select(harness, "horizon");
    let first = widths(harness);
    let mut looked_at = 0;
    for row in rows.iter().skip(rows.len() % step).step_by(step) {
        select(harness, &row.path);
        // What is said in passing floats over what it covers.
        harness.state_mut().view.log.toast = None;
        harness.step();
        assert_eq!(widths(harness), first, "{name}, {} at {at}", row.path);
        // Everything but what floats: the whole window at once.
        let screen = harness.ctx.content_rect();
        found.add(&format!("{name}, {}, {at}", row.path), faults(harness, screen));
        looked_at += 1;
    }
    looked_at
}

#[test]
fn nothing_grows_overlaps_or_is_cut_whatever_is_selected() {
    let mut found = Found::default();
    let plans = bundled();
    for (index, (size, zoom)) in [(SIZES[0], 1.0), (SIZES[1], 1.5), (SIZES[2], 1.0), (SIZES[3], 1.25)].into_iter().enumerate() {
        let at = format!("{} × {} at {zoom}", size.x, size.y);
        let mut harness = window(size, zoom, if index % 2 == 0 { egui::Theme::Light } else { egui::Theme::Dark });
        // The panels are looked at, not the answer.
        harness.state_mut().document.live_on = false;
        for (name, text) in &plans {
            open(&mut harness, name, text);
            select_all(&mut harness, name, &at, 13, &mut found);
        }
    }
    found.none();
}

#[test]
fn no_view_paints_text_on_text() {
    let mut found = Found::default();
    for (size, zoom) in [(SIZES[0], 1.0), (SIZES[1], 1.25), (SIZES[2], 1.0)] {
        let mut harness = window(size, zoom, egui::Theme::Dark);
        open(&mut harness, "small", &std::fs::read_to_string(plans("small.ron")).unwrap());
        look_at_views(&mut harness, &format!("small, {} × {} at {zoom}", size.x, size.y), &mut found);
    }
    found.none();
}

/// Every view with its answer, the lower panel open and shut.
fn look_at_views(harness: &mut Window, at: &str, found: &mut Found) {
    settle(harness);
    wait_until(harness, "the answer from cold", |window| window.document.is_canonical());
    for panel in PANELS {
        harness.state_mut().handle(Request::ShowPanel(panel.name));
        harness.hover_at(Pos2::new(1.0, 1.0));
        settle(harness);
        // What is said in passing floats over what it covers.
        harness.state_mut().view.log.toast = None;
        harness.step();
        let screen = harness.ctx.content_rect();
        found.add(&format!("{at}, {}", panel.name), faults(harness, screen));
    }
}

/// What of the whole run is wanted, as in `LAYOUT="texas 1440"`: every word is a plan's name, a width in pixels,
/// `select` or `views`; of each sort all where none of it is named.
pub fn wanted() -> impl Fn(&[&str], &str) -> bool {
    let words: Vec<String> = std::env::var("LAYOUT").unwrap_or_default().split_whitespace().map(str::to_owned).collect();
    move |sort: &[&str], one: &str| {
        let named: Vec<&String> = words.iter().filter(|word| sort.contains(&word.as_str())).collect();
        named.is_empty() || named.iter().any(|word| *word == one)
    }
}

#[test]
#[ignore = "every entity of every plan at every size and zoom, each view with its answer: minutes; LAYOUT=\"forty 800\" runs a part"]
fn the_whole_at_every_size_and_zoom() {
    let mut found = Found::default();
    let is_wanted = wanted();
    let plans = bundled();
    let names: Vec<&str> = plans.iter().map(|(name, _)| name.as_str()).collect();
    let widths = SIZES.map(|size| size.x.to_string());
    let widths: Vec<&str> = widths.iter().map(String::as_str).collect();
    let sizes: Vec<(Vec2, f32)> =
        SIZES.into_iter().filter(|size| is_wanted(&widths, &size.x.to_string())).flat_map(|size| ZOOMS.map(|zoom| (size, zoom))).collect();
    let mut selected = 0;
    for (name, text) in plans.iter().filter(|(name, _)| is_wanted(&names, name)) {
        for (size, zoom) in sizes.iter().filter(|_| is_wanted(&["select", "views"], "select")) {
            let at = format!("{} × {} at {zoom}", size.x, size.y);
            let mut harness = window(*size, *zoom, egui::Theme::Light);
            harness.state_mut().document.live_on = false;
            open(&mut harness, name, text);
            selected += select_all(&mut harness, name, &at, 1, &mut found);
        }
        if is_wanted(&["select", "views"], "views") {
            let mut harness = window(SIZES[0], 1.0, egui::Theme::Dark);
            open(&mut harness, name, text);
            for (size, zoom) in &sizes {
                harness.set_size(*size / *zoom);
                look_at_views(&mut harness, &format!("{name}, {} × {} at {zoom}", size.x, size.y), &mut found);
                selected += PANELS.len();
            }
        }
    }
    println!("{selected} pictures looked at");
    assert!(selected > 0, "LAYOUT names nothing");
    found.none();
}
