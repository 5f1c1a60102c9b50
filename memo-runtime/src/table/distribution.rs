//! A table as a distribution over its cells.

use super::labelled::LabelledArray;
use super::{Axes, Table};

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
        let mut order: Vec<usize> = (0..self.len()).collect();
        let values = self.values();
        assert!(!values.iter().any(|x| x.is_nan()), "the table `{}` has a number that is NaN", self.name());
        order.sort_by(|a, b| values[*b].total_cmp(&values[*a]));
        order.into_iter().take(n).map(|cell| (self.axes.key(cell), values[cell])).collect()
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
    pub fn sample<R: rand::Rng + ?Sized>(&self, rng: &mut R) -> A::Key {
        self.draw(&self.cumulative(), rng)
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
    pub fn samples<R: rand::Rng + ?Sized>(&self, rng: &mut R, n: usize) -> Vec<A::Key> {
        let cumulative = self.cumulative();
        (0..n).map(|_| self.draw(&cumulative, rng)).collect()
    }

    /// The sums of the numbers up to and with each cell.
    fn cumulative(&self) -> Vec<f64> {
        let sound = self.values().iter().all(|p| *p >= 0.0 && p.is_finite());
        let sums = self.values().iter().scan(0.0, |sum, p| {
            *sum += p;
            Some(*sum)
        });
        let sums: Vec<f64> = sums.collect();
        let total = sums.last().copied().unwrap_or_default();
        assert!(sound && total > 0.0, "the table of `{}` is no distribution to sample from", self.name());
        sums
    }

    /// The first cell whose sum is beyond a random part of the total.
    fn draw<R: rand::Rng + ?Sized>(&self, cumulative: &[f64], rng: &mut R) -> A::Key {
        let total = cumulative.last().copied().unwrap_or_default();
        let part = rng.random::<f64>() * total;
        let cell = cumulative.partition_point(|sum| *sum <= part);
        // Rounding may make the part the total: then it is the last with a chance.
        self.axes.key(cell.min(cumulative.partition_point(|sum| *sum < total)))
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
        let total = self.mass();
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
        let total = self.mass();
        crate::kernel::entropy(self.values(), Some(total))
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
        assert!(
            self.axes == other.axes,
            "`{}` and `{}` are over different domains",
            self.name(),
            other.name()
        );
        let shares = |table: &Self| -> Vec<f64> {
            let total = table.mass();
            table.values().iter().map(|x| x / total).collect()
        };
        crate::kernel::divergence(&shares(self), &shares(other))
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
        let mut mapped = self.to_labelled();
        let mut f = f;
        mapped.data.iter_mut().for_each(|x| *x = f(*x));
        mapped
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
        let mut part = self.select(axis, value);
        let total: f64 = part.data.iter().sum();
        assert!(total > 0.0, "in the table `{}` nothing is left where `{axis}` has this value", self.name());
        part.data.iter_mut().for_each(|x| *x /= total);
        part
    }

    /// The sum of the numbers, which are all to be weights.
    fn mass(&self) -> f64 {
        let sound = self.values().iter().all(|x| *x >= 0.0 && x.is_finite());
        let total: f64 = self.values().iter().sum();
        assert!(
            sound && total > 0.0 && total.is_finite(),
            "the table `{}` is no distribution: its numbers are negative, not finite or all 0",
            self.name()
        );
        total
    }
}
