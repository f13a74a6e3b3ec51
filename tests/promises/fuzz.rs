//! Changed and mixed texts against everything that reads what a stranger wrote. A short run that is the
//! same on every machine; `make fuzz` goes on from there.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use tokenworks::solve::Clock;

use crate::common::dice::Dice;

#[path = "../fuzz/targets.rs"]
mod targets;

use targets::{TARGETS, Target};

/// Runs of each target in the suite.
const RUNS: usize = 400;
/// Longest text that is made, bytes.
const LONGEST: usize = 40_000;

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
    b"null",
    b"1e308",
    b"-1e308",
    b"Infinity",
    b"\xe2\x88\x92",
    b"\xd9\xa3",
    b"<c r=\"A1\">",
    b"</row>",
    b"%",
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

/// The text that is being read, since when, and by which target: what hangs is named.
static NOW: Mutex<Option<(Instant, &'static str, Vec<u8>)>> = Mutex::new(None);

/// Time after which a reader hangs, s.
const HANGS_S: u64 = 60;
/// Most memory that a run may take beyond what is there, MiB.
const MOST_MIB: u64 = 500;

/// Ends the process when a run hangs, after saying which.
fn watch() {
    let watch = || loop {
        std::thread::sleep(Duration::from_secs(5));
        if let Some((since, name, text)) = &*NOW.lock().unwrap()
            && since.elapsed() > Duration::from_secs(HANGS_S)
        {
            eprintln!("{name} hangs:\n{}", shown(text));
            std::process::abort();
        }
    };
    std::thread::Builder::new().name("watch".into()).spawn(watch).unwrap();
}

fn shown(text: &[u8]) -> String {
    String::from_utf8_lossy(&text[..text.len().min(2_000)]).escape_debug().to_string()
}

/// Most memory that this process has held, MiB; forgets it where the system lets it.
fn peak_mib() -> u64 {
    let peak = tokenworks::disk::studies::peak_memory_mib().unwrap_or(0);
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    peak
}

/// Runs a target; every fault with the text that shows it.
fn runs(target: &Target, from: u64, count: usize) -> Vec<String> {
    let corpus = corpus(target);
    let mut dice = Dice(from);
    let mut faults = Vec::new();
    peak_mib();
    let held = peak_mib();
    for number in 0..count {
        let text = if number < corpus.len() { corpus[number].clone() } else { changed(&corpus, &mut dice) };
        *NOW.lock().unwrap() = Some((Instant::now(), target.name, text.clone()));
        let clock = Clock::start();
        let ended = catch_unwind(AssertUnwindSafe(|| (target.run)(&text)));
        let (seconds, _) = clock.seconds();
        let why = match ended {
            Err(panic) => {
                let why = panic.downcast_ref::<String>().cloned().or_else(|| panic.downcast_ref::<&str>().map(|why| (*why).to_owned()));
                Some(why.unwrap_or_default())
            }
            Ok(()) if seconds > target.slow_s => Some(format!("{seconds:.1} s")),
            Ok(()) => {
                let peak = tokenworks::disk::studies::peak_memory_mib().unwrap_or(0);
                (peak > held + MOST_MIB).then(|| format!("{} MiB", peak_mib() - held))
            }
        };
        faults.extend(why.map(|why| format!("{} run {number}: {why}\n{}", target.name, shown(&text))));
        if faults.len() >= 5 {
            break;
        }
    }
    *NOW.lock().unwrap() = None;
    faults
}

/// In a process of its own, so that memory is this test's alone and what hangs can be ended.
#[test]
fn readers_survive_what_strangers_write() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let Some(count) = number("FUZZ_RUNS") else {
        let output = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["promises::fuzz::readers_survive_what_strangers_write", "--exact", "--nocapture"])
            .env("FUZZ_RUNS", RUNS.to_string())
            .output()
            .unwrap();
        let said = [output.stdout, output.stderr].concat();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&said));
        return;
    };
    watch();
    // A panic is told with its text, below.
    std::panic::set_hook(Box::new(|_| {}));
    let wanted = std::env::var("FUZZ").unwrap_or_default();
    let from = number("FUZZ_FROM").unwrap_or(1);
    let mut faults = Vec::new();
    for target in TARGETS.iter().filter(|target| wanted.is_empty() || wanted == target.name) {
        let clock = Clock::start();
        let found = runs(target, from, count as usize);
        let (seconds, _) = clock.seconds();
        println!("{}: {count} runs in {seconds:.1} s, {:.0} a minute, {} faults", target.name, count as f64 / seconds * 60.0, found.len());
        faults.extend(found);
    }
    let _ = std::panic::take_hook();
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

/// The crate for cargo-fuzz has every reader, each in a binary of its own, and nothing that is none.
#[test]
fn every_reader_is_fuzzed_by_coverage_too() {
    let manifest = include_str!("../fuzz/Cargo.toml");
    let names = manifest.split("[[bin]]").skip(1).filter_map(|bin| bin.split_once("name = \"")?.1.split_once('"').map(|(name, _)| name));
    let mut bins: Vec<&str> = names.filter(|name| *name != "write-corpus").collect();
    let mut readers: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
    // Without the window two of them are not there.
    if cfg!(not(feature = "gui")) {
        readers.extend(["number-field", "paste-rows"]);
    }
    bins.sort_unstable();
    readers.sort_unstable();
    assert_eq!(bins, readers);
    // What the issue of trust names.
    for named in ["plan", "set", "series", "urdb", "runs", "paste-rows", "number-field", "mps", "proof"] {
        assert!(bins.contains(&named), "{named}");
    }
}
