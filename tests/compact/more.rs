//! Elements of arrays, soft evidence with exponentials, models that call each other, and
//! densities of fewer axes than the loops that they stand in.

use ndarray::{Array2, array};

use crate::{N, Thing, Word, close, fits};
use memo::prelude::*;

/// Values and derivatives of the two, with respect to all that is asked for, or what is wrong
/// with both.
macro_rules! agree {
    ($name:ident($($argument:expr),*), $($array:literal),*) => {{
        use $name::{compact, general};
        match (compact::f::try_record($($argument),*), general::f::try_record($($argument),*)) {
            (Ok(mut a), Ok(mut b)) => {
                close(a.value().values(), b.value().values());
                assert_eq!(a.value().impossible(), b.value().impossible());
                let seed: Vec<f64> = (0..a.value().len()).map(|at| (at as f64 * 1.7).sin()).collect();
                let [a, b] = [a.vjp(&seed), b.vjp(&seed)];
                assert!(a.names().eq(b.names()));
                close(&a.to_vec(), &b.to_vec());
                let (one, other) = (compact::f::jacobian($($argument),*), general::f::jacobian($($argument),*));
                for name in [$($array),*] {
                    assert_eq!(a.array(name).shape(), b.array(name).shape());
                    assert_eq!(one.array(name).shape(), other.array(name).shape());
                    close(one.array(name).as_slice().unwrap(), other.array(name).as_slice().unwrap());
                }
            }
            (a, b) => assert_eq!(a.err().map(|e| e.to_string()), b.err().map(|e| e.to_string())),
        }
    }};
}

/// The derivative with respect to each element of a list, by central differences.
fn differences(values: impl Fn(&[f64]) -> f64, at: &[f64]) -> Vec<f64> {
    let moved = |place: usize, by: f64| {
        let mut moved = at.to_vec();
        moved[place] += by;
        values(&moved)
    };
    (0..at.len()).map(|place| (moved(place, 1e-5) - moved(place, -1e-5)) / 2e-5).collect()
}

/// All cells times a cotangent.
fn sum(cells: &[f64], seed: &[f64]) -> f64 {
    cells.iter().zip(seed).map(|(cell, seed)| cell * seed).sum()
}

fn near(a: &[f64], b: &[f64]) {
    assert_eq!(a.len(), b.len());
    assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-8), "{a:?} and {b:?}");
}

twice! { urn, fn f<h: N>(x: f64, w: &[f64], y: f64) {
    model! {
        urn: chooses(c in N, wpp = exp(w[c]));
        urn: chooses(h in N, wpp = binomial_pmf(h, 3, 1 / (1 + exp(-x * (c - 1.5)))) + y);
        return Pr[urn.h == h] * w[h];
    }
}}

#[test]
fn elements_of_an_array() {
    for w in [&[0.3, -0.2, 0.1, 0.4][..], &[0.3, -0.2, 0.1, 0.4, 9.0], &[2.0, 700.0, -3.0, 1.0]] {
        agree!(urn(0.8, w, 0.1), "x", "w", "y");
    }
    // More of them than there are directions, too few of them, and no numbers.
    agree!(urn(0.8, &[0.1; 12], 0.1), "w");
    agree!(urn(0.8, &[0.1; 3], 0.1), "w");
    agree!(urn(0.8, &[f64::NAN; 4], 0.1), "w");
    let (w, seed) = ([0.3, -0.2, 0.1, 0.4], [0.7, -1.1, 0.4, 2.0]);
    let value = |at: &[f64]| sum(urn::compact::f(at[0], &at[1..5], at[5]).values(), &seed);
    let (_, gradient) = urn::compact::f::vjp(0.8, &w, 0.1, &seed);
    near(&gradient.to_vec(), &differences(value, &[0.8, 0.3, -0.2, 0.1, 0.4, 0.1]));
    assert_eq!(gradient.array("w").shape(), [4]);
}

twice! { lexicon, fn f<u: BIT, m: BIT>(w: &Array2<f64>, v: &[f64], x: f64) {
    model! {
        l: knows(u, m);
        l: thinks[
            s: given(m in BIT, wpp = exp(v[m])),
            s: chooses(u in BIT, wpp = imagine[k: knows(u), k: chooses(m in BIT, wpp = exp(w[u, m])), Pr[k.m == m] ** x])
        ];
        l: observes [s.u] is u;
        return l[Pr[s.m == m]];
    }
}}

const BIT: std::ops::Range<i64> = 0..2;

#[test]
fn two_arrays_of_different_shapes() {
    let w = array![[0.3, -0.8], [0.2, 1.1]];
    agree!(lexicon(&w, &[0.4, -0.1], 1.5), "w", "v", "x");
    let seed = [0.7, -1.1, 0.4, 2.0];
    let value = |at: &[f64]| {
        let w = array![[at[0], at[1]], [at[2], at[3]]];
        let table = lexicon::compact::f(&w, &at[4..6], at[6]);
        sum(table.values(), &seed)
    };
    let (_, gradient) = lexicon::compact::f::vjp(&w, &[0.4, -0.1], 1.5, &seed);
    near(&gradient.to_vec(), &differences(value, &[0.3, -0.8, 0.2, 1.1, 0.4, -0.1, 1.5]));
    assert_eq!(gradient.array("w")[[1, 0]], gradient.to_vec()[2]);
    assert_eq!(lexicon::compact::f::jacobian(&w, &[0.4, -0.1], 1.5).array("w").shape(), [2, 2, 2, 2]);
}

twice! { soft, fn f<n: N>(x: f64, y: f64) {
    model! {
        l: thinks[w: chooses(n in N, wpp = exp(x * n)), w: chooses(m in N, wpp = exp(-y * (m - n) ** 2))];
        l: observes_event(wpp = 1 / (1 + exp(-y * (w.m - 1))));
        l: chooses(n in N, wpp = Pr[w.n == n]);
        return Pr[l.n == n] + l[Var[w.m]] + l[H[w.n]];
    }
}}

#[test]
fn soft_evidence_with_exponentials() {
    for (x, y) in [(0.6, 0.7), (-2.0, 3.0), (0.0, 0.0), (0.6, -200.0), (0.6, 400.0), (0.1, f64::NAN)] {
        agree!(soft(x, y), "x", "y");
    }
    let seed = [0.7, -1.1, 0.4, 2.0];
    let value = |at: &[f64]| sum(soft::compact::f(at[0], at[1]).values(), &seed);
    let (_, gradient) = soft::compact::f::vjp(0.6, 0.7, &seed);
    near(&gradient.to_vec(), &differences(value, &[0.6, 0.7]));
}

macro_rules! pair {
    ($name:ident, $($option:ident),*) => {
        mod $name {
            #![allow(dead_code, reason = "the function of each is one of several ways to it")]
            use super::*;
            #[memo($($option),*)]
            pub(crate) fn teller<r: Thing, u: Word>(x: f64, y: f64, level: i64) {
                model! {
                    s: knows(r);
                    s: chooses(u in Word, wpp = hearer[u, r](x, y, level) ** x);
                    return Pr[s.u == u];
                }
            }
            #[memo($($option),*)]
            pub(crate) fn hearer<u: Word, r: Thing>(x: f64, y: f64, level: i64) {
                model! {
                    l: knows(u);
                    l: chooses(r in Thing, wpp = (y if r == Thing::PinkCircle else 1) * (fits(u, r) if level == 0 else teller[r, u](x, y, level - 1)));
                    return Pr[l.r == r];
                }
            }
        }
    };
}
pair! { compact, grad }
pair! { general, grad, without_compact }

/// Two that call each other go straight down as one that calls itself does.
#[test]
fn models_that_call_each_other() {
    let seed: Vec<f64> = (0..12).map(|at| (f64::from(at) * 1.7).sin()).collect();
    for level in [0, 1, 2, 9, 40] {
        for (x, y) in [(0.7, 0.8), (1.0, 2.0), (1.7, 0.3)] {
            let (a, one) = compact::hearer::vjp(x, y, level, &seed);
            let (b, other) = general::hearer::vjp(x, y, level, &seed);
            close(a.values(), b.values());
            close(&one.to_vec(), &other.to_vec());
            let (a, one) = compact::teller::vjp(x, y, level, &seed);
            let (b, other) = general::teller::vjp(x, y, level, &seed);
            close(a.values(), b.values());
            close(&one.to_vec(), &other.to_vec());
        }
    }
    let value = |at: &[f64]| sum(compact::hearer(at[0], at[1], 2).values(), &seed);
    let (_, gradient) = compact::hearer::vjp(1.7, 0.8, 2, &seed);
    near(&gradient.to_vec(), &differences(value, &[1.7, 0.8]));
}

twice! { vague, fn f<n: N>(x: f64, y: f64) {
    model! {
        l: knows(n);
        l: thinks[
            s: given(n in N, wpp = normal_pdf(n, x, y)),
            s: given(th in N, wpp = 1),
            s: chooses(u in Bool, wpp = imagine[
                k: knows(u, th), k: given(m in N, wpp = normal_pdf(m, x, y) * (m >= th or not u)), Pr[k.m == n] + 0.1
            ])
        ];
        l: observes_that [s.u == true];
        return l[Pr[s.n == n]];
    }
}}

#[test]
fn a_density_of_one_axis_among_three() {
    for (x, y) in [(0.6, 0.7), (2.0, 3.0), (-5.0, 1.0), (0.6, 0.0), (0.1, f64::NAN)] {
        agree!(vague(x, y), "x", "y");
    }
    let seed = [0.7, -1.1, 0.4, 2.0];
    let value = |at: &[f64]| sum(vague::general::f(at[0], at[1]).values(), &seed);
    let (_, gradient) = vague::general::f::vjp(0.6, 0.7, &seed);
    near(&gradient.to_vec(), &differences(value, &[0.6, 0.7]));
}

twice! { even, fn f<u: Word, r: Thing>(x: f64) {
    model! {
        l: thinks[
            s: given(r in Thing, wpp = 3),
            s: chooses(u in Word, wpp = fits(u, r) * (1 + x * (u == Word::Green)))
        ];
        l: observes [s.u] is u;
        l: chooses(r in Thing, wpp = Pr[s.r == r]);
        return Pr[l.r == r];
    }
}}

twice! { uneven, fn f<u: Word, r: Thing>(x: f64) {
    model! {
        l: thinks[
            s: given(r in Thing, wpp = 1 if r == Thing::PinkCircle else 2),
            s: chooses(u in Word, wpp = fits(u, r) * (1 + x * (u == Word::Green)))
        ];
        l: observes [s.u] is u;
        l: chooses(r in Thing, wpp = Pr[s.r == r]);
        return Pr[l.r == r];
    }
}}

/// What is round is the green circle with `1 / (2 + x)`, the pink one with 1/2, times what was
/// believed before: that cancels where it is the same for all.
#[test]
fn even_beliefs_cancel_and_others_do_not() {
    let round = (Word::Round, Thing::PinkCircle);
    for (table, jacobian, chance, slope) in [
        (even::compact::f(1.0), even::compact::f::jacobian(1.0), 3.0 / 5.0, 2.0 / 25.0),
        (uneven::compact::f(1.0), uneven::compact::f::jacobian(1.0), 3.0 / 7.0, 4.0 / 49.0),
    ] {
        assert!((table[round] - chance).abs() < 1e-15 && table[(Word::Round, Thing::GreenSquare)] == 0.0);
        assert!((jacobian.table("x")[round] - slope).abs() < 1e-15);
    }
    agree!(even(0.4), "x");
    agree!(uneven(0.4), "x");
}
