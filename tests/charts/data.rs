//! Charts as data: complete, finite, with sums that agree with the answer.

use std::fmt::Write;

use tokenworks::charts::palette::{Order, color_of};
use tokenworks::charts::tables::plain;
use tokenworks::charts::{Body, CHARTS, Chart, ColorKey, Selection, TableCell, find, outline, sankey_sums, table, ticks::ticks};
use tokenworks::results::{ContractInfo, PeriodMoney, Results, Role};
use tokenworks::words;

use crate::fixture;

fn chart(results: &Results, name: &str) -> Chart {
    (find(name).unwrap().chart)(results, &Selection::default())
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-6 * a.abs().max(b.abs()).max(1.0)
}

/// Every number of a chart, through its table.
pub fn numbers(chart: &Chart) -> Vec<f64> {
    table(chart).rows.iter().flatten().filter_map(|cell| if let TableCell::Number(number) = cell { Some(*number) } else { None }).collect()
}

/// A row of a table on one line.
pub fn line(row: &[TableCell], number: fn(f64) -> String) -> String {
    let cells = row.iter().map(|cell| match cell {
        TableCell::Text(text) => text.clone(),
        TableCell::Number(value) => number(*value),
    });
    cells.collect::<Vec<_>>().join(" | ")
}

#[test]
fn every_chart_has_a_table_as_recorded() {
    let results = fixture::results();
    let mut out = String::new();
    for entry in CHARTS {
        let table = table(&(entry.chart)(&results, &Selection::default()));
        let _ = writeln!(out, "## {} · {}\n{}", table.name, table.title, table.header.join(" | "));
        for row in &table.rows {
            assert_eq!(row.len(), table.header.len(), "{}", entry.name);
            let _ = writeln!(out, "{}", line(row, plain));
        }
        out.push('\n');
    }
    insta::assert_snapshot!("charts_of_the_fixture", out);
}

#[test]
fn names_are_unique_and_charts_carry_them() {
    let results = fixture::results();
    for (index, entry) in CHARTS.iter().enumerate() {
        assert!(CHARTS[..index].iter().all(|other| other.name != entry.name), "{} twice", entry.name);
        let chart = (entry.chart)(&results, &Selection::default());
        assert_eq!(chart.name, entry.name);
        assert!(!matches!(chart.body, Body::Empty { .. }), "{} is empty on a full answer", entry.name);
        assert!(chart.caption.contains("1a2b3c4d5e6f") && chart.caption.contains("late-grid"), "{}: {}", entry.name, chart.caption);
    }
}

#[test]
fn charts_stand_any_selection() {
    let results = fixture::results();
    let indices = [None, Some(0), Some(1), Some(2), Some(7), Some(99)];
    for entry in CHARTS {
        for site in indices {
            for period in indices {
                for day in [None, Some(2), Some(99)] {
                    let chart = (entry.chart)(&results, &Selection { site, period, day, product: site });
                    assert!(numbers(&chart).iter().all(|number| number.is_finite()), "{}", entry.name);
                }
            }
        }
    }
}

#[test]
fn an_answer_without_numbers_gives_sentences() {
    let infeasible = fixture::infeasible();
    for entry in CHARTS {
        let chart = (entry.chart)(&infeasible, &Selection::default());
        assert!(matches!(&chart.body, Body::Empty { reason } if reason.ends_with('.')), "{}", entry.name);
    }
}

#[test]
fn broken_numbers_never_reach_a_chart() {
    let mut results = fixture::results();
    results.contracts[0].draw_mw[7][3] = f64::NAN;
    results.contracts[1].energy_gwh[2] = f64::INFINITY;
    results.fleet[0].utilisation[1] = f64::NAN;
    results.power[0].load_mw[7].truncate(2);
    results.money[3].cost_musd[2] = f64::NAN;
    results.binding[0].dual = f64::NAN;
    results.sites[0].interconnect_mw.clear();
    results.flows[0].answer_ttok.truncate(3);
    for entry in CHARTS {
        let chart = (entry.chart)(&results, &Selection::default());
        assert!(numbers(&chart).iter().all(|number| number.is_finite()), "{}", entry.name);
        let _ = tokenworks::export::svg::render(&chart, &tokenworks::export::svg::Style::default());
    }
}

#[test]
fn sums_agree_on_the_fixture() {
    adds_up(&fixture::results());
}

/// Energy, tokens and money of charts are those of the answer.
pub fn adds_up(results: &Results) {
    sankey_adds_up(results);
    stacks_add_up(results);
}

fn sankey_adds_up(results: &Results) {
    let count = results.periods.len();
    for period in [None, Some(0), Some(count / 2)] {
        let chart = (find("sankey").unwrap().chart)(results, &Selection { period, ..Selection::default() });
        let Body::Sankey { nodes, links } = &chart.body else { continue };
        let sums = sankey_sums(nodes, links);
        let periods: Vec<usize> = period.map_or_else(|| (0..count).collect(), |period| vec![period]);
        let sum = |value: &dyn Fn(usize) -> f64| periods.iter().map(|period| value(*period)).sum::<f64>();
        let brings = |contract: &&ContractInfo| contract.kind.role == Role::Energy;
        let energy = sum(&|period| results.contracts.iter().filter(brings).map(|contract| contract.energy_gwh[period]).sum());
        let cost = sum(&|period| results.money[period].cost_total_musd());
        let revenue = sum(&|period| results.money[period].revenue_musd);
        let tokens = sum(&|period| results.flows.iter().map(|flow| flow.answer_ttok[period]).sum());
        assert!(close(sums.energy_gwh, energy), "{} {energy}", sums.energy_gwh);
        assert!(close(sums.cost_musd, cost), "{} {cost}", sums.cost_musd);
        assert!(close(sums.made_ttok, tokens) && close(sums.served_ttok, tokens), "{sums:?} {tokens}");
        assert!(close(sums.revenue_musd, revenue), "{} {revenue}", sums.revenue_musd);
        // Every column fills the same height, where no part of cost is an income.
        let income = results.money.iter().flat_map(|money| money.cost_musd).any(|cost| cost < 0.0);
        for column in (0..4).filter(|column| *column > 0 || !income) {
            let share: f64 = links.iter().filter(|link| nodes[link.from].column == column).map(|link| link.share).sum();
            assert!(close(share, 1.0), "column {column}: {share}");
        }
    }
}

fn stacks_add_up(results: &Results) {
    let stacked = |name: &str| -> f64 {
        match chart(results, name).body {
            Body::StackedBars { stacks, .. } => stacks.iter().flat_map(|series| &series.values).sum(),
            _ => 0.0,
        }
    };
    // What is served was made, or bought without counting.
    let served = results.kpis.answer_tokens_ttok + results.kpis.bought_tokens_ttok;
    for name in ["tokens", "tokens-by-site", "tokens-by-chip"] {
        assert!(close(stacked(name), served), "{name}: {} {served}", stacked(name));
    }
    let cost: f64 = results.money.iter().map(PeriodMoney::cost_total_musd).sum();
    assert!(close(stacked("cost"), cost));
    for name in ["revenue", "revenue-by-product"] {
        assert!(close(stacked(name), results.money.iter().map(|money| money.revenue_musd).sum()), "{name}");
    }
    assert!(close(stacked("capex"), results.kpis.capex_musd));
    assert!(close(stacked("carbon"), results.kpis.carbon_kt));
    let Body::Waterfall { steps } = chart(results, "cost-waterfall").body else { panic!("a waterfall") };
    assert!(close(steps[0].value, results.kpis.revenue_npv_musd));
    assert!(close(steps.last().unwrap().value, results.kpis.npv_musd));
    let Body::StackedAreas { edges, stacks, .. } = chart(results, "supply-curve").body else { panic!("blocks") };
    let area: f64 = stacks
        .iter()
        .map(|series| series.values.iter().zip(edges.windows(2)).map(|(cost, edge)| cost * (edge[1] - edge[0])).sum::<f64>())
        .sum();
    // Chips that make no token over the whole horizon are no block.
    assert!(area <= cost * (1.0 + 1e-6) && area >= cost * 0.5, "{area} {cost}");
    assert!(close(*edges.last().unwrap(), served));
}

#[test]
fn a_day_of_power_meets_its_load() {
    let results = fixture::results();
    for site in 0..2 {
        for period in 0..8 {
            for day in 0..3 {
                let chart = (find("power-day").unwrap().chart)(
                    &results,
                    &Selection { site: Some(site), period: Some(period), day: Some(day), ..Selection::default() },
                );
                let Body::StackedAreas { edges, stacks, lines } = chart.body else { panic!("areas") };
                assert_eq!(edges, [0.0, 4.0, 8.0, 12.0, 16.0, 20.0, 24.0]);
                let met = lines
                    .iter()
                    .find(|line| line.name == "Load and charging")
                    .or_else(|| lines.iter().find(|line| line.name == "Load"))
                    .unwrap();
                for block in 0..6 {
                    let supply: f64 = stacks.iter().map(|series| series.values[block]).sum();
                    assert!(
                        close(supply, met.values[block]),
                        "site {site}, period {period}, day {day}, block {block}: {supply} {}",
                        met.values[block]
                    );
                }
            }
        }
    }
}

#[test]
fn colours_stay_with_their_things_and_apart() {
    let order = Order::of(&fixture::results());
    for dark in [false, true] {
        for ids in [&order.chips, &order.products, &order.markets] {
            let colors: Vec<_> = ids
                .iter()
                .map(|id| color_of(&ColorKey::Chip(id.clone()), dark, &Order { chips: ids.clone(), ..Order::default() }))
                .collect();
            for (index, color) in colors.iter().enumerate() {
                assert!(!colors[..index].contains(color));
            }
        }
        let contracts: Vec<_> = order.contracts.iter().map(|(id, _)| color_of(&ColorKey::Contract(id.clone()), dark, &order)).collect();
        for (index, color) in contracts.iter().enumerate() {
            assert!(!contracts[..index].contains(color), "contract {index} in {contracts:?}");
        }
    }
}

#[test]
fn text_is_readable_on_every_surface() {
    let light = |[red, green, blue]: [u8; 3]| {
        let linear = |value: u8| {
            let value = f64::from(value) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    };
    for dark in [false, true] {
        let theme = tokenworks::charts::palette::theme(dark);
        for text in [theme.text, theme.quiet] {
            let (a, b) = (light(text), light(theme.panel));
            let contrast = (a.max(b) + 0.05) / (a.min(b) + 0.05);
            assert!(contrast >= 4.5, "{text:?} on {:?}: {contrast}", theme.panel);
        }
    }
}

#[test]
fn the_world_has_an_outline() {
    let rings = outline();
    assert!(rings.len() > 100);
    for (longitude, latitude) in rings.iter().flatten() {
        assert!((-180.0..=180.0).contains(longitude) && (-90.0..=90.0).contains(latitude));
    }
    // A known place on land and one at sea, by the even-odd rule.
    let inside = |x: f32, y: f32| {
        let crossings = rings
            .iter()
            .flat_map(|ring| ring.iter().zip(ring.iter().cycle().skip(1)))
            .filter(|((x0, y0), (x1, y1))| (y0 > &y) != (y1 > &y) && x < (x1 - x0) * (y - y0) / (y1 - y0) + x0);
        crossings.count() % 2 == 1
    };
    assert!(inside(-99.7, 32.4) && inside(116.4, 39.9) && inside(22.0, 65.7));
    assert!(!inside(-30.0, 30.0) && !inside(-140.0, 0.0) && !inside(51.0, 42.0), "seas, the Caspian too");
}

#[test]
fn numbers_read_well() {
    let cases = [
        (0.0, "0"),
        (0.412, "0.412"),
        (9.84, "9.84"),
        (13.8, "13.8"),
        (828.0, "828"),
        (12_345.6, "12,346"),
        (-519.0, "−519"),
        (1e-5, "1.00·10⁻⁵"),
        (0.5, "0.5"),
        (1e9, "1,000,000,000"),
    ];
    for (value, text) in cases {
        assert_eq!(words::short(value), text);
    }
    assert_eq!(words::grouped(-0.001, 2), "0.00");
    assert_eq!(words::grouped(f64::INFINITY, 2), "no limit");
    assert_eq!(words::percent(0.356), "36 %");
    assert_eq!(words::percent(0.0049), "0.5 %");
    assert_eq!(words::hour(13.5), "13:30");
    for (low, high) in [(0.0, 0.0), (0.0, 1e-9), (-3.0, 1e12), (0.0, 37.2), (99.0, 99.5), (f64::NAN, f64::INFINITY), (-1.0, -1.0)] {
        let ticks = ticks(low, high, 5);
        assert!(ticks.values.len() >= 2 && ticks.values.len() <= 64, "{low} {high}: {ticks:?}");
        if low.is_finite() && high.is_finite() {
            let slack = 1e-6 * (high - low).abs().max(1e-12);
            assert!(ticks.values[0] <= low + slack && *ticks.values.last().unwrap() >= high - slack, "{low} {high}: {ticks:?}");
        }
    }
}
