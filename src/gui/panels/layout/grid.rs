//! How a site hangs on the grid and its halls on the site: connections with what is firm and what is not, and feeds.

use crate::words;
use egui::{Align2, CornerRadius, CursorIcon, Id, Painter, Pos2, Rect, Role, Sense, Shape, Stroke, TextStyle, Ui, WidgetInfo, pos2, vec2};

use crate::gui::command::Commands;
use crate::gui::document::Document;
use crate::gui::theme;
use crate::plan::connection::{Connection, Service};
use crate::plan::power::Hours;
use crate::plan::{Feed, Level, Month, Redundancy, Site};

/// Lines that are listed at most.
const MOST_LINES: usize = 8;

/// A part of what the grid brings, from the bottom of the bar up.
struct Part {
    mw: f64,
    firm: bool,
}

fn firm_mw(connection: &Connection, month: Month) -> f64 {
    match &connection.firm_mw {
        Level::Flat(steps) => steps.at(month).unwrap_or(0.0),
        Level::Series(_) => connection.firm_mw.stated_at(month).unwrap_or(0.0),
    }
}

fn is_firm_by(connection: &Connection, month: Month) -> bool {
    connection.events.is_none() || connection.firm_from.is_some_and(|from| from <= month)
}

fn parts(site: &Site, month: Month) -> Vec<Part> {
    let mut parts = vec![Part { mw: site.interconnect_mw.at(month).unwrap_or(0.0), firm: true }];
    for connection in site.connections.values() {
        parts.push(Part { mw: firm_mw(connection, month), firm: true });
        parts.push(Part { mw: connection.non_firm_mw.at(month).unwrap_or(0.0), firm: is_firm_by(connection, month) });
    }
    parts.retain(|part| part.mw > 0.0);
    parts
}

/// Marks on the bar of the grid what is firm and what is there but for events, and lists the connections below it.
pub(super) fn connections_ui(
    ui: &mut Ui,
    painter: &Painter,
    document: &Document,
    site: &str,
    commands: &mut Commands,
    bar: Rect,
    month: Month,
) {
    let Some(own) = document.plan().sites.get(site).filter(|own| !own.connections.is_empty()) else { return };
    let tokens = theme::tokens(ui);
    let parts = parts(own, month);
    let all: f64 = parts.iter().map(|part| part.mw).sum();
    let mut bottom = bar.bottom();
    for (index, part) in parts.iter().enumerate() {
        let height = (part.mw / all.max(f64::MIN_POSITIVE)) as f32 * bar.height();
        let rect = Rect::from_min_max(pos2(bar.left(), bottom - height), pos2(bar.right(), bottom));
        bottom -= height;
        if index > 0 {
            painter.line_segment([rect.left_bottom(), rect.right_bottom()], Stroke::new(1.0, tokens.panel));
        }
        // What events take away is hatched.
        if !part.firm {
            let stripe = Stroke::new(1.0, tokens.text.gamma_multiply(0.55));
            let mut y = rect.bottom();
            while y > rect.top() {
                let rise = 7.0_f32.min(y - rect.top());
                painter.add(Shape::line_segment([pos2(rect.left() + 2.0, y), pos2(rect.right() - 2.0, y - rise)], stripe));
                y -= 7.0;
            }
        }
    }
    let mut lines: Vec<(String, String)> = Vec::new();
    let plain = own.interconnect_mw.at(month).unwrap_or(0.0);
    if plain > 0.0 {
        lines.push((format!("sites.{site}.interconnect_mw"), format!("plain {} MW", words::number(plain))));
    }
    for (name, connection) in &own.connections {
        // A line for each part: beside the bar there is no room for long ones.
        for (index, part) in in_words(connection, month).into_iter().enumerate() {
            let start = if index == 0 { words::sentence(name) } else { "+".to_owned() };
            lines.push((format!("sites.{site}.connections.{name}"), format!("{start} {part}")));
        }
    }
    list_ui(ui, painter, &lines, bar.center_bottom() + vec2(-16.0, 7.0), commands);
}

/// `20 MW firm`, `80 MW but for 72 h a year`, `2 offers`.
fn in_words(connection: &Connection, month: Month) -> Vec<String> {
    let firm = firm_mw(connection, month);
    let soft = connection.non_firm_mw.at(month).unwrap_or(0.0);
    let mut words = Vec::new();
    if firm > 0.0 {
        words.push(format!("{} MW firm", words::number(firm)));
    }
    if soft > 0.0 {
        words.push(match &connection.events {
            _ if is_firm_by(connection, month) => format!("{} MW firm by now", words::number(soft)),
            Some(events) => format!("{} MW but for {}", words::number(soft), events_in_words(events)),
            None => format!("{} MW", words::number(soft)),
        });
    }
    if let Service::Choose(offers) = &connection.service {
        words.push(words::counted(offers.len(), "offer"));
    }
    if words.is_empty() {
        words.push("nothing yet".to_owned());
    }
    words
}

fn events_in_words(events: &Hours) -> String {
    match events {
        Hours::Highest(highest) if highest.each_month => format!("{} h a month", highest.hours),
        Hours::Highest(highest) => format!("{} h a year", highest.hours),
        Hours::Windows(_) => "windows".to_owned(),
        Hours::Marked(profile) => format!("hours of {profile}"),
        Hours::Share(share) => format!("{} of hours", words::percent(*share)),
    }
}

/// Lists the feeds of a site below a point.
pub(super) fn feeds_ui(ui: &mut Ui, painter: &Painter, document: &Document, site: &str, commands: &mut Commands, at: Pos2, month: Month) {
    let Some(own) = document.plan().sites.get(site) else { return };
    let line = |(name, feed): (&String, &Feed)| {
        let mw = feed.mw.at(month).unwrap_or(0.0);
        let text = format!("feed {} {} MW · {}", words::words(name), words::number(mw), redundancy(&feed.redundancy));
        (format!("sites.{site}.feeds.{name}"), text)
    };
    let lines: Vec<(String, String)> = own.feeds.iter().map(line).collect();
    list_ui(ui, painter, &lines, at, commands);
}

fn redundancy(redundancy: &Redundancy) -> &'static str {
    match redundancy {
        Redundancy::N => "N",
        Redundancy::N1 => "N+1",
        Redundancy::TwoN => "2N",
    }
}

/// Small lines, centred below a point; a click goes to what each is of.
fn list_ui(ui: &mut Ui, painter: &Painter, lines: &[(String, String)], at: Pos2, commands: &mut Commands) {
    let tokens = theme::tokens(ui);
    let small = TextStyle::Small.resolve(ui.style());
    for (index, (path, text)) in lines.iter().take(MOST_LINES).enumerate() {
        let more = lines.len() > MOST_LINES && index + 1 == MOST_LINES;
        let text = if more { format!("and {} more", lines.len() - index) } else { text.clone() };
        let place = |size| Align2::CENTER_TOP.anchor_size(at + vec2(0.0, 15.0 * index as f32), size);
        let plain = painter.layout_no_wrap(text.clone(), small.clone(), tokens.quiet);
        let rect = place(plain.size());
        let response = ui.interact(rect, Id::unique(("line of the layout", path, index)), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &text));
        let color = if response.hovered() || response.has_focus() { tokens.accent } else { tokens.quiet };
        // Bands pass behind the words.
        painter.rect_filled(rect.expand2(vec2(4.0, 1.0)), CornerRadius::same(3), tokens.panel.gamma_multiply(0.8));
        painter.galley(rect.min, painter.layout_no_wrap(text.clone(), small.clone(), color), color);
        if response.on_hover_cursor(CursorIcon::PointingHand).clicked() {
            commands.go_to(path.clone());
        }
    }
}
