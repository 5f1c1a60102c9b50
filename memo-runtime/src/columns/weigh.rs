//! A row of weights `factor · exp(scale · exponent)`, and what it adds to the sums of the
//! columns.

use crate::elementary::{near_weights, steps_of_two, weight};
use crate::machine::{Arithmetic, LANES, load, on_this_machine};
use crate::rows::{PLAIN, is_near};

/// Where the factors or the exponents of a row are.
#[derive(Clone, Copy, Debug)]
pub enum Given<'r> {
    /// In the scratch space.
    Made,
    /// In a row of another table.
    Row(&'r [f64]),
    /// Where the weights belong.
    Held,
}

/// A row of weights to be made, with what it is made of.
#[derive(Debug)]
pub(super) struct Row<'r> {
    pub cells: &'r mut [f64],
    pub factors: &'r [f64],
    pub scale: f64,
    /// What the cells hold, where they are not given.
    pub exponents: Option<&'r [f64]>,
    /// Where these are saved.
    pub saved: &'r mut [f64],
    /// The sums of the columns, to which the weights are added.
    pub sums: &'r mut [f64],
}

/// What is seen of the weights of a row that are gone over, by lanes.
trait Seen: Copy {
    fn new() -> Self;
    /// Weights `factor · exp(scale · exponent)`.
    fn weigh<A: Arithmetic>(
        &mut self,
        factors: &[f64; LANES],
        scale: f64,
        exponents: &[f64; LANES],
    ) -> [f64; LANES];
    /// Whether nothing was seen that needs more care.
    fn is_fine<A: Arithmetic>(&self) -> bool;
}

/// The quick way: for weights whose exponential is within 2^±256, and whose factor is 0 or
/// one that loses nothing. Whether all are is seen when they are done, by what they have
/// in common: to look at each takes as long as to compute it.
#[derive(Clone, Copy)]
struct Quick {
    /// The bits of the least factor that is not 0, less one; of the largest; and of all
    /// powers of two that an exponential is a multiple of.
    least: [u64; LANES],
    most: [u64; LANES],
    powers: [u64; LANES],
}

impl Seen for Quick {
    #[inline(always)]
    fn new() -> Self {
        Self { least: [u64::MAX; LANES], most: [0; LANES], powers: [0; LANES] }
    }

    #[inline(always)]
    fn weigh<A: Arithmetic>(
        &mut self,
        factors: &[f64; LANES],
        scale: f64,
        exponents: &[f64; LANES],
    ) -> [f64; LANES] {
        let (weights, powers) = near_weights::<A>(factors, scale, exponents);
        for lane in 0..LANES {
            let bits = factors[lane].to_bits();
            self.least[lane] = self.least[lane].min(bits.wrapping_sub(1));
            self.most[lane] = self.most[lane].max(bits);
            self.powers[lane] |= powers[lane].wrapping_add(256 * steps_of_two::<A>());
        }
        weights
    }

    #[inline(always)]
    fn is_fine<A: Arithmetic>(&self) -> bool {
        // What is negative or no number has larger bits than any factor.
        let least = self.least.iter().fold(u64::MAX, |least, bits| least.min(*bits));
        let most = self.most.iter().fold(0, |most, bits| most.max(*bits));
        let powers = self.powers.iter().fold(0, |all, power| all | power);
        let near = powers < 512 * steps_of_two::<A>();
        least >= PLAIN.start().to_bits() - 1 && most <= PLAIN.end().to_bits() && near
    }
}

/// The way for all weights that are near.
#[derive(Clone, Copy)]
struct Careful {
    far: [u64; LANES],
}

impl Seen for Careful {
    #[inline(always)]
    fn new() -> Self {
        Self { far: [0; LANES] }
    }

    #[inline(always)]
    fn weigh<A: Arithmetic>(
        &mut self,
        factors: &[f64; LANES],
        scale: f64,
        exponents: &[f64; LANES],
    ) -> [f64; LANES] {
        let mut weights = [0.0; LANES];
        for lane in 0..LANES {
            let exponent = scale * exponents[lane];
            self.far[lane] |= u64::from(!is_near(factors[lane], exponent));
            weights[lane] = weight::<A>(factors[lane], exponent);
        }
        weights
    }

    #[inline(always)]
    fn is_fine<A: Arithmetic>(&self) -> bool {
        self.far.iter().fold(0, |any, far| any | far) == 0
    }
}

/// Goes over a row, which is no shorter than there are lanes.
#[inline(always)]
fn over_row<A: Arithmetic, S: Seen, const HELD: bool>(row: Row<'_>) -> bool {
    let Row { cells, factors, scale, exponents, saved, sums } = row;
    let count = cells.len();
    let (factors, sums) = (&factors[..count], &mut sums[..count]);
    let saved = if HELD { &mut saved[..count] } else { saved };
    let mut seen = S::new();
    // What does not fill all lanes is done with some that come before it, of which the
    // exponents are gone by then.
    let (start, rest) = (count - LANES, count % LANES);
    let held = load(exponents.map_or(&cells[start..], |exponents| &exponents[start..]));
    if HELD && rest > 0 {
        saved[start..].copy_from_slice(&held);
    }
    let last = load(&factors[start..]);
    let groups = factors.as_chunks::<LANES>().0;
    let (saved, exponents) =
        (saved.as_chunks_mut::<LANES>().0, exponents.unwrap_or(&[]).as_chunks::<LANES>().0);
    let saved = if HELD { &mut saved[..groups.len()] } else { saved };
    let exponents = if HELD { exponents } else { &exponents[..groups.len()] };
    let places = cells.as_chunks_mut::<LANES>().0.iter_mut().zip(sums.as_chunks_mut::<LANES>().0);
    for (at, (factors, (cells, sums))) in groups.iter().zip(places).enumerate() {
        let exponents = if HELD { *cells } else { exponents[at] };
        if HELD {
            saved[at] = exponents;
        }
        let weights = seen.weigh::<A>(factors, scale, &exponents);
        for lane in 0..LANES {
            sums[lane] += weights[lane];
        }
        *cells = weights;
    }
    if rest > 0 {
        let weights = seen.weigh::<A>(&last, scale, &held);
        cells[start..].copy_from_slice(&weights);
        let sums = &mut sums[start..];
        for lane in 0..LANES {
            sums[lane] += if lane < LANES - rest { 0.0 } else { weights[lane] };
        }
    }
    seen.is_fine::<A>()
}

#[inline(always)]
fn any_row<A: Arithmetic, S: Seen>(row: Row<'_>) -> bool {
    if row.exponents.is_some() { over_row::<A, S, false>(row) } else { over_row::<A, S, true>(row) }
}

#[inline(always)]
fn weigh<A: Arithmetic>(row: Row<'_>, quick: bool) -> bool {
    // Without a fused multiply-add there are hardly instructions for the quick way.
    if quick && A::FUSED { any_row::<A, Quick>(row) } else { any_row::<A, Careful>(row) }
}

/// Leaves weights in the cells and adds them to the sums; false where one is not near, or,
/// the quick way, is none that this is for.
#[allow(unsafe_code, reason = "functions for the machine's own instructions: 3 times as fast")]
pub(super) fn weigh_row(row: Row<'_>, quick: bool) -> bool {
    on_this_machine!(weigh(row: Row<'_>, quick: bool) -> bool)
}

/// Leaves weights in the cells, those that are given if any are, and adds them to the
/// sums; false where one is negative.
#[inline(always)]
fn add<A: Arithmetic>(cells: &mut [f64], given: Option<&[f64]>, sums: &mut [f64]) -> bool {
    let sums = &mut sums[..cells.len()];
    let mut negative = 0_u64;
    let mut add = |sum: &mut f64, weight: f64| {
        negative |= u64::from(weight < 0.0);
        *sum += weight;
    };
    match given {
        Some(given) => {
            let given = &given[..cells.len()];
            for at in 0..cells.len() {
                cells[at] = given[at];
                add(&mut sums[at], given[at]);
            }
        }
        None => cells.iter().zip(sums).for_each(|(weight, sum)| add(sum, *weight)),
    }
    negative == 0
}

#[allow(unsafe_code, reason = "functions for the machine's own instructions: twice as fast")]
pub(super) fn add_row(cells: &mut [f64], given: Option<&[f64]>, sums: &mut [f64]) -> bool {
    on_this_machine!(add(cells: &mut [f64], given: Option<&[f64]>, sums: &mut [f64]) -> bool)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::Fused;

    /// The weights of a row with the sums, which were 1, and whether all were fine.
    fn weighed<S: Seen>(factors: &[f64], exponents: &[f64], held: bool) -> (Vec<f64>, Vec<f64>, bool) {
        let mut cells = if held { exponents.to_vec() } else { vec![7.0; factors.len()] };
        let (mut saved, mut sums) = (vec![7.0; factors.len()], vec![1.0; factors.len()]);
        let exponents = (!held).then_some(exponents);
        let (given, scale) = (cells.clone(), 0.5);
        let row = Row { cells: &mut cells, factors, scale, exponents, saved: &mut saved, sums: &mut sums };
        let fine = any_row::<Fused, S>(row);
        let bits = |row: &[f64]| row.iter().map(|cell| cell.to_bits()).collect::<Vec<_>>();
        assert!(!held || bits(&saved) == bits(&given));
        (cells, sums, fine)
    }

    #[test]
    fn the_quick_way_finds_the_same() {
        for n in [16, 17, 31, 32, 100] {
            let mut factors: Vec<f64> = (0..n).map(|at| (at * 7 % 5) as f64 * 1e-3).collect();
            let mut exponents: Vec<f64> = (0..n).map(|at| ((at * 37 % 101) as f64 - 50.0) * 6.0).collect();
            for held in [false, true] {
                let (quick, sums, fine) = weighed::<Quick>(&factors, &exponents, held);
                let (careful, _, also_fine) = weighed::<Careful>(&factors, &exponents, held);
                assert!(fine && also_fine);
                for at in 0..n {
                    let exact = factors[at] * (0.5 * exponents[at]).exp();
                    assert!((quick[at] - exact).abs() <= 4.0 * f64::EPSILON * exact, "{} {exact}", quick[at]);
                    assert!((careful[at] - exact).abs() <= 4.0 * f64::EPSILON * exact);
                    assert_eq!(sums[at], 1.0 + quick[at]);
                }
            }
            // What the quick way is not for it tells, wherever that is; some of it is near.
            let far = [
                (1.0, 400.0, true),
                (1.0, -400.0, true),
                (1.0, f64::NEG_INFINITY, true),
                (0.0, f64::NAN, true),
                (-0.0, 0.0, true),
                (1.0, 700.0, false),
                (1.0, 1e300, false),
                (1.0, f64::INFINITY, false),
                (1.0, f64::NAN, false),
                (1e-200, 0.0, false),
                (1e200, 0.0, false),
                (5e-324, 0.0, false),
                (-1.0, 0.0, false),
                (f64::NAN, 0.0, false),
                (f64::INFINITY, 0.0, false),
            ];
            for at in [0, n / 2, n - 1] {
                for (factor, exponent, near) in far {
                    let kept = (factors[at], exponents[at]);
                    (factors[at], exponents[at]) = (factor, exponent);
                    assert!(!weighed::<Quick>(&factors, &exponents, true).2, "{factor} {exponent}");
                    assert_eq!(weighed::<Careful>(&factors, &exponents, true).2, near);
                    (factors[at], exponents[at]) = kept;
                }
            }
        }
    }
}
