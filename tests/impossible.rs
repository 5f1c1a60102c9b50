//! Impossible evidence: 0 in the cell, and the table tells which cells those
//! are.

use memo::Error;
use memo::prelude::*;
use std::ops::Range;

const X: Range<i64> = 0..3;
const Y: Range<i64> = 0..2;

/// Bob never shows 2.
#[memo]
fn expected<x: X>() {
    model! {
        alice: thinks[ bob: chooses(y in Y, wpp = y + 1), bob: chooses(x in X, wpp = (x == y) + (x == 0)) ];
        alice: observes [bob.x] is x;
        return alice[E[bob.y]];
    }
}

#[test]
fn an_expectation_after_what_cannot_be() {
    let table = expected();
    assert_eq!(table[2], 0.0);
    assert_eq!(table.impossible(), [2]);
    // y = 0 always shows 0; y = 1 shows 0 or 1: 1 is seen with y = 1 only.
    assert_eq!(table[1], 1.0);
    assert_eq!(table.normalize("x").impossible(), [2]);
}

#[memo]
#[allow(deprecated, reason = "one weight does not rest on what is chosen")]
fn measures<x: X>() {
    model! {
        alice: thinks[ bob: chooses(y in Y, wpp = y + 1), bob: chooses(z in Y, wpp = 1) ];
        alice: thinks[ bob: chooses(x in X, wpp = (x == y) + (x == 0)) ];
        alice: observes [bob.x] is x;
        return alice[Var[bob.y]];
        return alice[H[bob.y]];
        return alice[KL[bob.y | bob.z]];
        return alice[Pr[bob.y == 1]];
        return alice[Pr[bob.y > 0]] + 1;
        return E[imagine[ carol: knows(x), carol: chooses(w in Y, wpp = x + 1), E[carol.w] ]] + 0 * x;
    }
}

#[test]
fn all_that_is_read_directly_counts() {
    let (variance, entropy, divergence, chance, shifted, possible) = measures();
    for table in [&variance, &entropy, &divergence, &chance, &shifted] {
        assert_eq!(table.impossible(), [2], "{table}");
    }
    assert_eq!((variance[2], entropy[2], divergence[2], chance[2]), (0.0, 0.0, 0.0, 0.0));
    assert_eq!(shifted[2], 1.0);
    assert!(possible.impossible().is_empty());
}

#[memo]
fn guess<x: X, y: Y>() {
    model! {
        alice: thinks[ bob: chooses(y in Y, wpp = y + 1), bob: chooses(x in X, wpp = (x == y) + (x == 0)) ];
        alice: observes [bob.x] is x;
        alice: chooses(guess in Y, wpp = Pr[bob.y == guess]);
        return Pr[alice.guess == y];
    }
}

#[memo]
fn handed_on<a: Y, b: X>() {
    model! {
        return guess[b, a]();
    }
}

#[memo(strict)]
fn strict<x: X, y: Y>() {
    model! {
        return guess[x, y]();
    }
}

/// Only thought of: Carol, who never sees 2, wonders what Alice would make of it.
#[memo(strict)]
fn imagined<_x: X>() {
    model! {
        carol: thinks[
            bob: chooses(x in X, wpp = x < 2),
            alice: thinks[ bob: chooses(y in Y, wpp = 1), bob: chooses(x in X, wpp = (x == y)) ],
            alice: observes [bob.x] is bob.x
        ];
        return carol[E[alice[E[bob.y]]]];
    }
}

#[test]
fn choices_and_calls_pass_it_on() {
    assert_eq!(guess().impossible(), [(2, 0), (2, 1)]);
    assert_eq!(handed_on().impossible(), [(0, 2), (1, 2)]);
    let error = strict::try_call().map(|_| ()).unwrap_err();
    let cell = vec![("x".to_string(), "2".to_string()), ("y".to_string(), "0".to_string())];
    assert_eq!(error, Error::ImpossibleEvidence { model: "strict".into(), cell });
    let text = error.to_string();
    assert!(text.contains("`strict`") && text.contains("x = 2, y = 0"), "{text}");
    // ½·0 + ½·1
    assert_eq!(imagined()[0], 0.5);
    assert!(imagined().impossible().is_empty());
}
