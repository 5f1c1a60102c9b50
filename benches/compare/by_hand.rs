//! Some of the models as a person writes them who knows the machine and the model
//! by heart: no domains, no names, no checks of weights, no marks of what is
//! impossible, no limit of memory, sizes as constants, buffers of their own. What
//! a compiler can at best reach.
#![allow(unsafe_code)]

use std::hint::black_box;

mod channels;
mod games;
mod lewis;
mod logits;
mod planning;
mod rsa;

/// What is done with the numbers of a call.
type Use<'u> = &'u mut dyn FnMut(&[f64]);

/// A call with a parameter.
type Call = fn(f64, Use<'_>);

/// What is written by hand, under the name of the model that it does the work of.
pub const WRITTEN: &[(&str, Call)] = &[
    ("lewis_game", lewis::listener),
    ("rsa_200_by_500_depth_3", rsa::listener),
    ("schelling_100_bars_depth_100", |_, see| games::schelling(black_box(100), see)),
    ("gridworld_t_100", |_, see| planning::gridworld(black_box(100), see)),
    ("crying_baby_t_100", |_, see| planning::crying_baby(black_box(100), see)),
    ("takeaway_t_20", |_, see| games::takeaway(black_box(20), see)),
    ("food_trucks_t_100", |_, see| planning::food_trucks(black_box(100), see)),
    ("persuasion", |_, see| channels::persuasion(black_box(2), see)),
    ("polite_speech", |x, see| lewis::polite(x, 0.5, see)),
    ("empowerment", |_, see| channels::empowerment(black_box(5), see)),
    ("lewis_loss_and_gradient", lewis::loss),
    ("rsa_loss_and_gradient", rsa::loss),
    ("loss_and_gradient_of_128_logits", logits::loss),
    ("loss_and_gradient_of_128_logits_datum_by_datum", logits::loss),
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

use for_this_machine;
