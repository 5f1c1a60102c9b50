//! Scalar implicature: “some” is taken to mean “not all”.
//!
//! N. D. Goodman and A. Stuhlmüller, *Knowledge and implicature*, Topics in Cognitive Science, 2013.

#[allow(dead_code)]
#[path = "models/scalar_implicature.rs"]
mod model;

use model::scalar;

fn main() {
    let table = scalar();
    println!("{table}");
    println!(
        "“Some” makes “all twenty” {:.0} times less likely than nineteen.",
        table[(19, model::Quantifier::Some)] / table[(20, model::Quantifier::Some)]
    );
}
