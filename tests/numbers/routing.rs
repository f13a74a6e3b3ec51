//! Tasks and who does them: by hand with two models, with and without a cascade; random plans against all corners of a
//! small program stated here; what is stated wrongly.

use tokenworks::plan::file;
use tokenworks::resolved::Series;
use tokenworks::results::Results;
use tokenworks::study::{self, Options};

use crate::common::dice::Dice;
use crate::sketch::{Sketch, near};

/// A thousand million tasks a year.
const THOUSAND_MILLION: f64 = 1e9 / 365.0;

/// Small writes 1,000 tokens at 1 $/Mtok (1 M$ for a thousand million tasks) and gets 0.6 right; large 2,000 at 5 $/Mtok (10 M$)
/// and gets 0.9 right.
pub fn two_models(need: f64, cascade: &str) -> Sketch {
    let buy = |product: &str, usd: f64| {
        format!("(product: {product:?}, country: \"US\", usd_per_mtok: {usd:?}, at_most_gtok_per_day: 1e6, counts_as_tokens: true)")
    };
    let answer = |product: &str, pass: f64, tokens: f64| {
        format!("(product: {product:?}, pass_fraction: {pass:?}, answer_tokens_per_task: {tokens:?})")
    };
    Sketch::new()
        .top("objective", "[MinCost]")
        .without("products", "chat")
        .without("throughput", "c-chat")
        .product("small", "")
        .product("large", "")
        .with("purchases", "small", &buy("small", 1.0))
        .with("purchases", "large", &buy("large", 5.0))
        .with("markets", "near", "(country: \"US\", latitude: 0.0, longitude: 0.0, demand: {})")
        .with(
            "tasks",
            "support",
            &format!(
                "(market: \"near\", tasks_per_day: {THOUSAND_MILLION:?}, pass_fraction: {need:?}, answers: [{}, {}], cascades: [{cascade}])",
                answer("small", 0.6, 1000.0),
                answer("large", 0.9, 2000.0)
            ),
        )
}

fn explained(sketch: &Sketch) -> std::sync::Arc<Results> {
    let answer = study::answer(&sketch.plan(), &Series::default(), &Options { ranges: true, ..Options::default() });
    answer.results.unwrap_or_else(|| panic!("{:#?}", answer.problems))
}

fn shares(results: &Results) -> Vec<f64> {
    let task = &results.routing[0];
    task.ways.iter().map(|way| task.share(way, 0)).collect()
}

/// Without a cascade: x to large with 0.6 + 0.3 x = 0.8, so 2/3; 1/3 · 1 + 2/3 · 10 = 7 M$. A point of quality moves 1/30 of the
/// tasks from 1 to 10 M$: 0.3 M$.
#[test]
fn two_models_by_hand() {
    let results = explained(&two_models(0.8, ""));
    for (share, right) in shares(&results).iter().zip([1.0 / 3.0, 2.0 / 3.0]) {
        near(*share, right, 1e-9);
    }
    near(results.kpis.cost_npv_musd, 7.0, 1e-9);
    near(results.routing[0].pass_fraction[0], 0.8, 1e-9);
    let (more, less) = results.quality_musd_per_point("support", 0).unwrap();
    near(more, 0.3, 1e-6);
    near(less.unwrap_or(more), 0.3, 1e-6);
    // Tokens: 1,000 · 1/3 + 2,000 · 2/3 of 1e9 tasks, Ttok.
    near(results.routing[0].answer_ttok[0], 1e-3 * (1000.0 / 3.0 + 4000.0 / 3.0), 1e-9);
    near(results.kpis.answer_tokens_ttok, 5.0 / 3.0, 1e-9);
    let said = tokenworks::export::routing::in_words(&results);
    assert_eq!(
        said,
        [
            "Support: 67 % of 1,000 million tasks go to Large, 33 % to Small; 80 % come out right, where 80 % must. One point more would cost 0.3 M$."
        ]
    );
}

/// Small first, and large where it failed, all failures noticed: 1 + 0.4 · 10 = 5 M$ for 0.9 right. Of it 2/3 and small alone
/// 1/3 give 0.8 for 11/3 M$; a point costs (5 − 1)/0.3 = 13.33 M$ for all, 0.1333. With half of them noticed 0.2 are asked again:
/// 3 M$ for 0.6 + 0.2 · 0.75 = 0.75; then 1/3 goes to large, 2/3 · 3 + 1/3 · 10 = 16/3 M$, and a point costs (10 − 3)/0.15 = 46.67, so 0.4667. At a need of
/// 0.75 all go through the cascade: a point more costs 0.4667 there, a point less saves (3 − 1)/0.15 = 13.33, so 0.1333.
#[test]
fn a_cascade_by_hand() {
    let results = explained(&two_models(0.8, "(first: \"small\", then: \"large\")"));
    for (share, right) in shares(&results).iter().zip([1.0 / 3.0, 0.0, 2.0 / 3.0]) {
        assert!((share - right).abs() < 1e-9, "{:?}", shares(&results));
    }
    near(results.kpis.cost_npv_musd, 11.0 / 3.0, 1e-9);
    near(results.quality_musd_per_point("support", 0).unwrap().0, 0.4 / 3.0, 1e-6);
    let half = "(first: \"small\", then: \"large\", noticed_fraction: 0.5)";
    let results = explained(&two_models(0.8, half));
    for (share, right) in shares(&results).iter().zip([0.0, 1.0 / 3.0, 2.0 / 3.0]) {
        assert!((share - right).abs() < 1e-9, "{:?}", shares(&results));
    }
    near(results.kpis.cost_npv_musd, 16.0 / 3.0, 1e-9);
    near(results.quality_musd_per_point("support", 0).unwrap().0, 1.4 / 3.0, 1e-6);
    let results = explained(&two_models(0.75, half));
    near(shares(&results)[2], 1.0, 1e-9);
    let (more, less) = results.quality_musd_per_point("support", 0).unwrap();
    near(more, 1.4 / 3.0, 1e-6);
    near(less.unwrap(), 0.4 / 3.0, 1e-6);
    // Failures that have nothing to do with each other: 0.6 + 0.4 · 0.9 = 0.96 may be asked for.
    let apart = "(first: \"small\", then: \"large\", then_pass_fraction: Stated(value: 0.9, source: \"own test\"))";
    let results = explained(&two_models(0.96, apart));
    near(results.routing[0].pass_fraction[0], 0.96, 1e-9);
    near(results.kpis.cost_npv_musd, 5.0, 1e-9);
}

/// Tasks beside tokens that are sold, on the same chips and product: chips for 4 Ttok a year; 1 Ttok of tasks must be done, and
/// 3 are left to sell at 2 $, whatever else the market would buy.
#[test]
fn tasks_stand_beside_sales() {
    let results = Sketch::new()
        .top("objective", "[MaxNpv]")
        .fleet(4.0 / 0.031_536)
        .with("markets", "near", &crate::sketch::market("chat", 1e6, 2.0, ""))
        .with(
            "tasks",
            "t",
            "(market: \"near\", tasks_per_day: 2739726.0273972603, answers: [(product: \"chat\", pass_fraction: 0.5, answer_tokens_per_task: 1000.0)])",
        )
        .best();
    near(results.kpis.answer_tokens_ttok, 4.0, 1e-9);
    near(results.kpis.revenue_npv_musd, 6.0, 1e-9);
    let of_tasks: f64 = results.sales.iter().filter(|sale| sale.of_tasks).map(|sale| sale.sold_ttok[0]).sum();
    near(of_tasks, 1.0, 1e-9);
    assert_eq!(results.quality_musd_per_point("t", 0), None);
}

/// A program of equal and lesser rows, solved by looking at every corner.
struct Corners {
    rows: Vec<Vec<f64>>,
    right: Vec<f64>,
    cost: Vec<f64>,
}

impl Corners {
    /// The least cost; none where no corner is allowed.
    fn least(&self) -> Option<f64> {
        let (rows, columns) = (self.rows.len(), self.cost.len());
        let mut best: Option<f64> = None;
        let mut chosen: Vec<usize> = (0..rows).collect();
        loop {
            if let Some(values) = self.corner(&chosen)
                && values.iter().all(|value| *value >= -1e-9)
            {
                let cost = chosen.iter().zip(&values).map(|(column, value)| self.cost[*column] * value).sum();
                best = Some(best.map_or(cost, |best| f64::min(best, cost)));
            }
            let Some(at) = (0..rows).rev().find(|at| chosen[*at] < columns - rows + at) else { return best };
            chosen[at] += 1;
            for later in at + 1..rows {
                chosen[later] = chosen[later - 1] + 1;
            }
        }
    }

    /// The values of the chosen columns, all others at nothing.
    fn corner(&self, chosen: &[usize]) -> Option<Vec<f64>> {
        let count = chosen.len();
        let mut system: Vec<Vec<f64>> = self
            .rows
            .iter()
            .zip(&self.right)
            .map(|(row, right)| chosen.iter().map(|column| row[*column]).chain([*right]).collect())
            .collect();
        for step in 0..count {
            let pivot = (step..count).max_by(|one, other| system[*one][step].abs().total_cmp(&system[*other][step].abs()))?;
            if system[pivot][step].abs() < 1e-9 {
                return None;
            }
            system.swap(step, pivot);
            let top = system[step].clone();
            for (at, row) in system.iter_mut().enumerate().filter(|(at, _)| *at != step) {
                let _ = at;
                let factor = row[step] / top[step];
                row.iter_mut().zip(&top).for_each(|(cell, above)| *cell -= factor * above);
            }
        }
        Some((0..count).map(|at| system[at][count] / system[at][at]).collect())
    }
}

/// Two classes of tasks, two products made on own chips or bought, both capped, a cascade: the least cost is that of the
/// best corner of the program written down here (columns: ways of both classes, made and bought of both, slacks).
#[test]
fn random_plans_against_all_corners() {
    let mut dice = Dice(20_261_130);
    let mut compared = 0;
    for _ in 0..30 {
        let pick = |dice: &mut Dice, from: f64, to: f64| from + (to - from) * dice.roll(1 << 30) as f64 / f64::from(1 << 30);
        let (chips, usd_mwh) = (pick(&mut dice, 5.0, 60.0), pick(&mut dice, 20.0, 200.0));
        let rates = [pick(&mut dice, 500.0, 3000.0), pick(&mut dice, 100.0, 800.0)];
        let usd = [pick(&mut dice, 0.2, 3.0), pick(&mut dice, 2.0, 20.0)];
        let most = [pick(&mut dice, 0.5, 10.0), pick(&mut dice, 0.5, 10.0)];
        let classes: Vec<[f64; 7]> = (0..2)
            .map(|_| {
                let small = pick(&mut dice, 0.3, 0.8);
                let large = pick(&mut dice, small, 1.0);
                let noticed = pick(&mut dice, 0.3, 1.0);
                [
                    pick(&mut dice, 50.0, 800.0),
                    small,
                    large,
                    pick(&mut dice, 200.0, 2000.0),
                    pick(&mut dice, 500.0, 5000.0),
                    noticed,
                    pick(&mut dice, small, large),
                ]
            })
            .collect();
        let buy = |product: &str, usd: f64, ttok: f64| {
            format!("(product: {product:?}, country: \"US\", usd_per_mtok: {usd:?}, at_most_gtok_per_day: {:?})", ttok * 1e3 / 365.0)
        };
        let mut sketch = Sketch::new()
            .top("objective", "[MinCost]")
            .fleet(chips)
            .grid(&format!("Tariff(energy_usd_per_mwh: {usd_mwh:?})"))
            .without("products", "chat")
            .without("throughput", "c-chat")
            .with("markets", "near", "(country: \"US\", latitude: 0.0, longitude: 0.0, demand: {})");
        for (at, product) in ["small", "large"].into_iter().enumerate() {
            sketch = sketch
                .product(product, "utilisation_cap_fraction: 1.0")
                .with("throughput", product, &crate::sketch::decode("c", product, rates[at]))
                .with("purchases", product, &buy(product, usd[at], most[at]));
        }
        for (number, [millions, small, large, of_small, of_large, noticed, need]) in classes.iter().enumerate() {
            let answer = |product: &str, pass: f64, tokens: f64| {
                format!("(product: {product:?}, pass_fraction: {pass:?}, answer_tokens_per_task: {tokens:?})")
            };
            sketch = sketch.with(
                "tasks",
                ["one", "two"][number],
                &format!(
                    "(market: \"near\", tasks_per_day: {:?}, pass_fraction: {need:?}, answers: [{}, {}], cascades: [(first: \"small\", then: \"large\", noticed_fraction: {noticed:?})])",
                    millions * 1e6 / 365.0,
                    answer("small", *small, *of_small),
                    answer("large", *large, *of_large)
                ),
            );
        }
        // Columns: 0–5 ways of the classes, 6–7 made, 8–9 bought, 10–11 more quality than needed, 12 idle chips, 13–14 not bought.
        let mut program = Corners { rows: Vec::new(), right: Vec::new(), cost: vec![0.0; 15] };
        let mut row = |terms: &[(usize, f64)], right: f64| {
            let mut row = vec![0.0; 15];
            for (column, value) in terms {
                row[*column] = *value;
            }
            program.rows.push(row);
            program.right.push(right);
        };
        let (mut small_asked, mut large_asked) = (vec![(6, -1.0), (8, -1.0)], vec![(7, -1.0), (9, -1.0)]);
        for (number, [millions, small, large, of_small, of_large, noticed, need]) in classes.iter().enumerate() {
            let at = 3 * number;
            let again = (1.0 - small) * noticed;
            // What the first fails and the second gets right: large − small of all.
            let pass = small + noticed * (large - small);
            row(&[(at, 1.0), (at + 1, 1.0), (at + 2, 1.0)], *millions);
            row(&[(at, small - need), (at + 1, large - need), (at + 2, pass - need), (10 + number, -1.0)], 0.0);
            small_asked.extend([(at, 1e-6 * of_small), (at + 2, 1e-6 * of_small)]);
            large_asked.extend([(at + 1, 1e-6 * of_large), (at + 2, 1e-6 * of_large * again)]);
        }
        row(&small_asked, 0.0);
        row(&large_asked, 0.0);
        // A chip makes rate · 31.536 million seconds: Ttok = 1e-6 · rate · 31.536 for each, of a year.
        let ttok = |at: usize| rates[at] * crate::sketch::MEGASECONDS * 1e-6;
        row(&[(6, 1.0 / ttok(0)), (7, 1.0 / ttok(1)), (12, 1.0)], chips);
        row(&[(8, 1.0), (13, 1.0)], most[0]);
        row(&[(9, 1.0), (14, 1.0)], most[1]);
        for (at, price) in usd.iter().enumerate().take(2) {
            // 1 kW for a year, in M$.
            program.cost[6 + at] = 8.76 * usd_mwh * 1e-6 / ttok(at);
            program.cost[8 + at] = *price;
        }
        let results = sketch.answer();
        match program.least() {
            Some(least) => {
                near(results.kpis.cost_npv_musd, least, 1e-7);
                compared += 1;
                for (task, [_, _, _, _, _, _, need]) in results.routing.iter().zip(&classes) {
                    assert!(task.pass_fraction[0] >= need - 1e-9);
                }
            }
            None => {
                assert!(!results.has_numbers(), "{:?}", results.status);
                assert!(!results.conflict.is_empty());
            }
        }
    }
    assert!(compared >= 12, "{compared}");
}

fn codes(sketch: &Sketch) -> Vec<(String, String)> {
    let read = file::read_plan(&sketch.text());
    let mut problems = read.diagnostics;
    if let Some(plan) = read.plan.filter(|_| problems.iter().all(|problem| !problem.is_error())) {
        problems.extend(study::answer(&plan, &Series::default(), &Options::default()).problems);
    }
    problems.into_iter().filter(|problem| problem.is_error()).map(|problem| (problem.code.to_owned(), problem.path)).collect()
}

/// What is stated wrongly is said at its place, with a way out.
#[test]
fn wrong_tasks_are_named() {
    let said = |sketch: &Sketch| codes(sketch).into_iter().map(|(code, path)| format!("{code} {path}")).collect::<Vec<_>>();
    let base = two_models(0.8, "");
    assert_eq!(said(&base), Vec::<String>::new());
    assert_eq!(said(&base.clone().top("objective", "[MaxTokens, MaxNpv]")), ["routing-by-tokens objective.0"]);
    assert_eq!(said(&base.clone().top("objective", "[MinCostPerToken(0.9)]")), ["routing-by-tokens objective.0"]);
    assert_eq!(said(&two_models(0.95, "")), ["too-well tasks.support.pass_fraction"]);
    assert_eq!(said(&two_models(0.8, "(first: \"small\", then: \"small\")")), ["no-effect tasks.support.cascades.0"]);
    assert_eq!(said(&two_models(0.8, "(first: \"small\", then: \"nobody\")")), ["unknown-reference tasks.support.cascades.0.then"]);
    assert_eq!(
        said(&two_models(0.8, "(first: \"small\", then: \"large\", then_pass_fraction: 0.5)")),
        ["impossible-odds tasks.support.cascades.0.then_pass_fraction"]
    );
    let task = |body: &str| base.clone().with("tasks", "support", &format!("(market: \"near\", tasks_per_day: 1.0, {body})"));
    assert_eq!(said(&task("answers: []")), ["missing-field tasks.support.answers"]);
    let once = "(product: \"small\", pass_fraction: 0.5, answer_tokens_per_task: 10.0)";
    assert_eq!(said(&task(&format!("answers: [{once}, {once}]"))), ["double tasks.support.answers.1"]);
    assert_eq!(said(&task(&format!("answers: [{}]", once.replace("0.5", "1.5")))), ["out-of-range tasks.support.answers.0.pass_fraction"]);
    assert_eq!(
        said(&task(&format!("answers: [{once}], cascades: [(first: \"small\", then: \"large\")]"))),
        ["no-pass-rate tasks.support.cascades.0.then"]
    );
    let one_price = base.clone().with("markets", "near", &crate::sketch::market("small", 1.0, 1.0, "single_price: true,"));
    assert_eq!(said(&one_price), ["tasks-at-one-price tasks.support.market"]);
    let frontier = base.with("studies", "f", "Frontier(optimise: Cost, hold: Tokens, points: Evenly(5))");
    assert_eq!(said(&frontier), ["routing-by-tokens studies.f"]);
}

/// Tasks that nobody can do in time contradict the plan, and the way out names them.
#[test]
fn too_many_tasks_are_named() {
    let sketch = two_models(0.8, "");
    let text = sketch.text().replace("at_most_gtok_per_day: 1e6", "at_most_gtok_per_day: 1.0");
    let results = crate::sketch::answer(&crate::sketch::read(&text));
    assert!(!results.has_numbers());
    assert!(
        results.conflict.iter().any(|give| give.path.starts_with("tasks.support") || give.path.starts_with("purchases.")),
        "{:?}",
        results.conflict
    );
}
