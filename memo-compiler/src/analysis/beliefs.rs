//! Questions to a belief: which factors matter, what is summed over and what
//! the sum is divided by.

use std::collections::BTreeMap;

use super::Analysis;
use super::frames::{Belief, BeliefFactor, FrameId};
use crate::syntax::{BinaryOperator, UnaryOperator};
use crate::tensor::{AxisId, AxisSet, Body, DefinitionId, Factor, Normaliser, Query, Rule, Scalar};

impl Analysis<'_> {
    /// `E[value]` in a mind; a value that the mind knows is its own
    /// expectation.
    pub(super) fn expectation(&mut self, frame: FrameId, value: Scalar) -> Scalar {
        let axes = value.axes();
        if self.frames.knows_all(frame, &axes) {
            return value;
        }
        let belief = self.frames.get(frame).belief.clone();
        let parts = matches!(value, Scalar::Binary(..) | Scalar::Unary(..) | Scalar::If { .. });
        if belief.observed > 0 || !parts {
            return self.mean(frame, value);
        }
        let lossy = belief.factors.iter().any(|f| f.may_vanish);
        let mass = lossy.then(|| {
            let (factors, over) = self.relevant(frame, &belief.factors, &AxisSet::new());
            let name = format!("{}_mass", self.frames.get(frame).name);
            let (about, nothing) = ("What is left of all chances.", Normaliser::Nothing);
            let id = self.define_query(name, about.into(), factors, over, Query::Sum, nothing);
            self.element(id)
        });
        self.by_parts(frame, value, mass.as_ref())
    }

    /// The expectation of a value under a belief in which nothing has been
    /// observed: sums, multiples and known alternatives are taken apart, since
    /// each part may rest on fewer choices. What is known counts as much as
    /// there is mass, all of it where `mass` is `None`.
    fn by_parts(&mut self, frame: FrameId, value: Scalar, mass: Option<&Scalar>) -> Scalar {
        use BinaryOperator as B;
        let knows = |analysis: &Self, scalar: &Scalar| analysis.frames.knows_all(frame, &scalar.axes());
        if knows(self, &value) {
            return match (mass, &value) {
                (None, _) | (_, Scalar::Number(0.0)) => value,
                (Some(mass), _) => {
                    let span = proc_macro2::Span::call_site();
                    Scalar::Binary(B::Multiply, Box::new(value), Box::new(mass.clone()), span)
                }
            };
        }
        match value {
            Scalar::Binary(operator @ (B::Add | B::Subtract), left, right, span) => {
                let (left, right) = (self.by_parts(frame, *left, mass), self.by_parts(frame, *right, mass));
                Scalar::Binary(operator, Box::new(left), Box::new(right), span)
            }
            Scalar::Binary(B::Multiply, left, right, span) if knows(self, &left) => {
                Scalar::Binary(B::Multiply, left, Box::new(self.by_parts(frame, *right, mass)), span)
            }
            Scalar::Binary(operator @ (B::Multiply | B::Divide), left, right, span)
                if knows(self, &right) =>
            {
                Scalar::Binary(operator, Box::new(self.by_parts(frame, *left, mass)), right, span)
            }
            Scalar::Unary(operator @ (UnaryOperator::Negate | UnaryOperator::Plus), inner) => {
                Scalar::Unary(operator, Box::new(self.by_parts(frame, *inner, mass)))
            }
            // A branch that is not taken must not fail: what may fail stays
            // behind its condition.
            Scalar::If { condition, then, otherwise, fixed }
                if knows(self, &condition) && (fixed || then.is_total() && otherwise.is_total()) =>
            {
                let guard = self.guard.len();
                if fixed {
                    self.guard.push(((*condition).clone(), true));
                }
                let then = Box::new(self.by_parts(frame, *then, mass));
                self.guard.truncate(guard);
                if fixed {
                    self.guard.push(((*condition).clone(), false));
                }
                let otherwise = Box::new(self.by_parts(frame, *otherwise, mass));
                self.guard.truncate(guard);
                Scalar::If { condition, then, otherwise, fixed }
            }
            value => self.mean(frame, value),
        }
    }

    /// The expectation of a value as a whole.
    fn mean(&mut self, frame: FrameId, value: Scalar) -> Scalar {
        let axes = value.axes();
        if let Some(pairs) = self.equalities(frame, &value)
            && let Some(chance) = self.chance_of(frame, &pairs)
        {
            return chance;
        }
        self.query(frame, Query::Expectation(value), &axes, "expectation")
    }

    /// `a.x == x` and conjunctions of such: pairs of a different uncertain and
    /// a known axis over the same domain.
    fn equalities(&self, frame: FrameId, value: &Scalar) -> Option<Vec<(AxisId, AxisId)>> {
        match value {
            Scalar::Binary(BinaryOperator::And, left, right, _) => {
                let mut pairs = self.equalities(frame, left)?;
                pairs.extend(self.equalities(frame, right)?);
                let distinct: AxisSet = pairs.iter().map(|(uncertain, _)| *uncertain).collect();
                (distinct.len() == pairs.len()).then_some(pairs)
            }
            Scalar::Binary(BinaryOperator::Equal, left, right, _) => {
                let (Scalar::Axis(a, _), Scalar::Axis(b, _)) = (&**left, &**right) else { return None };
                let pair = match (self.frames.knows(frame, *a), self.frames.knows(frame, *b)) {
                    (false, true) => (*a, *b),
                    (true, false) => (*b, *a),
                    _ => return None,
                };
                (self.domain_of(*a) == self.domain_of(*b)).then(|| vec![pair])
            }
            _ => None,
        }
    }

    /// The chance that each uncertain axis has the value of its known one: the
    /// belief is read there instead of summing an indicator.
    fn chance_of(&mut self, frame: FrameId, pairs: &[(AxisId, AxisId)]) -> Option<Scalar> {
        let belief = self.frames.get(frame).belief.clone();
        let uncertain: AxisSet = pairs.iter().map(|(axis, _)| *axis).collect();
        let read_at = |axis: AxisId| pairs.iter().find(|(u, _)| *u == axis).map_or(axis, |(_, known)| *known);
        let name = self.frames.get(frame).name.clone();
        let late_losses = belief.factors[belief.observed..].iter().any(|f| f.may_vanish);
        if belief.observed == 0 || late_losses || uncertain.len() > 2 {
            let normaliser = match belief.observed {
                0 => Normaliser::Nothing,
                _ => Normaliser::By(self.evidence_mass(frame)),
            };
            let (mut factors, mut over) = self.relevant(frame, &belief.factors, &uncertain);
            over.retain(|axis| !uncertain.contains(axis));
            for axis in factors.iter_mut().flat_map(|f| &mut f.axes) {
                *axis = read_at(*axis);
            }
            let about = "The chance that the choices are these.".into();
            let id =
                self.define_query(format!("{name}_chance"), about, factors, over, Query::Sum, normaliser);
            self.note_evidence(id, &belief);
            return Some(self.element(id));
        }
        let mut chosen = self.marginal(frame, &uncertain);
        chosen.axes.iter_mut().for_each(|axis| *axis = read_at(*axis));
        Some(Scalar::Element(chosen))
    }

    /// The marginal distribution of these uncertain axes in a mind's belief,
    /// divided by the chance of what was observed.
    pub(super) fn marginal(&mut self, frame: FrameId, kept: &AxisSet) -> Factor {
        let belief = self.frames.get(frame).belief.clone();
        let name = self.frames.get(frame).name.clone();
        let (factors, mut over) = self.relevant(frame, &belief.factors, kept);
        over.retain(|axis| !kept.contains(axis));
        let (about, nothing) = ("The belief about these choices.", Normaliser::Nothing);
        let id =
            self.define_query(format!("{name}_marginal"), about.into(), factors, over, Query::Sum, nothing);
        let marginal = Factor { definition: id, axes: self.program.definition(id).axes.clone() };
        if belief.observed == 0 {
            return marginal;
        }
        let late_losses = belief.factors[belief.observed..].iter().any(|f| f.may_vanish);
        if let (false, [axis]) = (late_losses, kept.iter().copied().collect::<Vec<_>>().as_slice()) {
            return self.posterior(frame, marginal, *axis);
        }
        let mass = if late_losses {
            self.evidence_mass(frame)
        } else {
            let (about, all) = ("The chance of what was observed.".into(), vec![marginal.clone()]);
            let mass_name = format!("{name}_evidence_mass");
            let nothing = Normaliser::Nothing;
            let id = self.define_query(mass_name, about, all, kept.clone(), Query::Sum, nothing);
            Factor { definition: id, axes: self.program.definition(id).axes.clone() }
        };
        let about = "The belief about these choices, given what was observed.".into();
        let (posterior, by) = (format!("{name}_posterior"), Normaliser::By(mass));
        let id = self.define_query(posterior, about, vec![marginal], AxisSet::new(), Query::Sum, by);
        self.note_evidence(id, &belief);
        Factor { definition: id, axes: self.program.definition(id).axes.clone() }
    }

    /// The posterior of one axis: its marginal, each row divided by its sum.
    fn posterior(&mut self, frame: FrameId, marginal: Factor, axis: AxisId) -> Factor {
        let belief = self.frames.get(frame).belief.clone();
        let name = self.frames.get(frame).name.clone();
        let mut axes: Vec<AxisId> = marginal.axes.iter().copied().filter(|a| *a != axis).collect();
        axes.push(axis);
        let choice = self.program.axes[axis.0].label.clone();
        let about = format!("The belief about {choice}, given what was observed.");
        let (weight, rule) = (Scalar::Element(marginal), Rule::Proportional);
        let body = Body::Choice { over: 1, across: false, weight, rule, agent: name.clone(), choice };
        let id = self.define(format!("{name}_posterior"), about, axes.clone(), body);
        self.note_evidence(id, &belief);
        Factor { definition: id, axes }
    }

    /// The chance of all that the mind has observed, given what it knows.
    pub(super) fn evidence_mass(&mut self, frame: FrameId) -> Factor {
        let belief = self.frames.get(frame).belief.clone();
        let evidence = &belief.factors[..belief.observed];
        let (factors, over) = self.relevant(frame, evidence, &AxisSet::new());
        let name = format!("{}_evidence_mass", self.frames.get(frame).name);
        let about = "The chance of what was observed.".into();
        let id = self.define_query(name, about, factors, over, Query::Sum, Normaliser::Nothing);
        Factor { definition: id, axes: self.program.definition(id).axes.clone() }
    }

    /// `Var[value]` in a mind.
    pub(super) fn variance(&mut self, frame: FrameId, value: Scalar) -> Scalar {
        let axes = value.axes();
        if self.frames.knows_all(frame, &axes) {
            return Scalar::Number(0.0);
        }
        self.query(frame, Query::Variance(value), &axes, "variance")
    }

    /// Sums the mind's belief, keeping `axes` apart until the last step.
    pub(super) fn query(&mut self, frame: FrameId, query: Query, axes: &AxisSet, what: &str) -> Scalar {
        let belief = self.frames.get(frame).belief.clone();
        let late_losses = belief.factors[belief.observed..].iter().any(|f| f.may_vanish);
        let normaliser = if !late_losses && belief.observed == 0 {
            Normaliser::One
        } else if !late_losses {
            Normaliser::Own
        } else if belief.observed == 0 {
            Normaliser::Nothing
        } else {
            Normaliser::By(self.evidence_mass(frame))
        };
        let (factors, over) = self.relevant(frame, &belief.factors, axes);
        let name = self.frames.get(frame).name.clone();
        let whose = if self.frames.get(frame).parent.is_none() {
            "the model".into()
        } else {
            self.frames.describe(frame)
        };
        let about = format!("The {what}, to {whose}.");
        let id = self.define_query(format!("{name}_{what}"), about, factors, over, query, normaliser);
        self.note_evidence(id, &belief);
        self.element(id)
    }

    /// Notes that an answer rests on evidence that may be impossible.
    fn note_evidence(&mut self, answer: DefinitionId, belief: &Belief) {
        if belief.factors[..belief.observed].iter().any(|f| f.may_vanish) {
            self.may_be_impossible.insert(answer);
        }
    }

    fn define_query(
        &mut self,
        name: String,
        about: String,
        factors: Vec<Factor>,
        over: AxisSet,
        query: Query,
        normaliser: Normaliser,
    ) -> DefinitionId {
        let mut axes: AxisSet = factors.iter().flat_map(|f| f.axes.iter().copied()).collect();
        if let Query::Expectation(value) | Query::Variance(value) = &query {
            axes.extend(value.axes());
        }
        if let Normaliser::By(factor) = &normaliser {
            axes.extend(&factor.axes);
        }
        let axes = axes.difference(&over).copied().collect();
        let over = over.into_iter().collect();
        let body = Body::Query { factors, over, query, normaliser, keeps_mass: false };
        self.define(name, about, axes, body)
    }

    /// The factors that bear on `axes`, and the axes to sum over.
    ///
    /// A distribution whose own axes are summed over and that nothing else
    /// mentions sums to one: it is barren and goes, unless one of its rows
    /// may have no mass.
    fn relevant(&self, frame: FrameId, factors: &[BeliefFactor], axes: &AxisSet) -> (Vec<Factor>, AxisSet) {
        let known = self.frames.known(frame);
        let uncertain = |axis: &AxisId| !known.contains(axis);
        // How many factors mention each axis.
        let mut mentions: BTreeMap<AxisId, usize> = BTreeMap::new();
        let distinct = |f: &BeliefFactor| f.factor.axes.iter().copied().collect::<AxisSet>();
        for axis in factors.iter().flat_map(distinct) {
            *mentions.entry(axis).or_default() += 1;
        }
        let mut kept: Vec<&BeliefFactor> = factors.iter().collect();
        loop {
            let before = kept.len();
            // Later choices rest on earlier ones: from the end most go at once.
            for at in (0..kept.len()).rev() {
                let (given, own) = kept[at].factor.axes.split_at(kept[at].factor.axes.len() - kept[at].over);
                let barren = !own.is_empty()
                    && !kept[at].may_vanish
                    && own.iter().enumerate().all(|(place, axis)| {
                        uncertain(axis)
                            && !axes.contains(axis)
                            && !own[..place].contains(axis)
                            && !given.contains(axis)
                            && mentions.get(axis) == Some(&1)
                    });
                if barren {
                    for axis in distinct(kept.remove(at)) {
                        mentions.entry(axis).and_modify(|n| *n -= 1);
                    }
                }
            }
            if kept.len() == before {
                break;
            }
        }
        let factors: Vec<Factor> = kept.iter().map(|f| f.factor.clone()).collect();
        let mut over: AxisSet = factors.iter().flat_map(|f| f.axes.iter().copied()).collect();
        over.extend(axes);
        over.retain(uncertain);
        (factors, over)
    }

    /// Whether the value is certainly above zero, so that a row of such
    /// weights has mass.
    pub(super) fn is_positive(&self, scalar: &Scalar) -> bool {
        match scalar {
            Scalar::Number(x) => *x > 0.0,
            Scalar::Bool(b) => *b,
            Scalar::BuiltIn("exp", arguments) => self.is_finite(&arguments[0]),
            Scalar::Binary(BinaryOperator::Add, a, b, _) => {
                self.is_positive(a) && self.is_non_negative(b)
                    || self.is_non_negative(a) && self.is_positive(b)
            }
            Scalar::Binary(BinaryOperator::Multiply | BinaryOperator::Divide, a, b, _) => {
                self.is_positive(a) && self.is_positive(b)
            }
            Scalar::If { then, otherwise, .. } => self.is_positive(then) && self.is_positive(otherwise),
            _ => false,
        }
    }

    fn is_non_negative(&self, scalar: &Scalar) -> bool {
        use BinaryOperator as B;
        match scalar {
            Scalar::Number(x) => *x >= 0.0,
            Scalar::Bool(_) | Scalar::Unary(UnaryOperator::Not, _) => true,
            Scalar::BuiltIn(name, _) => matches!(*name, "exp" | "abs" | "sqrt"),
            Scalar::Binary(B::Add | B::Multiply, a, b, _) => {
                self.is_non_negative(a) && self.is_non_negative(b)
            }
            Scalar::Binary(operator, ..) => matches!(
                operator,
                B::Equal
                    | B::NotEqual
                    | B::Less
                    | B::LessEqual
                    | B::Greater
                    | B::GreaterEqual
                    | B::And
                    | B::Or
                    | B::Xor
            ),
            Scalar::If { then, otherwise, .. } => {
                self.is_non_negative(then) && self.is_non_negative(otherwise)
            }
            Scalar::Element(factor) => match &self.program.definition(factor.definition).body {
                Body::Choice { .. } => true,
                Body::Query { query: Query::Expectation(value), .. } => self.is_non_negative(value),
                Body::Query { .. } => true,
                _ => false,
            },
            _ => false,
        }
    }

    /// Whether the value cannot be infinite as long as the parameters and the
    /// user's functions are finite.
    fn is_finite(&self, scalar: &Scalar) -> bool {
        let mut finite = true;
        let mut inner = Vec::new();
        scalar.walk(&mut |s| match s {
            Scalar::BuiltIn(name, _)
                if !matches!(*name, "exp" | "abs" | "min" | "max" | "floor" | "tanh") =>
            {
                finite = false;
            }
            Scalar::Binary(BinaryOperator::Divide | BinaryOperator::Power, ..)
            | Scalar::Distribution(..)
            | Scalar::Index(..) => finite = false,
            Scalar::Element(factor) => inner.push(factor.definition),
            _ => {}
        });
        finite
            && inner.into_iter().all(|id| {
                let body = &self.program.definition(id).body;
                match body {
                    Body::Choice { .. } => true,
                    Body::Query { .. } => body.scalars().into_iter().all(|s| self.is_finite(s)),
                    _ => false,
                }
            })
    }
}
