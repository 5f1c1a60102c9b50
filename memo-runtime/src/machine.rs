//! The machine's own instructions: a library cannot ask its users to compile for
//! their machine, so kernels are compiled several times and chosen at run time.

use std::ops::{Add, Div, Mul, Neg, Sub};

/// One number or several, of which sums and products are made alike.
pub trait Field:
    Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self> + Neg<Output = Self>
{
    /// The same number in each place.
    fn splat(x: f64) -> Self;
    /// `a · b + c`, as it is quickest.
    #[must_use]
    fn fma(self, b: Self, c: Self) -> Self;
}

impl Field for f64 {
    #[inline(always)]
    fn splat(x: f64) -> Self {
        x
    }

    #[inline(always)]
    fn fma(self, b: Self, c: Self) -> Self {
        // On x86 it stands in functions for machines that have an instruction for it.
        if cfg!(any(target_arch = "x86_64", target_arch = "aarch64")) {
            self.mul_add(b, c)
        } else {
            self * b + c
        }
    }
}

/// Numbers that powers of two can be multiplied with.
pub trait Scale: Field {
    /// Whether `a · b + c` is rounded once.
    const FUSED: bool;
    /// Times 2^k, for k in the low bits of others: it is added to the exponent. Where the
    /// result is out of range this is rubbish.
    #[must_use]
    fn times_power(self, shifted: Self) -> Self;
}

/// How `a · b + c` is computed.
pub(crate) trait Arithmetic<T: Field = f64> {
    /// Whether it is rounded once.
    const FUSED: bool;
    /// Whether numbers are picked from a table of sixteen at once.
    const PICKS: bool = false;
    /// `a · b + c`
    fn fma(a: T, b: T, c: T) -> T;
    /// The sum of all lanes, as [`add_up`] has it.
    #[inline(always)]
    fn add_up(lanes: [f64; LANES]) -> f64 {
        add_up(lanes)
    }
    /// The numbers at the places that the last four bits of others say.
    #[inline(always)]
    fn pick(table: &[u64; 16], places: &[u64; LANES]) -> [u64; LANES] {
        places.map(|place| table[(place % 16) as usize])
    }
}

/// With two roundings, as every machine can.
pub(crate) struct Plain;

impl Arithmetic for Plain {
    const FUSED: bool = false;
    #[inline(always)]
    fn fma(a: f64, b: f64, c: f64) -> f64 {
        a * b + c
    }
}

/// With one, where the machine has an instruction for it.
pub(crate) struct Fused;

impl Arithmetic for Fused {
    const FUSED: bool = true;
    #[inline(always)]
    fn fma(a: f64, b: f64, c: f64) -> f64 {
        a.mul_add(b, c)
    }
}

/// The same with the instructions of AVX-512.
#[cfg(target_arch = "x86_64")]
pub(crate) struct Wide;

#[cfg(target_arch = "x86_64")]
impl Arithmetic for Wide {
    const FUSED: bool = true;
    const PICKS: bool = true;
    #[inline(always)]
    #[allow(unsafe_code, reason = "what is loaded where it was just stored waits: 5 % of a short row")]
    fn add_up(lanes: [f64; LANES]) -> f64 {
        use std::arch::x86_64::{
            _mm_add_pd, _mm_add_sd, _mm_cvtsd_f64, _mm_unpackhi_pd, _mm256_add_pd, _mm256_castpd256_pd128,
            _mm256_extractf128_pd, _mm512_add_pd, _mm512_castpd512_pd256, _mm512_extractf64x4_pd,
            _mm512_loadu_pd,
        };
        // SAFETY: only kernels compiled for AVX-512 compute with this, on machines that have it;
        // there are twice eight numbers.
        unsafe {
            let (low, high) = (lanes.as_ptr(), lanes.as_ptr().add(8));
            let eight = _mm512_add_pd(_mm512_loadu_pd(low), _mm512_loadu_pd(high));
            let four = _mm256_add_pd(_mm512_castpd512_pd256(eight), _mm512_extractf64x4_pd::<1>(eight));
            let two = _mm_add_pd(_mm256_castpd256_pd128(four), _mm256_extractf128_pd::<1>(four));
            _mm_cvtsd_f64(_mm_add_sd(two, _mm_unpackhi_pd(two, two)))
        }
    }
    #[inline(always)]
    fn fma(a: f64, b: f64, c: f64) -> f64 {
        a.mul_add(b, c)
    }
    #[inline(always)]
    #[allow(
        unsafe_code,
        reason = "no loop becomes this instruction: an exponential in two thirds of the time"
    )]
    fn pick(table: &[u64; 16], places: &[u64; LANES]) -> [u64; LANES] {
        use std::arch::x86_64::{_mm512_loadu_epi64, _mm512_permutex2var_epi64, _mm512_storeu_epi64};
        let mut picked = [0; LANES];
        let (first, second) = table.split_at(8);
        for (places, picked) in places.chunks_exact(8).zip(picked.chunks_exact_mut(8)) {
            // SAFETY: only kernels compiled for AVX-512 compute with this, on machines that
            // have it; all of these are eight numbers.
            unsafe {
                let first = _mm512_loadu_epi64(first.as_ptr().cast());
                let second = _mm512_loadu_epi64(second.as_ptr().cast());
                let places = _mm512_loadu_epi64(places.as_ptr().cast());
                let found = _mm512_permutex2var_epi64(first, places, second);
                _mm512_storeu_epi64(picked.as_mut_ptr().cast(), found);
            }
        }
        picked
    }
}

/// How many sums run side by side: several additions are under way at a time,
/// and their order does not depend on the machine.
pub(crate) const LANES: usize = 16;

/// The first numbers of a row, a lane each.
#[inline(always)]
pub(crate) fn load(row: &[f64]) -> [f64; LANES] {
    let mut lanes = [0.0; LANES];
    lanes.copy_from_slice(&row[..LANES]);
    lanes
}

/// The sum of all lanes, halves added to halves.
#[inline(always)]
pub(crate) fn add_up<const N: usize>(lanes: [f64; N]) -> f64 {
    // From the last of these additions on, which are of two lanes, the compiler would
    // else do all that comes before two lanes at a time, too.
    let mut lanes = std::hint::black_box(lanes);
    let mut half = N / 2;
    while half > 0 {
        for at in 0..half {
            lanes[at] += lanes[at + half];
        }
        half /= 2;
    }
    lanes[0]
}

/// The largest of all lanes, none of which is no number: halves are held against halves.
#[inline(always)]
pub(crate) fn largest<const N: usize>(lanes: [f64; N]) -> f64 {
    let mut lanes = std::hint::black_box(lanes);
    let mut half = N / 2;
    while half > 0 {
        for at in 0..half {
            lanes[at] = if lanes[at + half] > lanes[at] { lanes[at + half] } else { lanes[at] };
        }
        half /= 2;
    }
    lanes[0]
}

/// What a machine can do.
#[cfg(target_arch = "x86_64")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Machine {
    /// What every machine of its kind can.
    Plain = 1,
    /// AVX2 and FMA.
    Avx2,
    /// AVX-512 (F, DQ and VL) and FMA.
    Avx512,
}

#[cfg(target_arch = "x86_64")]
impl Machine {
    /// This machine; found out once.
    #[inline(always)]
    pub(crate) fn this() -> Self {
        use std::sync::atomic::{AtomicU8, Ordering};
        static FOUND: AtomicU8 = AtomicU8::new(0);
        match FOUND.load(Ordering::Relaxed) {
            3 => Self::Avx512,
            2 => Self::Avx2,
            1 => Self::Plain,
            _ => {
                let found = Self::find();
                FOUND.store(found as u8, Ordering::Relaxed);
                found
            }
        }
    }

    #[cold]
    fn find() -> Self {
        if !is_x86_feature_detected!("avx2") || !is_x86_feature_detected!("fma") {
            Self::Plain
        } else if is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512vl")
        {
            Self::Avx512
        } else {
            Self::Avx2
        }
    }
}

/// Calls a kernel compiled for the best instructions that this machine has.
macro_rules! on_this_machine {
    ($kernel:ident $(<$generic:ident: $bound:ident>)? ($($argument:ident: $type:ty),*) -> $result:ty) => {{
        #[cfg(target_arch = "x86_64")]
        {
            use $crate::machine::Machine;
            #[target_feature(enable = "avx512f,avx512dq,fma")]
            fn avx512 $(<$generic: $bound>)? ($($argument: $type),*) -> $result {
                $kernel::<$crate::machine::Wide $(, $generic)?>($($argument),*)
            }
            #[target_feature(enable = "avx2,fma")]
            fn avx2 $(<$generic: $bound>)? ($($argument: $type),*) -> $result {
                $kernel::<$crate::machine::Fused $(, $generic)?>($($argument),*)
            }
            // Apart, so that the choice is a jump without a place on the stack.
            #[inline(never)]
            fn plain $(<$generic: $bound>)? ($($argument: $type),*) -> $result {
                $kernel::<$crate::machine::Plain $(, $generic)?>($($argument),*)
            }
            match Machine::this() {
                // SAFETY: the machine has these instructions.
                Machine::Avx512 => unsafe { avx512($($argument),*) },
                // SAFETY: the machine has these instructions.
                Machine::Avx2 => unsafe { avx2($($argument),*) },
                Machine::Plain => plain($($argument),*),
            }
        }
        #[cfg(not(target_arch = "x86_64"))]
        $kernel::<$crate::machine::Plain $(, $generic)?>($($argument),*)
    }};
}

pub(crate) use on_this_machine;

#[cfg(test)]
mod tests {
    use super::*;

    #[inline(always)]
    fn sum_by<A: Arithmetic>(lanes: &[f64; LANES]) -> f64 {
        A::add_up(*lanes)
    }

    #[inline(always)]
    fn pick_by<A: Arithmetic>(table: &[u64; 16], places: &[u64; LANES]) -> [u64; LANES] {
        A::pick(table, places)
    }

    #[allow(unsafe_code, reason = "the machine's own instructions")]
    fn sum_on_machine(lanes: &[f64; LANES]) -> f64 {
        on_this_machine!(sum_by(lanes: &[f64; LANES]) -> f64)
    }

    #[allow(unsafe_code, reason = "the machine's own instructions")]
    fn pick_on_machine(table: &[u64; 16], places: &[u64; LANES]) -> [u64; LANES] {
        on_this_machine!(pick_by(table: &[u64; 16], places: &[u64; LANES]) -> [u64; LANES])
    }

    /// The machine's own instructions do what plain ones do.
    #[test]
    fn sums_and_picks_are_those_of_every_machine() {
        let table = std::array::from_fn(|at| (at * at) as u64);
        for seed in 0..100_u64 {
            // Rounded otherwise where they are added up in another order.
            let lanes = std::array::from_fn(|at| 1.0 / (1 + (at as u64 * 7919 + seed * 31) % 97) as f64);
            assert_eq!(sum_on_machine(&lanes).to_bits(), sum_by::<Plain>(&lanes).to_bits());
            let places =
                std::array::from_fn(|at| (at as u64 * 7919 + seed).wrapping_mul(0x9e37_79b9_7f4a_7c15));
            assert_eq!(pick_on_machine(&table, &places), pick_by::<Plain>(&table, &places));
        }
    }
}
