//! Calls of other models, whose tables are made on the stack as well.
//!
//! A model says of itself whether it has a compact way and how large its tables are, in
//! constants: whoever calls one that has none has none either, and nothing of it is compiled.

use std::marker::PhantomData;

use super::{Care, Depth, Marks, Out};
use crate::axis_type::Signature;

/// So many calls of other models there are at most under one: each is made as often as it
/// is written, where the general way makes equal ones once.
const CALLS: usize = 8;

/// Whether a model has a compact way, and what that takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SmallSize {
    /// The cells of its largest table; 0 where it has none.
    pub cells: usize,
    /// How many calls of other models there are below it.
    calls: usize,
    /// Whether it is the quicker way to the values, too.
    quick: bool,
}

impl SmallSize {
    /// That of a model without.
    pub const NONE: Self = Self { cells: 0, calls: 0, quick: false };

    /// How deep models are looked through for those that they call, one below the other: some
    /// call each other.
    pub const LEVELS: usize = 8;

    /// That of a model which calls no other.
    #[must_use]
    pub const fn new(cells: usize, quick: bool) -> Self {
        Self { cells, calls: 0, quick }
    }

    /// The same of one that calls a model with this size.
    ///
    /// ```
    /// # use memo_runtime::__private::SmallSize;
    /// let (small, one) = (SmallSize::new(16, true), SmallSize::new(12, true));
    /// assert_eq!(small.calling(one).cells, 16);
    /// assert_eq!(small.calling(SmallSize::NONE), SmallSize::NONE);
    /// let many = (0..9).fold(small, |all, _| all.calling(one));
    /// assert_eq!(many, SmallSize::NONE);
    /// assert!(small.calling(one).is_quick() && !small.calling(SmallSize::new(12, false)).is_quick());
    /// ```
    #[must_use]
    pub const fn calling(self, callee: Self) -> Self {
        let calls = self.calls + 1 + callee.calls;
        if self.cells == 0 || callee.cells == 0 || calls > CALLS {
            return Self::NONE;
        }
        Self { cells: self.cells, calls, quick: self.quick && callee.quick }
    }

    /// Whether there is such a way, and it is the quicker one to the values.
    #[must_use]
    pub const fn is_quick(self) -> bool {
        self.cells != 0 && self.quick
    }
}

/// What a model with tables of `N` cells does for other models, whose arguments have the
/// types `P`.
pub trait CallSmall<const N: usize, P> {
    /// Computes the table for these arguments, which change by so much in `K` directions.
    ///
    /// # Errors
    /// [`Care`] where that is for the general way.
    fn call<const K: usize>(
        depth: Depth,
        out: &mut Out<'_, K, N>,
        marks: &mut Marks,
        arguments: P,
        slopes: &[[f64; K]],
    ) -> Result<(), Care>;
}

/// A call of a model, not yet made.
#[derive(Clone, Copy, Debug)]
pub struct SmallCall<M, P> {
    arguments: P,
    model: PhantomData<M>,
}

impl<M, P> SmallCall<M, P> {
    /// A call with these arguments.
    #[must_use]
    #[inline(always)]
    pub fn new(arguments: P) -> Self {
        Self { arguments, model: PhantomData }
    }

    /// Makes it; the arguments change by so much.
    ///
    /// # Errors
    /// [`Care`] where that is for the general way, as what is impossible in the call is.
    #[inline(always)]
    pub fn run<const K: usize, const N: usize>(
        self,
        depth: Depth,
        out: &mut Out<'_, K, N>,
        slopes: &[[f64; K]],
    ) -> Result<(), Care>
    where
        M: CallSmall<N, P>,
    {
        let mut marks = None;
        M::call(depth, out, &mut marks, self.arguments, slopes)?;
        if marks.is_some() { Err(Care) } else { Ok(()) }
    }
}

/// A call of a model that has no compact way.
#[derive(Clone, Copy, Debug)]
pub enum NotSmall {}

/// What such a model says.
pub type NoSmallCall<'memo, M> = Result<(<M as Signature>::Axes<'memo>, NotSmall), Care>;

impl NotSmall {
    /// There is no such call.
    ///
    /// # Errors
    /// None.
    pub fn run<const K: usize, const N: usize>(
        self,
        _: Depth,
        _: &mut Out<'_, K, N>,
        _: &[[f64; K]],
    ) -> Result<(), Care> {
        match self {}
    }
}
