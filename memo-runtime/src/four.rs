//! Four numbers at a time, said outright: where loops of a few steps vanish, the compiler
//! does not find the vectors again.

use crate::elementary::weights_in_range;
use crate::machine::{Arithmetic, Field, Scale};

/// The operators of a type of the machine's own vectors, named only in functions for machines
/// that have them.
#[cfg(target_arch = "x86_64")]
macro_rules! operators {
    ($generics:tt $type:ty; $($trait:ident $name:ident $instruction:ident)*) => {
        $(operators!(@one $generics $type, $trait $name $instruction);)*
    };
    (@one [$($generics:tt)*] $type:ty, $trait:ident $name:ident $instruction:ident) => {
        impl<$($generics)*> $trait for $type {
            type Output = Self;
            #[inline(always)]
            fn $name(self, other: Self) -> Self {
                // SAFETY: the machine has these instructions: see the type.
                Self(unsafe { $instruction(self.0, other.0) })
            }
        }
    };
}

#[cfg(target_arch = "x86_64")]
mod eight;

/// Four numbers. What compares them makes masks, all bits of a number or none.
pub trait Four: Scale {
    /// These four.
    fn load(numbers: &[f64; 4]) -> Self;
    /// Writes them.
    fn store(self, numbers: &mut [f64; 4]);
    /// Where they are below others; not where one of the two is no number.
    #[must_use]
    fn below(self, other: Self) -> Self;
    /// Where they are at most others.
    #[must_use]
    fn at_most(self, other: Self) -> Self;
    /// Where they are equal to others.
    #[must_use]
    fn equals(self, other: Self) -> Self;
    /// The bits that both have.
    #[must_use]
    fn and(self, mask: Self) -> Self;
    /// The bits that one of both has.
    #[must_use]
    fn or(self, mask: Self) -> Self;
    /// The bits that the mask leaves.
    #[must_use]
    fn without(self, mask: Self) -> Self;
    /// Whether a mask has any bits.
    fn any(self) -> bool;
    /// Pairs that follow each other in two fours, apart: the first numbers of all, in some
    /// order, and the second. Done once more, all is as it was.
    #[must_use]
    fn pairs_apart(self, other: Self) -> (Self, Self);
    /// The sums of four fours.
    #[must_use]
    fn sums(fours: [Self; 4]) -> Self;
    /// Each of the four, four times.
    #[must_use]
    fn spread(self) -> [Self; 4];

    /// Factors times exponentials that are all in range, of two fours: together, where the
    /// machine has vectors of eight.
    #[must_use]
    fn weights_in_range(factors: [Self; 2], x: [Self; 2]) -> [Self; 2];
}

/// One four after the other.
#[inline(always)]
fn one_by_one<V: Four>(factors: [V; 2], x: [V; 2]) -> [V; 2] {
    [weights_in_range(factors[0], x[0]), weights_in_range(factors[1], x[1])]
}

/// As numbers side by side do it.
pub(crate) struct Lanes;

impl<T: Scale> Arithmetic<T> for Lanes {
    const FUSED: bool = T::FUSED;

    #[inline(always)]
    fn fma(a: T, b: T, c: T) -> T {
        a.fma(b, c)
    }
}

#[cfg(any(test, not(target_arch = "x86_64")))]
pub(crate) use plain::Plain4;

#[cfg(any(test, not(target_arch = "x86_64")))]
mod plain {
    use std::ops::{Add, Div, Mul, Neg, Sub};

    use super::{Field, Four, Scale, one_by_one};

    /// Four numbers as every machine can.
    #[derive(Clone, Copy, Debug)]
    pub(crate) struct Plain4([f64; 4]);

    impl Plain4 {
        #[inline(always)]
        fn each(self, other: Self, of: impl Fn(f64, f64) -> f64) -> Self {
            Self(std::array::from_fn(|lane| of(self.0[lane], other.0[lane])))
        }

        #[inline(always)]
        fn bits(self, other: Self, of: impl Fn(u64, u64) -> u64) -> Self {
            self.each(other, |a, b| f64::from_bits(of(a.to_bits(), b.to_bits())))
        }

        #[inline(always)]
        fn mask(self, other: Self, of: impl Fn(f64, f64) -> bool) -> Self {
            self.each(other, |a, b| f64::from_bits(if of(a, b) { u64::MAX } else { 0 }))
        }
    }

    macro_rules! plain {
        ($($trait:ident $name:ident $operator:tt)*) => {
            $(impl $trait for Plain4 {
                type Output = Self;
                #[inline(always)]
                fn $name(self, other: Self) -> Self {
                    self.each(other, |a, b| a $operator b)
                }
            })*
        };
    }
    plain!(Add add + Sub sub - Mul mul * Div div /);

    impl Neg for Plain4 {
        type Output = Self;

        #[inline(always)]
        fn neg(self) -> Self {
            Self(self.0.map(|x| -x))
        }
    }

    impl Field for Plain4 {
        #[inline(always)]
        fn splat(x: f64) -> Self {
            Self([x; 4])
        }

        #[inline(always)]
        fn fma(self, b: Self, c: Self) -> Self {
            self * b + c
        }
    }

    impl Scale for Plain4 {
        const FUSED: bool = false;

        #[inline(always)]
        fn times_power(self, shifted: Self) -> Self {
            self.bits(shifted, |sum, shifted| sum.wrapping_add(shifted << 52))
        }
    }

    impl Four for Plain4 {
        #[inline(always)]
        fn load(numbers: &[f64; 4]) -> Self {
            Self(*numbers)
        }

        #[inline(always)]
        fn store(self, numbers: &mut [f64; 4]) {
            *numbers = self.0;
        }

        #[inline(always)]
        fn below(self, other: Self) -> Self {
            self.mask(other, |a, b| a < b)
        }

        #[inline(always)]
        fn at_most(self, other: Self) -> Self {
            self.mask(other, |a, b| a <= b)
        }

        #[inline(always)]
        fn equals(self, other: Self) -> Self {
            self.mask(other, |a, b| a == b)
        }

        #[inline(always)]
        fn and(self, mask: Self) -> Self {
            self.bits(mask, |a, b| a & b)
        }

        #[inline(always)]
        fn or(self, mask: Self) -> Self {
            self.bits(mask, |a, b| a | b)
        }

        #[inline(always)]
        fn without(self, mask: Self) -> Self {
            self.bits(mask, |a, b| a & !b)
        }

        #[inline(always)]
        fn any(self) -> bool {
            self.0.iter().fold(0, |all, bits| all | bits.to_bits()) != 0
        }

        #[inline(always)]
        fn pairs_apart(self, other: Self) -> (Self, Self) {
            let (Self([a, b, c, d]), Self([e, f, g, h])) = (self, other);
            (Self([a, e, c, g]), Self([b, f, d, h]))
        }

        #[inline(always)]
        fn sums(fours: [Self; 4]) -> Self {
            Self(fours.map(|Self([a, b, c, d])| (a + b) + (c + d)))
        }

        #[inline(always)]
        fn spread(self) -> [Self; 4] {
            self.0.map(Self::splat)
        }

        #[inline(always)]
        fn weights_in_range(factors: [Self; 2], x: [Self; 2]) -> [Self; 2] {
            one_by_one(factors, x)
        }
    }
}

#[cfg(target_arch = "x86_64")]
pub(crate) use avx::{Avx2, Avx512};

#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code, reason = "the machine's own vectors: twice as fast as what the compiler finds")]
mod avx {
    use std::arch::x86_64::{
        __m256d, _CMP_EQ_OQ, _CMP_LE_OQ, _CMP_LT_OQ, _mm256_add_epi64, _mm256_add_pd, _mm256_and_pd,
        _mm256_andnot_pd, _mm256_blend_pd, _mm256_castpd_si256, _mm256_castsi256_pd, _mm256_cmp_pd,
        _mm256_div_pd, _mm256_fmadd_pd, _mm256_hadd_pd, _mm256_loadu_pd, _mm256_movemask_pd, _mm256_mul_pd,
        _mm256_or_pd, _mm256_permute2f128_pd, _mm256_permute4x64_pd, _mm256_set1_pd, _mm256_slli_epi64,
        _mm256_storeu_pd, _mm256_sub_pd, _mm256_unpackhi_pd, _mm256_unpacklo_pd, _mm256_xor_pd,
    };
    use std::ops::{Add, Div, Mul, Neg, Sub};

    use super::eight::Eight;
    use super::{Field, Four, Scale, one_by_one, weights_in_range};

    /// Four numbers of a machine that has AVX2 and FMA, and where there are eights AVX-512 (F,
    /// DQ and VL): the type is named only in functions for such machines, and only there may
    /// its functions be called.
    #[derive(Clone, Copy, Debug)]
    pub(crate) struct Avx<const EIGHTS: bool>(pub(super) __m256d);

    pub(crate) type Avx2 = Avx<false>;
    pub(crate) type Avx512 = Avx<true>;

    operators!([const EIGHTS: bool] Avx<EIGHTS>; Add add _mm256_add_pd Sub sub _mm256_sub_pd Mul mul _mm256_mul_pd Div div _mm256_div_pd);

    impl<const EIGHTS: bool> Neg for Avx<EIGHTS> {
        type Output = Self;

        #[inline(always)]
        fn neg(self) -> Self {
            // SAFETY: the machine has AVX2: see the type.
            Self(unsafe { _mm256_xor_pd(self.0, _mm256_set1_pd(-0.0)) })
        }
    }

    impl<const EIGHTS: bool> Field for Avx<EIGHTS> {
        #[inline(always)]
        fn splat(x: f64) -> Self {
            // SAFETY: the machine has AVX2: see the type.
            Self(unsafe { _mm256_set1_pd(x) })
        }

        #[inline(always)]
        fn fma(self, b: Self, c: Self) -> Self {
            // SAFETY: the machine has FMA: see the type.
            Self(unsafe { _mm256_fmadd_pd(self.0, b.0, c.0) })
        }
    }

    impl<const EIGHTS: bool> Scale for Avx<EIGHTS> {
        const FUSED: bool = true;

        #[inline(always)]
        fn times_power(self, shifted: Self) -> Self {
            // SAFETY: the machine has AVX2: see the type.
            Self(unsafe {
                let power = _mm256_slli_epi64::<52>(_mm256_castpd_si256(shifted.0));
                _mm256_castsi256_pd(_mm256_add_epi64(_mm256_castpd_si256(self.0), power))
            })
        }
    }

    impl<const EIGHTS: bool> Four for Avx<EIGHTS> {
        #[inline(always)]
        fn weights_in_range(factors: [Self; 2], x: [Self; 2]) -> [Self; 2] {
            if EIGHTS {
                weights_in_range(Eight::of(factors), Eight::of(x)).fours()
            } else {
                one_by_one(factors, x)
            }
        }

        #[inline(always)]
        fn load(numbers: &[f64; 4]) -> Self {
            // SAFETY: the machine has AVX2: see the type; there are four numbers.
            Self(unsafe { _mm256_loadu_pd(numbers.as_ptr()) })
        }

        #[inline(always)]
        fn store(self, numbers: &mut [f64; 4]) {
            // SAFETY: the machine has AVX2: see the type; there is room for four numbers.
            unsafe { _mm256_storeu_pd(numbers.as_mut_ptr(), self.0) }
        }

        #[inline(always)]
        fn below(self, other: Self) -> Self {
            // SAFETY: the machine has AVX2: see the type.
            Self(unsafe { _mm256_cmp_pd::<_CMP_LT_OQ>(self.0, other.0) })
        }

        #[inline(always)]
        fn at_most(self, other: Self) -> Self {
            // SAFETY: the machine has AVX2: see the type.
            Self(unsafe { _mm256_cmp_pd::<_CMP_LE_OQ>(self.0, other.0) })
        }

        #[inline(always)]
        fn equals(self, other: Self) -> Self {
            // SAFETY: the machine has AVX2: see the type.
            Self(unsafe { _mm256_cmp_pd::<_CMP_EQ_OQ>(self.0, other.0) })
        }

        #[inline(always)]
        fn and(self, mask: Self) -> Self {
            // SAFETY: the machine has AVX2: see the type.
            Self(unsafe { _mm256_and_pd(self.0, mask.0) })
        }

        #[inline(always)]
        fn or(self, mask: Self) -> Self {
            // SAFETY: the machine has AVX2: see the type.
            Self(unsafe { _mm256_or_pd(self.0, mask.0) })
        }

        #[inline(always)]
        fn without(self, mask: Self) -> Self {
            // SAFETY: the machine has AVX2: see the type.
            Self(unsafe { _mm256_andnot_pd(mask.0, self.0) })
        }

        #[inline(always)]
        fn any(self) -> bool {
            // SAFETY: the machine has AVX2: see the type.
            unsafe { _mm256_movemask_pd(self.0) != 0 }
        }

        #[inline(always)]
        fn pairs_apart(self, other: Self) -> (Self, Self) {
            // SAFETY: the machine has AVX2: see the type.
            unsafe { (Self(_mm256_unpacklo_pd(self.0, other.0)), Self(_mm256_unpackhi_pd(self.0, other.0))) }
        }

        #[inline(always)]
        fn sums([a, b, c, d]: [Self; 4]) -> Self {
            // SAFETY: the machine has AVX2: see the type.
            Self(unsafe {
                // Sums of two: of a, b, a, b and of c, d, c, d.
                let (first, second) = (_mm256_hadd_pd(a.0, b.0), _mm256_hadd_pd(c.0, d.0));
                let across = _mm256_permute2f128_pd::<0x21>(first, second);
                _mm256_add_pd(_mm256_blend_pd::<0b1100>(first, second), across)
            })
        }

        #[inline(always)]
        fn spread(self) -> [Self; 4] {
            // SAFETY: the machine has AVX2: see the type.
            unsafe {
                [
                    Self(_mm256_permute4x64_pd::<0x00>(self.0)),
                    Self(_mm256_permute4x64_pd::<0x55>(self.0)),
                    Self(_mm256_permute4x64_pd::<0xaa>(self.0)),
                    Self(_mm256_permute4x64_pd::<0xff>(self.0)),
                ]
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What becomes of four numbers and four others.
    fn results<V: Four>(a: [f64; 4], b: [f64; 4]) -> Vec<u64> {
        let (a, b) = (V::load(&a), V::load(&b));
        let masks = [a.below(b), a.at_most(b), a.equals(b)];
        let made = [
            a + b,
            a - b,
            a * b,
            a / b,
            -a,
            a.and(b),
            a.or(b),
            a.without(b),
            V::splat(3.0),
            V::sums([a, b, a * b, b]),
            a.pairs_apart(b).0,
            a.pairs_apart(b).1,
        ];
        let mut all: Vec<u64> = Vec::new();
        for four in masks.into_iter().chain(made).chain(a.spread()) {
            let mut numbers = [0.0; 4];
            four.store(&mut numbers);
            // Which of several that are no numbers is not said.
            all.extend(numbers.map(|x| if x.is_nan() && x.to_bits() != u64::MAX { 1 } else { x.to_bits() }));
        }
        all.extend(masks.map(|mask| u64::from(mask.any())));
        all
    }

    const NUMBERS: [f64; 8] = [0.0, -0.0, 1.5, -7.25, f64::INFINITY, 1e-310, 3e200, 0.1];

    #[test]
    #[cfg(target_arch = "x86_64")]
    #[allow(unsafe_code, reason = "a function for machines with AVX2")]
    fn the_machine_computes_as_every_machine() {
        #[target_feature(enable = "avx2,fma")]
        fn with_avx2(a: [f64; 4], b: [f64; 4]) -> Vec<u64> {
            results::<Avx2>(a, b)
        }
        #[target_feature(enable = "avx2,fma,avx512f,avx512dq,avx512vl")]
        fn with_avx512(a: [f64; 4], b: [f64; 4]) -> Vec<u64> {
            results::<Avx512>(a, b)
        }
        let machine = crate::machine::Machine::this();
        if machine == crate::machine::Machine::Plain {
            return;
        }
        for shift in 0..8 {
            let a = std::array::from_fn(|lane| NUMBERS[lane]);
            let b = std::array::from_fn(|lane| NUMBERS[(lane + shift) % 8]);
            // SAFETY: the machine has AVX2.
            assert_eq!(unsafe { with_avx2(a, b) }, results::<Plain4>(a, b), "{shift}");
            if machine == crate::machine::Machine::Avx512 {
                // SAFETY: the machine has AVX-512.
                assert_eq!(unsafe { with_avx512(a, b) }, results::<Plain4>(a, b), "{shift}");
            }
        }
    }

    #[inline(always)]
    fn weights<V: Four>(factors: [[f64; 4]; 2], x: [[f64; 4]; 2]) -> [[f64; 4]; 2] {
        let fours = |of: [[f64; 4]; 2]| [V::load(&of[0]), V::load(&of[1])];
        let [first, second] = V::weights_in_range(fours(factors), fours(x));
        let mut found = [[0.0; 4]; 2];
        first.store(&mut found[0]);
        second.store(&mut found[1]);
        found
    }

    /// To the last bit, whether eight are computed at a time or twice four.
    #[test]
    #[cfg(target_arch = "x86_64")]
    #[allow(unsafe_code, reason = "functions for machines with AVX2 and AVX-512")]
    fn weights_by_eights_are_those_by_fours() {
        #[target_feature(enable = "avx2,fma")]
        fn by_fours(factors: [[f64; 4]; 2], x: [[f64; 4]; 2]) -> [[f64; 4]; 2] {
            weights::<Avx2>(factors, x)
        }
        #[target_feature(enable = "avx2,fma,avx512f,avx512dq,avx512vl")]
        fn by_eights(factors: [[f64; 4]; 2], x: [[f64; 4]; 2]) -> [[f64; 4]; 2] {
            weights::<Avx512>(factors, x)
        }
        if crate::machine::Machine::this() != crate::machine::Machine::Avx512 {
            return;
        }
        let mut x = -300.0;
        while x < 300.0 {
            let factors = [[1.0, 0.3, 0.0, 7e3], [2.5, 1e-9, 0.125, 11.0]];
            let exponents = [[x, -x, x / 3.0, x / 300.0], [x + 0.1, x / 2.0, -x / 7.0, 0.0]];
            // SAFETY: the machine has AVX-512, and so AVX2 and FMA.
            let (fours, eights) = unsafe { (by_fours(factors, exponents), by_eights(factors, exponents)) };
            assert_eq!(fours, eights, "{x}");
            for (at, weight) in eights.as_flattened().iter().enumerate() {
                let (factor, x) = (factors.as_flattened()[at], exponents.as_flattened()[at]);
                assert!((weight - factor * x.exp()).abs() <= 2.0 * f64::EPSILON * weight, "{x}");
            }
            x += 0.77;
        }
    }

    #[test]
    fn pairs_come_apart_and_together() {
        let stored = |(a, b): (Plain4, Plain4)| {
            let mut all = [[0.0; 4]; 2];
            a.store(&mut all[0]);
            b.store(&mut all[1]);
            all
        };
        let (first, second) =
            Plain4::load(&[1.0, -1.0, 2.0, -2.0]).pairs_apart(Plain4::load(&[3.0, -3.0, 4.0, -4.0]));
        assert_eq!(stored((first, second)), [[1.0, 3.0, 2.0, 4.0], [-1.0, -3.0, -2.0, -4.0]]);
        assert_eq!(stored(first.pairs_apart(second)), [[1.0, -1.0, 2.0, -2.0], [3.0, -3.0, 4.0, -4.0]]);
    }

    #[test]
    fn masks() {
        let four = Plain4::load(&[1.0, f64::NAN, -2.0, 3.0]);
        let mut found = [0.0; 4];
        four.and(four.below(Plain4::splat(2.0))).store(&mut found);
        assert_eq!(found, [1.0, 0.0, -2.0, 0.0]);
        assert!(four.below(Plain4::splat(0.0)).any() && !four.below(Plain4::splat(-3.0)).any());
    }
}
