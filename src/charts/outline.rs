//! The outline of the world's land, for maps.

use std::sync::OnceLock;

/// Rings of the world's land as (longitude, latitude) in degrees, not closed, cut at ±180°;
/// fill by the even-odd rule (a sea inside land is a ring of its own). Natural Earth 1:110m.
#[must_use]
pub fn outline() -> &'static [Vec<(f32, f32)>] {
    static OUTLINE: OnceLock<Vec<Vec<(f32, f32)>>> = OnceLock::new();
    OUTLINE.get_or_init(|| parsed(include_str!("../../assets/map/land-110m.csv"), 3))
}

/// Borders between countries as lines of (longitude, latitude) in degrees, of the scale of the land. Natural Earth 1:110m.
#[must_use]
pub fn borders() -> &'static [Vec<(f32, f32)>] {
    static BORDERS: OnceLock<Vec<Vec<(f32, f32)>>> = OnceLock::new();
    BORDERS.get_or_init(|| parsed(include_str!("../../assets/map/borders-110m.csv"), 2))
}

/// One ring a line, `longitude,latitude` pairs separated by spaces; what can't be read is left out.
fn parsed(text: &str, least: usize) -> Vec<Vec<(f32, f32)>> {
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            line.split_whitespace()
                .filter_map(|pair| {
                    let (longitude, latitude) = pair.split_once(',')?;
                    Some((longitude.parse().ok()?, latitude.parse().ok()?))
                })
                .collect()
        })
        .filter(|ring: &Vec<(f32, f32)>| ring.len() >= least)
        .collect()
}
