//! What others wrote never gives orders to a terminal: every command, on a real one (a pty), with names, notes,
//! comments, paths and words of the command line that hold what terminals obey.
#![cfg(target_os = "linux")]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// What terminals obey or are deceived by: colours, titles, clearing, backspaces, C1, turned writing, tags.
const EVIL: &str = "\u{1b}[31m\u{1b}]0;title\u{7}\u{8}\u{9b}2J\u{202e}\u{e0041}";

/// Runs the program on a terminal; everything that it got to see.
fn on_a_terminal(folder: &Path, arguments: &[&str]) -> Option<String> {
    let quoted: Vec<String> = arguments.iter().map(|word| format!("'{}'", word.replace('\'', "'\\''"))).collect();
    let command = format!("'{}' {}", env!("CARGO_BIN_EXE_tokenworks"), quoted.join(" "));
    let output = Command::new("script")
        .args(["--quiet", "--return", "--command", &command, "/dev/null"])
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .stdin(Stdio::null())
        .output()
        .ok()?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn nothing_of_others_gives_orders_to_a_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    let one = include_str!("../plans/one-site.ron");
    // Where a plan is refused, where its text is quoted, and where it is read: escaped, a name may hold anything.
    let escaped: String = EVIL.chars().map(|letter| format!("\\u{{{:x}}}", letter as u32)).collect();
    let study = "studies: {\"map\": Grid(axes: [(name: \"x\", vary: [(paths: [\"sites.home.interconnect_mw\"], at: Evenly(from: 1.0, to: 2.0, steps: 2))])])},";
    let quiet = one.replacen("schema: 1,", &format!("schema: 1, // {EVIL}\n    notes: \"{escaped}\", {study}"), 1);
    write("plan.ron", &quiet);
    write("raw.ron", &one.replacen("name: \"", &format!("name: \"{EVIL}"), 1));
    write(
        "broken.ron",
        &one.replacen("schema: 1,", &format!("schema: 1, x{EVIL}y: 3, profiles: {{\"{EVIL}\": File(path: \"{EVIL}.csv\")}},"), 1),
    );
    write(&format!("e{EVIL}.ron"), &quiet);
    write("series.csv", &format!("time,{EVIL}\n2023-01-01T00:00Z,{EVIL}\n"));
    write(
        "rate.json",
        &format!("{{\"utility\": \"{escaped}\", \"name\": \"u\", \"energyratestructure\": \"{escaped}\"}}")
            .replace("\\u{", "\\u00")
            .replace('}', ""),
    );
    write(
        "rate-2.json",
        "{\"name\": \"\\u001b[31m\", \"utility\": \"\\u009b2J\", \"energyratestructure\": [[{\"rate\": 0.1, \"unit\": \"\\u001b[2J\"}]], \"energyweekdayschedule\": [[0]], \"energyweekendschedule\": [[0]]}",
    );
    write("runs.json", "{\"model_id\": \"\\u001b[31m\", \"output_throughput\": 5.0, \"mean_tpot_ms\": 3.0, \"max_concurrency\": 4}");
    write("bad.proof", &format!("tokenworks-proof 1\nplan {EVIL}\n"));
    write("odd.proof", &format!("tokenworks-proof {EVIL}\n"));
    let named = format!("e{EVIL}.ron");
    let nothing = format!("no{EVIL}.ron");
    let set = format!("name=\"{EVIL}\"");
    let path = format!("a{EVIL}b=3");
    let commands: Vec<Vec<&str>> = vec![
        vec!["check", "plan.ron", "raw.ron", "broken.ron", &named, &nothing],
        vec!["check", "--format", "json", "plan.ron", "broken.ron"],
        vec!["solve", "plan.ron"],
        vec!["solve", "plan.ron", "--format", "json"],
        vec!["solve", "plan.ron", "--set", &set],
        vec!["solve", "plan.ron", "--set", &path],
        vec!["solve", "plan.ron", "--scenario", EVIL],
        vec!["solve", &nothing],
        vec!["solve", "plan.ron", "--out", &nothing, "--proof", &nothing],
        vec!["verify", "plan.ron", "--proof", "bad.proof"],
        vec!["verify", "plan.ron", "--proof", "odd.proof"],
        vec!["verify", &named],
        vec!["diff", "plan.ron", &named],
        vec!["diff", "plan.ron", "raw.ron"],
        vec!["export", "plan.ron", "--chart", EVIL, "--to", "x.svg"],
        vec!["export", "plan.ron", "--lp", &nothing],
        vec!["report", "plan.ron", "--to", &nothing],
        vec!["new", EVIL],
        vec!["catalog", "show", EVIL],
        vec!["guide", EVIL],
        vec!["guide", "--search", EVIL],
        vec!["series", "series.csv"],
        vec!["series", "series.csv", "--column", EVIL, "--zone", EVIL],
        vec!["series", "series.csv", "--as", "demand"],
        vec!["series", "runs.json", "--as", "throughput", "--chip", EVIL, "--served-model", EVIL, "--chips", "8"],
        vec!["series", "series.csv", "--as", "throughput"],
        vec!["tariff", "rate.json"],
        vec!["tariff", "rate-2.json", "--site", EVIL],
        vec!["study", "list", "plan.ron"],
        vec!["study", "run", "plan.ron", "map", "--out", EVIL],
        vec!["study", "show", "plan.ron", "map", "--out", EVIL],
        vec!["study", "merge", "plan.ron", EVIL],
        vec!["study", "script", "plan.ron", "map", "--engine", "slurm", "--shards", "2", "--out", EVIL],
        vec!["study", "script", "plan.ron", "map", "--engine", "kubernetes", "--shards", "2", "--image", EVIL],
        vec!["study", "take", "plan.ron", "--path", EVIL, "--ttok", "3"],
        vec!["study", "why-not", "plan.ron", "--chip", EVIL],
        vec!["study", "passport", "plan.ron", "--market", EVIL],
        vec!["completions", EVIL],
        vec![EVIL],
        vec!["solve", "--objective", EVIL, "plan.ron"],
    ];
    let mut said = 0;
    for arguments in &commands {
        let Some(seen) = on_a_terminal(folder.path(), arguments) else {
            // Without util-linux there is no terminal to try it on.
            return;
        };
        let order = seen.chars().find(|letter| EVIL.contains(*letter) && !letter.is_ascii_graphic() && !letter.is_ascii_alphanumeric());
        assert_eq!(order, None, "{arguments:?}: {seen:?}");
        said += usize::from(!seen.trim().is_empty());
    }
    assert_eq!(said, commands.len(), "every command says something");
}

/// Colours are for terminals only: a file gets none, whatever is said.
#[test]
fn a_file_gets_no_colours() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("broken.ron"), "(schema: 1, naem: 2)").unwrap();
    fs::write(folder.path().join("one.ron"), include_str!("../plans/one-site.ron")).unwrap();
    for arguments in [
        vec!["check", "broken.ron"],
        vec!["solve", "missing.ron"],
        vec!["solve", "one.ron"],
        vec!["--help"],
        vec!["sovle"],
        vec!["check", "--bad"],
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_tokenworks"))
            .args(&arguments)
            .current_dir(folder.path())
            .env_remove("NO_COLOR")
            .env("TOKENWORKS_LOG", "debug")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert!(
            !output.stderr.contains(&0x1b) && !output.stdout.contains(&0x1b),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}
