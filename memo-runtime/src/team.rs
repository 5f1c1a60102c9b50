//! Threads that help another with one loop after the other.
//!
//! A call with large tables has several loops in a row that threads share, each some tens
//! of microseconds long. To hand one to a thread that sleeps takes as long, and so does it
//! to sleep until all others are done. So whoever has helped once stays awake for a while
//! and looks for the next loop; and nobody is waited for who has not begun.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::ThreadId;
use std::time::{Duration, Instant};

/// How long a helper without work stays awake.
const IDLE: Duration = Duration::from_micros(100);

/// How often a thread looks whether something has happened, before it looks at the clock.
const SPINS: usize = 256;

/// What helpers do: something of a loop, until nothing of it is left.
type Help = &'static (dyn Fn() + Sync);

/// What a thread hands to those that help it.
struct Team {
    /// Whose it is.
    owner: ThreadId,
    gate: Mutex<Gate>,
    /// How many loops there have been.
    loops: AtomicUsize,
    /// How many helpers have begun, with the gate held, and are not done.
    under_way: AtomicUsize,
    /// Whether the owner sleeps until none is under way.
    owner_sleeps: AtomicBool,
    all_done: Condvar,
}

#[derive(Default)]
struct Gate {
    /// The loop at hand; none where nobody may begin any more.
    help: Option<Help>,
    /// How many there are, those that are still to come among them.
    helpers: usize,
    /// With what one of them has panicked.
    panic: Option<Box<dyn Any + Send>>,
}

thread_local! {
    static TEAM: Arc<Team> = Arc::new(Team {
        owner: std::thread::current().id(),
        gate: Mutex::default(),
        loops: AtomicUsize::new(0),
        under_way: AtomicUsize::new(0),
        owner_sleeps: AtomicBool::new(false),
        all_done: Condvar::new(),
    });
}

/// Does `own`, while so many others do `help`; returns when all that have begun are done.
///
/// Both should be parts of the same work, until nothing of it is left: others may come
/// late, or never.
///
/// # Panics
/// Where one of them does.
pub(crate) fn together(others: usize, help: &(dyn Fn() + Sync), own: impl FnOnce()) {
    // A thread that is just ending has no team any more.
    let Ok(team) = TEAM.try_with(Arc::clone) else { return own() };
    let mut gate = team.gate();
    if others == 0 || gate.help.is_some() {
        // In the middle of a loop of its own.
        drop(gate);
        return own();
    }
    // SAFETY: nobody begins with it once the gate is closed, and this function does not
    // return, nor unwind, before that and before all are done that have begun.
    #[allow(unsafe_code, reason = "helpers outlive what they help with: half the time of a short loop")]
    let lent = unsafe { std::mem::transmute::<&(dyn Fn() + Sync), Help>(help) };
    gate.help = Some(lent);
    let missing = others.saturating_sub(gate.helpers);
    gate.helpers += missing;
    team.loops.fetch_add(1, Ordering::Release);
    drop(gate);
    for _ in 0..missing {
        let team = Arc::clone(&team);
        rayon::spawn(move || team.help());
    }
    let done = catch_unwind(AssertUnwindSafe(own));
    let panicked = team.close();
    match (done, panicked) {
        (Err(panic), _) | (Ok(()), Some(panic)) => resume_unwind(panic),
        (Ok(()), None) => {}
    }
}

impl Team {
    fn gate(&self) -> MutexGuard<'_, Gate> {
        self.gate.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets nobody begin any more, and waits for those that have.
    fn close(&self) -> Option<Box<dyn Any + Send>> {
        self.gate().help = None;
        // A thread that sleeps is some ten microseconds late.
        for _ in 0..4 * SPINS {
            if self.under_way.load(Ordering::Acquire) == 0 {
                break;
            }
            std::hint::spin_loop();
        }
        let mut gate = self.gate();
        if self.under_way.load(Ordering::Acquire) > 0 {
            self.owner_sleeps.store(true, Ordering::SeqCst);
            while self.under_way.load(Ordering::SeqCst) > 0 {
                gate = self.all_done.wait(gate).unwrap_or_else(PoisonError::into_inner);
            }
            self.owner_sleeps.store(false, Ordering::Relaxed);
        }
        gate.panic.take()
    }

    /// Helps with one loop after the other.
    fn help(&self) {
        let mut seen = None;
        loop {
            let mut gate = self.gate();
            let at_hand = Some(self.loops.load(Ordering::Relaxed));
            if let Some(help) = gate.help.filter(|_| seen != at_hand) {
                self.under_way.fetch_add(1, Ordering::Relaxed);
                drop(gate);
                if let Err(panic) = catch_unwind(AssertUnwindSafe(help)) {
                    self.gate().panic.get_or_insert(panic);
                }
                // The owner, which waits for this and then looks at the gate, finds it free.
                let others = self.under_way.fetch_sub(1, Ordering::SeqCst) - 1;
                if others == 0 && self.owner_sleeps.load(Ordering::SeqCst) {
                    // It is asleep by then, or sees that none is under way.
                    drop(self.gate());
                    self.all_done.notify_one();
                }
            } else if seen.is_none() && std::thread::current().id() == self.owner {
                // Nobody has come, and the owner now looks for other work itself.
                gate.helpers -= 1;
                return;
            } else {
                drop(gate);
            }
            seen = at_hand;
            if !self.await_loop(at_hand) {
                let mut gate = self.gate();
                if Some(self.loops.load(Ordering::Relaxed)) == at_hand {
                    gate.helpers -= 1;
                    return;
                }
            }
        }
    }

    /// Stays awake until there is another loop; false where there is none for long.
    fn await_loop(&self, seen: Option<usize>) -> bool {
        let start = Instant::now();
        loop {
            for _ in 0..SPINS {
                if Some(self.loops.load(Ordering::Acquire)) != seen {
                    return true;
                }
                std::hint::spin_loop();
            }
            if start.elapsed() > IDLE {
                return false;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts to a number, alone or with others; how many have begun.
    fn count(others: usize, to: usize) -> usize {
        let (next, counted, begun) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
        let work = || {
            begun.fetch_add(1, Ordering::Relaxed);
            while next.fetch_add(1, Ordering::Relaxed) < to {
                counted.fetch_add(1, Ordering::Relaxed);
            }
        };
        together(others, &work, work);
        assert_eq!(counted.into_inner(), to);
        begun.into_inner()
    }

    #[test]
    fn all_is_done_by_whoever_comes() {
        for others in [0, 1, 3] {
            for to in [0, 1, 10, 1000, 100_000] {
                let begun = count(others, to);
                assert!((1..=others + 1).contains(&begun), "{begun} of {others} and one");
            }
        }
    }

    #[test]
    fn many_threads_have_helpers_at_once() {
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| (0..200).for_each(|round| _ = count(2, round)));
            }
        });
    }

    /// A helper that looks for it finds a second loop without being called.
    #[test]
    fn a_helper_stays_for_the_next_loop() {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build();
        let pool = pool.unwrap_or_else(|error| panic!("{error}"));
        let came = AtomicUsize::new(0);
        pool.install(|| {
            for round in 1..=5 {
                // The loop ends when it has been helped with.
                let help = || _ = came.fetch_add(1, Ordering::Release);
                together(1, &help, || {
                    while came.load(Ordering::Acquire) < round {
                        std::thread::yield_now();
                    }
                });
            }
        });
        assert_eq!(came.into_inner(), 5);
    }

    #[test]
    fn a_loop_in_a_loop_is_done_alone() {
        let inner = AtomicUsize::new(0);
        together(1, &|| {}, || inner.store(count(3, 100), Ordering::Relaxed));
        assert_eq!(inner.into_inner(), 1);
    }

    #[test]
    fn panics_come_back_when_all_are_done() {
        let done = AtomicUsize::new(0);
        let panics = |own: bool| {
            let begun = AtomicUsize::new(0);
            let help = || {
                begun.store(1, Ordering::Release);
                assert!(own, "a helper");
                std::thread::sleep(Duration::from_millis(2));
                done.fetch_add(1, Ordering::Relaxed);
            };
            let wait = || {
                while begun.load(Ordering::Acquire) == 0 {
                    std::thread::yield_now();
                }
                assert!(!own, "itself");
            };
            let panicked = catch_unwind(AssertUnwindSafe(|| together(1, &help, wait)));
            let panic = panicked.err().unwrap_or_else(|| panic!("nothing came back"));
            panic.downcast_ref::<&str>().map(|text| (*text).to_owned())
        };
        assert_eq!(panics(true).as_deref(), Some("itself"));
        assert_eq!(done.load(Ordering::Relaxed), 1);
        assert_eq!(panics(false).as_deref(), Some("a helper"));
        // The next loop knows nothing of it.
        count(2, 1000);
    }
}
