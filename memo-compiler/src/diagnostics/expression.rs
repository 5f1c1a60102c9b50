//! What is wrong with how an expression is written.
//!
//! The parser passes its errors on as those of `syn`, which are a place and a
//! text; the parts of a message stand in that text with a mark between them.

use proc_macro2::Span;

use super::{Diagnostic, Errors};

/// Stands between the parts of a message.
const MARK: char = '\u{1f}';

/// A mistake with its code, what it is, and how to mend it.
pub(crate) fn wrong(code: &str, span: Span, message: &str, help: &str) -> syn::Error {
    mended(code, span, message, help, "")
}

/// The same, where the fix is another word.
pub(crate) fn mended(code: &str, span: Span, message: &str, help: &str, replacement: &str) -> syn::Error {
    syn::Error::new(span, [code, message, help, replacement].join(&MARK.to_string()))
}

impl Errors {
    /// Notes an error of the parser, one of `wrong` or one of `syn` itself.
    pub(crate) fn expression_syntax(&mut self, span: Span, text: &str) {
        let mut parts = text.split(MARK);
        let first = parts.next().unwrap_or_default();
        let part = |part: Option<&str>| part.filter(|text| !text.is_empty()).map(str::to_string);
        let diagnostic = match parts.next() {
            Some(message) => Diagnostic {
                code: first.into(),
                span,
                message: message.into(),
                help: part(parts.next()),
                replacement: part(parts.next()),
            },
            None => Diagnostic {
                code: "expression".into(),
                span,
                message: first.into(),
                help: Some("see the expressions of the language in its documentation".into()),
                replacement: None,
            },
        };
        self.push(diagnostic);
    }
}

/// The message that a parser's error holds, without its code.
pub(crate) fn message_of(error: &syn::Error) -> String {
    let text = error.to_string();
    text.split(MARK).nth(1).map_or(text.clone(), str::to_string)
}
