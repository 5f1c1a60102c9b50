//! Room for tables of a few cells: an allocator takes twice the time.
//!
//! What is kept is in thread locals that need not be dropped: those that must be are asked in
//! each call whether they have been. Another one, which is told of when there is anything to
//! keep, lets all of it go when the thread ends.

use std::cell::Cell;
use std::mem::ManuallyDrop;
use std::ops::{Deref, DerefMut};
use std::thread::LocalKey;

/// Up to so many cells the last table that nobody needs any more is kept, of each number
/// of whole vectors of four.
const FEW: usize = 128;

thread_local! {
    static CELLS: Kept = const { Kept::new() };
    static SLOPES: Kept = const { Kept::new() };
    static FEWEST_SLOPES: KeptFewest = const { KeptFewest { ends: Cell::new(false), room: Cell::new(None) } };
    static END: End = const { End };
}

/// What is kept of the small tables, by their vectors.
struct Kept {
    /// Whether the end of the thread is waited for.
    ends: Cell<bool>,
    places: [Place; FEW / 4 + 1],
}

struct Place {
    /// How long the room was; 0 where there is none. That it is told apart has a compiler move
    /// the room word by word: as it was written a moment ago.
    len: Cell<usize>,
    room: Cell<ManuallyDrop<Vec<f64>>>,
}

impl Kept {
    const fn new() -> Self {
        Self { ends: Cell::new(false), places: [const { Place::new() }; FEW / 4 + 1] }
    }

    /// After the end of a thread nothing is kept any more.
    #[cold]
    #[inline(never)]
    fn wait_for_end(&self) {
        self.ends.set(END.try_with(|_| ()).is_ok());
    }

    fn let_go(&self) {
        self.ends.set(false);
        self.places.iter().filter_map(Place::take).for_each(drop);
    }
}

impl Place {
    const fn new() -> Self {
        Self { len: Cell::new(0), room: Cell::new(ManuallyDrop::new(Vec::new())) }
    }

    #[inline(always)]
    fn take(&self) -> Option<Vec<f64>> {
        (self.len.replace(0) > 0).then(|| ManuallyDrop::into_inner(self.room.take()))
    }
}

/// Lets go of all that is kept when its thread ends.
struct End;

impl Drop for End {
    fn drop(&mut self) {
        CELLS.with(Kept::let_go);
        SLOPES.with(Kept::let_go);
        FEWEST_SLOPES.with(KeptFewest::let_go);
    }
}

/// So many numbers at most are what very small tables change by.
const FEWEST: usize = 32;

type Fewest = Box<[f64; FEWEST]>;

/// The last of these that nobody needs any more.
struct KeptFewest {
    ends: Cell<bool>,
    room: Cell<Option<ManuallyDrop<Fewest>>>,
}

impl KeptFewest {
    fn let_go(&self) {
        self.ends.set(false);
        drop(self.room.take().map(ManuallyDrop::into_inner));
    }

    #[cold]
    #[inline(never)]
    fn made(&self) -> Fewest {
        self.ends.set(END.try_with(|_| ()).is_ok());
        Box::new([f64::NAN; FEWEST])
    }
}

/// Room for what the cells of a small table change by: of the fewest it is one word, since it
/// goes from call to call.
#[derive(Clone, Debug)]
pub(crate) enum SlopesRoom {
    Few(Option<Fewest>),
    More(Vec<f64>),
}

impl SlopesRoom {
    #[inline(always)]
    pub(crate) fn new(numbers: usize) -> Self {
        if numbers > FEWEST {
            return Self::More(few(&SLOPES, numbers));
        }
        let found = FEWEST_SLOPES.with(|kept| match kept.room.take() {
            Some(room) => ManuallyDrop::into_inner(room),
            None => kept.made(),
        });
        Self::Few(Some(found))
    }

    /// Takes it back, if it is wanted.
    #[inline(always)]
    pub(crate) fn take_back(&mut self) -> bool {
        match self {
            Self::More(room) => keep(&SLOPES, room),
            Self::Few(room) => FEWEST_SLOPES.with(|kept| {
                if !kept.ends.get() {
                    return false;
                }
                if let Some(before) = kept.room.replace(room.take().map(ManuallyDrop::new)) {
                    let_go(before);
                }
                true
            }),
        }
    }
}

#[cold]
#[inline(never)]
fn let_go(room: ManuallyDrop<Fewest>) {
    drop(ManuallyDrop::into_inner(room));
}

impl Default for SlopesRoom {
    fn default() -> Self {
        Self::Few(None)
    }
}

impl Deref for SlopesRoom {
    type Target = [f64];

    #[inline(always)]
    fn deref(&self) -> &[f64] {
        match self {
            Self::Few(Some(room)) => &room[..],
            Self::Few(None) => &[],
            Self::More(room) => room,
        }
    }
}

impl DerefMut for SlopesRoom {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut [f64] {
        match self {
            Self::Few(Some(room)) => &mut room[..],
            Self::Few(None) => &mut [],
            Self::More(room) => room,
        }
    }
}

/// Room for the cells of a small table: one that is handed out again, so that a compiler
/// cannot tell that nothing else lies there. Where that counts, [`cells`](super::cells) is
/// the better.
#[inline(always)]
pub(crate) fn few_cells(cells: usize) -> Vec<f64> {
    few(&CELLS, cells)
}

/// It has room for whole vectors of four, and one cell more: so it is known when it comes
/// back.
#[inline(always)]
fn few(kept: &'static LocalKey<Kept>, cells: usize) -> Vec<f64> {
    let vectors = cells.div_ceil(4);
    let mut room = match kept.with(|kept| kept.places.get(vectors).and_then(Place::take)) {
        Some(room) if room.capacity() == 4 * vectors + 1 => room,
        _ => {
            kept.with(Kept::wait_for_end);
            Vec::with_capacity(4 * vectors + 1)
        }
    };
    room.resize(cells, f64::NAN);
    room
}

/// Takes back room for a few cells, if that is what it is, and whether it has been taken: any
/// other is left alone.
#[inline(always)]
pub(crate) fn take_back_few(room: &mut Vec<f64>) -> bool {
    keep(&CELLS, room)
}

#[inline(always)]
fn keep(kept: &'static LocalKey<Kept>, room: &mut Vec<f64>) -> bool {
    // It is taken first: what is looked at then is in registers.
    let given = ManuallyDrop::new(std::mem::take(room));
    // Four and one more are for the place 1: any other remainder is far beyond the last.
    let place = given.capacity().wrapping_sub(1).rotate_right(2);
    kept.with(|kept| match kept.places.get(place) {
        Some(place) if kept.ends.get() && place.len.get() == 0 => {
            place.len.set(given.len());
            place.room.set(given);
            true
        }
        _ => {
            *room = ManuallyDrop::into_inner(given);
            false
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_cells_come_back_to_those_who_ask_for_as_many() {
        let mut first = few_cells(12);
        let place = first.as_ptr();
        assert!(take_back_few(&mut first) && first.capacity() == 0);
        let other = few_cells(20);
        assert!(other.as_ptr() != place);
        let again = few_cells(11);
        assert!(again.len() == 11 && again.as_ptr() == place);
        // What is another's is left alone.
        let mut other = crate::pool::cells(16);
        assert!(!take_back_few(&mut other) && other.len() == 16);
        let mut many = few_cells(512);
        assert!(!take_back_few(&mut many) && many.len() == 512);
    }

    #[test]
    fn room_for_slopes_comes_back() {
        for numbers in [16, 100] {
            let mut first = SlopesRoom::new(numbers);
            let place = first.as_ptr();
            assert!(first.len() >= numbers && first.take_back() && first.is_empty());
            let (again, mut other) = (SlopesRoom::new(numbers), SlopesRoom::new(numbers));
            assert!(again.as_ptr() == place && other.as_ptr() != place);
            // Elsewhere nothing has been asked for yet.
            let elsewhere = std::thread::spawn(move || other.take_back());
            assert!(!elsewhere.join().expect("no panic"), "{numbers}");
        }
    }

    /// One of two of a size is kept, and none by a thread that has asked for none or is at its
    /// end.
    #[test]
    fn no_more_is_kept_than_is_used() {
        struct Late(Cell<Option<Vec<f64>>>);
        impl Drop for Late {
            fn drop(&mut self) {
                let mut room = self.0.take().unwrap_or_default();
                CELLS.with(Kept::let_go);
                assert!(room.len() == 8 && !take_back_few(&mut room));
            }
        }
        thread_local!(static LATE: Late = const { Late(Cell::new(None)) });
        std::thread::spawn(|| {
            let (mut a, mut b) = (few_cells(8), few_cells(8));
            assert!(take_back_few(&mut a) && !take_back_few(&mut b) && b.len() == 8);
            let elsewhere = std::thread::spawn(move || take_back_few(&mut b));
            assert!(!elsewhere.join().expect("no panic"));
            LATE.with(|late| late.0.set(Some(few_cells(8))));
        })
        .join()
        .expect("no panic");
    }
}
