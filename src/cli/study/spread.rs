//! Which part of a study this process runs: as asked, or as a scheduler's environment says.

use crate::study::engine::Shard;

/// What the environment holds, by name.
type Environment<'e> = &'e dyn Fn(&str) -> Option<String>;

/// Reads `3/8`.
pub(super) fn parse_shard(text: &str) -> Result<Shard, String> {
    let wrong = || "write I/N, as in 3/8: the third of eight parts".to_owned();
    let (number, of) = text.split_once('/').ok_or_else(wrong)?;
    let (number, of) = (number.trim().parse().map_err(|_| wrong())?, of.trim().parse().map_err(|_| wrong())?);
    if number >= 1 && number <= of { Ok(Shard { number, of }) } else { Err(wrong()) }
}

/// The part that is asked for, else that of a scheduler's array; with words on where it comes from.
///
/// # Errors
/// A sentence, where the environment and `--shards` do not fit.
pub(super) fn shard(asked: Option<Shard>, shards: Option<usize>, environment: Environment<'_>) -> Result<(Shard, Option<String>), String> {
    if let Some(shard) = asked {
        return match shards {
            Some(shards) if shards != shard.of => Err(format!("--shard {}/{} and --shards {shards} do not fit.", shard.number, shard.of)),
            _ => Ok((shard, None)),
        };
    }
    let number = |name: &str| environment(name).and_then(|text| text.trim().parse::<usize>().ok());
    if let Some(task) = number("SLURM_ARRAY_TASK_ID") {
        let (first, step) = (number("SLURM_ARRAY_TASK_MIN").unwrap_or(1), number("SLURM_ARRAY_TASK_STEP").unwrap_or(1).max(1));
        let found = match shards {
            // Some tasks of an array may be run again alone: then only their own number says which part they are.
            Some(of) => Shard { number: task, of },
            None => Shard {
                number: task.saturating_sub(first) / step + 1,
                of: number("SLURM_ARRAY_TASK_COUNT").ok_or("SLURM_ARRAY_TASK_COUNT is not set: say --shards.")?,
            },
        };
        return placed(found, "the Slurm array", "number the tasks from 1, as in --array=1-N");
    }
    let from_zero = [
        ("JOB_COMPLETION_INDEX", "", "the Kubernetes job"),
        ("AWS_BATCH_JOB_ARRAY_INDEX", "AWS_BATCH_JOB_ARRAY_SIZE", "the AWS Batch array"),
    ];
    for (index, size, whose) in from_zero {
        if let Some(task) = number(index) {
            let of = shards.or_else(|| number(size)).ok_or_else(|| format!("{index} is set: say --shards, how many parts there are."))?;
            return placed(Shard { number: task + 1, of }, whose, "the indices go from 0 to one less than --shards");
        }
    }
    match shards {
        Some(shards) if shards > 1 => {
            Err("--shards needs --shard I/N, or the array of a scheduler (Slurm, Kubernetes, AWS Batch).".to_owned())
        }
        _ => Ok((Shard::WHOLE, None)),
    }
}

fn placed(shard: Shard, whose: &str, help: &str) -> Result<(Shard, Option<String>), String> {
    if shard.number >= 1 && shard.number <= shard.of {
        Ok((shard, Some(format!("Part {} of {}, by {whose}.", shard.number, shard.of))))
    } else {
        Err(format!("There is no part {} of {} ({whose}): {help}.", shard.number, shard.of))
    }
}

/// How many workers: as asked, as Slurm gives, else one for each processor.
pub(super) fn jobs(asked: Option<usize>, environment: Environment<'_>) -> usize {
    let given = || environment("SLURM_CPUS_PER_TASK").and_then(|text| text.trim().parse().ok());
    asked.or_else(given).unwrap_or_else(|| std::thread::available_parallelism().map_or(1, std::num::NonZero::get))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(set: &'static [(&'static str, &'static str)]) -> impl Fn(&str) -> Option<String> {
        move |name| set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    }

    #[test]
    fn arrays_say_which_part() {
        let slurm = with(&[("SLURM_ARRAY_TASK_ID", "2"), ("SLURM_ARRAY_TASK_COUNT", "4"), ("SLURM_ARRAY_TASK_MIN", "0")]);
        assert_eq!(shard(None, None, &slurm).unwrap().0, Shard { number: 3, of: 4 });
        // A task that is run again alone: the array now has one task, and the part is still the second of four.
        let again = with(&[("SLURM_ARRAY_TASK_ID", "2"), ("SLURM_ARRAY_TASK_COUNT", "1"), ("SLURM_ARRAY_TASK_MIN", "2")]);
        assert_eq!(shard(None, Some(4), &again).unwrap().0, Shard { number: 2, of: 4 });
        let kubernetes = with(&[("JOB_COMPLETION_INDEX", "0")]);
        assert_eq!(shard(None, Some(3), &kubernetes).unwrap().0, Shard { number: 1, of: 3 });
        assert!(shard(None, None, &kubernetes).is_err());
        let batch = with(&[("AWS_BATCH_JOB_ARRAY_INDEX", "1"), ("AWS_BATCH_JOB_ARRAY_SIZE", "2")]);
        assert_eq!(shard(None, None, &batch).unwrap().0, Shard { number: 2, of: 2 });
        assert_eq!(shard(Some(Shard { number: 1, of: 2 }), None, &batch).unwrap().0, Shard { number: 1, of: 2 });
        assert_eq!(shard(None, None, &with(&[])).unwrap().0, Shard::WHOLE);
        assert!(shard(None, Some(3), &with(&[])).is_err());
        let zero = with(&[("SLURM_ARRAY_TASK_ID", "0")]);
        assert!(shard(None, Some(3), &zero).is_err());
        assert!(parse_shard("0/3").is_err() && parse_shard("4/3").is_err() && parse_shard("2").is_err());
    }
}
