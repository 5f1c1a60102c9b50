//! Planning: the crying baby and the food trucks.

use std::cell::RefCell;
use std::sync::LazyLock;

use super::{Use, fma, for_this_machine};
use crate::{crying_baby, food_trucks};

// The crying baby: 50 beliefs, 3 actions. -------------------------------------

const BELIEFS: usize = 50;
const CELLS: usize = BELIEFS * 3;
const WIDE: usize = 152;

/// Rewards, and where each step leads, its beliefs after it outermost.
type Steps = ([f64; WIDE], Vec<[f64; WIDE]>);

static STEPS: LazyLock<Steps> = LazyLock::new(|| {
    use crying_baby::{Action, B, Sound, State, belief, reward, sound, transition};
    let mut rewards = [0.0; WIDE];
    let mut leads = vec![[0.0; WIDE]; BELIEFS];
    let states = [State::Hungry, State::Sated];
    let beliefs: Vec<f64> = (0..BELIEFS).map(|at| memo::Domain::value(&B, at)).collect();
    for (at, &b) in beliefs.iter().enumerate() {
        for a in [Action::Feed, Action::Sing, Action::Ignore] {
            let cell = at * 3 + a as usize;
            rewards[cell] = states.iter().map(|&s| belief(b, s) * reward(s, a)).sum();
            for o in [Sound::Crying, Sound::Quiet] {
                let chance = |next| {
                    let to = states.iter().map(|&s| belief(b, s) * transition(s, a, next));
                    to.sum::<f64>() * sound(o, next, a)
                };
                let (hungry, all) = (chance(State::Hungry), chance(State::Hungry) + chance(State::Sated));
                if all == 0.0 {
                    continue;
                }
                let near: Vec<f64> =
                    beliefs.iter().map(|b| (-100.0 * (hungry / all - b).abs()).exp()).collect();
                let total: f64 = near.iter().sum();
                for (row, near) in leads.iter_mut().zip(near) {
                    row[cell] += 0.9 * all * near / total;
                }
            }
        }
    }
    (rewards, leads)
});

#[inline(always)]
fn crying_kernel<const F: bool>((rewards, leads): &Steps, t: usize) -> [f64; WIDE] {
    let mut q = *rewards;
    for _ in 0..t {
        let mut next = *rewards;
        for (at, row) in leads.iter().enumerate() {
            let best = q[3 * at].max(q[3 * at + 1]).max(q[3 * at + 2]);
            for (q, p) in next.iter_mut().zip(row) {
                *q = fma::<F>(*p, best, *q);
            }
        }
        q = next;
    }
    q
}

fn crying_table(t: usize) -> [f64; WIDE] {
    for_this_machine!(crying_kernel(&STEPS => steps: &Steps, t => t: usize) -> [f64; WIDE])
}

/// The value of each step under each belief.
pub fn crying_baby(t: usize, see: Use<'_>) {
    see(&crying_table(t)[..CELLS]);
}

// Food trucks: 7 beliefs, 50 places, 5 actions, 64 wishes. --------------------

const WISHES: usize = 64;
const SPOTS: usize = 50;

/// Where each action leads from each place, whether that is the end, and what it
/// is worth by belief, place, action and wishes.
type Streets = (Vec<[(usize, bool); 5]>, Vec<f64>);

static STREETS: LazyLock<Streets> = LazyLock::new(|| {
    use food_trucks::{Action, B, Parked, Place, Wishes, chance, effort, ends, leads_to, reward};
    let place = |at| memo::Domain::value(&Place, at);
    let actions = [Action::Left, Action::Right, Action::Up, Action::Down, Action::Stay];
    let leads: Vec<[(usize, bool); 5]> = (0..SPOTS)
        .map(|s| {
            actions.map(|a| {
                let to = (0..SPOTS).position(|to| leads_to(place(s), a, place(to))).unwrap();
                (to, ends(place(to)))
            })
        })
        .collect();
    let mut worth = Vec::new();
    for b in (0..7).map(|b| memo::Domain::value(&B, b)) {
        for to in &leads {
            for (a, (to, _)) in actions.into_iter().zip(to) {
                for g in (0..WISHES).map(|g| memo::Domain::value(&Wishes, g)) {
                    let expected = |d| chance(b, d) * reward(d, place(*to), g);
                    worth.push(expected(Parked::L) + expected(Parked::M) - effort(a));
                }
            }
        }
    }
    (leads, worth)
});

#[inline(always)]
fn food_trucks_kernel<const F: bool>((leads, worth): &Streets, t: usize, q: &mut [f64], best: &mut [f64]) {
    q.copy_from_slice(worth);
    for _ in 0..t {
        for (best, q) in best.chunks_exact_mut(WISHES).zip(q.chunks_exact(5 * WISHES)) {
            for (g, best) in best.iter_mut().enumerate() {
                let larger = |a: f64, b: f64| if a > b { a } else { b };
                *best = (1..5).fold(q[g], |best, a| larger(best, q[a * WISHES + g]));
            }
        }
        let beliefs = q.chunks_exact_mut(SPOTS * 5 * WISHES).zip(worth.chunks_exact(SPOTS * 5 * WISHES));
        for ((q, worth), best) in beliefs.zip(best.chunks_exact(SPOTS * WISHES)) {
            let rows = q.chunks_exact_mut(WISHES).zip(worth.chunks_exact(WISHES));
            for ((q, worth), &(to, end)) in rows.zip(leads.iter().flatten()) {
                let best: &[f64; WISHES] = best[to * WISHES..][..WISHES].try_into().unwrap();
                let factor = if end { 0.0 } else { 0.99 };
                for g in 0..WISHES {
                    q[g] = fma::<F>(best[g], factor, worth[g]);
                }
            }
        }
    }
}

fn food_trucks_into(t: usize, q: &mut [f64], best: &mut [f64]) {
    for_this_machine!(food_trucks_kernel(&STREETS => streets: &Streets, t => t: usize, q => q: &mut [f64], best => best: &mut [f64]) -> ())
}

/// The value of each step; no level is kept but the last.
pub fn food_trucks(t: usize, see: Use<'_>) {
    thread_local! {
        static ROOM: RefCell<[Vec<f64>; 2]> =
            RefCell::new([vec![0.0; 7 * SPOTS * 5 * WISHES], vec![0.0; 7 * SPOTS * WISHES]]);
    }
    ROOM.with_borrow_mut(|[q, best]| {
        food_trucks_into(t, q, best);
        see(q);
    });
}
