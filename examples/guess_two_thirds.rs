//! Guess two thirds of the average.
//!
//! R. Nagel, *Unraveling in guessing games*, American Economic Review, 1995.

#[allow(dead_code)]
#[path = "models/guess_two_thirds.rs"]
mod model;

use model::player;

fn main() {
    for level in 0..4 {
        println!("level {level}: the best guess is {}", player(level, 1.0).argmax());
    }
    println!("{:.3}", player(1, 1.0));
    println!("Each level guesses two thirds of the last: 33, 22, 15, 10, …");
}
