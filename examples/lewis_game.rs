//! The Lewis signalling game of Qing & Franke (2015): which of three objects
//! does “green” mean?
//!
//! C. Qing and M. Franke, *Variations on a Bayesian theme: comparing Bayesian
//! models of referential reasoning*, 2015.

#[path = "models/lewis_game.rs"]
mod model;

use model::{Referent, Utterance, listener};

fn main() {
    let table = listener(1.74, 1);
    println!("{table:.3}");
    println!(
        "Hearing “green”, a listener who reasons about the speaker picks the circle with {:.0} %:\n\
         for the square the speaker would have said “square”. 64 % of people do so.",
        100.0 * table[(Utterance::Green, Referent::GreenCircle)]
    );
}
