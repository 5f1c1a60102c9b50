//! What tells one call of a model from another.

use std::hash::{BuildHasherDefault, Hash, Hasher};
use std::ops::Deref;

use super::Model;

/// A model with its parameters: what one node of the graph stands for.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(super) model: &'static Model,
    pub(super) parameters: Parameters,
}

impl Key {
    #[inline]
    pub(crate) fn new(model: &'static Model, parameters: &[&dyn KeyPart]) -> Self {
        Self { model, parameters: Parameters::of(parameters) }
    }

    /// The model's name.
    pub(crate) fn model_name(&self) -> &'static str {
        self.model.name
    }

    /// Something more to tell it by.
    pub(crate) fn add(&mut self, part: &dyn KeyPart) {
        part.key(&mut self.parameters);
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.model, other.model) && *self.parameters == *other.parameters
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_usize(std::ptr::from_ref(self.model).addr());
        for bits in &*self.parameters {
            state.write_u64(*bits);
        }
    }
}

/// So many words are a few.
const FEW: usize = 8;

/// The bits of the parameters of one call; few need no memory of their own.
#[derive(Clone, Debug)]
pub enum Parameters {
    /// Up to eight words.
    Few([u64; FEW], usize),
    /// More.
    Many(Vec<u64>),
}

impl Parameters {
    /// Those of some parameters.
    #[must_use]
    #[inline]
    pub fn of(parameters: &[&dyn KeyPart]) -> Self {
        let mut bits = Self::Few([0; FEW], 0);
        for parameter in parameters {
            // Through both references: a reference is a part of a key, too.
            (**parameter).key(&mut bits);
        }
        bits
    }

    #[inline]
    pub(crate) fn push(&mut self, bits: u64) {
        match self {
            Self::Few(words, length) if *length < words.len() => {
                words[*length] = bits;
                *length += 1;
            }
            Self::Few(words, _) => {
                let mut many = words.to_vec();
                many.push(bits);
                *self = Self::Many(many);
            }
            Self::Many(many) => many.push(bits),
        }
    }
}

impl Deref for Parameters {
    type Target = [u64];

    fn deref(&self) -> &[u64] {
        match self {
            Self::Few(words, length) => &words[..*length],
            Self::Many(many) => many,
        }
    }
}

/// A quick hash of a few words (multiply and rotate, as rustc's own tables
/// use); keys come from the program itself, not from an attacker.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Quick(u64);

impl Hasher for Quick {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 ^= self.0 >> 32;
    }

    fn write_usize(&mut self, word: usize) {
        self.write_u64(word as u64);
    }
}

/// The cache in a model has no part in its identity.
pub(super) type Map<V> = std::collections::HashMap<Key, V, BuildHasherDefault<Quick>>;

/// A parameter as part of a `Key`: numbers by value, everything else by
/// address, which is sound while the top-level call borrows it.
pub trait KeyPart {
    /// Appends the bits that tell this parameter from others.
    fn key(&self, bits: &mut Parameters);
}

macro_rules! key_of_integer {
    ($($t:ty)*) => {$(
        impl KeyPart for $t {
            #[inline]
            fn key(&self, bits: &mut Parameters) {
                bits.push(*self as u64);
            }
        }
    )*};
}
key_of_integer!(i8 i16 i32 i64 isize u8 u16 u32 u64 usize bool);

impl KeyPart for f64 {
    #[inline]
    fn key(&self, bits: &mut Parameters) {
        bits.push(self.to_bits());
    }
}

impl KeyPart for f32 {
    #[inline]
    fn key(&self, bits: &mut Parameters) {
        bits.push(u64::from(self.to_bits()));
    }
}

impl<T: ?Sized> KeyPart for &T {
    fn key(&self, bits: &mut Parameters) {
        bits.push(std::ptr::from_ref::<T>(*self).cast::<u8>().addr() as u64);
        bits.push(size_of_val::<T>(*self) as u64);
    }
}
