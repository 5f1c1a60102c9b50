//! What tells one call of a model from another.

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

    /// A quick hash of a few words (multiply and rotate, as rustc's own tables use); keys
    /// come from the program itself, not from an attacker.
    #[inline]
    pub(super) fn hash(&self) -> u64 {
        let mix = |hash: u64, word: u64| {
            let hash = (hash.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            hash ^ (hash >> 32)
        };
        let model = std::ptr::from_ref(self.model).addr() as u64;
        self.parameters.iter().fold(mix(0, model), |hash, word| mix(hash, *word))
    }

    /// Something more to tell it by.
    pub(crate) fn add(&mut self, part: &dyn KeyPart) {
        part.key(&mut self.parameters);
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.model, other.model) && self.parameters == other.parameters
    }
}

impl Eq for Key {}

/// So many words are a few: a key of them is as long as a line of the cache.
const FEW: usize = 6;

/// The bits of the parameters of one call; few need no memory of their own.
///
/// Few leave no gap: around one they would be copied in pieces that lie across each other,
/// and each would wait for the one before it.
#[derive(Clone, Debug)]
#[repr(u32)]
pub enum Parameters {
    /// Up to six words, and how many.
    Few(u32, [u64; FEW]),
    /// More.
    Many(Vec<u64>),
}

impl Parameters {
    /// Those of some parameters.
    #[must_use]
    #[inline]
    pub fn of(parameters: &[&dyn KeyPart]) -> Self {
        let mut bits = Self::none();
        for parameter in parameters {
            // Through both references: a reference is a part of a key, too.
            (**parameter).key(&mut bits);
        }
        bits
    }

    /// Those of no parameters.
    #[must_use]
    #[inline(always)]
    pub fn none() -> Self {
        Self::Few(0, [0; FEW])
    }

    /// Adds those of one more.
    #[inline(always)]
    pub fn add(&mut self, parameter: &impl KeyPart) {
        parameter.key(self);
    }

    #[inline]
    pub(crate) fn push(&mut self, bits: u64) {
        match self {
            Self::Few(length, words) if (*length as usize) < FEW => {
                words[*length as usize] = bits;
                *length += 1;
            }
            _ => self.push_to_many(bits),
        }
    }

    #[cold]
    fn push_to_many(&mut self, bits: u64) {
        match self {
            Self::Few(_, words) => {
                let mut many = words.to_vec();
                many.push(bits);
                *self = Self::Many(many);
            }
            Self::Many(many) => many.push(bits),
        }
    }
}

impl PartialEq for Parameters {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            // Words that are not taken are 0: so many that are known need no call.
            (Self::Few(length, words), Self::Few(other, others)) => length == other && words == others,
            _ => **self == **other,
        }
    }
}

impl Eq for Parameters {}

impl Deref for Parameters {
    type Target = [u64];

    fn deref(&self) -> &[u64] {
        match self {
            Self::Few(length, words) => &words[..*length as usize],
            Self::Many(many) => many,
        }
    }
}

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
