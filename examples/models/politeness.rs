//! Polite speech: to inform or to please.

use memo::prelude::*;
use std::ops::Range;

/// The true quality, in hearts.
pub const HEARTS: Range<i64> = 0..4;

/// What may be said about it.
#[derive(Clone, Copy, Debug, PartialEq, Domain)]
pub enum Remark {
    Terrible,
    NotAmazing,
    NotTerrible,
    Amazing,
}

/// How apt a remark is for a quality, literally.
pub fn apt(w: Remark, s: i64) -> f64 {
    let row = match w {
        Remark::Terrible => [1.0, 0.5, 0.0, 0.0],
        Remark::NotAmazing => [1.0, 1.0, 1.0, 0.0],
        Remark::NotTerrible => [0.0, 1.0, 1.0, 1.0],
        Remark::Amazing => [0.0, 0.0, 0.5, 1.0],
    };
    row[s as usize]
}

/// What a speaker says who weighs being informative (`phi`) against making
/// the listener happy.
#[memo(grad)]
pub fn speaker<s: HEARTS, w: Remark>(alpha: f64, phi: f64) {
    model! {
        speaker: knows(s);
        speaker: thinks[
            listener: thinks[
                speaker: given(s in HEARTS, wpp = 1),
                speaker: chooses(w in Remark, wpp = apt(w, s))
            ]
        ];
        speaker: chooses(w in Remark, wpp = exp(alpha * imagine[
            listener: observes [speaker.w] is w,
            listener: knows(s),
            phi * listener[ log(Pr[speaker.s == s]) ] + (1 - phi) * listener[ E[speaker.s] ]
        ]));
        return Pr[speaker.w == w];
    }
}
