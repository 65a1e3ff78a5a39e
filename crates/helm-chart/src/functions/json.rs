//! `toJson`, `fromJson` and `fromJsonArray`: Helm's, which never fail.

use go_template::{Function, Param, Text, Value};

use super::text;

pub(super) fn functions() -> [(&'static str, Function); 3] {
    [
        (
            "toJson",
            Function::pure(&[Param::Any], None, |arguments| {
                let value = arguments.first().unwrap_or(&Value::Nil);
                sprig::json::to_json_or_blank(value, None).map(Value::string)
            }),
        ),
        (
            "fromJson",
            Function::pure(&[Param::String], None, |arguments| {
                Ok(match sprig::json::from_json(&text(arguments, 0)) {
                    Ok(Value::Nil) => Value::map([]),
                    Ok(map @ Value::Map(_)) => map,
                    Ok(other) => error(&mismatch(&other, "map[string]interface {}")),
                    Err(problem) => error(&problem.to_string()),
                })
            }),
        ),
        (
            "fromJsonArray",
            Function::pure(&[Param::String], None, |arguments| {
                let message = |text: String| Value::list(vec![Value::string(text)]);
                Ok(match sprig::json::from_json(&text(arguments, 0)) {
                    Ok(Value::Nil) => sprig::nil_list(),
                    Ok(list @ Value::List(_)) => list,
                    Ok(other) => message(mismatch(&other, "[]interface {}")),
                    Err(problem) => message(problem.to_string()),
                })
            }),
        ),
    ]
}

fn mismatch(found: &Value, wanted: &str) -> String {
    let found = match found {
        Value::List(_) => "array",
        Value::Map(_) => "object",
        Value::Bool(_) => "bool",
        Value::String(_) => "string",
        _ => "number",
    };
    format!("json: cannot unmarshal {found} into Go value of type {wanted}")
}

fn error(message: &str) -> Value {
    Value::map([(Text::from("Error"), Value::string(message))])
}
