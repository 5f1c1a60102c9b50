//! The likeliest worlds of a belief, exactly, without its joint table.
//!
//! The belief is a product of small tables. Bucket elimination (R. Dechter, *Bucket
//! elimination*, Artificial Intelligence 113, 1999) with maxima says how good the best
//! completion of a part of a world is, so that a search that always goes on from the
//! best part finds the worlds in the order of their mass; the same elimination with
//! sums says which share of all mass a world has. Both are done on numbers between 0
//! and 1, relative to the best and to the sum, so that nothing underflows.

use std::cmp::Ordering;
use std::collections::{BTreeSet, BinaryHeap};

/// How many numbers the tables of an elimination may hold in all.
const MOST_CELLS: usize = 4_000_000;

/// A table over some of the choices, the last of its scope varying fastest.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Factor {
    /// Choices by position, each once.
    pub(super) scope: Vec<usize>,
    pub(super) cells: Vec<f64>,
}

impl Factor {
    /// The number in a world, which gives a place for each choice of the scope.
    pub(super) fn at(&self, world: &[usize], lengths: &[usize]) -> f64 {
        self.cells[self.scope.iter().fold(0, |at, choice| at * lengths[*choice] + world[*choice])]
    }
}

/// A world: a place for each choice, and its share of the belief.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Found {
    pub(super) world: Vec<usize>,
    pub(super) share: f64,
}

/// Why there are no worlds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Without {
    /// All mass is zero.
    NoMass,
    /// The tables of the elimination would hold more numbers than may be.
    TooMany(u128),
}

/// The `n` worlds of the largest mass, the largest first; all that have mass, where
/// there are fewer. Among worlds of one mass it is not said which are found.
pub(super) fn likeliest(lengths: &[usize], factors: &[Factor], n: usize) -> Result<Vec<Found>, Without> {
    if factors.iter().any(|f| f.scope.is_empty() && f.cells[0] == 0.0) {
        return Err(Without::NoMass);
    }
    let order = order(lengths, factors)?;
    let best = Elimination::new(lengths, factors, &order, f64::max);
    let sums = Elimination::new(lengths, factors, &order, |a, b| a + b);
    if best.without_mass || sums.without_mass {
        return Err(Without::NoMass);
    }
    let mut found: Vec<Found> = best
        .search(n)
        .into_iter()
        .map(|world| {
            let share = (0..order.len()).map(|step| sums.share(step, &world)).product();
            Found { world, share }
        })
        .collect();
    found.sort_by(|a, b| b.share.total_cmp(&a.share).then_with(|| a.world.cmp(&b.world)));
    Ok(found)
}

/// In which order the choices are eliminated: each time the one whose table is the
/// smallest.
fn order(lengths: &[usize], factors: &[Factor]) -> Result<Vec<usize>, Without> {
    let mut neighbours: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); lengths.len()];
    for factor in factors {
        for a in &factor.scope {
            neighbours[*a].extend(factor.scope.iter().filter(|b| *b != a));
        }
    }
    let size = |choice: usize, near: &BTreeSet<usize>| {
        near.iter().fold(lengths[choice] as u128, |size, other| size.saturating_mul(lengths[*other] as u128))
    };
    let mut left: BTreeSet<usize> = (0..lengths.len()).collect();
    let (mut order, mut cells) = (Vec::new(), 0_u128);
    while let Some(next) = left.iter().copied().min_by_key(|choice| size(*choice, &neighbours[*choice])) {
        cells = cells.saturating_add(size(next, &neighbours[next]));
        left.remove(&next);
        let near = std::mem::take(&mut neighbours[next]);
        for a in &near {
            neighbours[*a].extend(near.iter().filter(|b| *b != a));
            neighbours[*a].remove(&next);
        }
        order.push(next);
    }
    if cells > MOST_CELLS as u128 { Err(Without::TooMany(cells)) } else { Ok(order) }
}

/// What is left of a belief when its choices are eliminated one by one.
struct Elimination<'b> {
    lengths: &'b [usize],
    /// Choices in the order in which they go.
    order: &'b [usize],
    /// For each of them, the product of all tables that it stands in by then, the
    /// choice itself last.
    products: Vec<Factor>,
    /// What is left of that without it.
    messages: Vec<Factor>,
    without_mass: bool,
}

impl<'b> Elimination<'b> {
    fn new(
        lengths: &'b [usize],
        factors: &[Factor],
        order: &'b [usize],
        combine: fn(f64, f64) -> f64,
    ) -> Self {
        let mut tables: Vec<Factor> = factors.to_vec();
        let mut found =
            Self { lengths, order, products: Vec::new(), messages: Vec::new(), without_mass: false };
        for choice in order {
            let (mine, others): (Vec<Factor>, Vec<Factor>) =
                tables.into_iter().partition(|table| table.scope.contains(choice));
            tables = others;
            let near: BTreeSet<usize> = mine.iter().flat_map(|f| f.scope.iter().copied()).collect();
            let mut scope: Vec<usize> = near.into_iter().filter(|other| other != choice).collect();
            scope.push(*choice);
            let mut product = product(lengths, &scope, &mine);
            // Only how the numbers compare counts: the largest is 1.
            let largest = product.cells.iter().copied().fold(0.0, f64::max);
            found.without_mass |= largest == 0.0;
            if largest > 0.0 {
                product.cells.iter_mut().for_each(|cell| *cell /= largest);
            }
            scope.pop();
            let rows = product.cells.chunks_exact(lengths[*choice]);
            let cells = rows.map(|row| row.iter().copied().fold(0.0, combine)).collect();
            let message = Factor { scope, cells };
            tables.push(message.clone());
            found.products.push(product);
            found.messages.push(message);
        }
        found
    }

    /// Of all that is left at a step, how much has the value that the world gives to
    /// the choice: what comes later in the order is given.
    fn share(&self, step: usize, world: &[usize]) -> f64 {
        let whole = self.messages[step].at(world, self.lengths);
        if whole == 0.0 { 0.0 } else { self.products[step].at(world, self.lengths) / whole }
    }

    /// The best worlds, the choices that go last decided first.
    fn search(&self, n: usize) -> Vec<Vec<usize>> {
        // Which place was taken at a step, and after which part of a world.
        let mut parts: Vec<(usize, Option<usize>)> = Vec::new();
        let mut heap = BinaryHeap::from([Part { mass: 1.0, left: self.order.len(), at: None }]);
        let mut found = Vec::new();
        let mut world = vec![0; self.lengths.len()];
        while found.len() < n
            && let Some(part) = heap.pop()
        {
            let mut up = part.at;
            for step in part.left..self.order.len() {
                let Some(at) = up else { break };
                let (place, before) = parts[at];
                world[self.order[step]] = place;
                up = before;
            }
            let Some(step) = part.left.checked_sub(1) else {
                found.push(world.clone());
                continue;
            };
            for place in 0..self.lengths[self.order[step]] {
                world[self.order[step]] = place;
                let mass = part.mass * self.share(step, &world);
                if mass > 0.0 {
                    parts.push((place, part.at));
                    heap.push(Part { mass, left: step, at: Some(parts.len() - 1) });
                }
            }
        }
        found
    }
}

/// The product of tables over a scope.
fn product(lengths: &[usize], scope: &[usize], tables: &[Factor]) -> Factor {
    let count = scope.iter().map(|choice| lengths[*choice]).product();
    let mut world = vec![0; lengths.len()];
    let mut cells = Vec::with_capacity(count);
    for _ in 0..count {
        cells.push(tables.iter().map(|table| table.at(&world, lengths)).product());
        for choice in scope.iter().rev() {
            world[*choice] += 1;
            if world[*choice] < lengths[*choice] {
                break;
            }
            world[*choice] = 0;
        }
    }
    Factor { scope: scope.to_vec(), cells }
}

/// Part of a world: the mass of its best completion, relative to the best world.
struct Part {
    mass: f64,
    /// How many choices are open.
    left: usize,
    at: Option<usize>,
}

impl Ord for Part {
    /// The heaviest first, then whole worlds before parts, then what was found first.
    fn cmp(&self, other: &Self) -> Ordering {
        let mass = self.mass.total_cmp(&other.mass);
        mass.then_with(|| other.left.cmp(&self.left)).then_with(|| other.at.cmp(&self.at))
    }
}

impl PartialOrd for Part {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Part {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Part {}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers from a linear congruential generator (Knuth's MMIX).
    fn random(state: &mut u64) -> f64 {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*state >> 33) as f64 / (1_u64 << 31) as f64
    }

    /// All worlds and their masses, enumerated.
    fn enumerated(lengths: &[usize], factors: &[Factor]) -> Vec<(f64, Vec<usize>)> {
        let scope: Vec<usize> = (0..lengths.len()).collect();
        let joint = product(lengths, &scope, factors);
        let mut worlds: Vec<(f64, Vec<usize>)> = Vec::new();
        for (cell, mass) in joint.cells.iter().enumerate() {
            let mut rest = cell;
            let mut world = vec![0; lengths.len()];
            for choice in scope.iter().rev() {
                world[*choice] = rest % lengths[*choice];
                rest /= lengths[*choice];
            }
            worlds.push((*mass, world));
        }
        worlds.sort_by(|a, b| b.0.total_cmp(&a.0));
        worlds
    }

    #[test]
    fn random_beliefs_agree_with_enumeration() {
        let mut state = 1;
        for case in 0..300 {
            let lengths: Vec<usize> =
                (0..1 + case % 5).map(|_| 1 + (random(&mut state) * 4.0) as usize).collect();
            let factors: Vec<Factor> = (0..1 + case % 4)
                .map(|_| {
                    let scope: Vec<usize> = (0..lengths.len()).filter(|_| random(&mut state) < 0.5).collect();
                    let count = scope.iter().map(|choice| lengths[*choice]).product();
                    // Now and then a zero, as where something cannot be.
                    let cells = (0..count)
                        .map(|_| if random(&mut state) < 0.2 { 0.0 } else { random(&mut state) })
                        .collect();
                    Factor { scope, cells }
                })
                .collect();
            let all = enumerated(&lengths, &factors);
            let total: f64 = all.iter().map(|(mass, _)| mass).sum();
            let n = 1 + case % 7;
            match likeliest(&lengths, &factors, n) {
                Err(without) => assert_eq!((without, total), (Without::NoMass, 0.0)),
                Ok(found) => {
                    let possible = all.iter().filter(|(mass, _)| *mass > 0.0).count();
                    assert_eq!(found.len(), n.min(possible));
                    for (found, (mass, _)) in found.iter().zip(&all) {
                        assert!((found.share - mass / total).abs() < 1e-12, "{found:?} {}", mass / total);
                        let own = all.iter().find(|(_, world)| *world == found.world);
                        let own = own.unwrap_or_else(|| panic!("{found:?} is no world")).0;
                        assert!((own - mass).abs() < 1e-12 * total);
                    }
                }
            }
        }
    }

    /// A chain of 2000 choices of 4 values, 4^2000 worlds: each is what the one before
    /// it is with 0.7, else one of the others.
    #[test]
    fn a_long_chain_needs_no_joint_table() {
        let lengths = vec![4; 2000];
        let first = Factor { scope: vec![0], cells: vec![0.4, 0.3, 0.2, 0.1] };
        let cells: Vec<f64> = (0..16).map(|at| if at / 4 == at % 4 { 0.7 } else { 0.1 }).collect();
        let mut factors = vec![first];
        factors.extend((1..2000).map(|at| Factor { scope: vec![at - 1, at], cells: cells.clone() }));
        let found = likeliest(&lengths, &factors, 3).unwrap_or_else(|_| panic!("there is mass"));
        let worlds: Vec<&[usize]> = found.iter().map(|found| found.world.as_slice()).collect();
        assert_eq!(worlds, [vec![0; 2000], vec![1; 2000], vec![2; 2000]]);
        // 0.4 · 0.7^1999 is below the smallest number but not below zero.
        assert!((found[1].share / found[0].share - 0.75).abs() < 1e-9);
    }

    #[test]
    fn certain_worlds_are_exactly_certain() {
        let factors = [
            Factor { scope: vec![0], cells: vec![0.1, 0.9] },
            Factor { scope: vec![0, 1], cells: vec![0.0, 0.0, 0.3, 0.0] },
        ];
        let found = likeliest(&[2, 2], &factors, 5).unwrap_or_else(|_| panic!("there is mass"));
        assert_eq!(found, [Found { world: vec![1, 0], share: 1.0 }]);
        // No choices at all: one world.
        assert_eq!(likeliest(&[], &[], 5), Ok(vec![Found { world: vec![], share: 1.0 }]));
    }

    #[test]
    fn entangled_choices_are_refused() {
        let scope: Vec<usize> = (0..12).collect();
        let factors: Vec<Factor> = scope
            .iter()
            .flat_map(|a| {
                scope
                    .iter()
                    .filter(move |b| a < *b)
                    .map(move |b| Factor { scope: vec![*a, *b], cells: vec![1.0; 16] })
            })
            .collect();
        assert!(
            matches!(likeliest(&[4; 12], &factors, 5), Err(Without::TooMany(cells)) if cells > 16_000_000)
        );
    }
}
