//! Times the models of the comparison in Rust: `compare MODEL SECONDS` prints a
//! JSON object, `compare MODEL calls N` makes so many calls. Run by `compare.py`
//! and `callgrind.py`.

use std::hint::black_box;
use std::time::{Duration, Instant};

#[path = "../../examples/models/alarm.rs"]
mod alarm;
mod by_hand;
#[path = "../models/chains.rs"]
mod chains;
#[path = "../../examples/models/cheryl.rs"]
mod cheryl;
#[path = "../../examples/models/crying_baby.rs"]
mod crying_baby;
#[path = "../../examples/models/empowerment.rs"]
mod empowerment;
#[path = "../../examples/models/food_trucks.rs"]
mod food_trucks;
#[path = "../../examples/models/gridworld.rs"]
mod gridworld;
#[path = "../../examples/models/investment_game.rs"]
mod investment_game;
#[path = "../models/large.rs"]
mod large;
#[path = "../../examples/models/lewis_game.rs"]
mod lewis_game;
#[path = "../../examples/models/persuasion.rs"]
mod persuasion;
#[path = "../../examples/models/politeness.rs"]
mod politeness;
#[path = "../../examples/models/takeaway.rs"]
mod takeaway;

#[path = "../models/losses.rs"]
mod losses;

/// What is done with the numbers of a table.
type Use<'u> = &'u mut dyn FnMut(&[f64]);

/// A model under its name in the report: the call, and what is forgotten before
/// each, so that every call does its work.
#[derive(Clone, Copy)]
struct Model {
    name: &'static str,
    call: fn(f64, Use<'_>),
    clear: Option<fn()>,
}

macro_rules! models {
    ($($name:ident: |$x:pat_param| $call:expr $(, forgets $($kept:path),+)?;)*) => {
        const MODELS: &[Model] = &[$(Model {
            name: stringify!($name),
            call: |$x, numbers| numbers($call.values()),
            clear: models!(@clear $($($kept),+)?),
        }),*];
    };
    (@clear) => { None };
    (@clear $($kept:path),+) => { Some(|| { $($kept();)+ }) };
}
models! {
    lewis_game: |x| lewis_game::listener(x, 1);
    rsa_200_by_500_depth_3: |x| large::rsa(x, 3);
    scalar_implicature_10_001: |_| large::scalar();
    schelling_100_bars_depth_100: |_| large::alice(black_box(100));
    gridworld_t_100: |_| gridworld::q(black_box(100)), forgets gridworld::q::clear_cache;
    crying_baby_t_100: |_| crying_baby::q(black_box(100)), forgets crying_baby::q::clear_cache;
    crying_baby_500_beliefs: |_| large::fine(black_box(100)), forgets large::fine::clear_cache;
    takeaway_t_20: |_| takeaway::policy(black_box(20)),
        forgets takeaway::worth::clear_cache, takeaway::policy::clear_cache;
    investment_game: |x| investment_game::investor(0, 3, x),
        forgets investment_game::hist::clear_cache, investment_game::investor::clear_cache,
            investment_game::trustee::clear_cache;
    food_trucks_t_10: |_| food_trucks::q(black_box(10)),
        forgets food_trucks::q::clear_cache, food_trucks::updated::clear_cache;
    food_trucks_t_100: |_| food_trucks::q(black_box(100)),
        forgets food_trucks::q::clear_cache, food_trucks::updated::clear_cache;
    // What the inference rests on is there already, as on the other side.
    food_trucks_inferred: |_| food_trucks::inferred(black_box(12), 100),
        forgets food_trucks::inferred::clear_cache;
    persuasion: |_| persuasion::judge(black_box(2));
    polite_speech: |x| politeness::speaker(x, 0.5);
    cheryls_birthday: |_| cheryl::puzzle();
    alarm: |x| alarm::alarm(0.2 * x);
    empowerment: |_| empowerment::empowerment(black_box(5));
    chain_of_8: |_| chains::eight();
    chain_of_12: |_| chains::twelve();
    chain_of_15: |_| chains::fifteen();
    chain_of_20_exponentials: |x| chains::twenty(x);
    lewis_loss_and_gradient: |x| losses::lewis(x);
    rsa_loss_and_gradient: |x| losses::rsa(x);
    loss_and_gradient_of_128_logits: |x| losses::logits(x);
    loss_and_gradient_of_128_logits_datum_by_datum: |x| losses::logits(x);
}

impl Model {
    /// The shortest call, in seconds. Short calls are timed many at a time.
    fn fastest(&self, least: Duration) -> f64 {
        let once = |times: u32| {
            if let Some(clear) = self.clear {
                clear();
            }
            let start = Instant::now();
            for _ in 0..times {
                (self.call)(black_box(1.0), &mut |numbers| {
                    black_box(numbers);
                });
            }
            start.elapsed()
        };
        let many = || (2_000_000 / (once(10).as_nanos() / 10).max(1)).clamp(1, 100_000) as u32;
        let times = if self.clear.is_some() { 1 } else { many() };
        let (start, mut best) = (Instant::now(), f64::INFINITY);
        while start.elapsed() < least {
            best = best.min(once(times).as_secs_f64() / f64::from(times));
        }
        best
    }
}

/// The most memory that this process has had, in MiB; where the system tells.
fn peak() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse::<f64>().ok().map(|kibibytes| kibibytes / 1024.0)
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let Some((name, how)) = arguments.split_first() else {
        println!("run benches/compare/compare.py, which compares with memo for Python");
        return;
    };
    let model = MODELS.iter().find(|model| model.name == name).copied();
    let by_hand = by_hand::WRITTEN.iter().find(|(of, _)| name.strip_suffix("_by_hand") == Some(of));
    let model = model.or(by_hand.map(|&(name, call)| Model { name, call, clear: None }));
    let model = model.unwrap_or_else(|| panic!("no model called {name}"));
    let seconds = match how {
        [seconds] => seconds,
        [_, calls] => {
            for _ in 0..calls.parse().unwrap_or(1) {
                model.clear.iter().for_each(|clear| clear());
                (model.call)(black_box(1.0), &mut |numbers| {
                    black_box(numbers);
                });
            }
            return;
        }
        _ => panic!("compare MODEL SECONDS, or compare MODEL calls N"),
    };
    let mut values = Vec::new();
    let start = Instant::now();
    (model.call)(1.0, &mut |numbers| values = numbers.to_vec());
    let cold = start.elapsed().as_secs_f64();
    let seconds: f64 = seconds.parse().unwrap_or(1.0);
    let fastest = model.fastest(Duration::from_secs_f64(seconds));
    let report = serde_json::json!({
        "model": name, "cold_s": cold, "direct_s": fastest, "peak_mib": peak(), "values": values,
    });
    println!("{report}");
}
