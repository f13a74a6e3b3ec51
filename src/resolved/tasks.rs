//! Tasks: how many of a class there are by period, and the ways of doing them.

use super::calendar::Calendar;
use super::index::{MarketIx, PeriodIx, ProductIx, Table};
use super::markets::{Demand, Market, Product, Segment};
use super::{Resolved, Resolver};
use crate::words::percent;

/// A class of tasks.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// Its id.
    pub id: String,
    /// Name on screen.
    pub name: String,
    /// Where the tasks come up.
    pub market: MarketIx,
    /// How many, millions, by period.
    pub millions: Table<PeriodIx, f64>,
    /// Millions of a period per task a day stated, growth included, by period.
    pub millions_per_task_per_day: Table<PeriodIx, f64>,
    /// Share that must come out right, by period.
    pub need: Table<PeriodIx, f64>,
    /// Ways of doing them: the products alone, then the cascades.
    pub ways: Vec<Way>,
}

/// A way of doing a task.
#[derive(Clone, Debug, PartialEq)]
pub struct Way {
    /// Its name on screen: the product's, or `small, then large`.
    pub name: String,
    /// Products that are asked, and the answer tokens of each for one task on average.
    pub steps: Vec<(ProductIx, f64)>,
    /// Share of the tasks that come out right.
    pub pass: f64,
    /// Both pass rate and tokens were measured, of every product that is asked.
    pub measured: bool,
}

/// What comes of asking a second product where the first failed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Odds {
    /// Share of the tasks that are asked again.
    pub again: f64,
    /// Share of the tasks that come out right.
    pub pass: f64,
    /// Share of what the first got right that the second gets right, too.
    pub then_of_right: f64,
}

/// The odds of a cascade: the pass rates of both, alone; the shares of the first one's wrong and right answers that
/// are asked again; and the share of the wrong ones that the second gets right.
///
/// Of all tasks the second gets `then` right, so `first · then_of_right + (1 − first) · then_of_wrong = then`. Where
/// nobody says `then_of_wrong`, a task that the weaker one gets right is one that the stronger gets right.
#[must_use]
pub fn odds(first: f64, then: f64, noticed: f64, again_by_mistake: f64, then_of_wrong: Option<f64>) -> Odds {
    let wrong = 1.0 - first;
    let then_of_wrong = then_of_wrong.unwrap_or(if wrong > 0.0 { ((then - first) / wrong).max(0.0) } else { 0.0 });
    let then_of_right = if first > 0.0 { (then - wrong * then_of_wrong) / first } else { 0.0 };
    Odds {
        again: wrong * noticed + first * again_by_mistake,
        pass: first * (1.0 - again_by_mistake) + first * again_by_mistake * then_of_right + wrong * noticed * then_of_wrong,
        then_of_right,
    }
}

impl Resolver<'_> {
    /// The classes of tasks; what they ask of products becomes a segment of the demand at their market.
    pub(super) fn tasks(
        &mut self,
        calendar: &Calendar,
        markets: &Table<MarketIx, Market>,
        products: &Table<ProductIx, Product>,
        demands: &mut Vec<Demand>,
    ) -> Vec<Task> {
        let plan = self.plan;
        let mut tasks = Vec::new();
        for (id, stated) in &plan.tasks {
            let Some((market, _)) = markets.pairs().find(|(_, market)| market.id == stated.market.0) else { continue };
            let growth = |months: u32| stated.growth_factor_per_year.powf(f64::from(months) / 12.0);
            let millions_per_task_per_day: Table<PeriodIx, f64> =
                calendar.periods.iter().map(|period| period.days * growth(period.offset_months) * 1e-6).collect();
            let per_day = Self::limit(calendar, &stated.tasks_per_day);
            let task = Task {
                id: id.clone(),
                name: if stated.name.is_empty() { crate::words::words(id) } else { stated.name.clone() },
                market,
                millions: per_day.pairs().map(|(period, count)| count * millions_per_task_per_day[period]).collect(),
                millions_per_task_per_day,
                need: Self::limit(calendar, &stated.pass_fraction),
                ways: self.ways(id, stated, products),
            };
            self.check_need(&task);
            ask_for(&task, calendar, demands);
            tasks.push(task);
        }
        tasks
    }

    fn ways(&mut self, id: &str, stated: &crate::plan::Task, products: &Table<ProductIx, Product>) -> Vec<Way> {
        let mut ways = Vec::new();
        for (index, answer) in stated.answers.iter().enumerate() {
            let grade = if answer.measured { "measured" } else { "stated" };
            for (field, number, unit) in
                [("pass_fraction", &answer.pass_fraction, "share"), ("answer_tokens_per_task", &answer.answer_tokens_per_task, "tokens")]
            {
                let source = if number.source.is_empty() { "the plan" } else { &number.source };
                self.assume(format!("tasks.{id}.answers.{index}.{field}"), number.value, unit, source, grade);
            }
            let Some((product, _)) = products.pairs().find(|(_, product)| product.id == answer.product.0) else { continue };
            ways.push(Way {
                name: crate::words::sentence(&answer.product.0),
                steps: vec![(product, answer.answer_tokens_per_task.value)],
                pass: answer.pass_fraction.value,
                measured: answer.measured,
            });
        }
        let alone = ways.clone();
        let of = |product: &crate::plan::ProductRef| {
            alone.iter().find(|way| way.steps.iter().all(|(index, _)| products[*index].id == product.0))
        };
        for (index, cascade) in stated.cascades.iter().enumerate() {
            let (Some(first), Some(then)) = (of(&cascade.first), of(&cascade.then)) else { continue };
            let then_of_wrong = cascade.then_pass_fraction.as_ref().map(|number| number.value);
            let odds = odds(first.pass, then.pass, cascade.noticed_fraction, cascade.asked_again_fraction, then_of_wrong);
            if let Some(number) = &cascade.then_pass_fraction {
                let path = format!("tasks.{id}.cascades.{index}.then_pass_fraction");
                let source = if number.source.is_empty() { "the plan" } else { &number.source };
                self.assume(path.clone(), number.value, "share", source, "stated");
                if !(-1e-9..=1.0 + 1e-9).contains(&odds.then_of_right) {
                    let (least, most) =
                        (((then.pass - first.pass) / (1.0 - first.pass)).max(0.0), (then.pass / (1.0 - first.pass)).min(1.0));
                    let message = format!(
                        "`{}` gets {} of all tasks right: it can't get {} right of those that `{}` fails, when that one gets {} right.",
                        cascade.then.0,
                        percent(then.pass),
                        percent(number.value),
                        cascade.first.0,
                        percent(first.pass)
                    );
                    let help = format!("With these pass rates it lies between {} and {}.", percent(least), percent(most));
                    self.error("impossible-odds", path, message, help);
                }
            }
            let mut steps = first.steps.clone();
            steps.extend(then.steps.iter().map(|(product, tokens)| (*product, tokens * odds.again)));
            ways.push(Way {
                name: format!("{}, then {}", first.name, then.name),
                steps,
                pass: odds.pass,
                measured: first.measured && then.measured,
            });
        }
        ways
    }

    /// No way does them better than the best one.
    fn check_need(&mut self, task: &Task) {
        let Some(best) = task.ways.iter().max_by(|one, other| one.pass.total_cmp(&other.pass)) else { return };
        let need = task.need.pairs().filter(|(period, _)| task.millions[*period] > 0.0).map(|(_, need)| *need).fold(0.0, f64::max);
        if need > best.pass + 1e-12 {
            let message = format!(
                "{} of the tasks of `{}` are to come out right, and the best way, {}, gets {} right.",
                percent(need),
                task.id,
                best.name,
                percent(best.pass)
            );
            let help = "Ask for less, or name a product or a cascade that does better.";
            self.error("too-well", format!("tasks.{}.pass_fraction", task.id), message, help);
        }
    }
}

/// Adds what a class of tasks may ask of products to the demands.
fn ask_for(task: &Task, calendar: &Calendar, demands: &mut Vec<Demand>) {
    if task.millions.iter().all(|count| *count <= 0.0) {
        return;
    }
    for (product, tokens) in task.ways.iter().flat_map(|way| &way.steps) {
        let at = demands.iter().position(|demand| demand.market == task.market && demand.product == *product);
        let at = at.unwrap_or_else(|| {
            demands.push(Demand { market: task.market, product: *product, segments: Vec::new(), curve: None });
            demands.len() - 1
        });
        let Some(demand) = demands.get_mut(at) else { continue };
        if demand.tasks().is_none() {
            let nothing = || Table::build(&calendar.periods, |_| 0.0);
            demand.segments.push(Segment {
                position: demand.segments.len(),
                of_tasks: true,
                volume_ttok: nothing(),
                ttok_per_gtok_per_day: nothing(),
                usd_per_mtok: nothing(),
            });
        }
        let Some(segment) = demand.segments.last_mut().filter(|segment| segment.of_tasks) else { continue };
        for period in calendar.periods.keys() {
            segment.volume_ttok[period] += 1e-6 * tokens * task.millions[period];
        }
    }
}

impl Demand {
    /// Position of the segment that is asked for by tasks, the last; none where there are none.
    #[must_use]
    pub fn tasks(&self) -> Option<usize> {
        self.segments.iter().position(|segment| segment.of_tasks)
    }
}

impl Resolved {
    /// The demand of a market for a product.
    #[must_use]
    pub fn demand_of(&self, market: MarketIx, product: ProductIx) -> Option<usize> {
        self.demands.iter().position(|demand| demand.market == market && demand.product == product)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// First 0.6, second 0.9: of the 0.4 that fail, 0.3/0.4 are right the second time; 0.9 in all. With 80 % noticed,
    /// 0.32 are asked again and 0.6 + 0.24 come out right. If failures have nothing to do with each other, 0.96.
    #[test]
    fn odds_by_hand() {
        let near = |left: f64, right: f64| assert!((left - right).abs() < 1e-12, "{left} {right}");
        let plain = odds(0.6, 0.9, 1.0, 0.0, None);
        near(plain.again, 0.4);
        near(plain.pass, 0.9);
        near(plain.then_of_right, 1.0);
        let noticed = odds(0.6, 0.9, 0.8, 0.0, None);
        near(noticed.again, 0.32);
        near(noticed.pass, 0.84);
        near(odds(0.6, 0.9, 1.0, 0.0, Some(0.9)).pass, 0.96);
        // All asked again is the second alone, whatever the first does.
        near(odds(0.6, 0.9, 1.0, 1.0, Some(0.8)).pass, 0.9);
        near(odds(1.0, 0.9, 1.0, 0.0, None).pass, 1.0);
        near(odds(0.0, 0.9, 1.0, 0.5, None).pass, 0.9);
    }
}
