//! Eight numbers of a machine that has AVX-512.

#![allow(unsafe_code, reason = "the machine's own vectors: a sixth of the time of a small softmax less")]

use std::arch::x86_64::{
    __m512d, _mm512_add_epi64, _mm512_add_pd, _mm512_castpd_si512, _mm512_castpd256_pd512,
    _mm512_castpd512_pd256, _mm512_castsi512_pd, _mm512_div_pd, _mm512_extractf64x4_pd, _mm512_fmadd_pd,
    _mm512_insertf64x4, _mm512_mul_pd, _mm512_set1_pd, _mm512_slli_epi64, _mm512_sub_pd, _mm512_xor_pd,
};
use std::ops::{Add, Div, Mul, Neg, Sub};

use super::avx::Avx;
use crate::machine::{Field, Scale};

/// Eight numbers: as with [`Avx`], only functions for machines with AVX-512 (F and DQ) name it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Eight(__m512d);

impl Eight {
    /// Two fours.
    #[inline(always)]
    pub(super) fn of<const EIGHTS: bool>([first, second]: [Avx<EIGHTS>; 2]) -> Self {
        // SAFETY: the machine has AVX-512: see the type.
        Self(unsafe { _mm512_insertf64x4::<1>(_mm512_castpd256_pd512(first.0), second.0) })
    }

    /// They, again.
    #[inline(always)]
    pub(super) fn fours<const EIGHTS: bool>(self) -> [Avx<EIGHTS>; 2] {
        // SAFETY: the machine has AVX-512: see the type.
        let (first, second) =
            unsafe { (_mm512_castpd512_pd256(self.0), _mm512_extractf64x4_pd::<1>(self.0)) };
        [Avx(first), Avx(second)]
    }
}

operators!([] Eight; Add add _mm512_add_pd Sub sub _mm512_sub_pd Mul mul _mm512_mul_pd Div div _mm512_div_pd);

impl Neg for Eight {
    type Output = Self;

    #[inline(always)]
    fn neg(self) -> Self {
        // SAFETY: the machine has AVX-512: see the type.
        Self(unsafe { _mm512_xor_pd(self.0, _mm512_set1_pd(-0.0)) })
    }
}

impl Field for Eight {
    #[inline(always)]
    fn splat(x: f64) -> Self {
        // SAFETY: the machine has AVX-512: see the type.
        Self(unsafe { _mm512_set1_pd(x) })
    }

    #[inline(always)]
    fn fma(self, b: Self, c: Self) -> Self {
        // SAFETY: the machine has AVX-512: see the type.
        Self(unsafe { _mm512_fmadd_pd(self.0, b.0, c.0) })
    }
}

impl Scale for Eight {
    const FUSED: bool = true;

    #[inline(always)]
    fn times_power(self, shifted: Self) -> Self {
        // SAFETY: the machine has AVX-512: see the type.
        Self(unsafe {
            let power = _mm512_slli_epi64::<52>(_mm512_castpd_si512(shifted.0));
            _mm512_castsi512_pd(_mm512_add_epi64(_mm512_castpd_si512(self.0), power))
        })
    }
}
