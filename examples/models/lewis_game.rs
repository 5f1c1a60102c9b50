//! The Lewis signalling game as rational speech acts.

use memo::prelude::*;

/// What may be said.
#[derive(Clone, Copy, Debug, PartialEq, Domain)]
pub enum Utterance {
    Green,
    Pink,
    Square,
    Round,
}

/// What may be meant.
#[derive(Clone, Copy, Debug, PartialEq, Domain)]
pub enum Referent {
    GreenSquare,
    GreenCircle,
    PinkCircle,
}

/// Whether the utterance is true of the referent.
pub fn denotes(u: Utterance, r: Referent) -> bool {
    match u {
        Utterance::Green => r != Referent::PinkCircle,
        Utterance::Pink => r == Referent::PinkCircle,
        Utterance::Square => r == Referent::GreenSquare,
        Utterance::Round => r != Referent::GreenSquare,
    }
}

/// What a listener takes an utterance to mean, who thinks of a speaker who
/// thinks of a listener, `level` times over.
#[memo(grad)]
pub fn listener<u: Utterance, r: Referent>(beta: f64, level: i64) {
    model! {
        listener: thinks[
            speaker: given(r in Referent, wpp = 1),
            speaker: chooses(u in Utterance, wpp =
                denotes(u, r) * (1 if level == 0 else exp(beta * listener[u, r](beta, level - 1))))
        ];
        listener: observes [speaker.u] is u;
        listener: chooses(r in Referent, wpp = Pr[speaker.r == r]);
        return Pr[listener.r == r];
    }
}
