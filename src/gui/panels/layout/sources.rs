//! The contracts of a site on the canvas, and the bands of power that leave them.

use crate::words;
use egui::{Align2, Color32, CornerRadius, Painter, Pos2, Rect, TextStyle, Ui, pos2, vec2};

use super::canvas::{CARD_HEIGHT, CARD_PITCH, Moment, card_ui, cut_text, dashed};
use super::numbers;
use crate::charts::ColorKey;
use crate::gui::command::Commands;
use crate::gui::document::Document;
use crate::gui::theme::{self, Tokens};
use crate::gui::view::ViewState;
use crate::gui::widgets::chart::ribbon::{Edge, ribbon};
use crate::gui::widgets::truth;
use crate::plan::Contract;
use crate::plan::node::Node as _;
use crate::plan::power::Role;
use crate::results::Results;

/// A contract as it is drawn.
pub(super) struct Source<'s> {
    pub(super) id: &'s str,
    pub(super) contract: &'s Contract,
    /// MW at the moment shown; discharge less charge for a battery. `None` without an answer.
    pub(super) mw: Option<f64>,
    pub(super) contracted: Option<f64>,
    pub(super) behind_meter: bool,
}

pub(super) fn sources<'s>(
    document: &'s Document,
    results: Option<&Results>,
    moment: Option<Moment>,
    site: &str,
    period: usize,
) -> Vec<Source<'s>> {
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
                behind_meter: contract.terms.kind().behind_meter,
            }
        })
        .collect()
}

/// Where things stand on the canvas.
pub(super) struct Places {
    pub(super) rect: Rect,
    pub(super) top: f32,
    pub(super) bar: Rect,
    pub(super) circle: Pos2,
    pub(super) scale: f64,
    pub(super) width: f32,
}

pub(super) fn sources_ui(
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
        // No power flows on paper.
        Some(_) if source.contract.terms.kind().role == Role::Paper => "certificates".to_owned(),
        None => "–".to_owned(),
        Some(mw) if source.contract.terms.kind().role == Role::Store && mw > 0.05 => format!("+{} MW", words::number(mw.round())),
        Some(mw) => format!("{} MW", words::number(mw.round())),
    };
    let name = words::sentence(source.id);
    let response = card_ui(ui, painter, card, &path, view, &format!("Contract {name}, {figure}"), commands);
    painter.rect_filled(Rect::from_min_size(card.min + vec2(0.0, 8.0), vec2(3.5, card.height() - 16.0)), CornerRadius::same(2), color);
    let strong = theme::strong().resolve(ui.style());
    let figure_rect = painter.text(card.right_top() + vec2(-10.0, 8.0), Align2::RIGHT_TOP, figure, strong.clone(), tokens.text);
    let whole_name =
        cut_text(painter, card.left_top() + vec2(14.0, 8.0), &name, &strong, tokens.text, figure_rect.left() - card.left() - 20.0);
    let small = TextStyle::Small.resolve(ui.style());
    let detail = detail_of(source);
    let whole_detail = cut_text(painter, card.left_top() + vec2(14.0, 27.0), &detail, &small, tokens.quiet, card.width() - 22.0);
    truth::offer(ui, &response, || numbers::contract(&name, source.mw, source.contracted, &detail));
    let errors = document.problems_at(&path).0;
    if errors > 0 {
        painter.circle_filled(card.right_bottom() - vec2(9.0, 9.0), 3.5, tokens.bad);
    }
    // Said again only where it was cut: a tip covers the next contract.
    if !(whole_name && whole_detail) {
        response.on_hover_text(format!("{name}\n{detail}"));
    }
}

/// What a contract is, in a line: how much of it is taken or built, and its prices.
fn detail_of(source: &Source<'_>) -> String {
    let terms = &source.contract.terms;
    let kind = terms.kind();
    let number = |field: &str| terms.child(field)?.number();
    let priced = |price: crate::plan::Level| {
        price.number().map_or_else(|| "price by the hour".to_owned(), |price| format!("{} $/MWh", words::number(price)))
    };
    let done = if kind.behind_meter { "built" } else { "taken" };
    let amount = terms.amount().map(|amount| match source.contracted {
        Some(contracted) if contracted > 0.05 => format!("{} {} {done}", words::number(contracted.round()), kind.unit),
        Some(_) => format!("not {done}"),
        None if amount.range().0 > 0.0 => format!("{} {}", words::number(amount.range().1), kind.unit),
        None => format!("up to {} {}", words::number(amount.range().1), kind.unit),
    });
    let hours = number("duration_hours").map(|hours| format!("{} h", words::number(hours)));
    let charge = number("demand_charge_usd_per_kw_month").filter(|charge| *charge > 0.0);
    let charge = charge.map(|charge| format!("{} $/kW·month", words::number(charge)));
    let paper = (kind.role == Role::Paper).then(|| "on paper".to_owned());
    let from = source.contract.from.map(|from| format!("from {}", from.year()));
    [amount, terms.price().map(priced), hours, charge, paper, from].into_iter().flatten().collect::<Vec<_>>().join(", ")
}
