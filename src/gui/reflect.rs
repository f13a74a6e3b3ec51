//! What stands at a path of a plan, seen from outside: enough to draw an editor for it.

use crate::plan::Curve;
use crate::plan::Plan;
use crate::plan::node::{Bounds, FieldInfo, Node, Shape, Tree, VariantInfo, example_of};

/// A place of the plan.
#[derive(Clone)]
pub struct Place {
    /// Its path.
    pub path: String,
    /// What it looks like.
    pub shape: Shape,
    /// Range of its numbers.
    pub bounds: Option<Bounds>,
    /// The field's own record, if it is a field.
    pub field: Option<FieldInfo>,
}

/// The place at a path; follows the variants the plan holds.
#[must_use]
pub fn place(plan: &Plan, path: &str) -> Option<Place> {
    let mut place = Place { path: String::new(), shape: Plan::shape(), bounds: None, field: None };
    let mut node: &dyn Node = plan;
    for key in path.split('.').filter(|key| !key.is_empty()) {
        place = child(&place, node, key)?;
        node = node.child(key).unwrap_or(&NOTHING);
    }
    Some(place)
}

/// Stands in where a path goes on below something that is left out.
static NOTHING: Option<f64> = None;

/// The place one key deeper. `node` is the value at `place`, which decides the variant of a choice.
#[must_use]
pub fn child(place: &Place, node: &dyn Node, key: &str) -> Option<Place> {
    let path = join(&place.path, key);
    let same = |shape: Shape| Some(Place { path: path.clone(), shape, bounds: place.bounds, field: None });
    match place.shape {
        Shape::Record(fields) => {
            let field = fields().iter().find(|field| field.name == key)?;
            Some(Place { path, shape: (field.shape)(), bounds: field.bounds, field: Some(*field) })
        }
        Shape::Optional(inner) => child(&Place { shape: inner(), ..place.clone() }, node, key),
        Shape::Map(inner) | Shape::List(inner) => same(inner()),
        Shape::Choice(variants) => {
            let variant = match node.variant() {
                Some(name) => variants().iter().find(|variant| variant.name == name)?,
                None => variant_of(&node.tree(), variants())?,
            };
            let inner = (variant.shape?)();
            match inner {
                Shape::Record(_) => child(&Place { shape: inner, ..place.clone() }, node, key),
                _ if key == "value" => same(inner),
                _ => child(&Place { shape: inner, ..place.clone() }, node, key),
            }
        }
        Shape::Level if key == "id" => same(Shape::Reference("profiles")),
        Shape::Level if key == "mean" => same(Shape::Optional(|| Shape::Steps)),
        Shape::Steps | Shape::Level => match key {
            "value" => same(Shape::Steps),
            "source" => same(Shape::Text),
            _ => match Curve::fields().iter().find(|field| field.name == key) {
                Some(field) => Some(Place { path, shape: (field.shape)(), bounds: field.bounds.or(place.bounds), field: Some(*field) }),
                None => same(Shape::Number),
            },
        },
        Shape::Succession(target) => same(Shape::Reference(target)),
        Shape::Quantity => match key {
            "value" => same(Shape::Number),
            "source" => same(Shape::Text),
            _ => None,
        },
        _ => None,
    }
}

/// The variant a value has.
#[must_use]
pub fn variant_of(tree: &Tree, variants: &'static [VariantInfo]) -> Option<&'static VariantInfo> {
    let name = match tree {
        Tree::Atom(text) => text.as_str(),
        Tree::Group { name, .. } => name,
    };
    variants.iter().find(|variant| variant.name == name)
}

/// `sites` and `abilene` as `sites.abilene`.
#[must_use]
pub fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// A minimal text of a shape that refers only to what the plan holds.
#[must_use]
pub fn example_in(plan: &Plan, shape: Shape) -> String {
    match shape {
        Shape::Reference(target) | Shape::Succession(target) => {
            let first = plan.child(target).and_then(|map| map.children().into_iter().next()).unwrap_or_default();
            crate::plan::node::quoted(&first)
        }
        Shape::Record(fields) => {
            let fields: Vec<_> = fields()
                .iter()
                .filter(|field| field.required)
                .map(|field| {
                    let low = field.bounds.map_or(0.0, |(low, high)| 0.0_f64.clamp(low, high));
                    let text = match (field.shape)() {
                        Shape::Number | Shape::Quantity | Shape::Steps | Shape::Level => format!("{low:?}"),
                        Shape::Whole => format!("{}", low.max(1.0)),
                        shape => example_in(plan, shape),
                    };
                    format!("{}: {text}", field.name)
                })
                .collect();
            format!("({})", fields.join(", "))
        }
        Shape::Choice(variants) => variants().first().map(|variant| variant_example(plan, variant)).unwrap_or_default(),
        Shape::Optional(inner) => example_in(plan, inner()),
        shape => example_of(shape),
    }
}

/// A minimal text of a variant that refers only to what the plan holds.
#[must_use]
pub fn variant_example(plan: &Plan, variant: &VariantInfo) -> String {
    match variant.shape.map(|shape| shape()) {
        None => variant.name.to_owned(),
        Some(shape @ Shape::Record(_)) => format!("{}{}", variant.name, example_in(plan, shape)),
        Some(shape) => format!("{}({})", variant.name, example_in(plan, shape)),
    }
}

/// A text printed in a plan, without its quotes.
#[must_use]
pub fn text_of(tree: &Tree) -> String {
    match tree {
        Tree::Atom(text) => ron::from_str::<String>(text).unwrap_or_else(|_| text.clone()),
        Tree::Group { .. } => tree.inline(),
    }
}

/// The entity that holds a path: what the inspector shows for it.
/// `sites.abilene.interconnect_mw` is held by `sites.abilene`, and `horizon.start` by `horizon`.
#[must_use]
pub fn entity_of(plan: &Plan, path: &str) -> String {
    let mut entity = String::new();
    let mut here = String::new();
    for key in path.split('.').filter(|key| !key.is_empty()) {
        let Some(parent) = place(plan, &here) else { break };
        here = join(&here, key);
        let is_entry = matches!(parent.shape, Shape::Map(_));
        let is_section = parent.path.is_empty();
        let Some(place) = place(plan, &here) else { break };
        let holds_fields = matches!(place.shape, Shape::Record(_) | Shape::Choice(_) | Shape::Map(_));
        // Demand and other maps within an entity are shown in place, halls and hall types stand alone.
        let stands_alone = is_section || (is_entry && (entity.is_empty() || !is_inline(&parent.path)));
        if holds_fields && stands_alone && !is_inline(&here) {
            entity.clone_from(&here);
        }
    }
    entity
}

/// Maps that are edited within the entity that holds them.
#[must_use]
pub fn is_inline(path: &str) -> bool {
    matches!(path.rsplit('.').next(), Some("demand" | "set"))
        || path.contains(".days")
        || path.contains(".terms")
        // What may come, moves and players are read together.
        || path.strip_prefix("studies.").is_some_and(|rest| rest.contains('.'))
}

/// Whether something at this path can be renamed, moved, copied and deleted: an entry of a map.
#[must_use]
pub fn is_entry(plan: &Plan, path: &str) -> bool {
    let (parent, _) = super::change::split(path);
    !parent.is_empty() && place(plan, parent).is_some_and(|place| matches!(place.shape, Shape::Map(_)))
}

/// The map that a new entry beside or below this path goes into.
#[must_use]
pub fn map_for(plan: &Plan, path: &str) -> Option<String> {
    let is_map = |path: &str| place(plan, path).is_some_and(|place| matches!(place.shape, Shape::Map(_)));
    let mut path = path;
    while !path.is_empty() {
        if is_map(path) {
            return Some(path.to_owned());
        }
        path = super::change::split(path).0;
    }
    None
}
