//! What the values of a plan look like from outside.

/// The range a number must lie in (both ends included).
pub type Bounds = (f64, f64);

/// What a value looks like from outside: enough to draw an editor for it and to document it.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// A finite number.
    Number,
    /// A whole number.
    Whole,
    /// A number with an optional source note.
    Quantity,
    /// A number, a dated list of numbers (`{"2027-01": 5.0}`).
    Steps,
    /// A number, dated numbers, or an hourly series scaled to a mean.
    Level,
    /// Text.
    Text,
    /// `true` or `false`.
    Switch,
    /// A month, `"2027-01"`.
    Month,
    /// The id of an entity in the named top-level map.
    Reference(&'static str),
    /// The id of an entity in the named top-level map, or several by date.
    Succession(&'static str),
    /// A struct.
    Record(fn() -> &'static [FieldInfo]),
    /// One of several variants.
    Choice(fn() -> &'static [VariantInfo]),
    /// Something that may be left out.
    Optional(fn() -> Shape),
    /// Entries by id.
    Map(fn() -> Shape),
    /// A list.
    List(fn() -> Shape),
    /// Anything written in RON.
    Anything,
}

/// A field of a record.
#[derive(Clone, Copy, Debug)]
pub struct FieldInfo {
    /// The key in the file, with its unit as suffix.
    pub name: &'static str,
    /// What it means.
    pub doc: &'static str,
    /// What it looks like.
    pub shape: fn() -> Shape,
    /// The range of its numbers.
    pub bounds: Option<Bounds>,
    /// Whether it must be given.
    pub required: bool,
}

/// A variant of a choice.
#[derive(Clone, Copy, Debug)]
pub struct VariantInfo {
    /// The name in the file.
    pub name: &'static str,
    /// What it means.
    pub doc: &'static str,
    /// What stands in its parentheses, if anything.
    pub shape: Option<fn() -> Shape>,
    /// A minimal text of this variant, for switching to it in an editor.
    pub example: fn() -> String,
}

/// A minimal text of a shape.
#[must_use]
pub fn example_of(shape: Shape) -> String {
    match shape {
        Shape::Number | Shape::Quantity | Shape::Steps | Shape::Level => "0.0".into(),
        Shape::Whole => "1".into(),
        Shape::Text | Shape::Reference(_) | Shape::Succession(_) => "\"\"".into(),
        Shape::Switch => "false".into(),
        Shape::Month => "\"2027-01\"".into(),
        Shape::Record(fields) => record_example(fields()),
        Shape::Choice(variants) => variants().first().map(|variant| (variant.example)()).unwrap_or_default(),
        Shape::Optional(inner) => example_of(inner()),
        Shape::Map(_) => "{}".into(),
        Shape::List(_) => "[]".into(),
        Shape::Anything => "()".into(),
    }
}

/// A record with its required fields only.
#[must_use]
pub fn record_example(fields: &[FieldInfo]) -> String {
    let required: Vec<_> =
        fields.iter().filter(|field| field.required).map(|field| format!("{}: {}", field.name, example_of((field.shape)()))).collect();
    format!("({})", required.join(", "))
}
