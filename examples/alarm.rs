//! A medical network of 37 variables as one mind.
//!
//! I. Beinlich, H. Suermondt, R. Chavez, G. Cooper (1989), “The ALARM monitoring
//! system: A case study with two probabilistic inference techniques for belief
//! networks”, Proc. 2nd European Conference on Artificial Intelligence in
//! Medicine.

#[path = "models/alarm.rs"]
mod alarm;

use alarm::{Level, Reading, Truth};

fn main() {
    let table = alarm::alarm(0.2);
    println!("{}", table.select("failure", Truth::True));
    println!("Left ventricular failure is found in one patient of twenty. With low blood pressure and");
    println!(
        "low venous pressure it is {:.0} % likely, with normal readings {:.1} %.",
        100.0 * table[(Level::Low, Level::Low, Reading::Normal, Truth::True)],
        100.0 * table[(Level::Normal, Level::Normal, Reading::Normal, Truth::True)],
    );
}
