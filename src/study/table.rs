//! The studies: questions that take more than one solve, each named once. The command line's help, the
//! guide's table and the window's list of commands read [`STUDIES`].

/// A study.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name in `tokenworks study`.
    pub name: &'static str,
    /// What it answers, in words.
    pub question: &'static str,
    /// What it must be told.
    pub needs: &'static str,
    /// What it gives, and how that is drawn.
    pub gives: &'static str,
    /// Where it stands in the window: the panel's title.
    pub panel: &'static str,
}

/// Every study, in the order of lists.
pub const STUDIES: &[Entry] = &[
    Entry {
        name: "why-not",
        question: "Why is this not used, and what would make it pay?",
        needs: "a chip at a site, a kind of hall, a contract, or a product in a market",
        gives: "a sentence, and what one more unit would change, part by part",
        panel: "Explain",
    },
    Entry {
        name: "take",
        question: "What is the least more of one number that reaches a token target?",
        needs: "a number of the plan and a token target",
        gives: "a sentence with the least amount",
        panel: "Explain",
    },
    Entry {
        name: "sensitivity",
        question: "Which inputs' error would move the answer most?",
        needs: "nothing",
        gives: "a table: each input with its band, and the first goal at both ends",
        panel: "Report",
    },
    Entry {
        name: "passport",
        question: "Where do tokens come from, and what did they take?",
        needs: "a product, a market or a period; else all of them",
        gives: "facts of a product in a market: chips, energy, carbon, cost",
        panel: "Explain",
    },
    Entry {
        name: "calendar",
        question: "What must be ordered by when, and what does a missed date cost?",
        needs: "nothing",
        gives: "a list of dates; with `--cost`, what each is worth",
        panel: "Explain",
    },
];

/// The study of a name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Entry> {
    STUDIES.iter().find(|entry| entry.name == name)
}

/// The question of a study, for the help of its command; empty if there is no such study.
#[must_use]
pub fn question(name: &str) -> &'static str {
    find(name).map_or("", |entry| entry.question)
}
