//! From a row of the catalog to a measurement: its rates of prefill and decode, and the software
//! factor that the roofline would need to reach it.

use super::choose::{Candidate, Limits, Pools, Speculation, Workload, aggregated, best, split_rates};
use super::constants::Constants;
use super::measured::{Measurement, Sweep, roofline_of};
use super::replica::Replica;
use super::roofline::{Configuration, Layout, Roofline};
use super::sizes::Precision;
use crate::catalog::{BenchmarkKind, Catalog, Chip, MeasuredPoint, ServedModel, Serving, ThroughputRow};

/// A point of a public sweep: its configuration is known, so the roofline is asked for the same.
pub(super) fn from_point(chip: &Chip, served: &ServedModel, point: &MeasuredPoint) -> Option<Measurement> {
    let precision = Precision::named(&point.precision)?;
    let roofline = roofline_of(chip, served, precision, Constants::CALIBRATED)?;
    let workload = Workload::plain(point.prompt_tokens, point.answer_tokens);
    let configuration = Configuration { chips: point.chips_per_replica, batch: point.concurrency, layout: Layout::Tensor };
    let modelled = aggregated(&roofline, configuration, &workload);
    let (prefill_tok_per_s, decode_tok_per_s) =
        split_rates(point.answer_tok_per_s_per_chip, modelled.prefill_tok_per_s, modelled.decode_tok_per_s, workload.prompt_per_answer());
    Some(Measurement {
        precision,
        prompt_tokens: point.prompt_tokens,
        answer_tokens: point.answer_tokens,
        lengths_recalled: false,
        speculation: false,
        date: point.date.clone(),
        pools: Pools::One,
        independent: true,
        tpot_s: point.tpot_ms / 1e3,
        likely_tpot_s: point.tpot_ms / 1e3,
        ttft_s: point.ttft_ms / 1e3,
        answer_tok_per_s: point.answer_tok_per_s_per_chip,
        prefill_tok_per_s,
        decode_tok_per_s,
        replica: Replica::one_pool(point.chips_per_replica),
        sweep: Some(Sweep {
            chips: point.chips_per_replica,
            batch: point.concurrency,
            engine: point.engine.clone(),
            date: point.date.clone(),
        }),
        ratio: Some(point.answer_tok_per_s_per_chip / modelled.answer_tok_per_s),
        words: format!("{} chips per replica, {} requests in flight, {}", point.chips_per_replica, point.concurrency, point.engine),
        source: dated(&point.source, &point.date),
    })
}

/// A published rate: its configuration is mostly not known and has to be inferred.
pub(super) fn from_row(catalog: &Catalog, chip: &Chip, served: &ServedModel, row: &ThroughputRow) -> Option<Measurement> {
    let precision = Precision::named(&row.precision)?;
    let roofline = roofline_of(chip, served, precision, Constants::CALIBRATED)?;
    let speculation = if row.speculation { Speculation::usual(catalog, &served.id) } else { Speculation::NONE };
    let workload = Workload { speculation, ..Workload::plain(row.prompt_tokens?, row.answer_tokens?) };
    let tpot_s = row.tpot_ms.or(row.tpot_limit_ms).map_or(f64::INFINITY, |ms| ms / 1e3);
    let pools = match row.serving {
        Serving::Disaggregated | Serving::Decode => Pools::Two,
        _ => Pools::One,
    };
    let rate = row.answer_tok_per_s_per_chip?;
    let published = if row.serving == Serving::Decode {
        // A decoding pool: its prefilling pool is a row of its own.
        let prefill = prefill_row(catalog, row)?;
        let answer = 1.0 / (1.0 / rate + workload.prompt_per_answer() / prefill);
        Some((answer, prefill, rate))
    } else {
        None
    };
    let answer = published.map_or(rate, |(answer, _, _)| answer);
    let like = if row.tpot_ms.is_some() && pools == Pools::One {
        at_concurrency(&roofline, &workload, tpot_s, answer)
    } else {
        at_limit(&roofline, &workload, tpot_s, answer, pools)
    };
    let replica = replica_of(row, like.map(|(_, candidate)| candidate).or_else(|| unlimited(&roofline, &workload, pools))?);
    let (answer, prefill, decode) = published.or_else(|| {
        let like = like.map(|(_, candidate)| candidate).or_else(|| unlimited(&roofline, &workload, pools))?;
        let (prefill, decode) = split_rates(rate, like.prefill_tok_per_s, like.decode_tok_per_s, workload.prompt_per_answer());
        Some((rate, prefill, decode))
    })?;
    let ratio = like.map(|(ratio, _)| ratio);
    let likely_tpot_s =
        like.map(|(ratio, candidate)| candidate.tpot_s / ratio).or_else(|| unlimited(&roofline, &workload, pools).map(|any| any.tpot_s))?;
    Some(Measurement {
        precision,
        prompt_tokens: workload.prompt_tokens,
        answer_tokens: workload.answer_tokens,
        lengths_recalled: row.lengths_recalled,
        speculation: row.speculation,
        date: row.date.clone(),
        pools,
        independent: !matches!(row.kind, BenchmarkKind::Paper | BenchmarkKind::Production),
        tpot_s,
        likely_tpot_s: if tpot_s.is_finite() { tpot_s } else { likely_tpot_s },
        ttft_s: row.ttft_ms.map_or(f64::INFINITY, |ms| ms / 1e3),
        answer_tok_per_s: answer,
        prefill_tok_per_s: prefill,
        decode_tok_per_s: decode,
        replica,
        sweep: None,
        ratio,
        words: format!("{}: {}", row.kind.label(), row.config),
        source: dated(&row.source, &row.date),
    })
}

/// The chips of a published row: those that it states, else those of the roofline's way to the same
/// rate, within the system that was measured.
fn replica_of(row: &ThroughputRow, like: Candidate) -> Replica {
    if let Some(chips) = row.chips_per_replica {
        return Replica::one_pool(chips);
    }
    let inferred = like.replica();
    match row.chips_in_system {
        Some(system) if system < inferred.chips() => Replica::one_pool(system),
        _ => inferred,
    }
}

/// The software factor of an aggregated row whose time per token was measured. By Little's law
/// rate times time per token is the number of requests in flight per chip; at that number the
/// roofline's best replica has a time per token to compare with.
fn at_concurrency(roofline: &Roofline, workload: &Workload, tpot_s: f64, answer_tok_per_s: f64) -> Option<(f64, Candidate)> {
    let requests_per_chip = answer_tok_per_s * tpot_s;
    let fastest = |layout: Layout| {
        [1.0, 2.0, 4.0, 8.0]
            .into_iter()
            .filter(|&chips| chips <= roofline.chip.domain_chips)
            .map(|chips| Configuration { chips, batch: (requests_per_chip * chips).max(1.0), layout })
            .filter(|&configuration| roofline.fits(configuration, workload.longest_context_tokens()))
            .map(|configuration| aggregated(roofline, configuration, workload))
            .min_by(|left, right| left.tpot_s.total_cmp(&right.tpot_s))
    };
    // Attention is replicated only where caches would not fit otherwise.
    fastest(Layout::Tensor)
        .or_else(|| fastest(Layout::Expert).filter(|_| roofline.served.has_experts()))
        .map(|candidate| (candidate.tpot_s / tpot_s, candidate))
}

/// The software factor `f` with which the roofline, under the same limit, reaches the published
/// rate: `f · best(limit · f) = rate`, found by bisection (the left side grows with `f`).
pub(super) fn at_limit(
    roofline: &Roofline,
    workload: &Workload,
    tpot_s: f64,
    answer_tok_per_s: f64,
    pools: Pools,
) -> Option<(f64, Candidate)> {
    let at = |factor: f64| {
        let limits = Limits { tpot_s: tpot_s * factor, ttft_s: f64::INFINITY };
        best(roofline, workload, limits, pools)
    };
    let reached = |factor: f64| at(factor).map_or(0.0, |candidate| factor * candidate.answer_tok_per_s);
    let (mut low, mut high) = (0.05_f64, 20.0_f64);
    if reached(high) < answer_tok_per_s {
        return None;
    }
    for _ in 0..20 {
        let middle = (low * high).sqrt();
        if reached(middle) < answer_tok_per_s {
            low = middle;
        } else {
            high = middle;
        }
    }
    at(high).map(|candidate| (high, candidate))
}

/// Any way to serve, limits aside: its proportion of prefill to decode is all that is needed.
fn unlimited(roofline: &Roofline, workload: &Workload, pools: Pools) -> Option<Candidate> {
    let limits = Limits { tpot_s: f64::INFINITY, ttft_s: f64::INFINITY };
    best(roofline, workload, limits, pools).or_else(|| {
        let configuration = Configuration { chips: 8.0, batch: 64.0, layout: Layout::Tensor };
        Some(aggregated(roofline, configuration, workload))
    })
}

/// Prompt tokens per second and chip of the prefilling pool published beside a decoding pool.
fn prefill_row(catalog: &Catalog, decode: &ThroughputRow) -> Option<f64> {
    catalog
        .throughput()
        .iter()
        .find(|row| {
            row.serving == Serving::Prefill && row.chip == decode.chip && row.served_model == decode.served_model && row.kind == decode.kind
        })?
        .total_tok_per_s_per_chip
}

fn dated(source: &str, date: &str) -> String {
    if date.is_empty() { source.to_owned() } else { format!("{source}, {date}") }
}
