//! Values by the calls that they belong to.

use super::key::Key;

/// Values by calls, in the order in which they came.
///
/// Beside them is a table of their numbers by the hashes of their keys: a call is looked
/// for in one place and, where that is taken, in those after it. Few of the places are
/// taken, and when there are to be more of them no key is moved or hashed again.
#[derive(Debug)]
pub(super) struct Index<V> {
    // Apart, so that each is written where it stays: what is put together first and then
    // moved waits for its way to memory.
    hashes: Vec<u64>,
    keys: Vec<Key>,
    values: Vec<V>,
    /// Numbers of values; a power of two of places, at most half of them taken.
    places: Vec<u32>,
}

/// A value, the call that it belongs to, and the hash of its key.
#[derive(Debug)]
pub(super) struct Entry<V> {
    pub(super) hash: u64,
    pub(super) key: Key,
    pub(super) value: V,
}

/// What stands in a place that is not taken.
const FREE: u32 = u32::MAX;

/// How many places there are at first.
const LEAST: usize = 32;

impl<V> Default for Index<V> {
    fn default() -> Self {
        Self { hashes: Vec::new(), keys: Vec::new(), values: Vec::new(), places: Vec::new() }
    }
}

impl<V> Index<V> {
    /// For how many values there is room.
    #[inline]
    pub(super) fn capacity(&self) -> usize {
        self.places.len() / 2
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The value of a call; `hash` is that of its key.
    #[inline]
    pub(super) fn get(&self, hash: u64, key: &Key) -> Option<&V> {
        Some(&self.values[self.find(hash, key)?])
    }

    /// The same, to be changed.
    #[inline]
    pub(super) fn get_mut(&mut self, hash: u64, key: &Key) -> Option<&mut V> {
        let number = self.find(hash, key)?;
        Some(&mut self.values[number])
    }

    /// The value of this number.
    #[inline]
    pub(super) fn at(&self, number: usize) -> &V {
        &self.values[number]
    }

    /// The same, to be changed.
    #[inline]
    pub(super) fn at_mut(&mut self, number: usize) -> &mut V {
        &mut self.values[number]
    }

    /// The number of the value of a call.
    #[inline]
    pub(super) fn find(&self, hash: u64, key: &Key) -> Option<usize> {
        if self.is_empty() {
            return None;
        }
        let last = self.places.len() - 1;
        let mut at = hash as usize & last;
        loop {
            // A place that is not taken has a number that no value has.
            let number = self.places[at] as usize;
            if *self.hashes.get(number)? == hash && self.keys[number] == *key {
                return Some(number);
            }
            at = (at + 1) & last;
        }
    }

    /// Adds the value of a call that has none.
    pub(super) fn add(&mut self, hash: u64, key: Key, value: V) {
        if self.len() >= self.capacity() {
            self.grow();
        }
        self.place(hash, self.len());
        self.hashes.push(hash);
        self.keys.push(key);
        self.values.push(value);
    }

    #[cold]
    fn grow(&mut self) {
        let places = (2 * self.places.len()).max(LEAST);
        self.places.clear();
        self.places.resize(places, FREE);
        let more = places / 2 - self.len();
        self.hashes.reserve(more);
        self.keys.reserve(more);
        self.values.reserve(more);
        self.place_all();
    }

    #[inline]
    fn place(&mut self, hash: u64, number: usize) {
        let last = self.places.len() - 1;
        let mut at = hash as usize & last;
        while self.places[at] != FREE {
            at = (at + 1) & last;
        }
        self.places[at] = number as u32;
    }

    fn place_all(&mut self) {
        for number in 0..self.len() {
            self.place(self.hashes[number], number);
        }
    }

    /// Takes out those that came first, as long as `more` are to go.
    pub(super) fn take_oldest(&mut self, mut more: impl FnMut(&V) -> bool) {
        let count = self.values.iter().take_while(|value| more(value)).count();
        self.hashes.drain(..count);
        self.keys.drain(..count);
        self.values.drain(..count);
        self.places.fill(FREE);
        self.place_all();
    }

    /// Takes out all.
    pub(super) fn take_all(&mut self) -> impl Iterator<Item = Entry<V>> {
        self.places.fill(FREE);
        let all = self.hashes.drain(..).zip(self.keys.drain(..)).zip(self.values.drain(..));
        all.map(|((hash, key), value)| Entry { hash, key, value })
    }

    /// Forgets all values; the room that they took stays.
    pub(super) fn clear(&mut self) {
        self.hashes.clear();
        self.keys.clear();
        self.values.clear();
        self.places.fill(FREE);
    }
}

#[cfg(test)]
mod tests {
    use super::super::Model;
    use super::*;

    #[test]
    fn values_are_found_by_their_calls() {
        static MODELS: [Model; 2] = [Model::new("a", false), Model::new("b", false)];
        let call = |at: usize| {
            let key = Key::new(&MODELS[at % 2], &[&(at / 2), &0.5]);
            (key.hash(), key)
        };
        let mut index = Index::default();
        let found = |index: &Index<usize>, at: usize| {
            let (hash, key) = call(at);
            index.get(hash, &key).copied()
        };
        assert_eq!(found(&index, 0), None);
        for round in 0..2 {
            for at in 0..1000 {
                let (hash, key) = call(at);
                index.add(hash, key, at + round);
                assert!(index.capacity() > at);
                assert_eq!((found(&index, at), found(&index, at + 1)), (Some(at + round), None));
            }
            assert!((0..1000).all(|at| found(&index, at) == Some(at + round)));
            index.take_oldest(|value| *value < 700);
            assert!((0..1000).all(|at| found(&index, at).is_some() == (at + round >= 700)));
            index.clear();
            assert_eq!(found(&index, 999), None);
        }
    }

    /// Keys of one hash are told apart all the same.
    #[test]
    fn hashes_may_meet() {
        static MODEL: Model = Model::new("m", false);
        let mut index = Index::default();
        for at in 0..40 {
            index.add(7, Key::new(&MODEL, &[&at]), at);
        }
        assert!((0..40).all(|at| index.get(7, &Key::new(&MODEL, &[&at])) == Some(&at)));
        assert_eq!(index.get(7, &Key::new(&MODEL, &[&40])), None);
    }
}
