//! The battle of wits.
//!
//! W. Goldman, *The Princess Bride*, 1973.

#[allow(dead_code)]
#[path = "models/battle_of_wits.rs"]
mod model;

use model::vizzini_pick;

fn main() {
    for level in 0..5 {
        println!("level {level}\n{}", vizzini_pick(level));
    }
    println!("Each level of reasoning swaps the cups: “clearly I cannot choose the wine in front of me”.");
}
