//! memo runtime
