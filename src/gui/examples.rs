//! Plans that come with the program.

/// A plan to start from.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// Its name.
    pub name: &'static str,
    /// What it shows.
    pub blurb: &'static str,
    /// Its text.
    pub text: &'static str,
}

/// The examples, the one for the first start first.
pub const EXAMPLES: &[Example] = &[
    Example {
        name: "Texas campus",
        blurb: "GB200 and H100 under a grid tariff with a solar and a wind PPA",
        text: include_str!("../../plans/texas.ron"),
    },
    Example { name: "Gansu campus", blurb: "Domestic chips with a subsidised tariff, home and export markets", text: include_str!("../../plans/gansu.ron") },
    Example { name: "DeepSeek's published day", blurb: "Rented H800 chips at list prices: cost and revenue as published", text: include_str!("../../plans/deepseek-day.ron") },
];
