//! Times the models of the comparison in Rust: `compare MODEL SECONDS` prints a
//! JSON object. Run by `compare.py`.

use std::hint::black_box;
use std::time::{Duration, Instant};

#[path = "../models/chains.rs"]
mod chains;
#[path = "../../examples/models/crying_baby.rs"]
mod crying_baby;
#[path = "../../examples/models/gridworld.rs"]
mod gridworld;
#[path = "../models/large.rs"]
mod large;
#[path = "../../examples/models/lewis_game.rs"]
mod lewis_game;
#[path = "../../examples/models/politeness.rs"]
mod politeness;
#[path = "../../examples/models/takeaway.rs"]
mod takeaway;

fn call(model: &str, x: f64) -> Option<Vec<f64>> {
    Some(match model {
        "lewis_game" => lewis_game::listener(x, 1).values().to_vec(),
        "rsa_200_by_500_depth_3" => large::rsa(x, 3).values().to_vec(),
        "scalar_implicature_10_001" => large::scalar().values().to_vec(),
        "schelling_100_bars_depth_100" => large::alice(100).values().to_vec(),
        "chain_of_8" => chains::eight().values().to_vec(),
        "chain_of_12" => chains::twelve().values().to_vec(),
        "polite_speech" => politeness::speaker(x, 0.5).values().to_vec(),
        "takeaway_t_20" => takeaway::policy(20).values().to_vec(),
        "gridworld_t_100" => gridworld::q(100).values().to_vec(),
        "crying_baby_t_100" => crying_baby::q(100).values().to_vec(),
        _ => return None,
    })
}

/// What is kept between calls, so that every call does its work.
fn clear() {
    gridworld::q::clear_cache();
    crying_baby::q::clear_cache();
    takeaway::worth::clear_cache();
    takeaway::policy::clear_cache();
}

/// The shortest call, in nanoseconds. Short calls are timed many at a time.
fn fastest(model: &str, least: Duration) -> f64 {
    let once = |times: u32| {
        clear();
        let start = Instant::now();
        for _ in 0..times {
            black_box(call(black_box(model), black_box(1.0)));
        }
        start.elapsed()
    };
    let cached = matches!(model, "gridworld_t_100" | "crying_baby_t_100" | "takeaway_t_20");
    let times = if cached { 1 } else { (2_000_000 / once(10).as_nanos().max(1)).clamp(1, 100_000) as u32 };
    let (start, mut best) = (Instant::now(), f64::INFINITY);
    while start.elapsed() < least {
        best = best.min(once(times).as_nanos() as f64 / f64::from(times));
    }
    best
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let [model, seconds] = arguments.as_slice() else {
        println!("run benches/compare/compare.py, which compares with memo for Python");
        return;
    };
    let start = Instant::now();
    let Some(values) = call(model, 1.0) else { panic!("no model called {model}") };
    let cold = start.elapsed().as_secs_f64();
    let seconds: f64 = seconds.parse().unwrap_or(1.0);
    let ns = fastest(model, Duration::from_secs_f64(seconds));
    let report = serde_json::json!({
        "model": model, "cold_s": cold, "direct_s": ns * 1e-9, "values": values,
    });
    println!("{report}");
}
