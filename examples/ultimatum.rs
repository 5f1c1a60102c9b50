//! The ultimatum game.
//!
//! W. Güth, R. Schmittberger and B. Schwarze, *An experimental analysis of ultimatum bargaining*, Journal of Economic Behavior & Organization, 1982.

#[allow(dead_code)]
#[path = "models/ultimatum.rs"]
mod model;

use model::offerer;

fn main() {
    let table = offerer();
    println!("{table:.4}");
    println!("The offerer gives {:.2}: enough to be accepted, and little more.", table.argmax());
}
