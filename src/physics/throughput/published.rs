//! From a row of the catalog to a measurement: its rates of prefill and decode, and the software
//! factor that the roofline would need to reach it.

use std::sync::OnceLock;

use super::choose::{Candidate, Limits, Pools, Speculation, Workload, aggregated, best, split_rates};
use super::constants::Constants;
use super::measured::{Measurement, Origin, OriginRow, RunWay, Sweep, roofline_of};
use super::replica::Replica;
use super::roofline::{Configuration, Layout, Roofline};
use super::sizes::Precision;
use crate::catalog::{BenchmarkKind, Catalog, Chip, MeasuredPoint, ServedModel, Serving, ThroughputRow};

/// A point of a public sweep.
pub(super) fn from_point(chip: &'static Chip, served: &'static ServedModel, point: &'static MeasuredPoint) -> Option<Measurement> {
    let precision = Precision::named(&point.precision)?;
    roofline_of(chip, served, precision, Constants::CALIBRATED)?;
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
        ttft_s: point.ttft_ms / 1e3,
        answer_tok_per_s: point.answer_tok_per_s_per_chip,
        sweep: Some(Sweep {
            chips: point.chips_per_replica,
            batch: point.concurrency,
            engine: point.engine.clone(),
            date: point.date.clone(),
        }),
        words: format!("{} chips per replica, {} requests in flight, {}", point.chips_per_replica, point.concurrency, point.engine),
        source: dated(&point.source, &point.date),
        origin: Origin { chip, served, row: OriginRow::Point(point) },
        way: OnceLock::new(),
    })
}

/// A published rate.
pub(super) fn from_row(
    catalog: &'static Catalog,
    chip: &'static Chip,
    served: &'static ServedModel,
    row: &'static ThroughputRow,
) -> Option<Measurement> {
    let precision = Precision::named(&row.precision)?;
    roofline_of(chip, served, precision, Constants::CALIBRATED)?;
    let workload = Workload::plain(row.prompt_tokens?, row.answer_tokens?);
    let rate = row.answer_tok_per_s_per_chip?;
    // A decoding pool: its prefilling pool is a row of its own.
    let prefill = if row.serving == Serving::Decode { Some(prefill_row(catalog, row)?) } else { None };
    let answer = prefill.map_or(rate, |prefill| 1.0 / (1.0 / rate + workload.prompt_per_answer() / prefill));
    Some(Measurement {
        precision,
        prompt_tokens: workload.prompt_tokens,
        answer_tokens: workload.answer_tokens,
        lengths_recalled: row.lengths_recalled,
        speculation: row.speculation,
        date: row.date.clone(),
        pools: match row.serving {
            Serving::Disaggregated | Serving::Decode => Pools::Two,
            _ => Pools::One,
        },
        independent: !matches!(row.kind, BenchmarkKind::Paper | BenchmarkKind::Production),
        tpot_s: row.tpot_ms.or(row.tpot_limit_ms).map_or(f64::INFINITY, |ms| ms / 1e3),
        ttft_s: row.ttft_ms.map_or(f64::INFINITY, |ms| ms / 1e3),
        answer_tok_per_s: answer,
        sweep: None,
        words: format!("{}: {}", row.kind.label(), row.config),
        source: dated(&row.source, &row.date),
        origin: Origin { chip, served, row: OriginRow::Published(row, prefill) },
        way: OnceLock::new(),
    })
}

/// How the roofline explains a run.
pub(super) fn way_of(run: &Measurement) -> RunWay {
    let Origin { chip, served, row } = run.origin;
    let rate = run.answer_tok_per_s;
    // A run is only made where there is a roofline.
    let Some(roofline) = roofline_of(chip, served, run.precision, Constants::CALIBRATED) else {
        let replica = Replica::one_pool(1.0);
        return RunWay { likely_tpot_s: run.tpot_s, prefill_tok_per_s: rate, decode_tok_per_s: rate, replica, ratio: None };
    };
    match row {
        OriginRow::Point(point) => way_of_point(&roofline, point),
        OriginRow::Published(row, prefill) => way_of_row(&roofline, run, row, prefill),
    }
}

/// The rates of prefill and of decoding whose harmonic sum is a rate that was measured, in the proportion of the
/// roofline at the same chips and requests in flight; `None` where a size or the precision is not known.
#[must_use]
pub fn split_of_a_run(
    chip: &Chip,
    served: &ServedModel,
    precision: &str,
    (prompt_tokens, answer_tokens): (f64, f64),
    (chips, concurrency): (f64, f64),
    answer_tok_per_s: f64,
) -> Option<(f64, f64)> {
    let roofline = roofline_of(chip, served, Precision::named(precision)?, Constants::CALIBRATED)?;
    let workload = Workload::plain(prompt_tokens, answer_tokens);
    let modelled = aggregated(&roofline, Configuration { chips, batch: concurrency.max(1.0), layout: Layout::Tensor }, &workload);
    Some(split_rates(answer_tok_per_s, modelled.prefill_tok_per_s, modelled.decode_tok_per_s, workload.prompt_per_answer()))
}

/// The configuration of a point of a sweep is known, so the roofline is asked for the same.
fn way_of_point(roofline: &Roofline, point: &MeasuredPoint) -> RunWay {
    let workload = Workload::plain(point.prompt_tokens, point.answer_tokens);
    let configuration = Configuration { chips: point.chips_per_replica, batch: point.concurrency, layout: Layout::Tensor };
    let modelled = aggregated(roofline, configuration, &workload);
    let rate = point.answer_tok_per_s_per_chip;
    let (prefill_tok_per_s, decode_tok_per_s) =
        split_rates(rate, modelled.prefill_tok_per_s, modelled.decode_tok_per_s, workload.prompt_per_answer());
    RunWay {
        likely_tpot_s: point.tpot_ms / 1e3,
        prefill_tok_per_s,
        decode_tok_per_s,
        replica: Replica::one_pool(point.chips_per_replica),
        ratio: Some(rate / modelled.answer_tok_per_s),
    }
}

/// The configuration of a published rate is mostly not known and has to be inferred.
fn way_of_row(roofline: &Roofline, run: &Measurement, row: &ThroughputRow, prefill: Option<f64>) -> RunWay {
    let speculation = if row.speculation { Speculation::usual(Catalog::embedded(), &run.origin.served.id) } else { Speculation::NONE };
    let workload = Workload { speculation, ..Workload::plain(run.prompt_tokens, run.answer_tokens) };
    let like = if row.tpot_ms.is_some() && run.pools == Pools::One {
        at_concurrency(roofline, &workload, run.tpot_s, run.answer_tok_per_s)
    } else {
        at_limit(roofline, &workload, run.tpot_s, run.answer_tok_per_s, run.pools)
    };
    let way = like.map_or_else(|| unlimited(roofline, &workload, run.pools), |(_, candidate)| candidate);
    let (prefill_tok_per_s, decode_tok_per_s) = match (prefill, row.answer_tok_per_s_per_chip) {
        (Some(prefill), Some(decode)) => (prefill, decode),
        _ => split_rates(run.answer_tok_per_s, way.prefill_tok_per_s, way.decode_tok_per_s, workload.prompt_per_answer()),
    };
    let ratio = like.map(|(ratio, _)| ratio);
    RunWay {
        likely_tpot_s: if run.tpot_s.is_finite() { run.tpot_s } else { way.tpot_s / ratio.unwrap_or(1.0) },
        prefill_tok_per_s,
        decode_tok_per_s,
        replica: replica_of(row, way),
        ratio,
    }
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
fn unlimited(roofline: &Roofline, workload: &Workload, pools: Pools) -> Candidate {
    let limits = Limits { tpot_s: f64::INFINITY, ttft_s: f64::INFINITY };
    best(roofline, workload, limits, pools).unwrap_or_else(|| {
        let configuration = Configuration { chips: 8.0, batch: 64.0, layout: Layout::Tensor };
        aggregated(roofline, configuration, workload)
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
