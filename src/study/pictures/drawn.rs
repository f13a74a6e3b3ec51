//! What the pictures of studies share.

use crate::charts::frame::{Words, chart, empty};
use crate::charts::{Axis, Body, Chart, ColorKey, Point, Trace};
use crate::results::Results;
use crate::study::engine::{Record, Run};
use crate::study::summary::SHOWN;

/// What the pictures of a study share.
pub(super) struct Drawn<'r> {
    /// The base plan's answer: names, colours, what is planned.
    pub results: Results,
    /// The run.
    pub run: &'r Run,
    /// What came of it.
    pub records: &'r [Record],
    /// What was run, in a sentence for the caption.
    pub about: String,
}

impl Drawn<'_> {
    pub(super) fn chart(
        &self,
        name: &'static str,
        title: String,
        subtitle: String,
        reading: &str,
        (x, y): (Axis, Axis),
        body: Body,
    ) -> Chart {
        let reading = format!("{reading} {}", self.about);
        chart(&self.results, Words { name, title, subtitle, reading: reading.trim() }, x, y, body)
    }

    pub(super) fn empty(&self, name: &'static str, title: &str, reason: &str) -> Chart {
        empty(&self.results, name, title, reason)
    }

    /// A key figure of the base plan.
    pub(super) fn planned(&self, figure: &str) -> Option<f64> {
        crate::study::engine::Reduced::of(&self.results).kpi(figure)
    }
}

/// The key figures that most pictures show: name, title, unit.
pub(super) fn figures() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    SHOWN.into_iter().take(2)
}

pub(super) fn trace(name: impl Into<String>, color: ColorKey, points: Vec<Point>, scattered: bool) -> Trace {
    Trace { name: name.into(), color, points, scattered, stepped: false }
}
