//! How far a long computation is.

use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Says how far something is, if somebody may be looking.
pub(crate) struct Progress<'n> {
    name: &'n str,
    of: usize,
    done: AtomicUsize,
    started: Instant,
    shown: bool,
}

impl<'n> Progress<'n> {
    pub(crate) fn new(name: &'n str, of: usize) -> Self {
        let (done, started) = (AtomicUsize::new(0), Instant::now());
        Self { name, of, done, started, shown: std::io::stderr().is_terminal() }
    }

    pub(crate) fn step(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if self.shown && self.started.elapsed() > Duration::from_secs(1) {
            // Whether it can be shown does not matter to the result.
            let _ = write!(std::io::stderr(), "\r{}: {done} of {}", self.name, self.of);
        }
    }

    pub(crate) fn end(&self) {
        if self.shown && self.started.elapsed() > Duration::from_secs(1) {
            let _ = write!(std::io::stderr(), "\r{:width$}\r", "", width = self.name.len() + 30);
        }
    }
}
