//! Lints: what is no mistake, but is hardly meant.
//!
//! On stable Rust a procedural macro can warn only by using something deprecated:
//! so `#[allow(deprecated)]` on a model silences them.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, Span, TokenStream, TokenTree};

use crate::syntax::Model;

/// Something worth a warning.
#[derive(Clone, Debug)]
pub struct Lint {
    /// Its name in the documentation.
    pub name: &'static str,
    /// The word that it is about.
    pub span: Span,
    /// What it is, and what to do.
    pub text: String,
}

/// Collects lints. What is looked at several times, as in the futures that an
/// agent foresees, is worth a warning only if it is every time.
#[derive(Debug, Default)]
pub(super) struct Lints {
    /// By name and place: whether there has always been something to warn of.
    seen: BTreeMap<(String, &'static str), Option<Lint>>,
}

impl Lints {
    /// Notes what has been looked at, and what is to be said if there is something.
    pub(super) fn look(&mut self, name: &'static str, span: Span, text: Option<String>) {
        let found = text.map(|text| Lint { name, span, text });
        let place = (format!("{span:?}"), name);
        let both = match (self.seen.remove(&place), found) {
            (Some(None), _) | (_, None) => None,
            (_, found) => found,
        };
        self.seen.insert(place, both);
    }

    /// All warnings, those of the model's text among them.
    pub(super) fn found(self, model: &Model) -> Vec<Lint> {
        let mut found: Vec<Lint> = self.seen.into_values().flatten().collect();
        let mut agents = Agents::default();
        agents.read(model.text.clone());
        found.extend(agents.idle());
        found.extend(agents.shadowed(model));
        found
    }
}

/// What a model's text says of its agents.
#[derive(Default)]
struct Agents {
    /// Where each is spoken of first, and what it does.
    does: BTreeMap<String, (Option<Span>, BTreeSet<String>)>,
    /// Who is asked or whose choices are read.
    mentioned: BTreeSet<String>,
}

impl Agents {
    fn read(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let colon = |at: usize| matches!(tokens.get(at), Some(TokenTree::Punct(p)) if p.as_char() == ':');
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            match token {
                TokenTree::Ident(cast) if cast == "cast" && colon(at + 1) => at += 2,
                TokenTree::Ident(who) if colon(at + 1) && !colon(at + 2) && (at == 0 || !colon(at - 1)) => {
                    let entry = self.does.entry(who.to_string()).or_default();
                    entry.0.get_or_insert_with(|| who.span());
                    entry.1.extend(tokens.get(at + 2).map(ToString::to_string));
                }
                TokenTree::Ident(word) => {
                    self.mentioned.insert(word.to_string());
                }
                TokenTree::Group(group) => self.read(group.stream()),
                _ => {}
            }
            at += 1;
        }
    }
}

impl Agents {
    /// Those who choose nothing and of whom nothing is asked.
    fn idle(&self) -> Vec<Lint> {
        const CHOICES: [&str; 6] = ["chooses", "given", "draws", "assigned", "guesses", "INSPECT"];
        let idle = |(who, (span, does)): (&String, &(Option<Span>, BTreeSet<String>))| {
            let acts = does.iter().any(|word| CHOICES.contains(&word.as_str()));
            let lint = |span: Span| Lint {
                name: "idle_agent",
                span,
                text: format!(
                    "{who} does nothing: {who} chooses nothing, and nothing is asked of {who}; help: ask, `{who}[…]`, or remove these statements"
                ),
            };
            if acts || who.starts_with('_') || self.mentioned.contains(who) { None } else { span.map(lint) }
        };
        self.does.iter().filter_map(idle).collect()
    }

    /// Those who share their name with an axis or a parameter.
    fn shadowed(&self, model: &Model) -> Vec<Lint> {
        let names = model.axes.iter().map(|axis| &axis.name).chain(model.parameters.iter().map(|p| &p.name));
        let shadowed = |name: &Ident| {
            let (span, _) = self.does.get(&name.to_string())?;
            let text = format!(
                "`{name}` is an agent and a value here: `{name}[…]` asks the agent; help: rename one of the two"
            );
            span.map(|span| Lint { name: "shadowed_name", span, text })
        };
        names.filter_map(shadowed).collect()
    }
}
