//! What panels ask for with data, collected over a frame.

use std::path::PathBuf;

use super::{Decision, Export, UiCommand};
use crate::charts::Selection;
use crate::gui::change::{Edit, Stroke};
use crate::plan::node::quoted;

/// A question that takes solves of its own.
#[derive(Clone, Debug, PartialEq)]
pub enum Question {
    /// Why is this part of the plan not used?
    WhyNot {
        /// Its path: `chips.h100`, `sites.abilene`.
        path: String,
    },
    /// What would it take to make this many answer tokens a year?
    WhatWouldItTake {
        /// Ttok per year.
        ttok_per_year: f64,
    },
    /// What is power of the grid worth a period earlier?
    Earlier,
    /// What does it cost if this decision is a period late?
    Late {
        /// Its place among the answer's decisions.
        index: usize,
    },
}

/// What a panel asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// Runs a command.
    Run(UiCommand),
    /// Changes the plan.
    Edit(Edit, Stroke),
    /// Changes the plan in several places as one undo step with this name.
    Batch(String, Vec<Edit>),
    /// Ends a drag.
    EndDrag,
    /// Asks for a file with a series, for this profile or for a new one.
    BrowseSeries(Option<String>),
    /// Selects a part of the plan.
    Select(String),
    /// Selects and puts the keyboard on a field.
    GoTo(String),
    /// Solves a scenario that is not on screen, to compare it.
    SolveBeside(String),
    /// Shows a centre panel by name.
    ShowPanel(&'static str),
    /// Shows one chart over the whole results panel.
    Enlarge(&'static str, Selection),
    /// Picks a scenario, empty for the base plan.
    PickScenario(String),
    /// Opens a file.
    OpenPath(PathBuf),
    /// Replaces the plan with this text, as a new plan without a file.
    NewFromText {
        /// What it is called in the log.
        name: String,
        /// Plan text.
        text: String,
    },
    /// Reads this text in place of the one that could not be read.
    ReadText(String),
    /// Does what the planner decided.
    Decide(Decision),
    /// Makes a file of a chart or the report, or copies a picture.
    Export(Export),
    /// Asks a question that takes solves of its own.
    Ask(Question),
    /// Starts trying which inputs matter most, or stops it.
    Sense(bool),
    /// Shows a short message.
    Say(String),
}

/// What the panels of this frame asked for, in order.
#[derive(Debug, Default)]
pub struct Commands {
    requests: Vec<Request>,
}

impl Commands {
    /// Runs a command.
    pub fn run(&mut self, command: UiCommand) {
        self.requests.push(Request::Run(command));
    }

    /// Asks for something.
    pub fn send(&mut self, request: Request) {
        self.requests.push(request);
    }

    /// Writes RON text in the place of a value: one undo step.
    pub fn set(&mut self, path: impl Into<String>, text: impl Into<String>) {
        self.send(Request::Edit(Edit::set(path, text), Stroke::Once));
    }

    /// Writes a number in the place of a value: one undo step.
    pub fn set_number(&mut self, path: impl Into<String>, value: f64) {
        self.set(path, format!("{value:?}"));
    }

    /// Writes text (it is quoted here) in the place of a value: one undo step.
    pub fn set_text(&mut self, path: impl Into<String>, text: &str) {
        self.set(path, quoted(text));
    }

    /// A step of a drag; [`Commands::end_drag`] closes the undo step.
    pub fn drag(&mut self, path: impl Into<String>, text: impl Into<String>) {
        self.send(Request::Edit(Edit::set(path, text), Stroke::Dragging));
    }

    /// Ends a drag.
    pub fn end_drag(&mut self) {
        self.send(Request::EndDrag);
    }

    /// Adds an entry (RON text) to a map.
    pub fn add(&mut self, map: impl Into<String>, id: impl Into<String>, text: impl Into<String>) {
        self.send(Request::Edit(Edit::insert(map, id, text), Stroke::Once));
    }

    /// Removes an entry.
    pub fn remove(&mut self, path: impl Into<String>) {
        self.send(Request::Edit(Edit::remove(path), Stroke::Once));
    }

    /// Selects a part of the plan.
    pub fn select(&mut self, path: impl Into<String>) {
        self.send(Request::Select(path.into()));
    }

    /// Selects and puts the keyboard on a field.
    pub fn go_to(&mut self, path: impl Into<String>) {
        self.send(Request::GoTo(path.into()));
    }

    /// Shows a short message.
    pub fn say(&mut self, text: impl Into<String>) {
        self.send(Request::Say(text.into()));
    }

    /// Takes everything asked for.
    #[must_use]
    pub fn take(&mut self) -> Vec<Request> {
        std::mem::take(&mut self.requests)
    }
}
