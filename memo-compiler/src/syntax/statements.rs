//! Statements: `who: keyword …`.

use proc_macro2::{Delimiter, Ident, Punct, Spacing, Span, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::spanned::Spanned;

use super::expressions::{self, choice_name};
use super::{ChoiceDeclaration, ChoiceName, How, Statement, StatementKind, split, split_inner};
use crate::diagnostics::{Errors, edit_distance, misspelt};

/// The keywords of statements.
const KEYWORDS: &[&str] = &[
    "chooses",
    "given",
    "draws",
    "assigned",
    "guesses",
    "thinks",
    "observes",
    "sees",
    "hears",
    "observes_that",
    "observes_event",
    "knows",
    "forgets_about",
    "snapshots_self_as",
    "wants",
    "has_theory",
    "INSPECT",
];

/// Those after which nobody holds or knows a choice that was not held or known before.
const BRING_NO_NAMES: &[&str] =
    &["observes_that", "observes_event", "forgets_about", "has_theory", "INSPECT"];

/// How a choice is made.
const WAYS: &[&str] = &["wpp", "to_maximize", "to_minimize", "to_be", "such_that", "uniformly"];

/// The way of choosing that a word is, or plainly means.
fn way(word: &str) -> Option<&'static str> {
    let near = |way: &&'static str| if *way == word { Some(0) } else { misspelt(word, way) };
    WAYS.iter().copied().filter_map(|way| Some((near(&way)?, way))).min().map(|(_, way)| way)
}

/// `ident :`, but not `ident ::`.
pub(super) fn looks_like_statement(piece: &TokenStream) -> bool {
    let mut tokens = piece.clone().into_iter();
    matches!(
        (tokens.next(), tokens.next()),
        (Some(TokenTree::Ident(_)), Some(TokenTree::Punct(mark))) if is_colon(&mark)
    )
}

fn is_colon(mark: &Punct) -> bool {
    mark.as_char() == ':' && mark.spacing() == Spacing::Alone
}

/// Parses statements, noting what is wrong and going on.
pub(super) struct Statements<'e> {
    pub(super) errors: &'e mut Errors,
}

impl Statements<'_> {
    /// One statement, appended to `out` if it can be understood; `around` is where it stands.
    pub(super) fn parse(&mut self, piece: TokenStream, around: Span, out: &mut Vec<Statement>) {
        let mut tokens = piece.clone().into_iter();
        match (tokens.next(), tokens.next()) {
            (Some(TokenTree::Ident(who)), Some(TokenTree::Punct(mark))) if is_colon(&mark) => {
                match tokens.next() {
                    Some(TokenTree::Ident(keyword)) => self.parse_rest(who, &keyword, tokens.collect(), out),
                    _ => {
                        self.errors.missing_keyword(who.span(), &who.to_string());
                        self.errors.lost_a_statement(piece);
                    }
                }
            }
            // `alice chooses(…)`: read on as if the colon were there.
            (Some(TokenTree::Ident(who)), Some(TokenTree::Ident(keyword)))
                if KEYWORDS.contains(&keyword.to_string().as_str()) =>
            {
                self.errors.missing_colon(who.span(), &who.to_string(), &keyword.to_string());
                self.parse_rest(who, &keyword, tokens.collect(), out);
            }
            (first, _) => {
                let (span, text) = first.map_or((around, String::new()), |t| (t.span(), t.to_string()));
                self.errors.not_a_statement(span, &text);
                self.errors.lost_a_statement(piece);
            }
        }
    }

    /// What comes after `who: keyword`.
    fn parse_rest(
        &mut self,
        who: Ident,
        keyword: &Ident,
        mut rest: Vec<TokenTree>,
        out: &mut Vec<Statement>,
    ) {
        let next = self.missing_semicolon(&rest).map(|at| rest.split_off(at));
        let word = keyword.to_string();
        let text = match rest.first() {
            Some(TokenTree::Group(group)) => super::text::text(&group.stream()),
            _ => String::new(),
        };
        match self.kind(&who, &word, keyword.span(), &rest) {
            Some(kind) => out.push(Statement { who, kind, span: keyword.span(), text }),
            None if BRING_NO_NAMES.contains(&word.as_str()) => self.errors.lost_a_name(who.to_string()),
            None => self.errors.lost_a_statement(rest.into_iter().chain([TokenTree::Ident(who)])),
        }
        if let Some(next) = next {
            self.parse(next.into_iter().collect(), keyword.span(), out);
        }
    }

    /// What the statement says.
    fn kind(&mut self, who: &Ident, word: &str, span: Span, rest: &[TokenTree]) -> Option<StatementKind> {
        match word {
            "chooses" | "given" | "draws" | "assigned" | "guesses" => self.chooses(rest, span, who),
            "thinks" => self.thinks(rest, span),
            "observes" | "sees" | "hears" => self.observes(rest, span),
            "observes_that" => {
                let inner = self.group(rest, Delimiter::Bracket, span, word);
                inner.and_then(|e| expressions::parse_all(e, self.errors)).map(StatementKind::ObservesThat)
            }
            "observes_event" => self.keyed(rest, span, word).and_then(|(key, inner)| {
                if key != "wpp" {
                    let near = misspelt(&key.to_string(), "wpp").map(|_| "wpp");
                    self.errors.wrong_key(key.span(), &key.to_string(), &["wpp"], near);
                }
                expressions::parse_all(inner, self.errors).map(StatementKind::ObservesEvent)
            }),
            "knows" => self.choice_names(rest, span, word).map(StatementKind::Knows),
            "forgets_about" => self.choice_names(rest, span, word).map(StatementKind::ForgetsAbout),
            "snapshots_self_as" => self.idents(rest, span, word).map(StatementKind::SnapshotsSelfAs),
            "wants" => self.keyed(rest, span, word).and_then(|(goal, inner)| {
                let utility = expressions::parse_all(inner, self.errors)?;
                Some(StatementKind::Wants { goal, utility })
            }),
            "has_theory" => self.idents(rest, span, word).and_then(|names| {
                if let Some(extra) = names.get(1) {
                    self.errors.unexpected(extra.span(), &extra.to_string(), true);
                }
                names.into_iter().next().map(StatementKind::HasTheory)
            }),
            "INSPECT" => self.group(rest, Delimiter::Parenthesis, span, word).map(|inner| {
                if let Some(extra) = inner.into_iter().next() {
                    self.errors.unexpected(extra.span(), &extra.to_string(), true);
                }
                StatementKind::Inspect
            }),
            other => {
                let near = KEYWORDS.iter().min_by_key(|k| edit_distance(other, k)).copied();
                let near = near.filter(|k| edit_distance(other, k) <= 3);
                self.errors.unknown_keyword(span, other, near, KEYWORDS);
                // Read on as what is meant, if that is plain.
                let meant = near.filter(|word| misspelt(other, word).is_some())?;
                self.kind(who, meant, span, rest)
            }
        }
    }

    /// `a: knows(x) b: …`: a `;` is missing before `b`; its place.
    fn missing_semicolon(&mut self, rest: &[TokenTree]) -> Option<usize> {
        let before = rest.windows(3).position(|window| match window {
            [TokenTree::Group(_) | TokenTree::Ident(_), TokenTree::Ident(who), TokenTree::Punct(colon)] => {
                is_colon(colon) && who != "is"
            }
            _ => false,
        })?;
        let who = &rest[before + 1];
        self.errors.missing_semicolon(who.span(), &who.to_string());
        Some(before + 1)
    }

    fn group(
        &mut self,
        rest: &[TokenTree],
        delimiter: Delimiter,
        span: Span,
        word: &str,
    ) -> Option<TokenStream> {
        if let Some(TokenTree::Group(group)) = rest.first()
            && group.delimiter() == delimiter
        {
            if let Some(extra) = rest.get(1) {
                self.errors.unexpected(extra.span(), &extra.to_string(), false);
            }
            return Some(group.stream());
        }
        self.errors.missing_brackets(span, word, delimiter == Delimiter::Bracket);
        None
    }

    /// `(key = expression)`.
    fn keyed(&mut self, rest: &[TokenTree], span: Span, word: &str) -> Option<(Ident, TokenStream)> {
        let inner = self.group(rest, Delimiter::Parenthesis, span, word)?;
        let found = key_value(&inner);
        if found.is_none() {
            self.errors.missing_key(span, word);
        }
        found
    }

    fn chooses(&mut self, rest: &[TokenTree], span: Span, who: &Ident) -> Option<StatementKind> {
        let inner = self.group(rest, Delimiter::Parenthesis, span, "chooses")?;
        let mut choices = Vec::new();
        let mut how = None;
        let mut broken = false;
        for piece in split(inner, ',') {
            let words: Vec<TokenTree> = piece.clone().into_iter().take(2).collect();
            match words.as_slice() {
                [TokenTree::Ident(name), TokenTree::Ident(r#in)] if r#in == "in" => {
                    let domain: TokenStream = piece.into_iter().skip(2).collect();
                    if domain.is_empty() {
                        self.errors.missing_domain(name.span(), &name.to_string());
                        broken = true;
                    }
                    choices.push(ChoiceDeclaration { name: name.clone(), domain });
                }
                [TokenTree::Ident(word)] if way(&word.to_string()) == Some("uniformly") => {
                    if word != "uniformly" {
                        self.errors.wrong_key(word.span(), &word.to_string(), WAYS, Some("uniformly"));
                    }
                    if how.replace(How::Uniformly).is_some() {
                        self.errors.weight_twice(word.span(), &who.to_string());
                    }
                }
                [TokenTree::Ident(name)] => {
                    self.errors.missing_domain(name.span(), &name.to_string());
                    broken = true;
                }
                _ => match key_value(&piece) {
                    Some((key, value)) => {
                        let Some(e) = expressions::parse_all(value, self.errors) else {
                            broken = true;
                            continue;
                        };
                        let word = key.to_string();
                        let meant = way(&word).filter(|way| *way != "uniformly");
                        if meant != Some(word.as_str()) {
                            self.errors.wrong_key(key.span(), &word, WAYS, meant);
                        }
                        let said = how.replace(match meant {
                            Some("wpp") => How::Weight(e),
                            Some("to_maximize") => How::Maximize(e),
                            Some("to_minimize") => How::Minimize(e),
                            Some("to_be") => How::ToBe(e),
                            Some("such_that") => How::SuchThat(e),
                            _ => {
                                broken = true;
                                continue;
                            }
                        });
                        if said.is_some() {
                            self.errors.weight_twice(key.span(), &who.to_string());
                        }
                    }
                    None => {
                        self.errors.bad_choice(piece.span());
                        broken = true;
                    }
                },
            }
        }
        if broken {
            // Keep what was declared, so that later uses do not fail as well.
            how = how.or(Some(How::Uniformly));
        }
        if choices.is_empty() {
            if !broken {
                self.errors.nothing_chosen(span, &who.to_string());
            }
            return None;
        }
        let Some(how) = how else {
            self.errors.missing_weight(span, &who.to_string());
            return Some(StatementKind::Chooses { choices, how: How::Uniformly });
        };
        Some(StatementKind::Chooses { choices, how })
    }

    fn thinks(&mut self, rest: &[TokenTree], span: Span) -> Option<StatementKind> {
        let inner = self.group(rest, Delimiter::Bracket, span, "thinks")?;
        let pieces = split_inner(inner, self.errors);
        Some(StatementKind::Thinks(self.parse_all(pieces, span)))
    }

    /// The statements inside some brackets; `span` is where these are.
    pub(super) fn parse_all(&mut self, pieces: Vec<TokenStream>, span: Span) -> Vec<Statement> {
        let mut statements = Vec::new();
        pieces.into_iter().for_each(|piece| self.parse(piece, span, &mut statements));
        statements
    }

    /// `[b.x] is y`.
    fn observes(&mut self, rest: &[TokenTree], span: Span) -> Option<StatementKind> {
        let Some(TokenTree::Group(group)) = rest.first() else {
            self.errors.missing_brackets(span, "observes", true);
            return None;
        };
        let observed = group.stream().to_string().replace(' ', "");
        let target = self.one_choice(group.stream(), group.span());
        if !matches!(rest.get(1), Some(TokenTree::Ident(is)) if is == "is") {
            self.errors.observes_needs_is(span);
            return None;
        }
        let source: TokenStream = rest[2..].iter().cloned().collect();
        let Ok(source) = choice_name.parse2(source.clone()) else {
            let text = source.to_string().replace(' ', "");
            let span = source.into_iter().next().map_or(span, |t| t.span());
            self.errors.observed_value(span, &observed, &text);
            return None;
        };
        Some(StatementKind::Observes { target: target?, source })
    }

    fn one_choice(&mut self, tokens: TokenStream, span: Span) -> Option<ChoiceName> {
        let span = tokens.clone().into_iter().next().map_or(span, |t| t.span());
        match choice_name.parse2(tokens) {
            Ok(name) => Some(name),
            Err(_) => {
                self.errors.not_a_choice(span);
                None
            }
        }
    }

    fn choice_names(&mut self, rest: &[TokenTree], span: Span, word: &str) -> Option<Vec<ChoiceName>> {
        let inner = self.group(rest, Delimiter::Parenthesis, span, word)?;
        let names: Vec<_> = split(inner, ',').into_iter().map(|p| self.one_choice(p, span)).collect();
        names.into_iter().collect()
    }

    fn idents(&mut self, rest: &[TokenTree], span: Span, word: &str) -> Option<Vec<Ident>> {
        let inner = self.group(rest, Delimiter::Parenthesis, span, word)?;
        let parser = |input: ParseStream<'_>| input.parse_terminated(Ident::parse_any, syn::Token![,]);
        match parser.parse2(inner) {
            Ok(names) if !names.is_empty() => Some(names.into_iter().collect()),
            _ => {
                self.errors.names_expected(span, word);
                None
            }
        }
    }
}

/// `key = tokens`, but not `key == tokens`.
fn key_value(tokens: &TokenStream) -> Option<(Ident, TokenStream)> {
    let mut tokens = tokens.clone().into_iter();
    let Some(TokenTree::Ident(key)) = tokens.next() else { return None };
    match tokens.next() {
        Some(TokenTree::Punct(p)) if p.as_char() == '=' => {}
        _ => return None,
    }
    let rest: TokenStream = tokens.collect();
    // `wpp == x` is a slip of the pen: read it as `wpp = x` would be wrong for
    // `wpp = =x`, so only a first token that is no second `=` counts.
    match rest.clone().into_iter().next() {
        Some(TokenTree::Punct(p)) if p.as_char() == '=' => None,
        None => None,
        _ => Some((key, rest)),
    }
}
