//! What reading may use up.

/// What a text may use up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The longest text in bytes. Text repeated by aliases may be eight times
    /// as much.
    pub max_bytes: usize,
    /// The deepest nesting of collections, after aliases are expanded. More
    /// than 256 is read as 256.
    pub max_depth: usize,
    /// The most scalars and collections in all documents together, keys
    /// included, after aliases are expanded.
    pub max_nodes: usize,
}

/// 1 MiB, 64 levels, 100 000 nodes.
impl Default for Limits {
    fn default() -> Self {
        Self { max_bytes: 1 << 20, max_depth: 64, max_nodes: 100_000 }
    }
}

/// How much of a text is read, and how strictly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// All documents; keys that are set twice are problems.
    Strict,
    /// All documents; of equal keys the last counts.
    Lenient,
    /// The same of the first document alone.
    First,
}
