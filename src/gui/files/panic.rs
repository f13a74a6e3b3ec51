//! Unsaved work within reach of the panic hook: a mistake of ours must not cost the planner theirs.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, Weak};

use super::store::{Fingerprint, Records, Session};
use crate::gui::document::Document;
use crate::plan::Plan;
use crate::plan::file::print;

/// What would be lost if the program ended now.
struct Work {
    plan: Arc<Plan>,
    path: Option<PathBuf>,
    on_disk: Option<Fingerprint>,
    /// It ends with its window, not with this note.
    session: Weak<Session>,
}

static WORK: Mutex<Option<Work>> = Mutex::new(None);

/// Notes what would be lost: the plan as it is, in the middle of a drag too.
pub(in crate::gui) fn note(document: &Document, records: &Records) {
    let work = document.is_dirty().then(|| Work {
        plan: document.plan_arc(),
        path: document.path.clone(),
        on_disk: document.on_disk,
        session: records.session(),
    });
    if let Ok(mut held) = WORK.lock() {
        *held = work;
    }
}

/// Writes the recovery file of unsaved work. For the panic hook: it waits for nobody.
pub fn keep() {
    let Ok(mut held) = WORK.try_lock() else { return };
    // Taken out: a second panic finds nothing half-done.
    let Some(work) = held.take() else { return };
    let Some(session) = work.session.upgrade() else { return };
    if let Err(problem) = session.write(work.path.as_deref(), work.on_disk, &print(&work.plan)) {
        tracing::error!("Unsaved work could not be kept: {problem}");
    }
}
