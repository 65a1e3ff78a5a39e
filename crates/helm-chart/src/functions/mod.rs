//! The functions that Helm adds to sprig's, or replaces.

mod json;
mod template;
mod toml;
mod values;
mod yaml_pretty;

pub(crate) mod yaml;

pub(crate) use self::template::{CHART_ERROR_BEGIN, CHART_ERROR_END, State, without_no_value};

use std::sync::{Arc, LazyLock};

use go_template::{Function, FunctionTable, Functions, Param, Value};

/// Functions that read the environment: a chart must not.
const REMOVED: [&str; 2] = ["env", "expandenv"];

/// Everything that a template can call.
pub(crate) static TABLE: LazyLock<Arc<FunctionTable>> =
    LazyLock::new(|| Arc::new(FunctionTable::new(&functions())));

fn functions() -> Functions {
    let mut functions = sprig::functions();
    for name in REMOVED {
        functions.remove(name);
    }
    functions.extend(json::functions());
    functions.extend(template::functions());
    functions.extend(toml::functions());
    functions.extend(values::functions());
    functions.extend(yaml_pretty::functions());
    functions.extend([
        (
            "toYaml",
            Function::pure(&[Param::Any], None, |arguments| {
                yaml::to_yaml(arguments.first().unwrap_or(&Value::Nil)).map(Value::string)
            }),
        ),
        (
            "fromYaml",
            Function::pure(&[Param::String], None, |arguments| Ok(yaml::from_yaml(&text(arguments, 0)))),
        ),
        (
            "fromYamlArray",
            Function::pure(&[Param::String], None, |arguments| {
                Ok(yaml::from_yaml_array(&text(arguments, 0)))
            }),
        ),
        // Helm asks the network only with --enable-dns, and the cluster never while it renders templates.
        ("getHostByName", Function::pure(&[Param::String], None, |_| Ok(Value::string("")))),
        (
            "lookup",
            Function::pure(&[Param::String, Param::String, Param::String, Param::String], None, |_| {
                Ok(Value::map([]))
            }),
        ),
    ]);
    for (name, function) in &mut functions {
        function.is_noted = sprig::is_random(name);
    }
    functions
}

/// An argument that the interpreter has checked to be a string.
fn text(arguments: &[Value], index: usize) -> String {
    match arguments.get(index) {
        Some(Value::String(text)) => text.to_str().into_owned(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    /// The keys of `TxtFuncMap` of sprig 3.3.0, without those that helm deletes, and of helm's `funcMap`.
    const NAMES: &str = include_str!("names.txt");

    #[test]
    fn every_function_is_known_and_no_other() {
        let functions = super::functions();
        let is_method = |name: &&str| name.contains('.');
        let ours: BTreeSet<&str> = functions.keys().copied().filter(|name| !is_method(name)).collect();
        let helms: BTreeSet<&str> = NAMES.lines().collect();
        let missing: Vec<_> = helms.difference(&ours).collect();
        let surplus: Vec<_> = ours.difference(&helms).collect();
        assert!(missing.is_empty() && surplus.is_empty(), "missing {missing:?}, surplus {surplus:?}");
    }
}
