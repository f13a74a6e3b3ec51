//! Colours, sizes and fonts: the only place of the window that names a colour.
//!
//! Two themes, light and dark, follow the system unless the planner picks one. Everything else
//! asks [`tokens`] for a colour by its role.

use std::sync::Arc;

use egui::epaint::Shadow;
use egui::style::{Selection, TextCursorStyle, WidgetVisuals, Widgets};
use egui::{
    Color32, Context, CornerRadius, FontData, FontDefinitions, FontFamily, FontId, Frame, Margin, RichText, Stroke, Style, TextStyle,
    Theme, Ui, Visuals, vec2,
};

use crate::charts::palette::Rgb;
use crate::charts::{ColorKey, Order, color_of};
use crate::diagnostic::Severity;

/// Gap between panels and between unlike things.
pub const GAP: f32 = 8.0;
/// Corner radius of panels.
pub const PANEL_RADIUS: u8 = 8;
/// Corner radius of fields and buttons.
pub const FIELD_RADIUS: u8 = 5;
/// Height of a row in lists and trees.
pub const ROW: f32 = 26.0;
/// Width of number fields.
pub const NUMBER_WIDTH: f32 = 92.0;

/// Colours by role.
#[derive(Clone, Copy, Debug)]
pub struct Tokens {
    /// Whether this is the dark theme.
    pub dark: bool,
    /// Behind everything.
    pub window: Color32,
    /// Panels.
    pub panel: Color32,
    /// What lies on a panel: cards, the active tab.
    pub raised: Color32,
    /// Fields and buttons.
    pub field: Color32,
    /// Fields and buttons under the pointer.
    pub hover: Color32,
    /// Lines between things.
    pub line: Color32,
    /// Text.
    pub text: Color32,
    /// Second text.
    pub quiet: Color32,
    /// The one accent.
    pub accent: Color32,
    /// Behind what is selected or marked with the accent.
    pub accent_soft: Color32,
    /// Text on the accent.
    pub on_accent: Color32,
    /// Better.
    pub good: Color32,
    /// Worse, wrong.
    pub bad: Color32,
    /// Doubtful.
    pub warn: Color32,
    /// Land on the map.
    pub land: Color32,
    /// Coast lines.
    pub coast: Color32,
    /// Under modals.
    pub shade: Color32,
    /// Colours of charts: blue, orange, green, vermilion, purple, yellow, grey.
    pub chart: [Color32; 7],
}

#[expect(clippy::disallowed_methods, reason = "the theme is where colours live")]
const fn rgb(hex: u32) -> Color32 {
    Color32::from_rgb((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

/// The dark theme.
pub const DARK: Tokens = Tokens {
    dark: true,
    window: rgb(0x14_16_1a),
    panel: rgb(0x1b_1e_24),
    raised: rgb(0x22_26_2e),
    field: rgb(0x2a_30_3a),
    hover: rgb(0x34_3b_47),
    line: rgb(0x2c_32_3b),
    text: rgb(0xe6_e8_eb),
    quiet: rgb(0x98_a1_ac),
    accent: rgb(0x3c_c7_a6),
    accent_soft: rgb(0x1f_3a_38),
    on_accent: rgb(0x0b_1a_17),
    good: rgb(0x3c_c7_a6),
    bad: rgb(0xf0_80_5c),
    warn: rgb(0xe6_b0_3a),
    land: rgb(0x27_2c_35),
    coast: rgb(0x38_3f_4a),
    shade: Color32::from_black_alpha(140),
    chart: [rgb(0x56_b4_e9), rgb(0xe6_9f_00), rgb(0x2b_b5_8a), rgb(0xe0_66_3c), rgb(0xb8_86_c6), rgb(0xe5_d2_4a), rgb(0x7f_8a_96)],
};

/// The light theme.
pub const LIGHT: Tokens = Tokens {
    dark: false,
    window: rgb(0xee_f1_f4),
    panel: rgb(0xf8_f9_fb),
    raised: rgb(0xff_ff_ff),
    field: rgb(0xe9_ed_f1),
    hover: rgb(0xdc_e2_e8),
    line: rgb(0xdf_e4_e9),
    text: rgb(0x1c_21_27),
    quiet: rgb(0x5f_69_75),
    accent: rgb(0x0b_7d_67),
    accent_soft: rgb(0xdf_f1_ec),
    on_accent: rgb(0xff_ff_ff),
    good: rgb(0x0b_7d_67),
    bad: rgb(0xb8_41_1b),
    warn: rgb(0x8a_5d_00),
    land: rgb(0xdd_e3_e8),
    coast: rgb(0xc4_cc_d4),
    shade: Color32::from_black_alpha(70),
    chart: [rgb(0x2f_7f_bf), rgb(0xc9_74_00), rgb(0x0f_8f_74), rgb(0xc8_52_2c), rgb(0x8d_57_a3), rgb(0xb5_98_00), rgb(0x7a_84_8f)],
};

/// The colours in force.
#[must_use]
pub fn tokens(ui: &Ui) -> &'static Tokens {
    if ui.visuals().dark_mode { &DARK } else { &LIGHT }
}

/// Text style of the figures in the KPI strip.
#[must_use]
pub fn figure() -> TextStyle {
    TextStyle::Name("figure".into())
}

/// Text style of names that stand out in running text.
#[must_use]
pub fn strong() -> TextStyle {
    TextStyle::Name("strong".into())
}

/// Text style of big figures in presentation mode.
#[must_use]
pub fn giant() -> TextStyle {
    TextStyle::Name("giant".into())
}

/// Second text: smaller and quieter.
pub fn quiet(ui: &Ui, text: impl Into<String>) -> RichText {
    RichText::new(text).text_style(TextStyle::Small).color(tokens(ui).quiet)
}

/// A title inside a panel.
pub fn title(text: impl Into<String>) -> RichText {
    RichText::new(text).text_style(TextStyle::Heading)
}

/// Colour of an evidence grade.
#[must_use]
pub fn grade(ui: &Ui, grade: &str) -> Color32 {
    let tokens = tokens(ui);
    let [blue, orange, green, ..] = tokens.chart;
    match grade {
        "well sourced" | "measured" => green,
        "one source" | "calibrated" => blue,
        "derived" | "modelled" => orange,
        "low confidence" | "known miss" => tokens.bad,
        _ => tokens.quiet,
    }
}

/// Colour of a severity.
#[must_use]
pub fn severity(ui: &Ui, severity: Severity) -> Color32 {
    let tokens = tokens(ui);
    match severity {
        Severity::Error => tokens.bad,
        Severity::Warning => tokens.warn,
        Severity::Note => tokens.quiet,
    }
}

/// A panel's card on the window.
pub fn card(ui: &Ui) -> Frame {
    Frame::new().fill(tokens(ui).panel).corner_radius(CornerRadius::same(PANEL_RADIUS)).inner_margin(Margin::same(10))
}

/// Something raised on a panel.
pub fn raised(ui: &Ui) -> Frame {
    let tokens = tokens(ui);
    Frame::new()
        .fill(tokens.raised)
        .stroke(Stroke::new(1.0, if tokens.dark { tokens.raised } else { tokens.line }))
        .corner_radius(CornerRadius::same(6))
        .inner_margin(Margin::same(10))
}

/// A marked note in the accent's soft colour.
pub fn note(ui: &Ui) -> Frame {
    Frame::new().fill(tokens(ui).accent_soft).corner_radius(CornerRadius::same(6)).inner_margin(Margin::symmetric(12, 8))
}

/// The colour of something in charts: the same thing has the same colour everywhere.
#[must_use]
pub fn chart_color(ui: &Ui, key: &ColorKey, order: &Order) -> Color32 {
    color(color_of(key, tokens(ui).dark, order))
}

/// A colour of the charts' own palette.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the theme is where colours live")]
pub fn color([red, green, blue]: Rgb) -> Color32 {
    Color32::from_rgb(red, green, blue)
}

/// Gives a context the two themes and the fonts.
pub fn apply(context: &Context) {
    context.set_style_of(Theme::Dark, style(&DARK));
    context.set_style_of(Theme::Light, style(&LIGHT));
    context.set_fonts(fonts());
}

/// The bundled text font before the toolkit's own, which hold the symbols it lacks.
fn fonts() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    let bundled: [(&str, &'static [u8]); 2] = [
        ("regular", include_bytes!("../../assets/fonts/TokenworksSans-Regular.ttf")),
        ("semibold", include_bytes!("../../assets/fonts/TokenworksSans-SemiBold.ttf")),
    ];
    for (name, bytes) in bundled {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
    }
    let symbols = fonts.families.get(&FontFamily::Proportional).cloned().unwrap_or_default();
    fonts.families.entry(FontFamily::Proportional).or_default().insert(0, "regular".to_owned());
    let strong = std::iter::once("semibold".to_owned()).chain(symbols).collect();
    fonts.families.insert(semibold(), strong);
    fonts
}

/// The family of titles and figures.
#[must_use]
pub fn semibold() -> FontFamily {
    FontFamily::Name("semibold".into())
}

fn style(tokens: &Tokens) -> Arc<Style> {
    let mut style = Style { visuals: visuals(tokens), ..Style::default() };
    let font = |size: f32| FontId::new(size, FontFamily::Proportional);
    style.text_styles = [
        (TextStyle::Small, font(12.0)),
        (TextStyle::Body, font(13.0)),
        (TextStyle::Button, font(13.0)),
        (TextStyle::Heading, FontId::new(16.0, semibold())),
        (TextStyle::Monospace, FontId::new(12.5, FontFamily::Monospace)),
        (strong(), FontId::new(13.0, semibold())),
        (figure(), FontId::new(20.0, semibold())),
        (giant(), FontId::new(56.0, semibold())),
    ]
    .into();
    let spacing = &mut style.spacing;
    spacing.item_spacing = vec2(GAP, 6.0);
    spacing.button_padding = vec2(9.0, 4.0);
    spacing.interact_size = vec2(28.0, ROW);
    spacing.menu_margin = Margin::same(6);
    spacing.window_margin = Margin::same(16);
    spacing.indent = 14.0;
    spacing.combo_width = 120.0;
    spacing.icon_width = 12.0;
    spacing.icon_width_inner = 7.0;
    spacing.scroll = egui::style::ScrollStyle { bar_width: 7.0, floating: true, ..egui::style::ScrollStyle::thin() };
    style.interaction.selectable_labels = false;
    style.interaction.tooltip_delay = 0.35;
    style.explanation_tooltips = true;
    style.animation_time = 0.09;
    Arc::new(style)
}

fn visuals(tokens: &Tokens) -> Visuals {
    let radius = CornerRadius::same(FIELD_RADIUS);
    let widget = |fill: Color32, border: Color32, text: Color32| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: Stroke::new(1.0, border),
        corner_radius: radius,
        fg_stroke: Stroke::new(1.0, text),
        expansion: 0.0,
    };
    let base = if tokens.dark { Visuals::dark() } else { Visuals::light() };
    Visuals {
        dark_mode: tokens.dark,
        weak_text_color: Some(tokens.quiet),
        widgets: Widgets {
            noninteractive: widget(tokens.panel, tokens.line, tokens.text),
            inactive: widget(tokens.field, tokens.field, tokens.text),
            hovered: widget(tokens.hover, tokens.hover, tokens.text),
            active: widget(tokens.hover, tokens.accent, tokens.text),
            open: widget(tokens.hover, tokens.hover, tokens.text),
        },
        selection: Selection { bg_fill: tokens.accent_soft, stroke: Stroke::new(1.0, tokens.accent) },
        hyperlink_color: tokens.accent,
        faint_bg_color: tokens.panel,
        extreme_bg_color: tokens.field,
        text_edit_bg_color: Some(tokens.field),
        code_bg_color: tokens.raised,
        warn_fg_color: tokens.warn,
        error_fg_color: tokens.bad,
        window_corner_radius: CornerRadius::same(10),
        window_shadow: Shadow { offset: [0, 8], blur: 28, spread: 0, color: tokens.shade },
        window_fill: tokens.raised,
        window_stroke: Stroke::new(1.0, tokens.line),
        menu_corner_radius: CornerRadius::same(PANEL_RADIUS),
        panel_fill: tokens.panel,
        popup_shadow: Shadow { offset: [0, 4], blur: 14, spread: 0, color: tokens.shade },
        text_cursor: TextCursorStyle { stroke: Stroke::new(2.0, tokens.accent), blink: false, ..TextCursorStyle::default() },
        slider_trailing_fill: true,
        handle_shape: egui::style::HandleShape::Circle,
        striped: false,
        indent_has_left_vline: false,
        ..base
    }
}
