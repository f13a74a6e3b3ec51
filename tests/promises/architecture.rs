//! The house rules of the crate docs, read off the source itself.

use std::fs;
use std::path::{Path, PathBuf};

use tokenworks::plan::power::KINDS;

/// Rooms by floor: a room may use rooms of lower floors and of its own (`gui` and `cli`, which only
/// `main` brings together, may not use each other).
const FLOORS: &[&[&str]] = &[
    &["units", "diagnostic"],
    &["guide"],
    &["words", "plan", "catalog", "physics"],
    &["finance"],
    &["series"],
    &["resolved"],
    &["formulation"],
    &["solve"],
    &["hedge"],
    &["results", "proof"],
    &["charts"],
    &["study", "living", "export", "disk"],
    &["cli", "gui"],
];

/// Rooms that do no I/O and read no clock: the same input gives the same output, anywhere.
const PURE: &[&str] = &[
    "units",
    "diagnostic",
    "guide",
    "words",
    "plan",
    "catalog",
    "physics",
    "finance",
    "series",
    "resolved",
    "formulation",
    "proof",
    "results",
    "charts",
    "export",
];

pub struct Source {
    /// Relative to `src/`, with `/`.
    pub path: String,
    /// As written.
    pub text: String,
    /// Without comments, string contents and `#[cfg(test)]` items; lines stay where they are.
    pub code: String,
}

impl Source {
    fn room(&self) -> &str {
        self.path.split('/').next().unwrap_or_default().trim_end_matches(".rs")
    }

    /// `path:line` of every place where `found` says yes to a line of code.
    fn places(&self, found: impl Fn(&str) -> bool) -> Vec<String> {
        let lines = self.code.lines().enumerate().filter(|(_, line)| found(line));
        lines.map(|(index, line)| format!("src/{}:{}: {}", self.path, index + 1, line.trim())).collect()
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

pub fn sources() -> Vec<Source> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let src = root().join("src");
    let mut files = Vec::new();
    walk(&src, &mut files);
    files.sort();
    assert!(files.len() > 20, "the source tree was not found");
    files
        .into_iter()
        .map(|file| {
            let text = fs::read_to_string(&file).unwrap();
            let path = file.strip_prefix(&src).unwrap().to_string_lossy().replace('\\', "/");
            Source { path, code: code_of(&text), text }
        })
        .collect()
}

/// Blanks out comments, the contents of literals, and items under `#[cfg(test)]`.
fn code_of(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let at = |index: usize| chars.get(index).copied().unwrap_or('\0');
    let mut out = String::with_capacity(text.len());
    let mut index = 0;
    // Keeps line numbers while dropping the rest.
    let blank = |out: &mut String, from: usize, to: usize| {
        out.extend(chars[from..to.min(chars.len())].iter().map(|letter| if *letter == '\n' { '\n' } else { ' ' }));
    };
    while index < chars.len() {
        let start = index;
        match at(index) {
            '/' if at(index + 1) == '/' => {
                while index < chars.len() && at(index) != '\n' {
                    index += 1;
                }
                blank(&mut out, start, index);
            }
            '/' if at(index + 1) == '*' => {
                let mut depth = 0;
                while index < chars.len() {
                    match (at(index), at(index + 1)) {
                        ('/', '*') => {
                            depth += 1;
                            index += 2;
                        }
                        ('*', '/') => {
                            depth -= 1;
                            index += 2;
                            if depth == 0 {
                                break;
                            }
                        }
                        _ => index += 1,
                    }
                }
                blank(&mut out, start, index);
            }
            'r' if (at(index + 1) == '"' || (at(index + 1) == '#' && matches!(at(index + 2), '"' | '#')))
                && !(index > 0 && (at(index - 1).is_alphanumeric() || at(index - 1) == '_')) =>
            {
                let mut hashes = 0;
                index += 1;
                while at(index) == '#' {
                    hashes += 1;
                    index += 1;
                }
                index += 1;
                while index < chars.len() && !(at(index) == '"' && (1..=hashes).all(|next| at(index + next) == '#')) {
                    index += 1;
                }
                index += 1 + hashes;
                out.push_str("\"\"");
                blank(&mut out, start + 2, index);
            }
            '"' => {
                index += 1;
                while index < chars.len() && at(index) != '"' {
                    index += if at(index) == '\\' { 2 } else { 1 };
                }
                index += 1;
                out.push('"');
                blank(&mut out, start + 1, index - 1);
                out.push('"');
            }
            // A character literal, not a lifetime.
            '\'' if at(index + 1) == '\\' || at(index + 2) == '\'' => {
                index += if at(index + 1) == '\\' { 3 } else { 2 };
                while index < chars.len() && at(index) != '\'' {
                    index += 1;
                }
                index += 1;
                blank(&mut out, start, index);
            }
            other => {
                out.push(other);
                index += 1;
            }
        }
    }
    without_tests(&out)
}

/// Blanks out what follows each `#[cfg(test)]` up to the end of its item.
fn without_tests(code: &str) -> String {
    const MARK: &str = "#[cfg(test)]";
    let mut out = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(start) = rest.find(MARK) {
        let (before, item) = rest.split_at(start);
        out.push_str(before);
        let mut depth = 0;
        let mut end = item.len();
        for (offset, letter) in item.char_indices().skip(MARK.len()) {
            match letter {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            if (letter == '}' || letter == ';') && depth == 0 {
                end = offset + 1;
                break;
            }
        }
        out.extend(item[..end].chars().map(|letter| if letter == '\n' { '\n' } else { ' ' }));
        rest = &item[end..];
    }
    out.push_str(rest);
    out
}

/// The identifiers of a line.
fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|letter: char| !(letter.is_alphanumeric() || letter == '_')).filter(|word| !word.is_empty())
}

fn assert_none(places: &[String], rule: &str) {
    assert!(places.is_empty(), "{rule}\n{}", places.join("\n"));
}

#[test]
fn the_reader_of_code_sees_code_only() {
    let text = "//! std::fs\nlet a = \"std::fs\"; // unsafe\nlet b = 'x'; let c = r#\"unsafe \"quoted\"\"#;\nfn f<'a>() {}\n#[cfg(test)]\nmod tests { fn g() { x.unwrap() } }\nfn h() {}\n";
    let code = code_of(text);
    assert_eq!(code.lines().count(), text.lines().count());
    for absent in ["std::fs", "unsafe", "unwrap"] {
        assert!(!code.contains(absent), "{absent} in {code}");
    }
    for present in ["let a = ", "let c = ", "fn f<'a>() {}", "fn h() {}"] {
        assert!(code.contains(present), "{present} not in {code}");
    }
}

#[test]
fn only_disk_touches_files() {
    let mut places = Vec::new();
    for source in sources().iter().filter(|source| source.room() != "disk") {
        places.extend(source.places(|line| {
            let compact = line.replace(' ', "");
            compact.contains("std::fs") || (compact.contains("std::{") && words(line).any(|word| word == "fs")) || {
                words(line).any(|word| word == "OpenOptions") || compact.contains("File::open") || compact.contains("File::create")
            }
        }));
    }
    assert_none(&places, "Only `disk` touches files.");
}

#[test]
fn only_solve_highs_knows_highs_and_holds_unsafe_code() {
    let mut places = Vec::new();
    for source in sources().iter().filter(|source| source.path != "solve/highs.rs" && !source.path.starts_with("solve/highs/")) {
        places.extend(source.places(|line| {
            let compact = line.replace(' ', "");
            // Inside `solve` the word alone is the module of that name.
            let names_crate = source.room() != "solve" && (compact.starts_with("usehighs::") || compact.contains("::highs::"));
            names_crate || words(line).any(|word| matches!(word, "highs_sys" | "unsafe" | "unsafe_code"))
        }));
    }
    assert_none(&places, "Only solve::highs knows HiGHS and holds unsafe code.");
}

#[test]
fn only_gui_knows_the_window() {
    let mut places = Vec::new();
    for source in sources().iter().filter(|source| source.room() != "gui") {
        places.extend(source.places(|line| words(line).any(|word| word.starts_with("egui") || matches!(word, "eframe" | "rfd"))));
    }
    assert_none(&places, "Only `gui` knows egui.");
}

#[test]
fn only_the_theme_makes_colours() {
    let mut places = Vec::new();
    let makers = ["from_rgb(", "from_rgba_unmultiplied(", "from_rgba_premultiplied(", "from_gray(", "from_hex("];
    for source in sources().iter().filter(|source| source.room() == "gui" && !source.path.contains("theme")) {
        places.extend(source.places(|line| makers.iter().any(|maker| line.contains(&format!("Color32::{maker}")))));
    }
    assert_none(&places, "Colours are made in gui::theme.");
}

#[test]
fn pure_rooms_do_no_io_and_read_no_clock() {
    const BANNED: &[&str] = &[
        "std::fs",
        "std::io",
        "std::env",
        "std::process",
        "std::net",
        "std::thread",
        "Instant::",
        "SystemTime",
        "println!",
        "print!",
        "eprintln!",
        "eprint!",
        "stdout()",
        "stderr()",
        "env::var",
    ];
    let mut places = Vec::new();
    for source in sources().iter().filter(|source| PURE.contains(&source.room())) {
        places.extend(source.places(|line| {
            let compact = line.replace(' ', "");
            // A cursor over bytes in memory, as spreadsheets need it, is no I/O.
            let in_memory = source.path == "series/sheet.rs" && compact == "usestd::io::{Cursor,Readas_};";
            BANNED.iter().any(|banned| compact.contains(banned)) && !compact.contains("std::io::Write") && !in_memory
        }));
    }
    assert_none(&places, "Pure rooms do no I/O and read no clock.");
}

#[test]
fn rooms_use_lower_floors_only() {
    let floor_of = |room: &str| FLOORS.iter().position(|rooms| rooms.contains(&room));
    let mut places = Vec::new();
    for source in sources() {
        let room = source.room();
        if matches!(room, "lib" | "main") {
            continue;
        }
        let Some(floor) = floor_of(room) else {
            places.push(format!("src/{}: the room `{room}` has no floor in tests/promises/architecture.rs", source.path));
            continue;
        };
        // `use crate::{a::…, b::…}` is opened up first, so that each room is named after `crate::`.
        let mut depth_of_group: Option<i32> = None;
        for (index, line) in source.code.lines().enumerate() {
            let compact = line.replace(' ', "");
            let mut used: Vec<String> = compact
                .split("crate::")
                .skip(1)
                .map(|after| words(after).next().unwrap_or_default().to_owned())
                .filter(|_| !compact.contains("$crate::"))
                .collect();
            if let Some(after) = compact.split("crate::{").nth(1) {
                depth_of_group = Some(0);
                used = rooms_of_group(after, &mut depth_of_group);
            } else if depth_of_group.is_some() {
                used.extend(rooms_of_group(&compact, &mut depth_of_group));
            }
            for other in used.iter().filter(|other| *other != room) {
                let allowed = match floor_of(other) {
                    Some(below) if below == floor => !matches!(room, "cli" | "gui"),
                    Some(below) => below < floor,
                    // A macro or a name of the crate itself.
                    None => true,
                };
                if !allowed {
                    places.push(format!("src/{}:{}: `{room}` uses `{other}`", source.path, index + 1));
                }
            }
        }
    }
    assert_none(&places, "A room uses rooms of lower floors only.");
}

/// First words of the parts of `a::b, c::{d, e}` that stand at the group's own depth.
fn rooms_of_group(text: &str, depth: &mut Option<i32>) -> Vec<String> {
    let mut rooms = Vec::new();
    let mut word = String::new();
    let mut fresh = true;
    for letter in text.chars() {
        let Some(level) = depth.as_mut() else { break };
        match letter {
            '{' => *level += 1,
            '}' if *level == 0 => *depth = None,
            '}' => *level -= 1,
            ',' if *level == 0 => fresh = true,
            _ if letter.is_alphanumeric() || letter == '_' => {
                if *level == 0 && fresh {
                    word.push(letter);
                }
                continue;
            }
            _ => {}
        }
        if !word.is_empty() {
            rooms.push(std::mem::take(&mut word));
            fresh = false;
        }
        if letter == ',' && *depth == Some(0) {
            fresh = true;
        }
    }
    if !word.is_empty() {
        rooms.push(word);
    }
    rooms
}

#[test]
fn groups_of_imports_are_opened_up() {
    let mut depth = Some(0);
    assert_eq!(rooms_of_group("disk,plan::{Plan,node::Node},study};", &mut depth), ["disk", "plan", "study"]);
    assert_eq!(depth, None);
}

#[test]
fn the_window_changes_plans_through_edits_only() {
    let mut places = Vec::new();
    for source in sources().iter().filter(|source| source.room() == "gui") {
        places
            .extend(source.places(|line| line.contains("&mut Plan") || words(line).any(|word| matches!(word, "child_mut" | "as_map_mut"))));
    }
    assert_none(&places, "The window changes a plan only through plan::edit.");
}

/// A resolved plan says what a thing does; what it is called stays in `plan` and in words and colours.
#[test]
fn the_formulation_names_no_kind_and_no_plan() {
    let mut names: Vec<&str> = KINDS.iter().map(|kind| kind.variant).collect();
    // Policies can't be named without their type (one of them is also a part of cost).
    names.extend(["Terms", "Policy", "Budget", "Decision"]);
    let mut places = Vec::new();
    for source in sources().iter().filter(|source| source.room() == "formulation") {
        places.extend(source.places(|line| line.replace(' ', "").contains("crate::plan") || words(line).any(|word| names.contains(&word))));
    }
    assert_none(&places, "The formulation names no kind of contract, no policy and not `crate::plan`.");
    // Elsewhere a kind is told by its facets and by the table of kinds.
    let outside = |source: &&Source| matches!(source.room(), "solve" | "results" | "charts" | "study" | "export" | "cli" | "gui");
    let mut places = Vec::new();
    for source in sources().iter().filter(outside) {
        places.extend(source.places(|line| KINDS.iter().any(|kind| line.contains(&format!("Terms::{}", kind.variant)))));
    }
    assert_none(&places, "After `resolved` nothing asks what kind a contract is.");
}

/// How many decimals a number has is decided in `words`. Others print decimals for machines: pictures,
/// programs and formulas of spreadsheets, and the throughput model's papers, which are checked to the digit.
/// Residuals are printed as powers of ten.
#[test]
fn only_words_decides_on_decimals() {
    const FOR_MACHINES: [&str; 3] = ["export/svg.rs", "export/mps.rs", "export/lender_sheet.rs"];
    let mut places = Vec::new();
    let tested = |text: &str| text.find("#[cfg(test)]").map_or(text.len(), |start| start);
    for source in sources().iter().filter(|source| !matches!(source.room(), "words" | "physics")) {
        if FOR_MACHINES.contains(&source.path.as_str()) {
            continue;
        }
        for (index, line) in
            source.text[..tested(&source.text)].lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"))
        {
            // `{value:.3}`, `{:+.1}`, `{value:.*}`, `{value:.digits$}`.
            let has = line.match_indices('{').any(|(at, _)| {
                let inner = line[at + 1..].split('}').next().unwrap_or_default();
                let spec = inner.split_once(':').map_or("", |(_, spec)| spec);
                spec.split_once('.').is_some_and(|(before, after)| {
                    before.chars().all(|c| matches!(c, '+' | '<' | '>' | '^') || c.is_ascii_digit())
                        && after.chars().next().is_some_and(|c| c == '*' || c.is_ascii_alphanumeric())
                        && after.chars().all(|c| matches!(c, '*' | '$' | '_') || c.is_ascii_alphanumeric())
                        && !after.ends_with('e')
                })
            });
            if has && line.contains('"') {
                places.push(format!("src/{}:{}: {}", source.path, index + 1, line.trim()));
            }
        }
    }
    assert_none(&places, "Numbers are put into words in `words` alone.");
}

#[test]
fn nothing_fails_by_panic() {
    const BANNED: &[&str] = &[".unwrap()", ".expect(", "panic!(", "todo!(", "unimplemented!(", "unreachable!(", "dbg!(", ".unwrap_err()"];
    let mut places = Vec::new();
    for source in sources() {
        places.extend(source.places(|line| {
            let compact = line.replace(' ', "");
            BANNED.iter().any(|banned| compact.contains(banned))
        }));
    }
    assert_none(&places, "Nothing in src/ unwraps or panics outside tests.");
}

#[test]
fn every_file_says_what_it_is() {
    let silent: Vec<_> = sources().iter().filter(|source| !source.text.starts_with("//!")).map(|source| source.path.clone()).collect();
    assert_none(&silent, "Every file of src/ starts with `//!`.");
}

#[test]
fn lints_are_not_switched_off_silently() {
    let mut places = Vec::new();
    for source in sources() {
        places.extend(source.places(|line| line.contains("#[allow(") || line.contains("#![allow(")));
    }
    assert_none(&places, "Use #[expect(…, reason = \"…\")] instead of #[allow(…)].");
}

#[test]
fn the_top_level_holds_what_it_should() {
    const ALLOWED: &[&str] = &[
        "Cargo.toml",
        "Cargo.lock",
        "Makefile",
        "README.md",
        "src",
        "assets",
        "plans",
        "tests",
        // Made by building and running, ignored by git.
        "target",
        "tokenworks-report",
    ];
    let strangers: Vec<_> = fs::read_dir(root())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| !name.starts_with('.') && !ALLOWED.contains(&name.as_str()))
        .collect();
    assert_none(&strangers, "The top level holds nothing else.");
}

#[test]
fn no_file_is_long_and_most_are_short() {
    let mut lengths: Vec<(usize, String)> = sources().iter().map(|source| (source.text.lines().count(), source.path.clone())).collect();
    lengths.sort();
    let long: Vec<_> = lengths.iter().filter(|(lines, _)| *lines > 500).map(|(lines, path)| format!("src/{path}: {lines} lines")).collect();
    assert_none(&long, "No file is longer than 500 lines.");
    let median = lengths[lengths.len() / 2].0;
    assert!(median <= 140, "half of the files are longer than {median} lines");
}
