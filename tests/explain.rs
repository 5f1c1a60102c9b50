//! `f::explain`: by hand, by laws.
use memo::prelude::*;
use std::ops::Range;

const DOOR: Range<i64> = 0..3;

#[memo(explain)]
pub fn monty<pick: DOOR, reveal: DOOR, d: DOOR>() {
    model! {
        alice: thinks[ monty: chooses(prize in DOOR, wpp = 1) ];
        alice: knows(pick);
        alice: thinks[
            monty: knows(pick),
            monty: chooses(reveal in DOOR, wpp = reveal != prize and reveal != pick)
        ];
        alice: observes [monty.reveal] is reveal;
        alice: knows(d);
        return alice[Pr[monty.prize == d]];
    }
}
#[derive(Clone, Copy, Debug, PartialEq, Domain)]
pub enum Quantifier {
    None,
    Some,
    All,
}
const N: std::ops::RangeInclusive<i64> = 0..=20;
pub fn holds(n: i64, u: Quantifier) -> bool {
    match u {
        Quantifier::None => n == 0,
        Quantifier::Some => n > 0,
        Quantifier::All => n == *N.end(),
    }
}
#[memo(explain)]
pub fn scalar<n: N, u: Quantifier>() {
    model! {
        listener: thinks[
            speaker: chooses(n in N, wpp = 1),
            speaker: chooses(u in Quantifier, wpp = imagine[
                listener: knows(u),
                listener: chooses(n in N, wpp = holds(n, u)),
                Pr[listener.n == n]
            ])
        ];
        listener: observes [speaker.u] is u;
        listener: chooses(n in N, wpp = E[speaker.n == n]);
        return Pr[listener.n == n];
    }
}
#[memo(explain)]
pub fn disease<d: Bool, t: Bool>(k: f64) {
    model! {
        doc: knows(d);
        doc: thinks[ pat: given(ill in Bool, wpp = 0.01 if ill else 0.99), pat: given(test in Bool, wpp = (0.9 if test else 0.1) if ill else (0.05 if test else 0.95)) ];
        doc: observes [pat.test] is t;
        doc: observes_event(wpp = k if pat.ill else 1);
        return doc[Pr[pat.ill == d]];
    }
}
#[test]
fn show() {
    println!("{}", monty::explain((0, 2, 1)));
    println!("{}", monty::explain((0, 0, 1)));
    println!("{}", scalar::explain((1, Quantifier::Some)));
    println!("{}", scalar::explain((20, Quantifier::Some)));
    println!("{}", disease::explain(3.0, (true, true)));
    println!("{}", disease::explain(3.0, (true, true)).to_html());
}
