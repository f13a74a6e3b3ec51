//! Runs of studies from outside: killed, gone on with, in parts, merged to the same bytes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use tokenworks::plan::file::print;

const ONE_SITE: &str = include_str!("../plans/one-site.ron");
const GRID: &str = "\"map\": Grid(axes: [(name: \"Interconnect\", vary: [(paths: [\"sites.home.interconnect_mw\"], at: Evenly(from: 1.0, to: 20.0, steps: 12))]), \
     (name: \"Price\", vary: [(paths: [\"markets.*.demand.*.segments.*.usd_per_mtok.answer\"], act: Multiplies, at: Evenly(from: 0.5, to: 2.0, steps: 12))])])";

/// A folder with the plan, gone at the end.
pub struct Place {
    pub folder: tempfile::TempDir,
}

impl Place {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let plan = super::engine::with(ONE_SITE, GRID);
        fs::write(folder.path().join("plan.ron"), print(&plan)).unwrap();
        Self { folder }
    }

    fn command(&self, question: &str, out: &str, more: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tokenworks"));
        command
            .args(["study", question])
            .arg(self.folder.path().join("plan.ron"))
            .args(["map", "--out"])
            .arg(self.folder.path().join(out))
            .args(more);
        for name in ["SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX", "AWS_BATCH_JOB_ARRAY_INDEX", "SLURM_CPUS_PER_TASK"] {
            command.env_remove(name);
        }
        command
    }

    pub fn run(&self, question: &str, out: &str, more: &[&str]) -> Output {
        self.command(question, out, more).output().unwrap()
    }

    pub fn merged(&self, out: &str) -> Vec<u8> {
        fs::read(self.folder.path().join(out).join("map/points.jsonl")).unwrap()
    }

    pub fn file(&self, out: &str, name: &str) -> PathBuf {
        self.folder.path().join(out).join("map").join(name)
    }
}

pub fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn length(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |file| file.len())
}

#[test]
fn killed_at_any_moment_and_gone_on_with_it_is_one_run() {
    let place = Place::new();
    let whole = place.run("run", "whole", &["--jobs", "2"]);
    assert!(whole.status.success(), "{}", words(&whole));
    let text = String::from_utf8_lossy(&whole.stdout).into_owned();
    assert!(text.contains("144 of 144 points") && text.contains("Interconnect"), "{text}");
    // Killed twenty times, each time after some more points were written (or a moment, before the first).
    let file = place.file("killed", "points-1-of-1.jsonl");
    let (mut kills, mut inside) = (0, 0);
    for round in 0..100_u64 {
        if kills == 20 {
            break;
        }
        let mut child = place.command("run", "killed", &["--jobs", "1"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let before = length(&file);
        let wanted = before + 700 * (round * 7919 % 13);
        let ended = loop {
            if child.try_wait().unwrap().is_some() {
                break true;
            }
            if length(&file) > wanted {
                break false;
            }
            std::thread::sleep(Duration::from_millis(1));
        };
        if ended {
            // It was done before its moment came: killed from the start on once more.
            fs::remove_dir_all(file.parent().unwrap()).unwrap();
            continue;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        kills += 1;
        inside += usize::from(before > 0);
        // Half a line, as a power cut would leave it.
        if round % 5 == 4 {
            let mut bytes = fs::read(&file).unwrap();
            bytes.extend_from_slice(b"{\"index\": 7, \"key\":");
            fs::write(&file, bytes).unwrap();
        }
    }
    assert!(kills == 20 && inside >= 10, "{kills} kills, {inside} of runs that went on with something");
    let last = place.run("run", "killed", &["--jobs", "2"]);
    assert!(last.status.success(), "{}", words(&last));
    assert_eq!(place.merged("whole"), place.merged("killed"));
}

#[test]
fn parts_by_hand_and_by_schedulers_merge_to_one_run() {
    let place = Place::new();
    assert!(place.run("run", "whole", &[]).status.success());
    // Three parts by hand; a merge before the last one says what is missing.
    for part in ["1/3", "3/3"] {
        let output = place.run("run", "hand", &["--shard", part, "--jobs", "1"]);
        assert!(output.status.success(), "{}", words(&output));
    }
    let early = place.run("merge", "hand", &[]);
    assert_eq!(early.status.code(), Some(3));
    assert!(words(&early).contains("of 144 points are missing"), "{}", words(&early));
    assert!(place.run("run", "hand", &["--shard", "2/3"]).status.success());
    let output = place.run("merge", "hand", &["--format", "csv"]);
    assert!(output.status.success(), "{}", words(&output));
    assert_eq!(String::from_utf8_lossy(&output.stdout).lines().count(), 145);
    assert_eq!(place.merged("whole"), place.merged("hand"));
    // A Slurm array of two tasks, one of which is run again alone.
    let slurm = |task: &str, count: &str, first: &str, more: &[&str]| {
        let mut command = place.command("run", "slurm", more);
        command.envs([("SLURM_ARRAY_TASK_ID", task), ("SLURM_ARRAY_TASK_COUNT", count), ("SLURM_ARRAY_TASK_MIN", first)]);
        command.output().unwrap()
    };
    assert!(words(&slurm("1", "2", "1", &[])).contains("Part 1 of 2"));
    assert!(words(&slurm("2", "1", "2", &["--shards", "2"])).contains("Part 2 of 2"));
    assert!(place.run("merge", "slurm", &[]).status.success());
    assert_eq!(place.merged("whole"), place.merged("slurm"));
    // A Kubernetes job counts from zero and must be told how many.
    let kubernetes =
        |index: &str, more: &[&str]| place.command("run", "kubernetes", more).env("JOB_COMPLETION_INDEX", index).output().unwrap();
    assert_eq!(kubernetes("0", &[]).status.code(), Some(2));
    for index in ["0", "1"] {
        assert!(kubernetes(index, &["--shards", "2"]).status.success());
    }
    assert!(place.run("merge", "kubernetes", &[]).status.success());
    assert_eq!(place.merged("whole"), place.merged("kubernetes"));
}

#[test]
fn a_folder_keeps_to_its_study() {
    let place = Place::new();
    assert!(place.run("run", "out", &[]).status.success());
    // The same study of a changed plan is another one.
    let other = place.run("run", "out", &["--set", "sites.home.pue=1.5"]);
    assert_eq!(other.status.code(), Some(3));
    assert!(words(&other).contains("another study") && words(&other).contains("--out"), "{}", words(&other));
    // A point that was changed by hand does not pass.
    let file = place.file("out", "points-1-of-1.jsonl");
    let text = fs::read_to_string(&file).unwrap();
    let key = text.split("\"key\":\"").nth(1).unwrap()[..64].to_owned();
    fs::write(&file, text.replace(&key, &"0".repeat(64))).unwrap();
    let merged = place.run("merge", "out", &[]);
    assert!(words(&merged).contains("is not of this study"), "{}", words(&merged));
    fs::write(&file, "rubbish\n").unwrap();
    assert!(words(&place.run("run", "out", &[])).contains("Line 1 of"));
    let unknown = place.run("show", "out", &["--set", "nothing=1"]);
    assert_ne!(unknown.status.code(), Some(0));
}

#[test]
fn a_job_file_runs_what_it_says() {
    let place = Place::new();
    for (engine, promised) in
        [("slurm", "#SBATCH --array=1-2"), ("kubernetes", "completionMode: Indexed"), ("parallel", "seq 2 | parallel")]
    {
        let output = place.run("script", "out", &["--engine", engine, "--shards", "2"]);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success() && text.contains(promised) && text.contains("plan.ron"), "{engine}: {text}{}", words(&output));
    }
}
