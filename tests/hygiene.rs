//! Generated code and the user's names never meet.

#![no_implicit_prelude]
#![allow(dead_code, non_upper_case_globals, reason = "names are there to be in the way")]

extern crate memo as renamed;
extern crate std;

use ::renamed::{Domain, memo};
use ::std::assert_eq;
use ::std::ops::Range;
use ::std::prelude::rust_2024::{Clone, Copy, Debug, PartialEq, derive, test};

// What generated code must not pick up.
struct Vec;
struct Result;
enum Option {
    Some,
    None,
}
fn eq() {}
mod memo_runtime {}
const START: f64 = 8.0;

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
#[domain(crate = ::renamed)]
enum Coin {
    Ok,
    Err,
}

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
#[domain(crate = ::renamed)]
struct Pair {
    index: Coin,
    #[domain(0..2)]
    value: u8,
}

const Axis0: Range<i64> = 0..2;

/// The macro of a model's body may be written with its path.
#[memo(crate = ::renamed)]
fn by_path<c: Coin>() {
    ::renamed::model! {
        alice: chooses(c in Coin, wpp = 1);
        return Pr[alice.c == c];
    }
}

/// Parameters and choices with the names of local variables of generated
/// code.
#[memo(crate = ::renamed)]
fn clashes<at: Axis0, mass: Coin>(
    total: f64,
    mean: f64,
    masses: f64,
    calls: f64,
    inputs: f64,
    axes: f64,
    tables: f64,
    impossible: f64,
) {
    model! {
        bad: knows(at);
        bad: thinks[ job: chooses(moments in Coin, wpp = exp(total) * mean + (moments == Coin::Ok)) ];
        bad: thinks[ job: chooses(result in Pair, wpp = masses + calls) ];
        bad: observes [job.moments] is mass;
        return bad[E[job.result.value]] + bad[H[job.result]] * 0 + inputs + axes + tables + impossible
            + { START } + at + mass + total + mean + masses + calls;
    }
}

#[memo(crate = ::renamed)]
fn calls_it<x: Axis0, y: Coin>(total: f64) {
    model! {
        return clashes[x, y](total, total, total, total, total, total, total, total);
    }
}

/// The same for what `explain` adds.
#[memo(crate = ::renamed, explain, cache, strict, grad)]
fn explained<at: Axis0>(key: f64, cell: f64, explanation: f64, axes: f64) {
    model! {
        bad: thinks[ job: chooses(moments in 0..2_i64, wpp = key + moments * cell * explanation * axes) ];
        bad: observes [job.moments] is at;
        bad: thinks[ job: chooses(result in Pair, uniformly) ];
        return bad[Pr[job.result.value == job.moments]];
    }
}

#[test]
fn names_do_not_meet() {
    let table = clashes(1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0);
    // ½ + 255 + 8 + at + mass
    assert_eq!(table[(1, Coin::Err)], 265.5);
    assert_eq!(calls_it(1.0)[(0, Coin::Ok)], 16.5);
    assert_eq!(by_path()[Coin::Ok], 0.5);
    let why = explained::explain(1.0, 1.0, 1.0, 1.0, 1);
    assert_eq!((why.prior(), why.value(), why.worlds()[0].choices().len()), (0.5, 0.5, 1));
    assert_eq!(why.steps()[0].likelihood(), ::std::option::Option::Some(2.0 / 3.0));
    assert_eq!(::renamed::Domain::label(&Pair, 3), "Pair {index: Err, value: 1}");
}

/// The same for derivatives.
#[memo(crate = ::renamed, grad)]
fn differentiated<at: Axis0, rate: Coin>(
    bar: f64,
    bars: f64,
    rates: f64,
    saved: f64,
    returned: f64,
    tangents: f64,
    sum_of_0: f64,
    level: i64,
) {
    model! {
        bad: knows(at);
        bad: thinks[
            job: chooses(one in Coin, wpp = exp(bar * (one == Coin::Ok)) + bars),
            job: chooses(share in Pair, wpp = rates + saved * share.value)
        ];
        bad: observes [job.one] is rate;
        return 0 if level == 0 else bad[E[job.share.value]] * returned + bad[Var[job.share.value]] ** tangents
            + at * max(sum_of_0, 0.1) + bars
            * differentiated[at, rate](bar, bars / 2, rates, saved, returned, tangents, sum_of_0, level - 1);
    }
}

#[test]
fn derivatives_keep_to_themselves() {
    let table = differentiated::jacobian(1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 2);
    assert_eq!(table.table("sum_of_0")[(1, Coin::Ok)], 3.0);
    assert_eq!(table.table("sum_of_0")[(0, Coin::Ok)], 0.0);
    let (_, gradient) = differentiated::vjp(1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 2, &[0.0, 0.0, 1.0, 0.0]);
    assert_eq!(gradient["sum_of_0"], 3.0);
    let (_, slopes) = ::renamed::grad(&[7.0], |x| {
        differentiated::traced(1.0, 2.0, 3.0, 4.0, 5.0, 6.0, x[0], 2)[(1, Coin::Ok)]
    });
    assert_eq!(slopes, [3.0]);
}
