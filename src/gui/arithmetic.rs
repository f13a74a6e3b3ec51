//! What may be typed into a number field: `2*36`, `1.5 GW`, `12k`, `35%`, `1,200`.

/// Longest text that is read: nobody types more into a number field, and a pasted book is no number.
const MAX_CHARS: usize = 200;

/// Deepest brackets and longest row of signs before a number.
const MAX_DEPTH: usize = 32;

/// A size of a unit: what it measures, and how many of the base it is.
type Size = (&'static str, f64);

/// Reads a typed number for a field in `unit` (as [`unit_of`](crate::words::unit_of) names it). Fractions are typed in percent.
///
/// # Errors
/// A sentence that says what can't be read.
pub fn evaluate(text: &str, unit: &str, percent: bool) -> Result<f64, String> {
    if text.chars().nth(MAX_CHARS).is_some() {
        return Err(format!("A number has at most {MAX_CHARS} characters here."));
    }
    let mut reader = Reader { rest: text.trim(), unit, percent, had_percent: false, depth: 0 };
    if reader.rest.is_empty() {
        return Err("Type a number.".into());
    }
    let value = reader.sum()?;
    if !reader.rest.is_empty() {
        return Err(format!("`{}` can't be read as a number.", reader.rest));
    }
    if !value.is_finite() {
        return Err("The result is not a finite number.".into());
    }
    // A fraction is shown, and so typed, in percent.
    Ok(if percent && !reader.had_percent { value / 100.0 } else { value })
}

struct Reader<'t> {
    rest: &'t str,
    unit: &'t str,
    percent: bool,
    had_percent: bool,
    /// Open brackets and signs around what is being read.
    depth: usize,
}

impl Reader<'_> {
    fn take(&mut self, wanted: &[char]) -> Option<char> {
        let first = self.rest.chars().next().filter(|c| wanted.contains(c))?;
        self.rest = self.rest.get(first.len_utf8()..).unwrap_or_default().trim_start();
        Some(first)
    }

    fn sum(&mut self) -> Result<f64, String> {
        let mut value = self.product()?;
        while let Some(sign) = self.take(&['+', '-', '−']) {
            let right = self.product()?;
            value = if sign == '+' { value + right } else { value - right };
        }
        Ok(value)
    }

    fn product(&mut self) -> Result<f64, String> {
        let mut value = self.signed()?;
        while let Some(sign) = self.take(&['*', '×', '/', '÷']) {
            let right = self.signed()?;
            value = if matches!(sign, '*' | '×') { value * right } else { value / right };
        }
        Ok(value)
    }

    fn deeper(&mut self) -> Result<(), String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH { Err("There are too many brackets or signs here.".into()) } else { Ok(()) }
    }

    fn signed(&mut self) -> Result<f64, String> {
        let mut sign = 1.0;
        let mut signs = 0;
        while let Some(read) = self.take(&['+', '-', '−']) {
            signs += 1;
            if signs > MAX_DEPTH {
                return Err("There are too many brackets or signs here.".into());
            }
            sign = if read == '+' { sign } else { -sign };
        }
        Ok(sign * self.atom()?)
    }

    fn atom(&mut self) -> Result<f64, String> {
        let value = if self.take(&['(']).is_some() {
            self.deeper()?;
            let value = self.sum()?;
            self.depth -= 1;
            if self.take(&[')']).is_none() {
                return Err("A closing `)` is missing.".into());
            }
            value
        } else {
            self.number()?
        };
        self.suffix(value)
    }

    fn number(&mut self) -> Result<f64, String> {
        let chars: Vec<char> = self.rest.chars().collect();
        let digit = |at: usize| chars.get(at).is_some_and(char::is_ascii_digit);
        let mut text = String::new();
        let mut at = 0;
        while let Some(&c) = chars.get(at) {
            let group = digit(at + 1) && digit(at + 2) && digit(at + 3) && !digit(at + 4);
            match c {
                '0'..='9' => text.push(c),
                '.' => text.push('.'),
                // Thousands separators stand before exactly three digits; else a comma is a decimal point.
                ',' | '\u{a0}' | '\u{202f}' | ' ' | '_' | '\'' if group && !text.contains('.') => {}
                ',' if !text.contains('.') => text.push('.'),
                'e' | 'E' if digit(at + 1) || (matches!(chars.get(at + 1), Some('-' | '+')) && digit(at + 2)) => {
                    text.push('e');
                    if !digit(at + 1) {
                        at += 1;
                        text.extend(chars.get(at));
                    }
                }
                _ => break,
            }
            at += 1;
        }
        let length: usize = chars.iter().take(at).map(|c| c.len_utf8()).sum();
        let value = text.parse::<f64>().map_err(|_| format!("`{}` can't be read as a number.", self.rest))?;
        self.rest = self.rest.get(length..).unwrap_or_default().trim_start();
        Ok(value)
    }

    /// A unit, a magnitude or a percent sign behind a number.
    fn suffix(&mut self, value: f64) -> Result<f64, String> {
        if self.take(&['%']).is_some() {
            self.had_percent = true;
            return Ok(value / 100.0);
        }
        let end = self.rest.find(|c: char| !(c.is_alphabetic() || c == '$' || c == 'µ')).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        if word.is_empty() {
            return Ok(value);
        }
        // `$/MWh` and `$ per MWh` are dollars by something.
        let (own, tail) = self.unit.split_at(self.unit.find([' ', '/']).unwrap_or(self.unit.len()));
        let factor = if own == word {
            Some(1.0)
        } else if let (Some((kind, size)), Some((own_kind, own_size))) = (size_of(word), size_of(own)) {
            (kind == own_kind).then(|| size / own_size)
        } else {
            match word {
                "k" | "K" => Some(1e3),
                "M" | "m" => Some(1e6),
                "G" | "B" | "bn" => Some(1e9),
                "T" => Some(1e12),
                "P" => Some(1e15),
                _ => None,
            }
        };
        let Some(factor) = factor else {
            let own = if self.unit.is_empty() || self.percent { "a plain number".to_owned() } else { self.unit.to_owned() };
            return Err(format!("`{word}` doesn't fit here: this field is in {own}."));
        };
        self.rest = rest.trim_start();
        // The rest of the field's own unit may stand behind, said with `/` or with `per`.
        let tail = tail.trim_start();
        let by = tail.strip_prefix('/').or_else(|| tail.strip_prefix("per ")).unwrap_or(tail);
        for said in [tail.to_owned(), format!("/{by}"), format!("per {by}")] {
            if !tail.is_empty()
                && let Some(rest) = self.rest.strip_prefix(said.as_str())
            {
                self.rest = rest.trim_start();
                break;
            }
        }
        Ok(value * factor)
    }
}

fn size_of(unit: &str) -> Option<Size> {
    Some(match unit {
        "W" => ("power", 1e-6),
        "kW" => ("power", 1e-3),
        "MW" => ("power", 1.0),
        "GW" => ("power", 1e3),
        "TW" => ("power", 1e6),
        "kWh" => ("energy", 1e-3),
        "MWh" => ("energy", 1.0),
        "GWh" => ("energy", 1e3),
        "TWh" => ("energy", 1e6),
        "$" => ("money", 1.0),
        "k$" => ("money", 1e3),
        "M$" => ("money", 1e6),
        "B$" | "bn$" => ("money", 1e9),
        "ms" => ("time", 1e-3),
        "s" => ("time", 1.0),
        "h" | "hours" => ("hours", 1.0),
        "days" => ("hours", 24.0),
        "months" | "month" => ("months", 1.0),
        "years" | "year" | "a" => ("months", 12.0),
        "tok" | "tokens" => ("tokens", 1.0),
        "ktok" => ("tokens", 1e3),
        "Mtok" => ("tokens", 1e6),
        "Gtok" => ("tokens", 1e9),
        "Ttok" => ("tokens", 1e12),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_planners_type() {
        let cases = [
            ("2*36", "MW", 72.0),
            ("1.5 GW", "MW", 1500.0),
            ("1.5GW + 50", "MW", 1550.0),
            ("12k", "", 12_000.0),
            ("1,200", "MW", 1200.0),
            ("1 200 000", "$", 1_200_000.0),
            ("3,5", "MW", 3.5),
            ("(1+2)*-3", "", -9.0),
            ("1e6", "$", 1e6),
            ("2 years", "months", 24.0),
            ("0.9 B$", "M$ per period", 900.0),
            ("42 $ per MWh", "$ per MWh", 42.0),
            ("42 $ per MWh", "$/MWh", 42.0),
            ("42 $/MWh", "$/MWh", 42.0),
            ("0.05 k$/MWh", "$/MWh", 50.0),
            ("0.9 B$", "M$/period", 900.0),
            ("2 Ttok/day", "Gtok/day", 2000.0),
            ("3 Ttok", "Gtok per day", 3000.0),
            ("10/4", "", 2.5),
        ];
        for (text, unit, value) in cases {
            let found = evaluate(text, unit, false).unwrap_or_else(|problem| panic!("{text}: {problem}"));
            assert!((found - value).abs() < 1e-9 * value.abs().max(1.0), "{text} is {found}");
        }
        assert!((evaluate("35%", "", true).unwrap() - 0.35).abs() < 1e-12);
        assert!((evaluate("35", "", true).unwrap() - 0.35).abs() < 1e-12);
        assert!((evaluate("35%", "", false).unwrap() - 0.35).abs() < 1e-12);
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        for text in ["", "abc", "1 +", "(2", "5 GW x", "1/0", "--", "5 $", "1..2"] {
            assert!(evaluate(text, "MW", false).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_book_of_brackets_or_signs_is_refused() {
        for part in ["(", "-", "(-", "1+(", "9"] {
            assert!(evaluate(&part.repeat(50_000), "MW", false).is_err(), "{part}");
            assert!(evaluate(&part.repeat(90 / part.len()), "MW", false).is_err() || part == "9", "{part}");
        }
        assert_eq!(evaluate("--(-(2))", "", false), Ok(-2.0));
    }
}
