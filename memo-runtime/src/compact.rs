//! Small models on the stack: where all tables have a few cells, what is computed in
//! them is no more work than making room for them, keeping them and saying what they are.
//!
//! A model whose domains are of known, small sizes has, beside the general way, a
//! function that computes its table in arrays on the stack; calls of itself, and of other
//! such models, go straight down. Numbers carry what they change by in `K` directions, so
//! that the same function is the model's forward derivative (Griewank & Walther, *Evaluating
//! Derivatives*, 2008, chapter 3), and with none of them its value. Whatever needs care (a
//! weight that is none, exponents that plain products would let overflow, a recursion that
//! goes deep) is left to the general way, which tells what is wrong.
//!
//! It is written for vectors of four numbers. On x86 these are those of AVX2 with a fused
//! multiply-add, all through the function, since what is written two by two cannot soon be
//! read four by four; a machine that has none (they came in 2013) takes the general way. Where
//! there are exponentials it is compiled for AVX-512, too, which has eight of them at a time.

mod call;
mod called;
mod number;
mod small;
mod weights;
mod wide;

use std::mem::ManuallyDrop;
use std::sync::OnceLock;

use crate::fixed::{FixedTable, Kept};
use crate::four::Four;
use crate::gradient::{InputArray, Slopes};
use crate::impossible::Returned;
use crate::pool::{SlopesRoom, few_cells};
use crate::rows::PLAIN;
use crate::solve::{STACK_BYTES, Tables, call_limit, guarded, stack};
use crate::table::Axes;
use crate::{Fault, Record, Table};

pub use call::{CallSmall, NoSmallCall, NotSmall, SmallCall, SmallSize};
pub use called::Called;
pub use number::{
    Average, Divergence, Information, Spread, certain_of, counts, exp_of, fixed_power_of, plain, power_of,
    ratio_of, remainder_of, through,
};
use small::pack;
pub use small::{Small, lanes, vectors};
pub use weights::{AnyWeights, Rough, Sound};
pub use wide::{Single, Still, Wide};

/// Beyond so many cells values are as quick in the general way.
const FEW: usize = 64;

/// Tables of more cells are no small ones, where they carry derivatives in so many directions:
/// what is on the stack is to stay in the nearest cache, and the way back of larger ones costs
/// the same in any number of directions.
const fn most(directions: usize) -> usize {
    match directions {
        0..=2 => 2 * FEW,
        3..=4 => FEW,
        _ => FEW / 2,
    }
}

/// The cells of a table whose size is not known before the program runs.
const UNKNOWN: usize = 64;

/// The cells of the largest of some tables, with pads and whole vectors of them: 0 if it
/// is no small one of numbers with derivatives in so many directions. The lengths of a table's
/// axes are 0 where they are not known.
///
/// ```
/// # use memo_runtime::__private::small_cells;
/// assert_eq!(small_cells(&[&[4, 3], &[3]], 4), 16);
/// assert_eq!(small_cells(&[&[32, 2]], 4), 128);
/// assert_eq!(small_cells(&[&[4, 0]], 4), 64);
/// assert_eq!(small_cells(&[&[4, 300], &[3]], 1), 0);
/// assert_eq!([1, 3, 8].map(|directions| small_cells(&[&[5, 20]], directions)), [100, 0, 0]);
/// ```
#[must_use]
pub const fn small_cells(tables: &[&[usize]], directions: usize) -> usize {
    cells_up_to(tables, most(directions))
}

/// The cells of each of some tables, of which the largest has so many: so has one whose size is
/// not known.
///
/// ```
/// # use memo_runtime::__private::own_cells;
/// assert_eq!(own_cells(&[&[4, 3], &[2], &[4, 0]], 64), [16, 4, 64]);
/// assert_eq!(own_cells(&[&[4, 3]], 0), [0]);
/// ```
///
/// # Panics
/// Where there are fewer tables.
#[must_use]
pub const fn own_cells<const N: usize>(tables: &[&[usize]], largest: usize) -> [usize; N] {
    let (mut all, mut at) = ([largest; N], 0);
    while at < N {
        let (mut known, mut axis) = (true, 0);
        while axis < tables[at].len() {
            known &= tables[at][axis] != 0;
            axis += 1;
        }
        let own = cells_up_to(&[tables[at]], largest);
        if known && own != 0 && own < largest {
            all[at] = own;
        }
        at += 1;
    }
    all
}

/// Whether the tables are so small that their values are, too, quicker on the stack.
///
/// ```
/// # use memo_runtime::__private::are_few;
/// assert!(are_few(&[&[8, 8], &[3]]) && !are_few(&[&[5, 21]]));
/// ```
#[must_use]
pub const fn are_few(tables: &[&[usize]]) -> bool {
    cells_up_to(tables, FEW) != 0
}

const fn cells_up_to(tables: &[&[usize]], limit: usize) -> usize {
    let (mut most, mut at) = (4, 0);
    while at < tables.len() {
        let (mut cells, mut padded, mut known, mut axis) = (1_usize, 1_usize, true, 0);
        while axis < tables[at].len() {
            let n = tables[at][axis];
            known &= n != 0;
            padded = cells.saturating_mul(lanes(n));
            cells = cells.saturating_mul(n);
            axis += 1;
        }
        if !known {
            let room = if limit < UNKNOWN { limit } else { UNKNOWN };
            (cells, padded) = (room, room);
        }
        if cells > limit {
            return 0;
        }
        if padded > most {
            most = padded;
        }
        at += 1;
    }
    lanes(most)
}

/// That something needs the care of the general way.
#[derive(Clone, Copy, Debug)]
pub struct Care;

/// What is wrong is told by the general way.
impl From<Fault> for Care {
    #[cold]
    fn from(_: Fault) -> Self {
        Self
    }
}

/// The marks of a table: which of its cells are impossible.
pub type Marks = Option<Vec<bool>>;

/// Where a call leaves its table. It is lent: its words would be read at once soon after they
/// were written one by one if it were moved.
#[derive(Debug)]
pub enum Out<'o, const K: usize, const N: usize> {
    /// For another call to read.
    Table(&'o mut Small<K, N>),
    /// To be handed out, without pads: its cells, and what they change by.
    Cells(&'o mut [f64], &'o mut [[f64; N]; K]),
}

impl<const K: usize, const N: usize> Out<'_, K, N> {
    /// Leaves what was made, so many rows in which so many cells count; its numbers
    /// carry `E` derivatives: `K`, or none.
    ///
    /// # Errors
    /// [`Care`] where a derivative is no number.
    #[inline(always)]
    pub fn take<V: Four, const E: usize>(
        &mut self,
        made: &Small<E, N>,
        rows: usize,
        row: usize,
    ) -> Result<(), Care> {
        match self {
            Self::Table(table) => {
                table.copy::<V, E>(made, rows * lanes(row));
                Ok(())
            }
            Self::Cells(cells, rates) => {
                if cells.len() != rows * row {
                    return Err(Care);
                }
                pack::<V>(&made.values, cells, rows, row);
                for (k, rates) in rates.iter_mut().enumerate() {
                    if k < E {
                        pack::<V>(&made.rates[k], rates, rows, row);
                    } else {
                        rates.fill(0.0);
                    }
                }
                if made.rates_are_finite::<V>(rows * lanes(row)) { Ok(()) } else { Err(Care) }
            }
        }
    }
}

/// The compact way of a model whose parameters have the types `P`.
pub trait Compact<const K: usize, const N: usize, P> {
    /// Whether it has exponentials, which are quicker eight at a time where the machine can
    /// do that; else that is not worth what it takes to compile all once more.
    const EIGHTS: bool;

    /// Computes the table for these arguments.
    ///
    /// # Errors
    /// [`Care`] where that is for the general way.
    fn run<V: Four>(
        depth: Depth,
        out: &mut Out<'_, K, N>,
        marks: &mut Marks,
        arguments: P,
    ) -> Result<(), Care>;
}

/// How deep calls have gone on the stack.
#[derive(Clone, Copy, Debug)]
pub struct Depth {
    /// The nearest end of the part of the stack that may be used: it goes as far in both
    /// directions from where it began.
    end: usize,
    left: usize,
}

impl Depth {
    /// Before the first call.
    #[must_use]
    #[inline(always)]
    pub fn start() -> Self {
        Self { end: stack().wrapping_sub(STACK_BYTES), left: call_limit() }
    }

    /// One call further.
    ///
    /// # Errors
    /// [`Care`] where the calls go too deep, or are more than may be made.
    #[inline(always)]
    pub fn deeper(self) -> Result<Self, Care> {
        match self.left.checked_sub(1) {
            Some(left) if stack().wrapping_sub(self.end) <= 2 * STACK_BYTES => Ok(Self { left, ..self }),
            _ => Err(Care),
        }
    }

    /// Each of so many calls may make as many calls as the others.
    #[must_use]
    #[inline(always)]
    pub fn shared_by(self, calls: usize) -> Self {
        Self { left: self.left / calls, ..self }
    }

    /// Makes a call, with the machine's own vectors.
    ///
    /// # Errors
    /// [`Care`] where that is for the general way.
    #[inline(always)]
    #[allow(unsafe_code, reason = "a function for the machine's own instructions: twice as fast")]
    pub fn run<M: Compact<K, N, P>, const K: usize, const N: usize, P>(
        self,
        out: &mut Out<'_, K, N>,
        marks: &mut Marks,
        arguments: P,
    ) -> Result<(), Care> {
        #[cfg(target_arch = "x86_64")]
        {
            use crate::four::{Avx2, Avx512};
            use crate::machine::Machine;
            #[target_feature(enable = "avx2,fma")]
            fn avx2<M: Compact<K, N, P>, const K: usize, const N: usize, P>(
                depth: Depth,
                out: &mut Out<'_, K, N>,
                marks: &mut Marks,
                arguments: P,
            ) -> Result<(), Care> {
                M::run::<Avx2>(depth, out, marks, arguments)
            }
            #[target_feature(enable = "avx2,fma,avx512f,avx512dq,avx512vl")]
            fn avx512<M: Compact<K, N, P>, const K: usize, const N: usize, P>(
                depth: Depth,
                out: &mut Out<'_, K, N>,
                marks: &mut Marks,
                arguments: P,
            ) -> Result<(), Care> {
                M::run::<Avx512>(depth, out, marks, arguments)
            }
            let machine = Machine::this();
            if M::EIGHTS && machine == Machine::Avx512 {
                // SAFETY: the machine has these instructions.
                return unsafe { avx512::<M, K, N, P>(self, out, marks, arguments) };
            }
            if machine == Machine::Plain {
                return Err(Care);
            }
            // SAFETY: the machine has these instructions.
            unsafe { avx2::<M, K, N, P>(self, out, marks, arguments) }
        }
        #[cfg(not(target_arch = "x86_64"))]
        M::run::<crate::four::Plain4>(self, out, marks, arguments)
    }
}

/// That no table has more cells than there is room for: both of each.
///
/// # Errors
/// [`Care`] where one has.
#[inline(always)]
pub fn fits(cells: &[(usize, usize)]) -> Result<(), Care> {
    if cells.iter().all(|(cells, room)| cells <= room) { Ok(()) } else { Err(Care) }
}

/// How many cells a table over some axes has.
#[must_use]
#[inline(always)]
pub fn cells_over<A: Axes>(axes: &A) -> usize {
    axes.lengths().as_ref().iter().product()
}

/// Makes a call whose numbers carry no derivatives, of a table of so many cells; false where
/// it needs care.
#[inline(always)]
pub fn made<const N: usize>(
    tables: &mut Tables,
    count: usize,
    call: impl FnOnce(&mut Out<'_, 0, N>, &mut Marks) -> Result<(), Care>,
) -> bool {
    if count > N {
        return false;
    }
    let table = tables.own(few_cells(count));
    let is_made = call(&mut Out::Cells(&mut table.cells, &mut []), &mut table.impossible).is_ok();
    if !is_made {
        *tables = Tables::Nothing;
    }
    is_made
}

/// Makes a call whose numbers carry derivatives with respect to these numbers, one a
/// direction: its table of so many cells, yet to be made, and what these change by. Nothing
/// where it needs care, or a derivative is no number.
///
/// # Errors
/// [`Error::Panicked`](crate::Error::Panicked).
#[inline(always)]
pub fn recorded<'a, A: Axes, const K: usize, const N: usize>(
    table: impl FnOnce() -> Table<A>,
    (model, names): (&'static str, &'static [&'static str; K]),
    count: usize,
    call: impl FnOnce(&mut Out<'_, K, N>, &mut Marks) -> Result<(), Care>,
) -> Result<Option<Record<'a, Table<A>, 1>>, Fault> {
    let slopes = |slopes| Slopes { names, arrays: ManuallyDrop::new(None), cells: count, step: N, slopes };
    recorded_by(table, model, count, call, slopes)
}

/// The same with respect to the elements of arrays as well: `inputs` are all numbers and
/// arrays, which have so many directions. Nothing where those are more than `K`, too.
///
/// # Errors
/// [`Error::Panicked`](crate::Error::Panicked).
#[inline(always)]
pub fn recorded_with_arrays<'a, A: Axes, const K: usize, const N: usize>(
    table: impl FnOnce() -> Table<A>,
    (model, inputs, directions): (&'static str, impl FnOnce() -> Vec<InputArray>, usize),
    count: usize,
    call: impl FnOnce(&mut Out<'_, K, N>, &mut Marks) -> Result<(), Care>,
) -> Result<Option<Record<'a, Table<A>, 1>>, Fault> {
    if directions > K {
        return Ok(None);
    }
    recorded_by(table, model, count, call, |slopes| {
        let arrays = ManuallyDrop::new(Some(inputs().into_boxed_slice()));
        Slopes { names: &[], arrays, cells: count, step: N, slopes }
    })
}

#[inline(always)]
fn recorded_by<'a, A: Axes, const K: usize, const N: usize>(
    table: impl FnOnce() -> Table<A>,
    model: &'static str,
    count: usize,
    call: impl FnOnce(&mut Out<'_, K, N>, &mut Marks) -> Result<(), Care>,
    with_inputs: impl FnOnce(ManuallyDrop<SlopesRoom>) -> Slopes,
) -> Result<Option<Record<'a, Table<A>, 1>>, Fault> {
    if count > N {
        return Ok(None);
    }
    // No more than their numbers is lent: where they are is not told to the call, and they
    // go from registers to where the record is handed out.
    let (mut cells, mut slopes, mut marks) = (few_cells(count), SlopesRoom::new(K * N), None);
    let found = {
        let rates = slopes.as_chunks_mut().0.first_chunk_mut().expect("bug in memo: no room for slopes");
        let out = &mut Out::Cells(&mut cells, rates);
        guarded(model, || call(out, &mut marks).map_err(|Care| None))
    };
    match found {
        Ok(()) => {
            let marks = if marks.is_none() { None } else { moved(marks) };
            let table = table().filled(Returned::new(cells, marks));
            Ok(Some(Record::with_slopes(model, table, with_inputs(ManuallyDrop::new(slopes)))))
        }
        Err(fault) => fault.map_or(Ok(None), Err),
    }
}

/// Marks as they are: that there are none is told apart, since it is one word then.
#[cold]
#[inline(never)]
fn moved(marks: Marks) -> Marks {
    marks
}

/// A table that rests on no parameter, computed once.
#[derive(Debug)]
pub struct Constant<const N: usize>(OnceLock<Small<0, N>>);

impl<const N: usize> Constant<N> {
    /// Not yet computed.
    #[must_use]
    pub const fn new() -> Self {
        Self(OnceLock::new())
    }

    /// The table, if it has been computed.
    #[inline(always)]
    pub fn get(&self) -> Option<&Small<0, N>> {
        self.0.get()
    }

    /// Keeps it.
    #[cold]
    pub fn keep<const K: usize>(&self, table: &Small<K, N>) {
        let _ = self.0.set(table.at_rest());
    }
}

impl<const N: usize> Default for Constant<N> {
    fn default() -> Self {
        Self::new()
    }
}

/// Tables that are the same in every call, with pads.
#[derive(Debug)]
pub struct Padded<const M: usize>(OnceLock<Option<[PaddedTable; M]>>);

/// One of them.
#[derive(Debug)]
pub struct PaddedTable {
    cells: Box<[f64]>,
    /// Whether each cell is a factor of plain products, or 0.
    is_plain: bool,
}

/// Where such tables have more cells than this, the general way is as fast.
const PADDED: usize = 4096;

impl<const M: usize> Padded<M> {
    /// None yet.
    #[must_use]
    pub const fn new() -> Self {
        Self(OnceLock::new())
    }

    /// Those of the general way, whose last axes have these lengths, with pads.
    ///
    /// # Errors
    /// [`Care`] where they are large, or something went wrong.
    #[inline(always)]
    pub fn get(
        &'static self,
        tables: impl FnOnce() -> Result<Kept<M>, Fault>,
        rows: [usize; M],
    ) -> Result<&'static [PaddedTable; M], Care> {
        match self.0.get() {
            Some(Some(kept)) => Ok(kept),
            _ => self.keep(&*tables()?, rows),
        }
    }

    #[cold]
    fn keep(
        &'static self,
        tables: &[FixedTable; M],
        rows: [usize; M],
    ) -> Result<&'static [PaddedTable; M], Care> {
        let padded = |at: usize| {
            let (row, lanes) = (rows[at], lanes(rows[at]));
            let mut cells = vec![0.0; tables[at].len() / row * lanes];
            let padded = cells.chunks_exact_mut(lanes).zip(tables[at].chunks_exact(row));
            padded.for_each(|(padded, row)| padded[..row.len()].copy_from_slice(row));
            let is_plain = cells.iter().all(|cell| *cell == 0.0 || PLAIN.contains(cell));
            PaddedTable { cells: cells.into_boxed_slice(), is_plain }
        };
        let few = tables.iter().all(|table| table.len() <= PADDED);
        self.0.get_or_init(|| few.then(|| std::array::from_fn(padded))).as_ref().ok_or(Care)
    }
}

impl<const M: usize> Default for Padded<M> {
    fn default() -> Self {
        Self::new()
    }
}

/// The cells of a table without its pads: of so many in a row so many count.
#[must_use]
#[cold]
pub fn packed(table: &[f64], row: usize, lanes: usize) -> Vec<f64> {
    table.chunks_exact(lanes).flat_map(|cells| &cells[..row]).copied().collect()
}

/// Whether one of the cells of a table is 0 that are no pads.
#[must_use]
#[inline(always)]
pub fn any_is_zero(table: &[f64], row: usize, lanes: usize) -> bool {
    let mut any = false;
    for (at, cell) in table.iter().enumerate() {
        any |= at % lanes < row && *cell == 0.0;
    }
    any
}

/// That each weight of a table with so many cells, of whose rows so many count, is one that
/// plain products lose nothing of.
///
/// # Errors
/// [`Care`] where one is not.
#[inline(always)]
pub fn all_plain(weights: &[f64], cells: usize, row: usize, lanes: usize) -> Result<(), Care> {
    let plain = |at: usize| at % lanes >= row || PLAIN.contains(&weights[at]);
    if (0..cells).all(plain) { Ok(()) } else { Err(Care) }
}

/// One of them with so many cells; nothing of it where they are not needed.
#[inline(always)]
pub fn padded_table<const M: usize>(tables: Option<&[PaddedTable; M]>, at: usize, cells: usize) -> &[f64] {
    tables.map_or(&[], |tables| &tables[at].cells[..cells])
}

/// That one of them has factors of plain products.
///
/// # Errors
/// [`Care`] where it has others.
#[inline(always)]
pub fn plain_factors<const M: usize>(tables: Option<&[PaddedTable; M]>, at: usize) -> Result<(), Care> {
    if tables.is_none_or(|tables| tables[at].is_plain) { Ok(()) } else { Err(Care) }
}
