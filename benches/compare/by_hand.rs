//! Some of the models as a person writes them who knows the machine and the model
//! by heart: no domains, no names, no checks of weights, no marks of what is
//! impossible, no limit of memory, sizes as constants, buffers of their own. What
//! a compiler can at best reach.
#![allow(unsafe_code)]

use std::cell::RefCell;
use std::hint::black_box;
use std::sync::LazyLock;

use super::{crying_baby, large, lewis_game, politeness};

/// What is done with the numbers of a call.
type Use<'u> = &'u mut dyn FnMut(&[f64]);

/// A call with a parameter.
type Call = fn(f64, Use<'_>);

/// What is written by hand, under the name of the model that it does the work of.
pub const WRITTEN: &[(&str, Call)] = &[
    ("lewis_game", lewis),
    ("rsa_200_by_500_depth_3", rsa),
    ("schelling_100_bars_depth_100", |_, see| see(&schelling_table(black_box(100)))),
    ("crying_baby_t_100", |_, see| see(&crying_table(black_box(100))[..CELLS])),
    ("takeaway_t_20", |_, see| see(&takeaway_table(black_box(20)))),
    ("polite_speech", |x, see| see(&polite_table(x, 0.5))),
    ("lewis_loss_and_gradient", |x, see| see(&<[f64; 2]>::from(lewis_loss_of(x, 1)))),
    ("rsa_loss_and_gradient", rsa_loss),
    ("loss_and_gradient_of_128_logits", logits),
];

/// `a · b + c` as the machine does it best.
#[inline(always)]
fn fma<const FUSED: bool>(a: f64, b: f64, c: f64) -> f64 {
    if FUSED { a.mul_add(b, c) } else { a * b + c }
}

/// `exp x` for `|x| < 700`.
#[inline(always)]
fn exp<const FUSED: bool>(x: f64) -> f64 {
    const ROUND: f64 = 6_755_399_441_055_744.0;
    let shifted = fma::<FUSED>(x, std::f64::consts::LOG2_E, ROUND);
    let k = shifted - ROUND;
    let r = fma::<FUSED>(-k, 6.931_471_803_691_238e-1, x);
    let r = fma::<FUSED>(-k, 1.908_214_929_270_587_7e-10, r);
    let coefficients = [
        2.091_468_696_808_687_6e-9,
        2.510_521_700_472_074_5e-8,
        2.755_727_364_311_03e-7,
        2.755_725_540_020_642_2e-6,
        2.480_158_732_554_774_3e-5,
        1.984_126_987_482_062_7e-4,
        1.388_888_888_888_374_8e-3,
        8.333_333_333_326_136e-3,
        4.166_666_666_666_667e-2,
        1.666_666_666_666_666_9e-1,
        0.5,
        1.0,
        1.0,
    ];
    let mut sum = 0.0;
    for coefficient in coefficients {
        sum = fma::<FUSED>(sum, r, coefficient);
    }
    f64::from_bits(sum.to_bits().wrapping_add(shifted.to_bits() << 52))
}

const LANES: usize = 16;

/// The sum of what `term` gives for each of `0..n`, in lanes.
#[inline(always)]
fn sum(n: usize, term: impl Fn(usize) -> f64) -> f64 {
    let mut lanes = [0.0; LANES];
    for start in (0..n / LANES * LANES).step_by(LANES) {
        for (lane, sum) in lanes.iter_mut().enumerate() {
            *sum += term(start + lane);
        }
    }
    let rest: f64 = (n / LANES * LANES..n).map(&term).sum();
    lanes.iter().sum::<f64>() + rest
}

/// Compiles a function for three sets of instructions and calls the best.
macro_rules! for_this_machine {
    ($kernel:ident($($argument:expr => $name:ident: $type:ty),*) -> $result:ty) => {{
        #[cfg(target_arch = "x86_64")]
        {
            #[target_feature(enable = "avx512f,avx512dq,avx512vl,fma")]
            fn avx512($($name: $type),*) -> $result {
                $kernel::<true>($($name),*)
            }
            #[target_feature(enable = "avx2,fma")]
            fn avx2($($name: $type),*) -> $result {
                $kernel::<true>($($name),*)
            }
            if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512vl") && is_x86_feature_detected!("fma") {
                // SAFETY: the machine has these instructions.
                return unsafe { avx512($($argument),*) };
            }
            if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                // SAFETY: the machine has these instructions.
                return unsafe { avx2($($argument),*) };
            }
        }
        $kernel::<false>($($argument),*)
    }};
}

// The Lewis game: 4 utterances, 3 referents and a fourth that nothing fits. ----

type Four = [[f64; 4]; 4];

static DENOTES: LazyLock<Four> = LazyLock::new(|| {
    use lewis_game::{Referent, Utterance, denotes};
    let fits = |u, r| f64::from(u8::from(denotes(u, r)));
    [Utterance::Green, Utterance::Pink, Utterance::Square, Utterance::Round].map(|u| {
        let [a, b, c] =
            [Referent::GreenSquare, Referent::GreenCircle, Referent::PinkCircle].map(|r| fits(u, r));
        [a, b, c, 0.0]
    })
});

/// The speaker's choice, the sums by which it became the listener's, and that.
#[inline(always)]
fn lewis_level<const F: bool>(weights: &Four) -> (Four, [f64; 4], Four) {
    let mut columns = [0.0; 4];
    for row in weights {
        for (sum, w) in columns.iter_mut().zip(row) {
            *sum += w;
        }
    }
    columns[3] = 1.0;
    let mut speaker = *weights;
    let shares = columns.map(|sum| 1.0 / sum);
    for row in &mut speaker {
        for (w, share) in row.iter_mut().zip(shares) {
            *w *= share;
        }
    }
    let rows = speaker.map(|row| 1.0 / (row[0] + row[1] + row[2] + row[3]));
    let mut listener = speaker;
    for (row, share) in listener.iter_mut().zip(rows) {
        for p in row {
            *p *= share;
        }
    }
    (speaker, rows, listener)
}

#[inline(always)]
fn lewis_weights<const F: bool>(denotes: &Four, beta: f64, listener: &Four) -> Four {
    let mut weights = *denotes;
    for (row, before) in weights.iter_mut().zip(listener) {
        for (w, p) in row.iter_mut().zip(before) {
            *w *= exp::<F>(beta * p);
        }
    }
    weights
}

#[inline(always)]
fn lewis_kernel<const F: bool>(denotes: &Four, beta: f64, level: i64) -> Four {
    let mut listener = lewis_level::<F>(denotes).2;
    for _ in 0..level {
        listener = lewis_level::<F>(&lewis_weights::<F>(denotes, beta, &listener)).2;
    }
    listener
}

fn lewis_table(beta: f64, level: i64) -> Four {
    for_this_machine!(lewis_kernel(&DENOTES => denotes: &Four, beta => beta: f64, level => level: i64) -> Four)
}

/// The listener of the Lewis game.
fn lewis(beta: f64, see: Use<'_>) {
    let table = lewis_table(beta, 1);
    see(&std::array::from_fn::<f64, 12, _>(|at| table[at / 3][at % 3]));
}

/// The loss, and its derivative carried forward.
#[inline(always)]
fn lewis_loss_kernel<const F: bool>(denotes: &Four, beta: f64, level: i64) -> (f64, f64) {
    let mut listener = lewis_level::<F>(denotes).2;
    let mut rate = [[0.0; 4]; 4];
    for _ in 0..level {
        let (speaker, rows, next) = lewis_level::<F>(&lewis_weights::<F>(denotes, beta, &listener));
        let mut means = [0.0; 4];
        for ((rate, p), speaker) in rate.iter_mut().zip(&listener).zip(&speaker) {
            for (((rate, p), s), mean) in rate.iter_mut().zip(p).zip(speaker).zip(&mut means) {
                *rate = p + beta * *rate;
                *mean += s * *rate;
            }
        }
        for (((rate, speaker), next), share) in rate.iter_mut().zip(&speaker).zip(&next).zip(rows) {
            for ((rate, s), mean) in rate.iter_mut().zip(speaker).zip(means) {
                *rate = s * (*rate - mean);
            }
            let all = rate[0] + rate[1] + rate[2] + rate[3];
            for (rate, p) in rate.iter_mut().zip(next) {
                *rate = (*rate - p * all) * share;
            }
        }
        listener = next;
    }
    let said = [65.0 / 180.0, 115.0 / 180.0, 0.0];
    let mut found = (0.0, 0.0);
    for at in 0..3 {
        let error = listener[0][at] - said[at];
        found.0 += error * error / 3.0;
        found.1 += 2.0 * error / 3.0 * rate[0][at];
    }
    found
}

fn lewis_loss_of(beta: f64, level: i64) -> (f64, f64) {
    for_this_machine!(lewis_loss_kernel(&DENOTES => denotes: &Four, beta => beta: f64, level => level: i64) -> (f64, f64))
}

// RSA: 200 utterances, 500 referents. -------------------------------------------

const U: usize = 200;
const R: usize = 500;

static LEXICON: LazyLock<Vec<f64>> = LazyLock::new(|| {
    let cells = (0..U).flat_map(|u| (0..R).map(move |r| (u, r)));
    cells.map(|(u, r)| large::fit(u as i64, r as i64)).collect()
});

/// One level on from the listener before it, in place; the first where there is
/// none. The speaker's sums stay unmade: they scale columns, and rows right after.
#[inline(always)]
fn rsa_level<const F: bool>(
    lexicon: &[f64],
    alpha: f64,
    first: bool,
    from: &[f64],
    to: &mut [f64],
    rows: &mut [f64; U],
) {
    let mut columns = [0.0; R];
    let tables = lexicon.chunks_exact(R).zip(from.chunks_exact(R)).zip(to.chunks_exact_mut(R));
    for ((fit, from), to) in tables {
        for r in 0..R {
            let w = if first { fit[r] } else { fit[r] * exp::<F>(alpha * from[r]) };
            to[r] = w;
            columns[r] += w;
        }
    }
    for sum in &mut columns {
        *sum = 1.0 / *sum;
    }
    for (row, total) in to.chunks_exact_mut(R).zip(rows) {
        let row: &mut [f64; R] = row.try_into().unwrap();
        *total = 1.0 / sum(R, |r| row[r] * columns[r]);
        for r in 0..R {
            row[r] *= columns[r] * *total;
        }
    }
}

#[inline(always)]
fn rsa_kernel<const F: bool>(
    lexicon: &[f64],
    alpha: f64,
    depth: usize,
    levels: &mut [Vec<f64>],
    rows: &mut [[f64; U]],
) {
    for level in 0..=depth {
        let mut to = std::mem::take(&mut levels[level]);
        let from = if level == 0 { lexicon } else { &levels[level - 1] };
        rsa_level::<F>(lexicon, alpha, level == 0, from, &mut to, &mut rows[level]);
        levels[level] = to;
    }
}

fn rsa_levels(alpha: f64, depth: usize, levels: &mut [Vec<f64>], rows: &mut [[f64; U]]) {
    for_this_machine!(rsa_kernel(&LEXICON => lexicon: &[f64], alpha => alpha: f64, depth => depth: usize, levels => levels: &mut [Vec<f64>], rows => rows: &mut [[f64; U]]) -> ())
}

#[inline(always)]
fn rsa_value_kernel<const F: bool>(
    lexicon: &[f64],
    alpha: f64,
    depth: usize,
    table: &mut [f64],
    spare: &mut [f64],
) {
    let mut rows = [0.0; U];
    for level in 0..=depth {
        // The level before is overwritten row by row.
        let (from, to) =
            if (depth - level).is_multiple_of(2) { (&*spare, &mut *table) } else { (&*table, &mut *spare) };
        rsa_level::<F>(lexicon, alpha, level == 0, if level == 0 { lexicon } else { from }, to, &mut rows);
    }
}

fn rsa_value(alpha: f64, depth: usize, table: &mut [f64], spare: &mut [f64]) {
    for_this_machine!(rsa_value_kernel(&LEXICON => lexicon: &[f64], alpha => alpha: f64, depth => depth: usize, table => table: &mut [f64], spare => spare: &mut [f64]) -> ())
}

thread_local! {
    static ROOM: RefCell<(Vec<Vec<f64>>, Vec<f64>)> = RefCell::new((vec![vec![0.0; U * R]; 4], vec![0.0; U * R]));
}

/// The listener of RSA, handed to `see`.
fn rsa(alpha: f64, see: Use<'_>) {
    ROOM.with_borrow_mut(|(levels, spare)| {
        rsa_value(alpha, 3, &mut levels[3], spare);
        see(&levels[3]);
    });
}

/// What one level does to the derivative, backwards; returns alpha's part.
#[inline(always)]
fn rsa_back<const F: bool>(
    alpha: f64,
    before: &[f64],
    after: &[f64],
    rows: &[f64; U],
    bar: &mut [f64],
) -> f64 {
    let mut columns = [0.0; R];
    for ((bar, p), share) in bar.chunks_exact_mut(R).zip(after.chunks_exact(R)).zip(rows) {
        let (bar, p): (&mut [f64; R], &[f64; R]) = (bar.try_into().unwrap(), p.try_into().unwrap());
        let mean = sum(R, |r| bar[r] * p[r]);
        for r in 0..R {
            bar[r] = (bar[r] - mean) * share;
            columns[r] += bar[r] * p[r] / share;
        }
    }
    let mut found = 0.0;
    let tables = bar.chunks_exact_mut(R).zip(after.chunks_exact(R)).zip(before.chunks_exact(R)).zip(rows);
    for (((bar, p), before), share) in tables {
        let (bar, p): (&mut [f64; R], &[f64; R]) = (bar.try_into().unwrap(), p.try_into().unwrap());
        let (before, total): (&[f64; R], f64) = (before.try_into().unwrap(), 1.0 / share);
        let mut lanes = [0.0; 20];
        for start in (0..R).step_by(20) {
            for (lane, sum) in lanes.iter_mut().enumerate() {
                let r = start + lane;
                let e = p[r] * total * (bar[r] - columns[r]);
                *sum += e * before[r];
                bar[r] = alpha * e;
            }
        }
        found += lanes.iter().sum::<f64>();
    }
    found
}

#[inline(always)]
fn rsa_loss_kernel<const F: bool>(
    alpha: f64,
    levels: &[Vec<f64>],
    rows: &[[f64; U]],
    bar: &mut [f64],
) -> (f64, f64) {
    let last: &[f64] = &levels[levels.len() - 1];
    let n = last.len() as f64;
    let loss = sum(last.len(), |at| last[at] * last[at]) / n;
    for (bar, p) in bar.iter_mut().zip(last) {
        *bar = 2.0 * p / n;
    }
    let mut found = 0.0;
    for level in (1..levels.len()).rev() {
        found += rsa_back::<F>(alpha, &levels[level - 1], &levels[level], &rows[level], bar);
    }
    (loss, found)
}

fn rsa_loss_of(alpha: f64, levels: &[Vec<f64>], rows: &[[f64; U]], bar: &mut [f64]) -> (f64, f64) {
    for_this_machine!(rsa_loss_kernel(alpha => alpha: f64, levels => levels: &[Vec<f64>], rows => rows: &[[f64; U]], bar => bar: &mut [f64]) -> (f64, f64))
}

/// The mean square of the listener's table, and its derivative.
fn rsa_loss(alpha: f64, see: Use<'_>) {
    ROOM.with_borrow_mut(|(levels, bar)| {
        let mut rows = [[0.0; U]; 4];
        rsa_levels(alpha, 3, levels, &mut rows);
        let (loss, rate) = rsa_loss_of(alpha, levels, &rows, bar);
        see(&[loss, rate]);
    });
}

// Schelling: 100 bars. -----------------------------------------------------------

const BARS: usize = 100;

#[inline(always)]
fn schelling_kernel<const F: bool>(prior: &[f64; BARS], depth: i64) -> [f64; BARS] {
    let mut p = [1.0; BARS];
    for _ in 0..2 * depth {
        for (p, prior) in p.iter_mut().zip(prior) {
            *p *= prior;
        }
        let share = 1.0 / sum(BARS, |at| p[at]);
        for p in &mut p {
            *p *= share;
        }
    }
    p
}

fn schelling_table(depth: i64) -> [f64; BARS] {
    static PRIOR: LazyLock<[f64; BARS]> = LazyLock::new(|| std::array::from_fn(large::prior));
    for_this_machine!(schelling_kernel(&PRIOR => prior: &[f64; BARS], depth => depth: i64) -> [f64; BARS])
}

// The crying baby: 50 beliefs, 3 actions. ----------------------------------------

const BELIEFS: usize = 50;
const CELLS: usize = BELIEFS * 3;
const WIDE: usize = 152;

/// Rewards, and where each step leads, its beliefs after it outermost.
type Steps = ([f64; WIDE], Vec<[f64; WIDE]>);

static STEPS: LazyLock<Steps> = LazyLock::new(|| {
    use crying_baby::{Action, B, Sound, State, belief, reward, sound, transition};
    let mut rewards = [0.0; WIDE];
    let mut leads = vec![[0.0; WIDE]; BELIEFS];
    let states = [State::Hungry, State::Sated];
    let beliefs: Vec<f64> = (0..BELIEFS).map(|at| memo::Domain::value(&B, at)).collect();
    for (at, &b) in beliefs.iter().enumerate() {
        for a in [Action::Feed, Action::Sing, Action::Ignore] {
            let cell = at * 3 + a as usize;
            rewards[cell] = states.iter().map(|&s| belief(b, s) * reward(s, a)).sum();
            for o in [Sound::Crying, Sound::Quiet] {
                let chance = |next| {
                    let to = states.iter().map(|&s| belief(b, s) * transition(s, a, next));
                    to.sum::<f64>() * sound(o, next, a)
                };
                let (hungry, all) = (chance(State::Hungry), chance(State::Hungry) + chance(State::Sated));
                if all == 0.0 {
                    continue;
                }
                let near: Vec<f64> =
                    beliefs.iter().map(|b| (-100.0 * (hungry / all - b).abs()).exp()).collect();
                let total: f64 = near.iter().sum();
                for (row, near) in leads.iter_mut().zip(near) {
                    row[cell] += 0.9 * all * near / total;
                }
            }
        }
    }
    (rewards, leads)
});

#[inline(always)]
fn crying_kernel<const F: bool>((rewards, leads): &Steps, t: usize) -> [f64; WIDE] {
    let mut q = *rewards;
    for _ in 0..t {
        let mut next = *rewards;
        for (at, row) in leads.iter().enumerate() {
            let best = q[3 * at].max(q[3 * at + 1]).max(q[3 * at + 2]);
            for (q, p) in next.iter_mut().zip(row) {
                *q = fma::<F>(*p, best, *q);
            }
        }
        q = next;
    }
    q
}

fn crying_table(t: usize) -> [f64; WIDE] {
    for_this_machine!(crying_kernel(&STEPS => steps: &Steps, t => t: usize) -> [f64; WIDE])
}

// The subtraction game: 21 positions, two moves. ---------------------------------

const POSITIONS: usize = 21;
const ROOMY: usize = 24;

#[inline(always)]
fn takeaway_kernel<const F: bool>(t: usize) -> [f64; 2 * POSITIONS] {
    let (mut worth, mut one, mut two) = ([0.0; ROOMY], [0.0; ROOMY], [0.0; ROOMY]);
    let mut values = [[0.0; ROOMY]; 2];
    for level in 0..=t {
        // What is left after a move is worth something to the other.
        for n in 0..POSITIONS {
            values[0][n] = if level == 0 || n < 1 { 0.0 } else { -worth[n - 1] };
            values[1][n] = if level == 0 || n < 2 { 0.0 } else { -worth[n - 2] };
        }
        for n in 0..ROOMY {
            let a = exp::<F>(10.0 * values[0][n]);
            let b = if n < 2 { 0.0 } else { exp::<F>(10.0 * values[1][n]) };
            let share = 1.0 / (a + b);
            (one[n], two[n]) = (a * share, b * share);
        }
        for n in 0..ROOMY {
            worth[n] = if level == 0 { 0.0 } else { one[n] * values[0][n] + two[n] * values[1][n] };
        }
        worth[0] = -1.0;
    }
    (one[0], two[0]) = (0.0, 0.0);
    std::array::from_fn(|at| if at.is_multiple_of(2) { one[at / 2] } else { two[at / 2] })
}

fn takeaway_table(t: usize) -> [f64; 2 * POSITIONS] {
    for_this_machine!(takeaway_kernel(t => t: usize) -> [f64; 2 * POSITIONS])
}

// Polite speech: 4 remarks about 4 qualities. ------------------------------------

/// How informative and how kind each remark is at each quality, the quality
/// outermost; an impossible one is `-∞` informative.
static REMARKS: LazyLock<(Four, Four)> = LazyLock::new(|| {
    use politeness::{Remark, apt};
    let remarks = [Remark::Terrible, Remark::NotAmazing, Remark::NotTerrible, Remark::Amazing];
    // Literal chances of the remarks given the quality, and of the quality given
    // the remark.
    let says = |s: i64, w| apt(w, s) / remarks.iter().map(|&w| apt(w, s)).sum::<f64>();
    let means = |s: i64, w| says(s, w) / (0..4).map(|s| says(s, w)).sum::<f64>();
    let kind = |w| (0..4).map(|s| s as f64 * means(s, w)).sum::<f64>();
    let all = |of: &dyn Fn(i64, Remark) -> f64| std::array::from_fn(|s| remarks.map(|w| of(s as i64, w)));
    (all(&|s, w| means(s, w).ln().max(-1e300)), all(&|_, w| kind(w)))
});

#[inline(always)]
fn polite_kernel<const F: bool>((informs, pleases): &(Four, Four), alpha: f64, phi: f64) -> [f64; 16] {
    let mut table = [0.0; 16];
    for (s, row) in table.chunks_exact_mut(4).enumerate() {
        for w in 0..4 {
            let x = alpha * (phi * informs[s][w] + (1.0 - phi) * pleases[s][w]);
            row[w] = if x < -700.0 { 0.0 } else { exp::<F>(x) };
        }
        let share = 1.0 / (row[0] + row[1] + row[2] + row[3]);
        row.iter_mut().for_each(|p| *p *= share);
    }
    table
}

fn polite_table(alpha: f64, phi: f64) -> [f64; 16] {
    for_this_machine!(polite_kernel(&REMARKS => remarks: &(Four, Four), alpha => alpha: f64, phi => phi: f64) -> [f64; 16])
}

// 128 logits, 10 000 data. -------------------------------------------------------

#[inline(always)]
fn logits_kernel<const F: bool>(data: &[u8], w: &[f64; 128]) -> [f64; 129] {
    // Counted in four places, so that no count waits for the one before it.
    let mut counts = [[0_u32; 128]; 4];
    let mut fours = data.chunks_exact(4);
    for four in &mut fours {
        for (counts, &cell) in counts.iter_mut().zip(four) {
            counts[usize::from(cell) % 128] += 1;
        }
    }
    for &cell in fours.remainder() {
        counts[0][usize::from(cell) % 128] += 1;
    }
    let [a, b, c, d] = counts;
    let (mut found, n) = ([0.0; 129], data.len() as f64);
    let mut loss = 0.0;
    for x in 0..16 {
        let at = 8 * x;
        let count: [f64; 8] =
            std::array::from_fn(|y| f64::from(a[at + y] + b[at + y] + c[at + y] + d[at + y]));
        let e: [f64; 8] = std::array::from_fn(|y| exp::<F>(w[at + y]));
        let (total, all) = (e.iter().sum::<f64>(), count.iter().sum::<f64>());
        let share = all / total;
        let hits: f64 = count.iter().zip(&w[at..]).map(|(count, w)| count * w).sum();
        loss += all * total.ln() - hits;
        for y in 0..8 {
            found[1 + at + y] = (e[y] * share - count[y]) / n;
        }
    }
    found[0] = loss / n;
    found
}

fn logits_of(data: &[u8], w: &[f64; 128]) -> [f64; 129] {
    for_this_machine!(logits_kernel(data => data: &[u8], w => w: &[f64; 128]) -> [f64; 129])
}

/// The mean surprise, and its derivatives.
fn logits(scale: f64, see: Use<'_>) {
    static DATA: LazyLock<Vec<u8>> =
        LazyLock::new(|| (0..10_000).map(|i: usize| (i * 7 % 16 * 8 + (i * i + i / 3) % 8) as u8).collect());
    static LOGITS: LazyLock<[f64; 128]> = LazyLock::new(|| std::array::from_fn(|at| (at as f64).sin()));
    see(&logits_of(&DATA, &LOGITS.map(|w| w * scale)));
}
