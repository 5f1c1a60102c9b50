//! What generated code calls besides kernels and the scheduler: sizes,
//! checks of domains, elements of arrays.

use ndarray::{ArrayBase, Data, Dimension, IxDyn};

use crate::kernel::BadWeight;
use crate::table::Axes;
use crate::value::Numeric;
use crate::{Domain, Error, Fault};

/// The length of a domain, which must not be 0.
///
/// # Errors
/// [`Error::EmptyDomain`].
#[inline(always)]
pub fn domain_size<D: Domain>(model: &str, name: &str, domain: &D) -> Result<usize, Fault> {
    // Inlined, the length of a constant domain is a constant, and so are the
    // trip counts of loops over it.
    match domain.len() {
        0 => Err(empty_domain(model, name)),
        n => Ok(n),
    }
}

#[cold]
fn empty_domain(model: &str, name: &str) -> Fault {
    Error::EmptyDomain { model: model.into(), name: name.into() }.into()
}

/// A domain whose values have the given type, for `#[domain(…)]` on a field.
#[must_use]
pub const fn domain_of<V: crate::value::Value, D: Domain<Value = V>>(domain: D) -> D {
    domain
}

/// Whether one domain is so much longer than all others that its axis should lie
/// innermost: where there is work for several threads these divide the outermost,
/// which would be short.
///
/// ```
/// # use memo_runtime::__private::one_is_long;
/// assert!(one_is_long(10_000, &[2, 3]));
/// assert!(!one_is_long(10, &[2, 3]) && !one_is_long(1_000, &[2, 100]));
/// assert!(!one_is_long(1_000_000, &[2]));
/// ```
#[must_use]
#[inline(always)]
pub fn one_is_long(long: usize, short: &[usize]) -> bool {
    (64..=50_000).contains(&long) && short.iter().all(|length| *length <= 12)
}

/// How many cells there are between axes of these lengths; inlined, a constant where they are.
#[must_use]
#[inline]
pub fn count_cells(lengths: &[usize]) -> usize {
    lengths.iter().fold(1, |count, length| count.saturating_mul(*length))
}

/// The place along each axis of a cell, row-major.
#[must_use]
#[inline]
pub fn places<const N: usize>(cell: usize, mut lengths: [usize; N]) -> [usize; N] {
    let mut rest = cell;
    for length in lengths.iter_mut().rev() {
        (rest, *length) = (rest / *length, rest % *length);
    }
    lengths
}

/// The domain of a choice that another is held against, by `observes` or `KL`.
#[diagnostic::on_unimplemented(
    message = "the domains of the two choices differ: `{Self}` and `{Other}`",
    label = "this choice is held against one of another domain",
    note = "`observes […] is …` and `KL[… | …]` take two choices of the same domain"
)]
pub trait SameDomain<Other> {
    /// Whether the domains have the same values, too.
    fn is_same(&self, other: &Other) -> bool;
}

impl<D: Domain> SameDomain<D> for D {
    fn is_same(&self, other: &D) -> bool {
        self == other
    }
}

// As with the axes of a model, see `Nobody`.
impl<D: Domain> SameDomain<Nobody> for D {
    fn is_same(&self, other: &Nobody) -> bool {
        match *other {}
    }
}

/// Checks that two domains of one type are the same in their values, too.
///
/// # Errors
/// [`Error::DomainMismatch`].
pub fn same_domain<A: SameDomain<B>, B>(model: &str, what: &str, a: &A, b: &B) -> Result<(), Fault> {
    if a.is_same(b) {
        return Ok(());
    }
    Err(Error::DomainMismatch { model: model.into(), what: what.into() }.into())
}

/// The axes of a model, to which choices with other axes are handed.
#[diagnostic::on_unimplemented(
    message = "the axes of the model are `{Self}`, but choices of `{Given}` are handed to it",
    label = "in these brackets stands one choice for each axis, in order, of the same domain"
)]
pub trait Takes<Given> {
    /// Whether the domains have the same values, too.
    fn takes(&self, given: &Given) -> bool;
}

impl<A: Axes + PartialEq> Takes<A> for A {
    fn takes(&self, given: &A) -> bool {
        self == given
    }
}

/// With it there are two implementations for all axes, so that rustc does not take
/// the one for granted and speaks of mismatched types.
#[derive(Debug)]
pub enum Nobody {}

impl<A: Axes> Takes<Nobody> for A {
    fn takes(&self, given: &Nobody) -> bool {
        match *given {}
    }
}

/// Checks the axes that one model hands to another.
///
/// # Errors
/// [`Error::DomainMismatch`].
#[inline(always)]
pub fn same_axes<A: Takes<B>, B>(model: &str, callee: &str, theirs: &A, ours: &B) -> Result<(), Fault> {
    if theirs.takes(ours) { Ok(()) } else { Err(other_axes(model, callee)) }
}

#[cold]
fn other_axes(model: &str, callee: &str) -> Fault {
    let what = format!("the axes of `{callee}` and what is handed to it");
    Error::DomainMismatch { model: model.into(), what }.into()
}

/// `%` with the sign of the divisor.
#[must_use]
#[inline]
pub fn remainder(a: f64, b: f64) -> f64 {
    let r = a % b;
    if r != 0.0 && (r < 0.0) != (b < 0.0) { r + b } else { r }
}

/// What a domain can say without its type: length and labels.
pub trait Labels {
    /// How many values there are.
    fn count(&self) -> usize;
    /// What the value at a place is called.
    fn text(&self, at: usize) -> String;
}

impl<D: Domain> Labels for D {
    fn count(&self) -> usize {
        self.len()
    }

    fn text(&self, at: usize) -> String {
        self.label(at)
    }
}

/// The error for a weight of a choice: `given` are the places of the axes
/// before the row, `own` the axes of the row.
#[cold]
#[must_use]
pub fn bad_weight(
    model: &str,
    agent: &str,
    choice: &str,
    bad: BadWeight,
    given: &[(&str, &dyn Labels, usize)],
    own: &[(&str, &dyn Labels)],
) -> Fault {
    let mut cell: Vec<(String, String)> =
        given.iter().map(|(name, domain, at)| ((*name).to_string(), domain.text(*at))).collect();
    let lengths: Vec<usize> = own.iter().map(|(_, domain)| domain.count()).collect();
    let places = crate::table::places(bad.at, &lengths);
    cell.extend(own.iter().zip(places).map(|((name, domain), at)| ((*name).to_string(), domain.text(at))));
    Error::BadWeight {
        model: model.into(),
        agent: agent.into(),
        choice: choice.into(),
        cell,
        value: bad.value,
    }
    .into()
}

pub(crate) fn place(index: f64) -> Option<usize> {
    (index >= 0.0 && index.fract() == 0.0 && index < 9e15).then_some(index as usize)
}

fn outside(model: &str, array: &str, indices: &[f64], length: String) -> Fault {
    let indices: Vec<String> = indices.iter().map(ToString::to_string).collect();
    Error::OutOfBounds { model: model.into(), array: array.into(), index: indices.join(", "), length }.into()
}

/// The place of `flips[2]` in an array-valued choice. Not the element itself: where `?` hands
/// out a value whose type rustc does not know yet, it takes the value for none.
///
/// # Errors
/// [`Error::OutOfBounds`].
#[inline]
pub fn element_at<T, const N: usize>(
    model: &str,
    name: &str,
    _: &[T; N],
    index: f64,
) -> Result<usize, Fault> {
    place(index).filter(|at| *at < N).ok_or_else(|| outside(model, name, &[index], N.to_string()))
}

/// Arrays of numbers that a model may index: slices, vectors and `ndarray`'s.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` cannot be indexed in a model",
    note = "slices, vectors, arrays, `ndarray` arrays and tables of numbers can; the type of a table is written out: `&Table<…>`"
)]
pub trait NumberArray {
    /// The number at these places.
    fn number_at<const N: usize>(&self, places: [usize; N]) -> Option<f64>;
    /// The lengths, for messages.
    fn lengths(&self) -> IxDyn;
    /// The row-major place of these among all numbers.
    fn row_major<const N: usize>(&self, places: [usize; N]) -> Option<usize>;
    /// How many numbers there are.
    fn count(&self) -> usize;
}

/// How many elements an array parameter has.
#[must_use]
#[inline]
pub fn elements_of<A: NumberArray + ?Sized>(array: &A) -> usize {
    array.count()
}

/// The row-major place among the numbers of an array of these lengths.
#[inline(always)]
fn row_major<const N: usize>(places: [usize; N], lengths: &[usize]) -> Option<usize> {
    if lengths.len() != N {
        return None;
    }
    let mut place = 0;
    for (at, n) in places.into_iter().zip(lengths) {
        if at >= *n {
            return None;
        }
        place = place * n + at;
    }
    Some(place)
}

impl<T: Numeric> NumberArray for [T] {
    #[inline]
    fn number_at<const N: usize>(&self, places: [usize; N]) -> Option<f64> {
        match places[..] {
            [at] => self.get(at).map(|x| x.number()),
            _ => None,
        }
    }

    fn lengths(&self) -> IxDyn {
        IxDyn(&[self.len()])
    }

    #[inline]
    fn row_major<const N: usize>(&self, places: [usize; N]) -> Option<usize> {
        row_major(places, &[self.len()])
    }

    #[inline]
    fn count(&self) -> usize {
        self.len()
    }
}

impl<T: Numeric> NumberArray for Vec<T> {
    #[inline]
    fn number_at<const N: usize>(&self, places: [usize; N]) -> Option<f64> {
        self.as_slice().number_at(places)
    }

    fn lengths(&self) -> IxDyn {
        IxDyn(&[self.len()])
    }

    #[inline]
    fn row_major<const N: usize>(&self, places: [usize; N]) -> Option<usize> {
        row_major(places, &[self.len()])
    }

    #[inline]
    fn count(&self) -> usize {
        self.len()
    }
}

impl<T: Numeric, const LENGTH: usize> NumberArray for [T; LENGTH] {
    #[inline]
    fn number_at<const N: usize>(&self, places: [usize; N]) -> Option<f64> {
        self.as_slice().number_at(places)
    }

    fn lengths(&self) -> IxDyn {
        IxDyn(&[LENGTH])
    }

    #[inline]
    fn row_major<const N: usize>(&self, places: [usize; N]) -> Option<usize> {
        row_major(places, &[LENGTH])
    }

    #[inline]
    fn count(&self) -> usize {
        LENGTH
    }
}

impl<T: Numeric, S: Data<Elem = T>, D: Dimension> NumberArray for ArrayBase<S, D> {
    #[inline]
    fn number_at<const N: usize>(&self, places: [usize; N]) -> Option<f64> {
        let place = row_major(places, self.shape())?;
        match self.as_slice() {
            Some(numbers) => numbers.get(place).map(|x| x.number()),
            None => number_of_view(self, places),
        }
    }

    fn lengths(&self) -> IxDyn {
        IxDyn(self.shape())
    }

    #[inline]
    fn row_major<const N: usize>(&self, places: [usize; N]) -> Option<usize> {
        row_major(places, self.shape())
    }

    #[inline]
    fn count(&self) -> usize {
        self.len()
    }
}

/// One of an array that does not lie row by row in memory.
#[cold]
fn number_of_view<T: Numeric, S: Data<Elem = T>, D: Dimension, const N: usize>(
    array: &ArrayBase<S, D>,
    places: [usize; N],
) -> Option<f64> {
    array.view().into_dyn().get(&places[..]).map(|x| x.number())
}

/// An index of an array.
#[derive(Clone, Copy, Debug)]
pub struct At {
    /// None for a number that is no place of any array.
    place: Option<usize>,
    /// For messages.
    number: f64,
}

/// A value as an index of an array: an integer is one as it is, without a way through floats.
#[inline(always)]
pub fn at<V: Numeric>(value: V) -> At {
    At { place: value.place(), number: value.number() }
}

/// `w[x, y]` of an array parameter, by number.
///
/// # Errors
/// [`Error::OutOfBounds`].
#[inline]
pub fn array_at<A: NumberArray + ?Sized, const N: usize>(
    model: &str,
    name: &str,
    array: &A,
    indices: [At; N],
) -> Result<f64, Fault> {
    let found = all_places(indices).and_then(|places| array.number_at(places));
    found.ok_or_else(|| outside_array(model, name, array, indices.map(|index| index.number)))
}

/// The row-major place of `w[x, y]` among the elements of an array parameter.
///
/// # Errors
/// [`Error::OutOfBounds`].
#[inline]
pub fn array_place<A: NumberArray + ?Sized, const N: usize>(
    model: &str,
    name: &str,
    array: &A,
    indices: [At; N],
) -> Result<usize, Fault> {
    let found = all_places(indices).and_then(|places| array.row_major(places));
    found.ok_or_else(|| outside_array(model, name, array, indices.map(|index| index.number)))
}

#[inline(always)]
fn all_places<const N: usize>(indices: [At; N]) -> Option<[usize; N]> {
    let mut places = [0; N];
    for (at, index) in places.iter_mut().zip(indices) {
        *at = index.place?;
    }
    Some(places)
}

#[cold]
fn outside_array<A: NumberArray + ?Sized, const N: usize>(
    model: &str,
    name: &str,
    array: &A,
    indices: [f64; N],
) -> Fault {
    let lengths: Vec<String> = array.lengths().slice().iter().map(ToString::to_string).collect();
    outside(model, name, &indices, lengths.join("×"))
}

/// `w[x, y]` of a table parameter, by typed key.
///
/// # Errors
/// [`Error::OutOfBounds`].
#[inline]
pub fn table_at(model: &str, name: &str, found: Option<f64>) -> Result<f64, Fault> {
    found.ok_or_else(|| outside_table(model, name))
}

#[cold]
fn outside_table(model: &str, name: &str) -> Fault {
    Error::OutOfBounds {
        model: model.into(),
        array: name.into(),
        index: "a key".into(),
        length: "the table".into(),
    }
    .into()
}

/// The row-major place of `w[x, y]` in a table parameter.
///
/// # Errors
/// [`Error::OutOfBounds`].
#[inline]
pub fn table_place(model: &str, name: &str, found: Option<usize>) -> Result<usize, Fault> {
    found.ok_or_else(|| outside_table(model, name))
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};

    use super::*;

    #[test]
    fn indices_are_places_or_none() {
        assert_eq!((at(3_u8).place, at(-1_i64).place, at(-1_i64).number), (Some(3), None, -1.0));
        assert_eq!((at(u64::MAX).place, at(true).place), (usize::try_from(u64::MAX).ok(), Some(1)));
        let floats = [2.0, 0.5, -1.0, f64::NAN, f64::INFINITY].map(|x| at(x).place);
        assert_eq!(floats, [Some(2), None, None, None, None]);
    }

    #[test]
    fn arrays_are_indexed_however_they_lie() {
        let rows: Array2<i32> = array![[1, 2, 3], [4, 5, 6]];
        let turned = rows.t();
        for (x, y) in (0..3_i32).flat_map(|x| (0..4).map(move |y| (x, y))) {
            let found = array_at("m", "w", &turned, [at(x), at(f64::from(y))]);
            let place = array_place("m", "w", &turned, [at(x), at(y)]);
            if y < 2 {
                assert_eq!(found.unwrap(), f64::from(1 + x + 3 * y));
                assert_eq!(place.unwrap(), (2 * x + y) as usize);
            } else {
                let outside = format!("{}", found.unwrap_err());
                assert!(outside.contains(&format!("{x}, {y}")) && outside.contains("3×2"), "{outside}");
                assert!(place.is_err());
            }
        }
        // One index too few, one too many.
        assert!(array_at("m", "w", &rows, [at(0)]).is_err());
        assert!(array_at("m", "w", &[1.0, 2.0][..], [at(0), at(0)]).is_err());
    }
}
