//! Explanations: what each observation did to an answer, and the worlds that carry
//! most of a belief.

mod belief;
mod build;
mod html;
mod text;

use belief::{Without, likeliest};
pub use build::{ExplainedCell, Explaining, Place, Uncertain, Words};

/// How many worlds are shown where nobody asks for another number.
const SHOWN: usize = 5;

/// Why a cell of a model's table has its value: `f::explain(…)` of a model with
/// `#[memo(explain)]`.
///
/// It says what the value would be without the observations, what each of them, in the
/// order of the statements, makes of it, and which worlds carry most of the belief in
/// the end. `println!("{explanation}")` shows it as text, `{explanation:.3}` with so
/// many digits after the point; [`Explanation::to_html`] makes a page of it, and
/// notebooks with the kernel of evcxr show it by themselves.
#[derive(Clone, Debug)]
pub struct Explanation {
    model: String,
    question: String,
    /// Whether the value is a chance.
    chance: bool,
    /// The axes and their values.
    cell: Vec<(String, String)>,
    prior: f64,
    /// Whether there is a world before anything is observed.
    possible: bool,
    steps: Vec<Step>,
    minds: Vec<Mind>,
}

/// What one observation does to the value that is explained.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    observed: String,
    mind: String,
    before: f64,
    after: f64,
    likelihood: Option<f64>,
    weight: Option<f64>,
    possible: bool,
}

/// A world: one value for each choice that a mind is uncertain about.
#[derive(Clone, Debug, PartialEq)]
pub struct World {
    mind: String,
    choices: Vec<(String, String)>,
    share: f64,
    value: Option<f64>,
}

/// What a mind believes in the end.
#[derive(Clone, Debug)]
struct Mind {
    name: String,
    choices: Vec<Uncertain>,
    belief: Vec<belief::Factor>,
    /// The answer in each world.
    value: Option<belief::Factor>,
    /// What the mind knows and the cell does not settle: it has no one belief then.
    unsettled: Option<String>,
}

impl Explanation {
    /// The model's name.
    #[must_use]
    pub fn model(&self) -> &str {
        &self.model
    }

    /// What the model returns, as written.
    #[must_use]
    pub fn question(&self) -> &str {
        &self.question
    }

    /// The axes of the table and the values whose cell is explained.
    #[must_use]
    pub fn cell(&self) -> &[(String, String)] {
        &self.cell
    }

    /// The value without any of the observations.
    #[must_use]
    pub fn prior(&self) -> f64 {
        self.prior
    }

    /// The value with all of them: that of the cell.
    #[must_use]
    pub fn value(&self) -> f64 {
        self.steps.last().map_or(self.prior, |step| step.after)
    }

    /// What is observed, in the order of the statements, and what it does.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Whether any world is left after all that is observed.
    #[must_use]
    pub fn is_possible(&self) -> bool {
        self.possible && self.steps.iter().all(|step| step.possible)
    }

    /// The five worlds that carry most of the belief, the likeliest first; of several
    /// minds those of one after those of the other. There is none where the evidence is
    /// impossible, and none of a mind that [`Explanation::without_worlds`] names.
    #[must_use]
    pub fn worlds(&self) -> Vec<World> {
        self.likeliest(SHOWN)
    }

    /// The `n` worlds of each mind that carry most of its belief, exactly: all that
    /// have any, where there are fewer. Which of several worlds with the same share
    /// come last is not said.
    #[must_use]
    pub fn likeliest(&self, n: usize) -> Vec<World> {
        self.minds.iter().filter_map(|mind| mind.worlds(n).ok()).flatten().collect()
    }

    /// The minds whose worlds cannot be listed, and why.
    #[must_use]
    pub fn without_worlds(&self) -> Vec<(String, String)> {
        let why = |mind: &Mind| Some((mind.name.clone(), mind.worlds(0).err()?));
        self.minds.iter().filter_map(why).collect()
    }

    /// As a part of a web page, for light and dark backgrounds.
    #[must_use]
    pub fn to_html(&self) -> String {
        html::page(self)
    }

    /// Shows it in a Jupyter notebook with the kernel of evcxr, which calls this
    /// method of what a cell ends with.
    pub fn evcxr_display(&self) {
        crate::table::show_in_notebook("text/html", &self.to_html());
    }

    /// The first thing after which no world is left.
    fn end(&self) -> Option<String> {
        if !self.possible {
            return Some("no world is left before anything is observed: some choice has no option".into());
        }
        let step = self.steps.iter().find(|step| !step.possible)?;
        Some(format!("no world is left after “{}”: what is observed cannot be", step.observed))
    }
}

impl Step {
    /// What is observed, with the values of the cell.
    #[must_use]
    pub fn observed(&self) -> &str {
        &self.observed
    }

    /// Who observes.
    #[must_use]
    pub fn mind(&self) -> &str {
        &self.mind
    }

    /// The value without this observation and those after it.
    #[must_use]
    pub fn before(&self) -> f64 {
        self.before
    }

    /// The value with this observation, without those after it.
    #[must_use]
    pub fn after(&self) -> f64 {
        self.after
    }

    /// How likely the mind held what it then observed, given what it had observed
    /// before; for an `observes_event` the weight that it expected. `None` where the
    /// cell does not settle what the mind knows.
    #[must_use]
    pub fn likelihood(&self) -> Option<f64> {
        self.likelihood
    }

    /// The weight of evidence, in decibans: ten times the decimal logarithm of the
    /// factor by which the odds of what is asked have changed (I. J. Good, *Probability
    /// and the Weighing of Evidence*, 1950). Infinite where the observation makes it
    /// certain or impossible; `None` where the value is no chance, was settled before,
    /// or no world is left.
    #[must_use]
    pub fn weight(&self) -> Option<f64> {
        self.weight
    }

    /// Whether a world is left after this observation.
    #[must_use]
    pub fn is_possible(&self) -> bool {
        self.possible
    }
}

impl World {
    /// Whose world it is.
    #[must_use]
    pub fn mind(&self) -> &str {
        &self.mind
    }

    /// The choices that the mind is uncertain about, with their values here.
    #[must_use]
    pub fn choices(&self) -> &[(String, String)] {
        &self.choices
    }

    /// Its share of the belief.
    #[must_use]
    pub fn share(&self) -> f64 {
        self.share
    }

    /// What the model would return if the mind knew that this is its world: of
    /// `a[Pr[…]]` whether it holds, 1 or 0. `None` where that means nothing, as for an
    /// entropy.
    #[must_use]
    pub fn value(&self) -> Option<f64> {
        self.value
    }
}

impl Mind {
    /// The likeliest worlds, or why there are none.
    fn worlds(&self, n: usize) -> Result<Vec<World>, String> {
        if let Some(unsettled) = &self.unsettled {
            return Err(format!("what it knows of {unsettled} is not settled by the cell"));
        }
        let lengths: Vec<usize> = self.choices.iter().map(Uncertain::len).collect();
        let found = likeliest(&lengths, &self.belief, n).map_err(|without| match without {
            Without::NoMass => "no world is left".into(),
            Without::TooMany(cells) => format!(
                "its choices hang together too closely: finding its likeliest worlds takes tables of {cells} numbers"
            ),
        })?;
        let world = |found: belief::Found| {
            let choice =
                |(choice, at): (&Uncertain, &usize)| (choice.name.clone(), choice.labels[*at].clone());
            World {
                mind: self.name.clone(),
                choices: self.choices.iter().zip(&found.world).map(choice).collect(),
                share: found.share,
                value: self.value.as_ref().map(|value| value.at(&found.world, &lengths)),
            }
        };
        Ok(found.into_iter().map(world).collect())
    }
}

/// How the odds change, in decibans.
fn weight_of_evidence(before: f64, after: f64) -> Option<f64> {
    let chances = |p: f64| (0.0..=1.0).contains(&p);
    // What is settled moves no more.
    if !chances(before) || !chances(after) || before == 0.0 || before == 1.0 {
        return None;
    }
    Some(10.0 * ((after / (1.0 - after)) / (before / (1.0 - before))).log10())
}

#[cfg(test)]
mod tests {
    use super::weight_of_evidence;

    #[test]
    fn weights_of_evidence() {
        // Odds of 1 to 1 become 10 to 1: a ban, ten decibans.
        let ten = weight_of_evidence(0.5, 10.0 / 11.0).unwrap_or_default();
        assert!((ten - 10.0).abs() < 1e-12);
        assert_eq!(weight_of_evidence(0.25, 0.25), Some(0.0));
        assert_eq!(weight_of_evidence(0.25, 1.0), Some(f64::INFINITY));
        assert_eq!(weight_of_evidence(0.25, 0.0), Some(f64::NEG_INFINITY));
        // What is settled, and what is no chance.
        let settled = [(0.0, 0.0), (1.0, 1.0), (0.0, 0.5), (2.0, 0.5), (0.5, f64::NAN)];
        assert!(settled.iter().all(|(before, after)| weight_of_evidence(*before, *after).is_none()));
    }
}
