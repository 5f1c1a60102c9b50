//! The dining cryptographers.
//!
//! D. Chaum, *The dining cryptographers problem*, Journal of Cryptology, 1988.

#[allow(dead_code)]
#[path = "models/dining_cryptographers.rs"]
mod model;

use model::model as dinner;

fn main() {
    let table = dinner();
    println!("{table}");
    println!("A learns whether somebody at the table paid, but not who: B and C stay equally likely.");
}
