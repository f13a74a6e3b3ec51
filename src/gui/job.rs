//! Work beside the window: one thread, one answer, and a way to let it go.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, TryRecvError, channel};

/// Deep plans are solved on the stack of their thread.
const STACK_BYTES: usize = 16 << 20;

/// An answer on its way. Let go (dropped), it is told to stop.
pub struct Job<T> {
    answer: Receiver<T>,
    cancel: Arc<AtomicBool>,
}

/// What the work itself can ask: whether to stop, and that the window draws again.
pub struct Task {
    /// True once nobody waits any more.
    pub cancel: Arc<AtomicBool>,
    wake: Box<dyn Fn() + Send>,
}

impl Task {
    /// Draws the window again, for progress that can be seen.
    pub fn wake(&self) {
        (self.wake)();
    }
}

impl Drop for Task {
    /// The window looks for the answer, also after a panic.
    fn drop(&mut self) {
        self.wake();
    }
}

/// The work ended without an answer: it panicked, and the log says where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lost;

impl<T: Send + 'static> Job<T> {
    /// Starts work on a thread of this name; `wake` is called when the answer is there.
    ///
    /// # Errors
    /// The system's words, if no thread can be started.
    pub fn start(
        name: &str,
        wake: impl Fn() + Send + 'static,
        work: impl FnOnce(&Task) -> T + Send + 'static,
    ) -> Result<Self, std::io::Error> {
        let (sender, answer) = channel();
        let cancel = Arc::new(AtomicBool::new(false));
        let task = Task { cancel: Arc::clone(&cancel), wake: Box::new(wake) };
        let run = move || {
            // The sender goes before the task does: whoever is woken finds the end.
            let task = task;
            let sender = sender;
            let made = work(&task);
            // Nobody may be listening any more.
            _ = sender.send(made);
        };
        std::thread::Builder::new().name(name.to_owned()).stack_size(STACK_BYTES).spawn(run)?;
        Ok(Self { answer, cancel })
    }

    /// The answer of the job in a slot, once it is there; the slot is free then.
    ///
    /// # Errors
    /// [`Lost`] inside, if the work ended without an answer.
    pub fn poll(slot: &mut Option<Self>) -> Option<Result<T, Lost>> {
        let outcome = match slot.as_ref()?.answer.try_recv() {
            Ok(answer) => Ok(answer),
            Err(TryRecvError::Empty) => return None,
            Err(TryRecvError::Disconnected) => Err(Lost),
        };
        *slot = None;
        Some(outcome)
    }
}

impl<T> Job<T> {
    /// Asks the work to stop; its answer may still come.
    pub fn stop(&self) {
        self.cancel.store(true, Ordering::Relaxed);
    }

    /// Whether it was asked to stop.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.cancel.load(Ordering::Relaxed)
    }
}

impl<T> Drop for Job<T> {
    fn drop(&mut self) {
        self.stop();
    }
}

impl<T> fmt::Debug for Job<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Job").field("stopped", &self.is_stopped()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait<T: Send + 'static>(slot: &mut Option<Job<T>>) -> Result<T, Lost> {
        loop {
            if let Some(outcome) = Job::poll(slot) {
                return outcome;
            }
            std::thread::yield_now();
        }
    }

    #[test]
    fn an_answer_comes_once_and_wakes() {
        let (woken, wakes) = channel();
        let mut slot = Some(Job::start("sum", move || _ = woken.send(()), |_| 2 + 2).unwrap());
        assert_eq!(wait(&mut slot), Ok(4));
        assert!(slot.is_none());
        wakes.recv().unwrap();
    }

    #[test]
    fn work_that_panics_is_lost_not_awaited_forever() {
        let mut slot = Some(Job::start("boom", || {}, |_| -> i32 { std::panic::resume_unwind(Box::new("boom")) }).unwrap());
        assert_eq!(wait(&mut slot), Err(Lost));
    }

    #[test]
    fn work_that_is_let_go_is_told() {
        let (told, tells) = channel();
        let job = Job::start(
            "wait",
            || {},
            move |task| {
                while !task.cancel.load(Ordering::Relaxed) {
                    std::thread::yield_now();
                }
                _ = told.send(());
            },
        );
        drop(job.unwrap());
        tells.recv().unwrap();
    }
}
