//! The subtraction game.
//!
//! C. L. Bouton, *Nim, a game with a complete mathematical theory*, Annals of Mathematics, 1901.

#[allow(dead_code)]
#[path = "models/takeaway.rs"]
mod model;

use model::policy;

fn main() {
    println!("{:.3}", policy(20));
    println!("A player who thinks far ahead leaves a multiple of three.");
}
