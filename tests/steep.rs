//! Infinite derivatives that do not count in the end, since what they are multiplied with is
//! 0: by hand, in reverse and forward mode, composed and twice.

use std::ops::Range;

use approx::assert_relative_eq;
use memo::prelude::*;
use memo::{Real, Var};

const N: Range<i64> = 0..3;

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
enum Word {
    Zero,
    Few,
    More,
}

fn can(word: Word, n: i64) -> bool {
    match word {
        Word::Zero => n == 0,
        Word::Few => n <= 1,
        Word::More => n >= 1,
    }
}

/// Value, derivatives in all ways, and second ones, of a model of two numbers.
macro_rules! agrees {
    ($model:ident at $x:expr, $y:expr; value $value:expr, slopes $slopes:expr, bends $bends:expr) => {{
        let ((x, y), slopes, bends): ((f64, f64), [f64; 2], [[f64; 2]; 2]) = (($x, $y), $slopes, $bends);
        fn twice<'t>(v: &[Var<'t, 'static>]) -> Var<'t, 'static> {
            $model::traced(v[0], v[1]).value()
        }
        let (value, back) = $model::value_and_grad(x, y);
        assert_relative_eq!(value, $value, max_relative = 1e-12);
        let all = $model::jacobian(x, y);
        let forward: Vec<f64> = back.names().map(|name| all.table(name).value()).collect();
        let (_, composed) = memo::grad(&[x, y], twice);
        let hessian = memo::hessian(&[x, y], twice);
        for at in 0..2 {
            for (found, way) in
                [(back.to_vec()[at], "back"), (forward[at], "forward"), (composed[at], "composed")]
            {
                assert!((found - slopes[at]).abs() < 1e-12, "{way} {at}: {found} for {}", slopes[at]);
            }
            for other in 0..2 {
                let (found, bend) = (hessian[[at, other]], bends[at][other]);
                assert!((found - bend).abs() < 1e-12, "{at}, {other}: {found} for {bend}");
            }
        }
    }};
}

fn root<R: Real>(x: R) -> R {
    x.sqrt()
}

/// σ(a) + b, and roots of chances of what cannot be.
#[memo(grad)]
fn impossible(a: f64, b: f64) {
    model! {
        ann: chooses(n in N, wpp = exp(a * n) * (n < 2));
        bob: chooses(n in N, wpp = (b + n) * (n > 0));
        return Pr[ann.n == 1] + b + sqrt(Pr[ann.n == 2]) + root(Pr[bob.n == 0] * 2)
            + (Pr[ann.n == 2] / Pr[ann.n < 2]) ** 0.5
            + sqrt(Pr[ann.n == 0, bob.n == 0]);
    }
}

#[test]
fn roots_of_what_is_impossible() {
    let (a, b) = (0.4_f64, 1.5);
    let s = 1.0 / (1.0 + (-a).exp());
    let (slope, bend) = (s * (1.0 - s), s * (1.0 - s) * (1.0 - 2.0 * s));
    agrees!(impossible at a, b; value s + b, slopes [slope, 1.0], bends [[bend, 0.0], [0.0, 0.0]]);
}

/// ln q of a choice between 0 and 1; that of 2 is minus infinity.
#[memo(grad)]
fn surprise<n: N>(b: f64) {
    model! {
        ann: chooses(n in N, wpp = exp(b * n) * (n < 2));
        return log(Pr[ann.n == n]);
    }
}

#[memo(grad)]
fn cross_entropy(a: f64, b: f64) {
    model! {
        bob: chooses(n in N, wpp = (a + n) * (n < 2));
        return E[surprise[bob.n](b)];
    }
}

/// p₁ b − ln(1 + eᵇ), with p₁ = (a + 1) / (2a + 1).
#[test]
fn the_surprise_at_what_is_impossible() {
    let (a, b) = (0.4_f64, 0.5_f64);
    let (p, s, both) = ((a + 1.0) / (2.0 * a + 1.0), 1.0 / (1.0 + (-b).exp()), 2.0 * a + 1.0);
    agrees!(cross_entropy at a, b;
        value p * b - b.exp().ln_1p(),
        slopes [-b / both.powi(2), p - s],
        bends [[4.0 * b / both.powi(3), -1.0 / both.powi(2)], [-1.0 / both.powi(2), -s * (1.0 - s)]]);
}

/// The deviation of what is certain, in two ways, and the root of a difference that is none.
#[memo(grad)]
fn certain(a: f64, b: f64) {
    model! {
        bob: chooses(n in N, wpp = exp(a * n) * (n == 1));
        return sqrt(Var[b * bob.n]) + sqrt(E[(b * bob.n) ** 2] - E[b * bob.n] ** 2) + a * b + sqrt(a - a);
    }
}

#[test]
fn what_is_certain_does_not_vary() {
    agrees!(certain at 0.5, 2.0; value 1.0, slopes [2.0, 0.5], bends [[0.0, 1.0], [1.0, 0.0]]);
}

#[memo(grad)]
fn literal<word: Word, n: N>(p: f64) {
    model! {
        hearer: knows(word);
        hearer: chooses(n in N, wpp = (p if n == 0 else 1 - p) * can(word, n));
        return Pr[hearer.n == n];
    }
}

/// A speaker who is less than rational, by a power of chances some of which are 0.
#[memo(grad)]
fn speaker<n: N, word: Word>(p: f64, alpha: f64) {
    model! {
        speaker: knows(n);
        speaker: chooses(word in Word, wpp = literal[word, n](p) ** alpha);
        return Pr[speaker.word == word];
    }
}

/// Of nothing “zero” and “few” are said, as 1 to pᵅ.
#[test]
fn a_speaker_who_is_hardly_rational() {
    let (p, alpha) = (0.25_f64, 0.5_f64);
    let all = speaker::jacobian(p, alpha);
    let key = (0, Word::Few);
    let (weight, chance) = (p.powf(alpha), p.powf(alpha) / (1.0 + p.powf(alpha)));
    let change = chance * (1.0 - chance) / weight;
    let slopes = [change * alpha * p.powf(alpha - 1.0), change * weight * p.ln()];
    let (_, composed) = memo::grad(&[p, alpha], |v| speaker::traced(v[0], v[1])[key]);
    let mut seed = [0.0; 9];
    seed[1] = 1.0;
    let (_, back) = speaker::vjp(p, alpha, &seed);
    assert_relative_eq!(all.value()[key], chance, max_relative = 1e-14);
    for (at, name) in ["p", "alpha"].into_iter().enumerate() {
        for found in [all.table(name)[key], back[name], composed[at]] {
            assert_relative_eq!(found, slopes[at], max_relative = 1e-12);
        }
    }
    // The chance of what cannot be said stays what it is.
    let never = (0, Word::More);
    assert_eq!((all.value()[never], all.table("p")[never]), (0.0, 0.0));
}

const MANY: Range<i64> = 0..150;

/// The same in rows that are worth a kernel, with an array.
#[memo(grad)]
fn wide<x: MANY, y: MANY>(w: &[f64], alpha: f64) {
    model! {
        ann: knows(x);
        ann: thinks[ bob: knows(x), bob: chooses(y in MANY, wpp = exp(w[y]) * ((x + y) % 3 > 0)) ];
        ann: chooses(y in MANY, wpp = Pr[bob.y == y] ** alpha);
        return Pr[ann.y == y];
    }
}

/// Softmax to a power is softmax of α times the logits, where it is not 0.
#[memo(grad)]
fn wide_at_once<x: MANY, y: MANY>(w: &[f64], alpha: f64) {
    model! {
        ann: knows(x);
        ann: chooses(y in MANY, wpp = exp(alpha * w[y]) * ((x + y) % 3 > 0));
        return Pr[ann.y == y];
    }
}

#[test]
fn rows_of_powers_of_chances() {
    let w: Vec<f64> = (0..150).map(|y| (f64::from(y) * 0.7).sin()).collect();
    let seed: Vec<f64> = (0..22_500).map(|cell| f64::from(cell % 7) - 2.5).collect();
    let (value, back) = wide::vjp(&w, 0.5, &seed);
    let (same, wanted) = wide_at_once::vjp(&w, 0.5, &seed);
    for (found, wanted) in value.values().iter().zip(same.values()) {
        assert_relative_eq!(*found, *wanted, max_relative = 1e-12);
    }
    for (found, wanted) in back.to_vec().iter().zip(wanted.to_vec()) {
        assert_relative_eq!(*found, wanted, max_relative = 1e-9);
    }
}

#[memo(grad)]
fn leaf(x: f64) {
    model! { return x * 2; }
}

#[memo(grad)]
fn handed_on(a: f64, b: f64) {
    model! { return leaf[](sqrt(a * b)) * (a - 1) + b; }
}

/// What is infinite stays so; what counts for nothing beside it is still there.
#[test]
fn infinite_or_not() {
    // 2 (a − 1) sqrt(ab) + b at b 0: infinite with b, unless a is 1.
    let at = |a, b| handed_on::value_and_grad(a, b).1.to_vec();
    assert_eq!(at(2.0, 0.0), [0.0, f64::INFINITY]);
    assert_eq!(at(0.5, 0.0), [0.0, f64::NEG_INFINITY]);
    assert_eq!(at(1.0, 0.0), [0.0, 1.0]);
    assert_eq!(at(1.0, 4.0), [4.0, 1.0]);
    let composed = memo::grad(&[2.0, 0.0, 3.0], |v| {
        (v[0] - v[0]).sqrt() * v[2] + v[1].sqrt() - (v[2] - 3.0).powi(2).sqrt() + v[0] * v[2]
    });
    assert_eq!(composed, (6.0, vec![3.0, f64::INFINITY, 2.0]));
    // An infinite cotangent of what does not change.
    let mut seed = [0.0; 9];
    (seed[0], seed[2], seed[8]) = (1.0, f64::INFINITY, f64::NEG_INFINITY);
    assert_eq!(literal::vjp(0.3, &seed).1["p"], 0.0);
}
