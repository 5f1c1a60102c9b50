//! One axis by its name, or several.

/// The names of axes: one, `"x"`, or several, `["x", "y"]`.
pub trait AxisNames {
    /// The names, in order.
    fn names(&self) -> Vec<&str>;
}

impl AxisNames for &str {
    fn names(&self) -> Vec<&str> {
        vec![self]
    }
}

impl AxisNames for &String {
    fn names(&self) -> Vec<&str> {
        vec![self.as_str()]
    }
}

macro_rules! lists {
    ($([$($generics:tt)*] $list:ty;)*) => {$(
        impl<$($generics)*> AxisNames for $list {
            fn names(&self) -> Vec<&str> {
                self.to_vec()
            }
        }
    )*};
}
lists! {
    [const N: usize] [&str; N];
    [const N: usize] &[&str; N];
    [] &[&str];
    [] Vec<&str>;
}
