//! Diagnostics on a terminal: the sentence, the place in the text, the way out.

use std::fmt::Write as _;
use std::io::IsTerminal;

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteDiagnostic, NamedSource};

use super::output;
use crate::diagnostic::{Diagnostic, Severity};
use crate::plan::scan::visible;

/// More than these are counted, not shown: the first ones are mended first.
const MOST_SHOWN: usize = 100;

/// A line of text longer than this many bytes is not quoted.
const LONGEST_QUOTED_LINE: usize = 400;

/// Writes problems to stderr, the worst first, with the lines of `text` they stand in.
pub(super) fn show(problems: &[Diagnostic], file: &str, text: &str) {
    let stderr = std::io::stderr();
    let fancy = stderr.is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let theme = if fancy { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let width = if stderr.is_terminal() { 100 } else { 120 };
    let rendered = render(problems, file, text, GraphicalReportHandler::new_themed(theme).with_width(width));
    if !rendered.is_empty() {
        output::rendered(rendered.trim_end_matches('\n'));
    }
}

/// The problems as text.
fn render(problems: &[Diagnostic], file: &str, text: &str, handler: GraphicalReportHandler) -> String {
    let mut sorted: Vec<_> = problems.iter().collect();
    sorted.sort_by_key(|problem| (std::cmp::Reverse(problem.severity), problem.span.map_or(usize::MAX, |span| span.start)));
    let handler = handler.with_links(false).without_cause_chain();
    // Of as many bytes, so that the places stay right.
    let (file, text) = (&*visible(file), &*visible(text));
    let mut out = String::new();
    for problem in sorted.iter().take(MOST_SHOWN) {
        let quotable = problem.span.filter(|span| lines_are_short(text, span.start));
        let (path, message) = (visible(&problem.path), visible(&problem.message));
        let mut shown = MietteDiagnostic::new(match (path.is_empty(), quotable) {
            (true, _) | (_, Some(_)) => message.clone().into_owned(),
            (false, None) => format!("{path}: {message}"),
        })
        .with_code(problem.code)
        .with_severity(match problem.severity {
            Severity::Note => miette::Severity::Advice,
            Severity::Warning => miette::Severity::Warning,
            Severity::Error => miette::Severity::Error,
        });
        if let Some(help) = &problem.help {
            shown = shown.with_help(visible(help));
        }
        let report = if let Some(span) = quotable {
            // Only the first line is marked: a record may span hundreds.
            let length = text.get(span.start..span.end).and_then(|part| part.lines().next()).map_or(0, str::len);
            let label = if path.is_empty() { "here".to_owned() } else { path.into_owned() };
            miette::Report::new(shown.with_label(LabeledSpan::new(Some(label), span.start, length)))
                .with_source_code(NamedSource::new(file, text.to_owned()))
        } else {
            if let Some(span) = problem.span {
                let _ = writeln!(out, "{file}:{}:{}", span.line, span.column);
            }
            miette::Report::new(shown)
        };
        if handler.render_report(&mut out, report.as_ref()).is_err() {
            // Writing into a String fails only if the handler does: the sentence is what counts.
            let _ = writeln!(out, "{message}");
        }
        out.push('\n');
    }
    if sorted.len() > MOST_SHOWN {
        let _ = writeln!(out, "… and {} more.", sorted.len() - MOST_SHOWN);
    }
    out
}

/// Whether the line around a byte and its neighbours are short enough to be quoted.
fn lines_are_short(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default().rsplit('\n').take(2);
    let after = text.get(at..).unwrap_or_default().split('\n').take(2);
    before.chain(after).all(|line| line.len() <= LONGEST_QUOTED_LINE)
}

/// `2 errors and 1 warning`, or `no problems`.
pub(super) fn count(problems: &[Diagnostic]) -> String {
    let of = |severity| problems.iter().filter(|problem| problem.severity == severity).count();
    let parts: Vec<String> = [(of(Severity::Error), "error"), (of(Severity::Warning), "warning"), (of(Severity::Note), "note")]
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, noun)| format!("{number} {noun}{}", if number == 1 { "" } else { "s" }))
        .collect();
    if parts.is_empty() { "no problems".to_owned() } else { parts.join(" and ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Span;

    fn plain() -> GraphicalReportHandler {
        GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor()).with_width(100)
    }

    #[test]
    fn a_problem_shows_its_line_its_path_and_a_way_out() {
        let text = "(\n    schema: 1,\n    naem: \"x\",\n)\n";
        let at = text.find("naem").unwrap();
        let mut problem = Diagnostic::error("unknown-field", "naem", "There is no field `naem` here.").help("Did you mean `name`?");
        problem.span = Some(Span::new(text, at, at + 4));
        let shown = render(&[problem], "plan.ron", text, plain());
        for part in ["unknown-field", "There is no field `naem` here.", "plan.ron:3:5", "Did you mean `name`?"] {
            assert!(shown.contains(part), "{part} missing in:\n{shown}");
        }
    }

    #[test]
    fn a_plan_in_one_long_line_is_not_quoted() {
        let text = format!("({})", "x".repeat(10_000));
        let mut problem = Diagnostic::error("syntax", "", "This can't be read.");
        problem.span = Some(Span::new(&text, 5000, 5001));
        let shown = render(&[problem], "plan.ron", &text, plain());
        assert!(shown.contains("plan.ron:1:5001") && shown.len() < 500, "{shown}");
    }

    #[test]
    fn nothing_of_others_reaches_the_terminal_as_an_order() {
        let text = "(\n    schema: 1, // \u{1b}]0;title\u{7}\n    name: \"\u{202e}x\u{9b}1m\",\n)\n";
        let at = text.find("name").unwrap();
        let mut problem = Diagnostic::error("unknown-field", "na\u{1b}me", "No \u{1b}[31mfield\u{1b}[0m.").help("Write \u{8}\u{8}`name`.");
        problem.span = Some(Span::new(text, at, at + 4));
        let unplaced = Diagnostic { span: None, ..problem.clone() };
        let shown = render(&[problem, unplaced], "plan\u{1b}[2J.ron", text, plain());
        assert_eq!(shown.chars().find(|c| crate::plan::scan::is_hidden(*c)), None, "{shown:?}");
        assert!(shown.contains("plan?[2J.ron:3:5"), "{shown}");
    }

    #[test]
    fn problems_are_counted_in_words() {
        let error = || Diagnostic::error("a", "", "A.");
        assert_eq!(count(&[error(), Diagnostic::warning("b", "", "B."), error()]), "2 errors and 1 warning");
        assert_eq!(count(&[]), "no problems");
    }
}
