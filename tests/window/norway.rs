//! The journey every planner makes first: a campus in Norway, from the wizard and from nothing, with every
//! click of the mouse counted where it lands.

use egui::accesskit::Role;
use egui::{Pos2, vec2};
use egui_kittest::kittest::Queryable as _;
use tokenworks::gui::document::Freshness;
use tokenworks::plan::{Plan, Terms};

use crate::window::harness::{Window, button, drag, settle, type_over, wait_until, wheel, window_with};

/// A window and the clicks spent in it.
struct Journey {
    harness: Window,
    clicks: usize,
}

impl Journey {
    fn begin() -> Self {
        let mut harness = window_with(vec2(1440.0, 900.0), |opening| opening.first_example = false);
        harness.state_mut().view.tour = None;
        settle(&mut harness);
        Self { harness, clicks: 0 }
    }

    fn click_at(&mut self, place: Pos2) {
        assert!(self.harness.ctx.content_rect().contains(place), "{place:?} is outside the window");
        self.harness.hover_at(place);
        self.harness.step();
        for pressed in [true, false] {
            self.harness.event(button(place, pressed));
            self.harness.step();
        }
        self.clicks += 1;
        settle(&mut self.harness);
    }

    /// Clicks what has this name; where several have it, the one of the highest on screen.
    fn click(&mut self, name: &str) {
        let found = self.harness.query_all_by_label(name).map(|node| node.rect().center());
        let place = found.min_by(|a, b| a.y.total_cmp(&b.y)).unwrap_or_else(|| panic!("nothing is called {name}"));
        self.click_at(place);
    }

    /// Clicks what has this name and role.
    fn click_role(&mut self, role: Role, name: &str) {
        let place = self.harness.get_by_role_and_label(role, name).rect().center();
        self.click_at(place);
    }

    /// Clicks the one whose name begins so.
    fn click_start(&mut self, start: &str) {
        let place = self
            .harness
            .query_all_by(|node| node.label().is_some_and(|label| label.starts_with(start)))
            .map(|node| node.rect().center())
            .next()
            .unwrap_or_else(|| panic!("nothing begins with {start}"));
        self.click_at(place);
    }

    fn plan(&self) -> Plan {
        self.harness.state().document.plan().clone()
    }

    /// The campus that was asked for, solved.
    fn arrive(mut self, most: usize) {
        let plan = self.plan();
        assert!(self.clicks <= most, "{} clicks", self.clicks);
        println!("{} clicks of {most}", self.clicks);
        let [site] = plan.sites.values().collect::<Vec<_>>()[..] else { panic!("{:?}", plan.sites.keys()) };
        assert_eq!((site.country.as_str(), site.time_zone.as_deref(), site.utc_offset_hours), ("NO", Some("Europe/Oslo"), 1.0));
        assert_eq!(site.interconnect_mw.first(), Some(100.0));
        let is_hydro = |id: &str, terms: &Terms| matches!(terms, Terms::Baseload(_)) && id.contains("hydro");
        assert!(
            plan.contracts.iter().any(|(id, contract)| is_hydro(id, &contract.terms) && contract.renewable == Some(true)),
            "{:?}",
            plan.contracts
        );
        assert!(plan.contracts.values().any(|contract| matches!(contract.terms, Terms::Tariff(_))));
        assert_eq!((plan.chips.len(), plan.markets.len()), (2, 2), "{:?} {:?}", plan.chips.keys(), plan.markets.keys());
        assert!(plan.markets.values().all(|market| !market.demand.is_empty() && market.time_zone.is_some()));
        assert_eq!(plan.budget.capex_musd_total, Some(2000.0));
        assert!(plan.budget.capex_musd_per_period.is_none());
        assert_eq!(plan.horizon.periods * plan.horizon.period_months, 36);
        let problems = self.harness.state().document.problems();
        assert!(problems.is_empty(), "{problems:?}");
        wait_until(&mut self.harness, "the answer", |window| window.document.is_canonical());
        let document = &self.harness.state().document;
        assert_eq!(document.freshness(), Freshness::Fresh);
        let results = document.results().unwrap();
        assert!(results.certificate.checked && results.kpis.answer_tokens_ttok > 0.0, "{:?}", results.kpis);
        // Money in all, not in each quarter.
        assert!(results.kpis.capex_musd <= 2000.0 * (1.0 + 1e-6) && results.kpis.capex_musd > 500.0, "{}", results.kpis.capex_musd);
    }
}

#[test]
fn a_campus_in_norway_from_the_wizard() {
    let mut journey = Journey::begin();
    journey.click("Answer five questions…");
    journey.click_role(Role::ComboBox, "Place");
    journey.click_start("Norway");
    journey.click("Next");
    journey.click("Hydropower, baseload");
    journey.click("Next");
    journey.click_start("GB300 NVL72");
    journey.click("Next");
    journey.click_start("Frankfurt am Main");
    journey.click("Next");
    journey.click("Make the plan");
    journey.arrive(25);
}

#[test]
fn a_campus_in_norway_from_nothing() {
    let mut journey = Journey::begin();
    journey.click("Start empty");
    // Two clicks on the map, near Odda.
    let place = journey.harness.state().panels.map.position(60.07, 6.55).unwrap();
    crate::window::harness::double_click(&mut journey.harness, place);
    journey.clicks += 2;
    assert_eq!(journey.plan().sites.keys().collect::<Vec<_>>(), ["norway"]);
    journey.click("Add a hall type");
    journey.click("Add a power contract");
    journey.click("Pick a chip…");
    journey.click("Compare GB200 NVL72");
    journey.click("Use GB200 NVL72");
    journey.click("Pick a served model…");
    journey.click("Compare DeepSeek V3 / R1");
    journey.click("Use DeepSeek V3 / R1");
    journey.click("Add a product");
    journey.click("Add a market");
    journey.click("Add its demand");
    assert!(!tokenworks::gui::panels::checklist::is_lacking(&journey.plan()));
    // The block of hydropower, from the palette of the layout.
    journey.click("Layout tab");
    journey.click("Add Baseload");
    journey.click_start("Rename ");
    type_over(&mut journey.harness, "Hydro baseload");
    journey.click("Set Renewable");
    // A second chip.
    journey.click_start("Chips");
    journey.click("Pick from the catalog…");
    journey.click("Compare GB300 NVL72");
    journey.click("Use GB300 NVL72");
    // Users of the south: a copy of the first market, dragged over Germany.
    journey.click("Map tab");
    journey.click_start("Market Users in Norway");
    journey.click_start("Duplicate ");
    let dot = journey
        .harness
        .query_all_by(|node| node.label().is_some_and(|label| label.starts_with("Market Users in Norway 2")))
        .next()
        .unwrap()
        .rect()
        .center();
    let frankfurt = journey.harness.state().panels.map.position(50.11, 8.68).unwrap();
    drag(&mut journey.harness, dot, frankfurt);
    journey.clicks += 1;
    // Two billions in all.
    journey.harness.hover_at(Pos2::new(120.0, 500.0));
    journey.harness.step();
    journey.harness.event(wheel(-2000.0));
    settle(&mut journey.harness);
    journey.click_start("Budget");
    journey.click("Set Capex in all");
    type_over(&mut journey.harness, "2000");
    journey.arrive(40);
}
