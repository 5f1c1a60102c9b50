//! The layout for one long axis: a model over many places says of each what the
//! same model over a few does.

use memo::prelude::*;
use std::ops::Range;

/// What there is to choose.
#[derive(Clone, Copy, Debug, PartialEq, Domain)]
pub enum State {
    /// No water.
    Dry,
    /// Water.
    Wet,
    /// Ice.
    Frozen,
}

/// What is seen of it.
#[derive(Clone, Copy, Debug, PartialEq, Domain)]
pub enum Sign {
    /// On shoes.
    Mud,
    /// On the ground.
    Leaves,
}

/// At every seventh place one state shows in no sign; at every fifth there is none.
pub fn shows(sign: Sign, state: State, t: i64) -> f64 {
    match (sign, state, t % 7, t % 5) {
        (_, _, _, 4) if state != State::Dry => 0.0,
        (Sign::Mud, State::Wet, 0, _) => 0.0,
        _ => 1.0 + ((t * 7919 + 31 * sign as i64 + 17 * state as i64) % 13) as f64,
    }
}

macro_rules! models {
    ($module:ident, $range:expr) => {
        mod $module {
            use super::*;

            pub const T: Range<i64> = $range;

            /// The likeliest state, and how likely each is, at each place.
            #[memo]
            pub fn judge<t: T, s: State>(level: i64, p: f64) {
                model! {
                    judge: knows(t, s);
                    judge: thinks[
                        other: knows(t),
                        other: chooses(s in State, wpp = judge[t, s](level - 1, p) if level > 0 else p + t % 3),
                        other: chooses(r in Sign, wpp = shows(r, s, t))
                    ];
                    other: knows(t);
                    other: chooses(s in State, wpp = 1);
                    other: chooses(r in Sign, wpp = shows(r, s, t));
                    judge: observes [other.r] is other.r;
                    judge: chooses(v in State, to_maximize = Pr[v == other.s]);
                    return Pr[judge.v == s] + E[judge[Pr[other.s == s]]] / 8;
                }
            }

            /// By exponentials, and the worst.
            #[memo]
            pub fn soft<t: T>(p: f64) {
                model! {
                    a: knows(t);
                    a: chooses(s in State, wpp = exp(p * shows({ Sign::Mud }, s, t)));
                    a: chooses(r in Sign, to_minimize = p * shows(r, s, t));
                    a: chooses(w in Sign, wpp = p * shows(w, s, t) + (w == r));
                    return Pr[a.w == Sign::Mud] + E[p * shows(a.r, a.s, t)];
                }
            }
        }
    };
}
models!(few, 0..40);
models!(many, 0..4_000);
models!(too_many, 0..60_000);

#[test]
fn places_know_nothing_of_how_many_there_are() {
    for level in 0..3 {
        let (few, many) = (few::judge(level, 0.5), many::judge(level, 0.5));
        for t in few::T {
            for s in [State::Dry, State::Wet, State::Frozen] {
                assert!(
                    (few[(t, s)] - many[(t, s)]).abs() < 1e-14,
                    "{level}, {t}, {s:?}: {few} {}",
                    many[(t, s)]
                );
            }
        }
        assert_eq!(
            few.impossible(),
            many.impossible().into_iter().filter(|(t, _)| *t < 40).collect::<Vec<_>>()
        );
    }
    let (many, too_many) = (many::judge(1, 0.5), too_many::judge(1, 0.5));
    assert!({ many::T }.all(|t| (many[(t, State::Wet)] - too_many[(t, State::Wet)]).abs() < 1e-14));
    let (few, many, too_many) = (few::soft(0.3), many::soft(0.3), too_many::soft(0.3));
    for t in many::T {
        assert!((many[t] - too_many[t]).abs() < 1e-14, "{t}");
        assert!(t >= 40 || (few[t] - many[t]).abs() < 1e-14, "{t}");
    }
}

#[test]
fn a_bad_weight_is_told_with_its_place() {
    for error in [few::soft::try_call(-1.0), many::soft::try_call(-1.0)].map(|table| table.map(|_| ())) {
        let error = error.expect_err("weights are negative").to_string();
        assert!(error.contains("t = 0"), "{error}");
    }
}
