//! The page of a number: F1 over a key figure, a value of a chart or a cell of a table says what it is; elsewhere it
//! opens the guide. And tips stay out of the way of what comes up over them.

use egui::accesskit::Role;
use egui::{Key, Modifiers, Pos2, Rect, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use tokenworks::charts::{Body, Selection, find};
use tokenworks::gui::command::Request;
use tokenworks::gui::panels::kpi;
use tokenworks::gui::view::Anchor;

use crate::window::harness::{Window, press, settle, small};

/// Rests with the pointer somewhere, as long as a tip takes to come.
fn rest_at(harness: &mut Window, at: Pos2) {
    harness.hover_at(at);
    for _ in 0..60 {
        harness.step();
    }
}

fn f1(harness: &mut Window) {
    harness.key_press(Key::F1);
    for _ in 0..6 {
        harness.step();
    }
}

/// Texts of the page that is open: what stands in its window.
fn page(harness: &Window) -> Vec<String> {
    let id = egui::Id::unique("page of a number");
    let Some(place) = harness.ctx.memory(|memory| memory.area_rect(id)).filter(|_| harness.state().panels.truth.is_open()) else {
        return Vec::new();
    };
    harness
        .query_all_by(|node| node.role() == Role::Label)
        .filter(|node| place.contains_rect(node.rect()))
        .filter_map(|node| node.accesskit_node().label().or(node.accesskit_node().value()))
        .collect()
}

fn says(page: &[String], words: &str) -> bool {
    page.iter().any(|text| text.contains(words))
}

/// How many tips are on screen.
fn tips(harness: &Window) -> usize {
    harness.ctx.memory(|memory| memory.areas().visible_layer_ids().into_iter().filter(|layer| layer.order == egui::Order::Tooltip).count())
}

fn tile(harness: &Window, name: &str) -> Option<Rect> {
    let strip = harness.state().view.anchors[&Anchor::Kpis];
    // A figure follows the name: “Cost per Mtok” is not “Cost”.
    let is_of = |label: &str| {
        label.strip_prefix(name).is_some_and(|rest| rest.starts_with([' ']) && !rest.trim_start().starts_with(char::is_alphabetic))
    };
    let mut tiles = harness.query_all_by(|node| node.label().or(node.value()).is_some_and(|label| is_of(&label))).map(|node| node.rect());
    tiles.find(|rect| strip.contains_rect(*rect) && rect.height() > 60.0)
}

#[test]
fn f1_over_a_key_figure_opens_its_page() {
    let mut harness = small();
    let mut seen = 0;
    for figure in kpi::offered(false) {
        let Some(place) = tile(&harness, figure.name) else { continue };
        rest_at(&mut harness, place.center());
        assert!(tips(&harness) > 0, "{} has a tip", figure.name);
        f1(&mut harness);
        let page = page(&harness);
        assert!(says(&page, figure.name) && says(&page, figure.tooltip), "{}: {page:?}", figure.name);
        assert!(says(&page, "= ") && says(&page, "Rests on: ") && says(&page, "throughput"), "{}: {page:?}", figure.name);
        let (figure_now, unit) = (figure.words)((figure.value)(harness.state().document.results().unwrap()));
        assert!(says(&page, format!("{figure_now} {unit}").trim()), "{}: {page:?}", figure.name);
        assert_eq!(tips(&harness), 0, "the tip of {} lies over its page", figure.name);
        assert!(!harness.state().panels.guide.open);
        // The same key closes it, as Esc does.
        f1(&mut harness);
        assert!(!harness.state().panels.truth.is_open(), "{}", figure.name);
        seen += 1;
    }
    assert!(seen >= 5, "only {seen} figures stand on the strip");
    let place = tile(&harness, "NPV").or_else(|| tile(&harness, "Capex")).unwrap();
    rest_at(&mut harness, place.center());
    f1(&mut harness);
    assert!(harness.state().panels.truth.is_open());
    harness.key_press(Key::Escape);
    harness.run();
    assert!(!harness.state().panels.truth.is_open());
}

#[test]
fn f1_elsewhere_opens_the_guide() {
    let mut harness = small();
    let tree = harness.state().view.anchors[&Anchor::Tree];
    rest_at(&mut harness, tree.center());
    f1(&mut harness);
    assert!(harness.state().panels.guide.open && !harness.state().panels.truth.is_open());
    f1(&mut harness);
    assert!(!harness.state().panels.guide.open);
}

#[test]
fn a_key_figure_with_the_keyboard_opens_its_page_wherever_the_pointer_rests() {
    let mut harness = small();
    let tree = harness.state().view.anchors[&Anchor::Tree];
    let strip = harness.state().view.anchors[&Anchor::Kpis];
    for at in [tree.center(), strip.left_center() + vec2(30.0, 0.0)] {
        rest_at(&mut harness, at);
        // The second one: not the one that the pointer rests on.
        let mut tiles: Vec<(f32, String)> = harness
            .query_all_by(|node| node.role() == Role::Label)
            .filter(|node| strip.contains_rect(node.rect()) && node.rect().height() > 60.0)
            .filter_map(|node| Some((node.rect().left(), node.accesskit_node().label().or(node.accesskit_node().value())?)))
            .collect();
        tiles.sort_by(|one, other| one.0.total_cmp(&other.0));
        let name = tiles[1].1.clone();
        harness.get_by(|node| node.label().as_deref() == Some(name.as_str()) || node.value().as_deref() == Some(name.as_str())).focus();
        harness.step();
        harness.step();
        f1(&mut harness);
        let page = page(&harness);
        let figure = kpi::offered(false).find(|kpi| name.starts_with(kpi.name)).unwrap();
        assert!(says(&page, figure.tooltip), "{name}: {page:?}");
        harness.key_press(Key::Escape);
        harness.step();
        harness.state_mut().panels.truth.close();
        harness.run_ok();
    }
}

#[test]
fn f1_over_a_value_of_a_chart_opens_its_page() {
    let mut harness = small();
    harness.state_mut().handle(Request::ShowPanel("Results"));
    settle(&mut harness);
    let entry = find("tokens").unwrap();
    let chart = (entry.chart)(harness.state().document.results().unwrap(), &Selection::default());
    let Body::StackedBars { categories, .. } = &chart.body else { panic!("{:?}", chart.body) };
    let label = format!("{}, ", chart.title);
    let picture = |harness: &Window| {
        harness.get_by(|node| node.role() == Role::Image && node.label().is_some_and(|own| own.starts_with(&label))).rect()
    };
    let place = picture(&harness);
    rest_at(&mut harness, place.center() - vec2(0.0, 0.15 * place.height()));
    f1(&mut harness);
    let shown = page(&harness);
    let period = categories.iter().find(|name| says(&shown, &format!("{}: {name}", chart.title)));
    assert!(period.is_some(), "{shown:?}");
    assert!(says(&shown, entry.doc) && says(&shown, &format!("= {}", entry.how)) && says(&shown, "throughput"), "{shown:?}");
    f1(&mut harness);
    // By the keyboard: the picture, a step to the right, the key.
    rest_at(&mut harness, Pos2::new(2.0, 2.0));
    harness.state_mut().panels.truth.close();
    harness.get_by(|node| node.role() == Role::Image && node.label().is_some_and(|own| own.starts_with(&label))).focus();
    harness.step();
    harness.step();
    harness.key_press(Key::ArrowRight);
    harness.step();
    harness.step();
    f1(&mut harness);
    let shown = page(&harness);
    assert!(says(&shown, &format!("{}: {}", chart.title, categories[0])), "{shown:?}");
    harness.key_press(Key::ArrowRight);
    harness.step();
    harness.step();
    f1(&mut harness);
    let shown = page(&harness);
    assert!(says(&shown, &format!("{}: {}", chart.title, categories[1])), "the page follows: {shown:?}");
}

#[test]
fn f1_over_a_cell_of_a_table_opens_its_page() {
    let mut harness = small();
    harness.state_mut().handle(Request::ShowPanel("Results"));
    settle(&mut harness);
    let entry = find("tokens").unwrap();
    press(&mut harness, &format!("Show the table of {}", entry.title));
    let table = tokenworks::charts::table(&(entry.chart)(harness.state().document.results().unwrap(), &Selection::default()));
    let tokenworks::charts::TableCell::Number(number) = table.rows[0][1] else { panic!("{:?}", table.rows[0]) };
    let cells = |harness: &Window| {
        harness.get_by(|node| node.role() == Role::Table && node.label().is_some_and(|own| own.contains(entry.title))).rect()
    };
    let place = cells(&harness);
    let shown = tokenworks::words::short(number);
    let cell = harness.query_all_by_label(&shown).map(|node| node.rect()).find(|rect| place.contains_rect(*rect)).unwrap();
    rest_at(&mut harness, cell.center());
    f1(&mut harness);
    let page_of = page(&harness);
    assert!(says(&page_of, &format!("{number}")) && says(&page_of, &table.header[1]), "{page_of:?}");
    assert!(says(&page_of, &format!("= {}", entry.how)), "{page_of:?}");
    f1(&mut harness);
    // By the keyboard: into the table, one down.
    rest_at(&mut harness, Pos2::new(2.0, 2.0));
    harness.state_mut().panels.truth.close();
    harness.get_by(|node| node.role() == Role::Table && node.label().is_some_and(|own| own.contains(entry.title))).focus();
    harness.step();
    harness.step();
    harness.key_press(Key::ArrowDown);
    harness.step();
    harness.step();
    f1(&mut harness);
    let page_of = page(&harness);
    let tokenworks::charts::TableCell::Number(below) = table.rows[1][1] else { panic!("{:?}", table.rows[1]) };
    assert!(says(&page_of, &format!("{below}")), "{below}: {page_of:?}");
}

/// A tip that is open when a question comes up, by a key and without the pointer moving, does not stay on top of it.
#[test]
fn no_tip_stays_over_a_question() {
    let mut harness = small();
    let strip = harness.state().view.anchors[&Anchor::Kpis];
    let search = harness.query_all_by_label_contains("Search").map(|node| node.rect().center()).next().unwrap();
    let mut places = vec![strip.left_center() + vec2(40.0, 0.0), search];
    places.extend(["Undo", "Solve"].iter().filter_map(|name| harness.query_by_label(name)).map(|node| node.rect().center()));
    let mut with_tip = 0;
    for at in places {
        rest_at(&mut harness, at);
        with_tip += usize::from(tips(&harness) > 0);
        harness.key_press_modifiers(Modifiers::COMMAND, Key::K);
        for _ in 0..4 {
            harness.step();
        }
        assert!(harness.state().dialog.is_some());
        assert_eq!(tips(&harness), 0, "a tip at {at:?} lies over the question");
        // Nor does one come while the pointer rests there.
        for _ in 0..60 {
            harness.step();
        }
        assert_eq!(tips(&harness), 0, "a tip came at {at:?} under the question");
        harness.key_press(Key::Escape);
        harness.run();
        rest_at(&mut harness, Pos2::new(2.0, 900.0));
    }
    assert!(with_tip >= 2, "only {with_tip} places had a tip");
}

/// On the canvas of a site and in sentences, F1 opens the page of the number under the hand, not the guide.
#[test]
fn f1_over_a_number_of_the_layout_or_of_a_sentence_opens_its_page() {
    let mut harness = small();
    harness.state_mut().handle(Request::Select("sites.abilene".into()));
    harness.state_mut().handle(Request::ShowPanel("Layout"));
    settle(&mut harness);
    let starts = |harness: &Window, words: &str| {
        let centre = harness.state().view.anchors[&Anchor::Centre];
        let found = harness.query_all_by(|node| node.label().is_some_and(|label| label.starts_with(words)));
        let mut found = found.map(|node| node.rect()).filter(|rect| centre.contains_rect(*rect));
        found.next().unwrap_or_else(|| panic!("nothing says {words:?}"))
    };
    for (thing, title, word) in [
        ("Interconnect, ", "Abilene: interconnect", "Drawn through it"),
        ("PUE ", "Abilene: PUE", "= power of the site ÷ IT power"),
        ("Contract Grid, ", "Grid", "Gives"),
        ("Hall ", "", "IT power that it can feed"),
        ("Go to what binds, ", "", "One more is worth"),
    ] {
        let place = starts(&harness, thing);
        rest_at(&mut harness, place.center());
        f1(&mut harness);
        let shown = page(&harness);
        assert!(says(&shown, word) && says(&shown, title), "{thing}: {shown:?}");
        f1(&mut harness);
        harness.state_mut().panels.truth.close();
        harness.run_ok();
    }
    harness.state_mut().handle(Request::ShowPanel("Explain"));
    settle(&mut harness);
    let sentence = harness.query_all_by(|node| node.value().is_some_and(|text| text.starts_with("One ") && text.contains(" is worth")));
    let place = sentence.map(|node| node.rect()).next().expect("something binds");
    rest_at(&mut harness, place.center());
    f1(&mut harness);
    let shown = page(&harness);
    assert!(says(&shown, "One more is worth") && says(&shown, "Limit"), "{shown:?}");
}
