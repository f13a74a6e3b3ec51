//! Charts as SVG documents: what the chart's drawing holds, written down. The same chart gives the
//! same bytes. Text stays text, in the bundled family; every number is rounded, every string escaped,
//! nothing is fetched from outside.

use std::fmt::Write;

use crate::charts::Chart;
use crate::charts::drawing::canvas::{Anchor, Canvas, Path, Shape, Step, Type};
use crate::charts::drawing::{Frame, drawing};
use crate::charts::palette::hex;

use super::fonts;

pub use crate::charts::drawing::measure::text_width;

/// How a chart is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Style {
    /// Pixels across, at 96 per inch.
    pub width: f64,
    /// Pixels down.
    pub height: f64,
    /// Dark theme.
    pub dark: bool,
    /// Carries the font inside (150 kB): looks the same where the font is not installed.
    pub embed_font: bool,
    /// With the caption (scenario, plan hash, how to read it) at the foot.
    pub caption: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self { width: 800.0, height: 440.0, dark: false, embed_font: false, caption: true }
    }
}

impl Style {
    /// A size, light.
    #[must_use]
    pub fn sized(width: f64, height: f64) -> Self {
        Self { width, height, ..Self::default() }
    }

    /// The same in the dark theme.
    #[must_use]
    pub fn dark(self) -> Self {
        Self { dark: true, ..self }
    }
}

/// A chart as an SVG document.
#[must_use]
pub fn render(chart: &Chart, style: &Style) -> String {
    let style = Style { width: sane(style.width, 800.0), height: sane(style.height, 440.0), ..*style };
    let frame = Frame { width: style.width, height: style.height, dark: style.dark, caption: style.caption, bare: false };
    let canvas = drawing(chart, &frame);
    document(chart, &style, &elements(&canvas))
}

/// Sizes from outside, kept to what can be drawn.
fn sane(size: f64, otherwise: f64) -> f64 {
    if size.is_finite() { size.clamp(160.0, 20_000.0) } else { otherwise }
}

fn document(chart: &Chart, style: &Style, elements: &str) -> String {
    let (width, height) = (number(style.width), number(style.height));
    let mut out = String::with_capacity(elements.len() + 1024);
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" font-family=\"{}\" role=\"img\">",
        fonts::FAMILIES
    );
    let _ = writeln!(
        out,
        "<title>{}</title>\n<desc>{}</desc>",
        escaped(&chart.title),
        escaped(&format!("{}. {}", chart.subtitle, chart.caption))
    );
    if style.embed_font {
        let _ = writeln!(out, "<style>{}</style>", fonts::face_rules());
    }
    out.push_str(elements);
    out.push_str("</svg>\n");
    out
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
fn number(value: f64) -> String {
    if !value.is_finite() {
        return "0".into();
    }
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".into() } else { text.into() }
}

/// A path as SVG writes it.
fn data(path: &Path) -> String {
    let mut data = String::new();
    let at = |(x, y): (f64, f64)| format!("{} {}", number(x), number(y));
    for step in &path.0 {
        let _ = match *step {
            Step::Move(to) => write!(data, "M{}", at(to)),
            Step::Line(to) => write!(data, "L{}", at(to)),
            Step::Bend(by, to) => write!(data, "Q{} {}", at(by), at(to)),
            Step::Curve(first, second, to) => write!(data, "C{} {} {}", at(first), at(second), at(to)),
            Step::Close => write!(data, "Z"),
        };
    }
    data
}

/// What a canvas holds, as elements of an SVG.
pub(crate) fn elements(canvas: &Canvas) -> String {
    let mut out = String::new();
    for shape in &canvas.shapes {
        element(&mut out, shape);
    }
    out
}

fn element(out: &mut String, shape: &Shape) {
    match shape {
        Shape::Rect { rect: (x, y, width, height), radius, fill, opacity } => {
            let _ =
                write!(out, "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"", number(*x), number(*y), number(*width), number(*height));
            if *radius > 0.0 {
                let _ = write!(out, " rx=\"{}\"", number(radius.min(width / 2.0).min(height / 2.0)));
            }
            let _ = write!(out, " fill=\"{}\"", hex(*fill));
            if *opacity < 1.0 {
                let _ = write!(out, " fill-opacity=\"{}\"", number(*opacity));
            }
            out.push_str("/>\n");
        }
        Shape::Stroked(path, stroke) => {
            let (color, width) = (hex(stroke.color), number(stroke.width));
            let _ = write!(out, "<path d=\"{}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"{width}\"", data(path));
            if stroke.dashed {
                out.push_str(" stroke-dasharray=\"5 3\"");
            }
            out.push_str(" stroke-linejoin=\"round\"/>\n");
        }
        Shape::Filled(path, fill, opacity) => {
            let _ = write!(out, "<path d=\"{}\" fill=\"{}\" fill-rule=\"evenodd\"", data(path), hex(*fill));
            if *opacity < 1.0 {
                let _ = write!(out, " fill-opacity=\"{}\"", number(*opacity));
            }
            out.push_str("/>\n");
        }
        Shape::Disc { at: (x, y), radius, fill, rim } => {
            let _ = writeln!(
                out,
                "<circle cx=\"{}\" cy=\"{}\" r=\"{}\" fill=\"{}\" stroke=\"{}\" stroke-width=\"{}\"/>",
                number(*x),
                number(*y),
                number(*radius),
                hex(*fill),
                hex(rim.color),
                number(rim.width)
            );
        }
        Shape::Text { at, held, runs } => text(out, *at, *held, runs),
        Shape::Clipped { id, rect: (x, y, width, height), inside } => {
            let _ = writeln!(
                out,
                "<clipPath id=\"{id}\"><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/></clipPath><g clip-path=\"url(#{id})\">",
                number(*x),
                number(*y),
                number(*width),
                number(*height)
            );
            for shape in inside {
                element(out, shape);
            }
            out.push_str("</g>\n");
        }
    }
}

fn text(out: &mut String, (x, y): (f64, f64), held: Type, runs: &[(String, Type)]) {
    let anchor = match held.anchor {
        Anchor::Start => "",
        Anchor::Middle => " text-anchor=\"middle\"",
        Anchor::End => " text-anchor=\"end\"",
    };
    let _ = write!(out, "<text x=\"{}\" y=\"{}\"{anchor}", number(x), number(y));
    let attributes = |look: &Type| {
        let weight = if look.semibold { " font-weight=\"600\"" } else { "" };
        format!(" font-size=\"{}\" fill=\"{}\"{weight}", number(look.size), hex(look.color))
    };
    if let [(text, look)] = runs {
        let _ = writeln!(out, "{}>{}</text>", attributes(look), escaped(text));
        return;
    }
    out.push_str(" xml:space=\"preserve\">");
    for (text, look) in runs {
        let _ = write!(out, "<tspan{}>{}</tspan>", attributes(look), escaped(text));
    }
    out.push_str("</text>\n");
}
