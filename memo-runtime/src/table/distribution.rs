//! A table as a distribution over its cells.

use rand::Rng;

use super::labelled::LabelledArray;
use super::{Axes, Table, places};

/// The places of the `n` largest numbers, largest first.
fn largest(name: &str, values: &[f64], n: usize) -> Vec<usize> {
    assert!(!values.iter().any(|x| x.is_nan()), "the table `{name}` has a number that is NaN");
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*b].total_cmp(&values[*a]));
    order.truncate(n);
    order
}

/// The place of the largest number that is no NaN, the first of several.
pub(super) fn argmax(name: &str, values: &[f64]) -> usize {
    let numbers = values.iter().enumerate().filter(|(_, value)| !value.is_nan());
    let best = numbers.reduce(|best, next| if next.1 > best.1 { next } else { best });
    match best {
        Some((place, _)) => place,
        None => panic!("the table of `{name}` holds no number to be the largest"),
    }
}

/// The sum of the numbers, which are all to be weights.
fn mass(name: &str, values: &[f64]) -> f64 {
    let sound = values.iter().all(|x| *x >= 0.0 && x.is_finite());
    let total: f64 = values.iter().sum();
    assert!(
        sound && total > 0.0 && total.is_finite(),
        "the table `{name}` is no distribution: its numbers are negative, not finite or all 0"
    );
    total
}

/// The divergence of some numbers from others, both divided by their sums.
fn divergence(names: [&str; 2], of: &[f64], from: &[f64]) -> f64 {
    let shares = |name: &str, values: &[f64]| -> Vec<f64> {
        let total = mass(name, values);
        values.iter().map(|x| x / total).collect()
    };
    crate::kernel::divergence(&shares(names[0], of), &shares(names[1], from))
}

/// The sums of the numbers up to and with each cell.
fn cumulative(name: &str, values: &[f64]) -> Vec<f64> {
    let sound = values.iter().all(|p| *p >= 0.0 && p.is_finite());
    let sums = values.iter().scan(0.0, |sum, p| {
        *sum += p;
        Some(*sum)
    });
    let sums: Vec<f64> = sums.collect();
    let total = sums.last().copied().unwrap_or_default();
    assert!(sound && total > 0.0, "the table of `{name}` is no distribution to sample from");
    sums
}

/// The first cell whose sum is beyond a random part of the total.
fn draw<R: Rng + ?Sized>(cumulative: &[f64], rng: &mut R) -> usize {
    let total = cumulative.last().copied().unwrap_or_default();
    let part = rng.random::<f64>() * total;
    let cell = cumulative.partition_point(|sum| *sum <= part);
    // Rounding may make the part the total: then it is the last with a chance.
    cell.min(cumulative.partition_point(|sum| *sum < total))
}

impl<A: Axes> Table<A> {
    /// The `n` largest numbers with their keys, largest first; of equal ones the
    /// first in row-major order comes first.
    ///
    /// ```
    /// # use memo_runtime::{Bool, LabelledArray, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// // p(false, 0) = 0.5, p(false, 1) = 0, p(true, 0) = 0.125, p(true, 1) = 0.375
    /// assert_eq!(t.top(2), [((false, 0), 0.5), ((true, 1), 0.375)]);
    /// # Ok::<(), ReadError>(())
    /// ```
    ///
    /// # Panics
    /// When a number is NaN.
    #[must_use]
    pub fn top(&self, n: usize) -> Vec<(A::Key, f64)> {
        let cells = largest(self.name(), self.values(), n);
        cells.into_iter().map(|cell| (self.axes.key(cell), self.values()[cell])).collect()
    }

    /// The key of the largest number, the first of several.
    ///
    /// # Panics
    /// When all numbers are NaN.
    #[must_use]
    pub fn argmax(&self) -> A::Key {
        self.axes.key(argmax(self.name(), self.values()))
    }

    /// A key drawn at random, with chances proportional to the numbers.
    ///
    /// ```
    /// # use memo_runtime::{Bool, LabelledArray, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// // p(false, 0) = 0.5, p(false, 1) = 0, p(true, 0) = 0.125, p(true, 1) = 0.375
    /// use rand::{SeedableRng, rngs::SmallRng};
    ///
    /// let (rain, n) = t.sample(&mut SmallRng::seed_from_u64(1));
    /// assert!(t[(rain, n)] > 0.0);
    /// # Ok::<(), ReadError>(())
    /// ```
    ///
    /// # Panics
    /// When the numbers are no distribution: negative, not finite or all 0.
    pub fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> A::Key {
        self.axes.key(draw(&cumulative(self.name(), self.values()), rng))
    }

    /// `n` keys drawn at random and independently, with chances proportional to the
    /// numbers.
    ///
    /// ```
    /// # use memo_runtime::{Bool, LabelledArray, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// // p(false, 0) = 0.5, p(false, 1) = 0, p(true, 0) = 0.125, p(true, 1) = 0.375
    /// use rand::{SeedableRng, rngs::SmallRng};
    ///
    /// let drawn = t.samples(&mut SmallRng::seed_from_u64(1), 10_000);
    /// let dry = drawn.iter().filter(|(rain, _)| !rain).count();
    /// assert!((4_800..5_200).contains(&dry));
    /// # Ok::<(), ReadError>(())
    /// ```
    ///
    /// # Panics
    /// When the numbers are no distribution: negative, not finite or all 0.
    pub fn samples<R: Rng + ?Sized>(&self, rng: &mut R, n: usize) -> Vec<A::Key> {
        let cumulative = cumulative(self.name(), self.values());
        (0..n).map(|_| self.axes.key(draw(&cumulative, rng))).collect()
    }

    /// The mean of a function of the key, weighted by the numbers: `Σ p f / Σ p`.
    ///
    /// ```
    /// # use memo_runtime::{Bool, LabelledArray, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// // p(false, 0) = 0.5, p(false, 1) = 0, p(true, 0) = 0.125, p(true, 1) = 0.375
    /// assert_eq!(t.expectation(|(_, n)| n as f64), 0.375);
    /// # Ok::<(), ReadError>(())
    /// ```
    ///
    /// # Panics
    /// When the numbers are no distribution: negative, not finite or all 0.
    #[must_use]
    pub fn expectation(&self, mut f: impl FnMut(A::Key) -> f64) -> f64 {
        let total = mass(self.name(), self.values());
        // What has no mass is not asked for.
        let terms = self.iter().filter(|(_, p)| *p > 0.0).map(|(key, p)| p / total * f(key));
        terms.sum()
    }

    /// The entropy of the cells, in nats: `-Σ p ln p`, of the numbers divided by
    /// their sum.
    ///
    /// ```
    /// # use memo_runtime::{Bool, ReadError, Table};
    /// # let file = "rain,p\nfalse,0.75\ntrue,0.25\n";
    /// # let rain = Table::from_csv("p", &["rain"], (Bool,), file.as_bytes())?;
    /// // p(false) = 0.75, p(true) = 0.25
    /// let exact = -(0.75 * 0.75_f64.ln() + 0.25 * 0.25_f64.ln());
    /// assert!((rain.entropy() - exact).abs() < 1e-15);
    /// # Ok::<(), ReadError>(())
    /// ```
    ///
    /// # Panics
    /// When the numbers are no distribution: negative, not finite or all 0.
    #[must_use]
    pub fn entropy(&self) -> f64 {
        crate::entropy::entropy(self.values(), Some(mass(self.name(), self.values())))
    }

    /// The divergence of this table from another over the same axes, in nats
    /// (Kullback & Leibler 1951): `Σ p (ln p − ln q)`, both divided by their sums;
    /// `+∞` where the other excludes what this one allows.
    ///
    /// ```
    /// # use memo_runtime::{Bool, ReadError, Table};
    /// # let file = "rain,p\nfalse,0.75\ntrue,0.25\n";
    /// # let rain = Table::from_csv("p", &["rain"], (Bool,), file.as_bytes())?;
    /// // p(false) = 0.75, p(true) = 0.25
    /// let file = "rain,p\nfalse,0.5\ntrue,0.5\n";
    /// let other = Table::from_csv("p", &["rain"], (Bool,), file.as_bytes())?;
    /// let exact = 0.75 * (0.75_f64 / 0.5).ln() + 0.25 * (0.25_f64 / 0.5).ln();
    /// assert!((rain.kl(&other) - exact).abs() < 1e-15);
    /// # Ok::<(), ReadError>(())
    /// ```
    ///
    /// # Panics
    /// When the axes differ, or the numbers of one are no distribution.
    #[must_use]
    pub fn kl(&self, other: &Self) -> f64 {
        let names = [self.name(), other.name()];
        assert!(self.axes == other.axes, "`{}` and `{}` are over different domains", names[0], names[1]);
        divergence(names, self.values(), other.values())
    }

    /// The same table with a function of each number in its place.
    ///
    /// ```
    /// # use memo_runtime::{Bool, ReadError, Table};
    /// # let file = "rain,p\nfalse,0.75\ntrue,0.25\n";
    /// # let rain = Table::from_csv("p", &["rain"], (Bool,), file.as_bytes())?;
    /// // p(false) = 0.75, p(true) = 0.25
    /// assert_eq!(rain.map(|p| 100.0 * p).values(), [75.0, 25.0]);
    /// # Ok::<(), ReadError>(())
    /// ```
    #[must_use]
    pub fn map(&self, f: impl FnMut(f64) -> f64) -> LabelledArray {
        self.to_labelled().map(f)
    }

    /// What is left where an axis has the given value, divided by its sum: the
    /// distribution of the others given that one.
    ///
    /// ```
    /// # use memo_runtime::{Bool, LabelledArray, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// // p(false, 0) = 0.5, p(false, 1) = 0, p(true, 0) = 0.125, p(true, 1) = 0.375
    /// assert_eq!(t.condition("rain", true).values(), [0.25, 0.75]);
    /// # Ok::<(), ReadError>(())
    /// ```
    ///
    /// # Panics
    /// When there is no axis of that name, the value is not in its domain, or
    /// nothing is left.
    #[must_use]
    pub fn condition<V: 'static>(&self, axis: &str, value: V) -> LabelledArray {
        self.select(axis, value).shares(axis)
    }
}

/// The same for labelled arrays, whose keys are labels.
impl LabelledArray {
    /// The labels of a cell.
    fn key(&self, cell: usize) -> Vec<&str> {
        let at = places(cell, &self.shape());
        self.axes.iter().zip(at).map(|(axis, at)| axis.labels[at].as_str()).collect()
    }

    /// The `n` largest numbers with their labels, largest first: see [`Table::top`].
    ///
    /// # Panics
    /// When a number is NaN.
    #[must_use]
    pub fn top(&self, n: usize) -> Vec<(Vec<&str>, f64)> {
        let cells = largest(&self.name, &self.data, n);
        cells.into_iter().map(|cell| (self.key(cell), self.data[cell])).collect()
    }

    /// The labels of the largest number, the first of several.
    ///
    /// # Panics
    /// When all numbers are NaN.
    #[must_use]
    pub fn argmax(&self) -> Vec<&str> {
        self.key(argmax(&self.name, &self.data))
    }

    /// Labels drawn at random, with chances proportional to the numbers.
    ///
    /// # Panics
    /// When the numbers are no distribution: negative, not finite or all 0.
    pub fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> Vec<&str> {
        self.key(draw(&cumulative(&self.name, &self.data), rng))
    }

    /// `n` times labels drawn at random and independently.
    ///
    /// # Panics
    /// When the numbers are no distribution: negative, not finite or all 0.
    pub fn samples<R: Rng + ?Sized>(&self, rng: &mut R, n: usize) -> Vec<Vec<&str>> {
        let cumulative = cumulative(&self.name, &self.data);
        (0..n).map(|_| self.key(draw(&cumulative, rng))).collect()
    }

    /// The mean of a function of the labels, weighted by the numbers: see
    /// [`Table::expectation`].
    ///
    /// # Panics
    /// When the numbers are no distribution: negative, not finite or all 0.
    #[must_use]
    pub fn expectation(&self, mut f: impl FnMut(&[&str]) -> f64) -> f64 {
        let total = mass(&self.name, &self.data);
        let cells = self.data.iter().enumerate().filter(|(_, p)| **p > 0.0);
        cells.map(|(cell, p)| p / total * f(&self.key(cell))).sum()
    }

    /// The entropy of the cells, in nats: see [`Table::entropy`].
    ///
    /// # Panics
    /// When the numbers are no distribution: negative, not finite or all 0.
    #[must_use]
    pub fn entropy(&self) -> f64 {
        crate::entropy::entropy(&self.data, Some(mass(&self.name, &self.data)))
    }

    /// The divergence of this array from another over the same axes, in nats: see
    /// [`Table::kl`].
    ///
    /// # Panics
    /// When the axes differ, or the numbers of one are no distribution.
    #[must_use]
    pub fn kl(&self, other: &Self) -> f64 {
        let names = [self.name.as_str(), other.name.as_str()];
        let axes = self.axes.iter().zip(&other.axes);
        let same = self.axes.len() == other.axes.len()
            && axes.into_iter().all(|(a, b)| a.name == b.name && a.labels == b.labels);
        assert!(same, "`{}` and `{}` are over different axes", names[0], names[1]);
        divergence(names, &self.data, &other.data)
    }

    /// The same array with a function of each number in its place.
    #[must_use]
    pub fn map(mut self, mut f: impl FnMut(f64) -> f64) -> Self {
        self.data.iter_mut().for_each(|x| *x = f(*x));
        self
    }

    /// What is left where an axis has the value of a label, divided by its sum.
    ///
    /// # Panics
    /// When there is no such axis or label, or nothing is left.
    #[must_use]
    pub fn condition(&self, axis: &str, label: &str) -> Self {
        self.select(axis, label).shares(axis)
    }

    fn shares(self, axis: &str) -> Self {
        let total: f64 = self.data.iter().sum();
        assert!(total > 0.0, "in the table `{}` nothing is left where `{axis}` has this value", self.name);
        self.map(|x| x / total)
    }
}
