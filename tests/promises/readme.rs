//! The tables in the papers are those of the program: fields of a plan (`plans/README.md`);
//! those of the throughput model (`assets/catalog/README.md`) are checked where they are computed.
//!
//! `UPDATE=1 cargo test readme` writes them anew.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use tokenworks::plan::Plan;
use tokenworks::plan::node::{FieldInfo, Shape, VariantInfo};

/// What is still to be described: the path it was first met at, and its shape.
enum Pending {
    Record(String, &'static [FieldInfo]),
    Choice(String, &'static [VariantInfo]),
}

/// One table for each record and each choice, in the order in which a reader of the file meets them.
fn field_tables() -> String {
    let mut out = String::new();
    let mut waiting = std::collections::VecDeque::from([Pending::Record(String::new(), Plan::fields())]);
    let mut known: Vec<Vec<(&str, &str)>> = Vec::new();
    while let Some(pending) = waiting.pop_front() {
        // The same type may stand in several places; it is described where it is met first.
        let signature = match &pending {
            Pending::Record(_, fields) => fields.iter().map(|field| (field.name, field.doc)).collect(),
            Pending::Choice(_, variants) => variants.iter().map(|variant| (variant.name, variant.doc)).collect(),
        };
        if known.contains(&signature) {
            continue;
        }
        known.push(signature);
        match pending {
            Pending::Record(path, fields) => {
                let title = if path.is_empty() { "The plan".to_owned() } else { format!("`{path}`") };
                let _ = write!(out, "\n**{title}**\n\n| field | is | what it means |\n|---|---|---|\n");
                for field in fields {
                    let below = if path.is_empty() { field.name.to_owned() } else { format!("{path}.{}", field.name) };
                    let mut is = kind((field.shape)(), &below, &mut waiting);
                    if let Some((low, high)) = field.bounds {
                        let _ = write!(is, ", {}", range(low, high));
                    }
                    let must = if field.required { " **(must be given)**" } else { "" };
                    let _ = writeln!(out, "| `{}` | {is} | {}{must} |", field.name, field.doc.trim());
                }
            }
            Pending::Choice(path, variants) => {
                let _ = write!(out, "\n**`{path}`** is one of\n\n| variant | holds | what it means |\n|---|---|---|\n");
                for variant in variants {
                    let holds =
                        variant.shape.map_or_else(String::new, |shape| kind(shape(), &format!("{path}.{}", variant.name), &mut waiting));
                    let _ = writeln!(out, "| `{}` | {holds} | {} |", variant.name, variant.doc.trim());
                }
            }
        }
    }
    out.push('\n');
    out
}

fn range(low: f64, high: f64) -> String {
    let number =
        |value: f64| if value != 0.0 && (value.abs() >= 1e6 || value.abs() < 1e-3) { format!("{value:e}") } else { format!("{value}") };
    format!("{} to {}", number(low), number(high))
}

/// A shape in words; what it is made of is put on the list of what is to be described.
fn kind(shape: Shape, path: &str, waiting: &mut std::collections::VecDeque<Pending>) -> String {
    match shape {
        Shape::Number => "number".into(),
        Shape::Whole => "whole number".into(),
        Shape::Quantity => "number, or `Stated(value, source)`".into(),
        Shape::Steps => "number, or dated numbers".into(),
        Shape::Level => "number, dated numbers, or `Series(id, mean)`".into(),
        Shape::Text => "text".into(),
        Shape::Switch => "`true` or `false`".into(),
        Shape::Month => "month".into(),
        Shape::Reference(target) => format!("id of `{target}`"),
        Shape::Succession(target) => format!("id of `{target}`, or ids by date"),
        Shape::Anything => "any value".into(),
        Shape::Record(fields) => {
            waiting.push_back(Pending::Record(path.to_owned(), fields()));
            "`(…)`".into()
        }
        Shape::Choice(variants) => {
            let names: Vec<_> = variants().iter().map(|variant| format!("`{}`", variant.name)).collect();
            waiting.push_back(Pending::Choice(path.to_owned(), variants()));
            if names.len() > 4 { format!("one of {} variants", names.len()) } else { names.join(", ") }
        }
        Shape::Optional(inner) => kind(inner(), path, waiting),
        Shape::Map(inner) => format!("`{{\"id\": …}}` of {}", kind(inner(), &format!("{path}.*"), waiting)),
        Shape::List(inner) => format!("`[…]` of {}", kind(inner(), &format!("{path}.*"), waiting)),
    }
}

/// Held while a file is read and written: tests run side by side.
static PAPERS: std::sync::Mutex<()> = std::sync::Mutex::new(());

/// The papers that hold tables of the program.
const FILES: [&str; 3] = ["README.md", "plans/README.md", "assets/catalog/README.md"];

/// Compares the part between two marks, in the paper that has it, with what it should be, or writes it.
pub fn check_part(mark: &str, expected: &str) {
    let _held = PAPERS.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let (open, close) = (format!("<!-- {mark} -->\n"), format!("<!-- /{mark} -->"));
    let read = |name: &&str| {
        let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name);
        let text = fs::read_to_string(&file).unwrap();
        text.contains(&open).then_some((file, text))
    };
    let (file, text) = FILES.iter().find_map(read).unwrap_or_else(|| panic!("no paper has {open}"));
    let (before, rest) = text.split_once(&open).unwrap();
    let (found, after) = rest.split_once(&close).unwrap_or_else(|| panic!("{} has no {close}", file.display()));
    if found == expected {
        return;
    }
    assert!(std::env::var_os("UPDATE").is_some(), "The table `{mark}` is not what the program says: run its test with `UPDATE=1`.");
    fs::write(&file, format!("{before}{open}{expected}{close}{after}")).unwrap();
}

#[test]
fn tables_are_those_of_the_program() {
    check_part("fields", &field_tables());
}

/// What "How to add" names is there: its files and folders, and each table in the file it is said to be in.
#[test]
fn how_to_add_is_true() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    let section = readme.split("## How to add").nth(1).unwrap().split("\n## ").next().unwrap();
    let quoted = |text: &str| text.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
    for path in quoted(section).iter().filter(|word| word.starts_with("src/") || word.starts_with("assets/")) {
        assert!(root.join(path).exists(), "README names {path}, which is not there");
    }
    for (table, file, entries) in [
        ("FAMILIES", "src/formulation/mod.rs", tokenworks::formulation::FAMILIES.len()),
        ("CHARTS", "src/charts/mod.rs", tokenworks::charts::CHARTS.len()),
        ("KINDS", "src/plan/power/mod.rs", tokenworks::plan::power::KINDS.len()),
        ("STUDIES", "src/study/table.rs", tokenworks::study::STUDIES.len()),
    ] {
        assert!(section.contains(&format!("`{table}` in `{file}`")) && entries > 1, "README says nothing of {table} in {file}");
        assert!(fs::read_to_string(root.join(file)).unwrap().contains(&format!("{table}: &[")), "{file} has no {table}");
    }
    assert!(section.contains("`PANELS` in `src/gui/panels/mod.rs`"));
    assert!(fs::read_to_string(root.join("src/gui/panels/mod.rs")).unwrap().contains("pub const PANELS: &["));
}

/// Every command that `--help` names has its row in the table of the command line, and every row is of one.
#[test]
fn the_table_of_commands_is_whole() {
    let help = std::process::Command::new(env!("CARGO_BIN_EXE_tokenworks")).arg("--help").output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let commands = help.split("Commands:").nth(1).unwrap().split("\n\n").next().unwrap();
    let commands: std::collections::BTreeSet<&str> = commands
        .lines()
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next())
        .filter(|word| !matches!(*word, "" | "help"))
        .collect();
    let readme = fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let section = readme.split("## Command line").nth(1).unwrap().split("\n## ").next().unwrap();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `")?.split([' ', '`']).next());
    let rows: std::collections::BTreeSet<&str> = rows.filter(|word| *word != "tokenworks").collect();
    assert_eq!(commands, rows);
}
