//! Templates that Go has answered: `cases.go` writes `cases.jsonl`.

use std::collections::BTreeMap;

use go_template::{Error, Function, FunctionTable, Functions, Limits, Param, Templates, Text, Value};
use proptest::strategy::Strategy as _;

const DATA: &str = r#"{"s": "text", "n": 3, "f": 1.5, "big": 1000000, "t": true, "z": 0, "e": "", "nil": null,
"m": {"b": {"c": "deep"}, "a10": 1, "a9": 2, "A": "x", "k-1": "dash"}, "l": ["x", null, 2, ["y"]], "em": {}, "el": []}"#;

fn value(json: &serde_json::Value) -> Value {
    match json {
        serde_json::Value::Null => Value::Nil,
        serde_json::Value::Bool(value) => Value::Bool(*value),
        serde_json::Value::Number(number) => Value::Float64(number.as_f64().unwrap_or_default()),
        serde_json::Value::String(text) => Value::string(text.as_str()),
        serde_json::Value::Array(items) => Value::list(items.iter().map(value).collect()),
        serde_json::Value::Object(map) => {
            Value::map(map.iter().map(|(key, item)| (Text::from(key.as_str()), value(item))))
        }
    }
}

fn functions() -> Functions {
    const ANY: &[Param] = &[Param::Any];
    Functions::from([
        ("list", Function::pure(&[], Some(Param::Any), |values| Ok(Value::list(values.to_vec())))),
        (
            "dict",
            Function::pure(&[Param::String, Param::Any], None, |values| match values {
                [Value::String(key), value] => Ok(Value::map(BTreeMap::from([(key.clone(), value.clone())]))),
                _ => Ok(Value::Nil),
            }),
        ),
        (
            "int",
            Function::pure(&[Param::Float64], None, |values| match values {
                [Value::Float64(float)] => Ok(Value::Int(*float as i64)),
                _ => Ok(Value::Nil),
            }),
        ),
        (
            "int64",
            Function::pure(&[Param::Int], None, |values| match values {
                [Value::Int(int)] => Ok(Value::Int64(*int)),
                _ => Ok(Value::Nil),
            }),
        ),
        (
            "str",
            Function::pure(&[Param::String], None, |values| match values {
                [Value::String(text)] => Ok(Value::string(format!("<{}>", text.to_str()))),
                _ => Ok(Value::Nil),
            }),
        ),
        ("yes", Function::pure(&[Param::Bool], None, |values| Ok(values[0].clone()))),
        ("need", Function::pure(&[Param::Int], None, |values| Ok(values[0].clone()))),
        (
            "keys",
            Function::pure(&[Param::Map], None, |values| match values {
                [Value::Map(map)] => Ok(Value::Int(map.entries().len() as i64)),
                _ => Ok(Value::Int(0)),
            }),
        ),
        ("any", Function::pure(ANY, None, |values| Ok(values[0].clone()))),
        (
            "fail",
            Function::pure(&[Param::String], None, |values| match values {
                [Value::String(text)] => Err(Error::new(text.to_str())),
                _ => Ok(Value::Nil),
            }),
        ),
    ])
}

#[test]
fn answers_are_those_of_go() {
    let data = value(&serde_json::from_str(DATA).unwrap());
    let mut wrong = Vec::new();
    let cases = include_str!("cases.jsonl");
    for line in cases.lines() {
        let case: serde_json::Value = serde_json::from_str(line).unwrap();
        let template = case["template"].as_str().unwrap();
        let mut templates = Templates::new(FunctionTable::new(&functions()));
        let answer = match templates.parse("F", template) {
            Err(error) => Err(error.to_string()),
            Ok(()) => templates
                .execute("F", &data, &Limits::default(), &())
                .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
                .map_err(|error| error.to_string()),
        };
        let expected = match case["error"].as_str() {
            Some(error) => Err(error.to_owned()),
            None => Ok(case["output"].as_str().unwrap().to_owned()),
        };
        if answer != expected {
            wrong.push(format!("{template:?}\n  Go:   {expected:?}\n  here: {answer:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), cases.lines().count(), wrong.join("\n"));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn no_text_makes_it_panic(
        parts in proptest::collection::vec(
            proptest::prop_oneof![
                "[ -~\u{e9}\n]{0,6}".prop_map(String::from),
                proptest::sample::select(vec![
                    "{{", "}}", "{{-", " -}}", "(", ")", "|", ".s", ".m.b", "$x", ":=", "if", "else", "end", "range",
                    "with", "define", "\"a\"", "template", "1", "nil", "str", "eq", "/*", "*/", ",", " ",
                ]).prop_map(String::from),
            ],
            0..30,
        )
    ) {
        let text = parts.concat();
        let mut templates = Templates::new(FunctionTable::new(&functions()));
        if templates.parse("F", text.as_str()).is_ok() {
            let limits = Limits { steps: 10_000, ..Limits::default() };
            let _ = templates.execute("F", &Value::map([]), &limits, &());
        }
    }
}
