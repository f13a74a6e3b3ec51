//! The studies: questions that take more than one solve, each named once. The command line's help, the
//! guide's table and the window's list of commands read [`STUDIES`].

/// A study.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name in `tokenworks study`; of those that a plan states (`tokenworks study run`) its kind.
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

impl Entry {
    /// The command that runs it.
    #[must_use]
    pub fn command(&self) -> String {
        if self.panel == "Studies" { "tokenworks study run PLAN STUDY".to_owned() } else { format!("tokenworks study {} PLAN", self.name) }
    }
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
    Entry {
        name: "earlier",
        question: "What is power at an earlier date worth?",
        needs: "nothing; some power of the grid comes within the horizon",
        gives: "a sentence for each date of a connection, a period earlier, and as non-firm power until then",
        panel: "Explain",
    },
    Entry {
        name: "stress",
        question: "What do lower prices, idle chips and delay do to lenders and owners?",
        needs: "nothing; the plan states `finance`",
        gives: "a table: cover and returns of each case, with what is ordered as it is, and with everything decided anew",
        panel: "Money",
    },
    Entry {
        name: "grid",
        question: "What happens as these inputs change?",
        needs: "stated in the plan: one to four axes of paths, with values, even steps or factors; what stands on one axis moves together",
        gives: "every point with its figures and builds; lines, a map of heights and maps of what wins where",
        panel: "Studies",
    },
    Entry {
        name: "tornado",
        question: "Which inputs decide?",
        needs: "stated in the plan: inputs with a low and a high number, or nothing: then the grade of each number says how far it goes",
        gives: "bars about the plan's own answer, the longest first",
        panel: "Studies",
    },
    Entry {
        name: "frontier",
        question: "What does one goal cost of another?",
        needs: "stated in the plan: two of tokens, NPV, cost, cost per token, carbon, capex, peak load, water, exports, domestic share",
        gives: "a curve with its break points and its knee",
        panel: "Studies",
    },
    Entry {
        name: "alternatives",
        question: "What must every good plan build, and what may it?",
        needs: "stated in the plan: the share of each goal that may be given up, and what is looked at",
        gives: "a bar from the least to the most of each thing: must, may, never",
        panel: "Studies",
    },
    Entry {
        name: "ranked",
        question: "Which is the best plan with and without each of these?",
        needs: "stated in the plan: sites, chips and contracts that may be left out",
        gives: "a table of all combinations, the best first",
        panel: "Studies",
    },
    Entry {
        name: "sample",
        question: "How sure is it?",
        needs: "stated in the plan: what is uncertain and how it is distributed, what goes together, how many futures, a seed",
        gives: "percentiles, twice: the best plan of each future, and this plan's orders in each; histogram, exceedance, fan, what explains it",
        panel: "Studies",
    },
    Entry {
        name: "hedge",
        question: "Which orders do I sign now that I shall not regret?",
        needs: "stated in the plan: a date, futures with probabilities (scenarios, lists of them, a tree, a sample), mean, worst futures or regret",
        gives: "what to sign now, what each future gives hedged and if it were known, what knowing first, hedging and waiting are worth",
        panel: "Studies",
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
