//! The Sally–Anne test: a child who knows that Sally may not know.
//!
//! S. Baron-Cohen, A. M. Leslie and U. Frith, *Does the autistic child have a “theory of mind”?*, Cognition, 1985.

#[allow(dead_code)]
#[path = "models/sally_anne.rs"]
mod model;

use model::model as sally_anne;

fn main() {
    let table = sally_anne();
    println!("{table}");
    println!("Sally, who saw nothing, looks where she left the marble.");
}
