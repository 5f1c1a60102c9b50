//! The crying baby: planning with a belief as the state.
//!
//! M. J. Kochenderfer, *Decision Making Under Uncertainty*, 2015.

#[allow(dead_code)]
#[path = "models/crying_baby.rs"]
mod model;

use model::q;

fn main() {
    let table = q(10);
    println!("{table:.3}");
    let best =
        |i: usize| (0..3).max_by(|a, b| table.values()[3 * i + a].total_cmp(&table.values()[3 * i + b]));
    let feed = (0..50).find(|i| best(*i) == Some(0)).unwrap_or(50);
    println!("Feed once the belief that the baby is hungry reaches {:.2}.", feed as f64 / 49.0);
}
