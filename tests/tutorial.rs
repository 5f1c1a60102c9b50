//! The numbers of the tutorial: coins and dice.

use memo::prelude::*;
use std::ops::RangeInclusive;

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
enum Coin {
    Tails,
    Heads,
}

fn heads<const N: usize>(flips: [Coin; N]) -> i64 {
    flips.iter().map(|c| i64::from(*c == Coin::Heads)).sum()
}

fn heads_of_two(flips: [Coin; 2]) -> i64 {
    heads(flips)
}

/// At least one head in two fair flips: 1 − ¼.
#[memo]
fn two_flips() {
    model! {
        player: draws(s in [Coin; 2], uniformly);
        return Pr[heads_of_two(player.s) >= 1];
    }
}

/// Between four and six heads in ten fair flips.
#[memo]
fn fair() {
    model! {
        player: draws(s in [Coin; 10], uniformly);
        return Pr[heads(player.s) >= 4, heads(player.s) <= 6];
    }
}

/// The weight of a sequence of which the first two flips are fair and the
/// others show heads one time in ten.
fn swapped_weight(s: [Coin; 10]) -> f64 {
    let chance = |(at, c): (usize, &Coin)| match (at < 2, c) {
        (true, _) => 0.5,
        (false, Coin::Heads) => 0.1,
        (false, Coin::Tails) => 0.9,
    };
    s.iter().enumerate().map(chance).product()
}

#[memo]
fn swapped() {
    model! {
        player: draws(s in [Coin; 10], wpp = swapped_weight(s));
        return Pr[heads(player.s) >= 4, heads(player.s) <= 6];
    }
}

#[test]
fn coins() {
    assert_eq!(two_flips().value(), 0.75);
    // (210 + 252 + 210) / 1024
    assert!((fair().value() - 0.65625).abs() < 1e-12);
    assert!((swapped().value() - 0.066_906_0).abs() < 5e-8, "{}", swapped().value());
}

const D4: RangeInclusive<i64> = 1..=4;
const D6: RangeInclusive<i64> = 1..=6;
const D8: RangeInclusive<i64> = 1..=8;

fn six(x: i64) -> f64 {
    if x == 6 { 0.5 } else { 0.1 }
}

fn second_eight(x: i64) -> f64 {
    if x % 2 == 0 { 3.0 } else { 1.0 }
}

/// All combinations of two rolls of the three dice.
#[memo]
fn dice<a: D4, b: D6, c: D8, d: D4, e: D6, f: D8>() {
    model! {
        first: draws(x4 in D4, uniformly);
        first: draws(x6 in D6, wpp = six(x6));
        first: draws(x8 in D8, uniformly);
        second: draws(x4 in D4, uniformly);
        second: draws(x6 in D6, wpp = six(x6));
        second: draws(x8 in D8, wpp = second_eight(x8));
        return Pr[first.x4 == a, first.x6 == b, first.x8 == c, second.x4 == d, second.x6 == e, second.x8 == f];
    }
}

/// The chance that the second sum is at least the first.
#[memo]
fn second_wins() {
    model! {
        first: draws(x in (D4, D6, D8), wpp = six(x.1));
        second: draws(x in (D4, D6, D8), wpp = six(x.1) * second_eight(x.2));
        return Pr[second.x.0 + second.x.1 + second.x.2 >= first.x.0 + first.x.1 + first.x.2];
    }
}

fn chance(x: (i64, i64, i64), second: bool) -> f64 {
    let eight = if second { second_eight(x.2) / 16.0 } else { 1.0 / 8.0 };
    0.25 * six(x.1) * eight
}

#[test]
fn all_combinations_of_dice() {
    let table = dice();
    assert_eq!(table.shape(), [4, 6, 8, 4, 6, 8]);
    for ((a, b, c, d, e, f), p) in &table {
        let exact = chance((a, b, c), false) * chance((d, e, f), true);
        assert!((p - exact).abs() <= 1e-12 * exact, "{p} is not {exact}");
    }
}

#[test]
fn the_second_roll_against_the_first() {
    let rolls = || (1..=4).flat_map(|a| (1..=6).flat_map(move |b| (1..=8).map(move |c| (a, b, c))));
    let sum = |x: (i64, i64, i64)| x.0 + x.1 + x.2;
    let exact: f64 = rolls()
        .flat_map(|x| rolls().map(move |y| (x, y)))
        .filter(|(x, y)| sum(*y) >= sum(*x))
        .map(|(x, y)| chance(x, false) * chance(y, true))
        .sum();
    assert!((second_wins().value() - exact).abs() < 1e-12);
}
