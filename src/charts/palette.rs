//! Every colour of a chart, on screen and on paper: colour-blind-safe, and the same for a chip,
//! a contract, a market or a product in all charts of a plan (by its position in the plan).

use crate::plan::power::{Hue, Kind};
use crate::results::{CostPart, Results};

use super::ColorKey;
use super::binds::{Group, group_of};

/// Red, green, blue.
pub type Rgb = [u8; 3];

/// Hues of a theme, in the order of their use.
#[derive(Clone, Copy, Debug)]
struct Hues {
    blue: Rgb,
    orange: Rgb,
    green: Rgb,
    vermilion: Rgb,
    purple: Rgb,
    yellow: Rgb,
    grey: Rgb,
}

const DARK: Hues = Hues {
    blue: [0x56, 0xb4, 0xe9],
    orange: [0xe6, 0x9f, 0x00],
    green: [0x2b, 0xb5, 0x8a],
    vermilion: [0xe0, 0x66, 0x3c],
    purple: [0xb8, 0x86, 0xc6],
    yellow: [0xe5, 0xd2, 0x4a],
    grey: [0x7f, 0x8a, 0x96],
};

const LIGHT: Hues = Hues {
    blue: [0x2b, 0x7f, 0xc4],
    orange: [0xcc, 0x7a, 0x00],
    green: [0x0f, 0x8f, 0x6c],
    vermilion: [0xcb, 0x4f, 0x2a],
    purple: [0x8e, 0x5b, 0xa6],
    yellow: [0xc9, 0xa8, 0x1a],
    grey: [0x7a, 0x85, 0x91],
};

/// Surfaces and text of charts and reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    /// Behind the chart.
    pub panel: Rgb,
    /// Cells with nothing in them, tracks.
    pub raised: Rgb,
    /// Grid lines and borders.
    pub line: Rgb,
    /// Text.
    pub text: Rgb,
    /// Quiet text; contrast ≥ 4.5 : 1 on `panel`.
    pub quiet: Rgb,
    /// The one accent.
    pub accent: Rgb,
    /// Land on the map.
    pub land: Rgb,
}

/// Surfaces and text of a theme.
#[must_use]
pub fn theme(dark: bool) -> Theme {
    if dark {
        Theme {
            panel: [0x1b, 0x1e, 0x24],
            raised: [0x2a, 0x30, 0x3a],
            line: [0x2c, 0x32, 0x3b],
            text: [0xe6, 0xe8, 0xeb],
            quiet: [0x98, 0xa1, 0xac],
            accent: [0x3c, 0xc7, 0xa6],
            land: [0x2a, 0x30, 0x38],
        }
    } else {
        Theme {
            panel: [0xff, 0xff, 0xff],
            raised: [0xee, 0xf1, 0xf4],
            line: [0xdf, 0xe4, 0xe9],
            text: [0x1c, 0x21, 0x27],
            quiet: [0x60, 0x6a, 0x76],
            accent: [0x0f, 0x8f, 0x74],
            land: [0xe2, 0xe7, 0xec],
        }
    }
}

/// Behind panels and around pages.
#[must_use]
pub fn window(dark: bool) -> Rgb {
    if dark { [0x14, 0x16, 0x1a] } else { [0xee, 0xf1, 0xf4] }
}

/// The things of a plan in its own order: what fixes their colours.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Order {
    /// Ids of chips.
    pub chips: Vec<String>,
    /// Ids and kinds of contracts.
    pub contracts: Vec<(String, &'static Kind)>,
    /// Ids of products.
    pub products: Vec<String>,
    /// Ids of markets.
    pub markets: Vec<String>,
    /// Ids of actors.
    pub actors: Vec<String>,
    /// Ids of sites.
    pub sites: Vec<String>,
    /// `site/hall`.
    pub halls: Vec<String>,
}

impl Order {
    /// The order of an answer.
    #[must_use]
    pub fn of(results: &Results) -> Self {
        Self {
            chips: results.chips.iter().map(|chip| chip.id.clone()).collect(),
            contracts: results.contracts.iter().map(|contract| (contract.id.clone(), contract.kind)).collect(),
            products: {
                // Cascades of products stand beside them.
                let ways = results.routing.iter().flat_map(|task| &task.ways).filter(|way| way.products.len() > 1);
                let mut ids: Vec<String> = results.products.iter().map(|product| product.id.clone()).collect();
                for way in ways {
                    if !ids.contains(&way.name) {
                        ids.push(way.name.clone());
                    }
                }
                ids
            },
            markets: results.markets.iter().map(|market| market.id.clone()).collect(),
            actors: results.trade.actors.iter().map(|actor| actor.id.clone()).collect(),
            sites: results.sites.iter().map(|site| site.id.clone()).collect(),
            halls: results
                .halls
                .iter()
                .map(|hall| format!("{}/{}", results.sites.get(hall.site).map_or("", |site| site.id.as_str()), hall.id))
                .collect(),
        }
    }
}

/// Two colours mixed; `share` of the second.
#[must_use]
pub fn mixed(first: Rgb, second: Rgb, share: f64) -> Rgb {
    let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
    let mix = |a: u8, b: u8| (f64::from(a) * (1.0 - share) + f64::from(b) * share).round() as u8;
    let ([a, b, c], [d, e, f]) = (first, second);
    [mix(a, d), mix(b, e), mix(c, f)]
}

/// The colour that black or white text is readable on: white text if true.
#[must_use]
pub fn is_deep([red, green, blue]: Rgb) -> bool {
    0.299 * f64::from(red) + 0.587 * f64::from(green) + 0.114 * f64::from(blue) < 140.0
}

/// The `index`th of a family of hues; after the last they come again, paler then deeper.
fn nth(hues: &[Rgb], index: usize, dark: bool) -> Rgb {
    let Some(count) = std::num::NonZeroUsize::new(hues.len()) else { return [0x80; 3] };
    let hue = hues.get(index % count).copied().unwrap_or([0x80; 3]);
    match (index / count) % 3 {
        0 => hue,
        1 => mixed(hue, if dark { [0; 3] } else { [0xff; 3] }, 0.42),
        _ => mixed(hue, if dark { [0xff; 3] } else { [0; 3] }, 0.35),
    }
}

/// Position of an id; unknown ids come after all known ones.
fn place(ids: &[String], id: &str) -> usize {
    ids.iter().position(|other| other == id).unwrap_or(ids.len())
}

/// Colour of a contract: sources of one kind share a family of hues, so that the grid is grey,
/// firm blocks purple, wind blue, sun yellow, engines orange and batteries green in every plan.
fn contract_color(id: &str, order: &Order, hues: &Hues, dark: bool) -> Rgb {
    let Some((_, kind)) = order.contracts.iter().find(|(other, _)| other == id) else { return hues.grey };
    // Names rarely lie about the sun: it decides which of blue and yellow comes first.
    let sunny = |id: &str| {
        let id = id.to_lowercase();
        ["solar", "sun", "pv"].iter().any(|word| id.contains(word))
    };
    let hue_of = |id: &str, kind: &Kind| {
        if kind.weather && sunny(id) {
            return hues.yellow;
        }
        match kind.hue {
            Hue::Grey => hues.grey,
            Hue::Blue => hues.blue,
            Hue::Purple => hues.purple,
            Hue::Orange => hues.orange,
            Hue::Green => hues.green,
        }
    };
    let own = hue_of(id, kind);
    let rank = order.contracts.iter().take_while(|(other, _)| other != id).filter(|(other, kind)| hue_of(other, kind) == own).count();
    nth(&[own], rank, dark)
}

/// Colour of a part of cost.
fn cost_color(label: &str, hues: &Hues, dark: bool) -> Rgb {
    match CostPart::ALL.into_iter().find(|part| part.label() == label) {
        Some(CostPart::Chips) => hues.blue,
        Some(CostPart::Halls) => hues.yellow,
        Some(CostPart::Plant) => hues.green,
        Some(CostPart::Power) => hues.orange,
        Some(CostPart::Maintenance) => hues.grey,
        Some(CostPart::Rent) => hues.purple,
        Some(CostPart::Purchases) => nth(&[hues.blue], 1, dark),
        Some(CostPart::Egress) => nth(&[hues.purple], 1, dark),
        Some(CostPart::TokenDuty) => hues.vermilion,
        Some(CostPart::Carbon) | None => nth(&[hues.grey], 1, dark),
    }
}

/// The colour of a key, in the dark or the light theme.
#[must_use]
pub fn color_of(key: &ColorKey, dark: bool, order: &Order) -> Rgb {
    let hues = if dark { DARK } else { LIGHT };
    let theme = theme(dark);
    match key {
        ColorKey::Chip(id) => {
            nth(&[hues.blue, hues.orange, hues.green, hues.purple, hues.vermilion, hues.yellow, hues.grey], place(&order.chips, id), dark)
        }
        ColorKey::ChipShade(id, shade) => nth(&[color_of(&ColorKey::Chip(id.clone()), dark, order)], *shade, dark),
        ColorKey::Product(id) => nth(
            &[hues.green, hues.blue, hues.orange, hues.purple, hues.yellow, hues.vermilion, hues.grey],
            place(&order.products, id),
            dark,
        ),
        ColorKey::Market(id) => {
            nth(&[hues.blue, hues.orange, hues.purple, hues.green, hues.yellow, hues.vermilion, hues.grey], place(&order.markets, id), dark)
        }
        ColorKey::Actor(id) => {
            nth(&[hues.blue, hues.vermilion, hues.green, hues.orange, hues.purple, hues.yellow, hues.grey], place(&order.actors, id), dark)
        }
        ColorKey::Site(id) => {
            nth(&[hues.purple, hues.green, hues.orange, hues.blue, hues.yellow, hues.vermilion, hues.grey], place(&order.sites, id), dark)
        }
        ColorKey::Hall(id) => {
            nth(&[hues.grey, hues.blue, hues.orange, hues.purple, hues.green, hues.yellow, hues.vermilion], place(&order.halls, id), dark)
        }
        ColorKey::Contract(id) => contract_color(id, order, &hues, dark),
        ColorKey::Cost(label) => cost_color(label, &hues, dark),
        ColorKey::Family(family) => match group_of(family) {
            Group::Grid => hues.vermilion,
            Group::Chips => hues.blue,
            Group::Halls => hues.yellow,
            Group::Money => hues.orange,
            Group::Rules => hues.purple,
            Group::Demand => hues.green,
            Group::Contracts => nth(&[hues.vermilion], 1, dark),
            Group::Carbon => nth(&[hues.green], 1, dark),
            Group::Training | Group::Other => hues.grey,
        },
        ColorKey::Load => theme.text,
        ColorKey::Limit | ColorKey::Bad => hues.vermilion,
        ColorKey::Good => hues.green,
        ColorKey::Quiet => hues.grey,
    }
}

/// `#rrggbb`.
#[must_use]
pub fn hex([red, green, blue]: Rgb) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}
