//! The kinds of studies, as they stand in a plan.

use super::crossover::Crossover;
use super::game::Game;
use super::hedge::Hedge;
use crate::plan::budget::Goal;
use crate::plan::node::{choice, record};
use crate::plan::values::{ChipRef, ContractRef, SiteRef};

choice! {
    /// A question that takes many solves.
    pub enum Study {
        /// What happens as inputs change
        Grid(Grid),
        /// Which inputs decide
        Tornado(Tornado),
        /// What one goal costs of another
        Frontier(Frontier),
        /// What every good plan must build, and what it may
        Alternatives(Alternatives),
        /// The best plan with and without each of some sites, chips and contracts
        Ranked(Ranked),
        /// How sure the answer is
        Sample(Sample),
        /// What if the others act too
        Game(Game),
        /// From which volume on which way is the cheapest: to own, to rent, to buy
        Crossover(Crossover),
        /// What to sign now, before it is known which future comes
        Hedge(Hedge),
    }
}

choice! {
    /// What a number does to the plan's.
    pub enum Act {
        /// It takes its place, from the start
        Sets,
        /// It multiplies it, at every date
        Multiplies,
        /// It is added to it, at every date
        Adds,
        /// It moves its dates by so many months; what holds at the start stays
        Delays,
    }
}

record! {
    /// What happens as inputs change: every combination of the stops of one to four axes.
    pub struct Grid {
        /// Remarks and sources
        notes: String = String::new(),
        /// What is wanted here, in this order; the plan's goals if left out
        goals: Vec<Goal> = Vec::new(),
        /// What changes, an axis each
        axes: Vec<Axis>,
    }
}

record! {
    /// An axis: what moves along it, together.
    pub struct Axis {
        /// Name on pictures; the path in words if left out
        name: String = String::new(),
        /// What moves; several things move together and need as many stops each
        vary: Vec<Varied>,
    }
}

record! {
    /// A number that moves along an axis.
    pub struct Varied {
        /// Where it stands; `*` stands for every entry
        paths: Vec<String>,
        /// What the stops do to it
        act: Act = Act::Sets,
        /// The stops
        at: Stops,
    }
}

choice! {
    /// The stops of an axis.
    pub enum Stops {
        /// These
        Values(Vec<f64>),
        /// Even steps
        Evenly(Even),
    }
}

record! {
    /// Even steps from one number to another.
    pub struct Even {
        /// The first
        from: f64,
        /// The last
        to: f64,
        /// How many, both ends counted
        steps: u32 [2.0, 1000.0],
    }
}

record! {
    /// Which inputs decide: each one low and high, the others as planned.
    pub struct Tornado {
        /// Remarks and sources
        notes: String = String::new(),
        /// What is wanted here, in this order; the plan's goals if left out
        goals: Vec<Goal> = Vec::new(),
        /// The inputs
        inputs: Inputs = Inputs::ByGrade,
    }
}

choice! {
    /// The inputs of a tornado.
    pub enum Inputs {
        /// Every number of chips, throughputs, power prices, PUE and halls, by the band of its evidence
        ByGrade,
        /// These
        Stated(Vec<Swing>),
    }
}

record! {
    /// An input, low and high.
    pub struct Swing {
        /// Name on pictures; the path in words if left out
        name: String = String::new(),
        /// Where it stands; `*` stands for every entry
        paths: Vec<String>,
        /// What the two numbers do to it
        act: Act = Act::Sets,
        /// The low one
        low: f64,
        /// The high one
        high: f64,
    }
}

record! {
    /// What one goal costs of another: the best of the one for every level of the other.
    pub struct Frontier {
        /// Remarks and sources
        notes: String = String::new(),
        /// The goal that is made as good as possible
        optimise: Measure,
        /// The goal that is held at every level between its two ends
        hold: Measure,
        /// At which levels
        points: FrontierPoints = FrontierPoints::BreakPoints(60),
    }
}

choice! {
    /// The levels of a frontier.
    pub enum FrontierPoints {
        /// Where the slope changes; at most this many, what is then left out is said
        BreakPoints(u32),
        /// This many, evenly
        Evenly(u32),
    }
}

choice! {
    /// Something that can be a goal or be held.
    pub enum Measure {
        /// Quality-weighted answer tokens, as many as possible
        Tokens,
        /// Discounted revenue less cost, as much as possible
        Npv,
        /// Discounted cost, as little as possible
        Cost,
        /// Discounted cost per token, as little as possible; can be held, not optimised
        CostPerMtok,
        /// Carbon, as little as possible
        Carbon,
        /// Capex ordered, as little as possible
        Capex,
        /// Highest facility load of all sites together, as little as possible
        PeakMw,
        /// Water, as little as possible
        Water,
        /// Answer tokens sold in other countries than they are made in, as many as possible
        Exports,
        /// Share of answer tokens sold in the country they are made in, as much as possible; can be held, not optimised
        DomesticShare,
    }
}

record! {
    /// What every good plan must build, and what it may: the least and most of each group within what the goals may give up.
    pub struct Alternatives {
        /// Remarks and sources
        notes: String = String::new(),
        /// What is wanted here, in this order; the plan's goals if left out
        goals: Vec<Goal> = Vec::new(),
        /// Share of each goal that may be given up
        give_up_fraction: f64 [1e-6, 0.5] = 0.01,
        /// Only the first goal is kept; the others may fall as far as they will
        first_goal_only: bool = false,
        /// What is looked at
        groups: Vec<Group> = vec![Group::ChipsByKind, Group::HallsBySite, Group::PowerByContract, Group::TokensByMarket],
    }
}

choice! {
    /// Things to be built or done, grouped.
    pub enum Group {
        /// Chips ordered, by kind
        ChipsByKind,
        /// IT power in the last period, by site
        PowerBySite,
        /// IT power of halls ordered, by site
        HallsBySite,
        /// Power contracted or built; mean draw in the last period where that is not decided
        PowerByContract,
        /// Answer tokens sold, by market
        TokensByMarket,
    }
}

record! {
    /// The best plan of each combination of what is allowed, ranked.
    pub struct Ranked {
        /// Remarks and sources
        notes: String = String::new(),
        /// What is wanted here, in this order; the plan's goals if left out
        goals: Vec<Goal> = Vec::new(),
        /// Sites that may be left out, with all that stands there
        sites: Vec<SiteRef> = Vec::new(),
        /// Chips that may not be bought
        chips: Vec<ChipRef> = Vec::new(),
        /// Power contracts and plant that may be left out
        contracts: Vec<ContractRef> = Vec::new(),
    }
}

record! {
    /// How sure the answer is: the plan in many futures, drawn at random.
    pub struct Sample {
        /// Remarks and sources
        notes: String = String::new(),
        /// What is wanted here, in this order; the plan's goals if left out
        goals: Vec<Goal> = Vec::new(),
        /// How many futures
        futures: u32 [2.0, 1e5] = 200,
        /// Where the random numbers start: the same one gives the same futures
        seed: u32 = 1,
        /// What is uncertain
        inputs: Vec<Uncertain>,
        /// Which inputs go together; the others are independent
        correlations: Vec<Correlation> = Vec::new(),
    }
}

record! {
    /// An uncertain number.
    pub struct Uncertain {
        /// Name on pictures and in correlations; the path in words if left out
        name: String = String::new(),
        /// Where it stands; `*` stands for every entry
        paths: Vec<String>,
        /// What the number drawn does to it
        act: Act = Act::Sets,
        /// How it is distributed
        is: Distribution,
    }
}

choice! {
    /// How an uncertain number is distributed.
    pub enum Distribution {
        /// Evenly between two numbers
        Uniform(UniformOf),
        /// Between two numbers, the likeliest in between
        Triangular(TriangularOf),
        /// Normal
        Normal(NormalOf),
        /// Its logarithm is normal
        Lognormal(LognormalOf),
        /// One of several numbers
        Discrete(DiscreteOf),
    }
}

record! {
    /// Evenly between two numbers.
    pub struct UniformOf {
        /// The lowest
        low: f64,
        /// The highest
        high: f64,
    }
}

record! {
    /// Between two numbers, the likeliest in between.
    pub struct TriangularOf {
        /// The lowest
        low: f64,
        /// The likeliest
        likely: f64,
        /// The highest
        high: f64,
    }
}

record! {
    /// Normal.
    pub struct NormalOf {
        /// Mean
        mean: f64,
        /// Standard deviation
        deviation: f64 [0.0, 1e12],
    }
}

record! {
    /// Its logarithm is normal.
    pub struct LognormalOf {
        /// Half of all are below it
        median: f64 [1e-12, 1e12],
        /// Standard deviation of the logarithm: 0.2 is about ± 20 %
        log_deviation: f64 [0.0, 5.0],
    }
}

record! {
    /// One of several numbers.
    pub struct DiscreteOf {
        /// The numbers
        values: Vec<f64>,
        /// How likely each is, in parts of all of them together; all alike if left out
        weights: Vec<f64> [0.0, 1e9] = Vec::new(),
    }
}

record! {
    /// Two inputs that go together.
    pub struct Correlation {
        /// The one, by its name or its only path
        first: String,
        /// The other
        second: String,
        /// Rank correlation (Spearman)
        rank: f64 [-0.99, 0.99],
    }
}
