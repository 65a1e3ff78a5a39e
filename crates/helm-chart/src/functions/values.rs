//! The methods of `.Values`.

use go_template::{Error, Function, Map, MapKind, Param, Value};

use super::{text, yaml};

/// Functions of a map and of the method's arguments, by names that no template can call.
pub(super) fn functions() -> [(&'static str, Function); 4] {
    [
        (
            "chartutil.Values.AsMap",
            Function::pure(&[Param::Any], None, |arguments| {
                Ok(match arguments.first() {
                    Some(Value::Map(map)) => Value::Map(map.seen_as(MapKind::Any)),
                    _ => Value::map([]),
                })
            }),
        ),
        (
            "chartutil.Values.PathValue",
            Function::pure(&[Param::Any, Param::String], None, |arguments| {
                path_value(arguments.first().unwrap_or(&Value::Nil), &text(arguments, 1))
            }),
        ),
        (
            "chartutil.Values.Table",
            Function::pure(&[Param::Any, Param::String], None, |arguments| {
                table(arguments.first().unwrap_or(&Value::Nil), &text(arguments, 1))
            }),
        ),
        (
            "chartutil.Values.YAML",
            Function::pure(&[Param::Any], None, |arguments| {
                let yaml = arguments.first().map_or(Ok(String::new()), yaml::to_yaml)?;
                Ok(Value::string(yaml + "\n"))
            }),
        ),
    ]
}

/// `Values.Table`
fn table(values: &Value, path: &str) -> Result<Value, Error> {
    let mut found = values.clone();
    for step in path.split('.') {
        let below = match &found {
            Value::Map(map) => map.get(step),
            _ => None,
        };
        found = match below {
            Some(Value::Map(map)) => Value::Map(map.seen_as(MapKind::Values)),
            _ => return Err(Error::new(format!("{} is not a table", go_fmt::quote(step)))),
        };
    }
    Ok(found)
}

/// `Values.PathValue`
fn path_value(values: &Value, path: &str) -> Result<Value, Error> {
    if path.is_empty() {
        return Err(Error::new("YAML path cannot be empty"));
    }
    let no_value = |name: &str| Error::new(format!("{} is not a value", go_fmt::quote(name)));
    let (parent, name) = match path.rsplit_once('.') {
        Some((parent, name)) => (table(values, parent).map_err(|_| no_value(name))?, name),
        None => (values.clone(), path),
    };
    let found = match &parent {
        Value::Map(map) => Map::get(map, name),
        _ => None,
    };
    match found {
        Some(value) if !matches!(value, Value::Map(_)) => Ok(value),
        _ => Err(no_value(name)),
    }
}
