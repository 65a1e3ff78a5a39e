//! The user's values: files and `--set`.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use go_template::{Map, MapKind, Value};

use super::{as_table, empty_map, from_yaml_bytes};
use crate::error::Error;
use crate::strvals::{self, Mode};

/// The options of helm that set values.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// `--values`: files, later over earlier; `-` is the standard input.
    pub files: Vec<PathBuf>,
    /// `--set`
    pub set: Vec<String>,
    /// `--set-string`
    pub set_string: Vec<String>,
    /// `--set-json`
    pub set_json: Vec<String>,
    /// `--set-file`
    pub set_file: Vec<String>,
    /// `--set-literal`
    pub set_literal: Vec<String>,
}

/// Makes one map of all options, in helm's order: files, `--set-json`, `--set`, `--set-string`, `--set-file`,
/// `--set-literal`.
///
/// # Errors
///
/// If a file cannot be read or a text is malformed.
pub fn merge(options: &Options) -> Result<Value, Error> {
    let mut base = empty_map();
    for path in &options.files {
        let text = read_file(path)?;
        let values = from_yaml_bytes(&text)
            .map_err(|error| error.within(format_args!("failed to parse {}", path.display())))?;
        if let Some(values) = as_table(&values) {
            base = merge_maps(&base, values);
        }
    }
    for text in &options.set_json {
        // Helm does not say what is wrong.
        strvals::parse_into(text, &base, Mode::Json)
            .map_err(|_| Error::new(format!("failed parsing --set-json data {text}")))?;
    }
    let read = |path: &str| {
        let text = read_file(Path::new(path))?;
        Ok(Value::String(text.into()))
    };
    for (name, texts, mode) in [
        ("--set", &options.set, Mode::Typed),
        ("--set-string", &options.set_string, Mode::Strings),
        ("--set-file", &options.set_file, Mode::Files(&read)),
        ("--set-literal", &options.set_literal, Mode::Literal),
    ] {
        for text in texts {
            strvals::parse_into(text, &base, mode)
                .map_err(|error| error.within(format_args!("failed parsing {name} data")))?;
        }
    }
    Ok(Value::Map(base))
}

fn merge_maps(under: &Map, over: &Map) -> Rc<Map> {
    let mut merged: BTreeMap<_, _> = under.entries().clone();
    for (key, value) in over.entries().iter() {
        let value = match (merged.get(key).and_then(as_table), as_table(value)) {
            (Some(below), Some(above)) => Value::Map(merge_maps(below, above)),
            _ => value.clone(),
        };
        merged.insert(key.clone(), value);
    }
    Map::new(MapKind::Any, merged)
}

fn read_file(path: &Path) -> Result<Vec<u8>, Error> {
    let name = path.to_string_lossy();
    if name.trim() == "-" {
        let mut text = Vec::new();
        std::io::stdin()
            .read_to_end(&mut text)
            .map_err(|error| Error::new(format!("standard input cannot be read: {error}")))?;
        return Ok(text);
    }
    if ["http://", "https://", "oci://"].iter().any(|scheme| name.starts_with(scheme)) {
        return Err(Error::new(format!("{name} is not fetched: give a local file")));
    }
    std::fs::read(path).map_err(|error| Error::new(format!("open {name}: {error}")))
}
