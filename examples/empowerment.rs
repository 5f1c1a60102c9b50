//! Empowerment.
//!
//! A. S. Klyubin, D. Polani & C. L. Nehaniv, *All else being equal be empowered*,
//! European Conference on Artificial Life, 2005.

#[allow(dead_code)]
#[path = "models/empowerment.rs"]
mod model;

use model::{Place, empowerment};

fn main() {
    let bits = empowerment(5);
    println!("How many bits four steps decide about where one ends up:");
    for y in 0..9 {
        let row: Vec<String> = (0..9).map(|x| format!("{:.1}", bits[Place { x, y }])).collect();
        println!("  {}", row.join("  "));
    }
}
