//! By which word of the source a value depends on a choice: there an error stands.

use proc_macro2::Span;

use super::Analysis;
use super::frames::FrameId;
use crate::syntax::{Expression, ExpressionKind};
use crate::tensor::{AxisId, Scalar};

/// Whether an expression asks for what stands in tables of its own.
fn is_answer(kind: &ExpressionKind) -> bool {
    use ExpressionKind as K;
    matches!(
        kind,
        K::Expectation(_)
            | K::Probability(_)
            | K::Variance(_)
            | K::Entropy(_)
            | K::Divergence(..)
            | K::Predict(_)
            | K::ExpectedUtility(_)
            | K::Imagine { .. }
            | K::ModelCall { .. }
    )
}

impl Analysis<'_> {
    /// Notes by which words an answer depends on the axes of its tables: of those that have been
    /// named since so many were.
    pub(super) fn note_words(&mut self, e: &Expression, value: &Scalar, before: usize) {
        if !is_answer(&e.kind) {
            return;
        }
        let named = &self.named[before..];
        let words = &mut self.words;
        value.walk(&mut |scalar| {
            let Scalar::Element(factor) = scalar else { return };
            for axis in &factor.axes {
                let word = || named.iter().find(|(held, _)| held == axis).map_or(e.span, |(_, word)| *word);
                words.entry((factor.definition, *axis)).or_insert_with(word);
            }
        });
    }

    /// The word of the first choice in an expression that the mind does not know.
    pub(super) fn uncertain_word(&self, mind: FrameId, value: &Scalar, whole: Span) -> Span {
        self.first_word(value, whole, &|axis| !self.frames.knows(mind, axis))
    }

    /// The word by which a value first depends on an axis that is wanted.
    pub(super) fn first_word(&self, value: &Scalar, whole: Span, wanted: &dyn Fn(AxisId) -> bool) -> Span {
        let mut found = None;
        value.walk(&mut |scalar| {
            let word = match scalar {
                Scalar::Axis(axis, word) => wanted(*axis).then_some(*word),
                Scalar::Element(factor) => {
                    let axis = factor.axes.iter().find(|axis| wanted(**axis));
                    axis.and_then(|axis| self.words.get(&(factor.definition, *axis)).copied())
                }
                _ => None,
            };
            found = found.or(word);
        });
        found.unwrap_or(whole)
    }

    /// An axis as it is named at a word.
    pub(super) fn at_word(&mut self, axis: AxisId, word: Span) -> Scalar {
        self.named.push((axis, word));
        Scalar::Axis(axis, word)
    }
}
