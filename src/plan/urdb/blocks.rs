//! Blocks of a rate as a plan can have them: reached in turn, never cheaper than the one before.

use super::schedule::Cells;

/// A block of energy or demand: its end, its rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Block {
    /// Its end, kWh or kW; the last has none.
    pub up_to: Option<f64>,
    /// $ per kWh or kW.
    pub rate: f64,
}

/// Blocks that are reached: each ends after the one before, and only the last may be without an end.
pub(super) fn reached(blocks: Vec<Block>, what: &str, left_out: &mut Vec<String>) -> Vec<Block> {
    let count = blocks.len();
    let mut kept: Vec<Block> = Vec::new();
    let mut before = 0.0;
    for block in blocks {
        let is_open = kept.last().is_some_and(|last| last.up_to.is_none());
        if is_open || block.up_to.is_some_and(|end| end <= before) {
            continue;
        }
        before = block.up_to.unwrap_or(before);
        kept.push(block);
    }
    if kept.len() < count {
        left_out.push(format!("{what}: {} of its {count} blocks are never reached by their ends and were left out.", count - kept.len()));
    }
    kept
}

/// Says of the periods that a schedule names and the record has no rates for.
pub(super) fn unpriced(cells: &Cells, periods: usize, what: &str, left_out: &mut Vec<String>) {
    let beyond: Vec<String> = cells.periods().into_iter().filter(|period| *period >= periods).map(|period| period.to_string()).collect();
    if !beyond.is_empty() {
        left_out.push(format!(
            "The schedule of {what} names period {}, for which there are no rates: its hours are charged nothing.",
            beyond.join(" and ")
        ));
    }
}

/// Blocks that get cheaper become their last price, which is what a load beyond them pays for one more.
pub(super) fn rising(blocks: &[Block], what: &str, unit: &str, left_out: &mut Vec<String>) -> Vec<Block> {
    if blocks.windows(2).all(|pair| matches!(pair, [before, after] if after.rate >= before.rate - 1e-12)) {
        return blocks.to_vec();
    }
    let last = blocks.last().map_or(0.0, |block| block.rate);
    let mut before = 0.0;
    let mut more = 0.0;
    for block in blocks {
        if let Some(up_to) = block.up_to {
            more += (block.rate - last) * (up_to - before);
            before = up_to;
        }
    }
    // To the cent.
    let more = (more * 100.0).round() / 100.0;
    left_out.push(format!(
        "{what}: blocks that get cheaper can't be part of a linear plan; the last block's rate of {last} $/{unit} holds for all. A load that always goes beyond {before} {unit} pays {more} $ a month more: add it to the fixed fee."
    ));
    vec![Block { up_to: None, rate: last }]
}
