//! The investor–trustee game.
//!
//! D. Ray, B. King-Casas, P. R. Montague and P. Dayan, *Bayesian model of behaviour in economic games*, NIPS, 2008.

#[allow(dead_code)]
#[path = "models/investment_game.rs"]
mod model;

use model::{investor, trustee};

fn main() {
    println!("{:.3}", investor(0, 3, 5.0));
    println!("{:.3}", trustee(2, 2, 5.0));
    println!("An investor who plans ahead invests more with a trustee who may feel guilt.");
}
