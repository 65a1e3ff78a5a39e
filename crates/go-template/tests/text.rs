//! Texts that templates execute, as Helm's `tpl` does. The answers are those of Go, with a clone for each text.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use go_template::{Error, Execution, Function, FunctionTable, Functions, Limits, Param, Templates, Value};

fn text(values: &[Value], index: usize) -> String {
    match values.get(index) {
        Some(Value::String(text)) => text.to_str().into_owned(),
        _ => String::new(),
    }
}

fn tpl(execution: &mut Execution<'_>, values: &[Value]) -> Result<Value, Error> {
    match execution.execute_text("gotpl", &text(values, 0), &values[1]) {
        Ok(Ok(output)) => Ok(Value::string(output)),
        Ok(Err(error)) => Err(Error::new(error.to_string())),
        Err(error) => Err(Error::new(format!("PARSE {error}"))),
    }
}

fn include(execution: &mut Execution<'_>, values: &[Value]) -> Result<Value, Error> {
    let output = execution.execute(&text(values, 0), &values[1]);
    output.map(Value::string).map_err(|error| Error::new(error.to_string()))
}

fn execute(files: &[&str], limits: &Limits) -> Result<String, String> {
    const PARAMS: &[Param] = &[Param::String, Param::Any];
    let functions = Functions::from([
        ("tpl", Function::engine(PARAMS, None, tpl)),
        ("include", Function::engine(PARAMS, None, include)),
    ]);
    let mut templates = Templates::new(FunctionTable::new(&functions));
    for (index, file) in files.iter().enumerate() {
        templates.parse(&format!("f{index}"), *file).unwrap();
    }
    let output = templates.execute(&format!("f{}", files.len() - 1), &Value::Int(7), limits, &());
    output.map(|output| String::from_utf8(output).unwrap()).map_err(|error| error.to_string())
}

#[test]
fn definitions_are_those_of_go() {
    for (files, expected) in [
        // A text sees its own definitions, and nobody else does.
        (
            &[
                r#"{{define "a"}}A{{end}}"#,
                r#"{{tpl "{{define \"a\"}}B{{end}}{{include \"a\" .}}{{template \"a\"}}" .}}{{include "a" .}}"#,
            ][..],
            "BBA",
        ),
        // Templates that it calls see them too,
        (
            &[
                r#"{{define "a"}}{{include "b" .}}{{end}}{{define "b"}}B{{end}}"#,
                r#"{{tpl "{{define \"b\"}}C{{end}}{{include \"a\" .}}" .}}{{include "a" .}}"#,
            ],
            "CB",
        ),
        // and so do texts within it.
        (
            &[
                r#"{{define "a"}}A{{end}}"#,
                r#"{{tpl "{{define \"a\"}}B{{end}}{{tpl \"{{include \\\"a\\\" .}}\" .}}" .}}"#,
            ],
            "B",
        ),
        (
            &[
                r#"{{define "a"}}A{{tpl "{{include \"b\" .}}" .}}{{end}}"#,
                r#"{{tpl "{{define \"b\"}}B{{end}}{{include \"a\" .}}" .}}"#,
            ],
            "AB",
        ),
        // Blank definitions do not replace others, not even blank ones.
        (&[r#"{{define "a"}}A{{end}}"#, r#"{{tpl "{{define \"a\"}} {{end}}{{include \"a\" .}}" .}}"#], "A"),
        (
            &[r#"{{define "a"}} {{end}}"#, r#"{{tpl "{{define \"a\"}}   {{end}}[{{include \"a\" .}}]" .}}"#],
            "[ ]",
        ),
        (&[r#"{{define "a"}} {{end}}"#, r#"{{define "a"}}  {{end}}"#, r#"[{{include "a" .}}]"#], "[ ]"),
        (&[r#"{{define "a"}} {{end}}"#, r#"{{define "a"}}B{{end}}"#, r#"[{{include "a" .}}]"#], "[B]"),
        // A blank text is executed itself, and not the text around it.
        (&[r#"x{{tpl "y{{tpl \" \" .}}" .}}"#], "xy "),
        (&[r#"x{{tpl "y{{if eq . 7}}{{tpl \" {{/* */}}\" .}}{{end}}" .}}"#], "xy "),
        // The name of a text is that of a template.
        (&[r#"x{{tpl "{{define \"gotpl\"}}1{{end}}" .}}"#], "x1"),
        (&[r#"x{{tpl "{{if eq . 7}}{{include \"gotpl\" 8}}{{end}}y" .}}"#], "xyy"),
        // Equal texts are executed anew.
        (&[r#"{{range 3}}{{tpl "<{{.}}>" .}}{{end}}"#], "<0><1><2>"),
        (&[r#"{{tpl "no action }} <no value>" .}}{{tpl "" .}}"#], "no action }} <no value>"),
    ] {
        assert_eq!(execute(files, &Limits::default()).unwrap(), expected, "{files:?}");
    }
    for (text, message) in [
        (
            r#"x{{tpl "{{define \"gotpl\"}}1{{end}}2" .}}"#,
            r#"PARSE template: gotpl:1: template: multiple definition of template "gotpl""#,
        ),
        (
            r#"{{tpl "{{define \"q\"}}1{{end}}" .}}{{include "q" .}}"#,
            "error calling include: template: no template",
        ),
        (r#"{{tpl "plain" .}}{{include "gotpl" .}}"#, "error calling include: template: no template"),
        (r#"{{range 2}}{{tpl "\n{{.a.b}}" .}}{{end}}"#, "template: gotpl:2:4: executing \"gotpl\" at <.a.b>"),
    ] {
        let error = execute(&[text], &Limits::default()).unwrap_err();
        assert!(error.contains(message), "{error}");
    }
}

#[test]
fn texts_count() {
    let small = Limits { output_bytes: 100, value_bytes: 10_000, depth: 50, ..Limits::default() };
    for (template, message) in [
        (r#"{{ range 1000 }}{{ $_ := tpl "plain" . }}{{ end }}"#, "more than 100 bytes of output"),
        (
            r#"{{ range 1000 }}{{ $_ := tpl (printf "{{/*%d*/}}" .) . }}{{ end }}"#,
            "more than 10000 bytes of values",
        ),
        (
            r#"{{ define "a" }}{{ tpl "{{ include \"a\" . }}" . }}{{ end }}{{ include "a" . }}"#,
            "maximum template depth",
        ),
        (
            r#"{{ tpl (printf "{{ if false }}%9000000d{{ end }}" 1) . }}"#,
            "more than 8388608 bytes of template",
        ),
    ] {
        let value_bytes = if template.contains("9000000") { 1 << 30 } else { small.value_bytes };
        let error = execute(&[template], &Limits { value_bytes, ..small }).unwrap_err();
        assert!(error.contains(message), "{error}");
    }
}
