//! What the bodies of charts are drawn with.

use super::canvas::{Canvas, Type};
use crate::charts::palette::{Rgb, Theme, color_of};
use crate::charts::{Chart, ColorKey};

/// What a chart is drawn into.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Frame {
    /// Pixels across, at 96 per inch.
    pub width: f64,
    /// Pixels down.
    pub height: f64,
    /// Dark theme.
    pub dark: bool,
    /// With the caption (scenario, plan hash, how to read it) at the foot.
    pub caption: bool,
    /// Without ground, title and margins: the window has its own.
    pub bare: bool,
}

/// A rectangle.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Area {
    /// Left.
    pub x: f64,
    /// Top.
    pub y: f64,
    /// Across.
    pub width: f64,
    /// Down.
    pub height: f64,
}

impl Area {
    pub(crate) fn right(&self) -> f64 {
        self.x + self.width
    }

    pub(crate) fn bottom(&self) -> f64 {
        self.y + self.height
    }
}

/// How a legend shows an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    Box,
    Line,
    Dashed,
    Ring,
}

/// An entry of a legend.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Key {
    pub name: String,
    pub color: Rgb,
    pub mark: Mark,
}

/// What a body is drawn with.
pub(crate) struct Pen<'a> {
    pub canvas: Canvas,
    pub chart: &'a Chart,
    pub style: Frame,
    pub theme: Theme,
}

impl Pen<'_> {
    pub(crate) fn color(&self, key: &ColorKey) -> Rgb {
        color_of(key, self.style.dark, &self.chart.order)
    }

    /// Quiet small text.
    pub(crate) fn quiet(&self) -> Type {
        Type::new(SMALL, self.theme.quiet)
    }
}

/// Text of axes and legends, pixels.
pub(crate) const SMALL: f64 = 11.0;
