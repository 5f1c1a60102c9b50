//! Sound models, changed a little: words dropped, doubled, moved and taken from
//! elsewhere.

#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// The models of the examples.
const SOURCES: [&str; 8] = [
    include_str!("../../../examples/models/lewis_game.rs"),
    include_str!("../../../examples/models/sally_anne.rs"),
    include_str!("../../../examples/models/crying_baby.rs"),
    include_str!("../../../examples/models/investment_game.rs"),
    include_str!("../../../examples/models/cheryl.rs"),
    include_str!("../../../examples/models/empowerment.rs"),
    include_str!("../../../examples/models/battle_of_wits.rs"),
    include_str!("../../../tests/language.rs"),
];

/// The models as text, without the attribute.
fn models() -> &'static [String] {
    static MODELS: OnceLock<Vec<String>> = OnceLock::new();
    MODELS.get_or_init(|| {
        let whole = SOURCES.join("\n");
        let after_line = |at: usize| whole[at..].find('\n').map(|end| at + end + 1);
        let starts = whole.match_indices("#[memo").filter_map(|(at, _)| after_line(at));
        // A model ends with the first brace at the start of a line.
        starts.filter_map(|at| Some(whole[at..at + whole[at..].find("\n}")? + 2].to_string())).collect()
    })
}

/// How a model is changed: a byte for each decision.
struct Changes<'b> {
    bytes: std::slice::Iter<'b, u8>,
    left: usize,
}

impl Changes<'_> {
    fn next(&mut self) -> u8 {
        self.bytes.next().copied().unwrap_or(255)
    }

    /// The tokens with some of them changed, those of groups too.
    fn change(&mut self, tokens: TokenStream, words: &[TokenTree]) -> TokenStream {
        let mut out: Vec<TokenTree> = Vec::new();
        for token in tokens {
            let token = match token {
                TokenTree::Group(group) => {
                    let inner = self.change(group.stream(), words);
                    TokenTree::Group(Group::new(group.delimiter(), inner))
                }
                other => other,
            };
            // Few changes a model, so that most of it makes sense.
            let choice = if self.left > 0 { self.next() } else { 255 };
            if choice < 10 {
                self.left -= 1;
            }
            match choice {
                0 => {}
                1 => out.extend([token.clone(), token]),
                2 => out.insert(out.len().saturating_sub(1), token),
                3..=6 if !words.is_empty() => {
                    let at = usize::from(self.next()) * 256 + usize::from(self.next());
                    out.push(words[at % words.len()].clone());
                }
                7 => out.push(TokenTree::Group(Group::new(Delimiter::Parenthesis, token.into()))),
                8 => out.push(TokenTree::Group(Group::new(Delimiter::Bracket, token.into()))),
                9 => out.push(TokenTree::Group(Group::new(Delimiter::Brace, token.into()))),
                _ => out.push(token),
            }
        }
        out.into_iter().collect()
    }
}

/// All words of some tokens.
fn words(tokens: TokenStream, out: &mut Vec<TokenTree>) {
    for token in tokens {
        if let TokenTree::Group(group) = &token {
            words(group.stream(), out);
        }
        out.push(token);
    }
}

fuzz_target!(|bytes: &[u8]| {
    let [first, second, bytes @ ..] = bytes else { return };
    let models = models();
    let at = |byte: &u8| &models[usize::from(*byte) % models.len()];
    let (Ok(model), Ok(other)) = (at(first).parse::<TokenStream>(), at(second).parse::<TokenStream>()) else {
        return;
    };
    let mut others = Vec::new();
    words(other, &mut others);
    let changed = Changes { bytes: bytes.iter(), left: 6 }.change(model, &others);
    // What it asks for adds code to it, each in its own way.
    for options in ["", "grad", "explain"] {
        let Ok(options) = options.parse() else { return };
        let _ = memo_compiler::expand(options, changed.clone());
    }
    proc_macro2::extra::invalidate_current_thread_spans();
});
