//! What a derivative costs: the time of `f::vjp` by that of `f`, for models small and
//! large. `cargo bench --bench derivatives`, with a name for the models that contain it, or
//! with a name and a number of calls, half of them plain, for a profile.
//!
//! Both are timed in turns, and of each the fastest counts: what else the machine does makes
//! neither cheaper.

use std::hint::black_box;
use std::time::{Duration, Instant};

use memo::Var;
use ndarray::Array2;

#[path = "../examples/models/crying_baby.rs"]
mod crying_baby;
#[path = "../examples/models/guess_two_thirds.rs"]
mod guess_two_thirds;
#[path = "models/large.rs"]
mod large;
#[path = "../examples/models/lewis_game.rs"]
mod lewis_game;
#[path = "models/losses.rs"]
#[allow(dead_code, reason = "its losses are timed elsewhere")]
mod losses;
#[path = "../examples/models/politeness.rs"]
mod politeness;
#[path = "models/small.rs"]
mod small;

/// A model: the number of its cells, a plain call, the derivative of a sum of all cells, and
/// the same composed of numbers with derivatives where all parameters are numbers.
struct Model {
    name: &'static str,
    parameters: usize,
    cells: fn() -> usize,
    plain: fn(),
    gradient: fn(&[f64]),
    composed: Option<fn(&[f64])>,
}

macro_rules! models {
    ($($name:ident: $($path:ident)::+, [$($x:expr),+] |$v:ident| ($($argument:expr),*);)*) => {
        &[$(Model {
            name: stringify!($name),
            parameters: [$($x),+].len(),
            cells: || {
                let $v = [$($x),+];
                $($path)::+($($argument),*).len()
            },
            plain: || {
                let $v = black_box([$($x),+]);
                black_box($($path)::+($($argument),*));
            },
            gradient: |seed| {
                let $v = black_box([$($x),+]);
                black_box($($path)::+::vjp($($argument),*, seed));
            },
            composed: Some(|seed| {
                black_box(memo::grad(&black_box([$($x),+]), |$v: &[Var<'_, 'static>]| {
                    let table = $($path)::+::traced($($argument),*);
                    table.cells().iter().zip(seed).map(|(cell, seed)| *cell * *seed).sum()
                }));
            }),
        }),*]
    };
}

/// A model that takes arrays, made once.
macro_rules! with_arrays {
    ($name:ident: $($path:ident)::+, $parameters:expr, |$v:ident: $array:ty| $made:expr, ($($argument:expr),*)) => {{
        static ARRAY: std::sync::LazyLock<$array> = std::sync::LazyLock::new(|| $made);
        Model {
            name: stringify!($name),
            parameters: $parameters,
            cells: || {
                let $v = &*ARRAY;
                $($path)::+($($argument),*).len()
            },
            plain: || {
                let $v = black_box(&*ARRAY);
                black_box($($path)::+($($argument),*));
            },
            gradient: |seed| {
                let $v = black_box(&*ARRAY);
                black_box($($path)::+::vjp($($argument),*, seed));
            },
            composed: None,
        }
    }};
}

const NUMBERS: &[Model] = models! {
    lewis_game: lewis_game::listener, [1.0] |x| (x[0], 1);
    costly: small::costly, [1.3, 0.4, 0.6] |x| (x[0], x[1], x[2]);
    powers_below_1: small::hearer, [0.7, 0.8] |x| (x[0], x[1], 2);
    powers_above_1: small::hearer, [1.7, 0.8] |x| (x[0], x[1], 3);
    politeness: politeness::speaker, [1.0, 0.5] |x| (x[0], x[1]);
    polite: small::polite, [1.3, 0.4, 0.2] |x| (x[0], x[1], x[2]);
    understood: small::understood, [1.3, 0.4, 0.2] |x| (x[0], x[1], x[2]);
    guess: small::guess, [0.7] |x| (x[0], 3);
    hierarchy: small::hierarchy, [0.7, 1.4] |x| (x[0], x[1]);
    worth: small::worth, [0.9, 1.5, 1.2] |x| (x[0], x[1], x[2], 6);
    policy: small::policy, [0.9, 1.5, 1.2] |x| (x[0], x[1], x[2], 6);
    goal: small::goal, [0.9, 1.5] |x| (x[0], x[1], 5);
    tall: small::tall, [1.9, 0.5, 0.3, 0.4] |x| (x[0], x[1], x[2], x[3]);
    rates: small::rates, [0.6, 4.0] |x| (x[0], x[1], 4);
    detects: small::detects, [1.2, 0.4, 3.0] |x| (x[0], x[1], x[2]);
    asks: small::asks, [0.4, 0.2, 0.1] |x| (x[0], x[1], x[2]);
    stands: small::stands, [0.6, 1.2, 0.5] |x| (x[0], x[1], x[2]);
    tiger: small::tiger, [0.9, 0.7, 30.0] |x| (x[0], x[1], x[2], 4);
    gamble: small::gamble, [2.1, 0.8, 0.6] |x| (x[0], x[1], x[2]);
    noisy_or: small::noisy_or, [0.3, 0.4, 0.7, 0.6] |x| (x[0], x[1], x[2], x[3]);
    chain: small::chain, [0.7, 0.8] |x| (x[0], x[1]);
    moments: small::moments, [0.6, 0.7] |x| (x[0], x[1]);
    bandit: small::bandit, [1.0, 0.9, 0.8] |x| (x[0], x[1], x[2], 5);
    guess_two_thirds: guess_two_thirds::player, [0.5] |x| (3, x[0]);
    rsa_200_by_500: large::rsa, [1.0] |x| (x[0], 3);
};

fn logits(rows: usize, columns: usize) -> Array2<f64> {
    Array2::from_shape_fn((rows, columns), |(x, y)| ((x * 8 + y) as f64).sin())
}

fn all() -> Vec<Model> {
    let mut all: Vec<Model> = NUMBERS.iter().map(|model| Model { ..*model }).collect();
    all.extend([
        with_arrays!(urn: small::urn, 5, |w: Vec<f64>| vec![0.3, -0.2, 0.1, 0.4], (w, black_box(0.8))),
        with_arrays!(hyperbole: small::hyperbole, 6, |w: Vec<f64>| vec![0.9, 0.4, -0.1, -0.8], (black_box(1.4), black_box(0.6), w)),
        with_arrays!(logits_16_by_8: losses::mapping, 128, |w: Array2<f64>| logits(16, 8), (w)),
        with_arrays!(lexicon_12_by_12: small::lexicon, 145, |w: Array2<f64>| logits(12, 12), (black_box(1.5), w)),
    ]);
    all
}

/// The fastest of some calls in turns, in nanoseconds each.
fn fastest<const N: usize>(calls: [&dyn Fn(); N], least: Duration) -> [f64; N] {
    let once = |call: &dyn Fn(), times: u32| {
        let start = Instant::now();
        (0..times).for_each(|_| call());
        start.elapsed()
    };
    let times = calls.map(|call| {
        once(call, 3);
        (200_000 / (once(call, 10).as_nanos() / 10).max(1)).clamp(1, 10_000) as u32
    });
    let (start, mut best) = (Instant::now(), [f64::INFINITY; N]);
    while start.elapsed() < least {
        for at in 0..N {
            best[at] = best[at].min(once(calls[at], times[at]).as_nanos() as f64 / f64::from(times[at]));
        }
    }
    best
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let named = arguments.first().map_or("", String::as_str);
    let all = all();
    let chosen = all.iter().filter(|model| model.name.contains(named));
    let seed = |cells: usize| (0..cells).map(|at| (at as f64 * 1.7 + 0.3).sin()).collect::<Vec<_>>();
    if let Some(calls) = arguments.get(1).and_then(|calls| calls.parse::<usize>().ok()) {
        for model in chosen {
            let seed = seed((model.cells)());
            (0..calls / 2).for_each(|_| (model.plain)());
            (0..calls / 2).for_each(|_| (model.gradient)(&seed));
        }
        return;
    }
    println!("| model | cells | parameters | value, ns | and gradient, ns | ratio | composed |");
    println!("|---|---:|---:|---:|---:|---:|---:|");
    for model in chosen {
        let cells = (model.cells)();
        let seed = seed(cells);
        let gradient = || (model.gradient)(&seed);
        let composed = || model.composed.map_or((), |composed| composed(&seed));
        let found = fastest([&model.plain, &gradient, &composed], Duration::from_millis(700));
        let [value, gradient, composed] = found;
        let composed = model.composed.map_or(String::new(), |_| format!("{:.1}", composed / value));
        println!(
            "| {} | {cells} | {} | {value:.0} | {gradient:.0} | {:.1} | {composed} |",
            model.name,
            model.parameters,
            gradient / value,
        );
    }
}
