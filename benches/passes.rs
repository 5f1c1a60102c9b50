//! What each pass of the optimiser is worth: the same model with all passes and
//! without one. `cargo bench --bench passes`.

use divan::{Bencher, black_box};
use memo::prelude::*;

fn main() {
    divan::main();
}

/// Four values.
pub const FOUR: std::ops::Range<i64> = 0..4;
/// Many.
pub const MANY: std::ops::Range<i64> = 0..200;
/// Cells of a corridor.
pub const CELLS: std::ops::Range<i64> = 0..100;

/// Places.
pub const PLACES: std::ops::Range<i64> = 0..500;
/// Ways to go.
pub const WAYS: std::ops::Range<i64> = 0..12;

/// Left or right.
#[derive(Clone, Copy, Debug, PartialEq, Domain)]
pub enum Step {
    /// One cell back.
    Left,
    /// One cell on.
    Right,
}

fn leads_to(s: i64, a: Step, next: i64) -> bool {
    next == (s + if a == Step::Left { -1 } else { 1 }).clamp(0, 99)
}

fn fit(u: i64, r: i64) -> f64 {
    ((u * 7919 + r * 104_729) % 1000 + 1) as f64 / 1000.0
}

/// A model and a call of it, twice: with the pass and without.
macro_rules! pair {
    ($pass:ident, $off:ident, $arguments:tt, $(#[$doc:meta])* fn $($model:tt)*) => {
        mod $pass {
            use super::*;

            mod with {
                use super::*;
                $(#[$doc])*
                #[memo]
                pub fn $($model)*
            }

            mod without {
                use super::*;
                $(#[$doc])*
                #[memo($off)]
                pub fn $($model)*
            }

            #[divan::bench]
            fn with_it(bencher: Bencher<'_, '_>) {
                bencher.bench(|| with::model $arguments);
            }

            #[divan::bench]
            fn without_it(bencher: Bencher<'_, '_>) {
                bencher.bench(|| without::model $arguments);
            }
        }
    };
}

pair! { share, without_share, (black_box(0.5)),
    /// Two minds with the same belief.
    fn model<x: MANY>(k: f64) { model! {
        a: thinks[ b: chooses(y in MANY, wpp = exp(k * fit(y, 3))), b: chooses(z in MANY, wpp = exp(k * fit(y, z))) ];
        c: thinks[ b: chooses(y in MANY, wpp = exp(k * fit(y, 3))), b: chooses(z in MANY, wpp = exp(k * fit(y, z))) ];
        a: knows(x);
        c: knows(x);
        return a[Pr[b.z == x]] - c[Pr[b.z == x]];
    } }
}

pair! { eliminate, without_eliminate, (black_box(0.5)),
    /// A chain of eight choices.
    fn model<x: FOUR>(k: f64) { model! {
        a: chooses(x1 in FOUR, wpp = k + x1);
        a: chooses(x2 in FOUR, wpp = k + (x1 == x2));
        a: chooses(x3 in FOUR, wpp = k + (x2 == x3));
        a: chooses(x4 in FOUR, wpp = k + (x3 == x4));
        a: chooses(x5 in FOUR, wpp = k + (x4 == x5));
        a: chooses(x6 in FOUR, wpp = k + (x5 == x6));
        a: chooses(x7 in FOUR, wpp = k + (x6 == x7));
        a: chooses(x8 in FOUR, wpp = k + (x7 == x8));
        return Pr[a.x8 == x];
    } }
}

pair! { fuse, without_fuse, (black_box(1.0)),
    /// A listener and her speaker.
    fn model<u: FOUR, r: MANY>(k: f64) { model! {
        listener: thinks[
            speaker: given(r in MANY, wpp = 1),
            speaker: chooses(u in FOUR, wpp = exp(k * fit(u, r)))
        ];
        listener: observes [speaker.u] is u;
        listener: chooses(r in MANY, wpp = Pr[speaker.r == r]);
        return Pr[listener.r == r];
    } }
}

pair! { hoist, without_hoist, (black_box(20)),
    /// A walk along a corridor.
    fn model<s: CELLS, a: Step>(t: i64) { model! {
        alice: knows(s, a);
        alice: given(s_ in CELLS, wpp = leads_to(s, a, s_));
        alice: chooses(a_ in Step, to_maximize = 0.0 if t < 1 else model[s_, a_](t - 1));
        return E[(s == 99) - 0.1 + (0.0 if t < 1 else model[alice.s_, alice.a_](t - 1))];
    } }
}

pair! { best, without_best, (black_box(20)),
    /// A walk among five hundred places, a dozen ways at each.
    fn model<s: PLACES, a: WAYS>(t: i64) { model! {
        alice: knows(s, a);
        alice: given(s_ in PLACES, wpp = s_ == (s * 7 + a) % 500);
        alice: chooses(a_ in WAYS, to_maximize = 0.0 if t < 1 else model[s_, a_](t - 1));
        return E[(s == 99) - 0.1 + (0.0 if t < 1 else model[alice.s_, alice.a_](t - 1))];
    } }
}

pair! { layout, without_layout, (black_box(1.0), black_box(2)),
    /// Rational speech acts over a big lexicon.
    fn model<u: MANY, r: MANY>(alpha: f64, depth: i64) { model! {
        listener: thinks[
            speaker: given(r in MANY, wpp = 1),
            speaker: chooses(u in MANY, wpp = fit(u, r) * (1 if depth == 0 else exp(alpha * model[u, r](alpha, depth - 1))))
        ];
        listener: observes [speaker.u] is u;
        listener: chooses(r in MANY, wpp = Pr[speaker.r == r]);
        return Pr[listener.r == r];
    } }
}

pair! { decide, without_decide, (black_box(0.5)),
    /// A judge takes the likeliest of what may have made a noise.
    fn model<t: MANY>(p: f64) { model! {
        judge: knows(t);
        judge: thinks[
            other: knows(t),
            other: chooses(s in MANY, wpp = p + s),
            other: chooses(r in FOUR, wpp = fit(r + s, t))
        ];
        other: knows(t);
        other: chooses(s in MANY, wpp = p + s);
        other: chooses(r in FOUR, wpp = fit(r + s, t));
        judge: observes [other.r] is other.r;
        judge: chooses(v in MANY, to_maximize = Pr[other.s == v]);
        return E[judge.v];
    } }
}

pair! { long, without_long, (black_box(0.5)),
    /// The same at many places, with little to choose between.
    fn model<t: MANY>(p: f64) { model! {
        judge: knows(t);
        judge: thinks[
            other: knows(t),
            other: chooses(s in FOUR, wpp = p + s),
            other: chooses(r in FOUR, wpp = fit(r + s, t))
        ];
        other: knows(t);
        other: chooses(s in FOUR, wpp = p + s);
        other: chooses(r in FOUR, wpp = fit(r + s, t));
        judge: observes [other.r] is other.r;
        judge: chooses(v in FOUR, to_maximize = Pr[other.s == v]);
        return E[judge.v];
    } }
}
