//! What the fast way accepts means the same on the general way.

use std::borrow::Cow;

use go_yaml::Value;
use go_yaml::plain::{Visitor, visit};
use proptest::prelude::*;
use serde_json::{Map, Value as Json};

/// Builds JSON of what is told.
#[derive(Default)]
struct Builder {
    stack: Vec<Json>,
    keys: Vec<String>,
    root: Json,
    offsets: Vec<(String, usize)>,
    is_json: bool,
}

impl Builder {
    fn place(&mut self, value: Json) {
        match self.stack.last_mut() {
            Some(Json::Array(items)) => items.push(value),
            Some(Json::Object(map)) => {
                map.insert(self.keys.pop().unwrap_or_default(), value);
            }
            _ => self.root = value,
        }
    }
}

impl Visitor for Builder {
    fn begin_mapping(&mut self) {
        self.stack.push(Json::Object(Map::new()));
    }

    fn key(&mut self, name: &str, offset: usize) {
        self.keys.push(name.to_owned());
        self.offsets.push((name.to_owned(), offset));
    }

    fn begin_sequence(&mut self) {
        self.stack.push(Json::Array(Vec::new()));
    }

    fn end(&mut self) {
        let done = self.stack.pop().unwrap_or_default();
        self.place(done);
    }

    fn scalar(&mut self, text: Cow<'_, str>, value: Value) {
        let json = match value {
            Value::Null => Json::Null,
            Value::Bool(value) => value.into(),
            Value::Int(value) => value.into(),
            Value::UInt(value) => value.into(),
            Value::Float(value) if value.is_finite() => value.into(),
            Value::Float(_) => {
                self.is_json = false;
                Json::Null
            }
            Value::String => text.into_owned().into(),
        };
        self.place(json);
    }
}

/// Wants the keys of the root and nothing below them.
#[derive(Default)]
struct RootKeys {
    depth: usize,
    offsets: Vec<(String, usize)>,
}

impl Visitor for RootKeys {
    fn begin_mapping(&mut self) {
        self.depth += 1;
    }

    fn key(&mut self, name: &str, offset: usize) {
        if self.depth == 1 {
            self.offsets.push((name.to_owned(), offset));
        }
    }

    fn wants_value(&self) -> bool {
        false
    }

    fn begin_sequence(&mut self) {
        self.depth += 1;
    }

    fn end(&mut self) {
        self.depth -= 1;
    }

    fn scalar(&mut self, _text: Cow<'_, str>, _value: Value) {}
}

/// Offsets of the keys of a node, in the order of the text.
fn keys(node: &go_yaml::Node, found: &mut Vec<(String, usize)>) {
    match &node.data {
        go_yaml::Data::Mapping(entries) => {
            for entry in entries {
                found.push((entry.key.name.clone(), entry.key.span.start.offset));
                keys(&entry.value, found);
            }
        }
        go_yaml::Data::Sequence(items) => items.iter().for_each(|item| keys(item, found)),
        go_yaml::Data::Scalar(_) => {}
    }
}

/// Whether the fast way accepts a text; what differs, if it then differs.
fn compare(text: &str) -> Result<bool, String> {
    let limits = go_yaml::Limits { max_bytes: 64 << 20, max_depth: 200, max_nodes: 4_000_000 };
    let mut builder = Builder { is_json: true, ..Builder::default() };
    if !visit(text.as_bytes(), &limits, &mut builder) {
        return Ok(false);
    }
    let nodes = go_yaml::read_last_of_equal_keys(text.as_bytes(), &limits)
        .map_err(|problems| format!("accepted {text:?}, but {}", problems[0]))?;
    let [node] = nodes.as_slice() else { return Err(format!("{} documents in {text:?}", nodes.len())) };
    match node.to_json() {
        Ok(json) if json != builder.root => {
            return Err(format!("{text:?} is {json}, not {}", builder.root));
        }
        Err(problem) if builder.is_json => return Err(format!("accepted {text:?}, but {problem}")),
        _ => {}
    }
    // Of equal keys one is left on the general way.
    let mut expected = Vec::new();
    keys(node, &mut expected);
    if expected.iter().any(|key| !builder.offsets.contains(key)) {
        return Err(format!("the keys of {text:?} are at {expected:?}, not {:?}", builder.offsets));
    }
    // Quoted text may go on left of its key.
    if let go_yaml::Data::Mapping(entries) = &node.data
        && !text.contains(['"', '\''])
    {
        let mut root = RootKeys::default();
        if !visit(text.as_bytes(), &limits, &mut root) {
            return Err(format!("{text:?} is accepted, but not when only its root matters"));
        }
        let root = root.offsets;
        let is_missing =
            entries.iter().any(|entry| !root.iter().any(|(_, at)| *at == entry.key.span.start.offset));
        if is_missing || root.iter().any(|key| !builder.offsets.contains(key)) {
            return Err(format!(
                "the root of {text:?} has keys {root:?}, but there are {:?}",
                builder.offsets
            ));
        }
    }
    Ok(true)
}

/// Pieces that mean something to YAML, put together at random.
fn soup() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a", "b", "key", "1", "true", "~", ": ", ":", "\n", "\n", "\n  ", "\n    ", "- ", "-", "  ", " ",
        "'", "\"", "# c", " # c", "|", "|-", "|+", ">", ">-", "|2", "[", "]", "{", "}", ",", ", ", "[]",
        "{}", "x y", "\\", "\\n", "''", "---", "...", "\t", "é", "&a", "*a", "!t", "<<", "? ", "%", "@",
        "a: b", "- a", "\n- ", "\na: ", "0x1F", "1e3", "\u{85}", "\u{2028}", "\\ ", "\\\n", "\u{feff}", "😀",
        "a: 'x", "a: \"x", "null", "on",
    ]);
    prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

/// A document as people write it, with one place damaged.
fn damaged() -> impl Strategy<Value = String> {
    const TEXT: &str = "# Values.\nglobal:\n  name: 'it''s'   # why\n  list:\n  - a\n  - b: 1\n    c: |\n     \n      one\n\n       two\n        \n      three\n  - - x\n    - \"y\\n\"\n\n  nothing:\nempty: {}\nflow: [a, {b: 'c'}, 1.5]\nfolded: >-\n  one\n  two\nuneven: >\n  one\n\n  two\n    right\n\n    more\n  left\n\n\n  end\nlong: one\n  two\n\n  three\nquoted: \"one \\\n  \\ two \\n\n  three\"\nown:\n  {}\n  # c\nlast: |+\n    kept\n\n";
    (0..TEXT.len(), 0..4_usize, "[ a:#'\"|>\\-\\n\\[{,0]{0,3}")
        .prop_map(|(at, length, insert)| damage(TEXT, at, length, &insert))
}

/// The same for JSON.
fn damaged_json() -> impl Strategy<Value = String> {
    const TEXT: &str = "{\n  \"a\": [1, -2.5, true, null, \"x\\n\\u00e9\\\"\", {}], \"b\":{\"c\":\"d: e # f\",\n\"g\": []\n  },\n  \"h\": [\n    {\"i\": \"\\t\\r\"}\n  ]\n}\n";
    (0..TEXT.len(), 0..4_usize, "[ a:#'\"|>\\-\\n\\[{},\\\\u0]{0,3}")
        .prop_map(|(at, length, insert)| damage(TEXT, at, length, &insert))
}

fn damage(text: &str, at: usize, length: usize, insert: &str) -> String {
    let mut text = text.to_owned();
    let end = (at + length).min(text.len());
    text.replace_range(at..end, insert);
    text
}

/// A document without quotes, damaged.
fn damaged_unquoted() -> impl Strategy<Value = String> {
    const TEXT: &str = "a:\n  b: [1, 2]\n  c: |\n    d: e\n\n    f\ng:\n- h: i\n  # j\n- - k\n# l\nm: n\n  o\np: # q\n  r: {}\ns: [\n  t]\nu: >-\n  v\n\nw:\n\nx: y\n";
    (0..TEXT.len(), 0..4_usize, "[ a:#|>\\-\n\\[{,0]{0,3}")
        .prop_map(|(at, length, insert)| damage(TEXT, at, length, &insert))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_accepted_means_the_same(text in prop_oneof![soup(), damaged(), damaged_unquoted(), damaged_json()]) {
        compare(&text).map_err(TestCaseError::fail)?;
    }
}

#[test]
fn ordinary_files_are_accepted() {
    for text in [
        "a: 1\n",
        "# c\n\n---\n# d\nkind: X\nmetadata:\n    name: y\n",
        "a:\n- b\n- c: d\n  e: f\n-\n  g: h\ni: [a, b]\n",
        "a: |-\n  x\n\ty: [\n  \n  z",
        "{\"a\": [1, {\"b\":\"c\\n\"}],\n \"d\": {\n }\n}\n",
        "a: >\n  one\n\n  two\n    three\n  four\n\n",
        "a: |\n  \n \n  one\n     \n  two\n   \nb: >\n  \n  one\n    \n  two\n",
        "a: one\n   two\n\n   three # c\nb: \"x\n  y\"\n'c': 'it''s'\n",
    ] {
        assert_eq!(compare(text), Ok(!text.contains('\t')), "{text}");
    }
}

/// Compares both ways on every file below the folders of `YAML_FOLDERS`, whole and damaged.
#[test]
#[ignore = "needs folders of YAML files"]
fn files_mean_the_same() {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below.max(1) as u64).unwrap_or_default()
    };
    let (mut files, mut accepted, mut variants, mut accepted_variants) = (0, 0, 0, 0);
    let mut folders: Vec<_> =
        std::env::var("YAML_FOLDERS").unwrap_or_default().split(':').map(std::path::PathBuf::from).collect();
    let rounds: usize = std::env::var("ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(20);
    while let Some(path) = folders.pop() {
        if path.is_dir() {
            folders.extend(std::fs::read_dir(&path).unwrap().flatten().map(|entry| entry.path()));
            continue;
        }
        let Ok(whole) = std::fs::read_to_string(&path) else { continue };
        if !path.extension().is_some_and(|end| end == "yaml" || end == "yml")
            || path.components().any(|part| part.as_os_str() == "templates")
        {
            continue;
        }
        for text in whole.split("\n---\n") {
            files += 1;
            let is_accepted = compare(text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            accepted += usize::from(is_accepted);
            if !is_accepted && std::env::var_os("SHOW").is_some() {
                println!("given up: {}: {:?}", path.display(), text.get(..60));
            }
            if text.len() > 20_000 || !text.is_ascii() {
                continue;
            }
            for _ in 0..rounds {
                let mut bytes = text.as_bytes().to_vec();
                for _ in 0..=random(2) {
                    let at = random(bytes.len());
                    match random(4) {
                        0 if !bytes.is_empty() => drop(bytes.remove(at)),
                        1 => bytes.insert(at, b" \n:-#'\"|>[]{}a\\,"[random(16)]),
                        2 => bytes.insert(at, b"\n  :-&*!?%@`\t~0"[random(15)]),
                        _ => {
                            let end = (at + random(20)).min(bytes.len());
                            drop(bytes.drain(at..end));
                        }
                    }
                }
                let text = String::from_utf8(bytes).unwrap();
                variants += 1;
                accepted_variants +=
                    usize::from(compare(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display())));
            }
        }
    }
    println!("{accepted} of {files} documents, {accepted_variants} of {variants} variants");
    assert!(accepted > 0);
}
