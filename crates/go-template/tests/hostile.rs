//! Templates that would not end, or use up the memory: each has to fail.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use go_template::{
    Error, Function, FunctionTable, Functions, Limits, Map, MapKind, Param, Templates, Text, Value,
};

fn functions() -> Functions {
    Functions::from([
        ("list", Function::pure(&[], Some(Param::Any), |values| Ok(Value::list(values.to_vec())))),
        ("dict", Function::pure(&[], None, |_| Ok(Value::Map(Map::new(MapKind::Any, BTreeMap::new()))))),
        (
            "set",
            Function::pure(&[Param::Map, Param::String, Param::Any], None, |values| match values {
                [Value::Map(map), Value::String(key), value] => {
                    map.entries_mut().insert(key.clone(), value.clone());
                    Ok(Value::Nil)
                }
                _ => Err(Error::new("no map")),
            }),
        ),
        (
            "spend",
            Function::pure(&[], None, |_| {
                go_template::spend(1_000_000);
                Ok(Value::Nil)
            }),
        ),
    ])
}

fn execute(template: &str) -> Result<String, String> {
    let mut templates = Templates::new(FunctionTable::new(&functions()));
    templates.parse("t", template).unwrap();
    let limits = Limits { steps: 20_000_000, ..Limits::default() };
    let output = templates.execute("t", &Value::map([]), &limits, &());
    output.map(|output| String::from_utf8(output).unwrap()).map_err(|error| error.to_string())
}

#[track_caller]
fn fails(template: &str, message: &str) {
    match execute(template) {
        Ok(output) => panic!("{template}: {} bytes", output.len()),
        Err(error) => assert!(error.contains(message), "{template}: {error}"),
    }
}

/// A map that holds itself twice.
const CYCLE: &str = r#"{{ $d := dict }}{{ $_ := set $d "a" $d }}{{ $_ := set $d "b" $d }}"#;
/// A list that is a few values in memory and 2^40 long ones in print.
const SHARED: &str = r#"{{ $d := printf "%10000s" "x" | list }}{{ range 40 }}{{ $d = list $d $d }}{{ end }}"#;

#[test]
fn values_that_hold_themselves_cannot_be_printed() {
    for use_of_it in [
        "{{ $d }}",
        "{{ print $d }}",
        "{{ println 1 $d }}",
        "{{ html $d }}",
        r#"{{ printf "%v" $d }}"#,
        r#"{{ printf "%s" $d }}"#,
        r#"{{ printf "%d" $d }}"#,
        r#"{{ printf "" $d }}"#,
        "{{ eq $d $d }}",
    ] {
        fails(&format!("{CYCLE}{use_of_it}"), "stack overflow");
        fails(&format!("{SHARED}{use_of_it}"), "larger than 64 MiB");
    }
}

#[test]
fn deep_values_are_dropped() {
    let template = "{{ $d := list 1 }}{{ range 200000 }}{{ $d = list $d }}{{ end }}{{ len $d }}";
    assert_eq!(execute(template).unwrap(), "1");
    let template = r#"{{ $d := dict }}{{ range 100000 }}{{ $e := dict }}{{ $_ := set $e "a" $d }}{{ $d = $e }}{{ end }}"#;
    assert_eq!(execute(template).unwrap(), "");
}

#[test]
fn texts_do_not_grow_without_end() {
    fails(r#"{{ $s := "x" }}{{ range 100 }}{{ $s = print $s $s }}{{ end }}"#, "larger than 64 MiB");
    fails(
        r#"{{ $s := "x" }}{{ range 20 }}{{ $s = print $s $s }}{{ end }}{{ range 10000 }}{{ $s = print $s "x" }}{{ end }}"#,
        "more than 1073741824 bytes of values",
    );
    let wide = "%1000000d".repeat(100);
    let ones = " 1".repeat(100);
    fails(&format!(r#"{{{{ printf "{wide}"{ones} }}}}"#), "larger than 64 MiB");
    let digits = "%.1000000f".repeat(100);
    let ones = " 1.5".repeat(100);
    fails(&format!(r#"{{{{ printf "{digits}"{ones} }}}}"#), "larger than 64 MiB");
}

#[test]
fn long_formats_take_their_length() {
    for piece in ["%d", "%[", "%[1", "%[1]d"] {
        let format =
            format!(r#"{{{{ $s := "{piece}" }}}}{{{{ range 18 }}}}{{{{ $s = print $s $s }}}}{{{{ end }}}}"#);
        assert!(!execute(&format!("{format}{{{{ printf $s 1 }}}}")).unwrap().is_empty());
    }
}

#[test]
fn many_digits_are_zeros() {
    for verb in ["f", "e", "g", "v"] {
        let text = execute(&format!(r#"{{{{ printf "%.70000{verb}" 1.5 }}}}"#)).unwrap();
        assert!(text.starts_with("1.5"), "{verb}");
    }
    assert_eq!(execute(r#"{{ printf "%.70000f" 0.1 }}"#).unwrap().len(), 70_002);
}

#[test]
fn work_is_counted() {
    fails("{{ range 9000000000000000000 }}{{ end }}", "more than 20000000 steps");
    fails("{{ range 300 }}{{ spend }}{{ end }}", "more than 20000000 steps");
    fails(
        r#"{{ $s := "x" }}{{ range 25 }}{{ $s = print $s $s }}{{ end }}{{ range 1000000 }}{{ len $s }}{{ end }}"#,
        "more than 20000000 steps",
    );
    // What is found and not made costs nothing.
    let found = r#"{{ $s := "x" }}{{ range 20 }}{{ $s = print $s $s }}{{ end }}{{ $l := list $s }}
        {{- range 3000 }}{{ $_ := index $l 0 }}{{ end }}"#;
    assert_eq!(execute(found).unwrap(), "");
}

#[test]
fn shown_values_are_those_of_go() {
    let nested = Value::list(vec![Value::Nil, Value::map([(Text::from("a"), Value::Float64(1e6))])]);
    assert_eq!(go_template::to_text(&nested).unwrap(), Text::from("[<nil> map[a:1e+06]]"));
}
