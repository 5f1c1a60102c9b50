//! What the user wrote, as text for people: the same whether or not the tokens
//! still know their places in the source.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// The tokens with blanks where people set them.
#[must_use]
pub fn text(tokens: &TokenStream) -> String {
    let mut out = String::new();
    write(tokens.clone(), &mut out);
    out
}

fn write(tokens: TokenStream, out: &mut String) {
    // Whether something stands before that an operator may have on its left.
    let mut operand = false;
    // Whether the next token follows without a blank.
    let mut glued = true;
    // Whether the next sign is the second half of an operator.
    let mut half = false;
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Brace => ("{ ", " }"),
                    Delimiter::None => ("", ""),
                };
                // `f(x)` and `w[x]`, but `a + (b)` and `if c { a }`.
                let follows =
                    operand && matches!(group.delimiter(), Delimiter::Parenthesis | Delimiter::Bracket);
                if !glued && !follows {
                    out.push(' ');
                }
                out.push_str(open);
                write(group.stream(), out);
                out.push_str(close);
                (operand, glued, half) = (true, false, false);
            }
            TokenTree::Punct(mark) => {
                let sign = mark.as_char();
                let joint = mark.spacing() == Spacing::Joint;
                match sign {
                    // The second half of `==`.
                    _ if half => (half, glued) = (false, false),
                    '.' | ':' | '?' => glued = true,
                    ',' | ';' => glued = false,
                    // After nothing that it could join it is a sign of its own: `-x`.
                    '-' | '!' | '*' | '&' | '~' | '+' if !operand => {
                        if !glued {
                            out.push(' ');
                        }
                        glued = true;
                    }
                    _ => {
                        if !glued {
                            out.push(' ');
                        }
                        (half, glued) = (joint, joint);
                    }
                }
                out.push(sign);
                operand = false;
            }
            TokenTree::Ident(word) => {
                let word = word.to_string();
                if !glued {
                    out.push(' ');
                }
                // `not (x)`: a word that is an operator is no function.
                operand = !matches!(word.as_str(), "and" | "or" | "not" | "if" | "else" | "in" | "is");
                out.push_str(&word);
                glued = false;
            }
            TokenTree::Literal(literal) => {
                if !glued {
                    out.push(' ');
                }
                out.push_str(&literal.to_string());
                (operand, glued) = (true, false);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn it_reads_as_people_write() {
        for written in [
            "alice[Pr[monty.prize == d]]",
            "E[a.x * -2 + (b - 1)]",
            "speaker.n != k and not (k > 2)",
            "normal_pdf(reading, bob.t, 0.5)",
            "if c { a } else { b }",
            "Pr[a.face == Coin::Heads, x >= 1]",
            "a.x ** 2 && !b || -c <= 0..3",
            "f[x, b.y](t - 1)",
            "!c || x.0 == 1",
        ] {
            let tokens = written.parse().unwrap_or_else(|error| panic!("{written}: {error}"));
            assert_eq!(super::text(&tokens), written);
        }
    }
}
