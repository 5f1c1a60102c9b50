//! What a call costs.

use std::fmt;

/// The cost of a call, counted on the compiled plan, not measured.
///
/// ```
/// let cost = memo_runtime::Cost { flops: 12, bytes: 64, program_size: 7 };
/// assert_eq!(cost.to_string(), "12 operations, 64 bytes, 7 nodes");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Floating-point operations.
    pub flops: u64,
    /// Bytes of the tables that are filled.
    pub bytes: u64,
    /// Nodes of the program.
    pub program_size: u64,
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} operations, {} bytes, {} nodes", self.flops, self.bytes, self.program_size)
    }
}
