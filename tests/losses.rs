//! Losses of whole tables, and the way back through their rows, against differences and
//! what forward mode finds.

use memo::prelude::*;
use memo::{Dual, Real};
use std::ops::Range;

const U: Range<i64> = 0..23;
const R: Range<i64> = 0..37;
const SIDES: Range<i64> = 0..3;

/// How well an utterance fits a referent: often not at all, one not at all with any; one
/// referent has no utterance.
fn fit(u: i64, r: i64) -> f64 {
    if u == 4 || r == 30 || (u * 5 + r * 3) % 4 == 0 {
        0.0
    } else {
        ((u * 7919 + r * 104_729) % 1000) as f64 / 1e3
    }
}

fn price(u: i64) -> f64 {
    (u % 5) as f64 * 0.2
}

/// One referent is never meant.
fn frequency(r: i64) -> f64 {
    (r % 6) as f64
}

/// Listeners whose belief is what a speaker says, times what does not change.
#[memo(grad)]
fn listener<u: U, r: R>(alpha: f64, thrift: f64, depth: i64) {
    model! {
        listener: thinks[
            speaker: given(r in R, wpp = frequency(r)),
            speaker: chooses(u in U, wpp = fit(u, r) * (1 if depth == 0 else
                exp(alpha * (log(listener[u, r](alpha, thrift, depth - 1) + 0.01) - thrift * price(u)))))
        ];
        listener: observes [speaker.u] is u;
        listener: chooses(r in R, wpp = Pr[speaker.r == r]);
        return Pr[listener.r == r];
    }
}

/// The same, two of which each learns of.
#[memo(grad)]
fn both<u: U, r: R>(alpha: f64, depth: i64) {
    model! {
        listener: thinks[
            speaker: given(r in R, wpp = frequency(r)),
            speaker: chooses(u in U, wpp = fit(u, r) * (1 if depth == 0 else
                exp(alpha * (both[u, r](alpha, depth - 1) + listener[u, r](alpha, 0.5, depth - 1) ** 2))))
        ];
        listener: observes [speaker.u] is u;
        listener: chooses(r in R, wpp = Pr[speaker.r == r]);
        return Pr[listener.r == r];
    }
}

/// What is believed beforehand changes, too.
#[memo(grad)]
fn salient<u: U, r: R>(alpha: f64, salience: f64) {
    model! {
        listener: thinks[
            speaker: given(r in R, wpp = exp(salience * frequency(r) / 5)),
            speaker: chooses(u in U, wpp = fit(u, r) * exp(alpha * listener[u, r](alpha, 0.1, 1)))
        ];
        listener: observes [speaker.u] is u;
        listener: chooses(r in R, wpp = Pr[speaker.r == r]);
        return Pr[listener.r == r];
    }
}

/// What is believed is asked about.
#[memo(grad)]
fn expected<u: U>(alpha: f64) {
    model! {
        listener: thinks[
            speaker: given(r in R, wpp = frequency(r)),
            speaker: chooses(u in U, wpp = fit(u, r) * exp(alpha * price(u) * frequency(r)))
        ];
        listener: observes [speaker.u] is u;
        listener: chooses(r in R, wpp = Pr[speaker.r == r]);
        return E[listener.r] + Var[listener.r];
    }
}

/// The chance of an impossible thing, under a root.
#[memo(grad)]
fn rooted<u: U, r: R>(alpha: f64) {
    model! {
        speaker: knows(r);
        speaker: chooses(u in U, wpp = fit(u, r) * exp(alpha * price(u)));
        return Pr[speaker.u == u];
    }
}

/// So rare a referent, and an utterance, that products with their chances do not tell these.
fn rarity(at: i64, is_rare: bool) -> f64 {
    if is_rare && at == 2 { 1e-170 } else { 1.0 + (at % 3) as f64 }
}

/// Listeners to things that are rare.
#[memo(grad)]
fn rare<u: U, r: R>(alpha: f64, referent: bool, utterance: bool, depth: i64) {
    model! {
        listener: thinks[
            speaker: given(r in R, wpp = rarity(r, referent)),
            speaker: chooses(u in U, wpp = rarity(u, utterance) * fit(u, r) * (1 if depth == 0 else
                exp(alpha * rare[u, r](alpha, referent, utterance, depth - 1))))
        ];
        listener: observes [speaker.u] is u;
        listener: chooses(r in R, wpp = Pr[speaker.r == r]);
        return Pr[listener.r == r];
    }
}

/// A coin that may stand.
#[memo(grad)]
fn coin<x: SIDES>(beta: f64, rate: f64) {
    model! {
        a: chooses(x in SIDES, wpp = exp(beta * x) + rate);
        return Pr[a.x == x];
    }
}

/// The derivative by four points, whose error is of the fourth order.
fn difference(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    let h = 1e-3 * x.abs().max(0.1);
    (f(x - 2.0 * h) - 8.0 * f(x - h) + 8.0 * f(x + h) - f(x + 2.0 * h)) / (12.0 * h)
}

#[track_caller]
fn near(found: f64, wanted: f64, relative: f64) {
    assert!((found - wanted).abs() <= relative * wanted.abs().max(1e-3), "{found} is not {wanted}");
}

/// How much a cell counts, without a pattern.
fn weight(at: usize) -> f64 {
    ((at * 37) % 101) as f64 / 50.0 - 1.0
}

/// The loss `Σ weight p (p + 1)`, which some cells of some rows are no part of.
fn of_cell<N: Real>(at: usize, p: N) -> N {
    p * (p + 1.0) * weight(at)
}

fn loss(table: &[f64]) -> f64 {
    table.iter().enumerate().map(|(at, p)| of_cell(at, *p)).sum()
}

/// The loss and its derivative in one call, by a cotangent, and by forward mode: each for
/// each of these parameters. What the loss is, is returned.
macro_rules! slopes_agree {
    ($model:ident($($argument:expr),*), $names:expr) => {{
        let (found, gradient) = $model::record($($argument),*).loss_and_grad(of_cell);
        let mut call = $model::record($($argument),*);
        let cells = call.value().values().to_vec();
        near(found, loss(&cells), 1e-13);
        let slope = |(at, p): (usize, &f64)| of_cell(at, Dual::<1>::variable(*p, 0)).slopes()[0];
        let cotangent: Vec<f64> = cells.iter().enumerate().map(slope).collect();
        let back = call.vjp(&cotangent);
        let forward = $model::jacobian($($argument),*);
        for name in $names {
            near(gradient[name], back[name], 1e-12);
            let rates = forward.array(name);
            let along: f64 = rates.iter().zip(&cotangent).map(|(rate, bar)| rate * bar).sum();
            near(gradient[name], along, 1e-9);
        }
        gradient
    }};
}

#[test]
fn back_through_rows_as_differences_say() {
    let of = |alpha: f64, thrift: f64, depth| loss(listener(alpha, thrift, depth).values());
    for depth in 0..4 {
        let gradient = slopes_agree!(listener(1.3, 0.4, depth), ["alpha", "thrift"]);
        near(gradient["alpha"], difference(|alpha| of(alpha, 0.4, depth), 1.3), 1e-7);
        near(gradient["thrift"], difference(|thrift| of(1.3, thrift, depth), 0.4), 1e-7);
    }
    for depth in 0..3 {
        let gradient = slopes_agree!(both(1.3, depth), ["alpha"]);
        near(gradient["alpha"], difference(|alpha| loss(both(alpha, depth).values()), 1.3), 1e-7);
    }
    let gradient = slopes_agree!(salient(0.8, 0.6), ["alpha", "salience"]);
    near(gradient["alpha"], difference(|alpha| loss(salient(alpha, 0.6).values()), 0.8), 1e-7);
    near(gradient["salience"], difference(|salience| loss(salient(0.8, salience).values()), 0.6), 1e-7);
    let gradient = slopes_agree!(expected(0.3), ["alpha"]);
    near(gradient["alpha"], difference(|alpha| loss(expected(alpha).values()), 0.3), 1e-7);
}

#[test]
fn what_is_rare_is_told() {
    for (referent, utterance) in [(false, false), (true, false), (false, true), (true, true)] {
        let gradient = slopes_agree!(rare(1.3, referent, utterance, 2), ["alpha"]);
        let of = |alpha: f64| rare(alpha, referent, utterance, 2);
        near(gradient["alpha"], difference(|alpha| loss(of(alpha).values()), 1.3), 1e-7);
        // The rare ones alone.
        let row = |cells: &[f64]| cells[2 * 37..3 * 37].iter().map(|p| p * p).sum();
        let column =
            |cells: &[f64]| cells[2..].iter().step_by(37).map(|p| p * 1e150 * (p * 1e150 + 1.0)).sum();
        for part in [&row as &dyn Fn(&[f64]) -> f64, &column] {
            let mut call = rare::record(1.3, referent, utterance, 2);
            let cells = call.value().values().to_vec();
            let moved = |at: usize, by: f64| {
                let mut cells = cells.clone();
                cells[at] *= 1.0 + by;
                part(&cells)
            };
            let slope = |at: usize| {
                if cells[at] == 0.0 { 0.0 } else { (moved(at, 1e-6) - moved(at, -1e-6)) / (2e-6 * cells[at]) }
            };
            let cotangent: Vec<f64> = (0..cells.len()).map(slope).collect();
            near(call.vjp(&cotangent)["alpha"], difference(|alpha| part(of(alpha).values()), 1.3), 1e-5);
        }
    }
}

/// Cells of all rows count alike, so that nothing changes: chances add up to one.
#[test]
fn what_is_certain_does_not_change() {
    let (sum, gradient) = listener::record(2.0, 0.3, 3).loss_and_grad(|_, p| p);
    // One utterance fits nothing.
    near(sum, 22.0, 1e-12);
    assert!(gradient["alpha"].abs() < 1e-12 && gradient["thrift"].abs() < 1e-12, "{gradient}");
}

/// A tape goes back through the same rows.
#[test]
fn a_tape_and_a_second_derivative_agree() {
    fn of<'t>(x: &[memo::Var<'t, 'static>]) -> memo::Var<'t, 'static> {
        let table = listener::traced(x[0], x[1], 2);
        table.cells().iter().enumerate().map(|(at, p)| of_cell(at, *p)).sum()
    }
    let (value, slopes) = memo::grad(&[1.1, 0.2], of);
    let (found, gradient) = listener::record(1.1, 0.2, 2).loss_and_grad(of_cell);
    near(found, value, 1e-12);
    near(gradient["alpha"], slopes[0], 1e-11);
    near(gradient["thrift"], slopes[1], 1e-11);
    let (_, _, along) = memo::hvp(&[1.1, 0.2], &[1.0, 0.0], of);
    let slope = |alpha| listener::record(alpha, 0.2, 2).loss_and_grad(of_cell).1["alpha"];
    near(along[0], difference(slope, 1.1), 1e-7);
    for is_rare in [false, true] {
        let (_, _, along) = memo::hvp(&[1.1], &[1.0], |x: &[memo::Var<'_, 'static>]| {
            let table = rare::traced(x[0], is_rare, false, 2);
            table.cells().iter().enumerate().map(|(at, p)| of_cell(at, *p)).sum()
        });
        let slope = |alpha| rare::record(alpha, is_rare, false, 2).loss_and_grad(of_cell).1["alpha"];
        near(along[0], difference(slope, 1.1), 1e-7);
    }
}

#[test]
fn infinite_derivatives_that_count_for_nothing() {
    let root = |_: usize, p: Dual<1>| p.sqrt();
    let (found, gradient) = rooted::record(0.7).loss_and_grad(root);
    let of = |alpha: f64| rooted(alpha).values().iter().map(|p| p.sqrt()).sum::<f64>();
    near(found, of(0.7), 1e-13);
    near(gradient["alpha"], difference(of, 0.7), 1e-8);
    let (_, gradient) = listener::record(0.7, 0.2, 2).loss_and_grad(root);
    let of = |alpha: f64| listener(alpha, 0.2, 2).values().iter().map(|p| p.sqrt()).sum::<f64>();
    near(gradient["alpha"], difference(of, 0.7), 1e-8);
}

/// A surprise at what was seen; of what was not seen the chance may be anything.
#[test]
fn small_models_have_losses_too() {
    let counts = [3.0, 0.0, 5.0];
    let surprise = |at: usize, p: Dual<1>| p.ln() * -counts[at];
    let (found, gradient) = coin::record(0.4, 0.2).loss_and_grad(surprise);
    let of = |beta: f64, rate: f64| -> f64 {
        coin(beta, rate).values().iter().zip(counts).map(|(p, count)| -count * p.ln()).sum()
    };
    near(found, of(0.4, 0.2), 1e-14);
    near(gradient["beta"], difference(|beta| of(beta, 0.2), 0.4), 1e-9);
    near(gradient["rate"], difference(|rate| of(0.4, rate), 0.2), 1e-9);
}

/// How often a cell was seen; of some that cannot be, never.
fn seen(table: &[f64]) -> Vec<f64> {
    table.iter().enumerate().map(|(at, p)| if *p > 0.0 { (at * 29 % 7) as f64 } else { 0.0 }).collect()
}

/// Of models that carry their derivatives forward, go back, and go back by logarithms.
#[test]
fn counts_surprise_as_a_loss_by_cells_does() {
    macro_rules! agree {
        ($model:ident($($argument:expr),*), $names:expr) => {{
            let mut call = $model::record($($argument),*);
            let counts = seen(call.value().values());
            let surprise = |at: usize, p: Dual<1>| if counts[at] > 0.0 { p.ln() * -counts[at] } else { 0.0.into() };
            let (loss, gradient) = call.surprise_and_grad(&counts);
            let (expected, by_cells) = call.loss_and_grad(surprise);
            near(loss, expected, 1e-13);
            for name in $names {
                near(gradient[name], by_cells[name], 1e-11);
            }
        }};
    }
    agree!(coin(0.4, 0.2), ["beta", "rate"]);
    agree!(listener(1.3, 0.4, 0), ["alpha", "thrift"]);
    agree!(listener(1.3, 0.4, 2), ["alpha", "thrift"]);
    agree!(both(1.3, 2), ["alpha"]);
    agree!(expected(0.3), ["alpha"]);
    let of = |alpha: f64| -> f64 {
        let table = listener(alpha, 0.4, 2);
        let pairs = || table.values().iter().zip(seen(table.values()));
        pairs().filter(|(_, count)| *count > 0.0).map(|(p, count)| -count * p.ln()).sum()
    };
    let mut call = listener::record(1.3, 0.4, 2);
    let counts = seen(call.value().values());
    near(call.surprise_and_grad(&counts).1["alpha"], difference(of, 1.3), 1e-7);
}

/// What was seen and cannot be is infinitely surprising; counts that do not fit are an error.
#[test]
fn counts_of_what_cannot_be() {
    let mut call = listener::record(1.3, 0.4, 1);
    let mut counts = seen(call.value().values());
    let never = call.value().values().iter().position(|p| *p == 0.0);
    counts[never.unwrap_or_else(|| panic!("nothing is impossible"))] = 1.0;
    assert_eq!(call.surprise_and_grad(&counts).0, f64::INFINITY);
    let error = call.try_surprise_and_grad(&counts[1..]).map(|(loss, _)| loss);
    let (cells, found) = (counts.len(), counts.len() - 1);
    assert_eq!(error, Err(memo::Error::CotangentSize { model: "listener".into(), cells, found }));
}

/// Whoever adds it up, a loss is the same.
#[test]
fn threads_add_up_the_same_loss() {
    const MANY: Range<i64> = 0..300;
    #[memo(grad)]
    fn large<u: MANY, r: MANY>(alpha: f64, depth: i64) {
        model! {
            listener: thinks[
                speaker: given(r in MANY, wpp = 1 + r % 3),
                speaker: chooses(u in MANY, wpp = (1 + (u * 7 + r * 13) % 11) * (1 if depth == 0 else exp(alpha * large[u, r](alpha, depth - 1))))
            ];
            listener: observes [speaker.u] is u;
            listener: chooses(r in MANY, wpp = Pr[speaker.r == r]);
            return Pr[listener.r == r];
        }
    }
    let bits = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        let pool = pool.unwrap_or_else(|error| panic!("{error}"));
        let (loss, gradient) = pool.install(|| large::record(3.0, 2).loss_and_grad(of_cell));
        (loss.to_bits(), gradient["alpha"].to_bits())
    };
    let alone = bits(1);
    assert!((2..=4).all(|threads| bits(threads) == alone));
    let (_, slope) = alone;
    near(f64::from_bits(slope), difference(|alpha| loss(large(alpha, 2).values()), 3.0), 1e-7);
}
