//! Published models, for development: `cargo bench --bench models`.

use divan::{Bencher, black_box};

#[path = "../examples/models/alarm.rs"]
mod alarm;
#[path = "models/chains.rs"]
mod chains;
#[path = "../examples/models/cheryl.rs"]
mod cheryl;
#[path = "../examples/models/crying_baby.rs"]
mod crying_baby;
#[path = "../examples/models/gridworld.rs"]
mod gridworld;
#[path = "../examples/models/investment_game.rs"]
mod investment_game;
#[path = "models/large.rs"]
mod large;
#[path = "../examples/models/lewis_game.rs"]
mod lewis_game;
#[path = "../examples/models/politeness.rs"]
mod politeness;
#[path = "../examples/models/takeaway.rs"]
mod takeaway;

fn main() {
    divan::main();
}

fn clear_takeaway() {
    takeaway::worth::clear_cache();
    takeaway::policy::clear_cache();
}

fn clear_investment() {
    investment_game::hist::clear_cache();
    investment_game::investor::clear_cache();
    investment_game::trustee::clear_cache();
}

#[divan::bench]
fn lewis_game(bencher: Bencher<'_, '_>) {
    bencher.bench(|| lewis_game::listener(black_box(1.0), black_box(1)));
}

#[divan::bench]
fn rsa_200_by_500_depth_3(bencher: Bencher<'_, '_>) {
    bencher.bench(|| large::rsa(black_box(1.0), black_box(3)));
}

#[divan::bench]
fn scalar_implicature_10_001(bencher: Bencher<'_, '_>) {
    bencher.bench(large::scalar);
}

#[divan::bench]
fn schelling_100_bars_depth_100(bencher: Bencher<'_, '_>) {
    bencher.bench(|| large::alice(black_box(100)));
}

#[divan::bench(sample_count = 5)]
fn gridworld_t_100(bencher: Bencher<'_, '_>) {
    bencher.with_inputs(gridworld::q::clear_cache).bench_values(|()| gridworld::q(black_box(100)));
}

#[divan::bench]
fn crying_baby_t_100(bencher: Bencher<'_, '_>) {
    bencher.with_inputs(crying_baby::q::clear_cache).bench_values(|()| crying_baby::q(black_box(100)));
}

#[divan::bench]
fn takeaway_t_20(bencher: Bencher<'_, '_>) {
    bencher.with_inputs(clear_takeaway).bench_values(|()| takeaway::policy(black_box(20)));
}

#[divan::bench]
fn investment_game(bencher: Bencher<'_, '_>) {
    bencher
        .with_inputs(clear_investment)
        .bench_values(|()| investment_game::investor(black_box(0), black_box(3), black_box(1.0)));
}

#[divan::bench]
fn polite_speech(bencher: Bencher<'_, '_>) {
    bencher.bench(|| politeness::speaker(black_box(2.0), black_box(0.5)));
}

#[divan::bench]
fn cheryl(bencher: Bencher<'_, '_>) {
    bencher.bench(cheryl::puzzle);
}

#[divan::bench]
fn chain_of_12(bencher: Bencher<'_, '_>) {
    bencher.bench(chains::twelve);
}

#[divan::bench]
fn chain_of_8(bencher: Bencher<'_, '_>) {
    bencher.bench(chains::eight);
}

#[divan::bench]
fn chain_of_20_exponentials(bencher: Bencher<'_, '_>) {
    bencher.bench(|| chains::twenty(black_box(1.0)));
}

#[divan::bench]
fn alarm_37_variables(bencher: Bencher<'_, '_>) {
    bencher.bench(|| alarm::alarm(black_box(0.2)));
}
