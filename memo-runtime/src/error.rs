//! What can only go wrong at run time.

use std::fmt;

/// Why a model could not be computed.
///
/// ```
/// use memo_runtime::Error;
/// let error = Error::EndlessRecursion { chain: vec!["f(1)".into(), "f(1)".into()] };
/// assert_eq!(
///     error.to_string(),
///     "the recursion does not end: f(1) → f(1); stop it with `if` on a parameter"
/// );
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq)]
pub enum Error {
    /// A weight is negative, NaN or infinite.
    BadWeight {
        /// The model.
        model: String,
        /// Who chooses.
        agent: String,
        /// What is chosen.
        choice: String,
        /// The values of all choices that the weight depends on.
        cell: Vec<(String, String)>,
        /// The weight.
        value: f64,
    },
    /// A domain has no values.
    EmptyDomain {
        /// The model.
        model: String,
        /// The domain, as written.
        name: String,
    },
    /// Two domains of one type that must be the same differ in their values.
    DomainMismatch {
        /// The model.
        model: String,
        /// What should agree.
        what: String,
    },
    /// A table would not fit into memory.
    TooLarge {
        /// The model.
        model: String,
        /// The axes that meet and their lengths.
        axes: Vec<(String, usize)>,
        /// What the table would need.
        bytes: u128,
        /// What it may take.
        limit: u128,
    },
    /// The tables of all calls, which a derivative keeps, would not fit into memory.
    RecordTooLarge {
        /// The model whose call was one too many.
        model: String,
        /// How many calls had been made, and how many there are.
        calls: (usize, usize),
        /// What their tables need.
        bytes: u128,
        /// What they may take.
        limit: u128,
    },
    /// Models that call each other without end.
    EndlessRecursion {
        /// The chain of calls.
        chain: Vec<String>,
    },
    /// A computed number that a Rust function or a model cannot take.
    BadArgument {
        /// The model.
        model: String,
        /// What is called.
        function: String,
        /// The type that it takes.
        wanted: String,
        /// The number.
        number: f64,
    },
    /// A Rust function that the model uses has panicked.
    Panicked {
        /// The model that was called.
        model: String,
        /// What the function said.
        message: String,
    },
    /// A model with `strict` rests on impossible evidence.
    ImpossibleEvidence {
        /// The model.
        model: String,
        /// The first cell of its table where that is so.
        cell: Vec<(String, String)>,
    },
    /// One array in the place of two parameters that are differentiated with respect to.
    SameArray {
        /// The model.
        model: String,
        /// The parameters.
        parameters: [String; 2],
    },
    /// A cotangent, or counts, that have not one number for each cell of the table.
    CotangentSize {
        /// The model.
        model: String,
        /// The cells of its table.
        cells: usize,
        /// The numbers that were given.
        found: usize,
    },
    /// A key whose value is outside an axis of a table.
    OutsideAxis {
        /// The model.
        model: String,
        /// The axis and its domain, as written.
        axis: String,
        /// The value.
        value: String,
    },
    /// An index outside an array.
    OutOfBounds {
        /// The model.
        model: String,
        /// What is indexed.
        array: String,
        /// The index.
        index: String,
        /// The length.
        length: String,
    },
}

impl std::error::Error for Error {}

/// An error in a box: what is right is told in a register, and little is moved where
/// something may go wrong but hardly ever does. Users get the error itself.
pub type Fault = Box<Error>;

impl From<Fault> for Error {
    #[cold]
    fn from(fault: Fault) -> Self {
        *fault
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadWeight { model, agent, choice, cell, value } => {
                let cell: Vec<String> =
                    cell.iter().map(|(name, label)| format!("{name} = {label}")).collect();
                write!(f, "in the model `{model}`, {agent} chooses `{choice}` with the weight {value}")?;
                if !cell.is_empty() {
                    write!(f, " where {}", cell.join(", "))?;
                }
                write!(f, "; a weight must be a finite number that is not negative")
            }
            Self::EmptyDomain { model, name } => {
                write!(f, "in the model `{model}`, the domain `{name}` has no values")
            }
            Self::DomainMismatch { model, what } => {
                write!(f, "in the model `{model}`, the domains of {what} differ in their values")
            }
            Self::TooLarge { model, axes, bytes, limit } => {
                let axes: Vec<String> = axes.iter().map(|(name, n)| format!("{name} ({n})")).collect();
                write!(
                    f,
                    "in the model `{model}`, a table over {} needs {bytes} bytes, more than the limit of {limit}",
                    axes.join(" × ")
                )
            }
            Self::RecordTooLarge { model, calls: (made, all), bytes, limit } => write!(
                f,
                "a derivative keeps the tables of all calls: with that of `{model}`, the first {made} of {all} need {bytes} bytes, more than the limit of {limit}"
            ),
            Self::EndlessRecursion { chain } => write!(
                f,
                "the recursion does not end: {}; stop it with `if` on a parameter",
                chain.join(" → ")
            ),
            Self::BadArgument { model, function, wanted, number } => write!(
                f,
                "in the model `{model}`, `{function}` is given the number {number}, but takes a `{wanted}`"
            ),
            Self::Panicked { model, message } => {
                write!(f, "in the model `{model}`, a function has panicked: {message}")
            }
            Self::ImpossibleEvidence { model, cell } => {
                let cell: Vec<String> =
                    cell.iter().map(|(name, label)| format!("{name} = {label}")).collect();
                write!(f, "in the model `{model}`, what is observed cannot be")?;
                if !cell.is_empty() {
                    write!(f, " where {}", cell.join(", "))?;
                }
                write!(f, ": its total weight is 0; without `strict` the answer there is 0")
            }
            Self::SameArray { model, parameters: [one, other] } => write!(
                f,
                "`{one}` and `{other}` of the model `{model}` are one array, and a derivative tells arrays apart by where they lie; give a copy for one of them"
            ),
            Self::CotangentSize { model, cells, found } => write!(
                f,
                "cotangents and counts for the model `{model}` have one number for each of the {cells} cells of its table, and {found} were given"
            ),
            Self::OutsideAxis { model, axis, value } => {
                write!(f, "{value} is outside the axis `{axis}` of the table of `{model}`")
            }
            Self::OutOfBounds { model, array, index, length } => {
                write!(
                    f,
                    "in the model `{model}`, the index {index} is outside `{array}`, whose length is {length}"
                )
            }
        }
    }
}
