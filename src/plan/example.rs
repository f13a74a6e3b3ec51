//! The plans that come with the program.

/// A bundled plan.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// Its name in `tokenworks new`, and its file's in `plans/`.
    pub name: &'static str,
    /// Its name on screen.
    pub title: &'static str,
    /// What it shows, in a line.
    pub about: &'static str,
    /// Its text.
    pub text: &'static str,
}

/// All of them; the first one is shown on the first start.
pub const EXAMPLES: &[Example] = &[
    Example {
        name: "texas",
        title: "Texas campus",
        about: "GB200 and H100 under a grid tariff with a solar and a wind PPA",
        text: include_str!("../../plans/texas.ron"),
    },
    Example {
        name: "gansu",
        title: "Gansu campus",
        about: "Domestic chips with a subsidised tariff, home and export markets",
        text: include_str!("../../plans/gansu.ron"),
    },
    Example {
        name: "two-countries",
        title: "Two countries",
        about: "The United States and China compete for markets at home and abroad; prices form, policies are moves",
        text: include_str!("../../plans/two-countries.ron"),
    },
    Example {
        name: "deepseek-day",
        title: "DeepSeek's published day",
        about: "Rented H800 chips at list prices: cost and revenue as published",
        text: include_str!("../../plans/deepseek-day.ron"),
    },
];

/// The example of a name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Example> {
    EXAMPLES.iter().find(|example| example.name == name)
}
