//! Actors: whose places and purchases are whose.

use super::Resolver;
use super::index::{ActorIx, Ix as _, Table};
use crate::plan::{ActorRef, Plan};

/// Somebody who builds and sells.
#[derive(Clone, Debug, PartialEq)]
pub struct Actor {
    /// Its id.
    pub id: String,
    /// Name on screen.
    pub name: String,
    /// Country, two letters; none if the plan does not say.
    pub country: Option<String>,
    /// Whether the plan states it; one that names nobody is itself the only one.
    pub stated: bool,
}

/// The actors of a plan: those it states, or itself.
pub(super) fn actors(plan: &Plan) -> Table<ActorIx, Actor> {
    if plan.actors.is_empty() {
        let actor = Actor { id: "plan".into(), name: plan.name.clone(), country: None, stated: false };
        return [actor].into_iter().collect();
    }
    plan.actors
        .iter()
        .map(|(id, actor)| Actor {
            id: id.clone(),
            name: if actor.name.is_empty() { id.clone() } else { actor.name.clone() },
            country: actor.country.clone(),
            stated: true,
        })
        .collect()
}

/// The actor that something belongs to: the one it names, else the only one of its country, else the plan's
/// only one; none where that is not said.
fn owner(actors: &Table<ActorIx, Actor>, named: Option<&ActorRef>, country: Option<&str>) -> Option<ActorIx> {
    if let Some(named) = named {
        return actors.pairs().find(|(_, actor)| actor.id == named.0).map(|(index, _)| index);
    }
    let of_country: Vec<ActorIx> = actors
        .pairs()
        .filter(|(_, actor)| actor.country.is_some() && actor.country.as_deref() == country)
        .map(|(index, _)| index)
        .collect();
    match (of_country.as_slice(), actors.len()) {
        ([only], _) => Some(*only),
        (_, 1) => Some(ActorIx::new(0)),
        _ => None,
    }
}

impl Resolver<'_> {
    /// Whose something at a path is; an error where the plan does not say.
    pub(super) fn owner(&mut self, path: &str, named: Option<&ActorRef>, country: Option<&str>) -> ActorIx {
        let actors = actors(self.plan);
        owner(&actors, named, country).unwrap_or_else(|| {
            // An unknown name is a fault of its own.
            if named.is_none() {
                let ids: Vec<&str> = self.plan.actors.keys().map(String::as_str).collect();
                let message = "The plan has several actors and does not say whose this is.";
                self.error("no-actor", path, message, format!("Write `actor: …`, one of {}.", ids.join(", ")));
            }
            ActorIx::new(0)
        })
    }
}
