//! What the writer prints, as helm 3.22's `toYaml` prints it.

use go_yaml::{Limits, Writer, natural_order, read};
use proptest::prelude::*;
use serde_json::{Value, json};

fn write(writer: &mut Writer, value: &Value) {
    match value {
        Value::Null => writer.null(),
        Value::Bool(value) => writer.bool(*value),
        Value::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
            (Some(value), ..) => writer.int(value),
            (_, Some(value), _) => writer.uint(value),
            (.., value) => writer.float(value.unwrap_or_default()),
        },
        Value::String(text) => writer.string(text),
        Value::Array(items) => {
            writer.begin_sequence();
            items.iter().for_each(|item| write(writer, item));
            writer.end();
        }
        Value::Object(map) => {
            writer.begin_mapping();
            let mut keys: Vec<_> = map.keys().collect();
            keys.sort_by(|a, b| natural_order(a, b));
            for key in keys {
                writer.key(key);
                write(writer, &map[key]);
            }
            writer.end();
        }
    }
}

fn yaml(value: &Value) -> String {
    let mut writer = Writer::new(Some(80));
    write(&mut writer, value);
    writer.finish()
}

#[test]
fn strings_are_quoted_as_needed() {
    let cases = r#"y no on ~  1 1e3 0o7 08 1_0 1:30 2020-01-01 = << a:|a: b|a #b|-a|- a|?a|:a|@a|%a|a'b|'a|1.2.3|😀| a|.5|nO|NaN|---"#;
    let (words, others) = cases.split_at(cases.find("a:|").unwrap());
    let texts: Vec<_> = words.trim_end().split(' ').chain(others.split('|')).collect();
    let expected = r##"- "y"
- "no"
- "on"
- "~"
- ""
- "1"
- "1e3"
- "0o7"
- "08"
- "1_0"
- "1:30"
- "2020-01-01"
- =
- <<
- 'a:'
- 'a: b'
- 'a #b'
- -a
- '- a'
- ?a
- :a
- '@a'
- '%a'
- a'b
- '''a'
- 1.2.3
- "\U0001F600"
- ' a'
- ".5"
- nO
- NaN
- '---'
"##;
    assert_eq!(yaml(&json!(texts)), expected);
}

#[test]
fn several_lines_are_a_literal_block() {
    let texts = ["a\nb", "a\nb\n", "a\n\n", "\na", " a\nb", "a \nb", "a\tb\nc"];
    let expected = "- |-\n  a\n  b\n- |\n  a\n  b\n- |+\n  a\n\n- |2-\n\n  a\n- |2-\n   a\n  b\n- \"a \\nb\"\n- \"a\\tb\\nc\"\n";
    assert_eq!(yaml(&json!(texts)), expected);
    assert_eq!(yaml(&json!("a\nb\n")), "|\n  a\n  b\n");
}

#[test]
fn long_strings_are_folded_behind_column_80() {
    let words = ["word"; 20].join(" ");
    let head = ["word"; 16].join(" ");
    assert_eq!(yaml(&json!({ "k": words })), format!("k: {head}\n  word word word word\n"));
    assert_eq!(yaml(&json!({ "k": format!("{} b", "a".repeat(77)) })), format!("k: {} b\n", "a".repeat(77)));
    assert_eq!(
        yaml(&json!({ "k": format!("{} b", "a".repeat(78)) })),
        format!("k: {}\n  b\n", "a".repeat(78))
    );
}

#[test]
fn collections_and_numbers() {
    let value = json!({
        "f": 12_345_678.5, "g": 1e20, "h": 0.000_001, "i": 1e6, "l": [], "m": {}, "n": null,
        "q": [[1, [2]], {"a": [1]}]
    });
    let expected = "f: 1.23456785e+07\ng: 1e+20\nh: 1e-06\ni: 1000000\nl: []\nm: {}\n\"n\": null\nq:\n- - 1\n  - - 2\n- a:\n  - 1\n";
    assert_eq!(yaml(&value), expected);
    for (value, expected) in
        [(json!(null), "null\n"), (json!([]), "[]\n"), (json!({}), "{}\n"), (json!(""), "\"\"\n")]
    {
        assert_eq!(yaml(&value), expected);
    }
}

#[test]
fn the_merge_key_is_quoted_only_on_demand() {
    assert_eq!(yaml(&json!({"<<": 1})), "<<: 1\n");
    let mut writer = Writer::new(None);
    writer.begin_mapping();
    writer.double_quoted_key("<<");
    writer.int(1);
    writer.end();
    assert_eq!(writer.finish(), "\"<<\": 1\n");
}

#[test]
fn keys_of_several_lines_stand_behind_a_question_mark() {
    assert_eq!(yaml(&json!({"a\nb": [1], "c": 1})), "? |-\n  a\n  b\n: - 1\nc: 1\n");
    let long = "k".repeat(129);
    assert_eq!(yaml(&json!({ &long: "v" })), format!("? {long}\n: v\n"));
    assert_eq!(yaml(&json!({ &long: {"a": 1, "b": 2} })), format!("? {long}\n: a: 1\n  b: 2\n"));
}

fn any_value() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        "[ -~\n]{0,12}",
        "([a-z:#'\"-]{1,9} ){0,30}[a-z]",
        // Without what YAML cannot hold, and NEL, which it reads as a line break.
        "[\t\r\n \u{a0}-\u{2030}\u{e000}-\u{fefe}😀]{0,12}",
        "[-+0-9._:TZex]{1,12}",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        text.clone().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            // Go writes the key `<<` so that it cannot be read back.
            prop::collection::vec((text.clone().prop_filter("merge", |key| key != "<<"), inner), 0..5)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_back(value in any_value()) {
        let text = yaml(&value);
        let nodes = read(text.as_bytes(), &Limits::default()).map_err(|e| TestCaseError::fail(format!("{e:?}\n{text}")))?;
        prop_assert_eq!(nodes[0].to_json().unwrap(), value, "{}", text);
    }
}
