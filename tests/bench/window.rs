//! The window, measured through its own loop: events in, frames out, no display.
//!
//! A frame is what eframe runs for one: `logic`, `ui`, and the shapes cut into triangles; only the
//! graphics card's part is left out. The solver works on its own thread as it does in the window, and
//! its answers wake the loop.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use eframe::App as _;
use egui::{Event, Modifiers, PointerButton, Pos2, Rect, vec2};
use tokenworks::gui::app::{Opening, Workbench};
use tokenworks::gui::command::{Request, UiCommand};
use tokenworks::gui::files::PreparedPrompt;
use tokenworks::gui::files::store::Records;

use super::drags::{DRAGS, label};
use super::edits::{self, Times};
use super::{read, timed};

/// The tabs whose frames are measured.
const TABS: [UiCommand; 8] = [
    UiCommand::ShowMap,
    UiCommand::ShowLayout,
    UiCommand::ShowTables,
    UiCommand::ShowResults,
    UiCommand::ShowMoney,
    UiCommand::ShowActors,
    UiCommand::ShowCompare,
    UiCommand::ShowExplain,
];

/// The screen's rhythm.
const FRAME: Duration = Duration::from_micros(16_667);

/// How often the hand moves in a drag.
const MOVES: usize = 90;

/// Prints the tables; of drags only those whose plan, field or tab hold all these words, if there are any.
pub fn print(only: &[String]) {
    println!("\nA slider dragged in the window. Wall ms (median / 90 / 95 of a hundred) from a move to the frame that shows its numbers,");
    println!("or those of a later move: step by step, each answer awaited (headline figures nearly; every figure exactly), and at 60");
    println!("moves a second (the same two). Then figures shown a second meanwhile; from the last move to the canonical answer; frames:");
    println!("CPU ms on the window's thread, triangles included.");
    println!(
        "{:<14} {:<25} {:>15} {:>15}   {:>15} {:>17} {:>7} {:>6}   {:>11}",
        "plan", "field", "step: nearly", "exactly", "60 Hz: nearly", "exactly", "shown/s", "rest", "frame"
    );
    let front = TABS.into_iter().find(|tab| only.iter().any(|word| tab.text().contains(word.as_str()))).unwrap_or(UiCommand::ShowMap);
    // A study of the plan beside it, as in `ONLY="window texas study"`: only plans that have one.
    let (of_studies, words): (Vec<&String>, Vec<&String>) = only.iter().partition(|word| *word == "study");
    let (mut stepped, mut at_sixty) = (Times::default(), Times::default());
    for (plan, path) in DRAGS {
        let label = label(path);
        if !words.iter().all(|word| [plan, label.as_str(), front.text()].iter().any(|text| text.contains(word.as_str()))) {
            continue;
        }
        match drag(plan, path, front, !of_studies.is_empty()) {
            Err(problem) => println!("{plan:<14} {label:<26} {problem}"),
            Ok([by_steps, flowing]) => {
                stepped.add(&by_steps);
                at_sixty.add(&flowing);
            }
        }
    }
    stepped.print("drags step by step");
    at_sixty.print("drags at 60 Hz");
    edits::print(&words);
    if !only.is_empty() {
        return;
    }
    println!("\nThe last one again, with each tab in front:");
    if let Some((plan, path)) = DRAGS.last() {
        for tab in TABS {
            if let Err(problem) = drag(plan, path, tab, false) {
                println!("{plan:<14} {:<26} {problem}", label(path));
            }
        }
    }
    println!(
        "\nFrames while the pointer moves over a tab (CPU ms, median / p95), window of 1440 × 900; then frames drawn in a second of rest."
    );
    print!("{:<14}", "plan");
    for tab in TABS {
        print!(" {:>13}", tab.text());
    }
    println!(" {:>6}", "rest");
    for plan in ["deepseek-day", "gansu", "two-countries", "texas"] {
        tabs(plan);
    }
}

/// The window's loop without a window.
pub struct Loop {
    context: egui::Context,
    frame: eframe::Frame,
    /// The workbench in it.
    pub app: Workbench,
    started: Instant,
    pointer: Pos2,
    /// When the next frame is due, if one was asked for.
    due: Arc<Mutex<Option<Instant>>>,
}

impl Loop {
    /// Opens a sample plan and waits for its canonical answer.
    pub fn open(name: &str) -> Option<Self> {
        let path = format!("plans/{name}.ron");
        let text = std::fs::read_to_string(Path::new(&path)).ok()?;
        read(&path)?;
        let context = egui::Context::default();
        let due = Arc::new(Mutex::new(None::<Instant>));
        let asked = Arc::clone(&due);
        context.set_request_repaint_callback(move |info| {
            let at = Instant::now() + info.delay;
            let mut due = asked.lock().unwrap_or_else(PoisonError::into_inner);
            *due = Some(due.map_or(at, |due| due.min(at)));
        });
        let creation = eframe::CreationContext::_new_kittest(context.clone());
        let opening =
            Opening { path: None, prompt: Box::new(PreparedPrompt::default()), records: Records::default(), first_example: false };
        let app = Workbench::open(&creation, opening);
        let mut window = Self { context, frame: eframe::Frame::_new_kittest(), app, started: Instant::now(), pointer: Pos2::ZERO, due };
        window.app.handle(Request::NewFromText { name: name.to_owned(), text });
        window.rest();
        Some(window)
    }

    /// Whether a frame was asked for and is due.
    pub fn is_due(&self) -> bool {
        self.due.lock().unwrap_or_else(PoisonError::into_inner).is_some_and(|due| due <= Instant::now())
    }

    /// One frame; its CPU seconds.
    pub fn frame(&mut self, events: Vec<Event>) -> f64 {
        *self.due.lock().unwrap_or_else(PoisonError::into_inner) = None;
        let input = egui::RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, vec2(1440.0, 900.0))),
            time: Some(self.started.elapsed().as_secs_f64()),
            focused: true,
            events,
            ..egui::RawInput::default()
        };
        // The kernel brings a thread's CPU time up to date when it goes to sleep.
        let nap = || std::thread::sleep(Duration::from_micros(20));
        nap();
        let ((), seconds) = timed(|| {
            let mut output = self.context.run_ui(input, |ui| {
                self.app.logic(ui.ctx(), &mut self.frame);
                self.app.ui(ui, &mut self.frame);
            });
            output.textures_delta.clear();
            let triangles = self.context.tessellate(std::mem::take(&mut output.shapes), output.pixels_per_point);
            std::hint::black_box(triangles);
            nap();
        });
        seconds
    }

    /// Runs until nothing more comes: the canonical answer is there and no frame is asked for.
    pub fn rest(&mut self) {
        let until = Instant::now() + Duration::from_mins(2);
        while Instant::now() < until {
            if self.is_due() {
                self.frame(Vec::new());
            } else if self.app.document.is_settled() {
                return;
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    fn moved(&mut self, to: Pos2) -> Vec<Event> {
        self.pointer = to;
        vec![Event::PointerMoved(to)]
    }

    fn button(&self, pressed: bool) -> Event {
        Event::PointerButton { pos: self.pointer, button: PointerButton::Primary, pressed, modifiers: Modifiers::NONE }
    }

    /// Where a widget with this name is, as a screen reader would be told.
    fn place(&mut self, name: &str) -> Option<Rect> {
        self.context.enable_accesskit();
        let mut found = None;
        for _ in 0..3 {
            let input = egui::RawInput {
                screen_rect: Some(Rect::from_min_size(Pos2::ZERO, vec2(1440.0, 900.0))),
                time: Some(self.started.elapsed().as_secs_f64()),
                focused: true,
                ..egui::RawInput::default()
            };
            let mut output = self.context.run_ui(input, |ui| {
                self.app.logic(ui.ctx(), &mut self.frame);
                self.app.ui(ui, &mut self.frame);
            });
            output.textures_delta.clear();
            let nodes = output.platform_output.accesskit_update.map(|update| update.nodes).unwrap_or_default();
            found = nodes.iter().find(|(_, node)| node.label() == Some(name)).and_then(|(_, node)| node.bounds()).map(|bounds| {
                Rect::from_min_max(Pos2::new(bounds.x0 as f32, bounds.y0 as f32), Pos2::new(bounds.x1 as f32, bounds.y1 as f32))
            });
        }
        self.context.disable_accesskit();
        found
    }

    fn click(&mut self, at: Pos2) {
        let moved = self.moved(at);
        self.frame(moved);
        self.frame(vec![self.button(true)]);
        self.frame(vec![self.button(false)]);
    }

    /// Revision whose numbers the last frame showed.
    pub fn shown(&self) -> u64 {
        self.app.document.shown_revision()
    }

    /// Revision whose headline figures the last frame showed, found or nearly.
    pub fn headline(&self) -> u64 {
        self.app.document.headline_revision()
    }
}

/// Milliseconds at a share of all, sorted.
pub fn at(times: &mut [f64], share: f64) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(((times.len().max(1) - 1) as f64 * share).round() as usize).copied().unwrap_or(f64::NAN)
}

fn drag(plan: &str, path: &str, tab: UiCommand, beside_a_study: bool) -> Result<[Times; 2], &'static str> {
    let label = label(path);
    let mut window = Loop::open(plan).ok_or("is not there")?;
    if beside_a_study {
        let largest = |(_, study): &(&String, &tokenworks::plan::study::Study)| matches!(study, tokenworks::plan::study::Study::Sample(_));
        let id = window.app.document.plan().studies.iter().find(largest).map(|(id, _)| id.clone()).ok_or("has no sample to run")?;
        window.app.panels.studies.start(&window.context, &window.app.document, &id);
    }
    window.app.handle(Request::Run(tab));
    // Scrolled to, as a planner would: a place that is told of a widget out of sight is not where it can be pressed.
    window.app.handle(Request::GoTo(path.to_owned()));
    window.rest();
    let button = window.place(&format!("Vary {label}")).ok_or("has no button to vary it")?;
    window.click(button.center());
    let slider = window.place(&format!("{label} slider")).ok_or("has no slider")?;
    let (left, right) = (slider.left_center() + vec2(slider.width() * 0.3, 0.0), slider.left_center() + vec2(slider.width() * 0.7, 0.0));
    // Back and forth, as a hand goes: 40 % of the slider in half a second at 60 moves a second.
    let path = |step: usize| left.lerp(right, (step % 60).min(60 - step % 60) as f32 / 30.0);

    // Step by step.
    let start = window.moved(slider.center());
    window.frame(start);
    window.frame(vec![window.button(true)]);
    window.rest();
    let (mut near_stepped, mut stepped) = (Vec::new(), Vec::new());
    for step in 0..MOVES / 3 {
        let moved = window.moved(path(step * 3 + 1));
        let (before, start) = (window.app.document.revision(), Instant::now());
        window.frame(moved);
        let wanted = window.app.document.revision();
        if wanted == before {
            continue;
        }
        let mut near = None;
        while window.shown() < wanted && start.elapsed() < Duration::from_secs(20) {
            if window.headline() >= wanted && near.is_none() {
                near = Some(start.elapsed());
            }
            if window.is_due() {
                window.frame(Vec::new());
            } else {
                std::thread::sleep(Duration::from_micros(200));
            }
        }
        let exactly = start.elapsed();
        near_stepped.push(near.unwrap_or(exactly).as_secs_f64() * 1e3);
        stepped.push(exactly.as_secs_f64() * 1e3);
    }
    window.rest();

    // As the hand moves: a move with every frame of the screen.
    let (mut waiting_near, mut waiting) = (Vec::new(), Vec::new());
    let (mut near_flowing, mut flowing, mut frames, mut shown) = (Vec::new(), Vec::new(), Vec::new(), 0_u32);
    let begun = Instant::now();
    let (mut due, mut last_move) = (begun, begun);
    let mut headline = window.headline();
    for step in 0.. {
        // On from where the last step went.
        let events = if step < MOVES { window.moved(path(MOVES - 1 + step)) } else { Vec::new() };
        let (before, now) = (window.app.document.revision(), Instant::now());
        frames.push(window.frame(events) * 1e3);
        if window.app.document.revision() != before {
            last_move = now;
            waiting.push((window.app.document.revision(), now));
            waiting_near.push((window.app.document.revision(), now));
        }
        if window.headline() != headline {
            headline = window.headline();
            shown += u32::from(step < MOVES);
        }
        painted(&mut waiting_near, window.headline(), &mut near_flowing);
        painted(&mut waiting, window.shown(), &mut flowing);
        if step >= MOVES && (waiting.is_empty() || begun.elapsed() > Duration::from_mins(1)) {
            break;
        }
        due += FRAME;
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
    }
    while !window.app.document.is_canonical() && begun.elapsed() < Duration::from_mins(1) {
        if window.is_due() {
            window.frame(Vec::new());
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    let rest = last_move.elapsed().as_secs_f64() * 1e3;
    let seconds = MOVES as f64 * FRAME.as_secs_f64();
    window.frame(vec![window.button(false)]);
    println!(
        "{plan:<14} {label:<25} {:>15} {:>15}   {:>15} {:>17} {:>7.1} {rest:>6.0}   {:>5.2} {:>5.2}   {}",
        three(&mut near_stepped),
        three(&mut stepped),
        three(&mut near_flowing),
        three(&mut flowing),
        f64::from(shown) / seconds,
        at(&mut frames, 0.5),
        at(&mut frames, 0.95),
        tab.text(),
    );
    // A drag has one last edit, whose canonical answer is awaited.
    let step_by_step = Times { nearly: near_stepped, every: stepped, canonical: Vec::new() };
    Ok([step_by_step, Times { nearly: near_flowing, every: flowing, canonical: vec![rest] }])
}

/// Takes the moves whose figures are painted off the list, with how long they took.
fn painted(waiting: &mut Vec<(u64, Instant)>, shown: u64, times: &mut Vec<f64>) {
    let now = Instant::now();
    waiting.retain(|(revision, since)| {
        let open = *revision > shown;
        if !open {
            times.push((now - *since).as_secs_f64() * 1e3);
        }
        open
    });
}

/// Median, and the 90th and 95th of a hundred.
fn three(times: &mut [f64]) -> String {
    format!("{:.0}/{:.0}/{:.0}", at(times, 0.5), at(times, 0.9), at(times, 0.95))
}

fn tabs(plan: &str) {
    let Some(mut window) = Loop::open(plan) else { return };
    print!("{plan:<14}");
    for tab in TABS {
        window.app.handle(Request::Run(tab));
        window.rest();
        let mut frames = Vec::new();
        for step in 0..120_u16 {
            let to = Pos2::new(280.0 + f32::from(step) * 6.0, 220.0 + f32::from(step % 40) * 12.0);
            let events = window.moved(to);
            frames.push(window.frame(events) * 1e3);
        }
        print!(" {:>13}", format!("{:.2} / {:.2}", at(&mut frames, 0.5), at(&mut frames, 0.95)));
    }
    window.rest();
    let (mut drawn, until) = (0, Instant::now() + Duration::from_secs(1));
    while Instant::now() < until {
        if window.is_due() {
            window.frame(Vec::new());
            drawn += 1;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    println!(" {drawn:>6}");
}
