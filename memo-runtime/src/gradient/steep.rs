//! Infinite derivatives that do not count in the end.
//!
//! A root has an infinite derivative at 0. Where what stands under it is 0 and stays so, as
//! the chance of what is impossible does, that derivative is multiplied with nothing in the
//! end: but on the way back it has met zeros, and others of its like, by then, and is no
//! number any more. So where a derivative comes out that is no number, the way is gone
//! twice more, with two numbers in the place of the infinite derivatives. What is the same
//! both times is the derivative; what is not, is infinite.

use std::ops::DerefMut;

use super::bars::Bar;

/// What stands for infinite derivatives, one time and the other: all of them count for
/// nothing, or for something that does not go up in others.
pub(super) const INSTEAD: [f64; 2] = [0.0, 0.732_050_807_568_877_2];

/// A derivative; `instead` stands for an infinite one.
#[must_use]
#[inline(always)]
pub fn steep(slope: f64, instead: f64) -> f64 {
    if slope == f64::INFINITY {
        instead
    } else if slope == f64::NEG_INFINITY {
        -instead
    } else {
        slope
    }
}

/// Goes a way, and if it comes to what is no number, twice more; what it comes to are
/// several lists.
pub(super) fn settled<N: Bar, L: DerefMut<Target = [N]> + Into<Vec<N>>, E>(
    mut go: impl FnMut(f64) -> Result<Vec<L>, E>,
) -> Result<Vec<L>, E> {
    let mut found = go(f64::INFINITY)?;
    if !found.iter().any(|numbers| N::any_is_nan(numbers)) {
        return Ok(found);
    }
    let [nothing, something] = INSTEAD;
    let (nothing, something) = (go(nothing)?, go(something)?);
    for (list, (nothing, something)) in found.iter_mut().zip(nothing.iter().zip(&something)) {
        for (number, (nothing, something)) in list.iter_mut().zip(nothing.iter().zip(something.iter())) {
            *number = number.settled(*nothing, *something);
        }
    }
    [nothing, something].into_iter().flatten().for_each(|list| N::take_back(list.into()));
    Ok(found)
}

/// What a number is that came to something else with nothing and with something in the
/// place of infinite derivatives.
pub(super) fn settled_number(number: f64, nothing: f64, something: f64) -> f64 {
    let counts = something - nothing;
    // Two that cancel each other leave rounding.
    let rounding = 1e-12 * nothing.abs().max(something.abs()).max(1.0);
    if !number.is_nan() {
        number
    } else if counts.abs() <= rounding {
        nothing
    } else {
        counts * f64::INFINITY
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::real::times;

    /// Two roots of 0 and a number: the roots count this much.
    fn way(a: f64, b: f64) -> impl FnMut(f64) -> Result<Vec<Vec<f64>>, ()> {
        move |instead| {
            let slope = steep(f64::INFINITY, instead);
            Ok(vec![vec![3.0 + (a * slope + b * slope), times(a, slope)]])
        }
    }

    #[test]
    fn what_counts_for_nothing_in_the_end() {
        assert_eq!(settled(way(1.0, -1.0)), Ok(vec![vec![3.0, f64::INFINITY]]));
        assert_eq!(settled(way(0.0, 0.0)), Ok(vec![vec![3.0, 0.0]]));
        assert_eq!(settled(way(0.0, -0.5)), Ok(vec![vec![f64::NEG_INFINITY, 0.0]]));
        // What is no number in any case stays so.
        assert!(settled::<f64, Vec<f64>, ()>(|_| Ok(vec![vec![f64::NAN]])).unwrap()[0][0].is_nan());
        assert_eq!(settled::<f64, Vec<f64>, ()>(|_| Err(())), Err(()));
    }
}
