//! Small models that call others: on the stack where all of them are small, else the
//! general way.

use memo::__private::SmallSize;
use memo::prelude::*;
use memo::{Error, Gradient};

use super::{N, Thing, Word, close, fits};

/// Models that call each other, twice: as they are compiled, and without the compact way.
/// The one that is called from outside is `f`.
macro_rules! chain {
    ($name:ident, $([$($options:tt)*] { $($model:tt)* })*) => {
        pub(super) mod $name {
            #![allow(dead_code, reason = "the function of each is one of several ways to it")]
            pub(crate) mod compact {
                use super::super::*;
                $(#[memo($($options)*)] pub(crate) $($model)*)*
            }
            pub(crate) mod general {
                use super::super::*;
                $(#[memo($($options)*, without_compact)] pub(crate) $($model)*)*
            }
        }
    };
}

/// Whether a chain has a compact way.
macro_rules! is_compact {
    ($name:ident) => {{
        assert_eq!($name::general::f::__small_size(SmallSize::LEVELS).cells, 0);
        $name::compact::f::__small_size(SmallSize::LEVELS).cells != 0
    }};
}

chain! { speech,
    [grad] {
        fn literal<u: Word, r: Thing>(x: f64) {
            model! {
                listener: knows(u);
                listener: chooses(r in Thing, wpp = fits(u, r) * exp(-x * (r == Thing::GreenCircle)));
                return Pr[listener.r == r];
            }
        }
    }
    [grad] {
        fn speaker<r: Thing, u: Word>(x: f64, y: f64) {
            model! {
                speaker: knows(r);
                speaker: chooses(u in Word, wpp = fits(u, r) * exp(y * literal[u, r](x)));
                return Pr[speaker.u == u];
            }
        }
    }
    [grad] {
        fn f<u: Word, r: Thing>(x: f64, y: f64) {
            model! {
                listener: knows(u);
                listener: chooses(r in Thing, wpp = speaker[r, u](x, 2 * y + x) * (1 + y * y));
                return Pr[listener.r == r];
            }
        }
    }
}

#[test]
fn a_listener_to_a_speaker_to_a_listener() {
    assert!(is_compact!(speech));
    for (x, y) in [(0.5, 0.25), (0.0, 0.0), (-1.5, 3.0), (2.0, -1.0)] {
        agree!(speech(x, y));
    }
    // Exponents that plain products would let overflow, and no numbers.
    for (x, y) in [(1e4, 1.0), (0.1, 1e4), (f64::NAN, 1.0), (1.0, f64::INFINITY)] {
        agree!(speech(x, y));
    }
    // At 0 all that fits is as likely: a green square is called green or square, and so
    // on, each by a half.
    let found = speech::compact::f::record(0.0, 0.0).into_value();
    close(found.values(), &[0.5, 0.5, 0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.5, 0.5]);
}

chain! { arguments,
    [grad] {
        fn scaled<n: N, m: N>(x: f64, k: i64, y: f64) {
            model! {
                a: given(n in N, wpp = 1);
                a: chooses(m in N, wpp = exp(x * n * m - y * k * m));
                return Pr[a.n == n, a.m == m];
            }
        }
    }
    [grad(x)] {
        fn in_one<n: N>(x: f64, y: f64) {
            model! {
                a: chooses(n in N, wpp = 1 + x * x * n + y * y);
                return Pr[a.n == n];
            }
        }
    }
    [grad] {
        fn one(x: f64) {
            model! {
                a: chooses(n in N, wpp = 1 + x * x * n);
                return E[a.n] ** 2;
            }
        }
    }
    [grad] {
        fn f<n: N, m: N>(x: f64, y: f64, k: i64) {
            model! {
                return scaled[n, m](x + y, k + 1, 0.5) + x * scaled[m, n](0.25, 2, y)
                    + (scaled[n, n](x, k, exp(y)) if k > 1 else in_one[m](y, x))
                    + scaled[n, m](0.1, k, 0.2) * one[](x * y);
            }
        }
    }
}

/// Numbers that move and others, in any order, and a model that is differentiated with
/// respect to one of its numbers only.
#[test]
fn arguments_of_all_kinds() {
    assert!(is_compact!(arguments));
    for (x, y) in [(0.5, 0.25), (0.0, 1.0), (-1.5, 0.3)] {
        for k in [0, 1, 2, 3] {
            agree!(arguments(x, y, k));
        }
    }
}

chain! { hidden,
    [grad] {
        fn inner<w: Word>(x: f64, y: f64) {
            model! {
                a: thinks[
                    b: chooses(r in Thing, wpp = if r == Thing::PinkCircle { y } else { x * x }),
                    b: chooses(w in Word, wpp = fits(w, r) * max(x, 0.0))
                ];
                a: observes [b.w] is w;
                return a[Pr[b.r == Thing::GreenSquare]];
            }
        }
    }
    [grad] {
        fn f<w: Word, r: Thing>(x: f64, y: f64) {
            model! {
                a: knows(w);
                a: chooses(r in Thing, wpp = 1 + inner[w](x, y) * (r == Thing::PinkCircle));
                return Pr[a.r == r] + x * inner[w](x, y);
            }
        }
    }
}

/// What is impossible in a model that is called is marked where it is read, and what is
/// wrong there is told as always.
#[test]
fn what_a_called_model_cannot_do() {
    assert!(is_compact!(hidden));
    for (x, y) in [(0.5, 0.25), (0.0, 0.4), (0.3, 0.0), (-1.0, 0.5), (0.2, -1.0), (f64::NAN, 1.0)] {
        agree!(hidden(x, y));
    }
    // Who is pink where nothing is: a square can still be green.
    assert!(hidden::compact::f(0.3, 0.0).impossible().len() == 3);
    let error = hidden::compact::f::try_record(0.2, -1.0).expect_err("a weight below 0");
    assert!(matches!(error, Error::BadWeight { .. }), "{error:?}");
}

chain! { deep,
    [grad] {
        fn step<n: N>(x: f64, t: i64) {
            model! {
                a: chooses(n in N, wpp = 1 + n if t == 0 else exp(x * step[n](x, t - 1)));
                return Pr[a.n == n];
            }
        }
    }
    [grad] {
        fn f<n: N>(x: f64, t: i64) {
            model! {
                return step[n](x, t) - step[n](2 * x, 0) + step[n](0.5, t + 1);
            }
        }
    }
}

#[test]
fn a_recursion_that_is_called() {
    assert!(is_compact!(deep));
    for x in [0.0, 1.0, -2.5] {
        for t in [0, 1, 5, 40] {
            agree!(deep(x, t));
        }
    }
    agree!(deep(0.5, -1));
}

chain! { several,
    [grad] {
        fn pair<n: N>(x: f64) {
            model! {
                a: chooses(n in N, wpp = exp(x * n));
                return Pr[a.n == n];
                return x * n;
            }
        }
    }
    [grad] {
        fn f<n: N>(x: f64) {
            model! {
                return pair[0][n](x) * pair[1][n](x);
            }
        }
    }
}

chain! { plain,
    [grad] {
        fn even<n: N>(x: f64, t: i64) {
            model! {
                a: chooses(n in N, wpp = 1 + n if t == 0 else exp(x * f[n](x, t - 1)));
                return Pr[a.n == n];
            }
        }
    }
    [grad] {
        fn f<n: N>(x: f64, t: i64) {
            model! {
                a: chooses(n in N, wpp = 4 - n if t == 0 else exp(-x * even[n](x, t - 1)));
                return Pr[a.n == n];
            }
        }
    }
}

#[memo]
fn prior<n: N>(k: i64) {
    model! {
        a: chooses(n in N, wpp = k + n);
        return Pr[a.n == n];
    }
}

#[memo(grad, cache)]
fn cached<n: N>(x: f64) {
    model! {
        a: chooses(n in N, wpp = exp(x * n));
        return Pr[a.n == n];
    }
}

chain! { unlike,
    [grad] {
        fn f<n: N>(x: f64, k: i64) {
            model! {
                a: chooses(n in N, wpp = prior[n](k) * exp(x * n));
                return Pr[a.n == n] + prior[n](2);
            }
        }
    }
}

chain! { kept,
    [grad] {
        fn f<n: N>(x: f64) {
            model! {
                a: chooses(n in N, wpp = prior[n](2) * exp(x * n));
                return Pr[a.n == n] * x;
            }
        }
    }
}

chain! { of_cache,
    [grad] {
        fn f<n: N>(x: f64) {
            model! {
                return cached[n](x) * x;
            }
        }
    }
}

chain! { of_any_length,
    [grad] {
        fn inner<n: length>(x: f64, length: &std::ops::Range<i64>) {
            model! {
                a: chooses(n in length, wpp = exp(x * n));
                return Pr[a.n == n];
            }
        }
    }
    [grad] {
        fn f<n: length>(x: f64, length: &std::ops::Range<i64>) {
            model! {
                return inner[n](x, length) * x;
            }
        }
    }
}

const MANY: std::ops::Range<i64> = 0..100;

chain! { far,
    [grad] {
        fn inner<n: MANY>(x: f64) {
            model! {
                a: chooses(n in MANY, wpp = exp(x * n / 100));
                return Pr[a.n == n];
            }
        }
    }
    [grad] {
        fn f(x: f64) {
            model! {
                a: chooses(n in MANY, wpp = 1 + n);
                return E[inner[a.n](x)] * x;
            }
        }
    }
}

/// Models that call each other in turn have no end, and yet a compact way.
#[test]
fn models_that_call_each_other_in_turn() {
    assert!(is_compact!(plain));
    for x in [0.0, 0.7, -2.0] {
        for k in [0, 1, 2, 5, 50] {
            agree!(plain(x, k));
        }
    }
    // Deeper than the stack.
    agree!(plain(0.1, 3_000));
}

/// Several tables, one that is not differentiated, a cache, a domain that is a parameter:
/// with any of these all is done the general way. One that turns out to have many values is
/// left to it when the program runs.
#[test]
fn what_is_left_to_the_general_way() {
    assert!(!is_compact!(several) && !is_compact!(unlike) && !is_compact!(of_cache));
    assert!(!is_compact!(of_any_length));
    for x in [0.0, 0.7, -2.0] {
        agree!(several(x));
        agree!(of_cache(x));
        agree!(far(x));
        agree!(of_any_length(x, &(0..5)));
        for k in [0, 1, 2, 5] {
            agree!(unlike(x, k));
        }
        agree!(kept(x));
    }
    // What rests on no parameter is kept, whatever makes it.
    assert!(is_compact!(kept));
}
