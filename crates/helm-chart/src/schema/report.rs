//! What is wrong with values, in the words and the layout of the library that helm uses.
//!
//! A schema of which more than one part fails is shown as `validation failed` with its parts indented below, but
//! not where it is all that the schema around a `$ref`, or the whole, has to tell.
//!
//! Other than there, nothing says why a format, a property's name or all items of `contains` fail or which property
//! asks for a missing one (`dependencies`), and large numbers are printed as Go's `%v` does. The order of lines is that of the schema; there it is any.

use std::fmt::Write;

use go_fmt::{float, quote};
use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use jsonschema::{JsonType, ValidationError};
use serde_json::Value as Json;

/// One line, with what is indented below it.
struct Item {
    /// How the schema is reached from the one above, or nothing for a plain line.
    key: String,
    place: String,
    title: String,
    kind: ItemKind,
    rank: u8,
    items: Vec<Item>,
}

/// When an item is shown.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum ItemKind {
    /// Always.
    Line,
    /// If there is more than one item below.
    Group,
    /// As a group, but it takes the place of a group that is all there is below: the whole, or a reference.
    Reference,
}

/// Writes all errors of a chart.
pub(super) fn write(errors: &[ValidationError<'_>]) -> String {
    let mut root = Item::schema(String::new(), String::new(), ItemKind::Reference);
    for error in errors {
        add(&mut root, error);
    }
    root.tidy();
    let mut text = String::new();
    for item in &root.items {
        item.write(&mut text, 0);
    }
    text
}

fn add(root: &mut Item, error: &ValidationError<'_>) {
    let path = error.evaluation_path().to_string();
    let place = error.instance_path().to_string();
    let keys: Vec<&str> = path.split('/').skip(1).collect();
    let places: Vec<&str> = place.split('/').skip(1).collect();
    let title = title(error);
    let branches = match error.kind() {
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } => context.as_slice(),
        _ => &[],
    };
    let schema = root.descend(&keys, &places);
    if let Kind::Required { property } = error.kind()
        && let Some(own) = schema.items.last_mut()
        && own.place == place
        && own.add_missing(property.as_str().unwrap_or_default())
    {
        return;
    }
    let keyword = keys.last().copied().unwrap_or_default();
    let rank = rank(error.kind());
    if branches.is_empty() {
        schema.items.push(Item {
            key: String::new(),
            place,
            title,
            kind: ItemKind::Line,
            rank,
            items: Vec::new(),
        });
        return;
    }
    let key = keyword.to_owned();
    schema.items.push(Item { key, place, title, kind: ItemKind::Line, rank, items: Vec::new() });
    for error in branches.iter().flatten() {
        add(root, error);
    }
}

/// What the library checks first, and then stops.
fn rank(kind: &Kind) -> u8 {
    match kind {
        Kind::Type { .. } => 0,
        Kind::Constant { .. } => 1,
        Kind::Enum { .. } => 2,
        Kind::Format { .. } => 3,
        _ => 4,
    }
}

impl Item {
    fn schema(key: String, place: String, kind: ItemKind) -> Self {
        Item { key, place, title: "validation failed".to_owned(), kind, rank: 4, items: Vec::new() }
    }

    /// Adds a property to a line that says which are missing. Whether it is such a line.
    fn add_missing(&mut self, property: &str) -> bool {
        let is_such = self.title.starts_with("missing propert");
        if is_such {
            let start = self.title.replacen("missing property ", "missing properties ", 1);
            self.title = format!("{start}, {}", quoted(property));
        }
        is_such
    }

    /// The schema whose keyword a path ends in. It is made if it is not there.
    fn descend(&mut self, keys: &[&str], places: &[&str]) -> &mut Item {
        let mut item = self;
        let mut keys = keys;
        let mut depth = 0;
        while let Some((keyword, rest)) = keys.split_first() {
            let (taken, down) = match *keyword {
                "properties" | "patternProperties" | "prefixItems" => (1, 1),
                "allOf" | "anyOf" | "oneOf" | "dependentSchemas" | "dependencies" => (1, 0),
                "additionalProperties"
                | "unevaluatedProperties"
                | "additionalItems"
                | "unevaluatedItems"
                | "contains" => (0, 1),
                "items" => (usize::from(rest.first().is_some_and(|next| next.parse::<usize>().is_ok())), 1),
                _ => (0, 0),
            };
            if rest.len() <= taken {
                break;
            }
            let (name, rest) = rest.split_at(taken);
            keys = rest;
            let above = join(places.get(..depth).unwrap_or(places));
            depth += down;
            let place = join(places.get(..depth).unwrap_or(places));
            if matches!(*keyword, "allOf" | "anyOf" | "oneOf") {
                let title = format!("'{keyword}' failed");
                item = item.child(keyword, || Item {
                    key: (*keyword).to_owned(),
                    place: above,
                    title,
                    kind: ItemKind::Line,
                    rank: 4,
                    items: Vec::new(),
                });
                item = item.child(&name.join("/"), || Item::schema(name.join("/"), place, ItemKind::Group));
            } else {
                // The same schema is applied to each property or item by itself.
                let key = format!("{keyword}/{}@{place}", name.join("/"));
                let is_reference = matches!(*keyword, "$ref" | "$dynamicRef" | "$recursiveRef");
                let kind = if is_reference { ItemKind::Reference } else { ItemKind::Group };
                item = item.child(&key, || Item::schema(key.clone(), place, kind));
            }
        }
        item
    }

    fn child(&mut self, key: &str, make: impl FnOnce() -> Item) -> &mut Item {
        let index = self.items.iter().position(|item| item.key == key).unwrap_or_else(|| {
            self.items.push(make());
            self.items.len() - 1
        });
        #[expect(clippy::indexing_slicing, reason = "it was found or pushed")]
        &mut self.items[index]
    }

    /// Drops what the library does not come to and what is not shown.
    fn tidy(&mut self) {
        if let Some(first) = self.items.iter().map(|item| item.rank).min()
            && first < 4
        {
            self.items.retain(|item| item.rank == first);
            self.items.truncate(1);
        }
        for mut item in std::mem::take(&mut self.items) {
            item.tidy();
            if item.kind != ItemKind::Line && item.items.len() == 1 {
                self.items.append(&mut item.items);
            } else {
                self.items.push(item);
            }
        }
        if self.kind == ItemKind::Reference
            && let [only] = self.items.as_mut_slice()
            && only.kind == ItemKind::Group
        {
            self.items = std::mem::take(&mut only.items);
        }
    }

    fn write(&self, text: &mut String, indent: usize) {
        let _ = writeln!(text, "{}- at {}: {}", "  ".repeat(indent), quoted(&self.place), self.title);
        for item in &self.items {
            item.write(text, indent + 1);
        }
    }
}

fn join(places: &[&str]) -> String {
    places.iter().fold(String::new(), |text, place| text + "/" + place)
}

/// A text in single quotes, with Go's escapes but for double quotes.
fn quoted(text: &str) -> String {
    let text = quote(text);
    let inner = text.get(1..text.len() - 1).unwrap_or_default();
    format!("'{}'", inner.replace("\\\"", "\"").replace('\'', "\\'"))
}

fn all_quoted<'text>(texts: impl IntoIterator<Item = &'text str>) -> String {
    texts.into_iter().map(quoted).collect::<Vec<_>>().join(", ")
}

/// A whole number with commas between thousands.
fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn shown(value: &Json) -> String {
    match value {
        Json::Null => "<nil>".to_owned(),
        Json::String(text) => quoted(text),
        Json::Array(_) | Json::Object(_) => "value".to_owned(),
        Json::Bool(_) | Json::Number(_) => value.to_string(),
    }
}

/// Numbers as the library prints them: in English, with commas.
fn numeric(value: &Json) -> String {
    let number = value.as_f64().unwrap_or_default();
    if number.fract() == 0.0 && (0.0..1e15).contains(&number.abs()) {
        let sign = if number < 0.0 { "-" } else { "" };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it is whole and small enough"
        )]
        return format!("{sign}{}", count(number.abs() as u64));
    }
    float(number)
}

fn type_name(value: &Json) -> &'static str {
    match value {
        Json::Null => "null",
        Json::Bool(_) => "boolean",
        Json::Number(_) => "number",
        Json::String(_) => "string",
        Json::Array(_) => "array",
        Json::Object(_) => "object",
    }
}

fn wanted_types(kind: &TypeKind) -> String {
    const ORDER: [JsonType; 7] = [
        JsonType::Null,
        JsonType::Boolean,
        JsonType::Number,
        JsonType::Integer,
        JsonType::String,
        JsonType::Array,
        JsonType::Object,
    ];
    match kind {
        TypeKind::Single(one) => one.to_string(),
        TypeKind::Multiple(set) => {
            let wanted: Vec<String> =
                ORDER.iter().filter(|one| set.contains(**one)).map(ToString::to_string).collect();
            wanted.join(" or ")
        }
    }
}

fn title(error: &ValidationError<'_>) -> String {
    let value = error.instance();
    let items = || value.as_array().map_or(0, Vec::len) as u64;
    let properties = || value.as_object().map_or(0, serde_json::Map::len) as u64;
    let length = || value.as_str().map_or(0, |text| text.chars().count()) as u64;
    let sizes = |word: &str, got: u64, want: u64| format!("{word}: got {}, want {}", count(got), count(want));
    let limits = |word: &str, want: &Json| format!("{word}: got {}, want {}", numeric(value), numeric(want));
    match error.kind() {
        Kind::Type { kind } => format!("got {}, want {}", type_name(value), wanted_types(kind)),
        Kind::Required { property } => {
            format!("missing property {}", quoted(property.as_str().unwrap_or_default()))
        }
        Kind::AdditionalProperties { unexpected } => {
            format!("additional properties {} not allowed", all_quoted(unexpected.iter().map(String::as_str)))
        }
        Kind::Enum { options } => match options.as_array().map(Vec::as_slice) {
            Some(all) if all.iter().any(|one| one.is_array() || one.is_object()) => {
                "'enum' failed".to_owned()
            }
            Some([one]) => format!("value must be {}", shown(one)),
            Some(all) => {
                format!("value must be one of {}", all.iter().map(shown).collect::<Vec<_>>().join(", "))
            }
            None => "'enum' failed".to_owned(),
        },
        Kind::Constant { expected_value } if expected_value.is_array() || expected_value.is_object() => {
            "'const' failed".to_owned()
        }
        Kind::Constant { expected_value } => format!("value must be {}", shown(expected_value)),
        Kind::Pattern { pattern } => {
            format!(
                "{} does not match pattern {}",
                quoted(value.as_str().unwrap_or_default()),
                quoted(pattern)
            )
        }
        Kind::MinLength { limit } => sizes("minLength", length(), *limit),
        Kind::MaxLength { limit } => sizes("maxLength", length(), *limit),
        Kind::MinItems { limit } => sizes("minItems", items(), *limit),
        Kind::MaxItems { limit } => sizes("maxItems", items(), *limit),
        Kind::MinProperties { limit } => sizes("minProperties", properties(), *limit),
        Kind::MaxProperties { limit } => sizes("maxProperties", properties(), *limit),
        Kind::AdditionalItems { limit } => {
            format!("last {} additionalItem(s) not allowed", count(items().saturating_sub(*limit as u64)))
        }
        Kind::Minimum { limit } => limits("minimum", limit),
        Kind::Maximum { limit } => limits("maximum", limit),
        Kind::ExclusiveMinimum { limit } => limits("exclusiveMinimum", limit),
        Kind::ExclusiveMaximum { limit } => limits("exclusiveMaximum", limit),
        Kind::MultipleOf { multiple_of } => limits("multipleOf", &Json::from(*multiple_of)),
        Kind::AnyOf { .. } => "'anyOf' failed".to_owned(),
        Kind::OneOfNotValid { .. } => "'oneOf' failed, none matched".to_owned(),
        Kind::OneOfMultipleValid { context } => {
            let mut matched = context.iter().enumerate().filter(|(_, errors)| errors.is_empty());
            let mut next = || matched.next().map_or(0, |(index, _)| index);
            format!("'oneOf' failed, subschemas {}, {} matched", next(), next())
        }
        Kind::Not { .. } => "'not' failed".to_owned(),
        Kind::FalseSchema => "false schema".to_owned(),
        Kind::Contains => "no items match contains schema".to_owned(),
        Kind::UniqueItems => {
            let items = value.as_array().map(Vec::as_slice).unwrap_or_default();
            let pairs = (0..items.len()).flat_map(|right| (0..right).map(move |left| (left, right)));
            let equal = pairs.into_iter().find(|(left, right)| items.get(*left) == items.get(*right));
            let (left, right) = equal.unwrap_or_default();
            format!("items at {left} and {right} are equal")
        }
        Kind::PropertyNames { error } => {
            format!("invalid propertyName {}", quoted(error.instance().as_str().unwrap_or_default()))
        }
        Kind::Format { format } => format!("{} is not valid {format}", shown(value)),
        _ => error.to_string(),
    }
}
