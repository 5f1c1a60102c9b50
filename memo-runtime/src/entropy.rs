//! Entropies of rows, most of which are short.

use crate::elementary::{ln_of_parts, split};
use crate::kernel::is_whole;
use crate::machine::{Arithmetic, add_up, on_this_machine};

/// So many masses are worked on at a time.
const GROUP: usize = 8;

/// How many masses are looked at together for what cannot be.
const BLOCK: usize = 64;

/// `-Σ p ln p` of masses divided by `scale`, or by their sum when it is
/// `None` or no mass is missing; 0 where there is no mass.
#[must_use]
pub fn entropy(masses: &[f64], scale: Option<f64>) -> f64 {
    let own = || masses.iter().sum::<f64>();
    let Some(scale) = scale else { return entropy_over(masses, own()) };
    let found = entropy_over(masses, scale);
    // Next to nothing it may be rounding: what is certain has none.
    if found != 0.0 && found.abs() < 1e-9 && is_whole(own(), scale) {
        return entropy_over(masses, own());
    }
    found
}

fn entropy_over(masses: &[f64], scale: f64) -> f64 {
    if scale == 0.0 || masses.is_empty() {
        return 0.0;
    }
    // -1·ln 1 is -0.
    let plus = |total: f64| total + 0.0;
    if masses.len() <= BLOCK {
        return plus(-p_ln_p(masses, scale));
    }
    let mut total = 0.0;
    // What cannot be adds nothing: where that is most of a block, what is left is
    // put together with that of others.
    let (mut pending, mut count) = ([0.0; 2 * BLOCK], 0);
    for block in masses.chunks(BLOCK) {
        let zeros = block.iter().filter(|mass| **mass == 0.0).count();
        if 2 * zeros < block.len() {
            total -= p_ln_p(block, scale);
        } else if zeros < block.len() {
            for mass in block {
                pending[count] = *mass;
                count += usize::from(*mass != 0.0);
            }
            if count >= BLOCK {
                total -= p_ln_p(&pending[..BLOCK], scale);
                pending.copy_within(BLOCK.., 0);
                count -= BLOCK;
            }
        }
    }
    plus(total - p_ln_p(&pending[..count], scale))
}

/// `Σ p ln p` of masses divided by `scale`.
#[allow(unsafe_code, reason = "functions for the machine's own instructions: short rows in half the time")]
#[inline]
fn p_ln_p(masses: &[f64], scale: f64) -> f64 {
    if masses.len() < GROUP / 2 {
        let chances = masses.iter().map(|mass| mass / scale);
        return chances.map(|p| if p > 0.0 { p * p.ln() } else { p * 0.0 }).sum();
    }
    if scale == 1.0 {
        return on_this_machine!(of_chances(masses: &[f64]) -> f64);
    }
    on_this_machine!(of_masses(masses: &[f64], scale: f64) -> f64)
}

#[inline(always)]
fn of_chances<A: Arithmetic>(masses: &[f64]) -> f64 {
    sum_of_p_ln_p::<A, false>(masses, 1.0)
}

#[inline(always)]
fn of_masses<A: Arithmetic>(masses: &[f64], scale: f64) -> f64 {
    sum_of_p_ln_p::<A, true>(masses, scale)
}

#[inline(always)]
fn sum_of_p_ln_p<A: Arithmetic, const DIVIDES: bool>(masses: &[f64], scale: f64) -> f64 {
    // One for each place in a group.
    let mut sums = [0.0; GROUP];
    let mut at = 0;
    while at < masses.len() {
        let rest = masses.len() - at;
        let mut group = [0.0; GROUP];
        if rest >= GROUP {
            group.copy_from_slice(&masses[at..at + GROUP]);
        } else if at > 0 {
            // Those of the group before are left out.
            group.copy_from_slice(&masses[masses.len() - GROUP..]);
            for (lane, mass) in group.iter_mut().enumerate() {
                *mass = if lane < GROUP - rest { 0.0 } else { *mass };
            }
        } else {
            group[..rest].copy_from_slice(masses);
        }
        for lane in 0..GROUP {
            let chance = if DIVIDES { group[lane] / scale } else { group[lane] };
            // What cannot be adds nothing, as does what is certain; what is no normal number
            // adds less than 1e-304.
            let (k, m) = split(if chance >= f64::MIN_POSITIVE { chance } else { 1.0 });
            sums[lane] += chance * ln_of_parts::<A>(k, m);
        }
        at += GROUP;
    }
    add_up(sums)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_add_nothing_to_an_entropy() {
        let chances: Vec<f64> = (1..=150).map(|i| f64::from(i) / 11_325.0).collect();
        let plain = -chances.iter().map(|p| p * p.ln()).sum::<f64>();
        // One in so many is not 0.
        for step in [1, 2, 3, 10, 70] {
            let mut masses = vec![0.0; step * chances.len()];
            masses.iter_mut().step_by(step).zip(&chances).for_each(|(mass, p)| *mass = 3.0 * p);
            for scale in [None, Some(3.0)] {
                let found = entropy(&masses, scale);
                assert!((found - plain).abs() < 1e-13, "{step}: {found}, {plain}");
            }
            masses[0] = f64::NAN;
            assert!(entropy(&masses, Some(1.0)).is_nan());
        }
        assert_eq!((entropy(&[0.0; 100], None), entropy(&[0.0; 100], Some(1.0))), (0.0, 0.0));
    }

    /// Rows that fill no group of numbers, or some and a part of one, with and without 0s
    /// among them.
    #[test]
    fn entropies_of_short_rows() {
        for count in 0..40 {
            let masses: Vec<f64> = (0..count).map(|at| f64::from(at * 7 % 5)).collect();
            let total: f64 = masses.iter().sum();
            let chances: Vec<f64> = masses.iter().map(|mass| mass / total.max(1.0)).collect();
            let terms = chances.iter().filter(|p| **p > 0.0).map(|p| -p * p.ln());
            let plain: f64 = terms.sum::<f64>() + 0.0;
            for found in [entropy(&masses, None), entropy(&masses, Some(total)), entropy(&chances, Some(1.0))]
            {
                assert!((found - plain).abs() < 1e-14, "{count}: {found}, {plain}");
                assert!(found.is_sign_positive());
            }
        }
        for count in 1..20 {
            let infinite = vec![f64::INFINITY; count];
            assert_eq!(entropy(&infinite, Some(1.0)), f64::NEG_INFINITY);
        }
    }
}
