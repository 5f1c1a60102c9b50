//! The messages of the compiler, one constructor each in the files below, and
//! the sink that collects them.

mod explain;
pub(crate) mod expression;
mod gradient;
mod meaning;
mod syntax;

use proc_macro2::{Span, TokenStream, TokenTree};

/// One mistake: where, what, and how to mend it.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// What it is called in the index of errors, `docs/errors.md`.
    pub code: String,
    /// The offending word.
    pub span: Span,
    /// One sentence.
    pub message: String,
    /// The likely fix.
    pub help: Option<String>,
    /// The fix as text in the place of the offending word, where it is as simple as
    /// that.
    pub replacement: Option<String>,
}

/// Collects the mistakes of a model so that all come out in one build.
#[derive(Debug, Default)]
pub struct Errors {
    found: Vec<Diagnostic>,
    /// Names that were to be made known by what is wrong itself: that they are
    /// not is no mistake of its own.
    lost: Vec<String>,
}

impl Errors {
    /// An empty sink.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes one mistake and lets the phase go on.
    ///
    /// A statement that somebody foresees is read there and when it comes:
    /// what is wrong with it is told once.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let told = |d: &Diagnostic| {
            let what = d.message.split("in the frame of").next().unwrap_or_default();
            format!("{:?} {what}", d.span)
        };
        let new = told(&diagnostic);
        if !self.found.iter().any(|old| told(old) == new) {
            self.found.push(diagnostic);
        }
    }

    /// Shorthand for [`Errors::push`] with a help line.
    pub fn error(&mut self, code: &str, span: Span, message: impl Into<String>, help: impl Into<String>) {
        let (code, message, help) = (code.into(), message.into(), Some(help.into()));
        self.push(Diagnostic { code, span, message, help, replacement: None });
    }

    /// Says what to write in the place of the word that the last mistake is about.
    fn replace_by(&mut self, replacement: Option<&str>) {
        if let (Some(last), Some(text)) = (self.found.last_mut(), replacement) {
            last.replacement = Some(text.into());
        }
    }

    /// Takes over what another sink holds.
    pub fn extend(&mut self, other: Self) {
        self.found.extend(other.found);
        self.lost.extend(other.lost);
    }

    /// Says that a statement could not be read: what it would have brought into the model
    /// has its name in it, so that nothing is said of these names that may follow from that.
    pub(crate) fn lost_a_statement(&mut self, tokens: impl IntoIterator<Item = TokenTree>) {
        for token in tokens {
            match token {
                TokenTree::Ident(name) => self.lost_a_name(name.to_string()),
                TokenTree::Group(group) => self.lost_a_statement(group.stream()),
                _ => {}
            }
        }
    }

    /// Says that a choice or an agent is lost with what is wrong.
    pub(crate) fn lost_a_name(&mut self, name: impl Into<String>) {
        self.lost.push(name.into());
    }

    /// Whether a choice, or its agent, was lost.
    fn is_lost(&self, name: &str) -> bool {
        self.lost.iter().any(|lost| lost == name || name.split('.').any(|part| part == lost))
    }

    /// Whether nothing has gone wrong so far.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The mistakes so far, in the order found.
    #[must_use]
    pub fn found(&self) -> &[Diagnostic] {
        &self.found
    }

    /// `compile_error!` invocations, one for each mistake.
    #[must_use]
    pub fn to_compile_errors(&self) -> TokenStream {
        self.found
            .iter()
            .map(|d| {
                let help = d.help.iter().map(|help| format!("\n  help: {help}"));
                let text =
                    format!("{}{}\n  more: docs/errors.md#{}", d.message, help.collect::<String>(), d.code);
                syn::Error::new(d.span, text).to_compile_error()
            })
            .collect()
    }
}

fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

fn are(n: usize) -> &'static str {
    if n == 1 { "is" } else { "are" }
}

fn on_line(line: usize) -> String {
    if line == 0 { String::new() } else { format!(" on line {line}") }
}

fn is_are(names: &[String]) -> String {
    let list = names.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ");
    format!("{list} {}", if names.len() == 1 { "is" } else { "are" })
}

/// The known name closest to what was written, if one is close.
fn nearest<'a>(word: &str, candidates: &'a [String]) -> Option<&'a str> {
    let near = |candidate: &'a String| Some((misspelt(word, candidate)?, candidate.as_str()));
    candidates.iter().filter_map(near).min().map(|(_, candidate)| candidate)
}

/// How many letters apart two names are, if one may be the other misspelt: of
/// `bob.x` and `carol.y` one part at the most.
pub(crate) fn misspelt(word: &str, candidate: &str) -> Option<usize> {
    let close = |a: &str, b: &str| {
        let (distance, length) = (edit_distance(a, b), a.chars().count());
        (distance > 0 && distance <= 1 + length / 4 && distance < length).then_some(distance)
    };
    match (word.rsplit_once('.'), candidate.rsplit_once('.')) {
        (Some((a, x)), Some((b, y))) if a == b => close(x, y),
        (Some((a, x)), Some((b, y))) if x == y => close(a, b),
        (None, None) => close(word, candidate),
        _ => None,
    }
}

/// Levenshtein distance in characters.
pub(crate) fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}
