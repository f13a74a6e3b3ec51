//! `study script`: a job file for a scheduler, to be read before it is submitted.

use std::path::Path;
use std::time::Instant;

use clap::ValueEnum;

use super::folder::Of;
use crate::cli::failure::{Ended, Failure};
use crate::cli::output;
use crate::study::engine::Shard;

/// Whose job file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Engine {
    /// sbatch with an array
    Slurm,
    /// An indexed Job
    Kubernetes,
    /// GNU parallel
    Parallel,
}

/// Print a job file that runs a study in parts on other machines
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tokenworks study script plans/texas.ron futures --engine slurm --shards 16 --out /shared/results > futures.sbatch
  tokenworks study script plans/texas.ron futures --engine parallel --shards 8 | sh

One chain is run here to measure time and memory. Read the file before you submit it.")]
pub(super) struct Script {
    #[command(flatten)]
    of: Of,
    /// The scheduler
    #[arg(long, value_enum)]
    engine: Engine,
    /// How many parts
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    shards: u32,
    /// Image of the container, for Kubernetes
    #[arg(long, value_name = "IMAGE", default_value = "tokenworks:latest")]
    image: String,
}

/// A word for a POSIX shell.
fn shell(word: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./=:,+@%".contains(letter);
    if !word.is_empty() && word.chars().all(plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

/// What a part takes.
struct Measured {
    /// Seconds of one chain.
    chain_s: f64,
    /// Chains of the largest part.
    chains: usize,
    /// MiB of this process.
    memory_mib: u64,
}

impl Measured {
    /// Minutes to ask for: the measured time thrice, and five minutes.
    fn minutes(&self) -> u64 {
        (self.chain_s * self.chains as f64 * 3.0 / 60.0).ceil() as u64 + 5
    }

    /// MiB to ask for: what was measured twice, at least 512.
    fn mib(&self) -> u64 {
        (2 * self.memory_mib).max(512)
    }
}

impl Script {
    pub(super) fn run(&self) -> Ended {
        let opened = self.of.open()?;
        let run = self.of.prepared(&opened)?;
        let shards = self.shards as usize;
        let all = run.chains(Shard::WHOLE).len();
        if shards > all {
            output::note(&format!("The study has {all} chains: {} of {shards} parts would have nothing to do.", shards - all));
        }
        // The last chain to be begun of a study's kind of points is as long as any.
        let begun = Instant::now();
        let part = Shard { number: 1, of: all.max(1) };
        run.run(part, 1, &std::collections::BTreeSet::new(), None, &mut |_, _| true);
        let measured = Measured {
            chain_s: begun.elapsed().as_secs_f64(),
            chains: all.div_ceil(shards),
            memory_mib: crate::disk::studies::peak_memory_mib().unwrap_or(512),
        };
        let binary = std::env::current_exe().map_err(|error| Failure::world(&error))?;
        let absolute =
            |path: &Path| std::path::absolute(path).map(|path| path.display().to_string()).map_err(|error| Failure::world(&error));
        let mut command: Vec<String> = vec![binary.display().to_string(), "study".into(), "run".into()];
        command.extend([absolute(&self.of.plan)?, self.of.study.clone(), "--out".into(), absolute(&self.of.out)?]);
        if let Some(scenario) = &self.of.scenario {
            command.extend(["--scenario".into(), scenario.clone()]);
        }
        for (path, value) in &self.of.set {
            command.extend(["--set".into(), format!("{path}={value}")]);
        }
        let measure = format!(
            "{} points in {all} chains; one chain took {} s and {} MiB here, a part has up to {} chains.",
            run.points.len(),
            crate::words::fixed(measured.chain_s, 1),
            measured.memory_mib,
            measured.chains
        );
        output::data(&match self.engine {
            Engine::Slurm => self.slurm(&command, &measured, &measure),
            Engine::Kubernetes => self.kubernetes(&command, &measured, &measure),
            Engine::Parallel => self.parallel(&command, &measure),
        })
    }

    fn slurm(&self, command: &[String], measured: &Measured, measure: &str) -> String {
        let (shards, minutes, mib) = (self.shards, measured.minutes(), measured.mib());
        format!(
            "#!/bin/sh\n# {measure}\n# A task that is lost is run again and goes on from its own file.\n#SBATCH --job-name=tokenworks-{study}\n#SBATCH --array=1-{shards}\n#SBATCH --cpus-per-task=1\n#SBATCH --mem={mib}M\n#SBATCH --time={minutes}\n#SBATCH --requeue\n#SBATCH --open-mode=append\nexec {command} --jobs 1 --shards {shards}\n",
            study = self.of.study,
            command = command.iter().map(|word| shell(word)).collect::<Vec<_>>().join(" ")
        )
    }

    fn kubernetes(&self, command: &[String], measured: &Measured, measure: &str) -> String {
        // What JSON quotes, YAML reads.
        let json = |word: &str| serde_json::Value::from(word).to_string();
        let quoted: Vec<String> = command.iter().skip(1).map(|word| json(word)).collect();
        let folder = std::path::absolute(&self.of.out).map(|path| path.display().to_string()).unwrap_or_default();
        format!(
            "# {measure}\n# The image needs the program; plan, series and results lie on the claim `tokenworks`, mounted where they lie here.\napiVersion: batch/v1\nkind: Job\nmetadata:\n  name: tokenworks-{study}\nspec:\n  completionMode: Indexed\n  completions: {shards}\n  parallelism: {shards}\n  backoffLimitPerIndex: 5\n  template:\n    spec:\n      restartPolicy: Never\n      containers:\n        - name: tokenworks\n          image: {image}\n          command: [\"tokenworks\", {command}, \"--jobs\", \"1\", \"--shards\", \"{shards}\"]\n          resources:\n            requests: {{cpu: \"1\", memory: {mib}Mi}}\n            limits: {{memory: {mib}Mi}}\n          volumeMounts:\n            - {{name: results, mountPath: {folder}}}\n      volumes:\n        - name: results\n          persistentVolumeClaim: {{claimName: tokenworks}}\n",
            study = self.of.study.replace('_', "-").to_lowercase(),
            shards = self.shards,
            image = json(&self.image),
            folder = json(&folder),
            command = quoted.join(", "),
            mib = measured.mib()
        )
    }

    fn parallel(&self, command: &[String], measure: &str) -> String {
        format!(
            "#!/bin/sh\n# {measure}\n# A part that fails is tried again twice and goes on from its own file.\nseq {shards} | parallel --retries 3 {command} --jobs 1 --shard {{}}/{shards}\n",
            shards = self.shards,
            command = shell_again(command)
        )
    }
}

/// A command that a second shell reads: GNU parallel hands it on.
fn shell_again(command: &[String]) -> String {
    let twice = |word: &String| {
        let once = shell(word);
        if once == *word { once } else { shell(&once) }
    };
    command.iter().map(twice).collect::<Vec<_>>().join(" ")
}
