//! Schelling's meeting point: thinking about each other leads to the popular bar.
//!
//! A. Stuhlmüller and N. D. Goodman, *Reasoning about reasoning by nested conditioning*, Cognitive Systems Research, 2014.

#[allow(dead_code)]
#[path = "models/schelling.rs"]
mod model;

use model::{alice, alice_confidence, they_meet};

fn main() {
    for depth in [1, 5, 9] {
        println!("{}", alice(depth));
        println!(
            "They meet with chance {:.3}; Alice is {:.3} confident of it.",
            they_meet(depth).value(),
            alice_confidence(depth).value()
        );
    }
    println!("The more they think of each other, the surer they are to meet in the popular bar.");
}
