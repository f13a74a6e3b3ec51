//! Where programs of many futures begin: from where each future ends alone, and from where the hedge of them ends.
//!
//! Both are found once, by whoever needs them first, and rest on the base plan and the hedge alone: so every worker
//! and every machine finds the same.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};

use super::base::{Base, best, is_hot};
use super::met::{Alone, Met, Together};
use super::point::CHAIN;
use crate::hedge::Joint;
use crate::solve::glance::Bases;
use crate::solve::session::Session;
use crate::solve::{self, SolveOptions, Status};

/// Every future alone, each hot from the one before: in chains from the base plan's answer, on as many threads as there are
/// workers.
pub(super) fn alone<'b>(base: &'b Base, all: &[Met], cancel: Option<&Arc<AtomicBool>>) -> &'b [Alone] {
    base.alone.get_or_init(|| {
        let chains: Vec<&[Met]> = all.chunks(CHAIN).collect();
        let workers = rayon::current_num_threads().clamp(1, chains.len().max(1));
        let next = AtomicUsize::new(0);
        let (tell, told) = channel::<(usize, Vec<Alone>)>();
        let work = |tell: Sender<(usize, Vec<Alone>)>| {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let Some(chain) = chains.get(number) else { return };
                if tell.send((number, of_chain(base, chain, cancel))).is_err() {
                    return;
                }
            }
        };
        // Threads of their own: a worker that waits for others of its pool might be given a chain that waits for it.
        std::thread::scope(|scope| {
            for number in 1..workers {
                let (tell, work) = (tell.clone(), &work);
                let started = std::thread::Builder::new().name(format!("alone-{number}")).spawn_scoped(scope, move || work(tell));
                if let Err(error) = started {
                    log::warn!("A thread can't be started ({error}); the others do its work.");
                }
            }
            work(tell);
        });
        let mut found: Vec<(usize, Vec<Alone>)> = told.iter().collect();
        found.sort_by_key(|(number, _)| *number);
        found.into_iter().flat_map(|(_, alone)| alone).collect()
    })
}

fn of_chain(base: &Base, chain: &[Met], cancel: Option<&Arc<AtomicBool>>) -> Vec<Alone> {
    let mut session = base.session(true);
    let mut of = |met: &Met| {
        let program = &met.stated.formulation.program;
        let outcome = best(&mut session, &met.stated, program, cancel);
        let bases = session.bases(&outcome).filter(|_| is_hot(&met.stated, program));
        Alone { outcome, bases }
    };
    chain.iter().map(&mut of).collect()
}

/// Where each future ends alone; nothing where some has no such end.
pub(super) fn ends(base: &Base, all: &[Met], cancel: Option<&Arc<AtomicBool>>) -> Vec<Bases> {
    alone(base, all, cancel).iter().map(|alone| alone.bases.clone()).collect::<Option<_>>().unwrap_or_default()
}

/// The same for those that have one: by cuts each future begins by itself.
pub(super) fn known_ends(base: &Base, all: &[Met], cancel: Option<&Arc<AtomicBool>>) -> Vec<Bases> {
    alone(base, all, cancel).iter().map(|alone| alone.bases.clone().unwrap_or_default()).collect()
}

/// The first future that has no answer of its own.
pub(super) fn without_answer(base: &Base, all: &[Met], cancel: Option<&Arc<AtomicBool>>) -> Option<usize> {
    alone(base, all, cancel).iter().position(|alone| alone.outcome.status != Status::Optimal)
}

/// A program solved from a beginning, from cold where that gives no proof.
pub(super) fn from(beginning: &Bases, joint: &Joint, options: &SolveOptions) -> Together {
    if !beginning.is_empty() {
        let mut session = Session::starting_from(beginning);
        let outcome = session.solve(&joint.program, options.cancel.clone());
        // That there is no answer is found from cold.
        if matches!(outcome.status, Status::Optimal | Status::Stopped { .. }) {
            let bases = session.bases(&outcome);
            return Together { outcome, bases };
        }
    }
    Together { outcome: solve::solve(&joint.program, options), bases: None }
}
