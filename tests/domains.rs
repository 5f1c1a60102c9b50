//! What may be a domain, and how it is written.

#![allow(clippy::upper_case_acronyms, reason = "the type of a domain has the name of its constant")]

use memo::prelude::*;

/// A domain of the user's: every second number.
#[derive(Clone, Debug, PartialEq)]
struct Even {
    first: i64,
}

impl memo::Domain for Even {
    type Value = i64;

    fn len(&self) -> usize {
        3
    }

    fn value(&self, index: usize) -> i64 {
        self.first + 2 * index as i64
    }

    fn index(&self, value: i64) -> Option<usize> {
        let steps = value - self.first;
        (steps % 2 == 0 && (0..6).contains(&steps)).then_some(steps as usize / 2)
    }

    fn label(&self, index: usize) -> String {
        self.value(index).to_string()
    }
}

// Types have names of their own.
type DOZENS = Even;
const DOZENS: Even = Even { first: 12 };

type PAIRS = (Even, Bool);
const PAIRS: PAIRS = (DOZENS, Bool);

#[memo]
fn drawn<n: DOZENS>() {
    model! {
        alice: draws(n in DOZENS, wpp = n);
        return Pr[alice.n == n];
    }
}

#[memo]
fn of_pairs<p: PAIRS>() {
    model! {
        return 0 - p.0 if p.1 else p.0;
    }
}

#[test]
fn a_constant_of_any_type_is_an_axis_where_its_type_has_the_same_name() {
    assert_eq!(drawn()[14], 1.0 / 3.0);
    assert_eq!(of_pairs()[(16, true)], -16.0);
}

const PLACES: usize = 2;

#[memo(grad)]
fn arrays<s: SUM>(beta: f64, n: i64) {
    model! {
        alice: chooses(v in [0..3; 2], wpp = exp(beta * v[0]));
        bob: chooses(w in [(Bool, 0..=n); PLACES], wpp = 1 + w[0].1);
        carol: chooses(u in ([[0..2; 2]; 2], Bool), uniformly);
        return Pr[alice.v[0] + alice.v[1] == s];
        return E[bob.w[0].1 + 10 * carol.u.0[1][0]];
    }
}

const SUM: std::ops::Range<i64> = 0..5;

#[test]
fn arrays_repeat_any_domain() {
    let (sums, means) = arrays(0.0, 1);
    assert_eq!(sums.iter().map(|(_, p)| (9.0 * p).round()).collect::<Vec<_>>(), [1.0, 2.0, 3.0, 2.0, 1.0]);
    assert!((means[0] - (2.0 / 3.0 + 5.0)).abs() < 1e-12);
}
