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
pub const EXAMPLES: &[Example] = &[];

/// The example of a name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Example> {
    EXAMPLES.iter().find(|example| example.name == name)
}
