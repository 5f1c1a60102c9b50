//! An explanation, put together from the tables of a model's variants.

use super::belief::Factor;
use super::{Explanation, Mind, Step, weight_of_evidence};
use crate::solve::Tables;
use crate::table::places;
use crate::{Axes, Domain, Error};

/// The cell that is explained.
#[derive(Clone, Debug)]
pub struct ExplainedCell {
    model: String,
    axes: Vec<(String, String)>,
    places: Vec<usize>,
    lengths: Vec<usize>,
}

impl ExplainedCell {
    /// The cell of a key.
    ///
    /// # Errors
    /// [`Error::OutsideAxis`].
    pub fn new<A: Axes>(
        model: &str,
        axes: &A,
        names: &[&str],
        domains: &[&str],
        key: A::Key,
    ) -> Result<Self, Error> {
        let Some(cell) = axes.index(key) else {
            let at = axes.outside(key);
            let (axis, value) = (format!("{}: {}", names[at], domains[at]), axes.show(key, at));
            return Err(Error::OutsideAxis { model: model.into(), axis, value });
        };
        let lengths = axes.lengths();
        let places = places(cell, lengths.as_ref());
        let label = |(at, place): (usize, &usize)| (names[at].to_string(), axes.label(at, *place));
        Ok(Self {
            model: model.into(),
            axes: places.iter().enumerate().map(label).collect(),
            lengths: lengths.as_ref().to_vec(),
            places,
        })
    }

    /// Its place in the model's table.
    fn place(&self) -> usize {
        self.places.iter().zip(&self.lengths).fold(0, |at, (place, length)| at * length + place)
    }
}

/// Part of a sentence about the cell.
#[derive(Clone, Copy, Debug)]
pub enum Words {
    /// As it stands.
    Text(&'static str),
    /// The value of an axis, by position.
    Axis(usize),
}

/// Where the index along an axis of a table comes from.
#[derive(Clone, Copy, Debug)]
pub enum Place {
    /// An axis of the cell, by position.
    Cell(usize),
    /// An uncertain choice, by position.
    Choice(usize),
}

/// A choice that a mind is uncertain about.
#[derive(Clone, Debug)]
pub struct Uncertain {
    pub(super) name: String,
    pub(super) labels: Vec<String>,
}

impl Uncertain {
    /// A choice with its domain, which is called `text`.
    ///
    /// # Errors
    /// [`Error::EmptyDomain`].
    pub fn new<D: Domain>(model: &str, name: &str, text: &str, domain: &D) -> Result<Self, Error> {
        let length = crate::support::domain_size(model, text, domain)?;
        Ok(Self { name: name.into(), labels: (0..length).map(|at| domain.label(at)).collect() })
    }

    pub(super) fn len(&self) -> usize {
        self.labels.len()
    }
}

/// Who observes, and what.
type Observed<'w> = Option<(&'w str, &'w [Words])>;

/// Which of some tables holds a chance, and the axes of that.
type Chance<'p> = Option<(usize, &'p [Place])>;

/// An explanation in the making.
#[derive(Clone, Debug)]
pub struct Explaining {
    cell: ExplainedCell,
    found: Explanation,
    /// The chance of all that the next observer has observed so far.
    chance: Option<f64>,
}

impl Explaining {
    /// The beginning of one: what is asked, and whether that is a chance.
    #[must_use]
    pub fn new(question: &str, chance: bool, cell: ExplainedCell) -> Self {
        let found = Explanation {
            model: cell.model.clone(),
            question: question.into(),
            chance,
            cell: cell.axes.clone(),
            prior: 0.0,
            possible: true,
            steps: Vec::new(),
            minds: Vec::new(),
        };
        Self { cell, found, chance: None }
    }

    /// The tables of the model with the observations so far, the last of which is
    /// `observed`: its observer's chance of all that it has observed is `own`, that of
    /// the next observer is `next`.
    pub fn state(&mut self, observed: Observed<'_>, tables: &Tables, own: Chance<'_>, next: Chance<'_>) {
        let place = self.cell.place();
        let value = tables[0].cells[place];
        let mut possible = !tables[0].impossible.as_ref().is_some_and(|marks| marks[place]);
        let read = |chance: Chance<'_>| {
            let (which, places) = chance?;
            Some(self.slice(&tables[which].cells, places, &[]).cells[0])
        };
        let (chance, next) = (read(own), read(next));
        let before = self.found.value();
        let was_possible = self.found.is_possible();
        let Some((mind, words)) = observed else {
            (self.found.prior, self.found.possible, self.chance) = (value, possible, next);
            return;
        };
        possible &= was_possible && chance != Some(0.0);
        let likelihood = match (self.chance, chance) {
            (Some(before), Some(after)) if was_possible && before > 0.0 => Some(after / before),
            _ => None,
        };
        let words = words.iter().map(|word| match word {
            Words::Text(text) => text,
            Words::Axis(at) => self.cell.axes[*at].1.as_str(),
        });
        let weight = if self.found.chance && possible { weight_of_evidence(before, value) } else { None };
        let observed = words.collect();
        self.found.steps.push(Step {
            observed,
            mind: mind.into(),
            before,
            after: value,
            likelihood,
            weight,
            possible,
        });
        self.chance = next;
    }

    /// A mind that has no one belief, since the cell does not settle what it knows.
    pub fn unsettled(&mut self, name: &str, unsettled: &str) {
        self.found.minds.push(Mind {
            name: name.into(),
            choices: Vec::new(),
            belief: Vec::new(),
            value: None,
            unsettled: Some(unsettled.into()),
        });
    }

    /// What a mind is uncertain about, and the tables whose product is its belief; the
    /// last of them is the answer in each world where there is such.
    pub fn mind(
        &mut self,
        name: &str,
        choices: Vec<Uncertain>,
        tables: &Tables,
        belief: &[&[Place]],
        value: Option<&[Place]>,
    ) {
        let read = |(which, places): (usize, &[Place])| self.slice(&tables[which].cells, places, &choices);
        let factors = belief.iter().copied().enumerate().map(read).collect();
        let value = value.map(|places| read((belief.len(), places)));
        self.found.minds.push(Mind { name: name.into(), choices, belief: factors, value, unsettled: None });
    }

    /// The whole.
    #[must_use]
    pub fn done(self) -> Explanation {
        self.found
    }

    /// The part of a table that belongs to the cell.
    fn slice(&self, cells: &[f64], places: &[Place], choices: &[Uncertain]) -> Factor {
        let length = |place: &Place| match place {
            Place::Cell(at) => self.cell.lengths[*at],
            Place::Choice(at) => choices[*at].len(),
        };
        let mut parts = cells.to_vec();
        let mut scope = Vec::new();
        let mut inner: usize = places.iter().map(length).product();
        debug_assert_eq!(inner, parts.len(), "bug in memo: a table of the wrong size");
        for place in places {
            let along = length(place);
            inner /= along;
            match place {
                Place::Choice(at) => scope.push(*at),
                Place::Cell(at) => {
                    let start = self.cell.places[*at] * inner;
                    let blocks = parts.chunks_exact(along * inner);
                    parts = blocks.flat_map(|block| block[start..start + inner].to_vec()).collect();
                }
            }
        }
        Factor { scope, cells: parts }
    }
}
