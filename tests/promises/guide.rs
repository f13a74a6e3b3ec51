//! What the guide for planners says is so: its plan is solved, its charts and studies are those of the program.

use tokenworks::charts::CHARTS;
use tokenworks::guide::{PAGES, page};
use tokenworks::study::STUDIES;

use crate::sketch::{best, binding, near, read};

/// The plan that stands in the page.
fn first_plan() -> String {
    let text = page("first-plan").unwrap().text;
    let (_, rest) = text.split_once("```ron\n").unwrap();
    rest.split_once("```").unwrap().0.to_owned()
}

#[test]
fn the_first_plan_gives_what_the_page_says() {
    let results = best(&read(&first_plan()));
    near(results.kpis.answer_tokens_ttok, 5045.76, 1e-9);
    near(results.fleet[0].in_service[0], 80.0, 1e-9);
    near(results.kpis.energy_gwh, 113.88, 1e-9);
    let connection = binding(&results, "sites.home.interconnect_mw");
    near(connection.dual, 63.072 / 0.1625, 1e-9);

    // Up to 25 MW at the meter, where the hall is full.
    let last = best(&read(&first_plan().replace("interconnect_mw: 13.0", "interconnect_mw: 24.9")));
    near(binding(&last, "sites.home.interconnect_mw").dual, 63.072 / 0.1625, 1e-9);
    let wide = best(&read(&first_plan().replace("interconnect_mw: 13.0", "interconnect_mw: 30.0")));
    near(wide.fleet[0].in_service[0], 20.0 / 0.13, 1e-9);
    assert!(wide.binding.iter().all(|binding| binding.path != "sites.home.interconnect_mw"));
    let few = best(&read(&first_plan().replace("supply_per_period: 1000.0", "supply_per_period: 50.0")));
    assert!(few.binding.iter().all(|binding| binding.path != "sites.home.interconnect_mw"));
    assert!(few.binding.iter().any(|binding| binding.path.starts_with("chips.rack.supply_per_period")));
}

#[test]
fn every_chart_and_study_is_on_its_page() {
    for chart in CHARTS {
        assert!(page("charts").unwrap().text.contains(&format!("`{}`", chart.name)), "{} is not in the guide", chart.name);
    }
    for study in STUDIES {
        let row = format!("| {} | `{}` | {} |", study.question, study.command(), study.panel);
        assert!(page("studies").unwrap().text.contains(&row), "the guide lacks\n{row}");
    }
    for page in PAGES {
        assert!(page.text.starts_with("# "), "{} has no title", page.name);
        assert!(page.text.lines().all(|line| line.chars().count() <= 160), "{} has lines too long for a terminal", page.name);
    }
}

#[test]
#[cfg(feature = "gui")]
fn every_study_stands_in_a_panel() {
    for study in STUDIES {
        assert!(
            tokenworks::gui::panels::PANELS.iter().any(|panel| panel.name == study.panel),
            "{} has no panel {}",
            study.name,
            study.panel
        );
    }
}
