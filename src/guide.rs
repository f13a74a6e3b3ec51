//! The guide for planners: pages of plain Markdown, compiled in, printed by `tokenworks guide`.

use crate::diagnostic::nearest_name;

/// A page of the guide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// What it is asked for by.
    pub name: &'static str,
    /// What it is about.
    pub about: &'static str,
    /// Its Markdown; the first line is its title.
    pub text: &'static str,
}

/// The pages, in the order in which a newcomer reads them.
pub const PAGES: &[Page] = &[
    Page { name: "concepts", about: "what a plan is made of, what an answer is", text: include_str!("../assets/guide/concepts.md") },
    Page { name: "first-plan", about: "a plan small enough to check by hand", text: include_str!("../assets/guide/first-plan.md") },
    Page { name: "reading", about: "key figures, what binds, grades", text: include_str!("../assets/guide/reading.md") },
    Page { name: "charts", about: "what each chart is read for", text: include_str!("../assets/guide/charts.md") },
    Page { name: "studies", about: "questions that take more than one solve", text: include_str!("../assets/guide/studies.md") },
    Page {
        name: "competition",
        about: "actors, prices that form, policies as moves",
        text: include_str!("../assets/guide/competition.md"),
    },
    Page { name: "routing", about: "tasks, and which model does which share", text: include_str!("../assets/guide/routing.md") },
    Page { name: "hedging", about: "what to sign before it is known what comes", text: include_str!("../assets/guide/hedging.md") },
    Page { name: "json", about: "the keys of an answer, for scripts", text: include_str!("../assets/guide/json.md") },
    Page { name: "glossary", about: "terms with their units", text: include_str!("../assets/guide/glossary.md") },
];

impl Page {
    /// Its first line, without the mark.
    #[must_use]
    pub fn title(&self) -> &'static str {
        self.text.lines().next().unwrap_or_default().trim_start_matches('#').trim()
    }
}

/// A page by its name.
///
/// # Errors
/// A sentence with the nearest name, if there is no such page.
pub fn page(name: &str) -> Result<&'static Page, String> {
    PAGES.iter().find(|page| page.name == name).ok_or_else(|| {
        nearest_name(name, PAGES.iter().map(|page| page.name)).map_or_else(
            || format!("The guide has no page `{name}`. `tokenworks guide` lists them."),
            |near| format!("The guide has no page `{name}`. Did you mean `{near}`?"),
        )
    })
}

/// A paragraph, row or heading of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passage {
    /// The page it stands on.
    pub page: &'static Page,
    /// Its text.
    pub text: &'static str,
}

/// The passages that hold every one of the words, in any case.
#[must_use]
pub fn search(words: &str) -> Vec<Passage> {
    let wanted: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
    if wanted.is_empty() {
        return Vec::new();
    }
    let holds = |text: &str| {
        let text = text.to_lowercase();
        wanted.iter().all(|word| text.contains(word.as_str()))
    };
    PAGES
        .iter()
        .flat_map(|page| passages(page.text).into_iter().map(move |text| Passage { page, text }))
        .filter(|passage| holds(passage.text))
        .collect()
}

/// Paragraphs whole, tables row by row, lists item by item.
fn passages(text: &str) -> Vec<&str> {
    let starts_anew = |line: &str| line.starts_with(['|', '#']) || line.starts_with("- ") || line.starts_with("```");
    let mut found = Vec::new();
    let mut start = 0;
    let mut at = 0;
    let mut code = false;
    for line in text.split_inclusive('\n') {
        let fence = line.starts_with("```");
        if (line.trim().is_empty() || starts_anew(line)) && (!code || fence) {
            found.push(&text[start..at]);
            start = at;
        }
        code ^= fence;
        at += line.len();
    }
    found.push(&text[start..]);
    found.into_iter().map(str::trim).filter(|passage| !passage.is_empty() && !passage.starts_with("|---")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_is_found_with_its_page() {
        let found = search("demand charge");
        assert!(found.iter().any(|passage| passage.page.name == "glossary" && passage.text.contains("$/kW and month")));
        assert!(search("").is_empty() && search("demand zebra").is_empty());
    }

    #[test]
    fn a_page_is_found_by_name_or_the_nearest_is_named() {
        assert_eq!(page("charts").map(Page::title), Ok("The charts"));
        assert!(page("chrats").is_err_and(|says| says.contains("`charts`")));
    }
}
