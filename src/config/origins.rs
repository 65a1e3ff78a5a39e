//! Where the keys of a config are set.

use super::diagnostic::Source;
use super::layers::{Layer, Layers, is_null};
use super::lookup::Lookup;
use super::path::Path;
use super::{document, set};

/// The texts that a config was read from.
#[derive(Debug)]
pub struct Origins {
    names: Vec<String>,
    layers: Layers,
}

/// Where a key is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The file as given, `<stdin>` or `--set`.
    pub file: String,
    /// The line of its value, from 1.
    pub line: usize,
    /// The column of its value in characters, from 1.
    pub column: usize,
}

/// Writes `config.yaml:4:5`; an argument of `--set` has no lines.
impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.file == set::NAME {
            return f.write_str(&self.file);
        }
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

impl Origins {
    /// Of the texts of a config that has been loaded: files, and behind them arguments of `--set`.
    #[must_use]
    pub fn new(files: &[Source], sets: &[String]) -> Self {
        let files = files.iter().enumerate().map(|(index, file)| {
            let tree = document::read(index, file);
            (file.name.clone(), tree)
        });
        let sets = sets.iter().map(|argument| (set::NAME.to_owned(), set::read(0, argument)));
        let mut names = Vec::new();
        let mut layers = Vec::new();
        for (name, tree) in files.chain(sets) {
            // What cannot be read would not have been loaded.
            if let Ok(tree) = tree {
                layers.push(Layer { source: names.len(), tree });
                names.push(name);
            }
        }
        Self { names, layers: Layers(layers) }
    }

    /// Where a key is set. Nothing for a key that no text has, or that is removed with `null`.
    #[must_use]
    pub fn of(&self, path: &Path) -> Option<Origin> {
        let place = self.layers.find_exactly(path, &Lookup::default())?;
        let start = place.value.start;
        Some(Origin { file: self.names.get(place.source)?.clone(), line: start.line, column: start.column })
    }
}

impl Layers {
    /// Where the value at `path` is written, if it is and is not `null`.
    fn find_exactly<'tree>(&'tree self, path: &Path, lookup: &Lookup<'tree>) -> Option<super::layers::Place> {
        let merged = self.merged()?;
        let value = path.keys().try_fold(&merged, |node, key| node.get(key).map(|entry| &entry.value))?;
        if is_null(value) { None } else { self.find(path, lookup) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_set_where_the_last_text_has_them() {
        let file = |name: &str, text: &str| Source { name: name.to_owned(), bytes: text.into() };
        let files =
            [file("a.yaml", "x:\n  p: 1\n  q: 2\nlist: [1]\n"), file("b.yaml", "x: {p: 3, q: null}\n")];
        let origins = Origins::new(&files, &["v.w=1".to_owned()]);
        let shown = |key: &str| {
            origins.of(&Path::parse(key).unwrap()).map_or("-".to_owned(), |origin| origin.to_string())
        };
        assert_eq!(shown("x.p"), "b.yaml:1:8");
        assert_eq!(shown("list"), "a.yaml:4:7");
        assert_eq!(shown("v.w"), "--set");
        for key in ["x.q", "x.a", "x.p.a", "list.a", "none"] {
            assert_eq!(shown(key), "-", "{key}");
        }
        assert_eq!(shown("v"), "--set");
    }
}
