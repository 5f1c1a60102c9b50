//! memo macros
