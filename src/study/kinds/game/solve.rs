//! A game in normal form: best replies, dominated moves, equilibria, leaders. Pure functions of a table of payoffs.
//!
//! A combination without an answer is one that nobody would go to: it is no equilibrium, and a move into it gains
//! nothing. Payoffs nearer to each other than [`Table::even`] (a share of the larger) are even.

/// Moves of a player up to which mixed equilibria are looked for.
pub const MOST_MIXED: usize = 8;

/// Payoffs of every combination of moves.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// How many moves each player has.
    pub moves: Vec<usize>,
    /// For each combination, the last player's move fastest: the payoff of each player; none without an answer.
    pub payoffs: Vec<Option<Vec<f64>>>,
    /// Share of a payoff below which a difference is none.
    pub even: f64,
}

/// An equilibrium of two players who draw their moves at random.
#[derive(Clone, Debug, PartialEq)]
pub struct Mixed {
    /// How likely the first and the second player make each of their moves.
    pub chances: [Vec<f64>; 2],
    /// What each is paid on average.
    pub payoffs: [f64; 2],
}

/// What happens if one player moves first.
#[derive(Clone, Debug, PartialEq)]
pub struct Led {
    /// The combination that comes of it.
    pub combination: usize,
    /// Whether others are indifferent somewhere on the way, and are taken to do what suits the leader.
    pub by_courtesy: bool,
}

impl Table {
    /// The moves of a combination.
    #[must_use]
    pub fn moves_of(&self, combination: usize) -> Vec<usize> {
        let mut left = combination;
        let mut moves = vec![0; self.moves.len()];
        for (place, count) in moves.iter_mut().zip(&self.moves).rev() {
            *place = left % count.max(&1);
            left /= count.max(&1);
        }
        moves
    }

    /// The combination of moves.
    #[must_use]
    pub fn combination(&self, moves: &[usize]) -> usize {
        moves.iter().zip(&self.moves).fold(0, |sum, (place, count)| sum * count + place)
    }

    /// A player's payoff; none without an answer.
    #[must_use]
    pub fn payoff(&self, combination: usize, player: usize) -> Option<f64> {
        self.payoffs.get(combination)?.as_ref()?.get(player).copied()
    }

    /// Whether one payoff is more than another.
    fn is_more(&self, one: Option<f64>, other: Option<f64>) -> bool {
        match (one, other) {
            (Some(one), Some(other)) => one - other > self.even * one.abs().max(other.abs()),
            (one, None) => one.is_some(),
            (None, Some(_)) => false,
        }
    }

    /// The same combination with another move of a player.
    fn with(&self, combination: usize, player: usize, place: usize) -> usize {
        let mut moves = self.moves_of(combination);
        if let Some(own) = moves.get_mut(player) {
            *own = place;
        }
        self.combination(&moves)
    }

    /// Whether a player's move in a combination is as good as any while all others keep theirs.
    #[must_use]
    pub fn is_best_reply(&self, combination: usize, player: usize) -> bool {
        let own = self.payoff(combination, player);
        let count = self.moves.get(player).copied().unwrap_or(0);
        own.is_some() && (0..count).all(|place| !self.is_more(self.payoff(self.with(combination, player, place), player), own))
    }

    /// Combinations from which nobody gains by moving alone.
    #[must_use]
    pub fn pure(&self) -> Vec<usize> {
        (0..self.payoffs.len())
            .filter(|combination| self.payoffs.get(*combination).is_some_and(Option::is_some))
            .filter(|combination| (0..self.moves.len()).all(|player| self.is_best_reply(*combination, player)))
            .collect()
    }

    /// The move of a player that is better than another one whatever the others do.
    #[must_use]
    pub fn dominated_by(&self, player: usize, place: usize) -> Option<usize> {
        let count = self.moves.get(player).copied().unwrap_or(0);
        let others: Vec<usize> =
            (0..self.payoffs.len()).filter(|combination| self.moves_of(*combination).get(player) == Some(&place)).collect();
        (0..count).filter(|better| *better != place).find(|better| {
            let is_better = |combination: &usize| {
                self.is_more(self.payoff(self.with(*combination, player, *better), player), self.payoff(*combination, player))
            };
            others.iter().all(is_better)
        })
    }

    /// Combinations that no other one beats for one player without being worse for another.
    #[must_use]
    pub fn pareto(&self) -> Vec<usize> {
        let all = 0..self.payoffs.len();
        let beats = |other: usize, combination: usize| {
            let more = |one: usize, two: usize| {
                (0..self.moves.len()).any(|player| self.is_more(self.payoff(one, player), self.payoff(two, player)))
            };
            self.payoffs.get(other).is_some_and(Option::is_some) && more(other, combination) && !more(combination, other)
        };
        all.clone()
            .filter(|combination| self.payoffs.get(*combination).is_some_and(Option::is_some))
            .filter(|combination| !all.clone().any(|other| beats(other, *combination)))
            .collect()
    }

    /// What comes of it if one player moves first and the others reply: a best reply of the one other, an
    /// equilibrium among several. Where they are indifferent they do what suits the leader. None where no move of the
    /// leader has such an end.
    #[must_use]
    pub fn led_by(&self, leader: usize) -> Option<Led> {
        let is_reply = |combination: usize| {
            let answered = self.payoffs.get(combination).is_some_and(Option::is_some);
            answered && (0..self.moves.len()).filter(|player| *player != leader).all(|player| self.is_best_reply(combination, player))
        };
        let mut best: Option<Led> = None;
        for place in 0..self.moves.get(leader).copied().unwrap_or(0) {
            let ends: Vec<usize> = (0..self.payoffs.len())
                .filter(|combination| self.moves_of(*combination).get(leader) == Some(&place) && is_reply(*combination))
                .collect();
            let worth = |combination: &usize| self.payoff(*combination, leader).unwrap_or(f64::NEG_INFINITY);
            let Some(end) = ends.iter().copied().max_by(|one, other| worth(one).total_cmp(&worth(other)).then(other.cmp(one))) else {
                continue;
            };
            let by_courtesy = ends.iter().any(|other| self.is_more(self.payoff(end, leader), self.payoff(*other, leader)));
            if best.as_ref().is_none_or(|best| self.is_more(self.payoff(end, leader), self.payoff(best.combination, leader))) {
                best = Some(Led { combination: end, by_courtesy });
            }
        }
        best
    }

    /// Equilibria of two players with as many moves in play on both sides, two or more; none where some combination has no
    /// answer or a player has more than [`MOST_MIXED`] moves. Games in which payoffs tie may have others.
    #[must_use]
    pub fn mixed(&self) -> Vec<Mixed> {
        let [rows, columns] = self.moves.as_slice() else { return Vec::new() };
        if *rows > MOST_MIXED || *columns > MOST_MIXED || self.payoffs.iter().any(Option::is_none) {
            return Vec::new();
        }
        let payoff = |row: usize, column: usize, player: usize| self.payoff(self.combination(&[row, column]), player).unwrap_or(0.0);
        let size = self.payoffs.iter().flatten().flatten().fold(0.0, |most: f64, value| most.max(value.abs())).max(1e-300);
        let slack = 1e-9 * size;
        let mut found: Vec<Mixed> = Vec::new();
        for of_rows in supports(*rows) {
            for of_columns in supports(*columns).into_iter().filter(|support| support.len() == of_rows.len() && support.len() > 1) {
                // The column player's chances make the row player's moves even, and the other way about.
                let Some((second, first_paid)) = indifferent(&of_rows, &of_columns, &|row, column| payoff(row, column, 0)) else {
                    continue;
                };
                let Some((first, second_paid)) = indifferent(&of_columns, &of_rows, &|column, row| payoff(row, column, 1)) else {
                    continue;
                };
                let spread = |support: &[usize], chances: &[f64], count: usize| {
                    let mut all = vec![0.0; count];
                    for (place, chance) in support.iter().zip(chances) {
                        all[*place] = *chance;
                    }
                    all
                };
                let chances = [spread(&of_rows, &first, *rows), spread(&of_columns, &second, *columns)];
                let row_paid = |row: usize| -> f64 { (0..*columns).map(|column| chances[1][column] * payoff(row, column, 0)).sum() };
                let column_paid = |column: usize| -> f64 { (0..*rows).map(|row| chances[0][row] * payoff(row, column, 1)).sum() };
                if (0..*rows).all(|row| row_paid(row) <= first_paid + slack)
                    && (0..*columns).all(|column| column_paid(column) <= second_paid + slack)
                {
                    found.push(Mixed { chances, payoffs: [first_paid, second_paid] });
                }
            }
        }
        found
    }
}

/// All sets of moves, small ones first.
fn supports(count: usize) -> Vec<Vec<usize>> {
    let mut all: Vec<Vec<usize>> = (1..1_usize << count).map(|bits| (0..count).filter(|place| bits >> place & 1 == 1).collect()).collect();
    all.sort_by_key(Vec::len);
    all
}

/// The chances with which one player draws its moves `of`, so that the other is paid the same by each of its moves
/// `even`, and that pay; none unless all chances are above nothing and there is only one such draw.
fn indifferent(even: &[usize], of: &[usize], payoff: &dyn Fn(usize, usize) -> f64) -> Option<(Vec<f64>, f64)> {
    let size = of.len();
    // Unknowns: the chances and the pay. Rows: pay of each even move less the pay = 0; chances add up to one.
    let mut matrix: Vec<Vec<f64>> =
        even.iter().map(|own| of.iter().map(|other| payoff(*own, *other)).chain([-1.0, 0.0]).collect()).collect();
    matrix.push(std::iter::repeat_n(1.0, size).chain([0.0, 1.0]).collect());
    let solution = solved(matrix)?;
    let (pay, chances) = solution.split_last()?;
    chances.iter().all(|chance| *chance > 1e-9).then(|| (chances.to_vec(), *pay))
}

/// Gauss's elimination with the largest pivot of its column; none where it is singular.
fn solved(mut matrix: Vec<Vec<f64>>) -> Option<Vec<f64>> {
    let size = matrix.len();
    let scale = matrix.iter().flatten().fold(0.0, |most: f64, value| most.max(value.abs()));
    for column in 0..size {
        let pivot = (column..size).max_by(|one, other| matrix[*one][column].abs().total_cmp(&matrix[*other][column].abs()))?;
        if matrix[pivot][column].abs() <= 1e-12 * scale {
            return None;
        }
        matrix.swap(column, pivot);
        let of_pivot = matrix[column].clone();
        for (_, row) in matrix.iter_mut().enumerate().filter(|(row, _)| *row != column) {
            let factor = row[column] / of_pivot[column];
            for (value, pivot) in row.iter_mut().zip(&of_pivot).skip(column) {
                *value -= factor * pivot;
            }
        }
    }
    Some((0..size).map(|row| matrix[row][size] / matrix[row][row]).collect())
}
