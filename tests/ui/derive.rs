use memo::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
enum Empty {}

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
enum Fields {
    A(bool),
    B { x: bool },
}

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
struct Generic<T>(T);

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
struct Unit;

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
struct Number {
    x: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
struct Reference {
    x: &'static str,
}

#[derive(Clone, Copy, Domain)]
union Bits {
    a: u8,
    b: i8,
}

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
#[domain(krate = other)]
enum Attribute {
    A,
}

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
struct Tuple(bool, bool);

fn main() {}
