//! All integration tests in one program: linking the solver and the window once is enough.
#![expect(clippy::disallowed_methods, clippy::disallowed_macros, reason = "tests read and write files, and say what they measure")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that meets what it does not expect should fail there")]

mod answers; // money, where tokens come from, and dates: sums and hand cases
mod architecture; // the house rules, read off the source
mod bad_input; // wrong plans: every fault with its place, never a panic
mod bench_solver; // how long cold and hot solves of a synthetic plan take
mod catalog; // the embedded tables parse, name their sources and stay honest about gaps
mod certificate; // the gap is a bound, on every plan there is
mod charts; // charts as data, and their tables
mod circles; // no more than four files import each other
mod claims; // every entry price, conflict, marginal and amount that is printed, by solving with it
mod claims_cases; // words that were false, each with its right value
mod cli; // the command line from outside
mod dates; // numbers that change by date: steps, curves, what software gains
mod disk; // saving, series, recovery: crashes, links, limits
mod entry_prices; // what the unused would have to cost, by giving it that price and solving again
mod every_plan; // the shipped plans: charts as recorded, sums, pictures, reports
mod export; // pictures, reports, tables and documents as bytes
mod finance; // tax, debt and what is left: hand cases, and a second program's answers
mod fixture; // a made-up answer whose sums agree
#[cfg(feature = "gui")]
mod gui; // the window, used by label, mouse and keyboard
#[cfg(feature = "gui")]
mod gui_catalog; // the catalog picker and the evidence card, used by label
#[cfg(feature = "gui")]
mod gui_charts; // charts under a real pointer: hover, zoom, linked cursors, icons
#[cfg(feature = "gui")]
mod gui_crash; // what is left when the window is killed or panics
#[cfg(feature = "gui")]
mod gui_everywhere; // every button acts, no text lies on another
#[cfg(feature = "gui")]
mod gui_files; // files and the window: who writes over a file is asked
#[cfg(feature = "gui")]
mod gui_first_hour; // where edits go, what is said of numbers, names, panels that keep their place
#[cfg(feature = "gui")]
mod gui_planner; // whole sessions, as a planner has them
#[cfg(feature = "gui")]
mod gui_views; // map, layout, tables, charts, compare, explain, report, used the same way
#[cfg(feature = "gui")]
mod gui_window; // the window as these tests use it
mod guide; // what the guide for planners says, solved
mod hand_cases; // the formulation's hand-checkable cases as plans
mod headline; // the figures on top: fractions, flows, chip-hours, counted tokens, one price, no rounding
mod lender; // the lender's view of whole plans: tax, debt, worth by age, credits, break-evens
mod marginals; // what one more unit is worth, by moving the plan's number and solving again
mod oracle_numbers; // answers that another program gave to the same plans
mod ordered_time; // hours in order: batteries and deferrable work across midnight
mod outside; // linear programs that others published, through our solver layer and certificate
mod own_models; // served models and chips that the catalog does not have
mod plan_edit; // changes by path, renaming, scenarios
mod plan_file; // plans as texts: reading, printing, round trips
mod programs; // the linear program of every plan, as a digest on record
mod properties; // what must hold for any plan
mod readme; // README's tables are the program's
mod reference; // published cases as plans
mod replicas; // rates belong to replicas: what fits, what does not, whole ones
#[cfg(feature = "gui")]
mod screenshots; // not a test: the pictures in assets/screenshots
mod series; // files of series as people have them: shapes, clocks, units, gaps
mod sketch; // small plans in a few lines
mod solver; // solvers, certificate, hot session, conflicts and ranges, on programs stated by hand and at random
mod throughput; // the throughput model: calibration, validation, identities, evidence and speed
mod traps; // known mistakes, each with a plan in which it would show
mod true_answers;
mod undo; // an edit and its undo end at the same numbers // answers that were false though solved right: work without tokens, readings, statements without effect
