//! Decisions do not hang on rounding: what is certain has the chance 1, no variance and no
//! entropy, also where nothing was observed and chances might be missing.

use memo::prelude::*;
use rand::{Rng, SeedableRng, rngs::SmallRng};
use std::ops::{Range, RangeInclusive};

const DIE: RangeInclusive<i64> = 1..=6;
const TWELVE: Range<usize> = 0..12;
const X: Range<i64> = 0..3;

#[memo]
fn die() {
    model! {
        p: draws(d in DIE, wpp = d);
        return Pr[p.d >= 1];
        return Var[p.d >= 1];
    }
}

#[test]
fn a_die_shows_something() {
    let (chance, variance) = die();
    assert_eq!((chance.value(), variance.value()), (1.0, 0.0));
}

#[memo]
fn knows_that_something_shows<s: Bool>() {
    model! {
        a: thinks[ p: draws(d in DIE, wpp = d) ];
        a: chooses(s in Bool, to_be = Pr[p.d >= 1] == 1);
        return Pr[a.s == s];
    }
}

#[memo]
fn knows_that_nothing_varies<s: Bool>() {
    model! {
        a: thinks[ p: draws(d in DIE, wpp = d) ];
        a: chooses(s in Bool, to_be = Var[p.d > 0] == 0);
        return Pr[a.s == s];
    }
}

#[test]
fn decisions_about_what_is_certain() {
    assert_eq!(knows_that_something_shows().values(), [0.0, 1.0]);
    assert_eq!(knows_that_nothing_varies().values(), [0.0, 1.0]);
}

/// Weights that may be none, as far as the compiler sees.
#[memo]
fn questions<x: X>(w: &[f64], v: &[f64]) {
    model! {
        b: chooses(y in TWELVE, wpp = w[y]);
        b: chooses(z in TWELVE, wpp = v[z] * (1 + y));
        return Pr[b.y >= 0] * 1 + 0 * x;
        return Pr[b.y + x >= 0];
        return Pr[b.y + b.z + x >= 0];
        return Pr[b.y >= 0, b.z >= 0] + 0 * x;
        return Var[b.y + x >= 0];
        return Var[b.y * b.z >= 0] + 0 * x;
    }
}

/// The same with soft evidence before that choice.
#[memo]
fn informed<x: X>(w: &[f64], v: &[f64]) {
    model! {
        m: knows(x);
        m: thinks[
            b: chooses(y in TWELVE, wpp = w[y]),
            c: chooses(u in TWELVE, wpp = w[u])
        ];
        m: observes_event(wpp = v[b.y] + x);
        return m[Pr[b.y >= 0]];
        return m[Pr[b.y + c.u >= x - 2]];
        return m[Var[b.y + c.u >= x - 2]];
    }
}

#[test]
fn questions_to_random_beliefs() {
    let mut rng = SmallRng::seed_from_u64(20);
    for round in 0..500 {
        let mut weights = || -> Vec<f64> {
            (0..12).map(|_| if rng.random::<f64>() < 0.2 { 0.0 } else { rng.random::<f64>() }).collect()
        };
        let (mut w, mut v) = (weights(), weights());
        (w[0], v[0]) = (0.5, 0.25);
        let (a, b, c, d, e, f) = questions(&w, &v);
        for table in [a, b, c, d] {
            assert_eq!(table.values(), [1.0; 3], "{round}: {w:?}, {v:?}");
        }
        for table in [e, f] {
            assert_eq!(table.values(), [0.0; 3], "{round}: {w:?}, {v:?}");
        }
        let (a, b, c) = informed(&w, &v);
        assert_eq!(
            (a.values(), b.values(), c.values()),
            (&[1.0; 3][..], &[1.0; 3][..], &[0.0; 3][..]),
            "{round}"
        );
    }
}

/// A chance that is really missing is not made up for.
#[memo]
fn lost<x: X>() {
    model! {
        b: chooses(y in X, wpp = y + 1);
        b: chooses(z in X, wpp = (z < y));
        return Pr[b.z + x >= 0];
        return Pr[b.z >= 0] + 0 * x;
    }
}

#[test]
fn what_is_lost_stays_lost() {
    // Where y is 0, with the chance 1/6, b has nothing to choose.
    let (a, b) = lost();
    for value in a.values().iter().chain(b.values()) {
        assert!((value - 5.0 / 6.0).abs() < 1e-15, "{value}");
    }
}

const LINE: memo::Linspace = memo::linspace(0.0, 1.0, 11);

#[memo]
fn on_a_line<l: LINE>() {
    model! {
        a: knows(l);
        a: chooses(k in LINE, to_be = 0.3);
        a: chooses(j in LINE, uniformly);
        return Pr[a.k == l];
        return Pr[a.j == 0.7] + 0 * l;
    }
}

/// A number on a line is the one that is written.
#[test]
fn decimals_of_a_line() {
    let (chosen, met) = on_a_line();
    assert_eq!((chosen[0.3], chosen.values().iter().sum()), (1.0, 1.0));
    assert!(met.values().iter().all(|p| (p - 1.0 / 11.0).abs() < 1e-15), "{met}");
}
