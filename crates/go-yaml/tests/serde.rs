//! Nodes as serde reads them.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use go_yaml::{Error, Limits, Node, read};
use serde::Deserialize;

fn node(text: &str) -> Node {
    read(text.as_bytes(), &Limits::default()).unwrap().remove(0)
}

fn give<T: for<'de> Deserialize<'de>>(text: &str) -> Result<T, Error> {
    T::deserialize(&node(text))
}

fn fail<T: for<'de> Deserialize<'de> + std::fmt::Debug>(text: &str, expected: &str) {
    let error = give::<T>(text).unwrap_err();
    assert_eq!(format!("{}: {error}", error.span().unwrap().start), expected);
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Config {
    version: String,
    port: u16,
    ratio: Option<f64>,
    on: bool,
    mode: Option<Mode>,
    #[serde(default)]
    labels: BTreeMap<String, String>,
    name: Option<Name>,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Name(String);

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Mode {
    Fast,
    Size(u64),
    Pair(u8, u8),
    Named { a: u8 },
}

#[test]
fn a_struct() {
    let config: Config =
        give("version: 1.50\nport: 0x50\nratio: ~\n'on': yes\nmode: fast\nlabels: {1: 010}\nname: on\n")
            .unwrap();
    let expected = Config {
        version: "1.50".into(),
        port: 80,
        ratio: None,
        on: true,
        mode: Some(Mode::Fast),
        labels: BTreeMap::from([("1".into(), "010".into())]),
        name: Some(Name("on".into())),
    };
    assert_eq!(config, expected);
}

#[test]
fn errors_name_the_innermost_place() {
    fail::<Config>("version: 1\nport: high\n'on': yes", "2:7: invalid type: string \"high\", expected u16");
    fail::<Config>("version: ~\n", "1:10: invalid type: unit value, expected a string");
    fail::<Config>("version: 1\nport: 1\n", "1:1: missing field `on`");
    let error = give::<Config>("version: 1\nprot: 1\n").unwrap_err();
    assert_eq!(error.span().unwrap().start.to_string(), "2:1");
    assert!(error.to_string().starts_with("unknown field `prot`"));
    fail::<Vec<u8>>("[1, 256]", "1:5: invalid value: integer `256`, expected u8");
    fail::<Mode>("slow", "1:1: unknown variant `slow`, expected one of `fast`, `size`, `pair`, `named`");
    fail::<Mode>("{fast: 1}", "1:8: variant \"fast\" takes no value");
    fail::<Mode>("size", "1:1: variant \"size\" needs a value");
    fail::<Mode>("[fast]", "1:1: invalid type: sequence, expected a string");
}

#[test]
fn variants_with_content() {
    let modes: Vec<Mode> = give("[{size: 1e3}, {pair: [1, 2]}, {named: {a: 3}}]").unwrap();
    assert_eq!(modes, [Mode::Size(1000), Mode::Pair(1, 2), Mode::Named { a: 3 }]);
}

#[test]
fn numbers() {
    assert_eq!(give::<Vec<i64>>("[1e3, 08, -010, -1.0]").unwrap(), [1000, 8, -8, -1]);
    assert_eq!(give::<u64>("18446744073709551615").unwrap(), u64::MAX);
    assert_eq!(give::<f64>("3").unwrap(), 3.0);
    assert!(give::<u8>("1.5").is_err());
    assert!(give::<i64>("1e30").is_err());
    assert!(give::<bool>("1").is_err());
}

#[test]
fn keys_can_be_numbers_and_variants() {
    let map: BTreeMap<i8, u8> = give("{-1: 1, 0x2: 2}").unwrap();
    assert_eq!(map, BTreeMap::from([(-1, 1), (2, 2)]));
}

#[test]
fn anything_keeps_its_type_and_order() {
    let value: serde_json::Value = give("b: yes\na: [1, 1.5, ~, x]\n").unwrap();
    assert_eq!(value.to_string(), r#"{"b":true,"a":[1,1.5,null,"x"]}"#);
}
