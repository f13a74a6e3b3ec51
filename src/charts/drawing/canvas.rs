//! What a picture consists of, in pixels: rectangles, paths, discs and text, in the order they are
//! drawn. Files write them down, the window paints them.

use crate::charts::palette::Rgb;

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
#[derive(Clone, Copy, Debug, PartialEq)]
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
#[derive(Clone, Copy, Debug, PartialEq)]
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

/// A step of a path.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Step {
    /// Starts here.
    Move((f64, f64)),
    /// Straight to here.
    Line((f64, f64)),
    /// Bent by one point to here.
    Bend((f64, f64), (f64, f64)),
    /// Curved by two points to here.
    Curve((f64, f64), (f64, f64), (f64, f64)),
    /// Back to the start.
    Close,
}

/// A path.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Path(pub Vec<Step>);

impl Path {
    /// Through points, closed if `closed`.
    pub(crate) fn through(points: &[(f64, f64)], closed: bool) -> Self {
        let mut steps: Vec<Step> =
            points.iter().enumerate().map(|(index, point)| if index == 0 { Step::Move(*point) } else { Step::Line(*point) }).collect();
        if closed {
            steps.push(Step::Close);
        }
        Self(steps)
    }

    /// As straight lines, each curve in so many pieces; one list of points for each part.
    #[cfg(feature = "gui")]
    pub(crate) fn flattened(&self, pieces: usize) -> Vec<(Vec<(f64, f64)>, bool)> {
        let mut parts: Vec<(Vec<(f64, f64)>, bool)> = Vec::new();
        let mut here = (0.0, 0.0);
        for step in &self.0 {
            let shares = || (1..=pieces).map(|piece| piece as f64 / pieces.max(1) as f64);
            let mixed = |weights: &[(f64, (f64, f64))]| {
                weights.iter().fold((0.0, 0.0), |sum, (weight, at)| (sum.0 + weight * at.0, sum.1 + weight * at.1))
            };
            let mut add = |points: Vec<(f64, f64)>| {
                if let Some((part, _)) = parts.last_mut() {
                    part.extend(points);
                }
            };
            match *step {
                Step::Move(to) => {
                    parts.push((vec![to], false));
                    here = to;
                }
                Step::Line(to) => {
                    add(vec![to]);
                    here = to;
                }
                Step::Bend(by, to) => {
                    add(shares()
                        .map(|share| {
                            let rest = 1.0 - share;
                            mixed(&[(rest * rest, here), (2.0 * rest * share, by), (share * share, to)])
                        })
                        .collect());
                    here = to;
                }
                Step::Curve(first, second, to) => {
                    add(shares()
                        .map(|share| {
                            let rest = 1.0 - share;
                            mixed(&[
                                (rest * rest * rest, here),
                                (3.0 * rest * rest * share, first),
                                (3.0 * rest * share * share, second),
                                (share * share * share, to),
                            ])
                        })
                        .collect());
                    here = to;
                }
                Step::Close => {
                    if let Some((_, closed)) = parts.last_mut() {
                        *closed = true;
                    }
                }
            }
        }
        parts
    }
}

/// Something drawn.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Shape {
    /// A rectangle: left, top, across, down.
    Rect {
        /// Left, top, across, down.
        rect: (f64, f64, f64, f64),
        /// Of its corners.
        radius: f64,
        /// Colour.
        fill: Rgb,
        /// 1 is solid.
        opacity: f64,
    },
    /// A path that is stroked.
    Stroked(Path, Stroke),
    /// A path that is filled by the even-odd rule: colour and opacity.
    Filled(Path, Rgb, f64),
    /// A disc.
    Disc {
        /// Middle.
        at: (f64, f64),
        /// Radius.
        radius: f64,
        /// Colour inside.
        fill: Rgb,
        /// Its rim.
        rim: Stroke,
    },
    /// Runs of text on one base line, held as the first look says.
    Text {
        /// Where the text is held, on its base line.
        at: (f64, f64),
        /// How the whole is held.
        held: Type,
        /// Runs, each in its own look.
        runs: Vec<(String, Type)>,
    },
    /// What is drawn inside is cut to a rectangle; the id is unique in a document.
    Clipped {
        /// Id.
        id: String,
        /// Left, top, across, down.
        rect: (f64, f64, f64, f64),
        /// What is drawn inside.
        inside: Vec<Shape>,
    },
}

/// A part of a picture that says something when it is pointed at.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Spot {
    /// Its outline.
    pub outline: Path,
    /// What it is called.
    pub heading: String,
    /// Colour, name and value with its unit.
    pub rows: Vec<(Option<Rgb>, String, String)>,
    /// The stop it stands at, where the chart has stops.
    pub stop: Option<usize>,
}

/// A picture as it is drawn.
#[derive(Clone, Debug, Default)]
pub(crate) struct Canvas {
    /// What is drawn, the lowest first.
    pub shapes: Vec<Shape>,
    /// What says something when it is pointed at.
    pub spots: Vec<Spot>,
}

impl Canvas {
    /// A rectangle with rounded corners.
    pub(crate) fn rect(&mut self, x: f64, y: f64, width: f64, height: f64, radius: f64, fill: Rgb) {
        if width > 0.0 && height > 0.0 {
            self.shapes.push(Shape::Rect { rect: (x, y, width, height), radius, fill, opacity: 1.0 });
        }
    }

    /// A straight line.
    pub(crate) fn line(&mut self, from: (f64, f64), to: (f64, f64), stroke: Stroke) {
        self.stroke(&Path::through(&[from, to], false), stroke);
    }

    /// A path that is stroked.
    pub(crate) fn stroke(&mut self, path: &Path, stroke: Stroke) {
        self.shapes.push(Shape::Stroked(path.clone(), stroke));
    }

    /// A path that is filled by the even-odd rule.
    pub(crate) fn fill(&mut self, path: &Path, fill: Rgb, opacity: f64) {
        self.shapes.push(Shape::Filled(path.clone(), fill, opacity));
    }

    /// A disc with a rim.
    pub(crate) fn disc(&mut self, at: (f64, f64), radius: f64, fill: Rgb, rim: Stroke) {
        self.shapes.push(Shape::Disc { at, radius, fill, rim });
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
        let rect = (left - 2.5, y - held.size * 0.86, width + 5.0, held.size * 1.14);
        self.shapes.push(Shape::Rect { rect, radius: 3.0, fill: behind, opacity: 0.68 });
        self.spans(x, y, held, runs);
    }

    /// Runs of text on one base line, each in its own look; held as the first look says.
    pub(crate) fn spans(&mut self, x: f64, y: f64, held: Type, runs: &[(&str, Type)]) {
        if runs.iter().any(|(text, _)| !text.is_empty()) {
            let runs = runs.iter().map(|(text, look)| ((*text).to_owned(), *look)).collect();
            self.shapes.push(Shape::Text { at: (x, y), held, runs });
        }
    }

    /// Draws the inside clipped to a rectangle; `id` is unique in the document.
    pub(crate) fn clipped(&mut self, id: &str, rect: (f64, f64, f64, f64), inside: impl FnOnce(&mut Self)) {
        let mut own = Self::default();
        inside(&mut own);
        self.shapes.push(Shape::Clipped { id: id.to_owned(), rect, inside: own.shapes });
        self.spots.extend(own.spots);
    }

    /// Something to point at.
    pub(crate) fn spot(&mut self, spot: Spot) {
        self.spots.push(spot);
    }
}
