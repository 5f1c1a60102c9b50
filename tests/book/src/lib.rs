//! The book under `docs/` as tests: every ` ```rust ` block of a page is compiled
//! and run, and must print the ` ```text ` that follows it. The messages of the
//! compiler about a ` ```rust,compile_fail ` block are held against the text in the
//! same way.
//!
//! `BOOK_UPDATE=1 cargo test -p memo-book` writes the outputs into the pages.

#![allow(clippy::unit_arg, reason = "a `fn main` of a page returns `()` or a `Result`")]
#![allow(clippy::upper_case_acronyms, reason = "the type of a domain has the name of its constant")]
#![allow(clippy::duplicate_mod, reason = "several pages use the models of the examples")]

#[cfg(test)]
mod blocks;
#[cfg(test)]
mod page;

/// What a block prints is kept, to be held against the page.
#[cfg(test)]
macro_rules! println {
    ($($parts:tt)*) => { $crate::page::print(format_args!($($parts)*)) };
}

#[cfg(test)]
include!(concat!(env!("OUT_DIR"), "/pages.rs"));
