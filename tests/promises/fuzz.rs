//! Changed and mixed texts against everything that reads what a stranger wrote. A short run that is the
//! same on every machine; `make fuzz` goes on from there.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use tokenworks::solve::Clock;

use crate::common::dice::Dice;

#[path = "../fuzz/targets.rs"]
mod targets;

use targets::{TARGETS, Target};

/// Runs of each target in the suite.
const RUNS: usize = 400;
/// Longest text that is made, bytes.
const LONGEST: usize = 40_000;
/// Processor time of one run, s.
const SLOW_S: f64 = 1.0;

/// Pieces that readers of texts trip over.
const PIECES: &[&[u8]] = &[
    b"(",
    b")",
    b"[",
    b"]",
    b"{",
    b"}",
    b"\"",
    b"\\",
    b"\n",
    b"\r\n",
    b"\0",
    b"\t",
    b",",
    b";",
    b":",
    b"=",
    b".",
    b"-",
    b"+",
    b"/*",
    b"*/",
    b"//",
    b"1e999",
    b"-0.0",
    b"NaN",
    b"inf",
    b"1e-320",
    b"9007199254740993",
    b"18446744073709551616",
    b"0x10",
    b"1_000",
    b"0b1",
    b"r#\"",
    b"Some(",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xe2\x80\xae",
    b"\x1b[31m",
    b"\x1b]0;x\x07",
    b"\xc3\xa9",
    b"e\xcc\x81",
    b"Series(id: \"\")",
    b"Curve(from: 0.0)",
    b"2027-13",
    b"2027-02-30",
    b"0000-00",
    b"24:00",
    b"schema: 1",
    b"()",
];

/// A text with some of it changed, left out, doubled, or mixed with another.
fn changed(corpus: &[Vec<u8>], dice: &mut Dice) -> Vec<u8> {
    let mut text = corpus[dice.below(corpus.len())].clone();
    for _ in 0..=dice.below(6) {
        let place = dice.below(text.len() + 1);
        let most = 1 + dice.below(200);
        let end = (place + dice.below(most)).min(text.len());
        match dice.below(8) {
            0 => drop(text.drain(place..end)),
            1 => {
                let copy = text[place..end].to_vec();
                text.splice(place..place, copy);
            }
            2 => {
                let other = &corpus[dice.below(corpus.len())];
                let from = dice.below(other.len() + 1);
                let to = (from + dice.below(300)).min(other.len());
                text.splice(place..end, other[from..to].iter().copied());
            }
            3 if place < text.len() => text[place] = dice.below(256) as u8,
            4 if place < text.len() => text[place] ^= 1 << dice.below(8),
            5 => {
                let digits: Vec<usize> = (0..text.len()).filter(|place| text[*place].is_ascii_digit()).collect();
                if !digits.is_empty() {
                    let digit = digits[dice.below(digits.len())];
                    text[digit] = b'0' + dice.below(10) as u8;
                }
            }
            6 => {
                let piece = PIECES[dice.below(PIECES.len())].repeat(1 + dice.below(2) * dice.below(400));
                text.splice(place..place, piece);
            }
            _ => drop(text.splice(place..end, PIECES[dice.below(PIECES.len())].iter().copied())),
        }
        text.truncate(LONGEST);
    }
    text
}

fn corpus(target: &Target) -> Vec<Vec<u8>> {
    let mut texts: Vec<Vec<u8>> = target.seeds.iter().map(|seed| seed.as_bytes().to_vec()).collect();
    for (folder, ending) in target.corpus {
        let mut files: Vec<_> = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|known| known == *ending))
            .collect();
        files.sort();
        texts.extend(files.iter().map(|file| std::fs::read(file).unwrap()).filter(|text| text.len() <= LONGEST));
    }
    texts
}

/// Runs a target; every fault with the text that shows it.
fn runs(target: &Target, from: u64, count: usize) -> Vec<String> {
    let corpus = corpus(target);
    let mut dice = Dice(from);
    let mut faults = Vec::new();
    for number in 0..count {
        let text = if number < corpus.len() { corpus[number].clone() } else { changed(&corpus, &mut dice) };
        let clock = Clock::start();
        let ended = catch_unwind(AssertUnwindSafe(|| (target.run)(&text)));
        let (seconds, _) = clock.seconds();
        let shown = || String::from_utf8_lossy(&text[..text.len().min(2_000)]).escape_debug().to_string();
        if let Err(panic) = ended {
            let why = panic.downcast_ref::<String>().cloned().or_else(|| panic.downcast_ref::<&str>().map(|why| (*why).to_owned()));
            faults.push(format!("{} run {number}: {}\n{}", target.name, why.unwrap_or_default(), shown()));
        } else if seconds > SLOW_S {
            faults.push(format!("{} run {number}: {seconds:.1} s\n{}", target.name, shown()));
        }
        if faults.len() >= 5 {
            break;
        }
    }
    faults
}

#[test]
fn readers_survive_what_strangers_write() {
    let wanted = std::env::var("FUZZ").unwrap_or_default();
    let count = std::env::var("FUZZ_RUNS").ok().and_then(|runs| runs.parse().ok()).unwrap_or(RUNS);
    let from = std::env::var("FUZZ_FROM").ok().and_then(|from| from.parse().ok()).unwrap_or(1);
    let mut faults = Vec::new();
    for target in TARGETS.iter().filter(|target| wanted.is_empty() || wanted == target.name) {
        let clock = Clock::start();
        faults.extend(runs(target, from, count));
        println!("{}: {count} runs, {:.1} s", target.name, clock.seconds().0);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}
