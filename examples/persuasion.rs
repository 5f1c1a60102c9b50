//! Bayesian persuasion.
//!
//! E. Kamenica & M. Gentzkow, *Bayesian persuasion*, American Economic Review, 2011.

#[allow(dead_code)]
#[path = "models/persuasion.rs"]
mod model;

use model::{judge, prosecutor};

fn main() {
    let ordered = prosecutor(2);
    let best = ordered.argmax();
    let percent = |steps: i64| 50.0 + 0.5 * steps as f64;
    println!("The test that the prosecutor orders most often is right about");
    println!("  {:.1} % of the innocent (4/7 in the paper) and", percent(best.innocent));
    println!("  {:.1} % of the guilty.", percent(best.guilty));
    let convicts = judge(2)[best];
    println!(
        "After it the judge convicts {:.0} % of the time, though only 30 % are guilty.",
        100.0 * convicts
    );
}
