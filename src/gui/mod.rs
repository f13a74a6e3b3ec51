//! The window: a workbench where planners sit together before one plan.
//!
//! Panels take a read-only [`document::Document`] and the view's own state, and send what they
//! want done as [`command::Commands`]; only the frame loop in [`app`] changes the document.

pub mod app;
pub mod arithmetic;
pub mod change;
pub mod command;
pub mod defaults;
pub mod dependents;
pub mod dialog;
pub mod dock;
pub mod document;
pub mod files;
pub mod guided;
mod hand;
mod handle;
mod icon;
pub mod job;
pub mod log;
pub mod mend;
pub mod palette;
pub mod panels;
pub mod propose;
pub mod provenance;
pub mod questions;
pub mod reflect;
pub mod roll_form;
pub mod scenario_form;
pub mod scripts;
pub mod sensing;
pub mod series_form;
pub mod templates;
pub mod theme;
pub mod tour;
pub mod versions;
pub mod view;
pub mod welcome;
pub mod whereabouts;
pub mod widgets;
pub mod wizard;

use std::path::PathBuf;

/// Id of the program for the desktop; its settings are kept under this name.
pub const APP_ID: &str = "tokenworks";

/// Opens the window, with a plan if a path is given.
///
/// # Errors
/// If no window can be opened, for example without a display.
pub fn run(path: Option<PathBuf>) -> Result<(), String> {
    // The window's place and look are kept by eframe, in this folder: it is the user's alone before anything is in it.
    if let Some(folder) = eframe::storage_dir(APP_ID)
        && let Err(problem) = crate::disk::create_private_folder(&folder)
    {
        tracing::info!("{problem}");
    }
    let mut viewport = egui::ViewportBuilder::default()
        .with_app_id(APP_ID)
        .with_title("Tokenworks")
        .with_inner_size([1440.0, 900.0])
        .with_min_inner_size([640.0, 480.0])
        .with_drag_and_drop(true);
    if let Some(icon) = icon::icon() {
        viewport = viewport.with_icon(icon);
    }
    let options = eframe::NativeOptions { viewport, persist_window: true, ..eframe::NativeOptions::default() };
    eframe::run_native(APP_ID, options, Box::new(move |context| Ok(Box::new(app::Workbench::new(context, path)))))
        .map_err(|error| format!("The window could not be opened: {error}."))
}
