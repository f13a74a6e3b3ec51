//! What happened in this session, for the log panel and for short messages on screen.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, Layer};

use crate::diagnostic::Severity;

/// Most lines kept.
const MAX_LINES: usize = 500;

/// A line of the log.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// How bad it is.
    pub severity: Severity,
    /// What happened.
    pub text: String,
    /// Seconds since the window opened.
    pub at_s: f64,
}

/// The log.
#[derive(Debug, Default)]
pub struct Log {
    /// Lines, the newest last.
    pub lines: VecDeque<Line>,
    /// The message on screen, and until when (seconds since the window opened).
    pub toast: Option<(Line, f64)>,
    now_s: f64,
}

impl Log {
    /// Tells the log the time.
    pub fn tick(&mut self, now_s: f64) {
        self.now_s = now_s;
        if self.toast.as_ref().is_some_and(|(_, until)| *until <= now_s) {
            self.toast = None;
        }
    }

    /// Notes something.
    pub fn note(&mut self, severity: Severity, text: impl Into<String>) {
        self.lines.push_back(Line { severity, text: text.into(), at_s: self.now_s });
        if self.lines.len() > MAX_LINES {
            self.lines.pop_front();
        }
    }

    /// Notes something and shows it for a while.
    pub fn say(&mut self, severity: Severity, text: impl Into<String>) {
        self.note(severity, text);
        let seconds = if severity == Severity::Error { 8.0 } else { 4.0 };
        self.toast = self.lines.back().cloned().map(|line| (line, self.now_s + seconds));
    }

    /// Takes in what other rooms have logged since the last frame.
    pub fn collect(&mut self) {
        let caught: Vec<(Severity, String)> = std::mem::take(&mut *CAUGHT.lock().unwrap_or_else(PoisonError::into_inner));
        for (severity, text) in caught {
            self.note(severity, text);
        }
    }
}

/// Warnings and errors of all rooms, until the window collects them.
static CAUGHT: Mutex<Vec<(Severity, String)>> = Mutex::new(Vec::new());
/// Errors of the dialog library. It answers a missing dialog service exactly like a pressed Cancel;
/// only its log tells the difference.
static DIALOG_ERRORS: AtomicU64 = AtomicU64::new(0);

/// How many errors the dialog library has logged so far.
#[must_use]
pub fn dialog_errors() -> u64 {
    DIALOG_ERRORS.load(Ordering::SeqCst)
}

/// Catches warnings and errors for the log panel; `main` adds it to the subscriber.
#[derive(Clone, Copy, Debug, Default)]
pub struct Catch;

struct Message {
    text: String,
    target: Option<String>,
}

impl Visit for Message {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() == "message" {
            self.text = format!("{value:?}");
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "message" => value.clone_into(&mut self.text),
            "log.target" => self.target = Some(value.to_owned()),
            _ => {}
        }
    }
}

impl<S: tracing::Subscriber> Layer<S> for Catch {
    fn on_event(&self, event: &tracing::Event<'_>, _context: Context<'_, S>) {
        let severity = match *event.metadata().level() {
            tracing::Level::ERROR => Severity::Error,
            tracing::Level::WARN => Severity::Warning,
            _ => return,
        };
        let mut message = Message { text: String::new(), target: None };
        event.record(&mut message);
        let target = message.target.as_deref().unwrap_or(event.metadata().target());
        if target.starts_with("rfd") {
            if severity == Severity::Error {
                DIALOG_ERRORS.fetch_add(1, Ordering::SeqCst);
            }
            // The window says it in its own words.
            return;
        }
        let mut caught = CAUGHT.lock().unwrap_or_else(PoisonError::into_inner);
        if caught.len() < MAX_LINES {
            caught.push((severity, message.text));
        }
    }
}
