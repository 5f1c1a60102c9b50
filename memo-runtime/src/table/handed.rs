//! Tables that a user has.

use std::mem::ManuallyDrop;
use std::ops::Deref;

use crate::solve::Tables;

/// Tables that a user has: the room of a small one is used again, and nothing else of it is
/// looked at.
#[derive(Clone)]
pub(super) struct Handed(pub(super) ManuallyDrop<Tables>);

impl Handed {
    #[inline(always)]
    pub(super) fn new(tables: Tables) -> Self {
        Self(ManuallyDrop::new(tables))
    }
}

impl Deref for Handed {
    type Target = Tables;

    #[inline]
    fn deref(&self) -> &Tables {
        &self.0
    }
}

impl Handed {
    /// Where it lies: what is moved soon after it was written waits for its way to memory.
    #[cold]
    #[inline(never)]
    fn let_go(&mut self) {
        *self.0 = Tables::Nothing;
    }
}

impl Drop for Handed {
    #[inline(always)]
    fn drop(&mut self) {
        if let Tables::One(table) = &mut *self.0
            && crate::pool::take_back_few(&mut table.cells)
            && table.impossible.is_none()
        {
            return;
        }
        self.let_go();
    }
}
