//! What the cluster answered. None of it is trusted to have the form that Kubernetes gives it.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::apimachinery::pkg::apis::meta::v1::MicroTime;
use serde_json::Value;

use super::finding::Unchecked;
use crate::k8s::Identity;

/// Seconds since 1970.
pub type Seconds = i64;

/// What the cluster answered.
#[derive(Clone, Debug, Default)]
pub struct Observed {
    /// When it was asked.
    pub now: Seconds,
    /// How long something may be in the making.
    pub grace: Seconds,
    /// API groups that are served, with their versions.
    pub groups: BTreeMap<String, Vec<String>>,
    /// What each group and version (`apps/v1`) that was asked for serves.
    pub served: BTreeMap<String, Vec<Served>>,
    /// Objects.
    pub objects: Vec<Value>,
    /// Identities of all objects that are known to be there.
    pub present: BTreeSet<Identity>,
    /// Kinds whose objects in a namespace (none for cluster-scoped ones) are all known.
    pub complete: BTreeSet<Scope>,
    /// Secrets by namespace and name.
    pub secrets: BTreeMap<(String, String), Secret>,
    /// What programs in pods answered.
    pub answers: Vec<Answer>,
    /// What could not be asked, and why.
    pub unchecked: BTreeSet<Unchecked>,
}

/// A kind in a namespace.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Scope {
    /// API group.
    pub group: String,
    /// Kind.
    pub kind: String,
    /// Namespace; empty for cluster-scoped kinds.
    pub namespace: String,
}

/// A kind that is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Served {
    /// Kind.
    pub kind: String,
    /// Its name in addresses and for kubectl.
    pub plural: String,
    /// Whether its objects are in namespaces.
    pub namespaced: bool,
}

/// A Secret, of which only the keys are ever read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Secret {
    /// It is not there.
    Missing,
    /// Its keys.
    Keys(BTreeSet<String>),
}

/// What a program in a pod answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Who answered: a pod, or the Service before it.
    pub from: String,
    /// What was asked.
    pub question: Question,
    /// The address that was asked.
    pub address: String,
    /// What it said.
    pub text: String,
}

/// What programs in pods are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Question {
    /// Thanos Query: which stores it has.
    Stores,
    /// Thanos Compactor: its metrics.
    Metrics,
    /// Thanos Compactor: its last log lines.
    Log,
}

impl Question {
    /// What the answer tells.
    #[must_use]
    pub fn what(self) -> &'static str {
        match self {
            Self::Stores => "the stores of Thanos Query",
            Self::Metrics | Self::Log => "whether Thanos Compactor has halted",
        }
    }
}

impl Observed {
    /// An object.
    #[must_use]
    pub fn get(&self, group: &str, kind: &str, namespace: &str, name: &str) -> Option<&Value> {
        self.objects.iter().find(|object| {
            text(object, "/metadata/name") == name
                && text(object, "/kind") == kind
                && self::group(object) == group
                && (namespace.is_empty() || text(object, "/metadata/namespace") == namespace)
        })
    }

    /// All objects of a kind.
    pub fn of<'a>(&'a self, group: &'a str, kind: &'a str) -> impl Iterator<Item = &'a Value> {
        self.objects
            .iter()
            .filter(move |object| text(object, "/kind") == kind && self::group(object) == group)
    }

    /// Whether an object is certainly not there.
    #[must_use]
    pub fn lacks(&self, object: &Identity) -> bool {
        let scope = Scope {
            group: object.group.clone(),
            kind: object.kind.clone(),
            namespace: object.namespace.clone(),
        };
        self.complete.contains(&scope) && !self.present.contains(object)
    }

    /// Seconds since a moment.
    #[must_use]
    pub fn since(&self, moment: &Value) -> Option<Seconds> {
        seconds(moment).map(|moment| self.now.saturating_sub(moment))
    }

    /// Whether an object is so young that it may still be in the making. One whose age is unknown is not.
    #[must_use]
    pub fn is_young(&self, object: &Value) -> bool {
        self.since(&object["metadata"]["creationTimestamp"]).is_some_and(|age| age < self.grace)
    }

    /// Events about an object that are not older than half an hour, the newest first.
    #[must_use]
    pub fn events(&self, kind: &str, name: &str) -> Vec<Event<'_>> {
        self.recent_events(|event| event.kind == kind && event.name == name)
    }

    /// Events that are not older than half an hour, the newest first.
    pub fn recent_events(&self, wanted: impl Fn(&Event) -> bool) -> Vec<Event<'_>> {
        let events = self.of("", "Event").map(|value| Event::of(value, self));
        let mut events: Vec<_> =
            events.filter(|event| event.age.is_none_or(|age| age <= RECENT) && wanted(event)).collect();
        events.sort_by_key(|event| event.age.unwrap_or(Seconds::MAX));
        events
    }
}

/// Controllers that fail try again after 17 minutes at the latest, so what is older has passed.
const RECENT: Seconds = 30 * 60;

/// An event.
#[derive(Clone, Copy, Debug)]
pub struct Event<'a> {
    /// Kind of the object that it is about.
    pub kind: &'a str,
    /// Name of that object.
    pub name: &'a str,
    /// Why, in one word.
    pub reason: &'a str,
    /// What happened.
    pub message: &'a str,
    /// Whether it is no good news.
    pub is_warning: bool,
    /// Seconds since it happened last.
    pub age: Option<Seconds>,
}

impl<'a> Event<'a> {
    fn of(value: &'a Value, observed: &Observed) -> Self {
        let moments = [
            "/series/lastObservedTime",
            "/lastTimestamp",
            "/eventTime",
            "/firstTimestamp",
            "/metadata/creationTimestamp",
        ];
        Self {
            kind: text(value, "/involvedObject/kind"),
            name: text(value, "/involvedObject/name"),
            reason: text(value, "/reason"),
            message: text(value, "/message"),
            is_warning: text(value, "/type") == "Warning",
            age: moments.into_iter().find_map(|path| observed.since(value.pointer(path)?)),
        }
    }

    /// The event as evidence.
    #[must_use]
    pub fn shown(&self) -> String {
        format!("event {} of {} {}: {}", self.reason, self.kind, self.name, one_line(self.message))
    }
}

/// A condition of an object.
#[derive(Clone, Copy, Debug)]
pub struct Condition<'a> {
    /// Its type.
    pub of: &'a str,
    /// `True`, `False`, `Unknown`, or an operator's own word.
    pub status: &'a str,
    /// Why, in one word.
    pub reason: &'a str,
    /// Why.
    pub message: &'a str,
    /// The whole condition.
    pub value: &'a Value,
}

impl Condition<'_> {
    /// The condition as evidence.
    #[must_use]
    pub fn shown(&self) -> String {
        let mut shown = format!("{}={}", self.of, self.status);
        if !self.reason.is_empty() {
            shown = format!("{shown}, {}", self.reason);
        }
        if !self.message.is_empty() {
            shown = format!("{shown}: {}", one_line(self.message));
        }
        shown
    }
}

/// The conditions of an object.
pub fn conditions(object: &Value) -> impl Iterator<Item = Condition<'_>> {
    let list = object.pointer("/status/conditions").and_then(Value::as_array);
    list.into_iter().flatten().map(|value| Condition {
        of: text(value, "/type"),
        status: text(value, "/status"),
        reason: text(value, "/reason"),
        message: text(value, "/message"),
        value,
    })
}

/// A condition of an object by its type.
#[must_use]
pub fn condition<'a>(object: &'a Value, of: &str) -> Option<Condition<'a>> {
    conditions(object).find(|condition| condition.of == of)
}

/// A text in an object; nothing where there is none.
#[must_use]
pub fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// A number in an object; nothing where there is none.
#[must_use]
pub fn number(value: &Value, pointer: &str) -> Option<i64> {
    value.pointer(pointer).and_then(Value::as_i64)
}

/// A list in an object; empty where there is none.
#[must_use]
pub fn list<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    value.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// A label of an object.
#[must_use]
pub fn label<'a>(object: &'a Value, key: &str) -> &'a str {
    object["metadata"]["labels"][key].as_str().unwrap_or_default()
}

/// The API group of an object.
#[must_use]
pub fn group(object: &Value) -> &str {
    text(object, "/apiVersion").rsplit_once('/').map_or("", |(group, _)| group)
}

/// The moment of a timestamp as Kubernetes writes it.
#[must_use]
pub fn seconds(moment: &Value) -> Option<Seconds> {
    let MicroTime(moment) = serde_json::from_value(moment.clone()).ok()?;
    Some(moment.as_second())
}

/// The longest text of the cluster that is repeated.
const LONGEST: usize = 600;

/// A text of the cluster on one line, without control characters, shortened when it is very long.
#[must_use]
pub fn one_line(text: &str) -> String {
    let words: Vec<_> = text.split_whitespace().collect();
    let mut line: String = words.join(" ").chars().filter(|c| !c.is_control()).take(LONGEST).collect();
    if text.chars().count() > LONGEST {
        line.push_str(" ...");
    }
    line
}

/// A length of time as people say it.
#[must_use]
pub fn ago(seconds: Seconds) -> String {
    match seconds {
        ..120 => format!("{} s", seconds.max(0)),
        120..7200 => format!("{} min", seconds / 60),
        7200..172_800 => format!("{} h", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn moments_are_read_with_and_without_fractions() {
        assert_eq!(seconds(&json!("1970-01-01T00:01:00Z")), Some(60));
        assert_eq!(seconds(&json!("1970-01-01T00:01:00.123456Z")), Some(60));
        for odd in [json!(null), json!("yesterday"), json!(7), json!({})] {
            assert_eq!(seconds(&odd), None);
        }
    }

    #[test]
    fn events_are_recent_and_the_newest_comes_first() {
        let event = |reason: &str, last: &str| {
            json!({"apiVersion": "v1", "kind": "Event", "reason": reason, "lastTimestamp": last,
                "involvedObject": {"kind": "Pod", "name": "a"}})
        };
        let observed = Observed {
            now: 10_000,
            objects: vec![
                event("old", "1970-01-01T00:00:00Z"),
                event("first", "1970-01-01T02:40:00Z"),
                event("last", "1970-01-01T02:45:00Z"),
            ],
            ..Observed::default()
        };
        let reasons: Vec<_> = observed.events("Pod", "a").iter().map(|event| event.reason).collect();
        assert_eq!(reasons, ["last", "first"]);
        assert!(observed.events("Pod", "b").is_empty());
    }

    #[test]
    fn texts_of_the_cluster_stay_on_a_line() {
        assert_eq!(one_line("a\n  b\tc\u{1b}[31m"), "a b c[31m");
        assert!(one_line(&"x".repeat(10_000)).len() < 1_000);
    }
}
