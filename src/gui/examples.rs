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
pub const EXAMPLES: &[Example] = &[Example { name: "Small campus", blurb: "One site, one chip, one market", text: include_str!("../../tests/plans/small.ron") }];
