//! All integration tests in one program: linking the solver and the window once is enough.
#![expect(clippy::disallowed_methods, clippy::disallowed_macros, reason = "tests read and write files, and say what they measure")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that meets what it does not expect should fail there")]

/// What a planner writes: files, edits, series, the catalog behind them.
mod plan {
    pub mod bad_input; // wrong plans: every fault with its place, never a panic
    pub mod catalog; // the embedded tables parse, name their sources and stay honest about gaps
    pub mod disk; // saving, series, recovery: crashes, links, limits
    pub mod lengths; // requests of many lengths
    pub mod own_models; // served models and chips that the catalog does not have
    pub mod plan_edit; // changes by path, renaming, scenarios
    pub mod plan_file; // plans as texts: reading, printing, round trips
    pub mod series; // files of series as people have them: shapes, clocks, units, gaps
    pub mod undo; // an edit and its undo end at the same numbers
}

/// Answers with known right values: sums, hand cases, money, throughput, other programs.
mod numbers {
    pub mod answers; // money, where tokens come from, and dates: sums and hand cases
    pub mod claims; // every entry price, conflict, marginal and amount that is printed, by solving with it
    pub mod claims_cases; // words that were false, each with its right value
    pub mod competition; // prices that form: few sellers, one, many; duties, surplus, actors
    pub mod connections; // non-firm power, events, offers, backup, by hand
    pub mod datable; // whatever may be dated is dated, place by place and all at once
    pub mod dates; // numbers that change by date: steps, curves, what software gains
    pub mod entry_prices; // what the unused would have to cost, by giving it that price and solving again
    mod equilibria; // regions, conducts and the league of actors, by hand
    pub mod feeds; // operating points, feeds, notice and discounts, by hand; renaming is followed
    pub mod finance; // tax, debt and what is left: hand cases, and a second program's answers
    pub mod hand_cases; // the formulation's hand-checkable cases as plans
    pub mod headline; // the figures on top: fractions, flows, chip-hours, counted tokens, one price, no rounding
    pub mod lender; // the lender's view of whole plans: tax, debt, worth by age, credits, break-evens
    pub mod marginals; // what one more unit is worth, by moving the plan's number and solving again
    pub mod oracle_numbers; // answers that another program gave to the same plans
    pub mod ordered_time; // hours in order: batteries and deferrable work across midnight
    pub mod rates; // rates of the utility rate database, with bills by hand and what is listed
    pub mod reference; // published cases as plans
    pub mod replicas; // rates belong to replicas: what fits, what does not, whole ones
    pub mod resilience; // what goes on after a loss, by hand
    pub mod resolved_power; // every number of power is in the export for machines
    pub mod routing; // tasks: which model does which share, cascades, what quality costs
    pub mod stress; // worse cases solved again: orders as planned, and everything decided anew
    mod surplus; // who has what of trade: accounts that add up, duties and subsidies by kind
    pub mod tariffs; // ratchets, least bills, windows, blocks, the system's peak, negative prices, by hand
    pub mod throughput; // the throughput model: calibration, validation, identities, evidence and speed
    pub mod traps; // known mistakes, each with a plan in which it would show
    pub mod true_answers; // answers that were false though solved right: work without tokens, readings, statements without effect
}

/// Programs, solvers, certificate, hot session.
mod solver {
    pub mod bench_solver; // how long cold and hot solves of a synthetic plan take
    pub mod certificate; // the gap is a bound, on every plan there is
    pub mod coarse; // few slices for an answer at once, where all of them take long
    pub mod direct; // solvers, certificate, hot session, conflicts and ranges, on programs stated by hand and at random
    pub mod never_failed; // no legal plan ends as failed, under any goal
    pub mod outside; // linear programs that others published, through our solver layer and certificate
    pub mod programs; // the linear program of every plan, as a digest on record
}

/// Studies: many solves, one question.
mod studies {
    pub mod engine; // hot chains against plain answers, workers, parts, what has no answer
    pub mod game; // what each of several would choose, against brute force and by hand
    pub mod hedge; // deciding before one knows: the newsvendor by hand, inequalities, what it says
    pub mod hedged; // hedges with care, of two goals, by cuts in every way, stated wrongly
    pub mod kinds; // what each kind of study promises
    pub mod living; // plans rolled on, bridges between two plans
    pub mod rolled; // whatever a plan uses is rolled on or said; what really stands
    pub mod runs; // runs from outside: killed, gone on with, in parts, merged
    #[cfg(target_os = "linux")]
    pub mod schedulers; // GNU parallel and a Slurm of one node, where they are installed
}

/// Charts as data, pictures, reports, tables.
mod charts {
    pub mod data; // charts as data, and their tables
    pub mod every_plan; // the shipped plans: figures as recorded, sums, pictures, reports
    pub mod export; // pictures, reports, tables and documents as bytes
}

/// The window under keys and mouse, without a display.
#[cfg(feature = "gui")]
mod window {
    pub mod basics; // the window, used by label, mouse and keyboard
    pub mod catalog; // the catalog picker and the evidence card, used by label
    pub mod charts; // charts under a real pointer: hover, zoom, linked cursors, icons
    pub mod crash; // what is left when the window is killed or panics
    pub mod dialogs; // every question: nothing cut, every button acts
    pub mod drags; // what the bench drags is there, under the pointer
    pub mod everywhere; // every button acts
    pub mod files; // files and the window: who writes over a file is asked
    pub mod first_hour; // where edits go, what is said of numbers, names, panels that keep their place
    pub mod guided; // the guided first plan, problems mended by a click
    pub mod harness; // the window as these tests use it
    pub mod living; // rolling on, what changed, the hedged plan and games, by clicks
    pub mod marks; // no number that can still move without its mark; fifty edits and undos end at the same figures
    pub mod money; // curves, dates and successions by clicks
    pub mod norway; // a campus in Norway from the wizard and from nothing, every click counted
    pub mod overlaps; // at every size no panel grows, no text lies on another, none is cut
    pub mod plan_files; // files beside the plan: followed, looked at, picked
    pub mod planner; // whole sessions, as a planner has them
    pub mod power; // connections, feeds, published numbers and tariffs in the window
    pub mod preview; // what a chip or served model would give, before it is used
    pub mod proof; // a proof beside the plan is its answer at once, or says why not
    pub mod screenshots; // not a test: the pictures in assets/screenshots
    pub mod studies; // a study by clicks: added, run, a point of its picture made a scenario
    pub mod truth; // F1 over a number opens its page; tips keep out of the way
    pub mod views;
    mod wrong_forms; // wrong inputs into hedges, games and markets: said where they stand, nothing lost // map, layout, tables, charts, compare, explain, report, used the same way
}

/// What the house and its papers promise.
mod promises {
    pub mod architecture; // the house rules, read off the source
    pub mod circles; // no more than four files import each other
    pub mod cli; // the command line from outside
    pub mod fuzz; // changed and mixed texts against every reader of what strangers write
    pub mod guide; // what the guide for planners says, solved
    pub mod killed; // the disk fails or the program is killed at any call; nothing leaves the machine
    pub mod packages; // what packages carry: menu, type of plans, completions, manual
    pub mod proof; // an answer's proof: believed without solving, found out when changed
    pub mod properties; // what must hold for any plan
    pub mod readme; // README's tables are the program's
    pub mod terminal; // nothing that others wrote gives orders to a terminal
}

/// What they share: small plans in a few lines, and a made-up answer.
mod common {
    pub mod dice; // numbers in turn, the same on every machine
    #[cfg(feature = "gui")]
    pub mod drags; // what the bench drags in the window
    pub mod fixture; // a made-up answer whose sums agree
    pub mod sketch; // small plans in a few lines
}
use common::{fixture, sketch};
