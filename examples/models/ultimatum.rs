//! The ultimatum game: what share to offer, what share to accept.

use memo::prelude::*;

/// The share offered.
pub const PROPOSAL: Linspace = linspace(0.0, 1.0, 100);

/// The answer.
#[derive(Clone, Copy, Debug, PartialEq, Domain)]
pub enum Decision {
    Accept,
    Reject,
}

/// What the receiver gets.
pub fn to_receiver(share: f64, answer: Decision) -> f64 {
    if answer == Decision::Accept { share } else { 0.0 }
}

/// What the offerer keeps.
pub fn to_offerer(share: f64, answer: Decision) -> f64 {
    if answer == Decision::Accept { 1.0 - share } else { 0.0 }
}

/// How the receiver answers.
#[memo]
pub fn receiver<prop: PROPOSAL, dec: Decision>() {
    model! {
        receiver: knows(prop);
        receiver: chooses(dec in Decision, wpp = exp(50.0 * to_receiver(prop, dec)));
        return Pr[receiver.dec == dec];
    }
}

/// What is offered, with the answer in mind.
#[memo]
pub fn offerer<prop: PROPOSAL>() {
    model! {
        offerer: chooses(prop in PROPOSAL, wpp = exp(50.0 * imagine[
            receiver: knows(prop),
            receiver: chooses(dec in Decision, wpp = receiver[prop, dec]()),
            E[ to_offerer(prop, receiver.dec) ]
        ]));
        return Pr[offerer.prop == prop];
    }
}
