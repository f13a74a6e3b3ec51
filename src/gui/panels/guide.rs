//! The guide for planners beside the plan: pages, and a search over all of them.

use egui::{Context, Id, Key, Label, Modifiers, RichText, ScrollArea, TextEdit, TextFormat, TextStyle, Ui, vec2};

use crate::gui::theme;
use crate::guide::{PAGES, Page, search};

/// What the guide remembers.
#[derive(Debug, Default)]
pub struct GuideView {
    /// Whether it is open.
    pub open: bool,
    /// What was typed into the search field.
    pub query: String,
    page: usize,
    /// Where the page starts again after another was picked.
    turned: bool,
}

impl GuideView {
    /// Opens it at a page.
    pub fn show(&mut self, name: &str) {
        self.open = true;
        self.query.clear();
        self.turn(PAGES.iter().position(|page| page.name == name).unwrap_or(0));
    }

    fn turn(&mut self, page: usize) {
        self.page = page;
        self.turned = true;
    }
}

/// Draws the guide, if it is open.
pub fn guide_ui(context: &Context, view: &mut GuideView) {
    if !view.open {
        return;
    }
    let screen = context.content_rect();
    let size = vec2((screen.width() - 60.0).clamp(280.0, 760.0), (screen.height() - 140.0).clamp(200.0, 620.0));
    let mut open = true;
    egui::Window::new("Guide")
        .id(Id::unique("guide"))
        .open(&mut open)
        .default_size(size)
        .max_size(screen.size() - vec2(20.0, 20.0))
        .constrain_to(screen)
        .collapsible(false)
        .show(context, |ui| body_ui(ui, view));
    if context.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape)) {
        open = false;
    }
    view.open = open;
}

fn body_ui(ui: &mut Ui, view: &mut GuideView) {
    ui.horizontal(|ui| {
        let field = TextEdit::singleline(&mut view.query).hint_text("Search the guide").desired_width(220.0);
        let field = ui.add(field.margin(egui::Margin::symmetric(8, 5))).accessible_name("Search the guide");
        if ui.memory(|memory| memory.focused().is_none()) {
            field.request_focus();
        }
    });
    ui.horizontal_wrapped(|ui| {
        for (index, page) in PAGES.iter().enumerate() {
            let chosen = view.query.trim().is_empty() && view.page == index;
            if ui.selectable_label(chosen, page.title()).on_hover_text(page.about).clicked() {
                view.query.clear();
                view.turn(index);
            }
        }
    });
    ui.separator();
    if !view.query.trim().is_empty() {
        found_ui(ui, view);
        return;
    }
    let Some(page) = PAGES.get(view.page) else { return };
    let mut scroll = ScrollArea::vertical().id_salt(("guide", page.name)).auto_shrink(false);
    if std::mem::take(&mut view.turned) {
        scroll = scroll.vertical_scroll_offset(0.0);
    }
    scroll.show(ui, |ui| page_ui(ui, page.text));
}

/// Every passage that holds the words, by page.
fn found_ui(ui: &mut Ui, view: &mut GuideView) {
    let found = search(&view.query);
    let mut goal = None;
    ScrollArea::vertical().id_salt("found in the guide").auto_shrink(false).show(ui, |ui| {
        if found.is_empty() {
            ui.label(theme::quiet(ui, "The guide does not say this. Try one word of it."));
        }
        let mut last: Option<&Page> = None;
        for passage in found {
            if last != Some(passage.page) {
                ui.add_space(4.0);
                if ui.add(egui::Link::new(RichText::new(passage.page.title()).text_style(theme::strong()))).clicked() {
                    goal = PAGES.iter().position(|page| page == passage.page);
                }
                last = Some(passage.page);
            }
            page_ui(ui, passage.text);
        }
    });
    if let Some(goal) = goal {
        view.query.clear();
        view.turn(goal);
    }
}

/// Markdown as the guide uses it: headings, paragraphs, lists, tables, code.
fn page_ui(ui: &mut Ui, text: &str) {
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if let Some(heading) = line.strip_prefix('#') {
            ui.add_space(6.0);
            ui.add(Label::new(theme::title(heading.trim_start_matches('#').trim())).wrap());
        } else if line.starts_with("```") {
            let code: Vec<&str> = lines.by_ref().take_while(|line| !line.starts_with("```")).collect();
            code_ui(ui, &code.join("\n"));
        } else if line.starts_with('|') {
            let mut rows = vec![cells(line)];
            while let Some(row) = lines.next_if(|line| line.starts_with('|')) {
                if !row.starts_with("|---") {
                    rows.push(cells(row));
                }
            }
            table_ui(ui, &rows);
        } else if !line.trim().is_empty() {
            let mut whole = line.trim().to_owned();
            while let Some(more) =
                lines.next_if(|line| !(line.trim().is_empty() || line.starts_with(['|', '#', '-']) || line.starts_with("```")))
            {
                whole.push(' ');
                whole.push_str(more.trim());
            }
            match whole.strip_prefix("- ") {
                Some(item) => {
                    ui.horizontal_top(|ui| {
                        ui.label("•");
                        ui.add(Label::new(marked(ui, item)).wrap());
                    });
                }
                None => _ = ui.add(Label::new(marked(ui, &whole)).wrap()),
            }
        }
    }
}

fn code_ui(ui: &mut Ui, code: &str) {
    theme::raised(ui).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.add(Label::new(RichText::new(code).text_style(TextStyle::Monospace)).wrap().selectable(true));
        if ui.small_button("Copy").clicked() {
            ui.ctx().copy_text(code.to_owned());
        }
    });
}

fn cells(row: &str) -> Vec<String> {
    row.trim().trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
}

/// Two columns side by side; more are told one below the other.
fn table_ui(ui: &mut Ui, rows: &[Vec<String>]) {
    let Some(head) = rows.first() else { return };
    for row in rows.iter().skip(usize::from(rows.len() > 1)) {
        theme::raised(ui).inner_margin(6).show(ui, |ui| {
            ui.set_width(ui.available_width());
            for (index, cell) in row.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
                let name = head.get(index).filter(|_| index > 1 && rows.len() > 1);
                let text = name.map_or_else(|| cell.clone(), |name| format!("{name}: {cell}"));
                let job = marked(ui, &text);
                ui.add(Label::new(job).wrap());
            }
        });
    }
}

/// Text with `code` and **strong** words set apart.
fn marked(ui: &Ui, text: &str) -> egui::text::LayoutJob {
    let tokens = theme::tokens(ui);
    let mut job = egui::text::LayoutJob::default();
    let mut add = |text: &str, style: TextStyle, color| {
        job.append(text, 0.0, TextFormat { font_id: style.resolve(ui.style()), color, ..TextFormat::default() });
    };
    for (index, part) in text.split('`').enumerate() {
        if index % 2 == 1 {
            add(part, TextStyle::Monospace, tokens.accent);
            continue;
        }
        for (index, part) in part.split("**").enumerate() {
            add(part, if index % 2 == 1 { theme::strong() } else { TextStyle::Body }, tokens.text);
        }
    }
    job
}
