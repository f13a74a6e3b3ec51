//! What is written survives whatever happens: the disk fails at any call, or the program is killed there. The
//! kernel's own calls are made to fail by strace, one after the other, for every command that writes.
#![cfg(target_os = "linux")]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use tokenworks::plan::file::read_plan;
use tokenworks::proof;

use crate::common::dice::Dice;

const ONE: &str = include_str!("../plans/one-site.ron");

/// What comes between bytes and the disk.
const CALLS: &[&str] =
    &["write", "pwrite64", "fsync", "fdatasync", "rename", "renameat", "renameat2", "link", "linkat", "ftruncate", "fchmod", "mkdir"];

/// Whether strace can follow a program here: it is missing on some machines, and forbidden on others.
fn has_strace() -> bool {
    let works = Command::new("strace").args(["-o", "/dev/null", "true"]).output().is_ok_and(|output| output.status.success());
    assert!(works || std::env::var_os("CI").is_none(), "strace is missing: apt-get install strace");
    works
}

fn tokenworks(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tokenworks"));
    command.args(arguments).current_dir(folder).env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").stdin(Stdio::null());
    command
}

/// The same, with the n-th call of one kind made to fail.
fn under_strace(folder: &Path, arguments: &[&str], call: &str, inject: &str) -> (Output, bool) {
    let log = folder.join("strace.log");
    let output = Command::new("strace")
        .args(["-f", "-qq", "-o", log.to_str().unwrap(), "-e", &format!("trace={call}"), "-e", &format!("inject={call}:{inject}")])
        .arg(env!("CARGO_BIN_EXE_tokenworks"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let was_injected = fs::read_to_string(&log).unwrap_or_default().contains("(INJECTED)") || output.status.signal().is_some();
    let _ = fs::remove_file(log);
    (output, was_injected)
}

/// A plan with a study, and what older runs left.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let study = "studies: {\"map\": Grid(axes: [(name: \"MW\", vary: [(paths: [\"sites.home.interconnect_mw\"], at: Evenly(from: 1.0, to: 20.0, steps: 6))])])},";
    fs::write(folder.path().join("plan.ron"), ONE.replacen("schema: 1,", &format!("schema: 1, {study}"), 1)).unwrap();
    folder
}

/// Every file below a folder but those half-written under names of their own, by path.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(place) = waiting.pop() {
        for entry in fs::read_dir(place).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                found.insert(path.strip_prefix(folder).unwrap().to_string_lossy().into_owned(), fs::read(&path).unwrap());
            }
        }
    }
    found
}

fn is_temporary(name: &str) -> bool {
    name.rsplit('/').next().is_some_and(|name| name.starts_with(".tokenworks-") && name.ends_with(".tmp"))
}

/// What a file must be, whatever happened: whole, by what it is.
fn is_whole(name: &str, bytes: &[u8]) -> bool {
    let text = || std::str::from_utf8(bytes).unwrap();
    match name.rsplit('.').next().unwrap() {
        "ron" => read_plan(text()).plan.is_some(),
        "proof" => proof::from_text(text()).is_ok(),
        "json" => serde_json::from_slice::<serde_json::Value>(bytes).is_ok(),
        "svg" => text().trim_end().ends_with("</svg>"),
        "html" => text().trim_end().ends_with("</html>"),
        "csv" | "mps" => text().ends_with('\n'),
        "1" => text().contains(".TH"),
        // The last line of points may be torn; the next run drops it.
        "jsonl" => text()
            .rsplit_once('\n')
            .is_none_or(|(whole, _)| whole.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok())),
        other => panic!("{other}"),
    }
}

/// Commands that write.
const WRITERS: &[&[&str]] = &[
    &["new", "gansu", "--to", "new.ron"],
    &["solve", "plan.ron", "--format", "json", "--out", "answer.json", "--proof", "plan.proof"],
    &["export", "plan.ron", "--chart", "power-day", "--to", "day.svg", "--chart", "power-day", "--to", "day.csv", "--lp", "plan.mps"],
    &["study", "run", "plan.ron", "map", "--jobs", "1", "--out", "results"],
];

fn check(folder: &Path, before: &BTreeMap<String, Vec<u8>>, what: &str, may_leave: bool) {
    for (name, bytes) in files(folder) {
        if is_temporary(&name) {
            assert!(may_leave, "{what}: {name} is left behind");
            continue;
        }
        if before.get(&name) != Some(&bytes) {
            assert!(is_whole(&name, &bytes), "{what}: {name} is neither old nor new: {:.300}", String::from_utf8_lossy(&bytes));
        }
    }
    assert!(before.keys().all(|name| folder.join(name).exists()), "{what}: a file is gone");
}

/// Every call that commands make to the disk goes wrong in turn: it fails, as on a full disk or a broken one, or the
/// program is killed there. How many went wrong.
fn everywhere(writers: &[&[&str]], is_killed: bool) -> usize {
    let mut tried = 0;
    for arguments in writers {
        for call in CALLS {
            for step in 1..=100 {
                let error = if is_killed { "signal=KILL" } else { ["error=ENOSPC", "error=EIO", "error=EROFS"][step % 3] };
                let folder = folder();
                let before = files(folder.path());
                let (output, went_wrong) = under_strace(folder.path(), arguments, call, &format!("{error}:when={step}"));
                let what = format!("{arguments:?}, {error} at {call} {step}: {}", String::from_utf8_lossy(&output.stderr));
                assert!(is_killed || matches!(output.status.code(), Some(0 | 1 | 3)), "{what}");
                assert!(!what.contains("bug in Tokenworks"), "{what}");
                check(folder.path(), &before, &what, is_killed);
                if !went_wrong {
                    break;
                }
                tried += 1;
                // The same command again, with a disk that works, does it.
                let again = tokenworks(folder.path(), arguments).output().unwrap();
                let may_be_there = arguments[0] == "new" && folder.path().join("new.ron").exists();
                assert!(again.status.success() || may_be_there, "again after {what}: {}", String::from_utf8_lossy(&again.stderr));
            }
        }
    }
    tried
}

#[test]
fn a_disk_that_fails_or_a_kill_leaves_old_or_new() {
    if !has_strace() {
        return;
    }
    // What needs no solver, at every call.
    assert!(everywhere(&WRITERS[..1], false) >= 4);
    assert!(everywhere(&WRITERS[..1], true) >= 4);
}

/// Every writer at every call, then a thousand kills at random moments: minutes.
#[test]
#[ignore = "takes minutes: `cargo test killed -- --ignored`, KILLS=1000"]
fn every_writer_at_every_call_and_at_random_moments() {
    if has_strace() {
        println!("{} failing calls", everywhere(WRITERS, false));
        println!("{} kills at calls", everywhere(WRITERS, true));
    }
    let kills: usize = std::env::var("KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(100);
    let mut dice = Dice(7);
    let folder = folder();
    let mut took = vec![Duration::from_millis(500); WRITERS.len()];
    let mut ended = 0;
    for number in 0..kills {
        let writer = number % WRITERS.len();
        let before = files(folder.path());
        let begun = Instant::now();
        let mut child = tokenworks(folder.path(), WRITERS[writer]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // Most of what is written is written at the end.
        let moment = took[writer].mul_f64(0.3 + 0.8 * dice.roll(1 << 20) as f64 / f64::from(1 << 20));
        while begun.elapsed() < moment && child.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_micros(200));
        }
        if child.try_wait().unwrap().is_some() {
            took[writer] = begun.elapsed().mul_f64(0.5) + took[writer].mul_f64(0.5);
            ended += 1;
        }
        let _ = child.kill();
        child.wait().unwrap();
        check(folder.path(), &before, &format!("kill {number} of {:?} after {moment:?}", WRITERS[writer]), true);
        if dice.below(10) == 0 {
            for name in files(folder.path()).keys().filter(|name| *name != "plan.ron") {
                fs::remove_file(folder.path().join(name)).unwrap();
            }
        }
    }
    println!("{kills} kills, of which {ended} came after the end");
    for arguments in &WRITERS[1..] {
        let last = tokenworks(folder.path(), arguments).output().unwrap();
        assert!(last.status.success(), "{}", String::from_utf8_lossy(&last.stderr));
    }
}

/// No command opens a socket of any kind, nor asks for a name.
#[test]
fn nothing_leaves_the_machine() {
    if !has_strace() {
        return;
    }
    let folder = folder();
    for arguments in
        WRITERS.iter().chain(&[&["report", "plan.ron", "--to", "report.html"][..], &["catalog", "list"], &["check", "plan.ron"]])
    {
        let log = folder.path().join("calls");
        let output = Command::new("strace")
            .args(["-f", "-qq", "-o", log.to_str().unwrap(), "-e", "trace=%network"])
            .arg(env!("CARGO_BIN_EXE_tokenworks"))
            .args(*arguments)
            .current_dir(folder.path())
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .output()
            .unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(fs::read_to_string(&log).unwrap().trim(), "", "{arguments:?} speaks to somebody");
        fs::remove_file(log).unwrap();
    }
}

/// The window on a display without a screen: it speaks to the display and to the desktop's own bus, over sockets of this
/// machine, and to nobody else. (Takes some seconds: a window has to open and draw.)
#[cfg(feature = "gui")]
#[test]
fn the_window_speaks_to_the_desktop_alone() {
    use std::os::unix::process::CommandExt as _;
    let screen = Command::new("Xvfb")
        .args(["-displayfd", "1", "-screen", "0", "1000x700x24", "-nolisten", "tcp"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut screen) = screen else {
        println!("no Xvfb here: the window is not followed");
        return;
    };
    if !has_strace() {
        let _ = screen.kill();
        return;
    }
    let mut number = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(screen.stdout.take().unwrap()), &mut number).unwrap();
    let folder = folder();
    let log = folder.path().join("calls");
    // A bus that is not there is asked for all the same.
    let mut window = Command::new("strace")
        .args(["-f", "-qq", "-o", log.to_str().unwrap(), "-e", "trace=%network,exit_group"])
        .args([env!("CARGO_BIN_EXE_tokenworks"), "plan.ron"])
        .current_dir(folder.path())
        .env("DISPLAY", format!(":{}", number.trim()))
        .env("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}", folder.path().join("bus").display()))
        .env("LIBGL_ALWAYS_SOFTWARE", "1")
        .env("HOME", folder.path())
        .env_remove("XDG_CONFIG_HOME")
        .env_remove("XDG_DATA_HOME")
        .env_remove("WAYLAND_DISPLAY")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .unwrap();
    let calls = || fs::read_to_string(&log).unwrap_or_default();
    let begun = Instant::now();
    // Until it has drawn and asked for the bus, or half a minute on a busy machine; then a moment more.
    while begun.elapsed() < Duration::from_secs(30) && !(calls().contains(".X11-unix") && calls().contains("/bus")) {
        std::thread::sleep(Duration::from_millis(100));
    }
    std::thread::sleep(Duration::from_secs(3));
    let said = calls();
    let is_open = window.try_wait().unwrap().is_none();
    let _ = Command::new("kill").args(["-KILL", "--", &format!("-{}", window.id())]).status();
    let _ = (window.wait(), screen.kill(), screen.wait());
    assert!(is_open, "the window has ended by itself:\n{said}");
    assert!(said.contains(".X11-unix"), "no window was opened:\n{said}");
    let opens = |line: &&str| line.contains("socket(") || line.contains("connect(") || line.contains("bind(");
    for line in said.lines().filter(opens) {
        // The display, the bus, and the system's own table of users.
        let known = [".X11-unix", "/bus", "/nscd/socket", "/at-spi"].iter().any(|path| line.contains(path));
        let local = line.contains("AF_UNIX") && (line.contains("socket(") || known);
        assert!(local, "the window speaks to somebody: {line}");
    }
}
