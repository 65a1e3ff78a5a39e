//! Places, problems, merge keys, limits and hostile texts.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::time::{Duration, Instant};

use go_yaml::{Data, Limits, Node, Problem, ProblemKind, Value, read};
use proptest::prelude::*;

fn nodes(text: &str) -> Vec<Node> {
    read(text.as_bytes(), &Limits::default()).unwrap()
}

fn node(text: &str) -> Node {
    let mut nodes = nodes(text);
    assert_eq!(nodes.len(), 1, "{text}");
    nodes.remove(0)
}

fn problems(text: impl AsRef<[u8]>) -> Vec<Problem> {
    read(text.as_ref(), &Limits::default()).unwrap_err()
}

fn fails(text: impl AsRef<[u8]>, kind: ProblemKind, expected: &str) {
    let problems = problems(&text);
    let printed: Vec<String> = problems.iter().map(Problem::to_string).collect();
    assert_eq!((problems[0].kind, printed), (kind, vec![expected.to_owned()]));
}

fn json(text: &str) -> String {
    node(text).to_json().unwrap().to_string()
}

fn span(node: &Node) -> String {
    format!("{}-{}", node.span.start, node.span.end)
}

fn at<'node>(node: &'node Node, path: &str) -> &'node Node {
    path.split('.').fold(node, |node, name| match (&node.data, name.parse::<usize>()) {
        (Data::Sequence(items), Ok(index)) => &items[index],
        _ => &node.get(name).unwrap().value,
    })
}

#[test]
fn every_node_and_key_has_its_place() {
    let text = "# top\nname: été # why\nlist:\n  - a\n  - b: 1\n\n# gap\n\nflow: [x, {y: 2}, p: q]\nempty:\nquoted: \"a\n  b\"\ntext: |\n  one\n";
    let root = node(text);
    assert_eq!(span(&root), "2:1-15:1");
    assert_eq!(span(at(&root, "name")), "2:7-2:10");
    assert_eq!(&text[at(&root, "name").span.start.offset..at(&root, "name").span.end.offset], "été");
    assert_eq!(span(at(&root, "list")), "4:3-5:9");
    assert_eq!(span(at(&root, "list.1")), "5:5-5:9");
    assert_eq!(span(at(&root, "flow")), "9:7-9:24");
    assert_eq!(span(at(&root, "flow.1")), "9:11-9:17");
    assert_eq!(span(at(&root, "flow.2")), "9:19-9:23");
    assert_eq!(span(at(&root, "empty")), "10:7-10:7");
    assert_eq!(span(at(&root, "quoted")), "11:9-12:5");
    let key = &root.get("quoted").unwrap().key;
    assert_eq!((key.span.start.to_string(), key.span.end.to_string()), ("11:1".into(), "11:7".into()));
}

#[test]
fn a_byte_order_mark_counts_as_bytes_only() {
    let root = node("\u{feff}a: b\r\nc: d");
    assert_eq!((root.span.start.column, root.span.start.offset), (1, 3));
    assert_eq!((at(&root, "c").span.start.line, at(&root, "c").span.start.offset), (2, 12));
}

#[test]
fn keys_have_a_name_and_a_text() {
    let root = node("yes: 1\n0x10: 2\n~: 3\n1.50: 4\n'on': 5\n");
    let Data::Mapping(entries) = &root.data else { panic!() };
    let keys: Vec<_> = entries.iter().map(|entry| (&*entry.key.name, &*entry.key.text)).collect();
    assert_eq!(keys, [("true", "yes"), ("16", "0x10"), ("null", "~"), ("1.5", "1.50"), ("on", "on")]);
    assert_eq!(root.to_json().unwrap_err().kind, ProblemKind::InvalidKey);
}

#[test]
fn scalars_keep_their_text() {
    let Data::Scalar(scalar) = node("1.50").data else { panic!() };
    assert_eq!((&*scalar.text, scalar.plain, scalar.value), ("1.50", true, Value::Float(1.5)));
    let Data::Scalar(scalar) = node("'1.50'").data else { panic!() };
    assert_eq!((&*scalar.text, scalar.plain, scalar.value), ("1.50", false, Value::String));
}

#[test]
fn kinds_have_names() {
    let list = node("[~, yes, 010, 18446744073709551615, 1.5, a, [], {}]");
    let Data::Sequence(items) = &list.data else { panic!() };
    let names: Vec<_> = items.iter().map(Node::kind_name).collect();
    let expected = ["null", "boolean", "integer", "integer", "number", "string", "sequence", "mapping"];
    assert_eq!(names, expected);
}

#[test]
fn all_documents_are_read() {
    assert!(nodes("").is_empty());
    assert!(nodes(" # nothing\n\n").is_empty());
    let kinds: Vec<_> = nodes("---\n---\na\n...\n---\n- b\n").iter().map(Node::kind_name).collect();
    assert_eq!(kinds, ["null", "string", "sequence"]);
}

#[test]
fn all_keys_set_twice_are_reported() {
    let found = problems("a: 1\nb: {c: 1, c: 2}\n'a': 2\n1: x\n0x1: y\na: [\n");
    let found: Vec<_> = found.iter().map(|problem| (problem.kind, problem.to_string())).collect();
    let twice = ProblemKind::DuplicateKey;
    assert_eq!(found[0], (twice, "2:11: key \"c\" is already set at line 2".into()));
    assert_eq!(found[1].0, ProblemKind::Syntax);
    let found = problems("a: 1\n'a': 2\n1: x\n0x1: y\n");
    let found: Vec<_> = found.iter().map(Problem::to_string).collect();
    assert_eq!(found, ["2:1: key \"a\" is already set at line 1", "4:1: key \"1\" is already set at line 3"]);
}

#[test]
fn merge_keys() {
    assert_eq!(json("a: &x {k: 1, l: 2}\nb: {k: 3, <<: *x}"), r#"{"a":{"k":1,"l":2},"b":{"k":3,"l":2}}"#);
    assert_eq!(json("b: {<<: [{k: 1}, {k: 2, m: 3}], o: 4}"), r#"{"b":{"k":1,"m":3,"o":4}}"#);
    let chain = "a: &x {k: 1}\nb: &y {<<: *x, l: 2}\nc: {<<: *y}";
    assert_eq!(json(chain), r#"{"a":{"k":1},"b":{"k":1,"l":2},"c":{"k":1,"l":2}}"#);
    let message = "1:5: the value of << must be a mapping or a sequence of mappings";
    fails("<<: 1", ProblemKind::InvalidMerge, message);
}

#[test]
fn aliases() {
    assert_eq!(json("a: &x [1]\nb: *x\nc: &x 2\nd: *x"), r#"{"a":[1],"b":[1],"c":2,"d":2}"#);
    fails("a: *x", ProblemKind::UnknownAnchor, "1:4: unknown anchor \"x\"");
    fails("a: &x 1\n---\nb: *x", ProblemKind::UnknownAnchor, "3:4: unknown anchor \"x\"");
    fails("a: &a [*a]", ProblemKind::RecursiveAlias, "1:8: anchor \"a\" contains itself");
    fails("- &a {b: *a}", ProblemKind::RecursiveAlias, "1:10: anchor \"a\" contains itself");
}

#[test]
fn syntax_problems_have_a_place_and_a_reason() {
    let fails = |text: &str, expected: &str| fails(text, ProblemKind::Syntax, expected);
    fails("a: b\n c: d", "2:3: mapping values are not allowed in this context");
    fails("a:\n\tb: 1", "2:1: found a tab where indentation must be spaces");
    fails("a: b\n\tc: d", "2:1: found a tab where indentation must be spaces");
    fails("a: |\n  b\n\tc", "3:1: found a tab where indentation must be spaces");
    fails("-\ta", "1:2: found a tab where a space must be");
    fails("- a\nb: c", "2:1: did not find expected '-' indicator, while parsing a block collection");
    fails("a: [1, 2", "1:9: did not find expected ',' or ']', while parsing a flow sequence");
    fails("a: 'b", "1:6: found unexpected end of stream, while scanning a quoted scalar");
    fails("a: \"b\\/c\"", "1:6: found unknown escape character, while parsing a quoted scalar");
    fails("a: `b", "1:4: found character that cannot start any token, while scanning for the next token");
    fails("é: \u{7}", "1:4: control characters are not allowed: found U+0007");
    fails("a\0b", "1:2: control characters are not allowed: found U+0000");
    fails("[!!str, x]", "1:7: did not find expected whitespace or line break, while scanning a tag");
}

#[test]
fn bytes_that_are_not_utf8() {
    fails(b"a: b\nc: \xffd", ProblemKind::NotUtf8, "2:4: the text is not UTF-8");
    fails(b"\xff\xfea\0", ProblemKind::NotUtf8, "1:1: the text is UTF-16; it must be UTF-8");
}

#[test]
fn keys_and_tags_that_cannot_be() {
    fails("[a]: b", ProblemKind::InvalidKey, "1:1: a sequence or a mapping cannot be a key");
    fails("a: !!int b", ProblemKind::InvalidTag, "1:4: \"b\" is not of the type its tag !!int says");
    let problem = node("a: .inf").to_json().unwrap_err();
    assert_eq!(problem.to_string(), "1:4: .inf has no JSON form");
}

/// The scanner alone would panic on each of these.
#[test]
fn texts_that_end_early_and_tags_before_commas() {
    assert_eq!(json("a: |\n  b"), r#"{"a":"b"}"#);
    assert_eq!(json("a: |+\n  b\n"), r#"{"a":"b\n"}"#);
    assert_eq!(json("a: >\n  b\n  c"), r#"{"a":"b c"}"#);
    assert_eq!(problems("\"\\")[0].kind, ProblemKind::Syntax);
    assert_eq!(json("[a !b, '!', \"x !y,z\", c] # !d,"), r#"["a !b","!","x !y,z","c"]"#);
    assert_eq!(json("- ['!','!a','b']\n- 'é !c, d'\n- x !y, z\n"), r#"[["!","!a","b"],"é !c, d","x !y, z"]"#);
    let root = node("a: 'x !y, z'\nb: [p !q, r]");
    assert_eq!(span(at(&root, "b.1")), "2:11-2:12");
    assert_eq!(at(&root, "b.1").span.start.offset, 23);
}

#[test]
fn limits_hold() {
    let limits = Limits { max_bytes: 8, max_depth: 2, max_nodes: 3 };
    let kind = |text: &str| read(text.as_bytes(), &limits).unwrap_err()[0].kind;
    assert_eq!(kind("123456789"), ProblemKind::TooLarge);
    assert_eq!(kind("[[[]]]"), ProblemKind::TooDeep);
    assert_eq!(kind("[1,2,3]"), ProblemKind::TooManyNodes);
    assert!(read(b"[1,[]]", &limits).is_ok());
    let limits = Limits { max_depth: 2, ..Limits::default() };
    assert_eq!(read(b"- &a [1]\n- [*a]", &limits).unwrap_err()[0].kind, ProblemKind::TooDeep);
    assert!(read(b"- &a [1]\n- *a", &limits).is_ok());
}

#[test]
fn an_alias_bomb_is_not_expanded() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..40 {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        text += &format!("a{level}: &a{level} [{aliases}]\n");
    }
    assert_eq!(problems(&text)[0].kind, ProblemKind::TooManyNodes);
    let long = format!("a: &a {}\nb: [{}]", "x".repeat(500_000), vec!["*a"; 50_000].join(","));
    assert_eq!(problems(&long)[0].kind, ProblemKind::TooLarge);
}

#[test]
fn hostile_nesting_ends_quickly() {
    // Debug builds are slow; a tenth still shows what is quadratic.
    let size = if cfg!(debug_assertions) { 100_000 } else { 1 << 20 };
    let limits = Limits { max_nodes: size / 12, ..Limits::default() };
    let fill = |piece: &str| piece.repeat(size / piece.len());
    let indented: String = (0..1400).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    let anchors: String = (0..64).map(|depth| format!("&a{depth} [")).collect();
    for (text, kind) in [
        (fill("["), ProblemKind::TooDeep),
        (fill("[\n"), ProblemKind::TooDeep),
        (fill("- "), ProblemKind::TooDeep),
        (fill("{a: "), ProblemKind::TooDeep),
        (fill("? "), ProblemKind::TooDeep),
        (fill("[a: "), ProblemKind::TooDeep),
        (fill("[? "), ProblemKind::TooDeep),
        (fill("!a [ "), ProblemKind::TooDeep),
        (indented, ProblemKind::TooDeep),
        (anchors + &"x,".repeat(size / 4), ProblemKind::TooManyNodes),
        (fill("a: 1\n"), ProblemKind::TooManyNodes),
        (fill("---\n"), ProblemKind::TooManyNodes),
        (fill("%TAG !a! x\n"), ProblemKind::Syntax),
        (format!("[{}", fill("a !b,").get(..size - 1).unwrap()), ProblemKind::Syntax),
        (format!("{}'", fill("'!',").get(..size - 1).unwrap()), ProblemKind::Syntax),
        (format!("[{}", fill("'!',").get(..size - 1).unwrap()), ProblemKind::Syntax),
        (fill("!<a,"), ProblemKind::Syntax),
        (fill("a b"), ProblemKind::NotJson),
        (fill("\"\\x41\\n"), ProblemKind::Syntax),
        (format!("\"{}", fill("!a,").get(..size - 1).unwrap()), ProblemKind::Syntax),
        (fill("\n"), ProblemKind::NotJson),
        (fill("\r"), ProblemKind::NotJson),
        (fill("#"), ProblemKind::NotJson),
        (format!("|\n{}", fill(" \n").get(..size - 3).unwrap()), ProblemKind::NotJson),
    ] {
        let start = Instant::now();
        let result = read(text.as_bytes(), &limits);
        let took = start.elapsed();
        let found = result.err().map_or(ProblemKind::NotJson, |problems| problems[0].kind);
        let head: String = text.chars().take(12).collect();
        assert_eq!(found, kind, "{head:?}");
        assert!(took < Duration::from_secs(5), "{head:?} took {took:?}");
    }
    let problem = &problems(fill("["))[0];
    assert_eq!(problem.to_string(), "1:65: collections are nested deeper than 64");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
        let _ = read(&bytes, &Limits::default());
    }

    #[test]
    fn no_yaml_panics(text in "[-?:,\\[\\]{}!!!,,&*|>'\"%@`#~<>=ab01._+ \t\n\n  \r\u{feff}\u{85}é\\\\/]{0,40}") {
        if let Ok(nodes) = read(text.as_bytes(), &Limits::default()) {
            for node in nodes {
                let _ = node.to_json();
            }
        }
    }

    #[test]
    fn no_words_panic(words in proptest::collection::vec(proptest::sample::select(WORDS), 0..24)) {
        let text = words.concat();
        if let Ok(nodes) = read(text.as_bytes(), &Limits::default()) {
            for node in nodes {
                prop_assert!(node.span.start.offset <= node.span.end.offset);
                prop_assert!(node.span.end.offset <= text.len());
            }
        }
    }
}

const WORDS: &[&str] = &[
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    ": ",
    "? ",
    "- ",
    "-",
    "!",
    "!a",
    "!!str",
    "!<a>",
    "!<a,",
    ">",
    "!,",
    "!a,",
    "&a",
    "*a",
    " ",
    "  ",
    "\n",
    "\n  ",
    "\n    ",
    "\t",
    "a",
    "'",
    "\"",
    "'!'",
    "\"!\"",
    "'!',",
    "|",
    "|\n",
    "|+\n",
    "|2-\n",
    ">\n",
    "# ",
    "<<",
    "<<: ",
    "%TAG ",
    "%YAML 1.1",
    "%",
    "---",
    "--- ",
    "\n---\n",
    "...",
    "\n...\n",
    "\\",
    "\\x4",
    "\\/",
    "\r\n",
    "\u{feff}",
    "\u{85}",
    "\u{2028}",
    "é",
    "a: ",
    "b: ",
    "a: &a ",
    "*a ",
    "*a : ",
    "a !b, c",
    "?!a,",
    ":!a,",
    "\"!a,",
    "]!a,",
];
