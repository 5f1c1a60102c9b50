//! Second derivatives against closed forms, values of JAX and differences of exact first
//! derivatives; arrays in losses that are composed of several models.

use approx::assert_relative_eq;
use memo::prelude::*;
use memo::{Dual, Error, Real, TracedTable, Var};
use ndarray::{Array1, Array2, ArrayView2, array};
use std::ops::Range;

#[allow(dead_code, reason = "each test has its own part of them")]
mod derivatives;
use derivatives::{
    BIT, N, apart, asked, deep, guess_two_thirds, investment_game, lewis_game, logistic, mapping, politeness,
    several, tasted, tutorial_cards, value,
};

/// A function of some numbers, for all tapes.
trait Loss: for<'t> Fn(&[Var<'t, 'static>]) -> Var<'t, 'static> {}
impl<F: for<'t> Fn(&[Var<'t, 'static>]) -> Var<'t, 'static>> Loss for F {}

/// The matrix is what five-point differences of the exact gradient say.
fn bends_as_differences_say(at: &[f64], loss: impl Loss) -> Array2<f64> {
    let found = memo::hessian(at, &loss);
    for i in 0..at.len() {
        let h = 1e-3 * at[i].abs().max(0.1);
        let slopes = |steps: f64| {
            let mut moved = at.to_vec();
            moved[i] += steps * h;
            Array1::from(memo::grad(&moved, &loss).1)
        };
        let far = slopes(-2.0) - slopes(2.0);
        let row = (far + (slopes(1.0) - slopes(-1.0)) * 8.0) / (12.0 * h);
        for j in 0..at.len() {
            let (ours, theirs) = (found[[i, j]], row[j]);
            let near = 1e-7 * theirs.abs().max(1e-3);
            assert!((ours - theirs).abs() < near, "({i}, {j}) at {at:?}: {ours} is not {theirs}");
        }
    }
    found
}

/// All cells together, each with another weight.
fn total<'t, A: memo::Axes>(table: &TracedTable<'t, 'static, A>) -> Var<'t, 'static> {
    table.cells().iter().enumerate().map(|(at, x)| *x * ((at % 7) as f64 - 2.5)).sum()
}

#[test]
fn golden_models_bend_as_differences_say() {
    for level in 0..4 {
        bends_as_differences_say(&[1.74], |x| total(&lewis_game::listener::traced(x[0], level)));
        bends_as_differences_say(&[0.6], |x| total(&guess_two_thirds::player::traced(level, x[0])));
    }
    bends_as_differences_say(&[1.25, 0.3], |x| total(&politeness::speaker::traced(x[0], x[1])));
    bends_as_differences_say(&[3.0], |x| total(&tutorial_cards::alice_chooses_card::traced(x[0])));
    bends_as_differences_say(&[0.5], |x| total(&tutorial_cards::scalar::traced(x[0])));
    for (r, level) in [(0, 1), (0, 2)] {
        bends_as_differences_say(&[0.4], |x| total(&investment_game::investor::traced(r, level, x[0])));
        bends_as_differences_say(&[0.4], |x| total(&investment_game::trustee::traced(r, level, x[0])));
    }
}

/// Arguments of calls that bend themselves.
#[memo(grad)]
fn nested(beta: f64, w: &[f64]) {
    model! {
        a: chooses(x in BIT, wpp = logistic[x](beta));
        a: chooses(y in BIT, wpp = logistic[y](2.0));
        a: chooses(z in BIT, wpp = logistic[z](beta ** 2 / 2 + w[0] * beta));
        a: chooses(v in BIT, wpp = logistic[v](softened(beta, w[1])));
        return Pr[a.x == 1] + 10 * Pr[a.y == 1] + 100 * Pr[a.z == 1] * Pr[a.v == 1];
    }
}

fn softened<R: Real>(x: R, by: R) -> R {
    (x.exp() + by * by).ln()
}

/// σ'' = σ(1 − σ)(1 − 2σ), to rounding.
#[test]
fn a_logistic_function_bends_as_in_the_books() {
    for x in [-3.0_f64, 0.0, 0.8, 20.0] {
        let (s, rest) = (1.0 / (1.0 + f64::exp(-x)), 1.0 / (1.0 + x.exp()));
        let found = memo::hessian(&[x, 3.0], |x| logistic::traced(x[0])[1] * x[1]);
        let wanted = 3.0 * s * rest * (rest - s);
        assert_relative_eq!(found[[0, 0]], wanted, max_relative = 1e-13, epsilon = 1e-15);
        assert_relative_eq!(found[[0, 1]], s * rest, max_relative = 1e-13, epsilon = 1e-15);
        assert_eq!(found[[1, 1]], 0.0);
    }
}

#[test]
fn arguments_of_calls_bend_too() {
    bends_as_differences_say(&[0.7, 0.3, 1.4], |x| nested::traced(x[0], &x[1..]).value());
}

/// The same by way of another model, and of a table.
#[memo(grad)]
fn through<x: N, y: BIT>(w: &Array2<f64>, before: &Table<(Range<i64>, Range<i64>)>) {
    model! {
        a: knows(x);
        a: chooses(y in BIT, wpp = mapping[x, y](w, w[0, 0]) ** 2 * before[x, y]);
        return Pr[a.y == y];
    }
}

/// −Σ c ln softmax(w): the matrix is n (diag p − p pᵀ) in each row, 0 between rows.
#[test]
fn logits_bend_as_in_the_books() {
    let w = [0.3, -0.2, 1.5, 0.4, 0.0, 0.7];
    let counts = [4.0, 1.0, 0.0, 2.0, 5.0, 5.0];
    let found = memo::hessian(&w, |x| {
        let w = ArrayView2::from_shape((3, 2), x).expect("six numbers");
        let table = mapping::traced(&w, 1.0);
        table.cells().iter().zip(counts).map(|(p, count)| p.ln() * -count).sum()
    });
    for i in 0..6 {
        let row = i / 2;
        let n = counts[2 * row] + counts[2 * row + 1];
        let sum: f64 = w[2 * row..2 * row + 2].iter().map(|w| w.exp()).sum();
        let p = |j: usize| w[j].exp() / sum;
        for j in 0..6 {
            let own = if i == j { p(i) } else { 0.0 };
            let wanted = if j / 2 == row { n * (own - p(i) * p(j)) } else { 0.0 };
            assert_relative_eq!(found[[i, j]], wanted, max_relative = 1e-13, epsilon = 1e-15);
        }
    }
}

/// Arrays by value, transposed, shared by two models; a table that another model made.
#[test]
fn arrays_in_losses_of_several_models() {
    let loss = |x: &[Var<'_, 'static>]| -> f64 {
        let w = Array2::from_shape_fn((3, 2), |(i, j)| x[3 * j + i].value());
        let twice = w.mapv(|w| 2.0 * w);
        let first = mapping(&w, 0.8);
        let second = through(&twice, &first);
        let third = through(&w, &first);
        first[(0, 1)] * second[(1, 0)] + third[(2, 1)].ln()
    };
    let composed = |x: &[Var<'_, 'static>]| -> Vec<f64> { vec![loss(x)] };
    fn all<'t>(x: &[Var<'t, 'static>]) -> Var<'t, 'static> {
        // The numbers lie by columns.
        let w = ArrayView2::from_shape((2, 3), x).expect("six numbers").reversed_axes();
        let twice = w.mapv(|w| w * 2.0);
        let first = mapping::traced(&w, 0.8);
        let second = through::traced(&twice, &first);
        let third = through::traced(&w.to_owned(), &first);
        first[(0, 1)] * second[(1, 0)] + third[(2, 1)].ln()
    }
    let at = [0.3, 1.5, 0.0, -0.2, 0.4, 0.7];
    let plain = |at: &[f64]| composed(&at.iter().map(|x| Var::from(*x)).collect::<Vec<_>>())[0];
    let (value, slopes) = memo::grad(&at, all);
    assert_relative_eq!(value, plain(&at), max_relative = 1e-14);
    for i in 0..6 {
        let moved = |h: f64| {
            let mut at = at;
            at[i] += h;
            plain(&at)
        };
        let h = 1e-3;
        let slope = (moved(-2.0 * h) - 8.0 * moved(-h) + 8.0 * moved(h) - moved(2.0 * h)) / (12.0 * h);
        assert_relative_eq!(slopes[i], slope, max_relative = 1e-8, epsilon = 1e-11);
    }
    bends_as_differences_say(&at, all);
}

/// Values of `jax.hessian` in 64 bits: `tests/second_derivatives/jax.py`.
fn agrees_with_jax(name: &str, at: &[f64], loss: impl Loss) {
    let data: serde_json::Value =
        serde_json::from_str(include_str!("second_derivatives/jax.json")).expect("JSON");
    let record = data.as_array().into_iter().flatten().find(|record| record["model"] == name);
    let wanted = record.and_then(|record| record["values"].as_array());
    let wanted: Vec<f64> = wanted.into_iter().flatten().filter_map(serde_json::Value::as_f64).collect();
    let (value, slopes) = memo::grad(at, &loss);
    let bends = memo::hessian(at, &loss);
    let ours = [&[value], slopes.as_slice(), bends.as_slice().expect("a matrix")].concat();
    assert_relative_eq!(ours.as_slice(), wanted.as_slice(), max_relative = 1e-12, epsilon = 1e-13);
}

#[test]
fn second_derivatives_are_those_of_jax() {
    agrees_with_jax("lewis", &[1.3, 0.4], |x| {
        use lewis_game::{Referent as R, Utterance as U, listener};
        let (deep, shallow) = (listener::traced(x[0], 4), listener::traced(x[0] * 2.0, 2));
        x[1] * deep[(U::Green, R::GreenSquare)].ln()
            + (1.0 - x[1]) * shallow[(U::Round, R::GreenCircle)].powi(2)
    });
    agrees_with_jax("arrays", &[0.3, -0.2, 1.5, 0.4, 0.1, 0.7], |x| {
        let w = ArrayView2::from_shape((3, 2), x).expect("six numbers");
        let first = mapping::traced(&w, 0.8);
        let second = through::traced(&w.mapv(|w| w * 2.0), &first);
        first[(0, 1)] * second[(1, 0)] + through::traced(&w, &first)[(2, 1)].ln()
    });
}

#[memo(grad)]
fn listed<y: BIT>(prior: &[f64], w: &Vec<f64>, v: &[f64; 3]) {
    model! {
        a: chooses(x in N, wpp = prior[x]);
        a: chooses(y in BIT, wpp = v[x] + w[x] * y);
        return Pr[a.y == y];
    }
}

/// Slices, vectors and arrays, of numbers that change and of others.
#[test]
fn lists_of_numbers() {
    let (prior, w, v) = (vec![0.2, 0.5, 0.3], vec![1.0, 0.5, 2.0], [0.1, 0.2, 0.7]);
    let plain = listed(&prior, &w, &v)[1];
    let (value, slopes) = memo::grad(&[0.2, 0.5, 0.3, 1.0, 0.5, 2.0, 0.1, 0.2, 0.7], |x| {
        listed::traced(&x[..3], &x[3..6].to_vec(), &[x[6], x[7], x[8]])[1]
    });
    assert_relative_eq!(value, plain, max_relative = 1e-14);
    let (_, gradient) = listed::vjp(&prior, &w, &v, &[0.0, 1.0]);
    assert_relative_eq!(slopes.as_slice(), gradient.to_vec().as_slice(), max_relative = 1e-14);
    let (_, some) = memo::grad(&v, |x| listed::traced(&prior, &w, &[x[0], x[1], x[2]])[1]);
    assert_relative_eq!(some.as_slice(), &slopes[6..], max_relative = 1e-14);
    let (_, some) = memo::grad(&prior, |x| listed::traced(x, &w, &v)[1]);
    assert_relative_eq!(some.as_slice(), &slopes[..3], max_relative = 1e-14);
}

#[test]
fn second_derivatives_pass_through_functions() {
    bends_as_differences_say(&[1.3, 0.7], |x| total(&tasted::traced(x[0], x[1])));
}

#[test]
fn second_derivatives_of_functions_alone() {
    fn all<'t>(x: &[Var<'t, 'static>]) -> Var<'t, 'static> {
        let (a, b) = (x[0], x[1]);
        let first = normal_pdf(a, b, a * b + 1.0) + binomial_pmf(Var::from(2.0), 5.0.into(), b);
        let second = cauchy_pdf(a, b, a) + logistic_pdf(a, b, b) + geometric_pmf(3.0.into(), b);
        first * second + a.powf(b).ln_gamma() / (a.sqrt() + b.tan()) - b.tanh() * a.cos()
    }
    bends_as_differences_say(&[1.3, 0.4], all);
    // By dual numbers in dual numbers: (x²y)″.
    let (x, y) =
        (Dual::<2, Dual<2>>::variable(Dual::variable(3.0, 0), 0), Dual::variable(Dual::variable(2.0, 1), 1));
    let found = x * x * y;
    let bends = found.slopes().map(|slope| *slope.slopes());
    assert_eq!(bends, [[4.0, 6.0], [6.0, 0.0]]);
}

#[test]
fn all_that_can_be_asked_of_a_belief() {
    bends_as_differences_say(&[0.4, 0.9], |x| total(&asked::traced(x[0], x[1])));
    bends_as_differences_say(&[0.4], |x| total(&apart::traced(x[0])));
}

#[memo(grad)]
fn best<q: BIT>(a: f64) {
    model! {
        alice: chooses(x in N, to_maximize = a * a * x - 0.3 * x * x);
        return if q == 0 { Pr[alice.x == 2] } else { E[a * a * alice.x - 0.3 * alice.x ** 2] };
    }
}

#[test]
fn what_the_best_choice_is_worth_bends() {
    // 2a² − 1.2 at a = 1.
    let found = memo::hessian(&[1.0], |x| best::traced(x[0])[0] + best::traced(x[0])[1]);
    assert_eq!(found[[0, 0]], 4.0);
}

/// An argument that is multiplied in every call, and one that stays.
#[memo(grad)]
fn discounted(x: f64, weight: f64, t: i64) {
    model! {
        return 0 if t == 0 else weight + discounted[](x, weight * x, t - 1);
    }
}

#[test]
fn recursion_is_as_deep_as_it_likes() {
    // Σ xᵏ: its second derivative is 2 / (1 − x)³ in the limit.
    let found = memo::hessian(&[0.5], |x| deep::traced(x[0], 10_000).value());
    assert_relative_eq!(found[[0, 0]], 16.0, max_relative = 1e-12);
    let found = memo::hessian(&[0.5], |x| discounted::traced(x[0], 1.0, 10_000).value());
    assert_relative_eq!(found[[0, 0]], 16.0, max_relative = 1e-12);
}

#[test]
fn impossible_evidence_and_weights_out_of_range() {
    bends_as_differences_say(&[1.0], |x| {
        let (first, second) = several::traced(x[0]);
        total(&first) + total(&second)
    });
}

/// A weight that is 0 here and not beside it.
#[memo(grad)]
fn rising<x: N>(a: f64) {
    model! {
        alice: chooses(x in N, wpp = a * x + (1 if x == 0 else 0));
        alice: chooses(y in N, wpp = a * x * exp(y) + (exp(a) if y == 0 else 0));
        return Pr[alice.x == x] + E[alice.y * alice.x];
    }
}

#[memo(grad)]
fn power(a: f64, b: f64) {
    model! { return a ** 0 + a ** 1 + a ** 2 + a ** 3 + a ** b; }
}

#[test]
fn zeros_bend_as_they_should() {
    // P(0) = 1 / (1 + 3a): its second derivative at 0 is 18.
    let found = memo::hessian(&[0.0], |x| rising::traced(x[0])[0] - rising::traced(x[0])[0] * 0.0);
    let others = memo::hessian(&[0.0], |x| rising::traced(x[0])[1]);
    let sum = memo::hessian(&[0.0], |x| rising::traced(x[0]).cells().iter().copied().sum());
    let mean = |x: f64| -> f64 {
        // E[y·x] with P(y | x) ∝ a x eʸ + [y = 0] eᵃ.
        let wx = |k: f64| x * k + if k == 0.0 { 1.0 } else { 0.0 };
        let of = |k: f64| {
            let w = |y: f64| x * k * y.exp() + if y == 0.0 { x.exp() } else { 0.0 };
            (w(1.0) + 2.0 * w(2.0)) / (w(0.0) + w(1.0) + w(2.0))
        };
        (wx(1.0) * of(1.0) + 2.0 * wx(2.0) * of(2.0)) / (wx(0.0) + wx(1.0) + wx(2.0))
    };
    let h = 1e-3;
    let bend = (-mean(2.0 * h) + 16.0 * mean(h) - 30.0 * mean(0.0) + 16.0 * mean(-h) - mean(-2.0 * h))
        / (12.0 * h * h);
    assert_relative_eq!(found[[0, 0]], 18.0 + bend, max_relative = 1e-5);
    // P(1) = a / (1 + 3a): −6.
    assert_relative_eq!(others[[0, 0]], -6.0 + bend, max_relative = 1e-5);
    // The chances add up to 1.
    assert_relative_eq!(sum[[0, 0]], 3.0 * bend, max_relative = 1e-5);
    // Powers at 0: a² bends by 2, a³ and a³·⁵ by nothing.
    let found = memo::hessian(&[0.0, 3.5], |x| power::traced(x[0], x[1]).value());
    assert_eq!(found[[0, 0]], 2.0);
    assert_eq!((found[[0, 1]], found[[1, 1]]), (0.0, 0.0));
    bends_as_differences_say(&[0.3, 0.0], |x| power::traced(x[0], x[1]).value());
}

#[test]
fn levels_bend_too() {
    bends_as_differences_say(&[0.7], |x| total(&value::traced(x[0], 0.2, 6)));
}

#[test]
fn the_product_with_a_vector_is_that_of_the_matrix() {
    fn loss<'t>(x: &[Var<'t, 'static>]) -> Var<'t, 'static> {
        total(&tasted::traced(x[0], x[1])) * x[0]
    }
    let (at, along) = ([1.3, 0.7], [0.4, -2.0]);
    let (value, slopes, bends) = memo::hvp(&at, &along, loss);
    // First derivatives alone are carried forward: another order of the same sums.
    let first = memo::grad(&at, loss);
    assert_relative_eq!(value, first.0, max_relative = 1e-14);
    assert_relative_eq!(slopes.as_slice(), first.1.as_slice(), max_relative = 1e-13);
    let matrix = memo::hessian(&at, loss);
    let wanted = matrix.dot(&array![0.4, -2.0]).to_vec();
    assert_relative_eq!(bends.as_slice(), wanted.as_slice(), max_relative = 1e-12);
}

#[test]
fn what_goes_wrong_comes_out() {
    let found = memo::try_hessian(&[f64::NAN], |x| Ok::<_, Error>(logistic::try_traced(x[0])?[1]));
    assert!(matches!(found, Err(Error::BadWeight { .. })), "{found:?}");
    let (w, v) = (vec![0.0; 3], [0.0; 3]);
    let found = memo::try_hvp(&[0.0], &[1.0], |x| Ok::<_, Error>(listed::try_traced(x, &w, &v)?[1]));
    assert!(matches!(found, Err(Error::OutOfBounds { .. })), "{found:?}");
}

#[test]
#[should_panic(expected = "a vector of 1 numbers is given for a function of 2")]
fn a_vector_has_a_number_for_each() {
    let _ = memo::hvp(&[0.0, 1.0], &[1.0], |x| x[0]);
}

const SIDES: Range<i64> = 0..2;

/// What is seen of a coin with two sides, with so small a chance.
#[memo(grad)]
fn faint<x: SIDES>(beta: f64, chance: f64) {
    model! {
        observer: knows(x);
        observer: thinks[
            coin: chooses(x in SIDES, wpp = exp(beta * x)),
            coin: chooses(sign in SIDES, wpp = chance * (1 + beta * x) if sign == 1 else 1)
        ];
        observer: observes_that [coin.sign == 1];
        return observer[Pr[coin.x == x]];
    }
}

/// The same with a part that large models go back through.
#[memo(grad)]
fn faint_of_many<x: MANY>(beta: f64, chance: f64) {
    model! {
        observer: knows(x);
        observer: thinks[
            coin: chooses(x in MANY, wpp = exp(beta * x / 100)),
            coin: chooses(sign in SIDES, wpp = chance * (1 + beta * x) if sign == 1 else 1)
        ];
        observer: observes_that [coin.sign == 1];
        return observer[Pr[coin.x == x]];
    }
}

const MANY: Range<i64> = 0..300;

/// How unlikely it was does not change what follows.
#[test]
fn what_was_hardly_likely_bends_as_what_was_likely() {
    let few = |chance: f64| memo::hessian(&[0.7], |x| faint::traced(x[0], chance)[1].ln())[[0, 0]];
    let many = |chance: f64| memo::hessian(&[0.7], |x| faint_of_many::traced(x[0], chance)[250].ln())[[0, 0]];
    for of in [&few as &dyn Fn(f64) -> f64, &many] {
        // What is not seen has hardly less of a chance here.
        let expected = of(1e-12);
        for chance in [1e-20, 1e-100, 1e-160, 1e-200, 1e-300] {
            assert_relative_eq!(of(chance), expected, max_relative = 1e-8);
        }
    }
}
