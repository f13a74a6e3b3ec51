//! Games: what each would choose, against brute force and by hand; a game of a plan on the engine.

use tokenworks::charts::Body;
use tokenworks::plan::Plan;
use tokenworks::plan::file::read_plan;
use tokenworks::plan::study::Study;
use tokenworks::resolved::Series;
use tokenworks::study::engine::{Record, Shard};
use tokenworks::study::kinds::crossover;
use tokenworks::study::kinds::game::solve::Table;
use tokenworks::study::kinds::game::{effects, gain_alone, in_words, table};
use tokenworks::study::{Options, pictures, planned, summary};

use crate::common::dice::Dice;
use crate::numbers::competition::{sellers, straight};
use crate::sketch::{Sketch, near};

/// A game of two, payoffs row by row.
fn two(rows: usize, columns: usize, payoffs: &[(f64, f64)]) -> Table {
    Table { moves: vec![rows, columns], payoffs: payoffs.iter().map(|(one, other)| Some(vec![*one, *other])).collect(), even: 0.0 }
}

/// Both would rather talk, and are worse off than if neither did.
#[test]
fn prisoners_dilemma() {
    let game = two(2, 2, &[(-1.0, -1.0), (-3.0, 0.0), (0.0, -3.0), (-2.0, -2.0)]);
    assert_eq!(game.pure(), [3]);
    assert_eq!([game.dominated_by(0, 0), game.dominated_by(1, 0), game.dominated_by(0, 1)], [Some(1), Some(1), None]);
    assert_eq!(game.pareto(), [0, 1, 2]);
    assert_eq!(game.mixed(), []);
    assert_eq!(game.led_by(0).unwrap().combination, 3);
}

/// Nobody can be sure of anything: half and half.
#[test]
fn matching_pennies() {
    let game = two(2, 2, &[(1.0, -1.0), (-1.0, 1.0), (-1.0, 1.0), (1.0, -1.0)]);
    assert_eq!(game.pure(), Vec::<usize>::new());
    let mixed = game.mixed();
    assert_eq!(mixed.len(), 1);
    for chance in mixed[0].chances.iter().flatten() {
        near(*chance, 0.5, 1e-12);
    }
    assert!(mixed[0].payoffs.iter().all(|paid| paid.abs() < 1e-12));
    assert_eq!(game.pareto().len(), 4);
}

/// Two want to meet, each rather where it likes it: two at rest, and one by chance with 3/5 and 2/5, worth 6/5 to both.
/// Who moves first has its way.
#[test]
fn battle_of_the_sexes() {
    let game = two(2, 2, &[(3.0, 2.0), (0.0, 0.0), (0.0, 0.0), (2.0, 3.0)]);
    assert_eq!(game.pure(), [0, 3]);
    let mixed = game.mixed();
    assert_eq!(mixed.len(), 1);
    for (chance, right) in mixed[0].chances.iter().flatten().zip([0.6, 0.4, 0.4, 0.6]) {
        near(*chance, right, 1e-12);
    }
    near(mixed[0].payoffs[0], 1.2, 1e-12);
    near(mixed[0].payoffs[1], 1.2, 1e-12);
    assert_eq!([game.led_by(0).unwrap().combination, game.led_by(1).unwrap().combination], [0, 3]);
}

/// A leader may do best with a move that it would regret, were the other not to see it: quantities 6 and 3 of a line
/// 12 − Q, against 4 and 4 at rest.
#[test]
fn a_leader_gains_by_moving_first() {
    let quantities = [3.0, 4.0, 6.0];
    let paid: Vec<(f64, f64)> = quantities
        .iter()
        .flat_map(|own| quantities.iter().map(move |other| (own * (12.0 - own - other), other * (12.0 - own - other))))
        .collect();
    let game = two(3, 3, &paid);
    assert!(game.pure().contains(&4), "{:?}", game.pure());
    let led = game.led_by(0).unwrap();
    assert_eq!(game.moves_of(led.combination), [2, 0]);
}

/// Payoffs that tie make another's indifference count: to whom it is the same is taken to be kind, and that is said.
#[test]
fn courtesy_is_said() {
    let game = two(2, 2, &[(5.0, 1.0), (0.0, 1.0), (3.0, 2.0), (3.0, 1.0)]);
    let led = game.led_by(0).unwrap();
    assert_eq!((led.combination, led.by_courtesy), (0, true));
}

/// What has no answer is nowhere to go.
#[test]
fn combinations_without_an_answer() {
    let mut game = two(2, 2, &[(-1.0, -1.0), (-3.0, 0.0), (0.0, -3.0), (-2.0, -2.0)]);
    game.payoffs[3] = None;
    assert_eq!(game.pure(), [1, 2]);
    assert_eq!(game.mixed(), []);
    assert_eq!(game.dominated_by(0, 0), None);
    assert!(!game.pareto().contains(&3));
    game.payoffs = vec![None; 4];
    assert_eq!((game.pure(), game.pareto(), game.led_by(0)), (Vec::new(), Vec::new(), None));
}

/// 200 games at random, of two and three players: every notion against its definition, written out again.
#[test]
fn random_games_against_brute_force() {
    let mut dice = Dice(19);
    let (mut rests, mut dominated, mut mixed_found) = (0, 0, 0);
    for number in 0..200 {
        let players = if number % 3 == 2 { 3 } else { 2 };
        let moves: Vec<usize> = (0..players).map(|_| 1 + dice.below(4)).collect();
        let count = moves.iter().product::<usize>();
        // Small whole numbers tie now and then.
        let payoffs = (0..count).map(|_| Some((0..players).map(|_| dice.below(9) as f64).collect())).collect();
        let game = Table { moves: moves.clone(), payoffs, even: 0.0 };
        let paid = |places: &[usize], player: usize| game.payoffs[game.combination(places)].as_ref().unwrap()[player];
        let all: Vec<Vec<usize>> = (0..count).map(|combination| game.moves_of(combination)).collect();
        for (combination, places) in all.iter().enumerate() {
            assert_eq!(game.combination(places), combination);
        }
        let changed = |places: &[usize], player: usize, place: usize| {
            let mut places = places.to_vec();
            places[player] = place;
            places
        };
        let best = |places: &[usize], player: usize| {
            (0..moves[player]).map(|place| paid(&changed(places, player, place), player)).fold(f64::NEG_INFINITY, f64::max)
        };
        let nash: Vec<usize> =
            (0..count).filter(|at| (0..players).all(|player| paid(&all[*at], player) >= best(&all[*at], player))).collect();
        assert_eq!(game.pure(), nash);
        rests += nash.len();
        for player in 0..players {
            for place in 0..moves[player] {
                let beats = |better: usize| {
                    all.iter()
                        .filter(|places| places[player] == place)
                        .all(|places| paid(&changed(places, player, better), player) > paid(places, player))
                };
                let right = (0..moves[player]).find(|better| *better != place && beats(*better));
                assert_eq!(game.dominated_by(player, place), right);
                dominated += usize::from(right.is_some());
            }
        }
        let better = |one: &[usize], other: &[usize]| {
            (0..players).all(|player| paid(one, player) >= paid(other, player))
                && (0..players).any(|player| paid(one, player) > paid(other, player))
        };
        let front: Vec<usize> = (0..count).filter(|at| !all.iter().any(|other| better(other, &all[*at]))).collect();
        assert_eq!(game.pareto(), front);
        for leader in 0..players {
            let replies = |places: &[usize]| {
                (0..players).filter(|player| *player != leader).all(|player| paid(places, player) >= best(places, player))
            };
            let reached = all.iter().filter(|places| replies(places)).map(|places| paid(places, leader)).fold(f64::NEG_INFINITY, f64::max);
            let led = game.led_by(leader).map_or(f64::NEG_INFINITY, |led| paid(&all[led.combination], leader));
            assert!(led == reached, "{led} {reached}");
        }
        if players == 2 {
            for mixed in game.mixed() {
                mixed_found += 1;
                let [rows, columns] = &mixed.chances;
                near(rows.iter().sum(), 1.0, 1e-9);
                near(columns.iter().sum(), 1.0, 1e-9);
                let average = |player: usize, rows: &[f64], columns: &[f64]| -> f64 {
                    let mut sum = 0.0;
                    for (row, chance) in rows.iter().enumerate() {
                        for (column, other) in columns.iter().enumerate() {
                            sum += chance * other * paid(&[row, column], player);
                        }
                    }
                    sum
                };
                let alone = |count: usize, place: usize| (0..count).map(|at| f64::from(u8::from(at == place))).collect::<Vec<f64>>();
                assert!((average(0, rows, columns) - mixed.payoffs[0]).abs() < 1e-9);
                assert!((average(1, rows, columns) - mixed.payoffs[1]).abs() < 1e-9);
                for row in 0..moves[0] {
                    assert!(average(0, &alone(moves[0], row), columns) <= mixed.payoffs[0] + 1e-8);
                }
                for column in 0..moves[1] {
                    assert!(average(1, rows, &alone(moves[1], column)) <= mixed.payoffs[1] + 1e-8);
                }
            }
            // Every finite game has an equilibrium; one without ties has one with as many moves on both sides.
            let values = |player: usize| {
                let mut values: Vec<i64> = all.iter().map(|places| paid(places, player) as i64).collect();
                values.sort_unstable();
                values.windows(2).all(|pair| pair[0] != pair[1])
            };
            if values(0) && values(1) {
                assert!(!game.pure().is_empty() || !game.mixed().is_empty(), "{game:?}");
            }
        }
    }
    assert!(rests > 100 && dominated > 20 && mixed_found > 20, "{rests} {dominated} {mixed_found}");
}

/// Two countries that may each tax the other's tokens and may each build more, in a market of both.
fn trade(players: &str) -> Plan {
    let text = sellers(&[(1.0, 30.0), (2.0, 30.0), (4.0, 30.0)], &straight(), "Competition")
        .with("policies", "duty", "TokenDuty(site_country: \"BB\", market_country: \"WW\", usd_per_mtok: {\"2027-01\": 0.0})")
        .with("scenarios", "duty", "(set: {\"policies.duty.usd_per_mtok\": 1.0})")
        .with("scenarios", "fewer", &format!("(set: {{\"fleets.a.count\": {:?}}})", 2.0 / 0.031_536))
        .with("studies", "trade", players)
        .text();
    let read = read_plan(&text);
    let errors: Vec<_> = read.diagnostics.iter().filter(|problem| problem.is_error()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    read.plan.unwrap()
}

fn records(plan: &Plan, jobs: usize) -> (tokenworks::study::engine::Run, Vec<Record>) {
    let run = planned::prepared(plan, "trade", &Series::default(), &Options::default()).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let mut records = Vec::new();
    assert!(run.run(Shard::WHOLE, jobs, &std::collections::BTreeSet::new(), None, &mut |record, _| {
        records.push(record);
        true
    }));
    records.sort_by_key(|record| record.index);
    (run, records)
}

/// The game of the three sellers by hand (see `competition`): profits are the squares of what is sold.
///   base: 3.25², 2.25², 0.25²;  the duty on the second: 3.5², 1.5², 0.5²;  the first with 2 only: 2·(14/3 − 1), (8/3)², (2/3)².
#[test]
fn a_game_of_a_plan_by_hand() {
    let plan = trade(
        "Game(players: {\"a\": [\"base\", \"fewer\"], \"c\": [\"base\", \"duty\"]}, payoff: {\"a\": Npv, \"c\": Npv}, conduct: Cournot, leader: \"a\")",
    );
    let Study::Game(study) = &plan.studies["trade"] else { panic!("not a game") };
    let (run, records) = records(&plan, 2);
    let game = table(study, &records);
    // Fewer and the duty: the second at 3, the third at 4 share 8 − q: (q_b, q_c) from 10 − 2 − 2 q_b − q_c = 3, 8 − q_b − 2 q_c = 4.
    let right = [[10.5625, 0.0625], [12.25, 0.25], [22.0 / 3.0, 4.0 / 9.0], [2.0 * 4.0, 1.0]];
    for (combination, right) in right.iter().enumerate() {
        for (player, right) in right.iter().enumerate() {
            let paid = game.payoff(combination, player).unwrap();
            assert!((paid - right).abs() < 0.02 * right.max(1.0), "{combination} {player}: {paid} instead of {right}");
        }
    }
    assert_eq!(game.pure(), [1]);
    assert_eq!(game.dominated_by(0, 1), Some(0));
    let said = in_words(study, &plan, &records).join("\n");
    assert!(said.contains("At rest, where nobody gains by moving alone (Nash): A base, C duty."), "{said}");
    assert!(said.contains("A: fewer is dominated; base is better whatever the others do."), "{said}");
    assert!(said.contains("If A moves first and the others reply (Stackelberg): A base, C duty."), "{said}");
    // Each combination was held against its best replies, and that is printed with it.
    for record in &records {
        let (_, gain) = gain_alone(record).unwrap();
        assert!(gain <= 1e-3, "{}: {gain}", record.label);
    }
    assert!(
        said.contains("Within every combination each actor was solved again with all others as they are: nobody gains more than"),
        "{said}"
    );
    // The duty: buyers lose ½ (5.75² − 5.5²), its payer too, the third and the market's country gain.
    let effects = effects(study, &records);
    let duty = effects.iter().find(|effect| effect.name == "duty").unwrap();
    let right =
        [("buyers, world", -1.40625), ("government, WW", 1.5), ("seller, a", 1.6875), ("seller, b", 2.25 - 5.0625), ("seller, c", 0.1875)];
    for (party, right) in right {
        assert!((duty.gains[party] - right).abs() < 0.04, "{party}: {} instead of {right}", duty.gains[party]);
    }
    let text = summary::text("trade", &plan.studies["trade"], &run, &records);
    assert!(text.contains("Who gains if C plays duty"), "{text}");
    let line = text.lines().find(|line| line.trim_start().starts_with("A fewer, C duty")).unwrap();
    assert!(line.ends_with(" %"), "{line}");
    let charts = pictures::charts(&plan.studies["trade"], &run, &records);
    // The table, who gains from each policy, and where tokens go before and after.
    assert_eq!(charts.len(), 5);
    let csv = summary::table("trade", &plan.studies["trade"], &run, &records);
    for column in ["a npv_musd", "a gain_alone_fraction", "b gain_alone_fraction", "c gain_alone_fraction"] {
        assert!(csv.header.iter().any(|name| name == column), "{:?}", csv.header);
    }
    // With a combination still to come nothing is said of what comes of it, and no best reply is marked.
    let half = &records[..3];
    assert_eq!(in_words(study, &plan, half), ["3 of 4 combinations are solved; what comes of the game is known when all are."]);
    let Body::Timeline { cells, .. } = &pictures::charts(&plan.studies["trade"], &run, half)[0].body else { panic!("no table") };
    assert_eq!(cells[1][1].label, "not yet");
    assert!(cells.iter().flatten().all(|cell| !cell.label.contains(['↕', '↔'])), "{cells:?}");
    let text = summary::text("trade", &plan.studies["trade"], &run, half);
    assert!(text.contains("not yet") && !text.contains("Nash") && !text.contains("dominated"), "{text}");
    // The same by one worker, to the last digit.
    assert_eq!(self::records(&plan, 1).1, records);
}

/// A cartel's combinations are no equilibria of their members: what each would gain by leaving is said as that. Where no price
/// forms there is nothing to be at rest.
#[test]
fn what_tempts_the_members_of_a_cartel_is_said() {
    let of = |conduct: &str| {
        let plan = trade(&format!(
            "Game(players: {{\"a\": [\"base\", \"fewer\"], \"c\": [\"base\", \"duty\"]}}, payoff: {{\"a\": Npv, \"c\": Npv}}, {conduct})"
        ));
        let mut plan = plan;
        if conduct.is_empty() {
            tokenworks::plan::edit::apply(&mut plan, &tokenworks::plan::edit::Edit::set("objective", "[MaxNpv]")).unwrap();
        }
        let Study::Game(study) = plan.studies["trade"].clone() else { panic!("not a game") };
        let (_, records) = records(&plan, 2);
        (in_words(&study, &plan, &records).join("\n"), records)
    };
    let (said, records) = of("conduct: Cartel");
    assert!(said.contains("All act as one in every combination; whoever left alone would gain most at"), "{said}");
    assert!(records.iter().all(|record| gain_alone(record).is_none()));
    let (said, records) = of("");
    assert!(!said.contains("solved again") && records.iter().all(|record| gain_alone(record).is_none()), "{said}");
}

/// The bundled plan: nine combinations among few sellers, each at rest; what the game comes to as the guide tells it.
#[test]
fn the_two_countries_play_at_rest() {
    let plan = read_plan(&std::fs::read_to_string("plans/two-countries.ron").unwrap()).plan.unwrap();
    let Study::Game(study) = &plan.studies["trade"] else { panic!("not a game") };
    let (run, records) = records(&plan, 1);
    assert_eq!(records.len(), 9);
    for record in &records {
        assert!(record.answer.is_answered(), "{record:?}");
        assert!(gain_alone(record).is_some_and(|(_, gain)| gain <= 1e-3), "{}: {:?}", record.label, gain_alone(record));
    }
    let game = table(study, &records);
    assert_eq!(game.pure().iter().map(|at| game.moves_of(*at)).collect::<Vec<_>>(), [[0, 2]]);
    let text = summary::text("trade", &plan.studies["trade"], &run, &records);
    assert!(text.contains("At rest, where nobody gains by moving alone (Nash): United States base, China domestic-fab."), "{text}");
}

/// What can't be played is said before anything is solved.
#[test]
fn games_that_cannot_be_played() {
    let codes = |players: &str| {
        let text = sellers(&[(1.0, 30.0), (2.0, 30.0)], &straight(), "Competition")
            .with("scenarios", "one", "(set: {\"fleets.a.count\": 10.0})")
            .with("scenarios", "two", "(set: {\"fleets.a\": (site: \"a\", chip: \"c\", count: 5.0, in_service: \"2026-12\")})")
            .with("studies", "trade", players)
            .text();
        read_plan(&text).diagnostics.iter().map(|problem| (problem.code.to_owned(), problem.message.clone())).collect::<Vec<_>>()
    };
    // A game of one player is said to be none, whatever else is wrong with it.
    let alone = codes("Game(players: {\"a\": [\"base\", \"one\"]}, payoff: {\"a\": Npv})");
    assert!(matches!(alone.as_slice(), [(code, _)] if code == "no-effect"), "{alone:?}");
    let code = |players: &str| codes(players).into_iter().map(|(code, _)| code).filter(|code| code != "no-effect").collect::<Vec<_>>();
    assert_eq!(
        code("Game(players: {\"a\": [\"base\", \"one\"], \"b\": [\"base\", \"two\"]}, payoff: {\"a\": Npv, \"b\": Npv})"),
        ["two-moves"]
    );
    assert_eq!(code("Game(players: {\"a\": [\"base\", \"three\"]}, payoff: {\"a\": Npv})"), ["unknown-reference"]);
    assert_eq!(code("Game(players: {\"z\": [\"base\"]}, payoff: {\"z\": Npv})"), ["unknown-reference", "unknown-reference"]);
    assert_eq!(code("Game(players: {\"a\": [\"base\"]}, payoff: {})"), ["missing-field"]);
    assert_eq!(code("Game(players: {\"a\": [\"base\"]}, payoff: {\"a\": Npv}, leader: \"b\")"), ["unknown-reference"]);
    assert_eq!(code("Game(players: {\"a\": [\"base\", \"base\"]}, payoff: {\"a\": Npv})"), ["double"]);
    // 101 moves of each of two players are 10,201.
    let mut sketch = sellers(&[(1.0, 30.0), (2.0, 30.0)], &straight(), "Competition");
    let mut moves = [String::new(), String::new()];
    for number in 0..101 {
        for (player, moves) in ["a", "b"].iter().zip(&mut moves) {
            sketch = sketch.with("scenarios", &format!("{player}{number}"), &format!("(set: {{\"fleets.{player}.count\": {number}.5}})"));
            *moves += &format!("\"{player}{number}\", ");
        }
    }
    let game = format!("Game(players: {{\"a\": [{}], \"b\": [{}]}}, payoff: {{\"a\": Npv, \"b\": Npv}})", moves[0], moves[1]);
    let read = read_plan(&sketch.with("studies", "trade", &game).text());
    let found: Vec<_> = read.diagnostics.iter().map(|problem| (problem.code, problem.message.as_str())).collect();
    assert!(found.iter().any(|(code, message)| *code == "too-many" && message.contains("10201")), "{found:?}");
}

/// Everything that is wrong with actors, curves and a game is said at once, each with its place and a way out.
#[test]
fn all_that_is_wrong_is_said_at_once() {
    let market = |curve: &str| format!("(country: \"WW\", latitude: 0.0, longitude: 0.0, demand: {{\"chat\": (curve: {curve})}})");
    let text = sellers(&[(1.0, 30.0), (2.0, 30.0)], &straight(), "Cournot")
        .with("markets", "world", &market("Isoelastic(at_usd_per_mtok: 1.0, at_gtok_per_day: 5.0, elasticity: 0.9)"))
        .with("markets", "other", &market("Linear(nobody_buys_at_usd_per_mtok: -1.0, free_gtok_per_day: 5.0)"))
        .with("markets", "empty", &market("Linear(nobody_buys_at_usd_per_mtok: 4.0, free_gtok_per_day: 0.0)"))
        .with("actors", "idle", "(country: \"ZZ\")")
        .with("scenarios", "one", "(set: {\"fleets.a.count\": 10.0})")
        .with(
            "studies",
            "trade",
            "Game(players: {\"a\": [\"base\", \"one\", \"one\", \"three\"], \"b\": [\"base\"]}, payoff: {\"a\": Npv, \"z\": Npv}, leader: \"q\")",
        )
        .text();
    let found = read_plan(&text).diagnostics;
    for (code, path) in [
        ("inelastic", "markets.world.demand.chat.curve.elasticity"),
        ("out-of-range", "markets.other.demand.chat.curve.nobody_buys_at_usd_per_mtok"),
        ("no-effect", "markets.empty.demand.chat.curve.free_gtok_per_day"),
        ("no-effect", "actors.idle"),
        ("double", "studies.trade.players.a.2"),
        ("unknown-reference", "studies.trade.players.a.3"),
        ("missing-field", "studies.trade.payoff"),
        ("unknown-reference", "studies.trade.payoff.z"),
        ("unknown-reference", "studies.trade.leader"),
    ] {
        let own: Vec<_> = found.iter().filter(|problem| problem.code == code && problem.path == path).collect();
        assert_eq!(own.len(), 1, "{code} at {path}: {found:#?}");
        assert!(own[0].help.as_ref().is_some_and(|help| !help.is_empty()) && own[0].span.is_some(), "{:#?}", own[0]);
    }
}

/// A name of an actor or a scenario that changes, changes in games too.
#[test]
fn names_are_followed_into_games() {
    use tokenworks::plan::edit::{Edit, apply};
    let mut plan = trade(
        "Game(players: {\"a\": [\"base\", \"fewer\"], \"c\": [\"base\", \"duty\"]}, payoff: {\"a\": Npv, \"c\": Npv}, leader: \"a\")",
    );
    apply(&mut plan, &Edit::Rename { path: "actors.a".into(), to: "first".into() }).unwrap();
    apply(&mut plan, &Edit::Rename { path: "scenarios.duty".into(), to: "tax".into() }).unwrap();
    let Study::Game(game) = &plan.studies["trade"] else { panic!("not a game") };
    assert_eq!(game.players.keys().collect::<Vec<_>>(), ["first", "c"]);
    assert_eq!(game.payoff.keys().collect::<Vec<_>>(), ["first", "c"]);
    assert_eq!(game.players["c"], ["base", "tax"]);
    assert_eq!(game.leader.as_ref().unwrap().0, "first");
}

/// Own, rent or buy by hand, in a year: own chips cost 2 M$ of fees and nothing by the token; rented ones 0.4 M$ of a seat and
/// 1 $/Mtok (a chip makes 1,000 tok/s, 0.031536 Ttok a year, for 0.031536 M$ a year: 3.6 $ an hour); bought ones 3 $/Mtok. Buying
/// is cheapest up to 0.4 / (3 − 1) = 0.2 Ttok, renting up to (2 − 0.4) / 1 = 1.6, then owning.
#[test]
fn own_rent_or_buy_by_hand() {
    let hour = 31.536e-3 * 1e6 / 8760.0;
    let text = Sketch::new()
        .fleet(4.0 / 0.031_536)
        .top("objective", "[MinCost]")
        .grid("Tariff(energy_usd_per_mwh: 0.0, fixed_usd_per_month: 166666.66666666666)")
        .with("rentals", "cloud", &format!("(chip: \"c\", country: \"US\", latitude: 0.0, longitude: 0.0, commitment: BySlice, price_usd_per_chip_hour: {hour:?}, at_most: {:?})", 4.0 / 0.031_536))
        .site("seat", "pue: 1.0, interconnect_mw: 1.0, halls: {\"desk\": (it_mw: 1.0)}, om_usd_per_mw_year: 400000.0")
        .with("contracts", "seat", "(site: \"seat\", terms: Tariff(energy_usd_per_mwh: 0.0))")
        .with("purchases", "api", "(product: \"chat\", country: \"US\", usd_per_mtok: 3.0, at_most_gtok_per_day: 10.95890410958904, counts_as_tokens: true)")
        .with("scenarios", "own", "(set: {\"rentals.cloud.at_most\": 0.0, \"purchases.api.at_most_gtok_per_day\": 0.0, \"sites.seat.om_usd_per_mw_year\": 0.0})")
        .with("scenarios", "rent", "(set: {\"fleets.standing.count\": 0.0, \"contracts.grid.terms.fixed_usd_per_month\": 0.0, \"purchases.api.at_most_gtok_per_day\": 0.0})")
        .with("scenarios", "buy", "(set: {\"fleets.standing.count\": 0.0, \"contracts.grid.terms.fixed_usd_per_month\": 0.0, \"rentals.cloud.at_most\": 0.0, \"sites.seat.om_usd_per_mw_year\": 0.0})")
        .with("studies", "trade", "Crossover(ways: {\"own\": \"own\", \"rent\": \"rent\", \"buy\": \"buy\"})")
        .text();
    let read = read_plan(&text);
    let plan = read.plan.unwrap_or_else(|| panic!("{:#?}", read.diagnostics));
    let (run, records) = records(&plan, 1);
    let lines = crossover::lines(&records);
    assert_eq!(lines.len(), 3, "{records:#?}");
    let spans = crossover::spans(&lines);
    let named: Vec<&str> = spans.iter().map(|span| lines[span.line].name.as_str()).collect();
    assert_eq!(named, ["buy", "rent", "own"], "{lines:?}");
    near(spans[0].to, 0.2, 1e-6);
    near(spans[1].to, 1.6, 1e-6);
    near(spans[2].to, 4.0, 1e-6);
    let text = summary::text("trade", &plan.studies["trade"], &run, &records);
    assert!(text.contains("buy.") && text.contains("rent.") && text.contains("own, up to"), "{text}");
    assert_eq!(pictures::charts(&plan.studies["trade"], &run, &records).len(), 1);
}
