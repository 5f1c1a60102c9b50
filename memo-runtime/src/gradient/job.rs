//! Calls of models that are to be differentiated, as generated code hands them over.

use std::sync::Arc;

use super::order::SecondPass;
use super::rates::Direction;
use super::{Bars, InputArray, Rates, Saved, Tangent};
use crate::Fault;
use crate::impossible::Returned;
use crate::real::Dual;
use crate::solve::{Inputs, Key, KeyPart, Model, Tables};

/// A model with its parameters, to be differentiated.
pub trait Traced<'a> {
    /// How many calls of other models it makes at most.
    fn sites(&self) -> usize;
    /// Whether it goes back from the bars of the logarithms of its rows, see
    /// [`Bars::of_logarithms`]: it returns one table, of rows in proportion to others.
    fn takes_logarithms(&self) -> bool;
    /// The derivatives of the parameters.
    fn tangents(&self) -> &[Tangent];
    /// Notes the calls of other models.
    ///
    /// # Errors
    /// What goes wrong with their arguments or axes.
    fn calls(&self, calls: &mut TracedCalls<'a>) -> Result<(), Fault>;
    /// Computes the tables from those of the calls.
    ///
    /// # Errors
    /// Whatever goes wrong.
    fn forward(&self, inputs: &mut Inputs<'_>) -> Result<(Tables, Saved), Fault>;
    /// Goes from what the tables of the calls change by to what its own do.
    ///
    /// # Errors
    /// Whatever goes wrong.
    fn tangent(
        &self,
        inputs: &mut Inputs<'_>,
        returned: &[Returned],
        saved: &[Vec<f64>],
        rates: &mut Rates<'_>,
    ) -> Result<(), Fault>;
    /// Goes from the cotangents of the tables to those of what they are made of.
    ///
    /// # Errors
    /// Whatever goes wrong.
    fn backward(
        &self,
        inputs: &mut Inputs<'_>,
        returned: &[Returned],
        saved: &[Vec<f64>],
        bars: &mut Bars<'_, '_>,
    ) -> Result<(), Fault>;
    /// The same, with what all numbers change by, from the rates of the tables.
    ///
    /// # Errors
    /// Whatever goes wrong.
    fn second(
        &self,
        inputs: &mut Inputs<'_>,
        returned: &[Returned],
        saved: &[Vec<f64>],
        rates: &Rates<'_>,
        bars: &mut Bars<'_, '_, Dual<1>>,
    ) -> Result<(), Fault>;
}

/// What a model does with its parameters, as generated code gives it.
pub struct TracedParts<C, F, T, B, S, const N: usize> {
    /// How many calls of other models it makes at most.
    pub sites: usize,
    /// Whether it goes back from the bars of the logarithms of its rows.
    pub takes_logarithms: bool,
    /// The derivatives of the parameters.
    pub tangents: [Tangent; N],
    /// Notes the calls of other models.
    pub calls: C,
    /// Computes the tables.
    pub forward: F,
    /// Computes what they change by.
    pub tangent: T,
    /// Goes back from their cotangents.
    pub backward: B,
    /// The same, with what they change by.
    pub second: S,
}

impl<'a, C, F, T, B, S, const N: usize> Traced<'a> for TracedParts<C, F, T, B, S, N>
where
    S: SecondPass<N>,
    C: Fn(&mut TracedCalls<'a>, &[Tangent; N]) -> Result<(), Fault>,
    F: Fn(&mut Inputs<'_>) -> Result<(Tables, Saved), Fault>,
    T: Fn(&mut Inputs<'_>, &[Returned], &[Vec<f64>], &mut Rates<'_>, &[Tangent; N]) -> Result<(), Fault>,
    B: Fn(&mut Inputs<'_>, &[Returned], &[Vec<f64>], &mut Bars<'_, '_>, &[Tangent; N]) -> Result<(), Fault>,
{
    fn sites(&self) -> usize {
        self.sites
    }

    fn takes_logarithms(&self) -> bool {
        self.takes_logarithms
    }

    fn tangents(&self) -> &[Tangent] {
        &self.tangents
    }

    fn calls(&self, calls: &mut TracedCalls<'a>) -> Result<(), Fault> {
        (self.calls)(calls, &self.tangents)
    }

    fn forward(&self, inputs: &mut Inputs<'_>) -> Result<(Tables, Saved), Fault> {
        (self.forward)(inputs)
    }

    fn tangent(
        &self,
        inputs: &mut Inputs<'_>,
        returned: &[Returned],
        saved: &[Vec<f64>],
        rates: &mut Rates<'_>,
    ) -> Result<(), Fault> {
        (self.tangent)(inputs, returned, saved, rates, &self.tangents)
    }

    fn backward(
        &self,
        inputs: &mut Inputs<'_>,
        returned: &[Returned],
        saved: &[Vec<f64>],
        bars: &mut Bars<'_, '_>,
    ) -> Result<(), Fault> {
        (self.backward)(inputs, returned, saved, bars, &self.tangents)
    }

    fn second(
        &self,
        inputs: &mut Inputs<'_>,
        returned: &[Returned],
        saved: &[Vec<f64>],
        rates: &Rates<'_>,
        bars: &mut Bars<'_, '_, Dual<1>>,
    ) -> Result<(), Fault> {
        self.second.run(inputs, returned, saved, rates, bars, &self.tangents)
    }
}

/// One call of a model, not yet made.
pub struct TracedJob<'a> {
    pub(super) key: Key,
    pub(super) call: Box<dyn Traced<'a> + 'a>,
}

impl<'a> TracedJob<'a> {
    /// A call of `model` with these parameters.
    #[must_use]
    pub fn new(model: &'static Model, parameters: &[&dyn KeyPart], call: impl Traced<'a> + 'a) -> Self {
        Self { key: Key::new(model, parameters), call: Box::new(call) }
    }

    /// The same, told apart from others by what its parameters change by, too.
    pub(super) fn told_apart(mut self) -> Self {
        self.call.tangents().iter().for_each(|tangent| self.key.add(tangent));
        self
    }
}

impl AsRef<Key> for TracedJob<'_> {
    fn as_ref(&self) -> &Key {
        &self.key
    }
}

/// The calls that a model needs, by call site.
pub struct TracedCalls<'a> {
    /// Where the inputs lie that are arrays.
    pub(super) inputs: Arc<[InputArray]>,
    /// What the inputs change by.
    pub(super) direction: Option<Arc<Direction>>,
    pub(super) traced: Vec<(usize, TracedJob<'a>)>,
    pub(super) plain: Vec<(usize, Tables)>,
}

impl<'a> TracedCalls<'a> {
    /// The call at `site`.
    pub fn visit(&mut self, site: usize, job: TracedJob<'a>) {
        self.traced.push((site, job));
    }

    /// Which of the inputs is the array at an address.
    #[must_use]
    pub fn position(&self, address: usize) -> Option<usize> {
        self.inputs.iter().position(|input| input.lies_at(address))
    }

    /// What a number of this tangent changes by.
    #[must_use]
    pub fn number(&self, tangent: &Tangent) -> f64 {
        self.direction.as_ref().map_or(0.0, |direction| direction.of(tangent, f64::INFINITY))
    }

    /// What the elements of the array at an address change by; empty for nothing.
    #[must_use]
    pub fn elements(&self, address: usize) -> &[f64] {
        self.direction.as_ref().map_or(&[], |direction| direction.elements(&self.inputs, address))
    }

    /// The tables of the call at `site`, through which no derivative passes.
    pub fn plain(&mut self, site: usize, tables: Tables) {
        self.plain.push((site, tables));
    }
}
