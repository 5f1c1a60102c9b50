//! Planning: the crying baby, the walk through a maze and the food trucks.

use std::cell::RefCell;
use std::sync::LazyLock;

use super::{Use, fma, for_this_machine};
use crate::{crying_baby, food_trucks, gridworld};

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

// The walk through a maze: 441 cells, 4 steps, 2 goals. ------------------------

const MAZE_CELLS: usize = 441;

/// By cell and step, where it leads; by cell, what a step is worth, and which goals are
/// still ahead.
type Maze = ([[u16; 4]; MAZE_CELLS], [([f64; 2], [bool; 2]); MAZE_CELLS]);

static MAZE: LazyLock<Maze> = LazyLock::new(|| {
    use gridworld::{Action, Goal, at_goal, leads_to};
    let steps = [Action::Left, Action::Right, Action::Up, Action::Down];
    let leads = |s: usize, a| (0..MAZE_CELLS).position(|to| leads_to(s as i64, a, to as i64)).unwrap() as u16;
    let goals = |s: usize| [Goal::NorthWest, Goal::SouthEast].map(|g| at_goal(s as i64, g));
    (
        std::array::from_fn(|s| steps.map(|a| leads(s, a))),
        std::array::from_fn(|s| (goals(s).map(|at| f64::from(u8::from(at)) - 0.1), goals(s).map(|at| !at))),
    )
});

#[inline(always)]
fn maze_kernel<const F: bool>((leads, worth): &Maze, t: usize, q: &mut [[[f64; 2]; 4]; MAZE_CELLS]) {
    for (q, (worth, _)) in q.iter_mut().zip(worth) {
        *q = [*worth; 4];
    }
    let mut best = [[0.0; 2]; 512];
    for _ in 0..t {
        for (best, q) in best.iter_mut().zip(q.iter()) {
            let larger = |g: usize, a: usize, b: usize| if q[a][g] > q[b][g] { q[a][g] } else { q[b][g] };
            for (g, best) in best.iter_mut().enumerate() {
                let (one, other) = (larger(g, 0, 1), larger(g, 2, 3));
                *best = if one > other { one } else { other };
            }
        }
        for ((q, leads), (worth, ahead)) in q.iter_mut().zip(leads).zip(worth) {
            for (q, to) in q.iter_mut().zip(leads) {
                let best = best[usize::from(*to) % 512];
                for g in 0..2 {
                    q[g] = worth[g] + if ahead[g] { best[g] } else { 0.0 };
                }
            }
        }
    }
}

fn maze_into(t: usize, q: &mut [[[f64; 2]; 4]; MAZE_CELLS]) {
    for_this_machine!(maze_kernel(&MAZE => maze: &Maze, t => t: usize, q => q: &mut [[[f64; 2]; 4]; MAZE_CELLS]) -> ());
}

/// The value of each step; no level is kept but the last.
pub fn gridworld(t: usize, see: Use<'_>) {
    let mut q = [[[0.0; 2]; 4]; MAZE_CELLS];
    maze_into(t, &mut q);
    see(q.as_flattened().as_flattened());
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
