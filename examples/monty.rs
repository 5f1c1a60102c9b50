//! The Monty Hall problem.
//!
//! S. Selvin, *A problem in probability*, The American Statistician, 1975.

#[allow(dead_code)]
#[path = "models/monty.rs"]
mod model;

use model::monty;

fn main() {
    let table = monty();
    println!("{table}");
    println!(
        "Having picked door 0 and seen door 2 opened, switching to door 1 wins with chance {:.4}.",
        table[(0, 2, 1)]
    );
}
