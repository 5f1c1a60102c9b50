//! The investor–trustee game: planning with guilt, about somebody who plans.

use memo::prelude::*;
use std::ops::Range;

/// Moves: a small or a large fraction.
pub const F: Range<i64> = 0..2;
/// How much unequal payouts hurt.
pub const G: Values<2> = Values::from([0.0, 0.7]);
/// Two rounds of history: investor, trustee, investor, trustee, a bit each.
pub const H: Range<i64> = 0..16;

const FRACTIONS: [f64; 2] = [0.2, 0.8];
const MULTIPLIER: f64 = 3.0;

fn fraction(f: i64) -> f64 {
    FRACTIONS[f as usize]
}

fn to_investor(fi: i64, ft: i64) -> f64 {
    (1.0 - fraction(fi)) + MULTIPLIER * fraction(fi) * fraction(ft)
}

fn to_trustee(fi: i64, ft: i64) -> f64 {
    MULTIPLIER * fraction(fi) * (1.0 - fraction(ft))
}

fn excess(x: f64, y: f64) -> f64 {
    (x - y).max(0.0)
}

fn is_start(h: i64) -> bool {
    h == 0
}

/// Whether `next` is the history `h` with the moves of round `r` filled in.
/// Round 2 is not remembered.
fn step(r: i64, h: i64, fi: i64, ft: i64, next: i64) -> bool {
    let mut bits = [h >> 3 & 1, h >> 2 & 1, h >> 1 & 1, h & 1];
    for (at, bit) in [(2 * r, fi), (2 * r + 1, ft)] {
        if let Some(place) = bits.get_mut(at as usize) {
            *place = bit;
        }
    }
    next == bits.iter().fold(0, |h, bit| 2 * h + bit)
}

/// The chance of each history before round `r`.
#[memo(cache, grad)]
pub fn hist<ig: G, tg: G, h: H>(r: i64, level: i64, beta: f64) {
    model! {
        world: knows(ig, tg);
        world: chooses(h in H, wpp = hist[ig, tg, h](r - 1, level, beta) if r > 1 else is_start(h));
        world: chooses(fi in F, wpp = exp(beta * investor[h, ig, fi](r - 1, level, beta)));
        world: chooses(ft in F, wpp = exp(beta * trustee[h, tg, fi, ft](r - 1, level, beta)));
        world: chooses(h_ in H, wpp = step(r - 1, h, fi, ft, h_));
        return Pr[world.h_ == h];
    }
}

/// What a move is worth to an investor of guilt `ig`.
#[memo(cache, grad)]
pub fn investor<h: H, ig: G, fi: F>(r: i64, level: i64, beta: f64) {
    model! {
        investor: knows(ig);
        investor: thinks[
            trustee: knows(ig),
            trustee: chooses(tg in G, wpp = 1),
            trustee: chooses(h in H, wpp =
                (hist[ig, tg, h](r, level - 1, beta) if r > 0 and level > 0 else is_start(h)) + 1e-3)
        ];
        investor: observes [trustee.h] is h;
        investor: knows(fi);
        return investor[ imagine[
            trustee: knows(fi),
            trustee: chooses(ft in F, wpp =
                exp(beta * trustee[h, tg, fi, ft](r, level - 1, beta)) if level > 0 else 1),
            trustee: chooses(h_ in H, wpp = step(r, h, fi, ft, h_)),
            trustee: chooses(fi_ in F, wpp =
                exp(beta * investor[h_, ig, fi_](r + 1, level, beta)) if r < 2 and level > 0 else 1),
            E[
                to_investor(fi, trustee.ft)
                - ig * excess(to_investor(fi, trustee.ft), to_trustee(fi, trustee.ft))
                + (investor[trustee.h_, ig, trustee.fi_](r + 1, level, beta) if r < 2 and level > 0 else 0)
            ]
        ] ];
    }
}

/// What a move is worth to a trustee of guilt `tg`, after the investor's `fi`.
#[memo(cache, grad)]
pub fn trustee<h: H, tg: G, fi: F, ft: F>(r: i64, level: i64, beta: f64) {
    model! {
        trustee: knows(tg);
        trustee: thinks[
            investor: knows(tg),
            investor: chooses(ig in G, wpp = 1),
            investor: chooses(h in H, wpp =
                (hist[ig, tg, h](r, level - 1, beta) if r > 0 and level > 0 else is_start(h)) + 1e-3),
            investor: chooses(fi in F, wpp =
                exp(beta * investor[h, ig, fi](r, level - 1, beta)) if level > 0 else 1)
        ];
        trustee: observes [investor.h] is h;
        trustee: observes [investor.fi] is fi;
        trustee: knows(ft);
        return trustee[ imagine[
            investor: knows(ft),
            investor: chooses(h_ in H, wpp = step(r, h, fi, ft, h_)),
            investor: chooses(fi_ in F, wpp =
                exp(beta * investor[h_, ig, fi_](r + 1, level, beta)) if r < 2 and level > 0 else 1),
            investor: chooses(ft_ in F, wpp =
                exp(beta * trustee[h_, tg, fi_, ft_](r + 1, level, beta)) if r < 2 and level > 0 else 1),
            E[
                to_trustee(investor.fi, ft)
                - tg * excess(to_trustee(investor.fi, ft), to_investor(investor.fi, ft))
                + (trustee[investor.h_, tg, investor.fi_, investor.ft_](r + 1, level, beta)
                    if r < 2 and level > 0 else 0)
            ]
        ] ];
    }
}
