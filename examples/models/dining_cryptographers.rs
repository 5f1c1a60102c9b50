//! The dining cryptographers: who paid stays secret.

use memo::prelude::*;

/// A bit.
#[derive(Clone, Copy, Debug, PartialEq, Domain)]
pub enum Bit {
    Zero,
    One,
}

/// Who paid for dinner.
#[derive(Clone, Copy, Debug, PartialEq, Domain)]
pub enum Payer {
    A,
    B,
    C,
    Nsa,
}

/// What A believes about the payer, who did not pay herself, has tossed the
/// coin `a_` (shared with C), seen `b_` (shared with B) and heard both others.
#[memo]
pub fn model<a_: Bit, b_: Bit, bx: Bit, cx: Bit, w: Payer>() {
    model! {
        a: knows(a_, w);
        a: thinks[
            world: chooses(w in Payer, wpp = w != Payer::A),
            b: chooses(b_ in Bit, wpp = 1),
            c: chooses(c_ in Bit, wpp = 1),

            b: knows(world.w, c.c_),
            c: knows(world.w, a_),

            b: chooses(bx in Bit, wpp = (b_ ^ c.c_ ^ (world.w == Payer::B)) == bx),
            c: chooses(cx in Bit, wpp = (c_ ^ a_ ^ (world.w == Payer::C)) == cx),
        ];
        a: observes [b.b_] is b_;
        a: observes [b.bx] is bx;
        a: observes [c.cx] is cx;
        return a[Pr[world.w == w]];
    }
}
