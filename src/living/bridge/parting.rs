//! How a change is parted among groups of inputs: which have to change together, and what each brings.

use std::collections::HashMap;

use rayon::prelude::*;

/// Groups that change together.
pub(super) type Block = Vec<usize>;

/// Most blocks whose every mixture is solved.
pub(super) const MOST_MIXED: usize = 6;

/// What the blocks bring.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Parted {
    /// Blocks and the change each brings, in the order of the plan.
    pub(super) blocks: Vec<(Block, f64)>,
    /// Whether they are Shapley shares; otherwise each in its turn.
    pub(super) shares: bool,
}

/// Parts a change. `is_plan` says of some groups taken from the second plan, all others from the first, whether that is a plan
/// at all; `value` what the figure then is, none where there is no answer.
///
/// What the one plan names and the other does not have (a site, a product) can change only together with what names it: such
/// groups are one block. So are those of which some mixture has no answer.
pub(super) fn parted(
    groups: &[usize],
    (first, last): (f64, f64),
    is_plan: &(dyn Fn(&[usize]) -> bool + Sync),
    value: &(dyn Fn(&[usize]) -> Option<f64> + Sync),
) -> Parted {
    let alone: Vec<Block> = groups.iter().map(|group| vec![*group]).collect();
    let blocks = merged(alone, &|groups| is_plan(groups));
    if blocks.len() > MOST_MIXED {
        return Parted { blocks: in_turn(blocks, first, last, value), shares: false };
    }
    // Every mixture is solved once; the ends are known.
    let all = 1_usize << blocks.len();
    let values: HashMap<Vec<usize>, Option<f64>> = (0..all)
        .into_par_iter()
        .map(|mixture| {
            let taken = union(&blocks, mixture);
            let value = match mixture {
                0 => Some(first),
                mixture if mixture + 1 == all => Some(last),
                _ => value(&taken),
            };
            (taken, value)
        })
        .collect();
    let known = |groups: &[usize]| values.get(groups).copied().flatten();
    let blocks = merged(blocks, &|groups| known(groups).is_some());
    Parted { blocks: shapley(blocks, &|groups| known(groups).unwrap_or(first)), shares: true }
}

/// The groups of those blocks that a mixture takes, in order.
fn union(blocks: &[Block], mixture: usize) -> Vec<usize> {
    let taken = blocks.iter().enumerate().filter(|(place, _)| mixture >> place & 1 == 1);
    let mut groups: Vec<usize> = taken.flat_map(|(_, block)| block.iter().copied()).collect();
    groups.sort_unstable();
    groups
}

/// Blocks merged two by two, those first that leave the fewest mixtures out, until every mixture is one that `is_one` takes. Of all
/// groups together and of none it is taken for granted.
fn merged(mut blocks: Vec<Block>, is_one: &dyn Fn(&[usize]) -> bool) -> Vec<Block> {
    let mut known: HashMap<Vec<usize>, bool> = HashMap::new();
    let mut wrong = |blocks: &[Block]| -> usize {
        let all = 1_usize << blocks.len();
        let is_wrong = |mixture: &usize| {
            let groups = union(blocks, *mixture);
            !*known.entry(groups).or_insert_with_key(|groups| is_one(groups))
        };
        (1..all.saturating_sub(1)).filter(is_wrong).count()
    };
    while wrong(&blocks) > 0 {
        let mut best: Option<(usize, Vec<Block>)> = None;
        for one in 0..blocks.len() {
            for other in one + 1..blocks.len() {
                let mut tried = blocks.clone();
                let more = tried.remove(other);
                if let Some(block) = tried.get_mut(one) {
                    block.extend(more);
                }
                let left = wrong(&tried);
                if best.as_ref().is_none_or(|(fewest, _)| left < *fewest) {
                    best = Some((left, tried));
                }
            }
        }
        match best {
            Some((_, tried)) => blocks = tried,
            None => break,
        }
    }
    blocks
}

/// Shapley shares of blocks.
fn shapley(blocks: Vec<Block>, value: &dyn Fn(&[usize]) -> f64) -> Vec<(Block, f64)> {
    let count = blocks.len();
    let all = 1_usize << count;
    let values: Vec<f64> = (0..all).map(|mixture| value(&union(&blocks, mixture))).collect();
    let factorial = |number: usize| (1..=number).map(|factor| factor as f64).product::<f64>();
    let share = |place: usize| -> f64 {
        (0..all)
            .filter(|mixture| mixture >> place & 1 == 0)
            .map(|mixture| {
                let others = mixture.count_ones() as usize;
                let weight = factorial(others) * factorial(count - others - 1) / factorial(count);
                weight * (values[mixture | 1 << place] - values[mixture])
            })
            .sum()
    };
    let shares: Vec<f64> = (0..count).map(share).collect();
    blocks.into_iter().zip(shares).collect()
}

/// One block after the other; what has no answer yet goes with the next that has.
fn in_turn(blocks: Vec<Block>, first: f64, last: f64, value: &dyn Fn(&[usize]) -> Option<f64>) -> Vec<(Block, f64)> {
    let count = blocks.len();
    let (mut before, mut taken, mut waiting) = (first, Vec::new(), Block::new());
    let mut parts = Vec::new();
    for (place, block) in blocks.into_iter().enumerate() {
        taken.extend(block.iter().copied());
        taken.sort_unstable();
        waiting.extend(block);
        let Some(now) = (if place + 1 == count { Some(last) } else { value(&taken) }) else { continue };
        parts.push((std::mem::take(&mut waiting), now - before));
        before = now;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(parted: &Parted) -> Vec<(&[usize], f64)> {
        parted.blocks.iter().map(|(block, change)| (block.as_slice(), *change)).collect()
    }

    /// Group 2 can't change without 0; what is left is parted between the two of them together, and 1.
    #[test]
    fn what_names_something_changes_with_it() {
        let is_plan = |groups: &[usize]| groups.contains(&0) == groups.contains(&2);
        let value = |groups: &[usize]| Some(groups.iter().map(|group| [10.0, 1.0, 5.0][*group]).sum::<f64>());
        let found = parted(&[0, 1, 2], (0.0, 16.0), &is_plan, &value);
        assert!(found.shares);
        assert_eq!(names(&found), [([0, 2].as_slice(), 15.0), ([1].as_slice(), 1.0)]);
    }

    /// Where a mixture has no answer its groups are one, and only they.
    #[test]
    fn what_has_no_answer_apart_changes_together() {
        let value = |groups: &[usize]| (groups != [1] && groups != [1, 3]).then(|| groups.iter().map(|group| *group as f64).sum::<f64>());
        let found = parted(&[0, 1, 3], (0.0, 4.0), &|_| true, &value);
        assert!(found.shares);
        assert_eq!(names(&found), [([0, 1].as_slice(), 1.0), ([3].as_slice(), 3.0)]);
        let none = parted(&[0, 1, 3], (1.0, 4.0), &|_| true, &|_| None);
        assert_eq!(names(&none), [([0, 1, 3].as_slice(), 3.0)]);
        assert_eq!(parted(&[], (1.0, 1.0), &|_| true, &|_| None).blocks, []);
    }

    /// With more than six it goes by turns, and what has no answer yet goes with the next.
    #[test]
    fn many_go_by_turns() {
        let value = |groups: &[usize]| (groups.len() != 2).then_some(groups.len() as f64);
        let found = parted(&[0, 1, 2, 3, 4, 5, 6], (0.0, 7.0), &|_| true, &value);
        assert!(!found.shares);
        assert_eq!(names(&found)[..3], [([0].as_slice(), 1.0), ([1, 2].as_slice(), 2.0), ([3].as_slice(), 1.0)]);
    }
}
