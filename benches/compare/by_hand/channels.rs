//! What a signal tells: persuasion and empowerment.

use std::cell::RefCell;
use std::sync::LazyLock;

use super::{Use, exp, for_this_machine, sum};
use crate::{empowerment, persuasion};

// Persuasion: 10 201 tests. ---------------------------------------------------

/// How likely each test says that of such a defendant, by what it says and what
/// they are.
static FINDS: LazyLock<[[Vec<f64>; 2]; 2]> = LazyLock::new(|| {
    use persuasion::{Finding, State, Test, finds, prior};
    [Finding::Exonerating, Finding::Incriminating].map(|r| {
        [State::Innocent, State::Guilty].map(|s| {
            let tests = (0..101).flat_map(|innocent| (0..101).map(move |guilty| Test { innocent, guilty }));
            tests.map(|t| prior(s) * finds(r, s, t)).collect()
        })
    })
});

#[inline(always)]
fn judge_kernel<const F: bool>(
    finds: &[[Vec<f64>; 2]; 2],
    level: usize,
    orders: &mut [f64],
    judge: &mut [f64],
) {
    orders.fill(1.0);
    for at in 0..=level {
        if at > 0 {
            for (order, judge) in orders.iter_mut().zip(&*judge) {
                *order = exp::<F>(20.0 * judge);
            }
            let share = 1.0 / sum(orders.len(), |t| orders[t]);
            for order in orders.iter_mut() {
                *order *= share;
            }
        }
        judge.fill(0.0);
        for [innocent, guilty] in finds {
            for (((judge, order), a), b) in judge.iter_mut().zip(&*orders).zip(innocent).zip(guilty) {
                let (x, y) = (order * a, order * b);
                let share = 1.0 / (x + y);
                let (x, y) = (x * share, y * share);
                let nearly = x.max(y) - 1e-12 * x.max(y);
                let (x, y) = (f64::from(u8::from(x >= nearly)), f64::from(u8::from(y >= nearly)));
                *judge += (a + b) * y / (x + y);
            }
        }
    }
}

fn judge_into(level: usize, orders: &mut [f64], judge: &mut [f64]) {
    for_this_machine!(judge_kernel(&FINDS => finds: &[[Vec<f64>; 2]; 2], level => level: usize, orders => orders: &mut [f64], judge => judge: &mut [f64]) -> ())
}

/// How often the judge convicts.
pub fn persuasion(level: usize, see: Use<'_>) {
    thread_local! {
        static ROOM: RefCell<[Vec<f64>; 2]> = RefCell::new([vec![0.0; 101 * 101], vec![0.0; 101 * 101]]);
    }
    ROOM.with_borrow_mut(|[orders, judge]| {
        judge_into(level, orders, judge);
        see(judge);
    });
}

// Empowerment: 81 places, 625 plans, of which each leads to one place. --------

const PLANS: usize = 625;
const PLACES: usize = 81;

/// Where each plan leads, from each place.
static ENDS: LazyLock<Vec<[u8; PLANS]>> = LazyLock::new(|| {
    use empowerment::{Place, Plan, leads_to};
    let place = |at: usize| memo::Domain::value(&Place, at);
    (0..PLACES)
        .map(|z| {
            std::array::from_fn(|x| {
                let plan = memo::Domain::value(&Plan, x);
                (0..PLACES).position(|y| leads_to(place(y), plan, place(z))).unwrap() as u8
            })
        })
        .collect()
});

/// The capacity of the channel from plans to places, in bits.
fn capacities(t: usize) -> [f64; PLACES] {
    std::array::from_fn(|z| {
        let (ends, mut p) = (&ENDS[z], [1.0 / PLANS as f64; PLANS]);
        for _ in 0..t {
            // The entropy of the plans that lead to each place.
            let (mut chance, mut surprise) = ([0.0; PLACES], [0.0; PLACES]);
            for (p, &end) in p.iter().zip(ends) {
                chance[usize::from(end)] += p;
                surprise[usize::from(end)] -= p * p.ln();
            }
            let weights: [f64; PLACES] = std::array::from_fn(|y| {
                if chance[y] > 0.0 { (surprise[y] / chance[y] + chance[y].ln()).exp() } else { 0.0 }
            });
            for (p, &end) in p.iter_mut().zip(ends) {
                *p = weights[usize::from(end)];
            }
            let share = 1.0 / sum(PLANS, |x| p[x]);
            p.iter_mut().for_each(|p| *p *= share);
        }
        let mut chance = [0.0; PLACES];
        for (p, &end) in p.iter().zip(ends) {
            chance[usize::from(end)] += p;
        }
        let places = chance.iter().filter(|p| **p > 0.0);
        -places.map(|p| p * p.ln()).sum::<f64>() / std::f64::consts::LN_2
    })
}

/// The empowerment of each place.
pub fn empowerment(t: usize, see: Use<'_>) {
    see(&capacities(t));
}
