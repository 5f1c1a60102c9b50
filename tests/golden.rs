//! Published models against values computed by memo-lang 1.3.3 in 64 bits.

use std::collections::BTreeMap;
use std::path::Path;

use memo::{Axes, Table};
use serde_json::Value;

#[allow(dead_code)]
#[path = "../examples/models/battle_of_wits.rs"]
mod battle_of_wits;
#[allow(dead_code)]
#[path = "../examples/models/cheryl.rs"]
mod cheryl;
#[allow(dead_code)]
#[path = "../examples/models/crying_baby.rs"]
mod crying_baby;
#[allow(dead_code)]
#[path = "../examples/models/dining_cryptographers.rs"]
mod dining_cryptographers;
#[allow(dead_code)]
#[path = "../examples/models/gridworld.rs"]
mod gridworld;
#[allow(dead_code)]
#[path = "../examples/models/guess_two_thirds.rs"]
mod guess_two_thirds;
#[allow(dead_code)]
#[path = "../examples/models/investment_game.rs"]
mod investment_game;
#[allow(dead_code)]
#[path = "../examples/models/lewis_game.rs"]
mod lewis_game;
#[allow(dead_code)]
#[path = "../examples/models/monty.rs"]
mod monty;
#[allow(dead_code)]
#[path = "../examples/models/politeness.rs"]
mod politeness;
#[allow(dead_code)]
#[path = "../examples/models/sally_anne.rs"]
mod sally_anne;
#[allow(dead_code)]
#[path = "../examples/models/scalar_implicature.rs"]
mod scalar_implicature;
#[allow(dead_code)]
#[path = "../examples/models/schelling.rs"]
mod schelling;
#[allow(dead_code)]
#[path = "../examples/models/takeaway.rs"]
mod takeaway;
#[allow(dead_code)]
#[path = "../examples/models/tutorial_cards.rs"]
mod tutorial_cards;
#[allow(dead_code)]
#[path = "../examples/models/ultimatum.rs"]
mod ultimatum;

/// The numbers of a table.
fn of<A: Axes>(table: &Table<A>) -> Vec<f64> {
    table.values().to_vec()
}

/// What the model of a record returns; a record that nobody knows fails.
fn run(file: &str, model: &str, p: &[f64]) -> Vec<f64> {
    let i = |at: usize| p[at] as i64;
    match (file, model) {
        ("battle-of-wits", "vizzini_pick") => of(&battle_of_wits::vizzini_pick(i(0))),
        ("cheryl", "a_u1") => of(&cheryl::a_u1()),
        ("cheryl", "a_u2") => of(&cheryl::a_u2()),
        ("cheryl", "b_u3") => of(&cheryl::b_u3()),
        ("cheryl", "b_u4") => of(&cheryl::b_u4()),
        ("cheryl", "a_u5") => of(&cheryl::a_u5()),
        ("cheryl", "puzzle") => of(&cheryl::puzzle()),
        ("crying-baby", "Q") => of(&crying_baby::q(i(0))),
        ("dining-cryptographers", "model") => of(&dining_cryptographers::model()),
        ("gridworld", "Q") => of(&gridworld::q(i(0))),
        ("gridworld", "invplan") => of(&gridworld::goal_of(i(0))),
        ("guess-two-thirds", "player") => of(&guess_two_thirds::player(i(0), p[1])),
        ("investment-game", "investor") => of(&investment_game::investor(i(0), i(1), p[2])),
        ("investment-game", "trustee") => of(&investment_game::trustee(i(0), i(1), p[2])),
        ("investment-game", "hist") => of(&investment_game::hist(i(0), i(1), p[2])),
        ("lewis-game", "L") => of(&lewis_game::listener(p[0], i(1))),
        ("monty", "monty") => of(&monty::monty()),
        ("politeness", "S1") => of(&politeness::speaker(p[0], p[1])),
        ("sally-anne", "model") => of(&sally_anne::model()),
        ("scalar-implicature", "scalar") => of(&scalar_implicature::scalar()),
        ("schelling", "alice") => of(&schelling::alice(i(0))),
        ("schelling", "alice_confidence") => of(&schelling::alice_confidence(i(0))),
        ("schelling", "obs_confidence") => of(&schelling::they_meet(i(0))),
        ("schelling", "bob") => of(&schelling::bob(i(0))),
        ("takeaway", "π") => of(&takeaway::policy(i(0))),
        ("takeaway", "EU") => of(&takeaway::worth(i(0))),
        ("tutorial-cards", "alice_chooses_card") => of(&tutorial_cards::alice_chooses_card(p[0])),
        ("tutorial-cards", "bob_chooses_card") => of(&tutorial_cards::bob_chooses_card()),
        ("tutorial-cards", "all_outcomes") => of(&tutorial_cards::all_outcomes()),
        ("tutorial-cards", "scalar") => of(&tutorial_cards::scalar(p[0])),
        ("ultimatum", "receiver") => of(&ultimatum::receiver()),
        ("ultimatum", "offerer") => of(&ultimatum::offerer()),
        _ => panic!("no model for {model} of {file}"),
    }
}

fn numbers(value: &Value) -> Vec<f64> {
    let list = value.as_array().unwrap_or_else(|| panic!("{value} is no list"));
    list.iter().map(|x| x.as_f64().unwrap_or_else(|| panic!("{x} is no number"))).collect()
}

fn close(ours: f64, theirs: f64) -> bool {
    (ours - theirs).abs() <= 1e-9 * theirs.abs() + 1e-12
}

/// Checks one record; how many values it held.
fn check(file: &str, record: &Value) -> usize {
    let model = record["model"].as_str().unwrap_or_default();
    let parameters = numbers(&record["params"]);
    let ours = run(file, model, &parameters);
    let theirs = numbers(&record["values"]);
    let every = record["every"].as_u64().unwrap_or(1) as usize;
    let shape: f64 = numbers(&record["shape"]).iter().product();
    assert_eq!(ours.len(), shape as usize, "{model}{parameters:?}: the shape");
    assert_eq!(theirs.len(), ours.len().div_ceil(every), "{model}{parameters:?}: the golden values");
    for (at, theirs) in theirs.iter().enumerate() {
        let ours = ours[at * every];
        assert!(close(ours, *theirs), "{model}{parameters:?}, cell {}: {ours} is not {theirs}", at * every);
    }
    let sums = (ours.iter().sum::<f64>(), ours.iter().map(|x| x * x).sum::<f64>());
    for (ours, key) in [(sums.0, "sum"), (sums.1, "sumsq")] {
        let theirs = record[key].as_f64().unwrap_or_else(|| panic!("{model} has no {key}"));
        assert!(close(ours, theirs), "{model}{parameters:?}: {key} {ours} is not {theirs}");
    }
    theirs.len()
}

fn records(file: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(format!("{file}.json"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let value: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
    value.as_array().cloned().unwrap_or_default()
}

macro_rules! goldens {
    ($($name:ident: $file:literal, $records:literal;)*) => {
        $(#[test]
        fn $name() {
            let records = records($file);
            let with_values: Vec<&Value> = records.iter().filter(|r| r.get("params").is_some()).collect();
            assert_eq!(with_values.len(), $records);
            let checked: usize = with_values.iter().map(|record| check($file, record)).sum();
            assert!(checked > 0);
        })*

        /// No golden file goes unread.
        #[test]
        fn every_file_has_its_test() {
            let known: BTreeMap<&str, usize> = [$(($file, $records)),*].into();
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
            let files = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{error}"));
            for file in files.flatten() {
                let name = file.file_name().to_string_lossy().replace(".json", "");
                assert!(known.contains_key(name.as_str()) || name == "gridworld-maze", "{name} has no test");
            }
        }
    };
}

goldens! {
    battle_of_wits_is_memos: "battle-of-wits", 5;
    cheryl_is_memos: "cheryl", 6;
    crying_baby_is_memos: "crying-baby", 5;
    dining_cryptographers_is_memos: "dining-cryptographers", 1;
    gridworld_is_memos: "gridworld", 4;
    guess_two_thirds_is_memos: "guess-two-thirds", 5;
    investment_game_is_memos: "investment-game", 7;
    lewis_game_is_memos: "lewis-game", 4;
    monty_is_memos: "monty", 1;
    politeness_is_memos: "politeness", 3;
    sally_anne_is_memos: "sally-anne", 1;
    scalar_implicature_is_memos: "scalar-implicature", 1;
    schelling_is_memos: "schelling", 9;
    takeaway_is_memos: "takeaway", 5;
    tutorial_cards_is_memos: "tutorial-cards", 5;
    ultimatum_is_memos: "ultimatum", 2;
}

/// The records of the Lewis game that are no tables: a derivative, a loss
/// with its derivative, and where the loss is least.
#[test]
fn the_lewis_game_fits_as_in_jax() {
    use lewis_game::{Referent, Utterance, listener};
    let data = [65.0 / 180.0, 115.0 / 180.0, 0.0];
    let loss = |beta: f64| {
        let table = listener(beta, 1);
        let row = (0..3).map(|r| (table.values()[r] - data[r]).powi(2));
        row.sum::<f64>() / 3.0
    };
    let slope = |f: &dyn Fn(f64) -> f64, x: f64| (f(x + 1e-5) - f(x - 1e-5)) / 2e-5;
    let mut seen = 0;
    for record in records("lewis-game").iter().filter(|r| r.get("params").is_none()) {
        let values = numbers(&record["values"]);
        let cell = |beta: f64| listener(beta, 1)[(Utterance::Green, Referent::GreenSquare)];
        match record["model"].as_str().unwrap_or_default() {
            name if name.starts_with("dL") => {
                assert!(close(cell(1.0), values[0]));
                assert!((slope(&cell, 1.0) - values[1]).abs() < 1e-8);
            }
            name if name.starts_with("mse") => {
                assert!(close(loss(1.0), values[0]));
                assert!((slope(&loss, 1.0) - values[1]).abs() < 1e-8);
            }
            name if name.starts_with("beta") => {
                // Golden-section search for the least loss.
                let (mut low, mut high) = (0.0, 3.0);
                while high - low > 1e-9 {
                    let (a, b) = (
                        high - 0.618_033_988_749_895 * (high - low),
                        low + 0.618_033_988_749_895 * (high - low),
                    );
                    if loss(a) < loss(b) { high = b } else { low = a }
                }
                assert!((low - values[0]).abs() < 1e-6, "{low} is not {}", values[0]);
            }
            other => panic!("nobody checks {other}"),
        }
        seen += 1;
    }
    assert_eq!(seen, 3);
}
