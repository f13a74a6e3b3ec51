//! MPS and LP text, written and read back.

use tokenworks::export::mps::{lp, mps, read};
use tokenworks::formulation::program::Sense;
use tokenworks::formulation::scale;
use tokenworks::solve::{SolveOptions, Status, solve};

use super::build::{Build, assert_near};
use super::random::random_program;

#[test]
fn what_is_written_reads_back_with_the_same_optimum() {
    for seed in 0..80 {
        let mut program = random_program(seed);
        program.phases.truncate(1);
        let mut back = read(&mps(&program, 0, false)).unwrap();
        scale::finish(&mut back).unwrap();
        assert_eq!((back.columns.len(), back.rows.len(), back.nonzeros()), (program.columns.len(), program.rows.len(), program.nonzeros()));
        assert_eq!(back.phases[0].sense, program.phases[0].sense);
        let (one, two) = (solve(&program, &SolveOptions::default()), solve(&back, &SolveOptions::default()));
        assert_eq!(two.status, Status::Optimal);
        assert_near(two.phases[0].value, one.phases[0].value, 1e-12);
    }
}

#[test]
fn bounds_of_every_kind_survive() {
    let mut build = Build::new();
    let infinity = f64::INFINITY;
    for (lower, upper) in [
        (0.0, infinity),
        (0.0, 5.0),
        (-3.0, 5.0),
        (-infinity, infinity),
        (-infinity, -2.0),
        (2.0, 2.0),
        (1.0, infinity),
        (0.0, 0.5),
        (-7.0, -2.0),
        (-4.0, infinity),
    ] {
        build.column("x", lower, upper);
    }
    build.whole("halls", 0.0, infinity);
    build.whole("halls", 0.0, 3.0);
    build.phase("tokens", Sense::Maximise, &[], -7.25, 0.0);
    let program = build.done();
    let back = read(&mps(&program, 0, true)).unwrap();
    for (one, two) in program.columns.iter().zip(&back.columns) {
        assert_eq!((one.lower, one.upper, one.whole), (two.lower, two.upper, two.whole));
    }
    assert_eq!(back.phases[0].goal.constant, -7.25);
    assert!(read(&mps(&program, 0, false)).unwrap().columns.iter().all(|column| !column.whole));
}

#[test]
fn names_are_clean_and_unique() {
    let mut build = Build::new();
    let long: &'static str = Box::leak("n".repeat(400).into_boxed_str());
    let nouns = ["e9", "free", "with blank", "a[b", "größe", long, long, "draw/x", "draw.x", "1st", "x:y+z"];
    let columns: Vec<_> = nouns.iter().map(|noun| build.column(noun, 0.0, 1.0)).collect();
    for column in &mut build.program.columns {
        column.key.period = 0;
    }
    let terms: Vec<_> = columns.iter().map(|column| (*column, 1.0)).collect();
    build.row("inf", &terms, 1.0, 2.0);
    build.maximise("tokens", &terms);
    let program = build.done();
    let text = lp(&program, 0, false);
    let names: Vec<&str> = text
        .lines()
        .skip_while(|line| *line != "Bounds")
        .filter(|line| line.contains("<="))
        .filter_map(|line| line.split_whitespace().nth(2))
        .collect();
    assert_eq!(names.len(), nouns.len());
    let unique: std::collections::HashSet<&&str> = names.iter().collect();
    assert_eq!(unique.len(), names.len());
    for name in names {
        assert!(name.len() <= 255 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.'), "{name}");
        assert!(name.starts_with(|first: char| first.is_ascii_alphabetic()));
    }
    assert_eq!(read(&mps(&program, 0, false)).unwrap().columns.len(), nouns.len());
}

#[test]
fn a_wrong_text_is_refused_with_its_line() {
    assert_eq!(
        read("NAME a\nROWS\n N goal\n L one\nCOLUMNS\n x two 1\nENDATA\n").unwrap_err().to_string(),
        "line 6: the row two is not known"
    );
    assert_eq!(read("NAME a\nROWS\n N goal\nCOLUMNS\n x goal abc\n").unwrap_err().line, 5);
    assert!(read("QSECTION\n").is_err());
}
