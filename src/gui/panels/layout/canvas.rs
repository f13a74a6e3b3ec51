//! The picture of a site: contracts, interconnect, cooling, halls, and the power that flows between.

use egui::{
    Align2, Color32, CornerRadius, CursorIcon, Id, Painter, Pos2, Rect, Response, Role, Sense, Shape, Stroke, StrokeKind, TextStyle, Ui,
    Vec2, WidgetInfo, pos2, vec2,
};

use super::halls::{HallCard, cards};
use super::pieces::{self, Piece, chip_color};
use crate::charts::ColorKey;
use crate::gui::command::Commands;
use crate::gui::document::Document;
use crate::gui::format;
use crate::gui::reflect::number_of;
use crate::gui::theme::{self, Tokens};
use crate::gui::view::ViewState;
use crate::gui::widgets::chart::ribbon::{Edge, ribbon};
use crate::plan::node::Node as _;
use crate::plan::{Amount, Contract, Terms};
use crate::results::Results;

const CARD_HEIGHT: f32 = 48.0;
const CARD_PITCH: f32 = 62.0;
const HALL_WIDTH: f32 = 148.0;
const HALL_HEIGHT: f32 = 116.0;
const HALL_GAP: f32 = 10.0;
const CELL: f32 = 8.2;
const RACK_ROWS: usize = 5;

/// Power at the site in the slice of the highest load of a period.
#[derive(Clone, Copy, Debug, Default)]
struct Moment {
    /// Index of the slice.
    slice: usize,
    load_mw: f64,
    it_mw: f64,
    import_mw: f64,
}

fn moment(results: &Results, site: &str, period: usize) -> Option<Moment> {
    let index = results.sites.iter().position(|other| other.id == site)?;
    let power = results.power.get(index)?;
    let loads = power.load_mw.get(period)?;
    let (slice, load_mw) = loads.iter().copied().enumerate().max_by(|a, b| a.1.total_cmp(&b.1))?;
    let at = |rows: &[Vec<f64>]| rows.get(period).and_then(|row| row.get(slice)).copied().unwrap_or(0.0);
    Some(Moment { slice, load_mw, it_mw: at(&power.it_mw), import_mw: at(&power.interconnect_mw) })
}

/// A contract as it is drawn.
struct Source<'s> {
    id: &'s str,
    contract: &'s Contract,
    /// MW at the moment shown; discharge less charge for a battery. `None` without an answer.
    mw: Option<f64>,
    contracted: Option<f64>,
    behind_meter: bool,
}

/// Draws the canvas in at least this size.
pub fn canvas_ui(ui: &mut Ui, size: Vec2, document: &Document, view: &mut ViewState, site: &str, commands: &mut Commands) {
    let plan = document.plan();
    let results = document.results().map(AsRef::as_ref);
    let moment = results.and_then(|results| moment(results, site, view.period));
    let sources = sources(document, results, moment, site, view.period);
    let halls = cards(plan, results, site, view.period);
    // The scroll bar lies over the edge.
    let width = size.x.max(640.0) - 12.0;
    let halls_left = width * 0.61;
    let columns = (((width - halls_left + HALL_GAP) / (HALL_WIDTH + HALL_GAP)).floor() as usize).max(1);
    let hall = vec2(((width - halls_left - HALL_GAP * (columns as f32 - 1.0)) / columns as f32).min(210.0), HALL_HEIGHT);
    let rows = (halls.len() + 1).div_ceil(columns);
    let needed = (rows as f32 * (hall.y + HALL_GAP) + 12.0).max(sources.len() as f32 * CARD_PITCH + 12.0).max(300.0);
    let (rect, response) = ui.allocate_exact_size(vec2(width, needed.max(size.y - 4.0)), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, format!("Layout of {site}")));
    let tokens = theme::tokens(ui);
    drop_ui(ui, &response, rect, document, site, commands);
    if response.clicked() {
        commands.select(format!("sites.{site}"));
    }
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    let top = rect.top() + 10.0;
    // What flows stays in sight, however many halls there are.
    let middle = top + (needed - 20.0).min(size.y - 20.0).max(260.0) * 0.5;
    let limit = plan.sites.get(site).and_then(|own| own.interconnect_mw.at(super::month_of(plan, view.period))).unwrap_or(0.0);
    let imported: f64 = sources.iter().filter(|source| !source.behind_meter).filter_map(|source| source.mw).sum();
    let tallest = 150.0_f32.min(rect.height() * 0.42);
    // One scale for every band, so that what goes in comes out.
    let scale = f64::from(tallest) / limit.max(imported).max(moment.map_or(0.0, |moment| moment.load_mw)).max(1.0);
    let thick = |mw: f64| ((mw * scale) as f32).max(1.0);
    let bar = Rect::from_center_size(pos2(rect.left() + width * 0.385, middle - 45.0), vec2(30.0, tallest));
    let circle = pos2(rect.left() + width * 0.52, middle + 15.0);
    sources_ui(ui, &painter, &sources, document, view, commands, &Places { rect, top, bar, circle, scale, width });
    interconnect_ui(ui, &painter, document, view, site, commands, bar, limit, moment);
    if let Some(moment) = moment.filter(|moment| moment.import_mw > 1e-6) {
        let height = thick(moment.import_mw);
        let from = Edge { x: bar.right(), top: bar.bottom() - height, bottom: bar.bottom() };
        // A band no thicker than the circle it ends in.
        ribbon(&painter, from, Edge::around(pos2(circle.x - 20.0, circle.y), height.min(52.0)), tokens.quiet.gamma_multiply(0.35));
    }
    let slots: Vec<Rect> = (0..=halls.len())
        .map(|index| {
            let corner = pos2(
                rect.left() + halls_left + (index % columns) as f32 * (hall.x + HALL_GAP),
                top + (index / columns) as f32 * (hall.y + HALL_GAP),
            );
            Rect::from_min_size(corner, hall)
        })
        .collect();
    let it_mw: f64 = halls.iter().map(HallCard::used_mw).sum();
    for (hall, slot) in halls.iter().zip(&slots).filter(|(hall, _)| hall.stands) {
        let share = if it_mw > 0.0 { hall.used_mw() / it_mw } else { 0.0 };
        let height = (share as f32 * 44.0).clamp(2.0, 12.0);
        // Halls of the second column are fed through the gap between the rows.
        let first = (slot.left() - (rect.left() + halls_left)).abs() < 1.0;
        if first {
            ribbon(
                &painter,
                Edge::around(pos2(circle.x + 28.0, circle.y), height),
                Edge::around(slot.left_center(), height),
                tokens.quiet.gamma_multiply(0.28),
            );
        }
    }
    cooling_ui(ui, &painter, document, site, commands, circle, moment);
    for (hall, slot) in halls.iter().zip(&slots) {
        hall_ui(ui, &painter, document, view, hall, *slot, commands);
    }
    if let Some(slot) = slots.last() {
        new_hall_ui(ui, &painter, document, site, *slot, commands);
    }
    if let Some((results, moment)) = results.zip(moment) {
        let slice = results.slices.get(moment.slice);
        let day = slice.and_then(|slice| results.days.get(slice.day)).map_or("", |day| day.id.as_str());
        let hour = slice.map_or(0.0, |slice| slice.start_hour);
        let text = format!("At the highest load of the period, {day}, {}", crate::charts::format::hour(hour));
        painter.text(rect.left_bottom() + vec2(10.0, -4.0), Align2::LEFT_BOTTOM, text, TextStyle::Small.resolve(ui.style()), tokens.quiet);
    }
}

/// Takes in a piece dropped on the site.
fn drop_ui(ui: &Ui, response: &Response, rect: Rect, document: &Document, site: &str, commands: &mut Commands) {
    if response.dnd_hover_payload::<Piece>().is_some() {
        let tokens = theme::tokens(ui);
        ui.painter().rect(
            rect.shrink(2.0),
            8.0,
            tokens.accent_soft.gamma_multiply(0.5),
            Stroke::new(1.5, tokens.accent),
            StrokeKind::Inside,
        );
    }
    if let Some(piece) = response.dnd_release_payload::<Piece>() {
        pieces::add(document.plan(), site, *piece, commands);
    }
}

fn sources<'s>(document: &'s Document, results: Option<&Results>, moment: Option<Moment>, site: &str, period: usize) -> Vec<Source<'s>> {
    let contracts = document.plan().contracts.iter().filter(|(_, contract)| contract.site.to_string() == site);
    contracts
        .map(|(id, contract)| {
            let info = results.and_then(|results| results.contracts.iter().find(|info| info.id == *id));
            let mw = info.zip(moment).and_then(|(info, moment)| info.draw_mw.get(period)?.get(moment.slice).copied());
            Source {
                id,
                contract,
                mw,
                contracted: info.and_then(|info| info.contracted.get(period).copied()),
                behind_meter: matches!(contract.terms, Terms::OnSite(_) | Terms::Battery(_)),
            }
        })
        .collect()
}

/// Where things stand on the canvas.
struct Places {
    rect: Rect,
    top: f32,
    bar: Rect,
    circle: Pos2,
    scale: f64,
    width: f32,
}

fn sources_ui(
    ui: &mut Ui,
    painter: &Painter,
    sources: &[Source<'_>],
    document: &Document,
    view: &ViewState,
    commands: &mut Commands,
    places: &Places,
) {
    let tokens = theme::tokens(ui);
    let card_width = (places.width * 0.255).clamp(150.0, 260.0);
    let imported: f64 = sources.iter().filter(|source| !source.behind_meter).filter_map(|source| source.mw).filter(|mw| *mw > 0.0).sum();
    // Bands enter the bar in the order of their cards and end at its foot, where the filling begins.
    let mut entry = places.bar.bottom() - (imported * places.scale) as f32;
    // What stands behind the meter passes below the bar.
    let mut behind = places.bar.bottom().max(places.circle.y) + 16.0;
    let mut joint = places.circle.y + 6.0;
    for (index, source) in sources.iter().enumerate() {
        let card =
            Rect::from_min_size(pos2(places.rect.left() + 10.0, places.top + index as f32 * CARD_PITCH), vec2(card_width, CARD_HEIGHT));
        let color = theme::chart_color(ui, &ColorKey::Contract(source.id.to_owned()), document.order());
        let mw = source.mw.unwrap_or(0.0);
        let height = ((mw.abs() * places.scale) as f32).max(1.5);
        if mw.abs() > 1e-6 {
            let from = Edge::around(card.right_center(), height.min(CARD_HEIGHT - 12.0));
            let ink = color.gamma_multiply(0.55);
            if source.behind_meter {
                let under = Edge { x: places.bar.left() - 6.0, top: behind, bottom: behind + height };
                let after = Edge { x: places.bar.right() + 6.0, ..under };
                ribbon(painter, from, under, ink);
                painter.rect_filled(Rect::from_min_max(pos2(under.x, under.top), pos2(after.x, after.bottom)), 0.0, ink);
                ribbon(painter, after, Edge { x: places.circle.x - 20.0, top: joint, bottom: joint + height.min(18.0) }, ink);
                behind += height + 4.0;
                joint += height.min(18.0).min(8.0);
            } else {
                ribbon(painter, from, Edge { x: places.bar.left(), top: entry, bottom: entry + height }, ink);
                entry += height;
            }
        }
        source_ui(ui, painter, source, card, color, tokens, document, view, commands);
    }
    if sources.is_empty() {
        let place = Rect::from_min_size(pos2(places.rect.left() + 10.0, places.top), vec2(card_width, CARD_HEIGHT));
        dashed(painter, place, tokens.quiet);
        painter.text(place.center(), Align2::CENTER_CENTER, "drop a contract here", TextStyle::Small.resolve(ui.style()), tokens.quiet);
    }
}

fn source_ui(
    ui: &mut Ui,
    painter: &Painter,
    source: &Source<'_>,
    card: Rect,
    color: Color32,
    tokens: &Tokens,
    document: &Document,
    view: &ViewState,
    commands: &mut Commands,
) {
    let path = format!("contracts.{}", source.id);
    let figure = match source.mw {
        None => "–".to_owned(),
        Some(mw) if matches!(source.contract.terms, Terms::Battery(_)) && mw > 0.05 => format!("+{} MW", format::number(mw.round())),
        Some(mw) => format!("{} MW", format::number(mw.round())),
    };
    let name = format::words(source.id);
    let response = card_ui(ui, painter, card, &path, view, &format!("Contract {name}, {figure}"), commands);
    painter.rect_filled(Rect::from_min_size(card.min + vec2(0.0, 8.0), vec2(3.5, card.height() - 16.0)), CornerRadius::same(2), color);
    let strong = theme::strong().resolve(ui.style());
    let figure_rect = painter.text(card.right_top() + vec2(-10.0, 8.0), Align2::RIGHT_TOP, figure, strong.clone(), tokens.text);
    cut_text(painter, card.left_top() + vec2(14.0, 8.0), &name, &strong, tokens.text, figure_rect.left() - card.left() - 20.0);
    let small = TextStyle::Small.resolve(ui.style());
    let detail = detail_of(source);
    cut_text(painter, card.left_top() + vec2(14.0, 27.0), &detail, &small, tokens.quiet, card.width() - 22.0);
    let errors = document.problems_at(&path).0;
    if errors > 0 {
        painter.circle_filled(card.right_bottom() - vec2(9.0, 9.0), 3.5, tokens.bad);
    }
    response.on_hover_text(detail);
}

/// What a contract is, in a line.
fn detail_of(source: &Source<'_>) -> String {
    let price = |level: &crate::plan::Level| {
        number_of(&level.tree()).map_or_else(|| "price by the hour".to_owned(), |price| format!("{} $/MWh", format::number(price)))
    };
    let amount = |amount: &Amount| {
        let (least, most) = amount.range();
        if least == most { format::number(most) } else { format!("up to {}", format::number(most)) }
    };
    let taken = |wanted: &Amount, unit: &str| match source.contracted {
        Some(contracted) if contracted > 0.05 => format!("{} {unit} taken", format::number(contracted.round())),
        Some(_) => "not taken".to_owned(),
        None => format!("{} {unit}", amount(wanted)),
    };
    let from = source.contract.from.map_or_else(String::new, |from| format!(", from {}", from.year()));
    match &source.contract.terms {
        Terms::Tariff(tariff) => {
            let charge = if tariff.demand_charge_usd_per_kw_month > 0.0 {
                format!(", {} $/kW·month", format::number(tariff.demand_charge_usd_per_kw_month))
            } else {
                String::new()
            };
            format!("{}{charge}{from}", price(&tariff.energy_usd_per_mwh))
        }
        Terms::PayAsProduced(ppa) => format!("{}, {} $/MWh", taken(&ppa.contract_mw, "MW"), format::number(ppa.price_usd_per_mwh)),
        Terms::Baseload(block) => format!("{}, {} $/MWh", taken(&block.contract_mw, "MW"), format::number(block.price_usd_per_mwh)),
        Terms::OnSite(plant) => match source.contracted {
            Some(built) if built > 0.05 => format!("{} MW built{from}", format::number(built.round())),
            Some(_) => "not built".to_owned(),
            None => format!("{} MW{from}", amount(&plant.mw)),
        },
        Terms::Battery(battery) => {
            let hours = battery.duration_hours.max(0.1);
            match source.contracted {
                Some(mwh) if mwh > 0.05 => format!(
                    "{} MWh, {} MW, {} h",
                    format::number(mwh.round()),
                    format::number((mwh / hours).round()),
                    format::number(hours)
                ),
                Some(_) => "not built".to_owned(),
                None => format!("{} MWh, {} h", amount(&battery.energy_mwh), format::number(hours)),
            }
        }
        Terms::Virtual(paper) => format!("{}, on paper", taken(&paper.contract_mw, "MW")),
    }
}

/// A card that selects what it stands for.
fn card_ui(ui: &mut Ui, painter: &Painter, card: Rect, path: &str, view: &ViewState, name: &str, commands: &mut Commands) -> Response {
    let tokens = theme::tokens(ui);
    let response = ui.interact(card, Id::unique(("card on the canvas", path, name)), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    let selected = view.selection == path;
    let border = if selected || response.has_focus() {
        Stroke::new(1.5, tokens.accent)
    } else if response.hovered() {
        Stroke::new(1.0, tokens.quiet)
    } else {
        Stroke::new(1.0, if tokens.dark { tokens.field } else { tokens.line })
    };
    painter.rect(card, CornerRadius::same(6), tokens.raised, border, StrokeKind::Inside);
    if response.clicked() {
        commands.select(path);
    }
    response.on_hover_cursor(CursorIcon::PointingHand)
}

fn cut_text(painter: &Painter, at: Pos2, text: &str, font: &egui::FontId, color: Color32, width: f32) {
    let mut job = egui::text::LayoutJob::simple_singleline(text.to_owned(), font.clone(), color);
    job.wrap = egui::text::TextWrapping::truncate_at_width(width.max(10.0));
    let galley = painter.layout_job(job);
    painter.galley(at, galley, color);
}

fn interconnect_ui(
    ui: &mut Ui,
    painter: &Painter,
    document: &Document,
    view: &ViewState,
    site: &str,
    commands: &mut Commands,
    bar: Rect,
    limit: f64,
    moment: Option<Moment>,
) {
    let tokens = theme::tokens(ui);
    let path = format!("sites.{site}.interconnect_mw");
    let import = moment.map_or(0.0, |moment| moment.import_mw);
    let text = if moment.is_some() {
        format!("{} of {} MW", format::number(import.round()), format::number(limit))
    } else {
        format!("{} MW", format::number(limit))
    };
    let response = ui.interact(bar.expand(4.0), Id::unique(("interconnect", site)), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Interconnect, {text}")));
    let border = if view.selection == path || response.has_focus() { tokens.accent } else { tokens.line };
    painter.rect(bar, CornerRadius::same(5), tokens.field, Stroke::new(1.0, border), StrokeKind::Inside);
    let share = if limit > 0.0 { (import / limit).clamp(0.0, 1.0) as f32 } else { 0.0 };
    if share > 0.0 {
        let filled = Rect::from_min_max(pos2(bar.left(), bar.bottom() - bar.height() * share), bar.max);
        let grid = theme::chart_color(ui, &ColorKey::Family("interconnect"), document.order());
        // The colour of what binds, only where it does.
        let full = share > 0.985;
        painter.rect_filled(filled, CornerRadius::same(5), if full { grid } else { grid.lerp_to_gamma(tokens.quiet, 0.45) });
    }
    for (up, text, font, color) in
        [(24.0, "Interconnect", theme::strong(), tokens.text), (8.0, text.as_str(), TextStyle::Small, tokens.quiet)]
    {
        let galley = painter.layout_no_wrap(text.to_owned(), font.resolve(ui.style()), color);
        let place = Align2::CENTER_BOTTOM.anchor_size(bar.center_top() - vec2(0.0, up), galley.size());
        // Bands pass behind the words.
        painter.rect_filled(place.expand2(vec2(4.0, 1.0)), 3.0, tokens.panel.gamma_multiply(0.8));
        painter.galley(place.min, galley, color);
    }
    if response.on_hover_cursor(CursorIcon::PointingHand).on_hover_text("Go to the interconnect").clicked() {
        commands.go_to(path);
    }
}

fn cooling_ui(ui: &mut Ui, painter: &Painter, document: &Document, site: &str, commands: &mut Commands, at: Pos2, moment: Option<Moment>) {
    let tokens = theme::tokens(ui);
    let radius = 32.0;
    let small = TextStyle::Small.resolve(ui.style());
    let stated = document.plan().sites.get(site).and_then(|own| number_of(&own.pue.tree()));
    let pue = moment.filter(|moment| moment.it_mw > 1e-6).map(|moment| moment.load_mw / moment.it_mw).or(stated);
    let text = pue.map_or_else(|| "by the hour".to_owned(), |pue| format!("{pue:.2}"));
    let response = ui.interact(Rect::from_center_size(at, Vec2::splat(radius * 2.0)), Id::unique(("pue", site)), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("PUE {text}")));
    let border = if response.has_focus() || response.hovered() { tokens.accent } else { tokens.quiet };
    painter.circle(at, radius, tokens.raised, Stroke::new(2.0, border));
    painter.text(at - vec2(0.0, 7.0), Align2::CENTER_CENTER, "PUE", theme::strong().resolve(ui.style()), tokens.text);
    painter.text(at + vec2(0.0, 9.0), Align2::CENTER_CENTER, &text, small.clone(), tokens.quiet);
    if let Some(moment) = moment {
        let cooling = (moment.load_mw - moment.it_mw).max(0.0);
        for (line, (mw, what)) in [(moment.it_mw, "IT"), (cooling, "cooling")].into_iter().enumerate() {
            let text = format!("{} MW {what}", format::number(mw.round()));
            painter.text(at + vec2(0.0, radius + 8.0 + 15.0 * line as f32), Align2::CENTER_TOP, text, small.clone(), tokens.quiet);
        }
    }
    if let Some(pipeline) = document.plan().sites.get(site).and_then(|own| own.data_pipeline.as_ref()) {
        let text = format!("pipeline {} Gtok/h", format::number(pipeline.capacity_gtok_per_hour));
        painter.text(at + vec2(0.0, radius + 40.0), Align2::CENTER_TOP, text, small, tokens.quiet);
    }
    if response.on_hover_cursor(CursorIcon::PointingHand).on_hover_text("Go to the PUE").clicked() {
        commands.go_to(format!("sites.{site}.pue"));
    }
}

fn hall_ui(ui: &mut Ui, painter: &Painter, document: &Document, view: &ViewState, hall: &HallCard, slot: Rect, commands: &mut Commands) {
    let tokens = theme::tokens(ui);
    let share = |mw: f64| if hall.it_mw > 0.0 { mw / hall.it_mw } else { 0.0 };
    let filling: Vec<String> = hall
        .chips
        .iter()
        .filter(|(.., mw)| share(*mw) > 0.004)
        .map(|(_, name, mw)| format!("{name} {}", format::percent(share(*mw))))
        .collect();
    let filling = if filling.is_empty() {
        if hall.stands { "empty".to_owned() } else { "not built in this period".to_owned() }
    } else {
        filling.join(" · ")
    };
    let response = card_ui(ui, painter, slot, &hall.path, view, &format!("Hall {}, {}, {filling}", hall.name, hall.detail), commands);
    cut_text(
        painter,
        slot.min + vec2(10.0, 7.0),
        &hall.name,
        &theme::strong().resolve(ui.style()),
        if hall.stands { tokens.text } else { tokens.quiet },
        slot.width() - 20.0,
    );
    let small = TextStyle::Small.resolve(ui.style());
    cut_text(painter, slot.min + vec2(10.0, 24.0), &hall.detail, &small, tokens.quiet, slot.width() - 18.0);
    racks(ui, painter, document, hall, pos2(slot.left() + 10.0, slot.top() + 43.0), slot.width() - 20.0);
    cut_text(painter, pos2(slot.left() + 10.0, slot.bottom() - 19.0), &filling, &small, tokens.quiet, slot.width() - 18.0);
    response.on_hover_text(format!("{}\n{filling}", hall.detail));
}

/// Rack positions, filled with the colours of the chips in them.
fn racks(ui: &Ui, painter: &Painter, document: &Document, hall: &HallCard, at: Pos2, width: f32) {
    let tokens = theme::tokens(ui);
    let columns = (width / CELL).floor().max(1.0) as usize;
    let cells = columns * RACK_ROWS;
    let mut fills: Vec<(Color32, usize)> = Vec::new();
    let mut sum = 0.0;
    let mut done = 0;
    for (chip, _, mw) in &hall.chips {
        sum += mw;
        let until = if hall.it_mw > 0.0 { ((sum / hall.it_mw * cells as f64).round() as usize).min(cells) } else { 0 };
        fills.push((chip_color(ui, document, chip), until.saturating_sub(done)));
        done = done.max(until);
    }
    let mut colors = fills.into_iter().flat_map(|(color, count)| std::iter::repeat_n(color, count));
    let blank = if hall.stands { tokens.field } else { tokens.field.gamma_multiply(0.5) };
    let size = Vec2::splat(CELL - 1.8);
    for index in 0..cells {
        let (row, column) = (index / columns, index % columns);
        // Aisles between pairs of rows.
        let aisle = (row.div_ceil(2)) as f32 * 2.0;
        let corner = at + vec2(column as f32 * CELL, row as f32 * CELL + aisle);
        painter.rect_filled(Rect::from_min_size(corner, size), 1.0, colors.next().unwrap_or(blank));
    }
}

fn new_hall_ui(ui: &mut Ui, painter: &Painter, document: &Document, site: &str, slot: Rect, commands: &mut Commands) {
    let tokens = theme::tokens(ui);
    let enabled = !document.is_read_only();
    let response = ui.interact(slot, Id::unique(("new hall", site)), if enabled { Sense::click() } else { Sense::hover() });
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, "Drop a hall here"));
    let color = if response.hovered() || response.has_focus() { tokens.accent } else { tokens.quiet.gamma_multiply(0.7) };
    dashed(painter, slot, color);
    painter.text(slot.center(), Align2::CENTER_CENTER, "drop a hall here", TextStyle::Small.resolve(ui.style()), tokens.quiet);
    if response.on_hover_text("Add a kind of hall that may be built here").clicked() {
        pieces::add(document.plan(), site, Piece::Hall, commands);
    }
}

fn dashed(painter: &Painter, rect: Rect, color: Color32) {
    let corners = [rect.left_top(), rect.right_top(), rect.right_bottom(), rect.left_bottom(), rect.left_top()];
    painter.extend(Shape::dashed_line(&corners, Stroke::new(1.2, color), 5.0, 5.0));
}
