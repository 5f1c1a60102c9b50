//! A page while its test runs.

use std::cell::RefCell;
use std::fmt::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::blocks::{Kind, blocks};

thread_local! {
    static PRINTED: RefCell<String> = const { RefCell::new(String::new()) };
}

/// What stands in for `println!` in the blocks of the book.
pub(crate) fn print(text: fmt::Arguments<'_>) {
    PRINTED.with_borrow_mut(|printed| {
        let _ = writeln!(printed, "{text}");
    });
}

/// A page, and what its blocks have printed.
pub(crate) struct Page {
    name: &'static str,
    printed: Vec<(usize, String)>,
}

impl Page {
    pub(crate) fn new(name: &'static str) -> Self {
        Self { name, printed: Vec::new() }
    }

    /// The block that begins in this line has run.
    pub(crate) fn printed(&mut self, line: usize) {
        self.printed.push((line, PRINTED.take()));
    }

    /// Holds what was printed against the page, or writes it there.
    pub(crate) fn end(self) {
        let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(self.name);
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", self.name));
        let mut lines: Vec<String> = text.lines().map(String::from).collect();
        let mut wrong = String::new();
        let mut hidden = String::new();
        // From the last on, so that the lines of those before stay where they are.
        for block in blocks(self.name, &text).into_iter().rev() {
            let found = match block.kind {
                Kind::Other => continue,
                Kind::Fails => messages(&block.code),
                Kind::Runs => {
                    let printed = self.printed.iter().find(|(line, _)| *line == block.line);
                    printed.map(|(_, text)| text.clone()).unwrap_or_default()
                }
            };
            let found: Vec<&str> = found.trim_end().lines().map(str::trim_end).collect();
            match block.output {
                None if found.is_empty() => {}
                None => {
                    let _ = writeln!(hidden, "line {}:\n{}\n", block.line, found.join("\n"));
                }
                Some((_, shown))
                    if shown.lines().map(compared).eq(found.iter().map(|line| compared(line))) => {}
                Some((range, _)) => {
                    let _ = writeln!(wrong, "line {}:\n{}\n", block.line, found.join("\n"));
                    lines.splice(range, found.iter().map(ToString::to_string));
                }
            }
        }
        assert!(
            hidden.is_empty(),
            "{}: a block of `text` must follow what prints; this is not shown\n{hidden}",
            self.name
        );
        if !wrong.is_empty() && std::env::var_os("BOOK_UPDATE").is_some() {
            std::fs::write(&path, lines.join("\n") + "\n")
                .unwrap_or_else(|error| panic!("{}: {error}", self.name));
        } else {
            assert!(
                wrong.is_empty(),
                "{} shows other outputs than these; BOOK_UPDATE=1 writes them there\n{wrong}",
                self.name
            );
        }
    }
}

/// A line as it is compared: how many steps a search takes depends on the last bits of
/// numbers, and so on the machine.
fn compared(line: &str) -> String {
    let line = line.trim_end();
    match line.split_once("converged after ").and_then(|(_, rest)| rest.split_once(" iteration")) {
        Some((steps, _)) => line.replacen(steps, "…", 1),
        None => line.to_string(),
    }
}

/// What the compiler says of the models of a block, as rustc prints it.
fn messages(code: &str) -> String {
    let file = syn::parse_str::<syn::File>(code).unwrap_or_else(|error| panic!("{error}: {code}"));
    let lines: Vec<&str> = code.lines().collect();
    let mut said = String::new();
    for item in file.items {
        let syn::Item::Fn(mut function) = item else { continue };
        let Some(at) = function.attrs.iter().position(|a| a.path().is_ident("memo")) else { continue };
        function.attrs.remove(at);
        let nothing = proc_macro2::TokenStream::new();
        let errors = memo_compiler::diagnose(nothing, quote::ToTokens::to_token_stream(&function));
        for found in errors.found() {
            let (from, to) = (found.span.start(), found.span.end());
            let help = found.help.as_ref().map(|help| format!("\n         help: {help}")).unwrap_or_default();
            let gap = " ".repeat(from.line.to_string().len());
            let _ = writeln!(
                said,
                "error: {}{help}\n{gap}--> src/main.rs:{}:{}\n{gap} |\n{} | {}\n{gap} | {}{}",
                found.message,
                from.line,
                from.column + 1,
                from.line,
                lines[from.line - 1],
                " ".repeat(from.column),
                "^".repeat(to.column.saturating_sub(from.column).max(1)),
            );
            said.push('\n');
        }
    }
    said
}

/// What a `fn main` returns.
pub trait Outcome {
    /// It must not be an error.
    fn hold(self);
}

impl Outcome for () {
    fn hold(self) {}
}

impl<E: std::fmt::Display> Outcome for Result<(), E> {
    fn hold(self) {
        self.unwrap_or_else(|error| panic!("{error}"));
    }
}
