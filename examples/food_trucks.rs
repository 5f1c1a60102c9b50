//! What somebody wants and believes, inferred from where she walks.
//!
//! C. L. Baker, J. Jara-Ettinger, R. Saxe & J. B. Tenenbaum, *Rational quantitative
//! attribution of beliefs, desires and percepts in human mentalizing*, Nature Human
//! Behaviour, 2017.

#[allow(dead_code)]
#[path = "models/food_trucks.rs"]
mod model;

use model::{UTILITY, WALK, inferred};

fn main() {
    println!("step   action  believes L   K      L      M   (how much each pleases)");
    for (t, action) in WALK.iter().enumerate() {
        let table = inferred(t as i64, 100);
        let mean = |what: &dyn Fn(f64, model::Wishes) -> f64| -> f64 {
            table.iter().map(|((b, _, g), p)| p * what(b, g)).sum()
        };
        println!(
            "{t:>4} {:>8} {:>11.2} {:>5.0}  {:>5.0}  {:>5.0}",
            format!("{action:?}"),
            mean(&|b, _| b),
            mean(&|_, g| UTILITY[g.k]),
            mean(&|_, g| UTILITY[g.l]),
            mean(&|_, g| UTILITY[g.m]),
        );
    }
}
