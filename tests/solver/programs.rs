//! The linear program of every plan there is, as a digest: keys, bounds, senses, coefficients, limits and goals.
//!
//! `tests/programs.csv` holds one line for each plan. A change of a number in the catalog or of the
//! mathematics changes lines; a change of how the source is arranged must not. `UPDATE=1 cargo test
//! programs` writes the file anew, and the difference shows which plans state something else.
//! `PROGRAMS=FOLDER` adds the plans of a folder to the comparison (`tests/oracle/generate.py` writes as
//! many as one wants) and `PROGRAMS_FILE` names a file for all digests, so that two versions of the
//! source can be compared on plans that aren't kept.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use tokenworks::formulation::Program;
use tokenworks::formulation::program::{Linear, Phase};
use tokenworks::plan::file::read_plan;
use tokenworks::study::{self, Options};

const FILE: &str = "tests/programs.csv";

/// Ten figures: what two machines agree on.
fn number(value: f64) -> String {
    // Minus zero is zero.
    format!("{:.9e}", value + 0.0)
}

/// A term for each column, by the column's name; the order in which a family adds them says nothing.
fn terms(names: &[String], terms: &[(tokenworks::formulation::program::Col, f64)]) -> String {
    let mut by_name: BTreeMap<&str, f64> = BTreeMap::new();
    for (col, value) in terms {
        *by_name.entry(names[col.0 as usize].as_str()).or_default() += value;
    }
    by_name.iter().filter(|(_, value)| **value != 0.0).fold(String::new(), |mut out, (name, value)| {
        let _ = write!(out, " {}*{name}", number(*value));
        out
    })
}

fn linear(names: &[String], function: &Linear) -> String {
    format!("{} {} {}{}", function.name, function.unit, number(function.constant), terms(names, &function.terms))
}

fn phase(names: &[String], phase: &Phase) -> String {
    let at_least = phase.at_least.as_ref().map(|(function, least)| format!("{} >= {}", linear(names, function), number(*least)));
    let per = phase.per.as_ref().map(|(function, share)| format!("{} / {}", linear(names, function), number(*share)));
    let floor = phase.floor.as_ref().map(|function| linear(names, function));
    format!("phase {:?} {} {} {at_least:?} {per:?} {floor:?}", phase.sense, number(phase.tolerance), linear(names, &phase.goal))
}

/// All that a program says, one thing a line: columns and rows in the order of their names, goals in their own.
fn lines(program: &Program) -> Vec<String> {
    let limit = |index: Option<u32>| {
        index.and_then(|index| program.limits.get(index as usize)).map_or_else(String::new, |limit| {
            format!(" {} {} {} {}", limit.path, limit.unit, number(limit.value), number(limit.lp_per_plan))
        })
    };
    let names: Vec<String> = program.columns.iter().map(|column| program.name(&column.key)).collect();
    let mut lines: Vec<String> = program
        .columns
        .iter()
        .zip(&names)
        .map(|(column, name)| {
            format!("column {name} {} {} {}{}", number(column.lower), number(column.upper), column.whole, limit(column.limit))
        })
        .collect();
    lines.extend(program.rows.iter().map(|row| {
        let (name, scale) = (program.name(&row.key), number(row.scale));
        format!(
            "row {} {name} {} {} {scale}{} :{}",
            row.family,
            number(row.lower),
            number(row.upper),
            limit(row.limit),
            terms(&names, &row.terms)
        )
    }));
    lines.sort();
    lines.extend(program.phases.iter().map(|of| phase(&names, of)));
    lines
}

fn digest(program: &Program) -> String {
    let mut hash = Sha256::new();
    for line in lines(program) {
        hash.update(line.as_bytes());
        hash.update(b"\n");
    }
    hash.finalize().iter().take(10).fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

fn plans_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            plans_below(&path, found);
        } else if path.extension().is_some_and(|end| end == "ron") {
            found.push(path);
        }
    }
}

/// What a plan file states: size and digest of its program, or that it is refused.
fn stated(path: &Path) -> Option<String> {
    let plan = read_plan(&std::fs::read_to_string(path).unwrap()).plan;
    let Some(plan) = plan else { return Some("unreadable".into()) };
    // A plan whose series are not beside it is left out.
    let series = tokenworks::disk::read_series(&plan, path.parent()).ok()?;
    Some(study::state(&plan, &series, &Options::default()).map_or_else(
        |problems| {
            let mut codes: Vec<&str> = problems.iter().filter(|problem| problem.is_error()).map(|problem| problem.code).collect();
            codes.sort_unstable();
            format!("refused: {}", codes.join(" "))
        },
        |stated| {
            let program = &stated.formulation.program;
            format!("{} columns, {} rows, {} entries, {}", program.columns.len(), program.rows.len(), program.nonzeros(), digest(program))
        },
    ))
}

fn all(folders: &[&str]) -> BTreeMap<String, String> {
    let mut files = Vec::new();
    for folder in folders {
        plans_below(Path::new(folder), &mut files);
    }
    files.iter().filter_map(|file| Some((file.to_string_lossy().replace('\\', "/"), stated(file)?))).collect()
}

#[test]
fn every_plan_states_the_program_on_record() {
    let mut folders = vec!["plans", "tests/plans", "tests/cases", "tests/oracle/plans"];
    let now = all(&folders);
    if let Ok(file) = std::env::var("PROGRAMS_FILE") {
        let more = std::env::var("PROGRAMS").unwrap_or_default();
        folders.clear();
        folders.extend(Some(more.as_str()).filter(|folder| !folder.is_empty()));
        let all: String = now.iter().chain(&all(&folders)).fold(String::new(), |out, (name, what)| out + name + ": " + what + "\n");
        std::fs::write(file, all).unwrap();
        return;
    }
    assert!(now.len() >= 100, "{} plans", now.len());
    let text: String = now.iter().fold("plan,program\n".to_owned(), |out, (name, what)| out + name + ",\"" + what + "\"\n");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(FILE, text).unwrap();
        return;
    }
    let mut changed = Vec::new();
    let recorded = std::fs::read_to_string(FILE).unwrap();
    let recorded: BTreeMap<String, String> = csv::Reader::from_reader(recorded.as_bytes())
        .records()
        .map(|row| row.unwrap())
        .map(|row| (row[0].to_owned(), row[1].to_owned()))
        .collect();
    for name in now.keys().chain(recorded.keys()).collect::<std::collections::BTreeSet<_>>() {
        let (before, after) = (recorded.get(name), now.get(name));
        if before != after {
            changed.push(format!("{name}: {} → {}", before.map_or("nothing", String::as_str), after.map_or("nothing", String::as_str)));
        }
    }
    assert!(changed.is_empty(), "If this is meant, UPDATE=1 writes {FILE} anew.\n{}", changed.join("\n"));
}

/// The digest sees each kind of change, and no change where only the order of terms or rows differs.
#[test]
fn a_digest_sees_every_number() {
    let plan = read_plan(&std::fs::read_to_string("tests/plans/small.ron").unwrap()).plan.unwrap();
    let stated = study::state(&plan, &tokenworks::resolved::Series::default(), &Options::default()).unwrap();
    let program = stated.formulation.program;
    let before = digest(&program);
    let changed = |change: &dyn Fn(&mut Program)| {
        let mut other = program.clone();
        change(&mut other);
        digest(&other) != before
    };
    let last = program.rows.len() - 1;
    let with_limit = program.rows.iter().position(|row| row.limit.is_some()).unwrap();
    assert!(changed(&|other| other.rows[last].terms[0].1 *= 1.0 + 1e-8), "a coefficient");
    assert!(changed(&|other| other.rows[last].terms[0].0 = other.rows[0].terms[0].0), "a column of a row");
    assert!(changed(&|other| other.rows[with_limit].upper += 1e-6), "a bound");
    assert!(
        changed(&|other| (other.rows[last].lower, other.rows[last].upper) = (other.rows[last].upper, other.rows[last].lower)),
        "a sense"
    );
    assert!(changed(&|other| other.rows[with_limit].limit = None), "a limit");
    assert!(changed(&|other| other.limits[program.rows[with_limit].limit.unwrap() as usize].lp_per_plan *= 2.0), "what a limit moves");
    assert!(changed(&|other| other.columns[0].upper = 7.0), "a column's bound");
    assert!(changed(&|other| other.columns[0].whole = !other.columns[0].whole), "a whole number");
    assert!(changed(&|other| other.columns[0].key.period += 1), "a key");
    assert!(changed(&|other| other.phases[0].goal.terms[0].1 *= 1.0 + 1e-8), "a goal");
    assert!(changed(&|other| other.phases[1].tolerance *= 2.0), "a tolerance");
    assert!(changed(&|other| other.phases.reverse()), "the order of goals");
    assert!(!changed(&|other| other.rows.reverse()), "the order of rows");
    assert!(!changed(&|other| other.rows[last].terms.reverse()), "the order of terms");
}
