//! Explanations as text.

use std::fmt;

use super::{Explanation, Mind, SHOWN};
use crate::table::trimmed;

/// What an explanation shows, in words and numbers, for all its forms.
pub(super) struct Shown<'e> {
    pub(super) explanation: &'e Explanation,
    precision: Option<usize>,
}

/// How many choices are many.
const MANY: usize = 4;

/// How long a line of text may be.
const WIDTH: usize = 90;

/// The likeliest worlds of a mind.
pub(super) struct Worlds {
    pub(super) grid: Grid,
    /// The share of each.
    pub(super) shares: Vec<f64>,
    /// What is to be said of them.
    pub(super) notes: Vec<String>,
}

/// A table with a header.
pub(super) struct Grid {
    pub(super) header: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
}

impl<'e> Shown<'e> {
    pub(super) fn new(explanation: &'e Explanation, precision: Option<usize>) -> Self {
        Self { explanation, precision }
    }

    pub(super) fn number(&self, x: f64) -> String {
        match self.precision {
            Some(places) => format!("{x:.places$}"),
            None => trimmed(x),
        }
    }

    /// `monty at pick = 0, reveal = 2, d = 1`.
    pub(super) fn title(&self) -> String {
        let cell: Vec<String> =
            self.explanation.cell.iter().map(|(axis, value)| format!("{axis} = {value}")).collect();
        let at = if cell.is_empty() { String::new() } else { format!(" at {}", cell.join(", ")) };
        format!("{}{at}", self.explanation.model)
    }

    /// What is asked and the answer, or that there is none.
    pub(super) fn answer(&self) -> String {
        match self.explanation.end() {
            None => format!("{} = {}", self.explanation.question, self.number(self.explanation.value())),
            Some(end) => format!("{} has no answer: {end}", self.explanation.question),
        }
    }

    /// A weight of evidence in decibans.
    pub(super) fn weight(&self, weight: f64) -> String {
        if weight.is_infinite() {
            return if weight > 0.0 { "+∞ (certain)".into() } else { "-∞ (impossible)".into() };
        }
        let places = self.precision.unwrap_or(2);
        // Not `-0.00`.
        let text = format!("{weight:+.places$}");
        if text.bytes().any(|byte| (b'1'..=b'9').contains(&byte)) { text } else { text.replace('-', "+") }
    }

    pub(super) fn steps(&self) -> Grid {
        let explanation = self.explanation;
        let mut header = vec!["observed".to_string(), "likelihood".into(), "value".into()];
        if explanation.chance {
            header.push("weight of evidence (decibans)".into());
        }
        let value =
            |value: f64, possible: bool| if possible { self.number(value) } else { "no world".into() };
        let first = vec!["nothing yet".into(), String::new(), value(explanation.prior, explanation.possible)];
        let steps = explanation.steps.iter().map(|step| {
            let likelihood = step.likelihood.map_or_else(String::new, |chance| self.number(chance));
            let weight = step.weight.map_or_else(String::new, |weight| self.weight(weight));
            vec![step.observed.clone(), likelihood, value(step.after, step.possible), weight]
        });
        let mut rows: Vec<Vec<String>> = std::iter::once(first).chain(steps).collect();
        rows.iter_mut().for_each(|row| row.resize(header.len(), String::new()));
        Grid { header, rows }
    }

    /// The likeliest worlds of a mind.
    pub(super) fn worlds(&self, mind: &Mind) -> Result<Worlds, String> {
        // One more, to see whether there is more.
        let mut worlds = mind.worlds(SHOWN + 1)?;
        let more = worlds.len() > SHOWN;
        worlds.truncate(SHOWN);
        let mut header = vec![format!("world of {}", mind.name), "share".into()];
        if mind.value.is_some() {
            header.push("value in it".into());
        }
        let text = |choices: Vec<&(String, String)>| {
            choices.iter().map(|(name, value)| format!("{name} = {value}")).collect::<Vec<_>>().join(", ")
        };
        // Of many choices, what is the same in all worlds is said once.
        let same = |choice: &(String, String)| {
            mind.choices.len() >= MANY
                && worlds.len() > 1
                && worlds.iter().all(|w| w.choices.contains(choice))
        };
        let rows = worlds.iter().map(|world| {
            let own: Vec<&(String, String)> = world.choices.iter().filter(|choice| !same(choice)).collect();
            let what = if own.is_empty() { "nothing is uncertain".into() } else { text(own) };
            let value = world.value.map(|value| self.number(value));
            [what, self.number(world.share)].into_iter().chain(value).collect()
        });
        let rows: Vec<Vec<String>> = rows.collect();
        let shares: Vec<f64> = worlds.iter().map(|world| world.share).collect();
        let mut notes = Vec::new();
        let common: Vec<&(String, String)> =
            worlds.first().iter().flat_map(|world| &world.choices).filter(|choice| same(choice)).collect();
        if !common.is_empty() {
            notes.push(format!("In all of them {}.", text(common)));
        }
        notes.push(if more {
            let rest = (1.0 - shares.iter().sum::<f64>()).max(0.0);
            format!("The likeliest {SHOWN}; the others have {} together.", self.number(rest))
        } else {
            "These are all that are left.".into()
        });
        Ok(Worlds { grid: Grid { header, rows }, shares, notes })
    }
}

/// Breaks a text at blanks after commas, so that its lines are short.
fn wrapped(text: &str) -> String {
    let mut out = String::new();
    let mut width = 0;
    for part in text.split_inclusive(", ") {
        let length = part.chars().count();
        if width > 0 && width + length > WIDTH {
            out.truncate(out.trim_end().len());
            out.push('\n');
            width = 0;
        }
        out.push_str(part);
        width += length;
    }
    out
}

impl fmt::Display for Grid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |column: usize| {
            let cells =
                std::iter::once(&self.header).chain(&self.rows).map(|row| row[column].chars().count());
            cells.max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.header.len()).map(width).collect();
        let border: String =
            widths.iter().map(|w| format!("+{}", "-".repeat(w + 2))).collect::<String>() + "+";
        let line = |row: &[String]| {
            let cells = row.iter().zip(&widths);
            cells.map(|(cell, w)| format!("| {cell:<w$} ")).collect::<String>() + "|"
        };
        writeln!(f, "{border}\n{}\n{border}", line(&self.header))?;
        for row in &self.rows {
            writeln!(f, "{}", line(row))?;
        }
        write!(f, "{border}")
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = Shown::new(self, f.precision());
        write!(f, "{}\n{}\n\n{}", shown.title(), shown.answer(), shown.steps())?;
        if self.end().is_some() {
            return Ok(());
        }
        for mind in &self.minds {
            match shown.worlds(mind) {
                Ok(Worlds { grid, notes, .. }) => {
                    write!(f, "\n\n{grid}")?;
                    notes.iter().try_for_each(|note| write!(f, "\n{}", wrapped(note)))?;
                }
                Err(why) => write!(f, "\n\nThe worlds of {} are not shown: {why}.", mind.name)?,
            }
        }
        Ok(())
    }
}
