//! What memo 1.3.3 answers wrongly without a word, from `docs/better-than-memo.md`:
//! our answers, each with memo's beside it. `benches/compare/wrong_answers.py` asks
//! memo itself.

use memo::Error;
use memo::prelude::*;
use std::ops::Range;

const X: Range<i64> = 0..3;

fn near(found: &Table<(Range<i64>,)>, wanted: [f64; 3]) {
    let near = found.values().iter().zip(wanted).all(|(a, b)| (a - b).abs() < 1e-12);
    assert!(near, "{:?} is not {wanted:?}", found.values());
}

#[memo]
fn impossible<x: X>() {
    model! {
        alice: thinks[ bob: chooses(y in X, wpp = y == 1), bob: chooses(z in X, wpp = 1 + z) ];
        alice: observes [bob.y] is x;
        return alice[E[bob.z]];
    }
}

#[memo(strict)]
fn impossible_in_earnest<x: X>() {
    model! {
        alice: thinks[ bob: chooses(y in X, wpp = y == 1), bob: chooses(z in X, wpp = 1 + z) ];
        alice: observes [bob.y] is x;
        return alice[E[bob.z]];
    }
}

/// memo: 0, 4/3, 0.
#[test]
fn impossible_observations() {
    let table = impossible();
    near(&table, [0.0, 4.0 / 3.0, 0.0]);
    assert_eq!(table.impossible(), [0, 2]);
    assert!(matches!(impossible_in_earnest::try_call(), Err(Error::ImpossibleEvidence { .. })));
}

#[memo]
fn no_weight<x: X>(w: f64) {
    model! { alice: chooses(y in X, wpp = w); return Pr[alice.y == x]; }
}

/// memo: 0, 0, 0.
#[test]
fn weights_of_zero() {
    let table = no_weight(0.0);
    near(&table, [0.0; 3]);
    assert_eq!(table.impossible(), [0, 1, 2]);
    assert!(no_weight(1.0).impossible().is_empty());
}

#[memo]
fn negative<x: X>() {
    model! { alice: chooses(y in X, wpp = y - 0.5); return Pr[alice.y == x]; }
}

/// memo: chances of -1/3, 1/3 and 1.
#[test]
fn negative_weights() {
    let Err(Error::BadWeight { model, agent, choice, cell, value }) = negative::try_call() else {
        panic!("-0.5 is no weight")
    };
    assert_eq!((model.as_str(), agent.as_str(), choice.as_str(), value), ("negative", "alice", "y", -0.5));
    assert_eq!(cell, [("alice.y".to_string(), "0".to_string())]);
}

#[memo]
fn beyond_the_end<x: X>(w: &[f64]) {
    model! { return w[x + 1]; }
}

/// memo: 2, 4, and 4 once more.
#[test]
fn an_index_out_of_bounds() {
    let error = beyond_the_end::try_call(&[1.0, 2.0, 4.0]).map(|_| ()).unwrap_err();
    assert!(matches!(error, Error::OutOfBounds { .. }), "{error}");
    near(&beyond_the_end(&[1.0, 2.0, 4.0, 8.0]), [2.0, 4.0, 8.0]);
}

#[memo]
fn product_of_exponentials<x: X>(b: f64) {
    model! { alice: chooses(y in X, wpp = exp(-b * (y + 1)) * exp(-b * (y + 2))); return Pr[alice.y == x]; }
}

#[memo]
fn sum_of_exponentials<x: X>(b: f64) {
    model! { alice: chooses(y in X, wpp = exp(b * y) + exp(b)); return Pr[alice.y == x]; }
}

#[memo]
fn scaled_exponential<x: X>(b: f64) {
    model! { alice: chooses(y in X, wpp = exp(b * y) * (1 + y)); return Pr[alice.y == x]; }
}

/// memo: 0, 0, 0 for each.
#[test]
fn exponentials_out_of_range() {
    near(&product_of_exponentials(60.0), [1.0, 0.0, 0.0]);
    near(&product_of_exponentials(5_000.0), [1.0, 0.0, 0.0]);
    near(&sum_of_exponentials(100.0), [0.0, 0.0, 1.0]);
    near(&scaled_exponential(100.0), [0.0, 0.0, 1.0]);
}

#[memo]
fn joint_evidence<x: X>() {
    model! {
        alice: thinks[
            bob: chooses(y in X, wpp = 1),
            bob: chooses(z in X, wpp = 1 + (z == y)),
            bob: chooses(v in X, wpp = 1 + v * y + z)
        ];
        alice: observes [bob.y] is x;
        alice: observes [bob.z] is x;
        return alice[E[bob.v]];
    }
}

/// memo: fails with a message about axes that cannot be squeezed out.
#[test]
fn two_observations_on_one_axis() {
    let mean = |x: f64| {
        let weights = [0.0, 1.0, 2.0].map(|v| 1.0 + v * x + x);
        (weights[1] + 2.0 * weights[2]) / weights.iter().sum::<f64>()
    };
    near(&joint_evidence(), [mean(0.0), mean(1.0), mean(2.0)]);
}

mod elsewhere {
    use memo::prelude::*;

    /// Five values, also called `X`.
    #[memo]
    pub fn inner<x: X>() {
        model! { return 10 * x; }
    }

    pub const X: std::ops::Range<i64> = 0..5;
}

#[memo]
fn same_name<x: X>() {
    model! {
        alice: chooses(y in X, wpp = 1);
        return E[elsewhere::inner[alice.y]()] + x;
    }
}

/// memo: 10, 11, 12, as if the inner model had three values.
#[test]
fn domains_of_one_name() {
    assert!(matches!(same_name::try_call(), Err(Error::DomainMismatch { .. })));
    assert_eq!(elsewhere::inner()[4], 40.0);
}

#[path = "../benches/models/chains.rs"]
mod chains;

/// memo: chances that sum to 0.71.
#[test]
fn a_chain_of_fifteen() {
    assert!((chains::fifteen().values().iter().sum::<f64>() - 1.0).abs() < 1e-14);
}
