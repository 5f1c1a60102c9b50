//! A walk through a maze, and the goal behind it.
//!
//! C. L. Baker, R. Saxe and J. B. Tenenbaum, *Action understanding as inverse planning*, Cognition, 2009.

#[allow(dead_code)]
#[path = "models/gridworld.rs"]
mod model;

use model::{Action, Goal, goal_of, q};

fn main() {
    let values = q(100);
    for y in 0..21 {
        let row: Vec<String> = (0..21)
            .map(|x| {
                let best = (0..4)
                    .map(|a| values.values()[((y * 21 + x) * 4 + a) * 2 + 1])
                    .fold(f64::NEG_INFINITY, f64::max);
                format!("{best:5.1}")
            })
            .collect();
        println!("{}", row.join(""));
    }
    let table = goal_of(100);
    println!(
        "A step to the right from the middle speaks for the south-east with chance {:.2}.",
        table[(21 * 10 + 10, Action::Right, Goal::SouthEast)]
    );
}
