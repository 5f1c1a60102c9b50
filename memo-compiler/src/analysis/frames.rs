//! Frames: what a mind holds, knows and models.

use std::collections::BTreeMap;

use proc_macro2::Ident;

use crate::syntax::Expression;
use crate::tensor::{AxisId, AxisSet, Factor};

/// One mind as modelled by another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct FrameId(pub(super) usize);

/// The name of a choice within a mind: `x` is `(None, x)`, `b.y` is
/// `(Some(b), y)`.
pub(super) type Key = (Option<String>, String);

/// A choice as a mind holds it.
#[derive(Clone, Debug)]
pub(super) struct Held {
    /// Its index variable.
    pub(super) axis: AxisId,
    /// Whether the mind knows its value.
    pub(super) known: bool,
    /// Where it came from, for messages.
    pub(super) line: usize,
}

/// A belief: the product of its factors.
#[derive(Clone, Debug, Default)]
pub(super) struct Belief {
    /// The factors, in the order in which they came.
    pub(super) factors: Vec<BeliefFactor>,
    /// How many of them the last observation conditioned; 0 before any.
    pub(super) observed: usize,
}

/// One factor of a belief.
#[derive(Clone, Debug)]
pub(super) struct BeliefFactor {
    /// The table.
    pub(super) factor: Factor,
    /// How many of its last axes it is a distribution over, 0 for evidence.
    pub(super) over: usize,
    /// Whether a row may have no mass at all.
    pub(super) may_vanish: bool,
}

/// What a mind is not able to do, by `has_theory`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Theory {
    /// No restriction.
    #[default]
    Adult,
    /// Cannot think of others' thoughts.
    Child,
    /// Same as a child.
    NoThinks,
    /// Cannot be told of others' choices.
    NoKnows,
    /// Has no goals.
    NoWants,
}

/// One mind.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    /// The agent's name.
    pub(super) name: String,
    /// Who models this mind; none for the modeller.
    pub(super) parent: Option<FrameId>,
    /// The choices it holds, by name.
    pub(super) choices: BTreeMap<Key, Held>,
    /// The minds it models.
    pub(super) children: BTreeMap<String, FrameId>,
    /// What it believes of the choices that it does not know.
    pub(super) belief: Belief,
    /// Its goals, as written.
    pub(super) goals: BTreeMap<String, Expression>,
    /// Its limits.
    pub(super) theory: Theory,
    /// Whether this frame is the top of an imagined world.
    pub(super) imagined: bool,
}

/// All minds of a model.
#[derive(Debug)]
pub(super) struct Frames {
    all: Vec<Frame>,
}

impl Frames {
    /// The root frame alone.
    pub(super) fn new() -> (Self, FrameId) {
        let mut frames = Self { all: Vec::new() };
        let root = frames.add("observer".into(), None);
        (frames, root)
    }

    fn add(&mut self, name: String, parent: Option<FrameId>) -> FrameId {
        self.all.push(Frame {
            name,
            parent,
            choices: BTreeMap::new(),
            children: BTreeMap::new(),
            belief: Belief::default(),
            goals: BTreeMap::new(),
            theory: Theory::Adult,
            imagined: false,
        });
        FrameId(self.all.len() - 1)
    }

    pub(super) fn get(&self, id: FrameId) -> &Frame {
        &self.all[id.0]
    }

    pub(super) fn get_mut(&mut self, id: FrameId) -> &mut Frame {
        &mut self.all[id.0]
    }

    /// The model that `parent` has of `who`, made when there is none yet.
    pub(super) fn child(&mut self, parent: FrameId, who: &str) -> FrameId {
        if let Some(child) = self.get(parent).children.get(who) {
            return *child;
        }
        let child = self.add(who.to_string(), Some(parent));
        self.get_mut(parent).children.insert(who.to_string(), child);
        child
    }

    /// Whether the mind knows the value of every axis of the set.
    pub(super) fn knows_all(&self, frame: FrameId, axes: &AxisSet) -> bool {
        axes.iter().all(|axis| self.knows(frame, *axis))
    }

    /// Whether the mind knows the value of the axis.
    pub(super) fn knows(&self, frame: FrameId, axis: AxisId) -> bool {
        self.get(frame).choices.values().any(|held| held.known && held.axis == axis)
    }

    /// The axes that the mind knows.
    pub(super) fn known(&self, frame: FrameId) -> AxisSet {
        self.get(frame).choices.values().filter(|held| held.known).map(|held| held.axis).collect()
    }

    /// The axes that the mind is uncertain about.
    pub(super) fn uncertain(&self, frame: FrameId) -> AxisSet {
        let known = self.known(frame);
        self.get(frame).choices.values().map(|held| held.axis).filter(|axis| !known.contains(axis)).collect()
    }

    /// A deep copy of a mind and of all that it models.
    pub(super) fn copy(&mut self, id: FrameId, parent: Option<FrameId>) -> FrameId {
        let mut copy = self.get(id).clone();
        let children = std::mem::take(&mut copy.children);
        copy.parent = parent;
        self.all.push(copy);
        let new = FrameId(self.all.len() - 1);
        for (name, child) in children {
            let child = self.copy(child, Some(new));
            self.get_mut(new).children.insert(name, child);
        }
        new
    }

    /// Puts axis `new` in the place of `old` in a mind and in those of its
    /// models that know `old`: for the others it is a private uncertainty.
    pub(super) fn rename(&mut self, frame: FrameId, old: AxisId, new: AxisId) {
        if old == new {
            return;
        }
        let this = self.get_mut(frame);
        for held in this.choices.values_mut() {
            if held.axis == old {
                held.axis = new;
            }
        }
        for factor in &mut this.belief.factors {
            for axis in &mut factor.factor.axes {
                if *axis == old {
                    *axis = new;
                }
            }
        }
        let children: Vec<FrameId> = this.children.values().copied().collect();
        for child in children {
            if self.knows(child, old) {
                self.rename(child, old, new);
            }
        }
    }

    /// “alice, as modelled by carol”.
    pub(super) fn describe(&self, id: FrameId) -> String {
        let frame = self.get(id);
        let name = |frame: &Frame| match frame.name.strip_prefix("future_").and_then(|n| n.rsplit_once('_')) {
            Some((who, _)) => format!("the future {who}"),
            None => frame.name.clone(),
        };
        let mut text = if frame.parent.is_none() { "the model itself".to_string() } else { name(frame) };
        let mut up = frame.parent;
        while let Some(parent) = up {
            let frame = self.get(parent);
            if frame.parent.is_some() {
                text.push_str(", as modelled by ");
                text.push_str(&name(frame));
            }
            up = frame.parent;
        }
        text
    }
}

/// The name of a choice, as a key.
pub(super) fn key(agent: Option<&Ident>, name: &Ident) -> Key {
    (agent.map(ToString::to_string), name.to_string())
}

/// `b.y` for a key.
pub(super) fn show(key: &Key) -> String {
    match &key.0 {
        Some(agent) => format!("{agent}.{}", key.1),
        None => key.1.clone(),
    }
}
