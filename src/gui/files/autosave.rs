//! Keeps unsaved work off the window's thread: a slow disk must not stop a drag.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use super::store::{self, Fingerprint, Records, Recovery};
use crate::plan::Plan;

/// What the keeper is asked for, in order.
enum Task {
    /// A plan, its path, and what its file held when it was read or saved last.
    Keep(Arc<Plan>, Option<PathBuf>, Option<Fingerprint>),
    Forget(Option<PathBuf>),
    Discard(Recovery),
}

/// The thread that writes recovery files. Dropping it waits until what was asked for is done.
pub struct Keeper {
    tasks: Option<Sender<Task>>,
    thread: Option<JoinHandle<()>>,
}

impl Keeper {
    /// Starts the thread.
    ///
    /// # Errors
    /// If no thread can be started.
    pub fn start(records: Records) -> std::io::Result<Self> {
        let (tasks, waiting) = channel();
        let thread = std::thread::Builder::new().name("keep".into()).spawn(move || work(&records, &waiting))?;
        Ok(Self { tasks: Some(tasks), thread: Some(thread) })
    }

    /// Keeps a plan, so that it survives the end of the program.
    pub fn keep(&self, plan: Arc<Plan>, path: Option<PathBuf>, on_disk: Option<Fingerprint>) {
        self.send(Task::Keep(plan, path, on_disk));
    }

    /// Forgets the kept work of a plan.
    pub fn forget(&self, path: Option<&Path>) {
        self.send(Task::Forget(path.map(Path::to_owned)));
    }

    /// Throws a recovery file away.
    pub fn discard(&self, recovery: Recovery) {
        self.send(Task::Discard(recovery));
    }

    fn send(&self, task: Task) {
        if self.tasks.as_ref().is_none_or(|tasks| tasks.send(task).is_err()) {
            tracing::warn!("Unsaved work can't be kept: its thread has ended.");
        }
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.tasks = None;
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::warn!("Unsaved work could not be kept.");
        }
    }
}

fn work(records: &Records, tasks: &Receiver<Task>) {
    let mut failed = false;
    while let Ok(first) = tasks.recv() {
        let mut waiting: Vec<Task> = std::iter::once(first).chain(tasks.try_iter()).collect();
        // What is kept again, or forgotten, a moment later need not be written first.
        while !waiting.is_empty() {
            let task = waiting.remove(0);
            match task {
                Task::Keep(plan, path, on_disk) => {
                    let later = waiting.iter().any(|task| match task {
                        Task::Keep(_, other, _) | Task::Forget(other) => *other == path,
                        Task::Discard(_) => false,
                    });
                    if later {
                        continue;
                    }
                    let kept = records.keep(&plan, path.as_deref(), on_disk);
                    failed = kept.is_err();
                    if let Err(problem) = kept {
                        tracing::warn!("{problem}");
                    }
                }
                Task::Forget(path) => records.forget(path.as_deref()),
                // What took its place is not there: better twice than never.
                Task::Discard(_) if failed => {}
                Task::Discard(recovery) => store::discard(&recovery),
            }
        }
    }
}
