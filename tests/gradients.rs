//! Derivatives against central differences, values of JAX and what can be computed
//! by hand.

use approx::assert_relative_eq;
use memo::prelude::*;
use memo::{Error, Real};
use ndarray::{Array2, array};
use std::ops::{Range, RangeInclusive};

#[allow(dead_code, reason = "each test has its own part of them")]
mod derivatives;
use derivatives::{
    BIT, N, apart, asked, deep, guess_two_thirds, investment_game, lewis_game, logistic, mapping, politeness,
    several, tasted, tutorial_cards, value,
};

/// The derivative by four points, whose error is of the fourth order.
fn difference(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    let h = 1e-3 * x.abs().max(0.1);
    (f(x - 2.0 * h) - 8.0 * f(x - h) + 8.0 * f(x + h) - f(x + 2.0 * h)) / (12.0 * h)
}

/// Every cell of a table changes as the differences say.
fn agrees(slopes: &[f64], values: impl Fn(f64) -> Vec<f64>, x: f64) {
    let cells = values(x).len();
    assert_eq!(slopes.len(), cells);
    for (cell, ours) in slopes.iter().enumerate() {
        let found = difference(|x| values(x)[cell], x);
        let near = 1e-7 * found.abs().max(1e-3);
        assert!((ours - found).abs() < near, "cell {cell} at {x}: {ours} is not {found}");
    }
}

#[test]
fn golden_models_change_as_differences_say() {
    for level in 0..5 {
        for beta in [1.0, 1.74, 2.0] {
            let table = lewis_game::listener::jacobian(beta, level).table("beta");
            agrees(table.values(), |beta| lewis_game::listener(beta, level).values().to_vec(), beta);
        }
    }
    for level in [0, 1, 3] {
        let table = guess_two_thirds::player::jacobian(level, 0.6).table("beta");
        agrees(table.values(), |beta| guess_two_thirds::player(level, beta).values().to_vec(), 0.6);
    }
    for (alpha, phi) in [(1.25, 0.3), (2.0, 0.6)] {
        let all = politeness::speaker::jacobian(alpha, phi);
        agrees(all.table("alpha").values(), |a| politeness::speaker(a, phi).values().to_vec(), alpha);
        agrees(all.table("phi").values(), |phi| politeness::speaker(alpha, phi).values().to_vec(), phi);
    }
    for beta in [0.0, 3.0] {
        let table = tutorial_cards::alice_chooses_card::jacobian(beta).table("beta");
        agrees(table.values(), |b| tutorial_cards::alice_chooses_card(b).values().to_vec(), beta);
        let table = tutorial_cards::scalar::jacobian(beta).table("beta");
        agrees(table.values(), |b| tutorial_cards::scalar(b).values().to_vec(), beta);
    }
}

/// Its tables are large, so one sum over all cells is compared.
#[test]
fn mutual_recursion_changes_as_differences_say() {
    let weight = |cell: usize| (cell % 7) as f64 - 2.5;
    let sum = |values: &[f64]| values.iter().enumerate().map(|(at, x)| weight(at) * x).sum::<f64>();
    let seed = |cells: usize| (0..cells).map(weight).collect::<Vec<f64>>();
    for (r, level) in [(0, 1), (1, 1), (0, 2)] {
        let value = |beta: f64| sum(investment_game::investor(r, level, beta).values());
        let cells = investment_game::investor(r, level, 1.0).len();
        let (_, gradient) = investment_game::investor::vjp(r, level, 0.4, &seed(cells));
        assert_relative_eq!(gradient["beta"], difference(value, 0.4), max_relative = 1e-7);
        let value = |beta: f64| sum(investment_game::trustee(r, level, beta).values());
        let cells = investment_game::trustee(r, level, 1.0).len();
        let (_, gradient) = investment_game::trustee::vjp(r, level, 0.4, &seed(cells));
        assert_relative_eq!(gradient["beta"], difference(value, 0.4), max_relative = 1e-7);
    }
}

/// Values of `jax.grad` with memo-lang 1.3.3 in 64 bits (`tests/golden/lewis-game.json`).
#[test]
fn lewis_game_as_in_jax() {
    let data = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/lewis-game.json"));
    let data: serde_json::Value = serde_json::from_str(&data.expect("the file is there")).expect("JSON");
    let record = |name: &str| -> Vec<f64> {
        let found = data.as_array().into_iter().flatten().find(|record| record["model"] == name);
        let values = found.and_then(|record| record["values"].as_array());
        values.into_iter().flatten().filter_map(serde_json::Value::as_f64).collect()
    };
    let green = |beta: f64| {
        let mut seed = vec![0.0; 12];
        seed[0] = 1.0;
        lewis_game::listener::vjp(beta, 1, &seed)
    };
    let wanted = record("dL[GREEN,GREEN_SQUARE]/dbeta at 1.0, t=1");
    let (table, gradient) = green(1.0);
    assert_relative_eq!(table.values()[0], wanted[0], max_relative = 1e-9);
    assert_relative_eq!(gradient["beta"], wanted[1], max_relative = 1e-9);
    // The mean squared error to what 180 people said of the green things.
    let loss = |beta: f64| {
        let table = lewis_game::listener(beta, 1);
        let off = [65.0, 115.0, 0.0].map(|count: f64| count / 180.0);
        let errors: Vec<f64> = off.iter().zip(table.values()).map(|(off, p)| p - off).collect();
        let mut seed = vec![0.0; 12];
        errors.iter().zip(&mut seed).for_each(|(error, seed)| *seed = 2.0 * error / 3.0);
        let (_, gradient) = lewis_game::listener::vjp(beta, 1, &seed);
        (errors.iter().map(|e| e * e).sum::<f64>() / 3.0, gradient["beta"])
    };
    let wanted = record("mse to [65,115,0]/180 of row GREEN at beta 1.0: value, gradient");
    let (value, slope) = loss(1.0);
    assert_relative_eq!(value, wanted[0], max_relative = 1e-9);
    assert_relative_eq!(slope, wanted[1], max_relative = 1e-9);
    // The best beta, by bisection on the derivative.
    let (mut low, mut high) = (0.0, 10.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if loss(middle).1 < 0.0 { low = middle } else { high = middle }
    }
    assert_relative_eq!(low, record("beta minimising that mse")[0], max_relative = 1e-9);
}

const PROBABILITY: Linspace = linspace(0.0, 1.0, 11);

#[memo(grad)]
fn twice(beta: f64) {
    model! {
        a: chooses(x in BIT, wpp = logistic[x](beta));
        a: chooses(y in BIT, wpp = logistic[y](2.0));
        a: chooses(z in BIT, wpp = logistic[z](beta ** 2 / 2));
        return Pr[a.x == 1] + 10 * Pr[a.y == 1] + 100 * Pr[a.z == 1];
    }
}

#[test]
fn equal_values_need_not_change_alike() {
    // σ(x)' = σ(x)(1 − σ(x)); at beta = 2 all three calls have the argument 2, which
    // changes by 1, 0 and 2.
    let s = 1.0 / (1.0 + (-2.0_f64).exp());
    let (value, gradient) = twice::value_and_grad(2.0);
    assert_relative_eq!(value, 111.0 * s, max_relative = 1e-12);
    assert_relative_eq!(gradient["beta"], (1.0 + 200.0) * s * (1.0 - s), max_relative = 1e-12);
}

/// The same by way of another model.
#[memo(grad)]
fn through<x: N, y: BIT>(w: &Array2<f64>) {
    model! {
        a: knows(x);
        a: chooses(y in BIT, wpp = mapping[x, y](w, w[0, 0]) ** 2);
        return Pr[a.y == y];
    }
}

#[test]
fn derivatives_with_respect_to_the_elements_of_an_array() {
    let w = array![[0.3, -0.2], [1.5, 0.4], [0.0, 0.7]];
    let seed: Vec<f64> = (0..6).map(|cell| f64::from(cell) - 1.3).collect();
    let sum = |table: &[f64]| table.iter().zip(&seed).map(|(x, s)| x * s).sum::<f64>();
    let (_, gradient) = mapping::vjp(&w, 0.8, &seed);
    let (_, further) = through::vjp(&w, &seed);
    for at in 0..6 {
        let change = |x: f64| {
            let mut w = w.clone();
            w[[at / 2, at % 2]] = x;
            w
        };
        let x = w[[at / 2, at % 2]];
        let found = difference(|x| sum(mapping(&change(x), 0.8).values()), x);
        assert_relative_eq!(
            gradient.array("w")[[at / 2, at % 2]],
            found,
            max_relative = 1e-8,
            epsilon = 1e-12
        );
        let found = difference(|x| sum(through(&change(x)).values()), x);
        assert_relative_eq!(
            further.array("w")[[at / 2, at % 2]],
            found,
            max_relative = 1e-7,
            epsilon = 1e-11
        );
    }
    let found = difference(|scale| sum(mapping(&w, scale).values()), 0.8);
    assert_relative_eq!(gradient["scale"], found, max_relative = 1e-8);
    let all = mapping::jacobian(&w, 0.8);
    assert_eq!(all.array("w").shape(), [3, 2, 3, 2]);
    assert_relative_eq!(all.array("w")[[1, 0, 1, 1]], -all.array("w")[[1, 1, 1, 1]], max_relative = 1e-12);
    assert_eq!(all.array("w")[[1, 0, 2, 1]], 0.0);
    assert_eq!(gradient.names().collect::<Vec<_>>(), ["w", "scale"]);
}

const MANY: Range<i64> = 0..200;

/// Two arrays, over few cells and over many.
#[memo(grad)]
fn of_two<x: N>(w: &[f64], v: &[f64]) {
    model! {
        a: chooses(x in N, wpp = exp(w[x] + 2.0 * v[x]));
        return Pr[a.x == x];
    }
}

#[memo(grad)]
fn of_two_and_many<x: MANY>(w: &[f64], v: &[f64]) {
    model! {
        a: chooses(x in MANY, wpp = exp(w[x % 3] + 2.0 * v[x % 3]));
        return Pr[a.x == x];
    }
}

#[test]
fn one_array_for_two_parameters_is_told_apart_or_refused() {
    let w = [0.1, 0.5, -0.3];
    let copy = w;
    let slopes = |v: &[f64]| {
        let (_, gradient) = of_two::vjp(&w, v, &[1.0, 0.0, 0.0]);
        ["w", "v"].map(|name| gradient.array(name).iter().copied().collect::<Vec<_>>())
    };
    assert_eq!(slopes(&w), slopes(&copy));
    let mut seed = vec![0.0; 200];
    seed[4] = 1.0;
    let (_, gradient) = of_two_and_many::vjp(&w, &copy, &seed);
    assert_relative_eq!(gradient.array("v")[1], 2.0 * gradient.array("w")[1], max_relative = 1e-12);
    let refused = of_two_and_many::try_vjp(&w, &w, &seed);
    let (model, parameters) = ("of_two_and_many".into(), ["w".into(), "v".into()]);
    assert_eq!(refused.map(|_| ()), Err(Error::SameArray { model, parameters }));
    // Without a derivative it does not matter.
    assert_eq!(of_two_and_many(&w, &w).values(), of_two_and_many(&w, &copy).values());
}

/// A table and a slice as parameters.
#[memo(grad)]
fn weighted<y: BIT>(prior: &Table<(Range<i64>,)>, w: &[f64]) {
    model! {
        a: chooses(x in N, wpp = prior[x]);
        a: chooses(y in BIT, wpp = 0.1 + w[x] * y);
        return Pr[a.y == y];
    }
}

#[memo]
fn prior<x: N>() {
    model! {
        a: chooses(x in N, wpp = 1 + x);
        return Pr[a.x == x];
    }
}

#[test]
fn derivatives_with_respect_to_a_table_and_a_slice() {
    let (table, w) = (prior(), [0.5, 1.0, 0.25]);
    let (_, gradient) = weighted::vjp(&table, &w, &[0.0, 1.0]);
    // P(y) = Σ πₓ (0.1 + wₓ) / (0.2 + wₓ) with πₓ = tₓ / Σ t.
    let share: Vec<f64> = w.iter().map(|w| (0.1 + w) / (0.2 + w)).collect();
    let mean: f64 = table.values().iter().zip(&share).map(|(p, s)| p * s).sum();
    for x in 0..3 {
        let of_w = table.values()[x] * 0.1 / (0.2 + w[x]).powi(2);
        assert_relative_eq!(gradient.array("w")[x], of_w, max_relative = 1e-12);
        assert_relative_eq!(
            gradient.array("prior")[x],
            share[x] - mean,
            max_relative = 1e-12,
            epsilon = 1e-14
        );
    }
    // Of a model that names what it wants, the other is left alone.
    assert_eq!(gradient.names().collect::<Vec<_>>(), ["prior", "w"]);
}

#[test]
fn derivatives_pass_through_functions() {
    let all = tasted::jacobian(1.3, 0.7);
    agrees(all.table("taste").values(), |taste| tasted(taste, 0.7).values().to_vec(), 1.3);
    agrees(all.table("decay").values(), |decay| tasted(1.3, decay).values().to_vec(), 0.7);
}

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
enum Fruit {
    Apple,
    Pear,
}

mod baskets {
    use super::{Fruit, Real};

    pub fn worth<R: Real>(basket: [Fruit; 2], ripe: bool, taste: R) -> R {
        let apples = basket.iter().filter(|fruit| **fruit == Fruit::Apple).count();
        if ripe { taste * apples as f64 } else { taste / 2.0 }
    }

    /// All generic, so that constants stand beside what changes.
    pub fn mixed<R: Real>(share: R, most: R, taste: R) -> R {
        (share / most * taste).max(R::from(0.25))
    }
}

/// Values that are no numbers beside what changes, functions by their path, and the result
/// of one handed to another.
#[memo(grad)]
fn packed<a: Fruit, b: Fruit>(taste: f64, level: i64) {
    model! {
        ann: chooses(basket in [Fruit; 2], wpp = exp(baskets::worth(basket, level == 0, taste)));
        ann: chooses(n in N, wpp = n + baskets::mixed(0.5, 2.0, baskets::mixed(taste, 1.5, taste ** 2)));
        return Pr[ann.basket[0] == a, ann.basket[1] == b] + E[ann.n];
    }
}

#[test]
fn functions_take_other_values_beside_what_changes() {
    for level in [0, 1] {
        let table = packed::jacobian(1.3, level).table("taste");
        agrees(table.values(), |taste| packed(taste, level).values().to_vec(), 1.3);
        let (value, slopes) =
            memo::grad(&[1.3], |x| packed::traced(x[0], level)[(Fruit::Pear, Fruit::Apple)]);
        assert_relative_eq!(value, packed(1.3, level)[(Fruit::Pear, Fruit::Apple)], max_relative = 1e-14);
        assert_relative_eq!(slopes[0], table[(Fruit::Pear, Fruit::Apple)], max_relative = 1e-14);
    }
}

fn softplus<R: Real>(x: R) -> R {
    (x.exp() + 1.0).ln()
}

/// No derivative passes through it.
fn above(least: f32, x: i64) -> bool {
    x as f32 > least
}

/// A branch that changes beside what changes in any case, and functions that are given
/// nothing but computed numbers.
#[memo(grad)]
fn branched<x: N>(lambda: f64, wall: f64) {
    model! {
        ann: chooses(x in N, wpp = exp(-lambda * x - (wall if x == 1 else 0)));
        bob: chooses(x in N, wpp = exp(lambda * x) * (wall if above(lambda * 2, x) else 1 + lambda));
        return Pr[ann.x == x] + softplus(lambda - x) * Pr[bob.x == x] + lambda;
    }
}

#[test]
fn branches_and_functions_of_computed_numbers() {
    let all = branched::jacobian(0.4, 0.7);
    agrees(all.table("lambda").values(), |x| branched(x, 0.7).values().to_vec(), 0.4);
    agrees(all.table("wall").values(), |x| branched(0.4, x).values().to_vec(), 0.7);
    let (_, back) = branched::vjp(0.4, 0.7, &[1.0, 2.0, -1.0]);
    for name in ["lambda", "wall"] {
        let forward: f64 = all.table(name).values().iter().zip([1.0, 2.0, -1.0]).map(|(a, b)| a * b).sum();
        assert_relative_eq!(back[name], forward, max_relative = 1e-12);
    }
}

#[test]
fn all_that_can_be_asked_of_a_belief() {
    let all = asked::jacobian(0.4, 0.9);
    agrees(all.table("a").values(), |a| asked(a, 0.9).values().to_vec(), 0.4);
    agrees(all.table("b").values(), |b| asked(0.4, b).values().to_vec(), 0.9);
    let all = apart::jacobian(0.4);
    agrees(all.table("a").values(), |a| apart(a).values().to_vec(), 0.4);
}

/// The best choice stays as it is under small changes; what it is worth changes.
#[memo(grad)]
fn best<q: BIT>(a: f64) {
    model! {
        alice: chooses(x in N, to_maximize = a * x - 0.3 * x * x);
        return if q == 0 { Pr[alice.x == 2] } else { E[a * alice.x - 0.3 * alice.x ** 2] };
    }
}

#[test]
fn the_best_choice_changes_by_what_it_is_worth() {
    // At a = 1 the best is x = 2 (0.8, after 0.7): its worth changes by 2.
    assert_eq!(best::jacobian(1.0).table("a").values(), [0.0, 2.0]);
    // At a = 0.9 both 1 and 2 are best (0.6): each has its half.
    assert_relative_eq!(best::jacobian(0.9).table("a")[1], 1.5, max_relative = 1e-12);
}

#[test]
fn recursion_is_as_deep_as_it_likes() {
    // Σ xᵏ for k < n: its derivative is Σ k xᵏ⁻¹ = 1 / (1 − x)² in the limit.
    let (value, gradient) = deep::value_and_grad(0.5, 100_000);
    assert_relative_eq!(value, 2.0, max_relative = 1e-12);
    assert_relative_eq!(gradient["x"], 4.0, max_relative = 1e-12);
}

#[test]
fn several_tables_and_what_is_impossible() {
    let seeds = [[0.0, 1.0, 1.0], [5.0, 1.0, 2.0]];
    let (tables, gradient) = several::vjp(1.0, (&seeds[0], &seeds[1]));
    assert_eq!(tables.0.values(), [0.0, 0.0, 1.0]);
    assert_eq!(tables.1.impossible(), [0]);
    // The first table does not change: its chances are 0 and 1 to the last digit.
    let sum = |a: f64| several(a).1.values().iter().zip(seeds[1]).map(|(x, s)| x * s).sum::<f64>();
    assert_relative_eq!(gradient["a"], difference(sum, 1.0), max_relative = 1e-9);
    let error = several::try_vjp(1.0, (&[0.0], &[0.0; 3])).map(|_| ());
    assert_eq!(error, Err(Error::CotangentSize { model: "several".into(), cells: 3, found: 1 }));
}

#[test]
fn what_is_kept_for_levels_changes_too() {
    let all = value::jacobian(0.7, 0.2, 6);
    agrees(all.table("gamma").values(), |gamma| value(gamma, 0.2, 6).values().to_vec(), 0.7);
    assert_eq!(value::vjp(0.7, 0.2, 2, &[1.0; 3]).1.names().collect::<Vec<_>>(), ["gamma"]);
}

#[memo(grad)]
fn coin<p: PROBABILITY>(heads: f64, tails: f64) {
    model! {
        a: chooses(p in PROBABILITY, wpp = p ** heads * (1 - p) ** tails);
        return Pr[a.p == p];
    }
}

#[test]
fn powers_at_the_borders() {
    let all = coin::jacobian(3.0, 2.0);
    assert!(all.array("heads").iter().chain(all.array("tails")).all(|x| x.is_finite()));
    agrees(all.table("heads").values(), |heads| coin(heads, 2.0).values().to_vec(), 3.0);
}

/// Roots and powers of what is 0 in some cells, whatever the parameters.
#[memo(grad)]
fn rooted<x: N>(a: f64, b: f64) {
    model! {
        ann: chooses(x in N, wpp = exp(sqrt(abs(a * x)) - (a * x) ** b));
        return Pr[ann.x == x] + sqrt(b * x ** 2);
    }
}

/// The same in rows that are worth a kernel.
#[memo(grad)]
fn rooted_rows<x: MANY, y: MANY>(a: f64, b: f64) {
    model! {
        ann: knows(x);
        ann: chooses(y in MANY, wpp = exp(sqrt(abs(a * (x - y))) / 9 - (a * x * y / 999) ** b));
        return Pr[ann.y == y] + sqrt(b * (x * y) ** 2) / 99;
    }
}

#[memo(grad)]
fn corner(a: f64) {
    model! { return 2 + sqrt(abs(a)); }
}

/// A root's derivative is infinite at 0: of what stays 0 it does not count, on the way
/// forward, back and in second derivatives; and of a corner there it has the middle.
#[test]
fn roots_of_nothing_do_not_change() {
    fn weighed<'t>(x: &[memo::Var<'t, 'static>]) -> memo::Var<'t, 'static> {
        let cells = rooted::traced(x[0], x[1]);
        cells.cells().iter().zip([1.0, -0.5, 2.0]).map(|(cell, weight)| *cell * weight).sum()
    }
    let (a, b) = (1.3, 0.4);
    let all = rooted::jacobian(a, b);
    agrees(all.table("a").values(), |a| rooted(a, b).values().to_vec(), a);
    agrees(all.table("b").values(), |b| rooted(a, b).values().to_vec(), b);
    let (_, back) = memo::grad(&[a, b], weighed);
    for (name, back) in ["a", "b"].iter().zip(back) {
        let slopes = all.table(name);
        let forward: f64 = slopes.values().iter().zip([1.0, -0.5, 2.0]).map(|(slope, w)| slope * w).sum();
        assert_relative_eq!(back, forward, max_relative = 1e-12);
    }
    let bends = memo::hessian(&[a, b], weighed);
    for at in 0..2 {
        let of_a = difference(|a| memo::grad(&[a, b], weighed).1[at], a);
        let of_b = difference(|b| memo::grad(&[a, b], weighed).1[at], b);
        assert_relative_eq!(bends[[at, 0]], of_a, max_relative = 1e-7);
        assert_relative_eq!(bends[[at, 1]], of_b, max_relative = 1e-7);
    }
    // Through kernels.
    let seed: Vec<f64> = (0..40_000).map(|cell| f64::from(cell % 7) - 2.5).collect();
    let (_, back) = rooted_rows::vjp(a, b, &seed);
    let forward = rooted_rows::jacobian(a, b);
    for name in ["a", "b"] {
        let sum: f64 = forward.table(name).values().iter().zip(&seed).map(|(slope, s)| slope * s).sum();
        assert_relative_eq!(back[name], sum, max_relative = 1e-9);
    }
    let at_corner = memo::grad(&[0.0], |x| corner::traced(x[0]).value());
    assert_eq!((corner::value_and_grad(0.0).1["a"], at_corner), (0.0, (2.0, vec![0.0])));
}

const FEW: RangeInclusive<i64> = 1..=2;

#[test]
#[should_panic(expected = "there is no derivative with respect to `bta`: there is one for a")]
fn unknown_parameters_are_named() {
    assert_eq!(FEW.count(), 2);
    let _ = several::vjp(1.0, (&[0.0; 3], &[0.0; 3])).1["bta"];
}

/// Two models, a function and their derivative together.
#[test]
fn what_is_computed_from_several_models() {
    let data = [0.1, 0.5, 0.4];
    let loss = |beta: f64, share: f64| -> f64 {
        let (first, second) = (guess_two_thirds::player(1, beta), guess_two_thirds::player(2, beta * 2.0));
        let rows = data.iter().enumerate().map(|(n, data)| {
            let n = n as i64 + 20;
            (share * first[n] + (1.0 - share) * second[n] - data).powi(2)
        });
        rows.sum::<f64>() + twice(beta).value()
    };
    let (value, slopes) = memo::grad(&[0.6, 0.3], |x| {
        let (beta, share) = (x[0], x[1]);
        let first = guess_two_thirds::player::traced(1, beta);
        let second = guess_two_thirds::player::traced(2, beta * 2.0);
        let rows = data.iter().enumerate().map(|(n, data)| {
            let n = n as i64 + 20;
            (share * first[n] + (1.0 - share) * second[n] - *data).powi(2)
        });
        rows.sum::<memo::Var<'_, '_>>() + twice::traced(beta).value()
    });
    assert_relative_eq!(value, loss(0.6, 0.3), max_relative = 1e-12);
    assert_relative_eq!(slopes[0], difference(|beta| loss(beta, 0.3), 0.6), max_relative = 1e-8);
    assert_relative_eq!(slopes[1], difference(|share| loss(0.6, share), 0.3), max_relative = 1e-8);
}

/// σ'' = σ(1 − σ)(1 − 2σ), through a model; arrays and plain numbers are handed on.
#[test]
fn second_derivatives_and_what_stays_the_same() {
    let s = 1.0 / (1.0 + (-0.8_f64).exp());
    let hessian = memo::hessian(&[0.8, 3.0], |x| logistic::traced(x[0])[1] * x[1]);
    assert_relative_eq!(hessian[[0, 0]], 3.0 * s * (1.0 - s) * (1.0 - 2.0 * s), max_relative = 1e-9);
    assert_relative_eq!(hessian[[0, 1]], s * (1.0 - s), max_relative = 1e-9);
    assert!(hessian[[1, 1]].abs() < 1e-12);
    let w = array![[0.3, -0.2], [1.5, 0.4], [0.0, 0.7]];
    let (value, slopes) = memo::grad(&[0.8], |x| mapping::traced(&w, x[0])[(1, 0)].ln());
    assert_relative_eq!(value, mapping(&w, 0.8)[(1, 0)].ln(), max_relative = 1e-12);
    assert_relative_eq!(slopes[0], difference(|x| mapping(&w, x)[(1, 0)].ln(), 0.8), max_relative = 1e-8);
    // Several tables, none of which changes.
    let (value, slopes) = memo::grad(&[1.0], |x| x[0] * several::traced(2.0).0[2]);
    assert_eq!((value, slopes), (1.0, vec![1.0]));
}

#[test]
fn what_goes_wrong_in_a_model_comes_out() {
    let found = memo::try_grad(&[f64::NAN], |x| Ok::<_, Error>(logistic::try_traced(x[0])?[1]));
    assert!(matches!(found, Err(Error::BadWeight { .. })), "{found:?}");
}

#[memo(grad)]
fn power_of_nothing(a: f64) {
    model! { return a ** 0 + a; }
}

#[test]
fn a_power_of_zero_does_not_change() {
    assert_eq!(power_of_nothing::value_and_grad(0.0).1["a"], 1.0);
}

/// How often the functions of a model were called.
static COUNTED: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);

fn counted(side: i64, w: f64) -> f64 {
    COUNTED.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    w + side as f64
}

const SIDE: std::ops::Range<i64> = 0..3;

#[memo]
fn beside<side: SIDE>(w: f64) {
    model! {
        return counted(side, w);
    }
}

/// Two calls of itself, and one through which no derivative passes.
#[memo(grad(beta))]
fn forked<side: SIDE>(beta: f64, w: f64, level: i64) {
    model! {
        return beside[side](w)
            + (beta if level == 0 else
                forked[side](beta, w, level - 1) * forked[side](2 * beta, w, level - 1));
    }
}

/// w + (beta + w) (2 beta + w) at level 1, its derivative 4 beta + 3 w; three calls of
/// `forked`, each with one of `beside`, which asks for three numbers.
#[test]
fn calls_without_a_derivative_are_made_once() {
    let mut call = forked::record(0.5, 2.0, 1);
    assert_eq!(COUNTED.load(std::sync::atomic::Ordering::Relaxed), 9);
    assert_eq!(call.value().values()[0], 2.0 + 2.5 * 3.0);
    assert_eq!(call.vjp(&[1.0, 0.0, 0.0])["beta"], 4.0 * 0.5 + 3.0 * 2.0);
}
