//! The way from a table to its derivatives.

use std::ops::{Deref, DerefMut};

use super::Trace;
use super::slopes::Slopes;

/// How derivatives are had.
pub(super) enum Way<'a> {
    /// Back through the calls.
    Back(Back<'a>),
    /// They have been carried forward: a small table with respect to a few numbers.
    Slopes(Slopes),
}

/// The calls, let go of elsewhere: mostly there are none.
pub(super) struct Back<'a>(Option<Box<Trace<'a>>>);

impl<'a> Back<'a> {
    pub(super) fn new(trace: Trace<'a>) -> Self {
        Self(Some(Box::new(trace)))
    }
}

impl<'a> Deref for Back<'a> {
    type Target = Trace<'a>;

    fn deref(&self) -> &Trace<'a> {
        self.0.as_deref().expect("bug in memo: calls that are gone")
    }
}

impl DerefMut for Back<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        self.0.as_deref_mut().expect("bug in memo: calls that are gone")
    }
}

impl Drop for Back<'_> {
    #[inline]
    fn drop(&mut self) {
        if let Some(trace) = self.0.take() {
            let_go(trace);
        }
    }
}

#[inline(never)]
fn let_go(trace: Box<Trace<'_>>) {
    drop(trace);
}

impl Way<'_> {
    /// How many cells each table has.
    pub(super) fn sizes(&self) -> impl Iterator<Item = usize> + '_ {
        let (one, several) = match self {
            Self::Slopes(slopes) => (Some(slopes.cells), None),
            Self::Back(trace) => (None, Some(trace.sizes())),
        };
        one.into_iter().chain(several.into_iter().flatten())
    }
}
