//! Tables so large that several threads fill them, against the same numbers
//! computed one after the other.

use memo::Error;
use memo::prelude::*;
use std::ops::Range;

const MANY: Range<i64> = 0..400;
const FEW: Range<i64> = 0..5;
const SOME: Range<i64> = 0..40;

fn fit(x: i64, y: i64) -> f64 {
    ((x * 7919 + y * 104_729) % 1000 + 1) as f64 / 1000.0
}

/// Rows and columns of weights with exponents and without, sums, maxima and
/// values made of them; `p` keeps all of it from being computed once.
#[memo(grad)]
fn large<x: MANY, y: MANY>(p: f64) {
    model! {
        alice: knows(x, y);
        bob: knows(x, y);
        alice: thinks[ carl: knows(x), carl: given(z in MANY, wpp = p + fit(x, z)), carl: chooses(y in MANY, wpp = fit(y, z) ** p) ];
        bob: chooses(few in FEW, wpp = exp(p * few * fit(x, y)));
        bob: chooses(z in MANY, to_maximize = p * fit(x, z));
        return alice[Pr[carl.y == y]] + 2 * E[bob.few] + E[p * fit(x, bob.z)];
    }
}

#[test]
fn threads_fill_the_same_tables() {
    let p = 0.7;
    let table = large(p);
    let chances: Vec<Vec<f64>> = MANY
        .map(|z| {
            let weights: Vec<f64> = MANY.map(|y| fit(y, z).powf(p)).collect();
            let total: f64 = weights.iter().sum();
            weights.into_iter().map(|w| w / total).collect()
        })
        .collect();
    for x in [0_i64, 1, 199, 200, 399] {
        let best = MANY.map(|z| p * fit(x, z)).fold(0.0, f64::max);
        for y in [0_i64, 17, 399] {
            let weight_of = |z: i64| p + fit(x, z);
            let all: f64 = MANY.map(weight_of).sum();
            let chance: f64 = MANY.map(|z| weight_of(z) / all * chances[z as usize][y as usize]).sum();
            let weight = |few: i64| (p * few as f64 * fit(x, y)).exp();
            let mean = FEW.map(|few| few as f64 * weight(few)).sum::<f64>() / FEW.map(weight).sum::<f64>();
            let expected = chance + 2.0 * mean + best;
            assert!(
                (table[(x, y)] - expected).abs() < 1e-12,
                "{x}, {y}: {} is not {expected}",
                table[(x, y)]
            );
        }
    }
}

/// Columns of a table two axes of which are all there is.
#[memo(grad)]
fn speaker<u: SOME, r: MANY>(p: f64, level: i64) {
    model! {
        listener: thinks[
            speaker: given(r in MANY, wpp = 1),
            speaker: chooses(u in SOME, wpp = fit(u, r) * exp(p * (0 if level == 0 else speaker[u, r](p, level - 1))))
        ];
        listener: observes [speaker.u] is u;
        listener: chooses(r in MANY, wpp = Pr[speaker.r == r]);
        return Pr[listener.r == r] * 1000;
    }
}

#[test]
fn threads_fill_columns() {
    let (p, mut listener) = (0.9_f64, vec![vec![0.0; 400]; 40]);
    for _ in 0..3 {
        let mut weights: Vec<Vec<f64>> = (0..40)
            .map(|u| (0..400).map(|r| fit(u, r) * (p * listener[u as usize][r as usize]).exp()).collect())
            .collect();
        for r in 0..400 {
            let total: f64 = weights.iter().map(|row| row[r]).sum();
            weights.iter_mut().for_each(|row| row[r] /= total);
        }
        for row in &mut weights {
            let total: f64 = row.iter().sum();
            row.iter_mut().for_each(|w| *w *= 1000.0 / total);
        }
        listener = weights;
    }
    let table = speaker(p, 2);
    for (u, row) in listener.iter().enumerate() {
        for (r, expected) in row.iter().enumerate() {
            let found = table[(u as i64, r as i64)];
            assert!((found - expected).abs() < 1e-11 * (1.0 + expected), "{found} is not {expected}");
        }
    }
}

/// The slope of the sum of all cells times what `weigh` makes of their places, by the
/// derivative and by differences.
fn slopes(
    call: impl Fn(f64) -> Vec<f64>,
    vjp: impl Fn(f64, &[f64]) -> f64,
    p: f64,
    weigh: fn(usize) -> f64,
) -> (f64, f64) {
    let step = 1e-5;
    let (less, more) = (call(p - step), call(p + step));
    let seed: Vec<f64> = (0..less.len()).map(weigh).collect();
    let rates = less.iter().zip(&more).map(|(less, more)| (more - less) / (2.0 * step));
    (vjp(p, &seed), rates.zip(&seed).map(|(rate, weight)| rate * weight).sum())
}

#[test]
fn threads_go_back_through_them() {
    let weighs: [fn(usize) -> f64; 2] = [|at| (at % 3) as f64, |at| ((at * 31) % 17) as f64 - 8.0];
    for weigh in weighs {
        let all = |p: f64| large(p).values().to_vec();
        let (slope, expected) = slopes(all, |p, seed| large::vjp(p, seed).1["p"], 0.7, weigh);
        assert!((slope - expected).abs() < 1e-6 * expected.abs(), "{slope} is not {expected}");
        for level in [0, 1, 3] {
            let all = |p: f64| speaker(p, level).values().to_vec();
            let (slope, expected) = slopes(all, |p, seed| speaker::vjp(p, level, seed).1["p"], 0.9, weigh);
            let near = (slope - expected).abs() < 1e-6 * expected.abs().max(1e-3);
            assert!(near, "level {level}: {slope} is not {expected}");
        }
    }
}

fn sound(x: i64, y: i64) -> f64 {
    if x == 123 && y >= 77 || x == 350 { -1.0 } else { 1.0 }
}

#[memo]
fn unsound<x: MANY, y: MANY>(p: f64) {
    model! {
        a: knows(x, y);
        a: chooses(z in FEW, wpp = p * sound(x, y) * z);
        return E[a.z];
    }
}

/// Whichever thread finds one first, the first in the table is told.
#[test]
fn the_first_bad_weight_is_told() {
    for _ in 0..20 {
        let Err(Error::BadWeight { cell, .. }) = unsound::try_call(1.0) else { panic!("-1 is no weight") };
        let place = [("x", "123"), ("y", "77"), ("a.z", "1")].map(|(axis, at)| (axis.into(), at.into()));
        assert_eq!(cell, place);
    }
}

fn brittle(x: i64, y: i64) -> f64 {
    assert!(x < 399 || y < 7, "no weight for {x} and {y}");
    1.0
}

#[memo]
fn panicking<x: MANY, y: MANY>(p: f64) {
    model! {
        a: knows(x, y);
        a: chooses(z in FEW, wpp = p * z + brittle(x, y));
        return E[a.z];
    }
}

/// A panic on another thread is an error like any other, and leaves nothing behind.
#[test]
fn a_panic_on_any_thread_is_an_error() {
    for _ in 0..3 {
        let Err(Error::Panicked { model, message }) = panicking::try_call(1.0) else {
            panic!("brittle panics")
        };
        assert_eq!(model, "panicking");
        assert!(message.starts_with("no weight for 399 and "), "{message}");
        assert!(large::try_call(0.5).is_ok());
    }
}

/// So many that a table of them is filled row after row.
const UPRIGHT: Range<i64> = 0..120;

/// `fit`, but for one weight.
fn odd_fit(u: i64, r: i64, at: i64, odd: f64) -> f64 {
    if (u, r) == (at, 333) { odd } else { fit(u, r) }
}

#[memo]
fn odd_speaker<u: UPRIGHT, r: MANY>(p: f64, at: i64, odd: f64) {
    model! {
        listener: thinks[
            speaker: given(r in MANY, wpp = 1),
            speaker: chooses(u in UPRIGHT, wpp = odd_fit(u, r, at, odd) * exp(p * fit(r, u)))
        ];
        listener: observes [speaker.u] is u;
        listener: chooses(r in MANY, wpp = Pr[speaker.r == r]);
        return Pr[listener.r == r] * 1000;
    }
}

/// Weights of any range are weighed against each other, wherever in a column they are.
#[test]
fn columns_with_odd_weights() {
    for (p, at, odd) in [(1.0, 0, 0.0), (2e3, 0, 0.0), (-2e3, 5, 1.0), (1.0, 20, 1e200), (3.0, 119, 1e-200)] {
        let table = odd_speaker(p, at, odd);
        let weight = |u, r| odd_fit(u, r, at, odd).ln() + p * fit(r, u);
        let total = |logs: &[f64]| {
            let top = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            top + logs.iter().map(|log| (log - top).exp()).sum::<f64>().ln()
        };
        let sums: Vec<f64> =
            MANY.map(|r| total(&UPRIGHT.map(|u| weight(u, r)).collect::<Vec<_>>())).collect();
        for u in UPRIGHT {
            let logs: Vec<f64> = MANY.map(|r| weight(u, r) - sums[r as usize]).collect();
            let all = total(&logs);
            for r in MANY {
                let (found, expected) = (table[(u, r)], 1000.0 * (logs[r as usize] - all).exp());
                assert!((found - expected).abs() < 1e-9, "{u}, {r} of {p}: {found} is not {expected}");
            }
        }
    }
    for (odd, at) in [(-1.0, 0), (f64::NAN, 57), (f64::INFINITY, 119)] {
        let message = odd_speaker::try_call(1.0, at, odd).map(|_| ()).unwrap_err().to_string();
        let place = format!("speaker.u = {at}");
        assert!(message.contains(&place) && message.contains("speaker.r = 333"), "{message}");
    }
}

/// What some utterances fit: one of them nothing, and something is fitted by none.
fn meant(u: i64, r: i64) -> f64 {
    if u == 50 || r == 200 || (u * 3 + r * 5) % 7 > 3 { 0.0 } else { fit(u, r) }
}

/// A listener of speakers who listen; all tables are filled row after row.
#[memo(grad)]
fn listens<u: UPRIGHT, r: MANY>(p: f64, level: i64) {
    model! {
        listener: thinks[
            speaker: given(r in MANY, wpp = 1 + r),
            speaker: chooses(u in UPRIGHT, wpp = meant(u, r) * (1 if level == 0 else exp(p * listens[u, r](p, level - 1))))
        ];
        listener: observes [speaker.u] is u;
        listener: chooses(r in MANY, wpp = Pr[speaker.r == r]);
        return Pr[listener.r == r];
    }
}

/// The same, one number after the other.
fn listens_by_hand(p: f64, level: i64) -> Vec<f64> {
    let places = || UPRIGHT.flat_map(|u| MANY.map(move |r| (u, r)));
    let mut table: Vec<f64> = places().map(|_| 0.0).collect();
    let columns = MANY.count();
    for at in 0..=level {
        let logs = table.iter().zip(places());
        let logs: Vec<f64> =
            logs.map(|(cell, (u, r))| meant(u, r).ln() + if at == 0 { 0.0 } else { p * cell }).collect();
        for r in 0..columns {
            let column = || (r..logs.len()).step_by(columns);
            let top = column().map(|at| logs[at]).fold(f64::MIN, f64::max);
            let total: f64 = column().map(|at| (logs[at] - top).exp()).sum();
            column().for_each(|at| table[at] = (1 + r) as f64 * (logs[at] - top).exp() / total.max(1e-300));
        }
        for row in table.chunks_exact_mut(columns) {
            let total: f64 = row.iter().sum();
            row.iter_mut().for_each(|cell| *cell /= total.max(1e-300));
        }
    }
    table
}

/// Exponents of any range: most are computed quickly, some with care, some from the largest.
#[test]
fn listeners_of_speakers() {
    let weigh = |at: usize| ((at * 31) % 17) as f64 - 8.0;
    for (p, level) in [(1.5, 3), (-40.0, 1), (12_000.0, 1), (90_000.0, 1), (0.7, 0)] {
        let (table, expected) = (listens(p, level), listens_by_hand(p, level));
        for (found, expected) in table.values().iter().zip(&expected) {
            assert!((found - expected).abs() < 1e-12, "{found} is not {expected} for {p}");
        }
        assert_eq!(table.impossible(), MANY.map(|r| (50, r)).collect::<Vec<_>>());
        let mut recorded = listens::record(p, level);
        for (found, expected) in recorded.value().values().iter().zip(&expected) {
            assert!((found - expected).abs() < 1e-12, "{found} is not {expected} for {p}, recorded");
        }
        let seed: Vec<f64> = (0..expected.len()).map(weigh).collect();
        let slope = recorded.vjp(&seed)["p"];
        let all = |p: f64| listens_by_hand(p, level);
        let (_, expected) = slopes(all, |_, _| 0.0, p, weigh);
        assert!((slope - expected).abs() < 1e-5 * expected.abs() + 1e-7, "{slope} is not {expected} for {p}");
    }
}
