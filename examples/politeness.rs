//! Polite speech: to inform or to please.
//!
//! E. J. Yoon, M. H. Tessler, N. D. Goodman and M. C. Frank, *Polite speech emerges from competing social goals*, Open Mind, 2020.

#[allow(dead_code)]
#[path = "models/politeness.rs"]
mod model;

use model::speaker;

fn main() {
    for phi in [0.9, 0.1] {
        println!("phi = {phi}\n{:.3}", speaker(3.0, phi));
    }
    println!("A speaker who cares to please calls even a terrible talk “not amazing”, not “terrible”.");
}
