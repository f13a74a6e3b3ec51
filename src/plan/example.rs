//! The plans that come with the program.

/// A bundled plan.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// Its name in `tokenworks new`, and its file's in `plans/`.
    pub name: &'static str,
    /// What it is, in a line.
    pub about: &'static str,
    /// Its text.
    pub text: &'static str,
}

/// All of them; the first one is shown on the first start.
pub const EXAMPLES: &[Example] = &[
    Example {
        name: "texas",
        about: "A Texas campus: GB200 and H100, grid tariff, solar and wind contracts, chat and batch",
        text: include_str!("../../plans/texas.ron"),
    },
    Example {
        name: "gansu",
        about: "A western-province campus in China: domestic chips, subsidised power, home and export markets",
        text: include_str!("../../plans/gansu.ron"),
    },
    Example {
        name: "deepseek-day",
        about: "DeepSeek's published day: rented H800, three list prices; cost and revenue as published",
        text: include_str!("../../plans/deepseek-day.ron"),
    },
];

/// The example of a name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Example> {
    EXAMPLES.iter().find(|example| example.name == name)
}
