//! The minds of a model as they are at its end, for `f::diagram()`.

use super::Analysis;
use super::frames::{FrameId, Key, show};
use crate::tensor::{Sketch, SketchedMind};

/// One thing that a mind is told or sees: the choice of the mind around it, the
/// mind's own name for it, and whether it is seen.
#[derive(Clone, Debug)]
pub(super) struct Learned {
    pub(super) from: (FrameId, Key),
    pub(super) to: (FrameId, Key),
    pub(super) seen: bool,
}

impl Analysis<'_> {
    /// Draws the minds below `root`.
    pub(super) fn sketch(&self, root: FrameId) -> Sketch {
        let mut frames = Vec::new();
        let mut sketch = Sketch::default();
        self.visit(root, None, &mut frames, &mut sketch);
        let place = |(frame, key): &(FrameId, Key)| {
            let mind = frames.iter().position(|f| f == frame)?;
            let choice = self.frames.get(*frame).choices.keys().position(|k| k == key)?;
            Some((mind, choice))
        };
        for learned in &self.learned {
            if let (Some(from), Some(to)) = (place(&learned.from), place(&learned.to)) {
                sketch.arrows.push((from, to, learned.seen));
            }
        }
        sketch
    }

    fn visit(&self, frame: FrameId, inside: Option<usize>, frames: &mut Vec<FrameId>, sketch: &mut Sketch) {
        let at = frames.len();
        frames.push(frame);
        let mind = self.frames.get(frame);
        let choices = mind.choices.iter().map(|(key, held)| {
            let domain = &self.program.domains[self.program.axes[held.axis.0].domain.0].text;
            (show(key), domain.replace(' ', ""), self.frames.knows(frame, held.axis))
        });
        sketch.minds.push(SketchedMind {
            name: mind.name.clone(),
            inside,
            choices: choices.collect(),
            goals: mind.goals.keys().cloned().collect(),
        });
        for child in mind.children.values() {
            self.visit(*child, Some(at), frames, sketch);
        }
    }
}
