//! SVG as text: every number rounded, every string escaped, nothing fetched from outside.

use std::fmt::Write;

use crate::charts::palette::{Rgb, hex};

use super::measure::text_width;

/// Where text is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    /// Left end.
    Start,
    /// Middle.
    Middle,
    /// Right end.
    End,
}

/// How text is set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Type {
    /// Pixels.
    pub size: f64,
    /// Semibold.
    pub semibold: bool,
    /// Colour.
    pub color: Rgb,
    /// Where it is held.
    pub anchor: Anchor,
}

impl Type {
    /// Regular text held at its left end.
    pub(crate) fn new(size: f64, color: Rgb) -> Self {
        Self { size, semibold: false, color, anchor: Anchor::Start }
    }

    /// Held elsewhere.
    pub(crate) fn held(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }

    /// Semibold.
    pub(crate) fn bold(self) -> Self {
        Self { semibold: true, ..self }
    }
}

/// A line's look.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stroke {
    /// Colour.
    pub color: Rgb,
    /// Pixels.
    pub width: f64,
    /// Dashed.
    pub dashed: bool,
}

impl Stroke {
    /// A solid line.
    pub(crate) fn new(color: Rgb, width: f64) -> Self {
        Self { color, width, dashed: false }
    }
}

/// Elements of an SVG as they are drawn.
#[derive(Debug, Default)]
pub(crate) struct Canvas {
    out: String,
}

/// Escapes text for XML; characters that XML can't hold are left out.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => {}
            letter => out.push(letter),
        }
    }
    out
}

/// A coordinate with at most two decimals.
pub(crate) fn number(value: f64) -> String {
    if !value.is_finite() {
        return "0".into();
    }
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".into() } else { text.into() }
}

/// A path through points, closed if `closed`.
pub(crate) fn path_of(points: &[(f64, f64)], closed: bool) -> String {
    let mut data = String::new();
    for (index, (x, y)) in points.iter().enumerate() {
        let _ = write!(data, "{}{} {}", if index == 0 { 'M' } else { 'L' }, number(*x), number(*y));
    }
    if closed {
        data.push('Z');
    }
    data
}

impl Canvas {
    /// A rectangle with rounded corners.
    pub(crate) fn rect(&mut self, x: f64, y: f64, width: f64, height: f64, radius: f64, fill: Rgb) {
        if width <= 0.0 || height <= 0.0 {
            return;
        }
        let _ = write!(self.out, "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"", number(x), number(y), number(width), number(height));
        if radius > 0.0 {
            let _ = write!(self.out, " rx=\"{}\"", number(radius.min(width / 2.0).min(height / 2.0)));
        }
        let _ = writeln!(self.out, " fill=\"{}\"/>", hex(fill));
    }

    /// A straight line.
    pub(crate) fn line(&mut self, from: (f64, f64), to: (f64, f64), stroke: Stroke) {
        self.stroke(&path_of(&[from, to], false), stroke);
    }

    /// A path that is stroked.
    pub(crate) fn stroke(&mut self, data: &str, stroke: Stroke) {
        let _ =
            write!(self.out, "<path d=\"{data}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}\"", hex(stroke.color), number(stroke.width));
        if stroke.dashed {
            self.out.push_str(" stroke-dasharray=\"5 3\"");
        }
        self.out.push_str(" stroke-linejoin=\"round\"/>\n");
    }

    /// A path that is filled by the even-odd rule.
    pub(crate) fn fill(&mut self, data: &str, fill: Rgb, opacity: f64) {
        let _ = write!(self.out, "<path d=\"{data}\" fill=\"{}\" fill-rule=\"evenodd\"", hex(fill));
        if opacity < 1.0 {
            let _ = write!(self.out, " fill-opacity=\"{}\"", number(opacity));
        }
        self.out.push_str("/>\n");
    }

    /// A disc with a rim.
    pub(crate) fn disc(&mut self, (x, y): (f64, f64), radius: f64, fill: Rgb, rim: Stroke) {
        let _ = writeln!(
            self.out,
            "<circle cx=\"{}\" cy=\"{}\" r=\"{}\" fill=\"{}\" stroke=\"{}\" stroke-width=\"{}\"/>",
            number(x),
            number(y),
            number(radius),
            hex(fill),
            hex(rim.color),
            number(rim.width)
        );
    }

    /// Text on a base line.
    pub(crate) fn text(&mut self, x: f64, y: f64, look: Type, text: &str) {
        self.spans(x, y, look, &[(text, look)]);
    }

    /// Text on a veil of the colour behind it, to stand on lines and areas. (An outline of the
    /// letters would be shorter, but PDF strokes it over them.)
    pub(crate) fn text_on(&mut self, x: f64, y: f64, look: Type, behind: Rgb, text: &str) {
        self.spans_on(x, y, look, behind, &[(text, look)]);
    }

    /// Runs of text on a veil.
    pub(crate) fn spans_on(&mut self, x: f64, y: f64, held: Type, behind: Rgb, runs: &[(&str, Type)]) {
        let width: f64 = runs.iter().map(|(text, look)| text_width(text, look.size, look.semibold)).sum();
        if width <= 0.0 {
            return;
        }
        let left = match held.anchor {
            Anchor::Start => x,
            Anchor::Middle => x - width / 2.0,
            Anchor::End => x - width,
        };
        let (top, height) = (y - held.size * 0.86, held.size * 1.14);
        let _ = writeln!(
            self.out,
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"3\" fill=\"{}\" fill-opacity=\"0.68\"/>",
            number(left - 2.5),
            number(top),
            number(width + 5.0),
            number(height),
            hex(behind)
        );
        self.spans(x, y, held, runs);
    }

    /// Runs of text on one base line, each in its own look; held as the first look says.
    pub(crate) fn spans(&mut self, x: f64, y: f64, held: Type, runs: &[(&str, Type)]) {
        if runs.iter().all(|(text, _)| text.is_empty()) {
            return;
        }
        let anchor = match held.anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        let _ = write!(self.out, "<text x=\"{}\" y=\"{}\"{anchor}", number(x), number(y));
        let attributes = |look: &Type| {
            format!(
                " font-size=\"{}\" fill=\"{}\"{}",
                number(look.size),
                hex(look.color),
                if look.semibold { " font-weight=\"600\"" } else { "" }
            )
        };
        if let [(text, look)] = runs {
            let _ = writeln!(self.out, "{}>{}</text>", attributes(look), escaped(text));
            return;
        }
        self.out.push_str(" xml:space=\"preserve\">");
        for (text, look) in runs {
            let _ = write!(self.out, "<tspan{}>{}</tspan>", attributes(look), escaped(text));
        }
        self.out.push_str("</text>\n");
    }

    /// Draws the inside clipped to a rectangle; `id` is unique in the document.
    pub(crate) fn clipped(&mut self, id: &str, (x, y, width, height): (f64, f64, f64, f64), inside: impl FnOnce(&mut Self)) {
        let _ = writeln!(
            self.out,
            "<clipPath id=\"{id}\"><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/></clipPath><g clip-path=\"url(#{id})\">",
            number(x),
            number(y),
            number(width),
            number(height)
        );
        inside(self);
        self.out.push_str("</g>\n");
    }

    /// The elements.
    pub(crate) fn into_text(self) -> String {
        self.out
    }
}
