//! The default config below the user's, and defaults that follow what the user gave.

use go_yaml::{Data, Entry, Key, Node, Scalar, Span, Value};
use serde_json::Value as Json;

use super::document::span_at_start;
use super::layers::{overlay, remove};
use super::path::{Path, Step};
use super::rules::LEAST_MEMORY;
use super::{Config, quantity};

/// The user's tree laid over the defaults. A default that was removed with `null` is not there; it comes
/// back where the type needs a value.
pub(super) fn complete(user: &Node, removed: &[Path]) -> serde_json::Result<Node> {
    let mut tree = node(&serde_json::to_value(Config::default())?);
    // Only quantities can be absent. Elsewhere `null` means the default.
    for path in removed.iter().filter(|path| is_quantity(path)) {
        remove(&mut tree, path);
    }
    overlay(&mut tree, user);
    Ok(tree)
}

/// Raises a default limit that is below the given request, and lowers a default request that is above the
/// given limit.
pub(super) fn follow_given_quantities(config: &mut Config, user: &Node) {
    for (path, resources) in config.resources.components_mut() {
        let component = path.iter().try_fold(user.get("resources").map(|entry| &entry.value), |node, key| {
            node.map(|node| node.get(key).map(|entry| &entry.value))
        });
        let given = |list: &str, resource: &str| {
            let node = component.flatten().and_then(|node| node.get(list));
            node.is_some_and(|entry| entry.value.get(resource).is_some())
        };
        let (requests, limits) = (&mut resources.requests, &mut resources.limits);
        let given_of = |resource| (given("requests", resource), given("limits", resource));
        follow(&mut requests.cpu, &mut limits.cpu, given_of("cpu"), |text| quantity::nano(text.as_str()));
        // What is too little for anything is refused where it is written, not also where a default follows.
        follow(&mut requests.memory, &mut limits.memory, given_of("memory"), |text| {
            quantity::nano(text.as_str()).filter(|_| quantity::bytes(text.as_str()) >= Some(LEAST_MEMORY))
        });
    }
}

fn follow<Q: Clone>(
    request: &mut Option<Q>,
    limit: &mut Option<Q>,
    given: (bool, bool),
    nano: impl Fn(&Q) -> Option<u128>,
) {
    let too_much = match (&*request, &*limit) {
        (Some(request), Some(limit)) => {
            nano(request).zip(nano(limit)).is_some_and(|(request, limit)| request > limit)
        }
        _ => false,
    };
    match given {
        (true, false) if too_much => limit.clone_from(request),
        (false, true) if too_much => request.clone_from(limit),
        _ => {}
    }
}

/// Whether a path is that of a component's `requests` or `limits`, or of one of its quantities.
fn is_quantity(path: &Path) -> bool {
    let steps = path.steps();
    matches!(steps.first(), Some(Step::Key(key)) if key == "resources")
        && steps.iter().any(|step| matches!(step, Step::Key(key) if key == "requests" || key == "limits"))
}

/// JSON as a tree that stands nowhere.
fn node(json: &Json) -> Node {
    let span = span_at_start();
    let data = match json {
        Json::Null => scalar("null".to_owned(), true, Value::Null),
        Json::Bool(value) => scalar(value.to_string(), true, Value::Bool(*value)),
        Json::Number(number) => scalar(number.to_string(), true, number_value(number)),
        Json::String(text) => scalar(text.clone(), false, Value::String),
        Json::Array(items) => Data::Sequence(items.iter().map(node).collect()),
        Json::Object(entries) => {
            Data::Mapping(entries.iter().map(|(name, value)| entry(name, value, span)).collect())
        }
    };
    Node { span, data }
}

fn entry(name: &str, value: &Json, span: Span) -> Entry {
    let key = Key { name: name.to_owned(), text: name.to_owned(), span, value: Value::String };
    Entry { key, value: node(value) }
}

fn number_value(number: &serde_json::Number) -> Value {
    match (number.as_i64(), number.as_u64()) {
        (Some(value), _) => Value::Int(value),
        (None, Some(value)) => Value::UInt(value),
        (None, None) => Value::Float(number.as_f64().unwrap_or(f64::NAN)),
    }
}

fn scalar(text: String, plain: bool, value: Value) -> Data {
    Data::Scalar(Scalar { text, plain, value })
}
