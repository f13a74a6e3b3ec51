//! From energy (GWh) and money (M$) through chips, products and markets to revenue (M$), over the
//! horizon or one period. Two units enter on the left and can't be added: each gets a height in
//! proportion to its own total, half of the diagram each. What chips carry of energy and money is
//! in `attribution`. [`sums`] gives the totals of the links, for checks.

use crate::results::attribution::{Carrier, Kind, brings_energy, carriers};
use crate::results::{CostPart, Results};

use super::frame::{Words, at, axis, chart as framed, empty, span, takes_period};
use super::{Body, Chart, ColorKey, SankeyLink, SankeyNode, Selection};
use crate::words::with_unit;

/// Totals of a Sankey's links; each equals the plan's own total.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SankeySums {
    /// From contracts to chips, GWh.
    pub energy_gwh: f64,
    /// From parts of cost to chips and purchases, M$.
    pub cost_musd: f64,
    /// From chips and purchases to products, Ttok.
    pub made_ttok: f64,
    /// From products to markets, Ttok.
    pub served_ttok: f64,
    /// From markets to revenue, M$.
    pub revenue_musd: f64,
}

/// The totals of a Sankey's links.
#[must_use]
pub fn sums(nodes: &[SankeyNode], links: &[SankeyLink]) -> SankeySums {
    let mut sums = SankeySums::default();
    for link in links {
        match (nodes.get(link.from).map(|node| node.column), link.unit.as_str()) {
            (Some(0), "GWh") => sums.energy_gwh += link.value,
            (Some(0), _) => sums.cost_musd += link.value,
            (Some(1), _) => sums.made_ttok += link.value,
            (Some(2), _) => sums.served_ttok += link.value,
            _ => sums.revenue_musd += link.value,
        }
    }
    sums
}

/// Nodes and links as they are gathered.
#[derive(Default)]
struct Diagram {
    nodes: Vec<SankeyNode>,
    links: Vec<SankeyLink>,
}

impl Diagram {
    fn node(&mut self, name: &str, column: usize, color: ColorKey, value: String) -> usize {
        self.nodes.push(SankeyNode { name: name.into(), column, color, value });
        self.nodes.len() - 1
    }

    /// A link of `value` in a column whose values add up to `total`, drawn over `height` of the diagram.
    fn link(&mut self, from: usize, to: usize, value: f64, total: f64, height: f64, unit: &str) {
        if value.abs() > 1e-12 {
            let share = if total > 0.0 { (value / total * height).max(0.0) } else { 0.0 };
            self.links.push(SankeyLink { from, to, share, value, unit: unit.into() });
        }
    }
}

/// The Sankey of the horizon or of a period.
pub(super) fn chart(results: &Results, selection: &Selection) -> Chart {
    let carriers = carriers(results, selection.period);
    let tokens: f64 = carriers.iter().map(Carrier::tokens).sum();
    if !results.has_numbers() || tokens <= 1e-12 {
        return empty(results, "sankey", "From power and money to revenue", "No tokens are made in this plan.");
    }
    let mut diagram = Diagram::default();
    let chips = chip_nodes(results, &carriers, &mut diagram);
    inputs(results, &carriers, &chips, &mut diagram);
    outputs(results, selection, &carriers, &chips, &mut diagram);
    let words = Words {
        name: "sankey",
        title: "From power and money to revenue".into(),
        subtitle: format!("GWh and M$ to Ttok to M$, {}", span(results, selection)),
        reading: "Energy and money are drawn to half the height each; costs shared by chips are split by power and energy.",
    };
    framed(results, words, axis("", ""), axis("", ""), Body::Sankey { nodes: diagram.nodes, links: diagram.links })
}

/// One node for each chip, over all sites, and one for what is bought; for each carrier its node.
fn chip_nodes(results: &Results, carriers: &[Carrier], diagram: &mut Diagram) -> Vec<Option<usize>> {
    let mut nodes = vec![None; carriers.len()];
    let groups = (0..results.chips.len()).map(Some).chain([None]);
    for group in groups {
        let belongs = |carrier: &Carrier| match &carrier.kind {
            Kind::Fleet(index) => results.fleet.get(*index).map(|fleet| fleet.chip) == group && group.is_some(),
            Kind::Bought(_) => group.is_none(),
        };
        let busy = |carrier: &&Carrier| {
            belongs(carrier)
                && (carrier.tokens() > 1e-12 || carrier.cost().abs() > 1e-12 || carrier.energy_gwh.iter().any(|gwh| *gwh > 1e-12))
        };
        let tokens: f64 = carriers.iter().filter(busy).map(Carrier::tokens).sum();
        if carriers.iter().filter(busy).count() == 0 {
            continue;
        }
        let (name, color) = group.map_or_else(|| ("Bought tokens".to_owned(), ColorKey::Quiet), |chip| super::frame::chip(results, chip));
        let node = diagram.node(&name, 1, color, with_unit(tokens, "Ttok"));
        for (slot, carrier) in nodes.iter_mut().zip(carriers) {
            if belongs(carrier) {
                *slot = Some(node);
            }
        }
    }
    nodes
}

/// The left: contracts and parts of cost, into the chips.
fn inputs(results: &Results, carriers: &[Carrier], chips: &[Option<usize>], diagram: &mut Diagram) {
    let energy: f64 = carriers.iter().map(|carrier| carrier.energy_gwh.iter().sum::<f64>()).sum();
    let cost: f64 = carriers.iter().flat_map(|carrier| carrier.cost_musd).filter(|cost| *cost > 0.0).sum();
    let energy_height = match (energy > 0.0, cost > 0.0) {
        (true, true) => 0.5,
        (true, false) => 1.0,
        _ => 0.0,
    };
    let mut spread = |input: &Input, unit: &str, total: f64, height: f64| {
        let mut by_chip: Vec<(usize, f64)> = Vec::new();
        for (value, chip) in input.values.iter().zip(chips) {
            let Some(chip) = chip else { continue };
            match by_chip.iter_mut().find(|(other, _)| other == chip) {
                Some((_, sum)) => *sum += value,
                None => by_chip.push((*chip, *value)),
            }
        }
        if by_chip.iter().any(|(_, value)| value.abs() > 1e-12) {
            let node = diagram.node(&input.name, 0, input.color.clone(), with_unit(by_chip.iter().map(|(_, value)| value).sum(), unit));
            for (chip, value) in by_chip {
                diagram.link(node, chip, value, total, height, unit);
            }
        }
    };
    let contracts = results.contracts.iter().enumerate().filter(|(_, contract)| brings_energy(contract)).map(|(index, contract)| Input {
        name: crate::words::sentence(&contract.id),
        color: ColorKey::Contract(contract.id.clone()),
        values: carriers.iter().map(|carrier| at(&carrier.energy_gwh, index)).collect(),
    });
    for input in gathered(contracts.collect(), energy, "Other contracts") {
        spread(&input, "GWh", energy, energy_height);
    }
    let parts = CostPart::ALL.into_iter().enumerate().map(|(index, part)| Input {
        name: part.label().into(),
        color: ColorKey::Cost(part.label()),
        values: carriers.iter().map(|carrier| at(&carrier.cost_musd, index)).collect(),
    });
    for input in gathered(parts.collect(), cost, "Other costs") {
        spread(&input, "M$", cost, 1.0 - energy_height);
    }
}

/// Something that enters on the left, by carrier.
struct Input {
    name: String,
    color: ColorKey,
    values: Vec<f64>,
}

/// Inputs too thin to be drawn are gathered into one: they would push everything else aside.
fn gathered(inputs: Vec<Input>, total: f64, name: &str) -> Vec<Input> {
    let thin = |input: &Input| input.values.iter().sum::<f64>().abs() < 0.03 * total;
    let (small, mut kept): (Vec<Input>, Vec<Input>) =
        inputs.into_iter().filter(|input| input.values.iter().any(|value| value.abs() > 1e-12)).partition(thin);
    if small.len() < 3 {
        kept.extend(small);
    } else if let Some(carriers) = small.first().map(|input| input.values.len()) {
        let values = (0..carriers).map(|carrier| small.iter().map(|input| at(&input.values, carrier)).sum()).collect();
        kept.push(Input { name: name.into(), color: ColorKey::Quiet, values });
    }
    kept
}

/// The right: chips to products, products to markets, markets to revenue.
fn outputs(results: &Results, selection: &Selection, carriers: &[Carrier], chips: &[Option<usize>], diagram: &mut Diagram) {
    let chosen = |values: &[f64]| -> f64 {
        (0..results.periods.len()).filter(|period| takes_period(selection, *period)).map(|period| at(values, period)).sum()
    };
    let made: f64 = carriers.iter().map(Carrier::tokens).sum();
    let served: f64 = results.flows.iter().map(|flow| chosen(&flow.answer_ttok)).sum();
    let revenue: f64 = results.sales.iter().map(|sale| chosen(&sale.revenue_musd)).sum();
    let products: Vec<Option<usize>> = results
        .products
        .iter()
        .enumerate()
        .map(|(product, info)| {
            let tokens: f64 = results.flows.iter().filter(|flow| flow.product == product).map(|flow| chosen(&flow.answer_ttok)).sum();
            let made = carriers.iter().any(|carrier| at(&carrier.tokens_ttok, product) > 1e-12);
            (tokens > 1e-12 || made).then(|| diagram.node(&info.name, 2, ColorKey::Product(info.id.clone()), with_unit(tokens, "Ttok")))
        })
        .collect();
    let mut pairs: Vec<(usize, usize, f64)> = Vec::new();
    for (carrier, chip) in carriers.iter().zip(chips) {
        for (tokens, product) in carrier.tokens_ttok.iter().zip(&products) {
            let (Some(chip), Some(product)) = (chip, product) else { continue };
            match pairs.iter_mut().find(|(from, to, _)| from == chip && to == product) {
                Some((.., sum)) => *sum += tokens,
                None => pairs.push((*chip, *product, *tokens)),
            }
        }
    }
    for (from, to, value) in pairs {
        diagram.link(from, to, value, made, 1.0, "Ttok");
    }
    let mut markets = Vec::new();
    for (market, info) in results.markets.iter().enumerate() {
        let tokens: f64 = results.flows.iter().filter(|flow| flow.market == market).map(|flow| chosen(&flow.answer_ttok)).sum();
        if tokens <= 1e-12 {
            continue;
        }
        let node = diagram.node(&info.name, 3, ColorKey::Market(info.id.clone()), with_unit(tokens, "Ttok"));
        markets.push((market, node));
        for (product, from) in products.iter().enumerate() {
            let tokens: f64 = results
                .flows
                .iter()
                .filter(|flow| flow.market == market && flow.product == product)
                .map(|flow| chosen(&flow.answer_ttok))
                .sum();
            if let Some(from) = from {
                diagram.link(*from, node, tokens, served, 1.0, "Ttok");
            }
        }
    }
    if revenue > 1e-12 {
        let end = diagram.node("Revenue", 4, ColorKey::Good, with_unit(revenue, "M$"));
        for (market, node) in markets {
            let money: f64 = results.sales.iter().filter(|sale| sale.market == market).map(|sale| chosen(&sale.revenue_musd)).sum();
            diagram.link(node, end, money, revenue, 1.0, "M$");
        }
    }
}
