//! Every statement and expression of the language, each with a value that was
//! computed by hand.

use memo::Error;
use memo::prelude::*;
use std::ops::{Range, RangeInclusive};

#[path = "../benches/models/chains.rs"]
mod chains;

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
enum Coin {
    Tails,
    Heads,
}

const X: Range<i64> = 0..3;
const Y: RangeInclusive<i64> = 1..=3;

fn near(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-12, "{a} is not {b}");
}

#[memo]
fn flip<c: Coin>(bias: f64) {
    model! {
        observer: given(face in Coin, wpp = if face == Coin::Heads { bias } else { 1.0 - bias });
        return Pr[observer.face == c];
    }
}

#[test]
fn the_first_model() {
    let table = flip(0.2);
    assert_eq!(table[Coin::Heads], 0.2);
    let text = "+---------+------+\n| c: Coin | flip |\n+---------+------+\n| Tails   | 0.8  |\n| Heads   | 0.2  |\n+---------+------+";
    assert_eq!(table.to_string(), text);
    assert_eq!(table.axis_names(), ["c"]);
    assert_eq!((table.name(), table.shape()), ("flip", [2].as_slice()));
}

#[memo]
fn joint<x: X, y: Y>() {
    model! {
        a: chooses(p in X, q in Y, wpp = p * q);
        return Pr[a.p == x, a.q == y];
    }
}

#[test]
fn joint_choices_share_one_normaliser() {
    // Σ pq = (0+1+2)(1+2+3) = 18
    near(joint()[(2, 3)], 6.0 / 18.0);
    near(joint()[(0, 1)], 0.0);
}

#[memo]
fn kinds<x: X>() {
    model! {
        a: chooses(best in X, to_maximize = best * (2 - best));
        a: chooses(least in X, to_minimize = best + least);
        a: chooses(even in X, such_that = even % 2 == 0);
        a: chooses(same in X, to_be = least + 2);
        a: chooses(any in X, uniformly);
        return E[(a.best == x) + 10 * (a.least == x) + 100 * (a.even == x) + 1000 * (a.same == x) + 10000 * (a.any == x)];
    }
}

#[test]
fn ways_to_choose() {
    // best = 1, least = 0, even in {0, 2}, same = 2, any uniform
    near(kinds()[0], 10.0 + 50.0 + 10000.0 / 3.0);
    near(kinds()[1], 1.0 + 10000.0 / 3.0);
    near(kinds()[2], 50.0 + 1000.0 + 10000.0 / 3.0);
}

#[memo]
fn nested() {
    model! {
        a: thinks[
            b: thinks[
                c: chooses(x in X, wpp = x + 1)
            ],
            b: chooses(y in X, to_maximize = E[c.x] * y)
        ];
        return a[E[b.y] + 100 * b[E[c.x]]];
    }
}

#[test]
fn three_minds_deep() {
    // E[c.x] = (0·1 + 1·2 + 2·3)/6 = 4/3, b picks y = 2
    near(nested().value(), 2.0 + 400.0 / 3.0);
}

#[memo]
fn two_on_one<x: X>() {
    model! {
        a: thinks[
            b: chooses(z in X, uniformly),
            b: chooses(y in X, wpp = 1 + (y == z)),
        ];
        a: observes [b.y] is x;
        a: observes [b.z] is x;
        a: thinks[ c: chooses(w in Coin, uniformly) ];
        return a[E[c.w]];
    }
}

#[memo]
fn two_on_one_posterior<x: X>() {
    model! {
        a: thinks[
            b: chooses(k in Coin, wpp = 1),
            b: chooses(y in X, wpp = 1 + (y == 2) * (k == Coin::Heads)),
            b: chooses(z in X, wpp = 1 + 2 * (z == 2) * (k == Coin::Heads)),
        ];
        a: observes [b.y] is x;
        a: observes [b.z] is x;
        return a[Pr[b.k == Coin::Heads]];
    }
}

#[test]
fn two_observations_on_one_axis() {
    near(two_on_one()[0], 0.5);
    // y = z = 2: heads (1/2)(2/4)(3/5), tails (1/2)(1/3)(1/3)
    near(two_on_one_posterior()[2], 0.3 / (0.3 + 1.0 / 9.0));
    // y = z = 0: heads (1/4)(1/5), tails 1/9
    near(two_on_one_posterior()[0], 0.05 / (0.05 + 1.0 / 9.0));
}

#[memo]
fn events() {
    model! {
        a: thinks[ b: chooses(x in X, uniformly) ];
        a: observes_that [b.x > 0];
        a: observes_event(wpp = b.x);
        return a[E[b.x]];
    }
}

#[test]
fn evidence_hard_and_soft() {
    // weights 0, 1, 2: (1 + 4)/3
    near(events().value(), 5.0 / 3.0);
}

#[memo]
fn snapshot() {
    model! {
        a: thinks[ b: chooses(x in X, wpp = x + 1) ];
        a: snapshots_self_as(past);
        a: observes_that [b.x == 2];
        return a[E[b.x]] + 10 * a[past[E[b.x]]];
    }
}

#[test]
fn the_past_self_does_not_learn() {
    near(snapshot().value(), 2.0 + 40.0 / 3.0);
}

#[memo]
fn wanting<x: X>() {
    model! {
        a: wants(goal = move_ * gain);
        a: chooses(move_ in X, to_maximize = EU[goal]);
        a: chooses(gain in Coin, wpp = 1);
        return Pr[a.move_ == x];
    }
}

#[memo]
fn predicting() {
    model! {
        a: chooses(x in X, wpp = exp(Predict[y * (x == 1)]));
        a: chooses(y in Coin, wpp = 1);
        return Pr[a.x == 1];
    }
}

#[test]
fn goals_over_later_choices() {
    near(wanting()[2], 1.0);
    // x = 1 is worth ½, others 0
    let e = 0.5_f64.exp();
    near(predicting().value(), e / (e + 2.0));
}

#[memo]
fn information() {
    model! {
        a: chooses(x in X, uniformly);
        a: chooses(y in X, wpp = 1 + (y == 0) * 2);
        return H[a.x] + 10 * Var[a.x];
        return KL[a.x | a.y];
        return H[a.x, a.y];
    }
}

#[test]
fn entropy_variance_divergence() {
    let (first, second, third) = information();
    near(first.value(), 3.0_f64.ln() + 20.0 / 3.0);
    // uniform against (3/5, 1/5, 1/5)
    let kl = (1.0 / 3.0_f64).ln() - (0.6_f64.ln() + 2.0 * 0.2_f64.ln()) / 3.0;
    near(second.value(), kl);
    let h = -(0.6 * 0.6_f64.ln() + 0.4 * 0.2_f64.ln());
    near(third.value(), 3.0_f64.ln() + h);
}

#[memo]
fn second_value<x: X>() {
    model! {
        a: chooses(p in X, wpp = p + 1);
        return Pr[a.p == x];
        return 10 * Pr[a.p == x];
    }
}

#[memo]
fn uses_second<x: X>() {
    model! {
        a: knows(x);
        return second_value[1][x]() + second_value[0][a.x]();
    }
}

#[test]
fn several_values() {
    near(uses_second()[2], 5.0 + 0.5);
}

#[memo]
fn arrays<x: X, y: Y>(w: &ndarray::Array2<f64>, v: &[f64], t: &Table<(Range<i64>,)>) {
    model! {
        return w[x, y - 1] + 100 * v[x] + 1000 * t[x];
    }
}

#[memo]
fn squares<x: X>() {
    model! {
        a: knows(x);
        return a.x ** 2 + self.x - x;
    }
}

#[test]
fn array_parameters() {
    let w = ndarray::array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]];
    let table = arrays(&w, &[1.0, 2.0, 3.0], &squares());
    near(table[(1, 3)], 6.0 + 200.0 + 1000.0);
    let error = arrays::try_call(&w, &[1.0], &squares());
    assert!(matches!(error, Err(Error::OutOfBounds { .. })), "{error:?}");
}

/// The places in a table may be written, and computed.
#[memo]
fn places_in_tables<x: X>(t: &Table<(Range<i64>, Bool)>, w: &Table<(Range<i64>,)>, k: i64) {
    model! {
        return t[1, true] + 10 * t[x - 1 if x > 0 else x, x == 1] + 100 * w[2] + 1000 * w[k] + 10000 * w[2 - x];
    }
}

#[memo]
fn two_axes<x: X, b: Bool>() {
    model! {
        return x + 1 + 3 * b;
    }
}

#[test]
fn written_and_computed_places() {
    // two_axes is [1, 4], [2, 5], [3, 6] and squares 0, 1, 4.
    let found = places_in_tables(&two_axes(), &squares(), 1);
    let expected = |x: i64, second: f64, last: f64| {
        near(found[x], 5.0 + 10.0 * second + 100.0 * 4.0 + 1000.0 * 1.0 + 10000.0 * last);
    };
    expected(0, 1.0, 4.0);
    expected(1, 4.0, 1.0);
    expected(2, 2.0, 0.0);
    let error = places_in_tables::try_call(&two_axes(), &squares(), 7);
    assert!(matches!(error, Err(Error::OutOfBounds { .. })), "{error:?}");
}

const PEOPLE: f64 = 4.0;

struct Rates;

impl Rates {
    const FAST: f64 = 8.0;
}

#[memo]
fn rust_values(k: i64) {
    model! {
        return { PEOPLE } + Rates::FAST + (1 if k > 0 else 2) + if k == 7 { 10 } else { 20 } + { f64::from(3_u8) };
    }
}

#[test]
fn inline_rust_and_both_ifs() {
    near(rust_values(7).value(), 4.0 + 8.0 + 1.0 + 10.0 + 3.0);
    near(rust_values(-1).value(), 4.0 + 8.0 + 2.0 + 20.0 + 3.0);
}

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
struct Cell {
    #[domain(0..2)]
    x: i64,
    #[domain(0..3)]
    y: i64,
    side: Coin,
}

#[memo]
fn products<c: Cell>() {
    model! {
        a: chooses(cell in Cell, wpp = 1 + cell.x);
        a: chooses(pair in (X, Coin), wpp = pair.0 * (pair.1 == Coin::Heads));
        a: chooses(flips in [Coin; 3], wpp = flips[0] == Coin::Heads);
        return Pr[a.cell == c] + 10 * E[a.pair.0] + 100 * E[a.flips[0] + a.flips[1]] + 1000 * c.y;
    }
}

#[test]
fn structs_tuples_and_arrays() {
    // pair: 1 and 2 with weights 1 and 2; flips: first is heads, second fair
    let table = products();
    assert_eq!(table.shape(), [12]);
    near(table[Cell { x: 1, y: 2, side: Coin::Heads }], 2.0 / 18.0 + 10.0 * 5.0 / 3.0 + 150.0 + 2000.0);
}

#[memo]
fn runtime_domain<p: points>(points: &Vec<f64>) {
    model! {
        a: chooses(x in points, wpp = x);
        return Pr[a.x == p];
    }
}

#[test]
fn parameters_as_domains() {
    let points = vec![1.0, 3.0];
    near(runtime_domain(&points)[3.0], 0.75);
    assert!(matches!(runtime_domain::try_call(&Vec::new()), Err(Error::EmptyDomain { .. })));
}

mod elsewhere {
    use memo::prelude::*;

    pub(crate) const Z: std::ops::Range<i64> = 0..3;

    #[memo]
    pub(crate) fn thirds<z: Z>() {
        model! {
            a: chooses(z in Z, uniformly);
            return Pr[a.z == z];
        }
    }
}

#[test]
fn models_in_functions_and_modules() {
    const LOCAL: Range<i64> = 0..3;
    #[derive(Clone, Copy, Debug, PartialEq, Domain)]
    enum Side {
        Left,
        Right,
    }
    #[memo]
    fn local<x: LOCAL, s: Side>() {
        model! {
            a: chooses(side in Side, uniformly);
            return elsewhere::thirds[x]() + Pr[a.side == s];
        }
    }
    near(local()[(1, Side::Left)], 1.0 / 3.0 + 0.5);
    near(local()[(2, Side::Right)], 1.0 / 3.0 + 0.5);
}

#[memo]
fn even(n: i64) {
    model! {
        return 1 if n == 0 else odd[](n - 1);
    }
}

#[memo]
fn odd(n: i64) {
    model! {
        return 0 if n == 0 else even[](n - 1);
    }
}

#[memo]
fn fibonacci(n: i64) {
    model! {
        return n if n < 2 else fibonacci[](n - 1) + fibonacci[](n - 2);
    }
}

#[memo]
fn endless(n: i64) {
    model! {
        return endless[](n) + 1;
    }
}

#[test]
fn recursion() {
    near(even(100_000).value(), 1.0);
    near(odd(100_000).value(), 0.0);
    near(fibonacci(80).value(), 23_416_728_348_467_685.0);
    let error = endless::try_call(1);
    assert!(matches!(error, Err(Error::EndlessRecursion { .. })), "{error:?}");
}

#[test]
fn a_chain_of_twelve() {
    // P(stay) = 2/5, P(each other) = 1/5: the distance from ¼ shrinks by 1/5
    // a step, from (1 + x)/10.
    for x in 0..4 {
        let start = (1.0 + x as f64) / 10.0 - 0.25;
        near(chains::twelve()[x], 0.25 + start * 0.2_f64.powi(11));
        near(chains::fifteen()[x], 0.25 + start * 0.2_f64.powi(14));
    }
}

#[memo]
#[allow(deprecated, reason = "the weight does not rest on what is chosen")]
fn weights<x: X>(w: f64) {
    model! {
        bob: knows(x);
        bob: chooses(y in X, wpp = w - x);
        return E[bob.y];
    }
}

#[test]
fn bad_weights_name_the_cell() {
    near(weights(3.0)[1], 1.0);
    let Err(error) = weights::try_call(0.5) else { panic!("a negative weight must be refused") };
    let Error::BadWeight { model, agent, choice, cell, value } = &error else { panic!("{error}") };
    assert_eq!((model.as_str(), agent.as_str(), choice.as_str(), *value), ("weights", "bob", "y", -0.5));
    assert_eq!(cell[0], ("x".to_string(), "1".to_string()));
    assert!(weights::try_call(f64::NAN).is_err());
}

#[memo]
fn scaled<x: X>(u: f64) {
    model! {
        a: chooses(y in X, wpp = (y + 1) * exp(u * y) + exp(u * y));
        return Pr[a.y == x];
    }
}

#[test]
fn huge_utilities() {
    near(scaled(1e4)[2], 1.0);
    near(scaled(-1e4)[0], 1.0);
    near(scaled(0.0)[1], 3.0 / 9.0);
}

#[memo]
fn costs<x: X>(n: i64) {
    model! {
        a: chooses(y in X, wpp = y + n);
        return Pr[a.y == x];
    }
}

#[memo]
fn asks_for_cost() {
    model! {
        return cost @ costs(1) + 0 * (time @ costs(1)) + 0 * (space @ costs(1)) + 0 * (size @ costs(1));
    }
}

#[test]
fn cost_is_counted() {
    let cost = costs::cost(1);
    assert!(cost.flops > 0 && cost.bytes > 0 && cost.program_size > 0);
    assert_eq!(cost, costs::cost(1));
    near(asks_for_cost().value(), cost.flops as f64);
    assert!(costs::plan().contains("O(|X|)"));
}

#[memo]
fn certain() {
    model! {
        a: thinks[ b: chooses(x in X, wpp = exp(0.1 * x)), b: chooses(y in X, to_be = x) ];
        a: observes_that [b.y == 1];
        return a[(Var[b.x] == 0) and (H[b.x] == 0) and (Pr[b.x == 1] == 1)];
    }
}

#[test]
fn what_is_certain_is_exact() {
    assert_eq!(certain().value(), 1.0);
}

#[memo]
fn theories() {
    model! {
        a: has_theory(ADULT);
        a: thinks[ b: has_theory(CHILD), b: chooses(x in X, wpp = normal_pdf(x, 1, 1)) ];
        a: chooses(z in X, uniformly);
        a: forgets_about(z);
        return a[E[b.x]] + 0 * E[a.z] + min(2, 5) + max(1, 3) + abs(-1) + floor(2.5) + 7 % -4;
    }
}

#[test]
fn functions_theories_and_forgetting() {
    near(theories().value(), 1.0 + 2.0 + 3.0 + 1.0 + 2.0 - 1.0);
}

#[test]
fn diagrams_show_who_knows_what() {
    let diagram = two_on_one::diagram();
    let text = diagram.to_string();
    assert!(text.starts_with("the model two_on_one\n  knows x: X\n"), "{text}");
    assert!(text.contains("\n  a\n") && text.contains("a sees b.y\na sees b.z\n"), "{text}");
    assert!(diagram.to_dot().starts_with("digraph \"two_on_one\" {"));
    assert!(diagram.to_mermaid().contains("-->|sees|"));
    assert!(diagram.to_svg().contains("<title>the model two_on_one</title>"));
}

fn only_small(x: i64, y: i64) -> f64 {
    assert!(x + y < 4, "only_small is asked for {x} and {y}");
    (x + y) as f64
}

#[memo]
fn lazy<x: X>(w: &[f64]) {
    model! {
        b: chooses(y in X, uniformly);
        b: chooses(z in X, wpp = only_small(0, z) if z < 2 else 0);
        return E[only_small(x, b.y) if x < 2 else 7] + E[w[x + b.y] if x == 0 else 0] + 0 * E[b.z];
    }
}

#[test]
fn a_branch_that_is_not_taken_does_not_fail() {
    // E[y] = 1
    let table = lazy(&[10.0, 20.0, 30.0]);
    near(table[0], 1.0 + 20.0);
    near(table[1], 2.0);
    near(table[2], 7.0);
}

const THREE: std::ops::Range<i64> = 0..3;

fn pull(x: i64, y: i64, k: i64) -> f64 {
    1.0 + ((x + 2 * y + k) % 4) as f64
}

/// Each level has another `k`, on which alone the choice rests.
#[memo]
fn drift<x: THREE>(t: i64, k: i64) {
    model! {
        a: knows(x);
        a: chooses(y in THREE, wpp = pull(x, y, k));
        return E[a.y] + (0 if t <= 0 else drift[x](t - 1, k + 1));
    }
}

/// Tables that the levels of a recursion share are those of their parameters.
#[test]
fn levels_with_parameters_of_their_own() {
    let mean = |x: i64, k: i64| -> f64 {
        let total: f64 = (0..3).map(|y| pull(x, y, k)).sum();
        (0..3).map(|y| y as f64 * pull(x, y, k)).sum::<f64>() / total
    };
    for (t, k) in [(0, 0), (3, 0), (3, 2), (9, 1), (3, 0), (5_000, 0)] {
        let table = drift(t, k);
        for x in 0..3 {
            let wanted: f64 = (k..=k + t).map(|k| mean(x, k)).sum();
            assert!((table[x] - wanted).abs() < 1e-9 * wanted, "{t} {k} {x}");
        }
    }
}

/// Domains that are called as types known everywhere.
mod known_names {
    use memo::prelude::*;

    #[derive(Clone, Copy, Debug, PartialEq, Domain)]
    pub enum Box {
        Left,
        Right,
    }

    #[derive(Clone, Copy, Debug, PartialEq, Domain)]
    pub enum Option {
        Stay,
        Switch,
    }

    #[memo(grad)]
    pub fn search<b: Box, o: Option>(beta: f64) {
        model! {
            alice: knows(b, o);
            alice: thinks[
                bob: chooses(b in Box, wpp = 1 if b == {Box::Left} else 3),
                bob: chooses(o in Option, wpp = exp(beta * (o == {Option::Switch})))
            ];
            return alice[Pr[bob.b == b, bob.o == o]];
        }
    }
}

#[test]
fn a_domain_may_be_called_as_a_type_known_everywhere() {
    use known_names::{Box, Option, search};
    let table = search(3.0_f64.ln());
    assert!((table[(Box::Right, Option::Switch)] - 0.75 * 0.75).abs() < 1e-12);
    assert!((table[(Box::Left, Option::Stay)] - 0.25 * 0.25).abs() < 1e-12);
}
