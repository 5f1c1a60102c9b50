//! What the compiler makes of large rows, of tables that are read in another order and
//! of what is kept: each with the values of plain loops.

use memo::prelude::*;
use memo::{Dual, Error, Real};
use std::ops::Range;

const X: Range<i64> = 0..3;
const TWENTY: Range<i64> = 0..20;

fn near(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-12, "{a} is not {b}");
}

/// Functions of many numbers at a time, some under conditions, in rows and in
/// columns, beside the same of a few.
#[memo]
fn functions<x: TWENTY, f: X>(p: f64) {
    model! {
        a: knows(x, f);
        a: chooses(y in TWENTY, wpp = exp(2 * log(0.5 + abs(y - x)) - tanh(p * (y - 3)) + pow(y + f, 0.5)));
        a: chooses(z in X, wpp = tanh(0.1 + y) ** p * (log(y) if y > 0 else 1) + z);
        return E[a.y + exp(-a.z)] + log(1 + x) ** 2 + tanh(p * f) + (exp(p) if f == 1 else 0);
    }
}

#[test]
fn functions_of_rows_are_those_of_numbers() {
    let p = 0.7_f64;
    let table = functions(p);
    for x in 0..20 {
        for f in 0..3 {
            let (from, few) = (f64::from(x), f64::from(f));
            let weight = |y: f64| {
                (2.0 * (0.5 + (y - from).abs()).ln() - (p * (y - 3.0)).tanh() + (y + few).powf(0.5)).exp()
            };
            let then = |y: f64, z: f64| (0.1 + y).tanh().powf(p) * if y > 0.0 { y.ln() } else { 1.0 } + z;
            let (mut total, mut mean) = (0.0, 0.0);
            for y in (0..20).map(f64::from) {
                let (mut all, mut part) = (0.0, 0.0);
                for z in (0..3).map(f64::from) {
                    all += then(y, z);
                    part += then(y, z) * (y + (-z).exp());
                }
                total += weight(y);
                mean += weight(y) * part / all;
            }
            let one = if f == 1 { p.exp() } else { 0.0 };
            let expected = mean / total + (1.0 + from).ln().powi(2) + (p * few).tanh() + one;
            near(table[(x.into(), f.into())], expected);
        }
    }
}

/// A value that is remade cell by cell for axes in another order, three times
/// over.
#[memo]
fn remade<x: X, y: TWENTY>(p: f64, deep: i64) {
    model! {
        a: knows(x, y);
        a: thinks[ b: knows(x, y), b: chooses(z in TWENTY, wpp = p + (z == y) + x) ];
        return (1 + a[E[b.z * x]] * (x + 1) if deep > 0 else y) - 3 * x;
    }
}

#[test]
fn loops_over_rows_are_one() {
    for (deep, p) in [(0, 0.5), (1, 0.5), (1, 2.0)] {
        let table = remade(p, deep);
        for x in 0..3 {
            for y in 0..20 {
                let (from, at) = (f64::from(x), f64::from(y));
                let weights = (0..20).map(|z| p + f64::from(u8::from(z == y)) + from);
                let total: f64 = weights.clone().sum();
                let mean: f64 = weights.zip(0..20).map(|(w, z)| w * f64::from(z) * from).sum::<f64>() / total;
                let value = if deep > 0 { 1.0 + mean * (from + 1.0) } else { at };
                near(table[(x.into(), y.into())], value - 3.0 * from);
            }
        }
    }
}

/// A posterior whose axes come in another order than those of the table.
#[memo]
fn crossed<x: TWENTY, y: X, z: TWENTY>(p: f64) {
    model! {
        a: knows(x, y, z);
        a: thinks[
            b: knows(y, z),
            b: chooses(x in TWENTY, wpp = p + x * z),
            b: chooses(w in TWENTY, wpp = 1 + p * (w == x) + y)
        ];
        a: observes [b.w] is z;
        return a[Pr[b.x == x]];
    }
}

#[test]
fn axes_in_another_order() {
    let (p, table) = (0.25, crossed(0.25));
    for y in 0..3 {
        for z in [0, 7, 8, 19] {
            let seen =
                |x: i64| (1.0 + p * f64::from(u8::from(x == z)) + y as f64) / (20.0 * (1.0 + y as f64) + p);
            let weight = |x: i64| (p + (x * z) as f64) * seen(x);
            let total: f64 = (0..20).map(weight).sum();
            for x in 0..20 {
                near(table[(x, y, z)], weight(x) / total);
            }
        }
    }
}

/// What is kept for a parameter may rest on what another model answers and on what
/// is kept for the same parameter.
macro_rules! kept {
    ($name:ident $(, $option:ident)?) => {
        #[memo($($option)?)]
        fn $name<x: X, y: X>(alpha: f64, t: i64) {
            model! {
                alice: knows(x);
                alice: thinks[ bob: knows(x), bob: chooses(z in X, wpp = exp(alpha * abs(x - z))) ];
                alice: chooses(w in X, wpp = exp(alpha * near_by[x, w]() + E[abs(bob.z - w)]));
                return Pr[alice.w == y] + (0 if t == 0 else $name[x, y](alpha, t - 1));
            }
        }
    };
}

#[memo]
fn near_by<x: X, y: X>() {
    model! {
        bob: knows(x);
        bob: chooses(z in X, wpp = exp(z * x));
        return Pr[bob.z == y];
    }
}

kept!(kept);
kept!(not_kept, without_hoist);

#[test]
fn what_is_kept_rests_on_what_is_kept() {
    for (ours, plain) in kept(0.7, 3).values().iter().zip(not_kept(0.7, 3).values()) {
        near(*ours, *plain);
    }
}

/// A function that is computed for a whole row, beside what may fail in a cell.
macro_rules! beside {
    ($name:ident, $length:literal) => {
        mod $name {
            use super::*;
            pub const LONG: Range<i64> = 0..$length;
            #[memo]
            pub fn squared<x: LONG>(w: &[f64], a: f64) {
                model! { return exp(a * x) * w[x] + x ** 2 + log(x + a) * w[x]; }
            }
        }
    };
}
beside!(short, 2);
beside!(long, 40);

#[test]
fn functions_of_rows_beside_what_may_fail() {
    let w: Vec<f64> = (0..40).map(|x| f64::from(x) - 3.5).collect();
    let wanted = |x: usize| {
        let n = x as f64;
        (0.1 * n).exp() * w[x] + n * n + (n + 0.1).ln() * w[x]
    };
    short::squared(&w, 0.1).values().iter().enumerate().for_each(|(x, value)| near(*value, wanted(x)));
    let table = long::squared(&w, 0.1);
    table.values().iter().enumerate().for_each(|(x, value)| near(*value / wanted(x), 1.0));
    assert!(matches!(long::squared::try_call(&w[..39], 0.1), Err(Error::OutOfBounds { .. })));
}

/// Chances of y for each x, none for x = 2, and the same times two: read by other models
/// as weights along the one axis, along the other, and on some levels only.
macro_rules! chances {
    ($chances:ident, $along:ident, $across:ident $(, $times:literal)?) => {
        #[memo]
        fn $chances<x: X, y: TWENTY>(p: f64) {
            model! {
                a: knows(x);
                a: chooses(y in TWENTY, wpp = (1 + p * x * y) * (x != 2));
                return $($times *)? Pr[a.y == y];
            }
        }

        #[memo]
        fn $along<x: X, y: TWENTY>(p: f64, level: i64) {
            model! {
                a: knows(x);
                a: chooses(y in TWENTY, wpp = $chances[x, y](p) if level > 0 else 1);
                return Pr[a.y == y];
            }
        }

        #[memo]
        fn $across<y: TWENTY, x: X>(p: f64) {
            model! {
                a: knows(y);
                a: chooses(x in X, wpp = $chances[x, y](p));
                return Pr[a.x == x];
            }
        }
    };
}
chances!(once, along_once, across_once);
chances!(twice, along_twice, across_twice, 2);

#[test]
fn chances_of_another_model_are_weights() {
    let p = 0.3;
    let weight = |x: i32, y: i32| if x == 2 { 0.0 } else { 1.0 + p * f64::from(x * y) };
    let total = |x: i32| (0..20).map(|y| weight(x, y)).sum::<f64>();
    let chance = |x: i32, y: i32| if x == 2 { 0.0 } else { weight(x, y) / total(x) };
    for (along, across) in [(along_once(p, 1), across_once(p)), (along_twice(p, 1), across_twice(p))] {
        for (x, y) in (0..3).flat_map(|x| (0..20).map(move |y| (x, y))) {
            near(along[(x.into(), y.into())], chance(x, y));
            near(across[(y.into(), x.into())], chance(x, y) / (chance(0, y) + chance(1, y)));
        }
        assert_eq!(along.impossible(), (0..20).map(|y| (2, y)).collect::<Vec<_>>());
        assert!(across.impossible().is_empty());
    }
    near(along_once(p, 0)[(2, 3)], 0.05);
    assert_eq!(along_once(p, 1).values(), once(p).values());
    assert!(matches!(along_once::try_call(-1.0, 1), Err(Error::BadWeight { .. })));
    assert!(matches!(along_once::try_call(f64::NAN, 1), Err(Error::BadWeight { .. })));
}

fn likes(x: i64, y: i64) -> f64 {
    // Nothing is to be chosen at 7.
    if y == 7 { 0.0 } else { 1.0 + ((3 * x + 5 * y) % 7) as f64 }
}

/// What it ends with rests on no number, and is kept: of plain calls and of recorded ones.
#[memo(grad)]
fn ends<x: TWENTY, y: TWENTY>(p: f64, level: i64) {
    model! {
        a: given(y in TWENTY, wpp = 1);
        a: chooses(x in TWENTY, wpp = likes(x, y) * (1 if level == 0 else exp(p * ends[x, y](p, level - 1))));
        return Pr[a.x == x, a.y == y];
    }
}

/// The same in plain loops.
fn ends_of<R: Real>(p: R, level: i64) -> Vec<R> {
    let before = (level > 0).then(|| ends_of(p, level - 1));
    let weight = |x: i64, y: i64| {
        let answer = before.as_ref().map(|before| (p * before[(x * 20 + y) as usize]).exp());
        answer.unwrap_or(R::from(1.0)) * likes(x, y)
    };
    let cell = |x: i64, y: i64| {
        let total: R = TWENTY.map(|x| weight(x, y)).sum();
        if y == 7 { R::from(0.0) } else { weight(x, y) / total / 20.0 }
    };
    TWENTY.flat_map(|x| TWENTY.map(move |y| (x, y))).map(|(x, y)| cell(x, y)).collect()
}

#[test]
fn what_a_recursion_ends_with_does_not_change() {
    let seed: Vec<f64> = (0..400).map(|at| f64::from(at).sin()).collect();
    // What has been kept is found again, on its own and under others.
    for (p, level) in [(0.5, 1), (-2.0, 0), (3.0, 0), (3.0, 3), (0.5, 2)] {
        let wanted = ends_of(Dual::<1, Dual<1>>::variable(Dual::variable(p, 0), 0), level);
        let values: Vec<f64> = wanted.iter().map(|cell| cell.value()).collect();
        let slopes: Vec<Dual<1>> = wanted.iter().map(|cell| cell.slopes()[0]).collect();
        let all = |a: &[f64], b: &[f64]| a.iter().zip(b).for_each(|(a, b)| near(*a, *b));
        let impossible: Vec<(i64, i64)> = TWENTY.map(|x| (x, 7)).collect();
        let mut call = ends::record(p, level);
        for table in [&ends(p, level), call.value()] {
            all(table.values(), &values);
            assert_eq!(table.impossible(), impossible);
        }
        let slope: f64 = slopes.iter().zip(&seed).map(|(slope, seed)| slope.value() * seed).sum();
        near(call.vjp(&seed)["p"], slope);
        let plain: Vec<f64> = slopes.iter().map(|slope| slope.value()).collect();
        all(ends::jacobian(p, level).table("p").values(), &plain);
        let bends = memo::hessian(&[p], |x| {
            let table = ends::traced(x[0], level);
            table.cells().iter().zip(&seed).map(|(cell, seed)| *cell * *seed).sum()
        });
        near(bends[[0, 0]], slopes.iter().zip(&seed).map(|(slope, seed)| slope.slopes()[0] * seed).sum());
    }
}

const PLACES: Range<i64> = 0..64;
const SIDES: Range<i64> = 0..3;

/// A sum of exponentials, of which there are many beside each other: it was made as if it
/// were one, which did not even compile.
#[memo(grad)]
fn summed<x: PLACES>(p: f64) {
    model! {
        alice: knows(x);
        alice: chooses(y in SIDES, wpp = p * y + exp(p * x * y));
        return E[alice.y];
    }
}

#[test]
fn sums_of_exponentials_beside_each_other() {
    let by_hand = |p: f64, x: i64| {
        let weight = |y: i64| p * y as f64 + (p * (x * y) as f64).exp();
        SIDES.map(|y| y as f64 * weight(y)).sum::<f64>() / SIDES.map(weight).sum::<f64>()
    };
    let (table, slopes) = (summed(0.1), summed::jacobian(0.1).table("p"));
    for x in PLACES {
        let slope = (by_hand(0.1001, x) - by_hand(0.0999, x)) / 0.0002;
        assert!((table[x] - by_hand(0.1, x)).abs() < 1e-13, "{x}");
        assert!((slopes[x] - slope).abs() < 1e-5 * slope.abs().max(1.0), "{x}");
    }
}

const MANY: Range<i64> = 0..200;
const OPTIONS: Range<i64> = 0..150;

/// A recursion whose weights are exponentials at its end, and sums with exponentials before.
#[memo(grad)]
fn hopes<x: PLACES, y: SIDES>(p: f64, level: i64) {
    model! {
        alice: knows(x);
        alice: chooses(y in SIDES, wpp = exp(p * x * y) if level == 0 else 1 + exp(p * hopes[x, y](p, level - 1)));
        return Pr[alice.y == y];
    }
}

/// The same the other way round, and wide.
#[memo]
fn wide<x: MANY, y: OPTIONS>(p: f64, sums: bool) {
    model! {
        alice: knows(x);
        alice: chooses(y in OPTIONS, wpp = 1 + exp(p * x * y) if sums else exp(p * x * y));
        return Pr[alice.y == y];
    }
}

#[test]
fn weights_of_two_kinds() {
    fn shares<const N: usize>(weights: [f64; N]) -> [f64; N] {
        let total: f64 = weights.iter().sum();
        weights.map(|weight| weight / total)
    }
    let p = 0.03;
    for x in PLACES {
        let mut expected = shares([0.0, 1.0, 2.0].map(|y| (p * x as f64 * y).exp()));
        for level in 0..3 {
            let table = hopes(p, level);
            for y in SIDES {
                assert!((table[(x, y)] - expected[y as usize]).abs() < 1e-14, "{x}, {y}, {level}");
            }
            expected = shares(expected.map(|share| 1.0 + (p * share).exp()));
        }
    }
    for level in 0..3 {
        let at = |p: f64| hopes(p, level).values().to_vec();
        let (above, below, slopes) = (at(p + 1e-5), at(p - 1e-5), hopes::jacobian(p, level).table("p"));
        for ((above, below), slope) in above.iter().zip(&below).zip(slopes.values()) {
            assert!(((above - below) / 2e-5 - slope).abs() < 1e-5 * slope.abs().max(1.0), "{level}: {slope}");
        }
    }
    for sums in [false, true] {
        let table = wide(1e-4, sums);
        for x in MANY {
            let weight = |y: i64| f64::from(u8::from(sums)) + (1e-4 * (x * y) as f64).exp();
            let total: f64 = OPTIONS.map(weight).sum();
            for y in OPTIONS {
                assert!((table[(x, y)] - weight(y) / total).abs() < 1e-14, "{x}, {y}, {sums}");
            }
        }
    }
}
