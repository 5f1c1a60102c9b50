//! The cards of the tutorial.
//!
//! The models of memo's tutorial, the Memonomicon.

#[allow(dead_code)]
#[path = "models/tutorial_cards.rs"]
mod model;

use model::{alice_chooses_card, all_outcomes, bob_chooses_card, scalar};

fn main() {
    println!("{}\n{}\n{}\n{}", alice_chooses_card(3.0), bob_chooses_card(), all_outcomes(), scalar(1.0));
    println!("Alice likes high cards, and Bob, who knows, stays away from them.");
}
