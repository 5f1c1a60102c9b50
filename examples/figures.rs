//! Figures of published models, each in a call or two.
//!
//! `cargo run --release --features plot --example figures [folder]` writes them as SVG
//! and PNG into `target/figures` or the folder.

#![allow(dead_code)]

#[path = "models/coin_game.rs"]
mod coins;
#[path = "models/crying_baby.rs"]
mod crying_baby;
#[path = "models/gridworld.rs"]
mod gridworld;
#[path = "models/lewis_game.rs"]
mod lewis_game;
#[path = "models/scalar_implicature.rs"]
mod scalar_implicature;
#[path = "models/tutorial_cards.rs"]
mod tutorial_cards;

use std::error::Error;
use std::ops::Range;
use std::path::{Path, PathBuf};

use memo::plot::{Plot, scatter};
use memo::prelude::*;
use memo::sweep;

use crying_baby::{Action as Acts, B};
use gridworld::{Action, Goal, S, is_wall, q};

/// The rows and columns of the maze.
const ROW: Range<i64> = 0..21;
/// See [`ROW`].
const COLUMN: Range<i64> = 0..21;

/// The value of the best step from a cell of the maze.
#[memo]
fn value<row: ROW, column: COLUMN, goal: Goal>(t: i64) {
    model! {
        alice: knows(row, column, goal);
        alice: chooses(s in S, to_be = 21 * row + column);
        alice: chooses(a in Action, to_maximize = q[s, a, goal](t));
        return E[q[alice.s, alice.a, goal](t)];
    }
}

/// Where there is wall.
#[memo]
fn wall<row: ROW, column: COLUMN>() {
    model! { return 1 if is_wall(column, row) else 0; }
}

/// The action to choose under a belief.
#[memo]
fn policy<b: B, a: Acts>(t: i64) {
    model! {
        alice: knows(b);
        alice: chooses(a in Acts, to_maximize = crying_baby::q[b, a](t));
        return Pr[alice.a == a];
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args_os().nth(1).map_or_else(|| PathBuf::from("target/figures"), PathBuf::from);
    std::fs::create_dir_all(&folder)?;
    let save = |name: &str, plot: Plot| save(&folder, name, &plot);

    // Coins.
    save("heads", coins::fair().plot().title("Heads in ten flips of a fair coin"))?;
    let game = coins::fair().plot().named("fair").with("deceptive", coins::deceptive());
    save("coins", game.title("Who flips fairly?").mark_range(coins::WINS, "wins"))?;

    // Cards.
    let cards = tutorial_cards::alice_chooses_card(3.0).plot().named("Alice");
    save("cards", cards.with("Bob", tutorial_cards::bob_chooses_card()).title("Bob avoids Alice’s card"))?;
    save("outcomes", tutorial_cards::all_outcomes().plot().heatmap().title("Both at once"))?;

    // The Lewis game.
    let green = |level| lewis_game::listener(1.74, level).select("u", lewis_game::Utterance::Green);
    // What 180 people took it to mean (Qing and Franke 2015).
    let file = "r,people\nGreenSquare,0.3611\nGreenCircle,0.6389\nPinkCircle,0\n";
    let people = Table::from_csv("people", &["r"], (lewis_game::Referent,), file.as_bytes())?;
    let error = people.map(|p| 2.0 * (p * (1.0 - p) / 180.0).sqrt());
    let fit = green(1).plot().named("level 1").with("level 0", green(0));
    save("lewis", fit.points_with_errors(&people, &error).title("What does “green” mean?"))?;
    save("lewis_scatter", scatter(green(1), &people))?;
    let by_beta = sweep("beta", linspace(0.0, 3.0, 61), |beta| lewis_game::listener(beta, 1));
    let by_beta = by_beta.select("u", "Green").plot().title("“Green”, by rationality");
    save("lewis_beta", by_beta.mark_line(1.74, "best fit").mark_level(0.5, "chance"))?;
    save("lewis_all", lewis_game::listener(1.74, 1).plot().title("A pragmatic listener"))?;

    // A maze.
    let walls = wall().map(|wall| if wall > 0.0 { f64::NAN } else { 0.0 });
    let plot = (&value(100).to_labelled() + &walls).plot().heatmap().gaps();
    save("gridworld", plot.title("The value of a walk to the goal").value_name("value"))?;

    // A crying baby.
    let values = crying_baby::q(10);
    let plot = values.plot().title("The crying baby, ten steps ahead").value_name("long-term reward");
    save("crying_baby", plot)?;
    // The value where the action is the best, and nothing elsewhere.
    let best = &values.to_labelled() + &policy(10).map(|p| if p > 0.0 { 0.0 } else { f64::NAN });
    let plot = best.plot().gaps().title("What to do, by the belief that the baby is hungry");
    save("crying_baby_policy", plot.value_name("long-term reward"))?;

    // Scalar implicature.
    let table = scalar_implicature::scalar();
    save("scalar", table.plot().title("How many are nice, after “some are”?"))?;
    save("scalar_panels", table.plot().bars().facet("u"))?;
    Ok(())
}

/// Writes a figure in both formats and shows it.
fn save(folder: &Path, name: &str, plot: &Plot) -> Result<(), Box<dyn Error>> {
    println!("{plot}\n");
    plot.save(folder.join(name).with_extension("svg"))?;
    plot.save(folder.join(name).with_extension("png"))?;
    Ok(())
}
