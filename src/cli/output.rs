//! Where words go: data to stdout, notes to stderr. A reader that has gone away is no error.

use std::borrow::Cow;
use std::io::{ErrorKind, IsTerminal as _, Write};

use clap::ValueEnum;

use super::failure::{Ended, Failure};
use crate::plan::scan;

/// How words and numbers are written where there are two ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    Text,
    /// For machines
    Json,
}

/// Writes data to stdout, with a newline at the end.
pub(super) fn data(text: &str) -> Ended {
    let mut stdout = std::io::stdout().lock();
    // A file or a pipe gets the bytes as they are.
    let text = if stdout.is_terminal() { scan::visible(text) } else { Cow::Borrowed(text) };
    let written = stdout.write_all(text.as_bytes()).and_then(|()| if text.ends_with('\n') { Ok(()) } else { stdout.write_all(b"\n") });
    match written.and_then(|()| stdout.flush()) {
        // `tokenworks … | head` has read what it wanted.
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::World(format!("The output could not be written: {error}."))),
        _ => Ok(()),
    }
}

/// Writes a line to stderr; if that is closed there is nobody to tell. Names of files and words of
/// others are in it: what a terminal would obey is shown instead.
pub(super) fn note(line: &str) {
    rendered(&scan::visible(line));
}

/// Writes a line whose colours are ours and whose words have been made visible.
pub(super) fn rendered(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// Where the log is written: stderr, with what a terminal would obey shown.
#[derive(Debug)]
pub struct Log;

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        // A line comes as a whole.
        let line = String::from_utf8_lossy(bytes);
        std::io::stderr().lock().write_all(scan::visible(&line).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        std::io::stderr().flush()
    }
}

/// Writes JSON to stdout.
pub(super) fn json(value: &impl serde::Serialize) -> Ended {
    let text = serde_json::to_string_pretty(value).map_err(|error| Failure::world(&error))?;
    data(&text)
}
