//! A proof as text: a head, then sections of numbers, each closed by its own digest.
//!
//! ```text
//! tokenworks-proof 1
//! plan 4c1f…            SHA-256 of the plan's canonical text
//! series e3b0…          SHA-256 of its series
//! program 9a77…         SHA-256 of the program
//! scenario "late grid"
//! solver "HiGHS 1.15"
//! size 7748 6120        columns, rows
//! goal "tokens" 38113.2 value of the goal
//! held 38075.1 -0.06    an earlier goal's value, its price (in a later goal)
//! least 0.0             price of a least value
//! prices 2              one number a row: gap to the row before, price
//! 1 0.25
//! 14 -3.5
//! point 1               gap to the column before, value
//! 3 12.0
//! ends 77b0…            SHA-256 of all above
//! ```
//!
//! A proof of several programs has, in place of goals and point, `per-token` with its three numbers or `whole halls and
//! racks`, and then each part as `part`, the number of its lines, and these.
//! Each section of numbers ends with `sum` and the first 16 digits of its own SHA-256. Numbers are
//! written so that reading gives back every bit. Reading takes memory in proportion to the text.

use sha2::{Digest as _, Sha256};

use super::digest::hex;
use super::{FORMAT, HEAD, Parts, PerToken, PhaseProof, Proof, ProofError, Whole};

/// Digits of a section's digest.
const SUM: usize = 16;
/// Longest name.
const LONGEST: usize = 1_000;

/// Writes a proof.
#[must_use]
pub fn to_text(proof: &Proof) -> String {
    let mut text = format!("{HEAD} {FORMAT}\nplan {}\nseries {}\nprogram {}\n", proof.plan, proof.series, proof.program);
    text.push_str(&format!("scenario {:?}\nsolver {:?}\nsize {} {}\n", proof.scenario, proof.solver, proof.columns, proof.rows));
    if let Some(parts) = &proof.parts {
        let parts = match parts {
            Parts::PerToken(of) => {
                text.push_str(&format!("per-token {:?} {:?} {:?}\n", of.best, of.value, of.held));
                [Some(&of.floor), Some(&of.linear), of.later.as_ref()]
            }
            Parts::Whole(of) => {
                text.push_str("whole halls and racks\n");
                [Some(&of.relaxed), Some(&of.fixed), None]
            }
        };
        for part in parts.into_iter().flatten().map(to_text) {
            text.push_str(&format!("part {}\n{part}", part.lines().count()));
        }
        return closed(text);
    }
    for phase in &proof.phases {
        text.push_str(&format!("goal {:?} {:?}\n", phase.name, phase.value));
        for (bound, price) in &phase.held {
            text.push_str(&format!("held {bound:?} {price:?}\n"));
        }
        for price in &phase.least {
            text.push_str(&format!("least {price:?}\n"));
        }
        section(&mut text, "prices", &phase.prices);
    }
    section(&mut text, "point", &proof.point);
    closed(text)
}

/// With the digest of all of it behind it.
fn closed(mut text: String) -> String {
    let all = hex(Sha256::digest(text.as_bytes()));
    text.push_str(&format!("ends {all}\n"));
    text
}

fn section(text: &mut String, name: &str, values: &[(u32, f64)]) {
    text.push_str(&format!("{name} {}\n", values.len()));
    let from = text.len();
    let mut next = 0;
    for (place, value) in values {
        text.push_str(&format!("{} {value:?}\n", place - next));
        next = place + 1;
    }
    let sum = hex(Sha256::digest(&text.as_bytes()[from..]));
    text.push_str(&format!("sum {}\n", &sum[..SUM]));
}

/// Reads a proof. That its numbers are those that were written is known afterwards; that they prove
/// anything is not.
///
/// # Errors
/// If the text is no proof of this version, or was changed since it was written.
pub fn from_text(text: &str) -> Result<Proof, ProofError> {
    Reader { lines: text.split_inclusive('\n'), number: 0, read: 0, text, is_part: false }.proof()
}

/// A text on its way to a proof.
struct Reader<'a> {
    lines: std::str::SplitInclusive<'a, char>,
    /// Number of the last line, from 1.
    number: usize,
    /// Bytes up to its end.
    read: usize,
    text: &'a str,
    /// It is a part of another proof, which has none itself.
    is_part: bool,
}

impl<'a> Reader<'a> {
    fn wrong(&self, why: impl Into<String>) -> ProofError {
        ProofError::Unreadable { line: self.number, why: why.into() }
    }

    fn line(&mut self) -> Result<&'a str, ProofError> {
        self.number += 1;
        let Some(line) = self.lines.next() else { return Err(self.wrong("The proof ends too early.")) };
        self.read += line.len();
        Ok(line.trim_end_matches(['\n', '\r']))
    }

    /// The rest of the next line, which starts with a word.
    fn after(&mut self, word: &str) -> Result<&'a str, ProofError> {
        let line = self.line()?;
        line.strip_prefix(word).and_then(|rest| rest.strip_prefix(' ')).ok_or_else(|| self.wrong(format!("Here `{word} …` is wanted.")))
    }

    fn digest(&mut self, word: &str) -> Result<String, ProofError> {
        let digits = self.after(word)?;
        let is_digest = digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_digest { Ok(digits.to_owned()) } else { Err(self.wrong("A digest has 64 digits of 0–9 and a–f.")) }
    }

    /// A quoted name, and what stands behind it.
    fn name(&self, rest: &'a str) -> Result<(String, &'a str), ProofError> {
        let bad = || self.wrong("Here a name in quotation marks is wanted.");
        let inner = rest.strip_prefix('"').ok_or_else(bad)?;
        let mut is_escaped = false;
        let end = inner.char_indices().find(|(_, letter)| {
            let ends = *letter == '"' && !is_escaped;
            is_escaped = *letter == '\\' && !is_escaped;
            ends
        });
        let (end, _) = end.ok_or_else(bad)?;
        if end > LONGEST {
            return Err(self.wrong("The name is too long."));
        }
        let name = ron::from_str(&rest[..end + 2]).map_err(|_| bad())?;
        Ok((name, inner[end + 1..].trim_start()))
    }

    fn value(&self, word: &str) -> Result<f64, ProofError> {
        let value: Option<f64> = word.parse().ok().filter(|value: &f64| value.is_finite());
        value.ok_or_else(|| self.wrong("Here a finite number is wanted."))
    }

    fn count(&self, word: &str) -> Result<u32, ProofError> {
        word.parse().map_err(|_| self.wrong("Here a whole number is wanted."))
    }

    fn pair(&self, rest: &'a str) -> Result<(&'a str, &'a str), ProofError> {
        rest.split_once(' ').ok_or_else(|| self.wrong("Here two numbers are wanted."))
    }

    fn proof(mut self) -> Result<Proof, ProofError> {
        let version = self.after(HEAD)?;
        if version != FORMAT.to_string() {
            return Err(
                self.wrong(format!("This is a proof of format {}; this version of Tokenworks reads {FORMAT}.", version.escape_debug()))
            );
        }
        let (plan, series, program) = (self.digest("plan")?, self.digest("series")?, self.digest("program")?);
        let rest = self.after("scenario")?;
        let scenario = self.name(rest)?.0;
        let rest = self.after("solver")?;
        let solver = self.name(rest)?.0;
        let (columns, rows) = {
            let rest = self.after("size")?;
            let (columns, rows) = self.pair(rest)?;
            (self.count(columns)?, self.count(rows)?)
        };
        let mut proof = Proof { plan, series, program, scenario, solver, columns, rows, ..Proof::default() };
        loop {
            let line = self.line()?;
            let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
            match (word, proof.phases.last_mut()) {
                ("goal", _) => {
                    let (name, value) = self.name(rest)?;
                    proof.phases.push(PhaseProof { name, value: self.value(value)?, ..PhaseProof::default() });
                }
                ("held", Some(phase)) => {
                    let (bound, price) = self.pair(rest)?;
                    phase.held.push((self.value(bound)?, self.value(price)?));
                }
                ("least", Some(phase)) => phase.least.push(self.value(rest)?),
                ("prices", Some(phase)) => {
                    let what = format!("prices of the goal `{}`", phase.name.escape_debug());
                    phase.prices = self.section(rest, rows, &what)?;
                }
                ("per-token", None) if !self.is_part => {
                    let (best, rest) = self.pair(rest)?;
                    let (value, held) = self.pair(rest)?;
                    let (best, value, held) = (self.value(best)?, self.value(value)?, self.value(held)?);
                    let (floor, linear) = (self.part()?, self.part()?);
                    let later = if self.has_part() { Some(self.part()?) } else { None };
                    proof.parts = Some(Parts::PerToken(Box::new(PerToken { best, value, held, floor, linear, later })));
                    break;
                }
                ("whole", None) if !self.is_part => {
                    let (relaxed, fixed) = (self.part()?, self.part()?);
                    proof.parts = Some(Parts::Whole(Box::new(Whole { relaxed, fixed })));
                    break;
                }
                ("point", Some(_)) => {
                    proof.point = self.section(rest, columns, "the plan's numbers")?;
                    break;
                }
                _ => return Err(self.wrong("Here a goal, what it holds, its prices or the point is wanted.")),
            }
        }
        let all = hex(Sha256::digest(&self.text.as_bytes()[..self.read]));
        let last = self.number;
        if self.digest("ends")? != all {
            return Err(ProofError::Changed { section: "the head, a goal or what is held".to_owned(), from: 1, to: last });
        }
        if self.text[self.read..].trim().is_empty() { Ok(proof) } else { Err(self.wrong("Something stands behind the end of the proof.")) }
    }

    /// Whether a part comes next.
    fn has_part(&self) -> bool {
        self.text.get(self.read..).is_some_and(|rest| rest.starts_with("part "))
    }

    /// The proof of a part: so many lines.
    fn part(&mut self) -> Result<Proof, ProofError> {
        let rest = self.after("part")?;
        let lines = self.count(rest)?;
        let (from, before) = (self.read, self.number);
        for _ in 0..lines {
            self.line()?;
        }
        let text = self.text.get(from..self.read).unwrap_or_default();
        let part = Reader { lines: text.split_inclusive('\n'), number: 0, read: 0, text, is_part: true };
        part.proof().map_err(|error| match error {
            ProofError::Unreadable { line, why } => ProofError::Unreadable { line: before + line, why },
            ProofError::Changed { section, from, to } => ProofError::Changed { section, from: before + from, to: before + to },
            other => other,
        })
    }

    /// A section of numbers: place and value of those that are not zero.
    fn section(&mut self, count: &str, size: u32, what: &str) -> Result<Vec<(u32, f64)>, ProofError> {
        let count = self.count(count)?;
        if count > size {
            return Err(self.wrong(format!("There are at most {size} of these.")));
        }
        let (from, first) = (self.read, self.number + 1);
        let mut values = Vec::new();
        let mut next = 0_u32;
        for _ in 0..count {
            let line = self.line()?;
            let (gap, value) = self.pair(line)?;
            let place = self.count(gap)?.checked_add(next).filter(|place| *place < size);
            let place = place.ok_or_else(|| self.wrong(format!("There are {size} of these; this one would lie beyond.")))?;
            values.push((place, self.value(value)?));
            next = place + 1;
        }
        let sum = hex(Sha256::digest(&self.text.as_bytes()[from..self.read]));
        let last = self.number;
        if self.after("sum")? != &sum[..SUM] {
            return Err(ProofError::Changed { section: what.to_owned(), from: first, to: last });
        }
        Ok(values)
    }
}
