//! Which derivatives are asked of a call: what nobody asks for is not compiled.

use super::{Bars, Rates, Tangent};
use crate::Fault;
use crate::impossible::Returned;
use crate::real::Dual;
use crate::solve::Inputs;

/// First derivatives, or second ones as well.
pub trait Order: Copy + 'static {
    /// What is kept of the way to second derivatives.
    type Kept<S: SecondPass<N>, const N: usize>: SecondPass<N>;
    /// Keeps it, or forgets it.
    fn keep<S: SecondPass<N>, const N: usize>(self, pass: S) -> Self::Kept<S, N>;
}

/// First derivatives alone.
#[derive(Clone, Copy, Debug)]
pub struct First;

impl Order for First {
    type Kept<S: SecondPass<N>, const N: usize> = Unneeded;

    fn keep<S: SecondPass<N>, const N: usize>(self, _: S) -> Unneeded {
        Unneeded
    }
}

/// Second derivatives, too.
#[derive(Clone, Copy, Debug)]
pub struct Second;

impl Order for Second {
    type Kept<S: SecondPass<N>, const N: usize> = S;

    fn keep<S: SecondPass<N>, const N: usize>(self, pass: S) -> S {
        pass
    }
}

/// The way back through a model, with what all numbers change by.
pub trait SecondPass<const N: usize> {
    /// Goes it.
    ///
    /// # Errors
    /// Whatever goes wrong.
    fn run(
        &self,
        inputs: &mut Inputs<'_>,
        returned: &[Returned],
        saved: &[Vec<f64>],
        rates: &Rates<'_>,
        bars: &mut Bars<'_, '_, Dual<1>>,
        tangents: &[Tangent; N],
    ) -> Result<(), Fault>;
}

impl<F, const N: usize> SecondPass<N> for F
where
    F: Fn(
        &mut Inputs<'_>,
        &[Returned],
        &[Vec<f64>],
        &Rates<'_>,
        &mut Bars<'_, '_, Dual<1>>,
        &[Tangent; N],
    ) -> Result<(), Fault>,
{
    fn run(
        &self,
        inputs: &mut Inputs<'_>,
        returned: &[Returned],
        saved: &[Vec<f64>],
        rates: &Rates<'_>,
        bars: &mut Bars<'_, '_, Dual<1>>,
        tangents: &[Tangent; N],
    ) -> Result<(), Fault> {
        self(inputs, returned, saved, rates, bars, tangents)
    }
}

/// That nobody has asked for it.
#[derive(Clone, Copy, Debug)]
pub struct Unneeded;

impl<const N: usize> SecondPass<N> for Unneeded {
    fn run(
        &self,
        _: &mut Inputs<'_>,
        _: &[Returned],
        _: &[Vec<f64>],
        _: &Rates<'_>,
        _: &mut Bars<'_, '_, Dual<1>>,
        _: &[Tangent; N],
    ) -> Result<(), Fault> {
        unreachable!("bug in memo: this call was made for first derivatives")
    }
}
