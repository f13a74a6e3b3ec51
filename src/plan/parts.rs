//! The parts of one bracketed group: fields, entries, items.

use std::ops::Range;

use super::scan::{Fault, Scanner, Token};

/// What a group holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `(name: value, …)`
    Fields,
    /// `{"id": value, …}`
    Entries,
    /// `[value, …]`, also for `(value)`
    Items,
}

/// One part of a group; places in bytes of the group's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Place of the key; empty in lists.
    pub key: Range<usize>,
    /// Place of the value.
    pub value: Range<usize>,
}

/// The value of the first field of a name in a `(…)` group, without reading on after it.
#[must_use]
pub fn first_field<'a>(group: &'a str, name: &str) -> Option<&'a str> {
    let end = group.len().saturating_sub(1);
    let mut scanner = Scanner::new(group.get(..end)?);
    scanner.at = 1.min(end);
    let mut faults = Vec::new();
    loop {
        match part(&mut scanner, Style::Fields, &mut faults) {
            Ok(Step::Part(part)) if group.get(part.key.clone()) == Some(name) => return group.get(part.value),
            Ok(Step::Part(_) | Step::Skipped) => {}
            Ok(Step::End) | Err(_) => return None,
        }
    }
}

/// The parts of a bracketed group, as far as they can be read, and every slip between them.
#[must_use]
pub fn parts(group: &str, style: Style) -> (Vec<Part>, Vec<Fault>) {
    let mut parts = Vec::new();
    let mut faults = Vec::new();
    let end = group.len().saturating_sub(1);
    let mut scanner = Scanner::new(group.get(..end).unwrap_or_default());
    scanner.at = 1.min(end);
    loop {
        match part(&mut scanner, style, &mut faults) {
            Ok(Step::Part(part)) => parts.push(part),
            Ok(Step::Skipped) => {}
            Ok(Step::End) => return (parts, faults),
            Err(fault) => {
                faults.push(fault);
                return (parts, faults);
            }
        }
    }
}

enum Step {
    Part(Part),
    Skipped,
    End,
}

fn part(scanner: &mut Scanner<'_>, style: Style, faults: &mut Vec<Fault>) -> Result<Step, Fault> {
    scanner.skip_blank()?;
    let mut key = scanner.at..scanner.at;
    if style != Style::Items {
        let Some((token, place)) = scanner.next()? else {
            return Ok(Step::End);
        };
        if !matches!(token, Token::Word | Token::Text) {
            let what = if style == Style::Fields { "name: value" } else { "\"id\": value" };
            faults.push(Fault::new(place, format!("Expected `{what}` here.")));
            if token != Token::Comma {
                scanner.at -= 1;
                scanner.skip_entry()?;
            }
            return Ok(Step::Skipped);
        }
        key = place;
        let name = scanner.text.get(key.clone()).unwrap_or_default();
        match (style, token) {
            (Style::Fields, Token::Text) => faults.push(Fault::new(key.clone(), format!("The name {name} stands without quotes here."))),
            (Style::Entries, Token::Word) => {
                faults.push(
                    Fault::new(key.clone(), format!("The id `{name}` must stand in double quotes.")).help(format!("Write \"{name}\".")),
                );
            }
            _ => {}
        }
        let before = *scanner;
        if !matches!(scanner.next()?, Some((Token::Colon, _))) {
            *scanner = before;
            faults.push(Fault::new(key.clone(), format!("{name} has no value.")).help(format!("Write `{name}: …`.")));
            scanner.skip_entry()?;
            return Ok(Step::Skipped);
        }
    }
    let Some(value) = scanner.value()? else {
        let Some((_, place)) = scanner.next()? else {
            if style != Style::Items {
                faults.push(Fault::new(key, "The value is missing."));
            }
            return Ok(Step::End);
        };
        faults.push(Fault::new(place.clone(), "A value is missing here."));
        scanner.at = place.start;
        scanner.skip_entry()?;
        return Ok(Step::Skipped);
    };
    let before = *scanner;
    match scanner.next()? {
        None | Some((Token::Comma, _)) => {}
        Some((Token::Colon, place)) => {
            faults.push(Fault::new(place, "This `:` is not expected here."));
            scanner.skip_entry()?;
        }
        // Read on as if it were there: what follows has its own faults to show.
        Some((_, place)) => {
            *scanner = before;
            faults.push(Fault::new(place, "A comma is missing before this.").help("Separate values with `,`."));
        }
    }
    Ok(Step::Part(Part { key, value }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(group: &str, style: Style) -> Vec<(String, String)> {
        let (parts, faults) = parts(group, style);
        assert_eq!(faults, [], "{group}");
        parts.into_iter().map(|part| (group[part.key].to_owned(), group[part.value].to_owned())).collect()
    }

    fn pair(key: &str, value: &str) -> (String, String) {
        (key.to_owned(), value.to_owned())
    }

    #[test]
    fn groups_come_apart_with_comments_and_trailing_commas() {
        assert_eq!(
            texts("( a: 1, // one, two (\n b /* : */ : Foo (c: [1, 2], ), )", Style::Fields),
            [pair("a", "1"), pair("b", "Foo (c: [1, 2], )")]
        );
        assert_eq!(
            texts(r##"{"a)": r#"x", "#, "b": 'x', "c": '"'}"##, Style::Entries),
            [pair("\"a)\"", r##"r#"x", "#"##), pair("\"b\"", "'x'"), pair("\"c\"", "'\"'")]
        );
        assert_eq!(texts("[1, -2.5, /* 3, */ (4)]", Style::Items).len(), 3);
        assert_eq!(texts("()", Style::Fields), []);
        assert_eq!(texts("[ // nothing\n ]", Style::Items), []);
    }

    #[test]
    fn a_slip_does_not_hide_what_follows() {
        let (parts, faults) = parts("(a: 1 b: 2, c 3, , d:, e: 5)", Style::Fields);
        assert_eq!(parts.len(), 3, "{parts:?}");
        assert_eq!(faults.len(), 4, "{faults:?}");
    }
}
