//! Buffers that are used again: fresh megabytes cost more in page faults than
//! in arithmetic.

use std::cell::RefCell;

/// Below this many cells the allocator is as quick.
const SMALL: usize = 4_096;

/// How many buffers, and how many cells in all, a thread keeps.
const KEPT: (usize, usize) = (32, 8 << 20);

thread_local! {
    static FREE: RefCell<Vec<Vec<f64>>> = const { RefCell::new(Vec::new()) };
}

/// An empty buffer with room for so many cells.
pub(crate) fn buffer(cells: usize) -> Vec<f64> {
    let fits = |buffer: &Vec<f64>| buffer.capacity() >= cells && buffer.capacity() / 4 <= cells;
    let found = (cells >= SMALL).then(|| {
        FREE.with_borrow_mut(|free| {
            let at = free.iter().position(fits)?;
            Some(free.swap_remove(at))
        })
    });
    let mut buffer = found.flatten().unwrap_or_else(|| Vec::with_capacity(cells));
    buffer.clear();
    buffer
}

/// Takes back tables that nobody needs any more.
pub fn recycle<const N: usize>(tables: [Vec<f64>; N]) {
    tables.into_iter().for_each(take_back);
}

/// Takes back one.
pub(crate) fn take_back(buffer: Vec<f64>) {
    if buffer.capacity() < SMALL {
        return;
    }
    // A table may outlive its thread's pool: then it is simply dropped.
    let _ = FREE.try_with(|free| {
        let mut free = free.borrow_mut();
        let cells: usize = free.iter().map(Vec::capacity).sum();
        if free.len() < KEPT.0 && cells + buffer.capacity() <= KEPT.1 {
            free.push(buffer);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_buffers_come_back_empty() {
        let mut first = buffer(10_000);
        first.push(1.0);
        let place = first.as_ptr();
        recycle([first, vec![0.0; 3]]);
        let again = buffer(9_000);
        assert!(again.is_empty() && again.as_ptr() == place);
        // One that is much too large is left for others.
        recycle([again]);
        let small = buffer(SMALL / 2);
        assert_ne!(small.as_ptr(), place);
        assert!(buffer(20_000).capacity() >= 20_000);
    }
}
