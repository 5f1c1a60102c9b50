//! A walk through a maze, and what a walker's steps say about the goal.

use memo::prelude::*;
use std::ops::Range;

const SIDE: i64 = 21;

/// The maze: `#` is wall.
const MAZE: [&str; SIDE as usize] = [
    ".....................",
    ".....................",
    "..##...##...#######..",
    "..###.###...#.....#..",
    "..#.###.#...#........",
    "..#..#..#...####.....",
    "..#.....#...#........",
    "..#....##...#......##",
    "..#....##...#########",
    "..##.................",
    "..##.................",
    ".......##............",
    "..###..##...##...##..",
    "..#.....#...###.###..",
    "..#.....#...#.###.#..",
    "..#..#..#...#..#..#..",
    "..#.....#...#.....#..",
    "..#.....#...##....#..",
    "..#######...##....#..",
    ".................##..",
    ".................##..",
];

/// The cells, row by row.
pub const S: Range<i64> = 0..SIDE * SIDE;
/// The two goals: the first and the last cell.
pub const G: [i64; 2] = [0, SIDE * SIDE - 1];

/// Where the walker wants to go.
#[derive(Clone, Copy, Debug, PartialEq, Domain)]
pub enum Goal {
    NorthWest,
    SouthEast,
}

/// A step.
#[derive(Clone, Copy, Debug, PartialEq, Domain)]
pub enum Action {
    Left,
    Right,
    Up,
    Down,
}

/// Whether there is wall.
pub fn is_wall(x: i64, y: i64) -> bool {
    MAZE[y as usize].as_bytes()[x as usize] == b'#'
}

/// Whether a step leads from `s` to `next`; walls and edges stop it.
pub fn leads_to(s: i64, a: Action, next: i64) -> bool {
    let (x, y) = (s % SIDE, s / SIDE);
    let (dx, dy) = [(-1, 0), (1, 0), (0, -1), (0, 1)][a as usize];
    let (x, y) = ((x + dx).clamp(0, SIDE - 1), (y + dy).clamp(0, SIDE - 1));
    next == if is_wall(x, y) { s } else { y * SIDE + x }
}

/// Whether the goal is reached.
pub fn at_goal(s: i64, g: Goal) -> bool {
    s == G[g as usize]
}

/// The value of a step on the way to a goal, `t` steps ahead.
#[memo(cache)]
pub fn q<s: S, a: Action, g: Goal>(t: i64) {
    model! {
        alice: knows(s, a, g);
        alice: given(s_ in S, wpp = leads_to(s, a, s_));
        alice: chooses(a_ in Action, to_maximize = 0.0 if t < 1 else q[s_, a_, g](t - 1));
        return E[
            at_goal(s, g) - 0.1
            + (0.0 if t < 1 else 0.0 if at_goal(s, g) else q[alice.s_, alice.a_, g](t - 1))
        ];
    }
}

/// What an observer infers about the goal from a step.
#[memo]
pub fn goal_of<s: S, a: Action, g: Goal>(t: i64) {
    model! {
        observer: knows(a, s, g);
        observer: thinks[
            alice: chooses(g in Goal, wpp = 1),
            alice: knows(s),
            alice: chooses(a in Action, wpp = exp(2 * q[s, a, g](t))),
        ];
        observer: observes [alice.a] is a;
        return observer[Pr[alice.g == g]];
    }
}
