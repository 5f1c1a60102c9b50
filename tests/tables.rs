//! What can be done with a table: as a distribution, as an array, for many values
//! of a parameter.

use approx::assert_relative_eq;
use memo::prelude::*;
use memo::{Coordinates, LabelledArray, join, sweep};
use rand::SeedableRng;

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
enum Weather {
    Sun,
    Rain,
}

const N: std::ops::Range<i64> = 0..3;

/// Rain three times as likely as sun, and the number of umbrellas by the weather.
#[memo]
fn joint<w: Weather, n: N>(p: f64) {
    model! {
        sky: chooses(w in Weather, wpp = 3 if w == Weather::Rain else 1);
        street: knows(sky.w);
        street: chooses(n in N, wpp = (p if n == 2 else 1) if sky.w == Weather::Rain else (n == 0));
        return Pr[sky.w == w, street.n == n];
    }
}

/// No distribution.
#[memo]
fn signed<n: N>() {
    model! { return n - 1; }
}

#[test]
fn a_table_is_a_distribution() {
    let table = joint(2.0);
    // Sun and none 1/4; rain and 0, 1, 2 umbrellas 3/16, 3/16, 3/8.
    assert_eq!(table.values(), [0.25, 0.0, 0.0, 0.1875, 0.1875, 0.375]);
    assert_eq!(table.argmax(), (Weather::Rain, 2));
    let top = table.top(3);
    assert_eq!(top[..2], [((Weather::Rain, 2), 0.375), ((Weather::Sun, 0), 0.25)]);
    assert_eq!(top[2], ((Weather::Rain, 0), 0.1875));
    assert_eq!(table.top(100).len(), 6);
    assert_relative_eq!(table.expectation(|(_, n)| n as f64), 0.1875 + 0.75);
    let entropy: f64 = [0.25, 0.1875, 0.1875, 0.375].iter().map(|p: &f64| -p * p.ln()).sum();
    assert_relative_eq!(table.entropy(), entropy, max_relative = 1e-14);
    let other = joint(1.0);
    let ratios = [(0.1875, 0.25), (0.1875, 0.25), (0.375, 0.25)];
    let kl: f64 = ratios.iter().map(|(p, q): &(f64, f64)| p * (p / q).ln()).sum();
    assert_relative_eq!(table.kl(&other), kl, max_relative = 1e-13);
    assert_eq!(table.kl(&table), 0.0);
}

#[test]
fn what_is_drawn_comes_as_often_as_it_should() {
    let table = joint(2.0);
    let mut rng = rand::rngs::SmallRng::seed_from_u64(7);
    let drawn = table.samples(&mut rng, 20_000);
    let share = |key| drawn.iter().filter(|k| **k == key).count() as f64 / 20_000.0;
    for (key, p) in &table {
        // Four standard errors.
        assert!((share(key) - p).abs() < 4.0 * (p * (1.0 - p) / 20_000.0).sqrt() + 1e-12, "{key:?}");
    }
}

#[test]
#[should_panic(expected = "the table `signed` is no distribution")]
fn what_is_no_distribution_has_no_entropy() {
    let _ = signed().entropy();
}

#[test]
fn conditions_and_parts() {
    let table = joint(2.0);
    let rain = table.condition("w", Weather::Rain);
    assert_eq!(rain.values(), [0.25, 0.25, 0.5]);
    assert_eq!(rain, table.normalize("n").select("w", Weather::Rain));
    let labelled = table.to_labelled();
    assert_eq!(labelled.select("w", "Rain").normalize(["n"]), rain);
    assert_eq!(labelled.sum_over(["n"]), table.marginal("w"));
    assert_eq!(table.map(|p| -p.ln()).get(&["Sun", "0"]), Some(4.0_f64.ln()));
}

#[test]
#[should_panic(expected = "nothing is left where `n` has this value")]
fn a_condition_that_cannot_be() {
    let dry = joint(0.0).select("w", Weather::Sun);
    assert_eq!(dry.values(), [0.25, 0.0, 0.0]);
    let _ = joint(0.0).condition("n", 2_i64);
}

#[test]
fn axes_meet_by_name() {
    let table = joint(2.0).to_labelled();
    let weather = table.sum_over(["n"]);
    // P(n | w) = P(w, n) / P(w)
    let given = &table / &weather;
    assert_eq!(given.axis_names(), ["w", "n"]);
    assert_eq!(given.values(), [1.0, 0.0, 0.0, 0.25, 0.25, 0.5]);
    let back: LabelledArray = &weather * &given;
    assert_eq!(back.values(), table.values());
    assert_eq!((&(&table * 4.0) - &table).sum_over(["w", "n"]).values(), [3.0]);
}

#[test]
fn a_sweep_is_in_order() {
    let p: Vec<f64> = linspace(0.0, 9.75, 40).into_iter().collect();
    assert_eq!((p[8], p[39]), (2.0, 9.75));
    let swept = sweep("p", linspace(0.0, 9.75, 40), joint);
    assert_eq!((swept.axis_names(), swept.shape()), (vec!["p", "w", "n"], vec![40, 2, 3]));
    for (at, p) in p.iter().enumerate() {
        assert_eq!(swept.values()[6 * at..6 * (at + 1)], *joint(*p).values(), "{p}");
    }
    assert_eq!(swept.get(&["2", "Rain", "2"]), Some(0.375));
    let mut csv = Vec::new();
    assert!(swept.to_csv(&mut csv).is_ok());
    assert!(String::from_utf8_lossy(&csv).starts_with("p,w,n,joint\n0,Sun,0,0.25\n"));
    // What is written is read again.
    let (mut csv, table) = (Vec::new(), joint(2.0));
    assert!(table.to_csv(&mut csv).is_ok());
    assert_eq!(Table::from_csv("joint", &["w", "n"], (Weather, N), csv.as_slice()).as_ref(), Ok(&table));
}

#[test]
fn integers_need_no_suffix() {
    let table = joint(2.0);
    assert_eq!(table.select("n", 2), table.select("n", 2_i64));
    assert_eq!(table.condition("n", 2_u8).values(), [0.0, 1.0]);
    assert_eq!(table.slice("n", 1..=2).values(), [0.0, 0.0, 0.1875, 0.375]);
    assert_eq!(table.slice("n", [2, 0]).values(), [0.0, 0.25, 0.375, 0.1875]);
    assert_eq!(table.slice("w", [Weather::Rain]).shape(), [1, 3]);
}

#[test]
fn several_axes_at_once() {
    let table = joint(2.0);
    assert_eq!(table.marginal(["w", "n"]), table.to_labelled());
    assert_eq!(table.marginal(["n"]), table.marginal("n"));
    let doubled = joint(2.0).map(|p| 2.0 * p);
    assert_eq!(doubled.normalize(["w", "n"]).values(), table.values());
    assert_eq!(table.normalize(["w", "n"]), table);
    assert_eq!(table.normalize(["n"]), table.normalize("n"));
}

#[test]
#[should_panic(expected = "the table of `joint` has no axis `N`; its axes are w, n; did you mean `n`?")]
fn axes_that_are_not_there() {
    let _ = joint(2.0).marginal("N");
}

#[test]
fn tables_compute_with_tables_and_numbers() {
    let (table, other) = (joint(2.0), joint(1.0));
    let labelled = table.to_labelled();
    assert_eq!((&table - &other).values(), (&labelled - &other.to_labelled()).values());
    assert_eq!((&table - &other).name(), "joint - joint");
    assert_eq!((&table / &table.marginal("w")).values(), [1.0, 0.0, 0.0, 0.25, 0.25, 0.5]);
    assert_eq!((&labelled * &table).values()[5], 0.375 * 0.375);
    assert_eq!((&table * 2.0).values()[0], 0.5);
    assert_eq!((1.0 - &table).values()[0], 0.75);
    assert_eq!((1.0 / &labelled).name(), "1 / joint");
    assert_eq!((-&table).values()[0], -0.25);
}

#[test]
fn a_labelled_array_is_a_distribution_too() {
    let table = joint(2.0);
    let (weather, other) = (table.marginal("w"), joint(1.0).marginal("w"));
    assert_eq!(weather.argmax(), ["Rain"]);
    assert_eq!(weather.top(1), [(vec!["Rain"], 0.75)]);
    assert_relative_eq!(weather.entropy(), -(0.25 * 0.25_f64.ln() + 0.75 * 0.75_f64.ln()));
    assert_eq!(weather.kl(&other), 0.0);
    assert_eq!(table.to_labelled().kl(&joint(1.0).to_labelled()), table.kl(&joint(1.0)));
    assert_eq!(table.to_labelled().condition("w", "Rain"), table.condition("w", Weather::Rain));
    let umbrellas = |key: &[&str]| key[0].parse().unwrap_or(f64::NAN);
    assert_relative_eq!(table.marginal("n").expectation(umbrellas), 0.9375);
    let mut rng = rand::rngs::SmallRng::seed_from_u64(7);
    let labelled = table.to_labelled();
    let keys = labelled.samples(&mut rng, 1000);
    let mut rng = rand::rngs::SmallRng::seed_from_u64(7);
    let typed = table.samples(&mut rng, 1000);
    let label = |(w, n): (Weather, i64)| vec![format!("{w:?}"), n.to_string()];
    assert_eq!(keys, typed.into_iter().map(label).collect::<Vec<_>>());
}

#[test]
fn sweeps_know_their_values() {
    let swept = sweep("p", [2.0, 0.5], joint);
    assert_eq!(swept.coordinates("p"), Some(&Coordinates::Floats(vec![2.0, 0.5])));
    assert_eq!(swept.coordinates("n"), Some(&Coordinates::Integers(vec![0, 1, 2])));
    assert_eq!(swept.coordinates("w"), Some(&Coordinates::Labels));
    assert_eq!(swept.slice("p", ..1.0).values(), joint(0.5).values());
    let levels = sweep("level", [1_u8, 2], |level| joint(f64::from(level)));
    assert_eq!(levels.coordinates("level"), Some(&Coordinates::Integers(vec![1, 2])));
    assert!(levels.to_string().contains("| level: u8 | w: Weather | n: N | joint"), "{levels}");
}

#[test]
fn tables_join_as_columns() {
    let both = join([("one", joint(1.0)), ("two", joint(2.0))]);
    let text = "\
+------------+------+------+--------+
| w: Weather | n: N | one  | two    |
+------------+------+------+--------+
| Sun        | 0    | 0.25 | 0.25   |
| Sun        | 1    | 0    | 0      |
| Sun        | 2    | 0    | 0      |
| Rain       | 0    | 0.25 | 0.1875 |
| Rain       | 1    | 0.25 | 0.1875 |
| Rain       | 2    | 0.25 | 0.375  |
+------------+------+------+--------+";
    assert_eq!(both.to_string(), text);
    assert!(
        both.to_latex()
            .starts_with("\\begin{tabular}{llrr}\n\\toprule\nw: Weather & n: N & one & two \\\\\n")
    );
    let ratio = (&joint(2.0) / &joint(1.0)).named("ratio");
    let three = both.join(ratio);
    assert_eq!(three.column_names(), ["one", "two", "ratio"]);
    let json = three.to_json().unwrap_or_else(|error| panic!("{error}"));
    // 0 / 0 is no number and equal to none.
    let read = memo::Dataset::from_json(json.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(read.column("two"), three.column("two"));
    assert_eq!(read.to_json().ok(), Some(json));
}

/// A place with a field of each kind.
#[derive(Clone, Copy, PartialEq, Domain)]
struct Place {
    #[domain(0..2)]
    x: usize,
    open: bool,
    sky: Weather,
    #[domain(Values::from([0.5, 1.5]))]
    height: f64,
    pair: (bool, [Weather; 2]),
}

#[memo]
fn places<p: Place>() {
    model! {
        a: chooses(p in Place, wpp = 1 + p.x);
        return Pr[a.p == p];
    }
}

/// The type of a table is that of its axes, by the names that they have in the
/// model.
fn rainy(table: &Table<(Weather, std::ops::Range<i64>)>) -> f64 {
    table[(Weather::Rain, 2)]
}

/// A table over an enum as the parameter of a model.
#[memo]
fn umbrellas<w: Weather>(weights: &Table<(Weather, std::ops::Range<i64>)>) {
    model! {
        a: chooses(w in Weather, n in N, wpp = weights[w, n]);
        return E[a.n * (a.w == w)];
    }
}

#[test]
fn the_type_of_a_table_has_a_name() {
    let table: Table<(Weather, std::ops::Range<i64>)> = joint(2.0);
    assert_eq!(rainy(&table), 0.375);
    assert_relative_eq!(umbrellas(&table)[Weather::Rain], 0.1875 + 0.75, max_relative = 1e-14);
    // Nothing but `Copy` and `PartialEq` is asked of a value.
    let places: Table<(Place,)> = places();
    assert_eq!(places.len(), 2 * 2 * 2 * 2 * 2 * 4);
    assert!(format!("{places:?}").contains("Place {x: 0, open: false, sky: Sun, height: 0.5"));
    let file = "w,p\nRain,0.25\n";
    let read: Table<(Weather,)> =
        Table::from_csv("p", &["w"], (Weather,), file.as_bytes()).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(read[Weather::Rain], 0.25);
}

#[test]
fn what_is_computed_goes_on_into_arithmetic() {
    let (one, two) = (joint(1.0), joint(2.0));
    let mixed = &one * 0.3 + &two * 0.7;
    for ((mixed, one), two) in mixed.values().iter().zip(one.values()).zip(two.values()) {
        assert_relative_eq!(*mixed, 0.3 * one + 0.7 * two, max_relative = 1e-14);
    }
    let array = one.to_labelled();
    let sum = 1.0 - (array.clone() + &two) / 2.0 - -array.clone() * &array;
    let cell = |cell: usize| {
        let (a, b) = (one.values()[cell], two.values()[cell]);
        1.0 - (a + b) / 2.0 + a * a
    };
    (0..6).for_each(|at| assert_relative_eq!(sum.values()[at], cell(at), max_relative = 1e-14));
}
