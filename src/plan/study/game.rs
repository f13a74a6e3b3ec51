//! Games, as they stand in a plan.

use crate::plan::budget::Conduct;
use crate::plan::node::{Map, choice, record};
use crate::plan::values::{ActorRef, MarketRef};

/// The move of a player who does nothing.
pub const BASE: &str = "base";
/// Most combinations of moves.
pub const MAX_COMBINATIONS: usize = 10_000;

record! {
    /// What if the others act too: every combination of moves of several players, and what each would choose.
    pub struct Game {
        /// Remarks and sources
        notes: String = String::new(),
        /// The moves of each player, by the actor's id: scenarios of the plan, or `base` for none
        players: Map<Vec<String>>,
        /// What each player wants, by the actor's id
        payoff: Map<Payoff>,
        /// How actors act in markets after the moves; as the plan's own goals say if left out
        conduct: Option<Conduct> = None,
        /// The player who moves first, where one does
        leader: Option<ActorRef> = None,
        /// Payoffs nearer to each other than this share of the larger are even
        even_fraction: f64 [0.0, 0.1] = 1e-3,
    }
}

choice! {
    /// What a player wants as much of as it can get.
    pub enum Payoff {
        /// Its discounted revenue less cost
        Npv,
        /// Answer tokens it sells, weighted by quality
        Tokens,
        /// Answer tokens it sells in other countries than they are made in
        Exports,
        /// Weighted tokens sold per $ of cost
        TokensPerUsd,
        /// Its share of the tokens sold in a market
        Share(MarketRef),
        /// Surplus of its country: of the buyers and sellers there and of the government
        Surplus,
    }
}
