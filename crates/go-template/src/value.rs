//! The values that templates compute with: Go's, as far as charts meet them.

use std::any::Any;
use std::cell::{Ref, RefCell, RefMut};
use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use crate::function::{Error, Param};
use crate::text::Text;

/// A Go value. Cloning it is cheap; maps are shared and mutable, as in Go.
#[derive(Clone, Debug, Default)]
pub enum Value {
    /// `nil`
    #[default]
    Nil,
    /// `bool`
    Bool(bool),
    /// `int`: of literals, `int`, `len`, `until`
    Int(i64),
    /// `int64`: of `add`, `int64`, `--set`
    Int64(i64),
    /// `uint64`: of a semantic version's parts
    Uint64(u64),
    /// `float64`: every number of a values file
    Float64(f64),
    /// `string`
    String(Text),
    /// `[]byte`
    Bytes(Rc<[u8]>),
    /// A slice.
    List(Rc<List>),
    /// A map with strings for keys.
    Map(Rc<Map>),
    /// A struct or another named type, with fields and methods.
    Object(Rc<dyn Object>),
}

/// A slice. Nothing changes one in place.
#[derive(Debug)]
pub struct List {
    /// Go's name of the items' type, as `typeOf` shows it behind `[]`: `interface {}`, `string`, `int`.
    pub item: &'static str,
    /// The items.
    pub items: Vec<Value>,
}

impl Drop for List {
    fn drop(&mut self) {
        drop_flat(&mut self.items);
    }
}

/// Drops values without recursion: a template can nest lists as deep as it has steps.
fn drop_flat(items: &mut Vec<Value>) {
    let nests = |value: &Value| matches!(value, Value::List(_) | Value::Map(_));
    if !items.iter().any(nests) {
        return;
    }
    let mut left = std::mem::take(items);
    while let Some(value) = left.pop() {
        match value {
            Value::List(list) => {
                if let Some(mut list) = Rc::into_inner(list) {
                    left.append(&mut list.items);
                }
            }
            Value::Map(map) => {
                if let Some(mut map) = Rc::into_inner(map) {
                    map.take_into(&mut left);
                }
            }
            _ => {}
        }
    }
}

/// What Go type a map has.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum MapKind {
    /// `map[string]interface {}`: a missing key is nil.
    Any,
    /// `map[string]string`: a missing key is `""`.
    Strings,
    /// `chartutil.Values`. Its methods are functions whose names begin with `chartutil.Values.`, and whose
    /// first argument is the map.
    Values,
}

/// A map, its keys in bytewise order, which is the order of `range`.
pub struct Map {
    /// Its Go type.
    pub kind: MapKind,
    entries: Rc<RefCell<BTreeMap<Text, Value>>>,
}

impl Map {
    /// A map of some entries.
    #[must_use]
    pub fn new(kind: MapKind, entries: BTreeMap<Text, Value>) -> Rc<Self> {
        Rc::new(Map { kind, entries: Rc::new(RefCell::new(entries)) })
    }

    /// The same map seen as another type: a change through one is seen through the other.
    #[must_use]
    pub fn seen_as(&self, kind: MapKind) -> Rc<Self> {
        Rc::new(Map { kind, entries: Rc::clone(&self.entries) })
    }

    /// Whether both are the same map, and not only equal ones.
    #[must_use]
    pub fn is(&self, other: &Map) -> bool {
        Rc::ptr_eq(&self.entries, &other.entries)
    }

    /// What tells this map from all others that are held at the same time.
    #[must_use]
    pub fn address(&self) -> usize {
        Rc::as_ptr(&self.entries).addr()
    }

    /// The entries. Do not hold this while template code runs, which may change the map.
    pub fn entries(&self) -> Ref<'_, BTreeMap<Text, Value>> {
        self.entries.borrow()
    }

    /// The entries, to be changed.
    pub fn entries_mut(&self) -> RefMut<'_, BTreeMap<Text, Value>> {
        self.entries.borrow_mut()
    }

    /// A copy of the value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Value> {
        self.entries.borrow().get(key.as_bytes()).cloned()
    }

    /// The same for a key that is a text already, which is faster.
    #[must_use]
    pub fn get_text(&self, key: &Text) -> Option<Value> {
        self.entries.borrow().get(key).cloned()
    }

    /// Moves out the values of a map that nothing else holds.
    fn take_into(&mut self, values: &mut Vec<Value>) {
        if let Some(entries) = Rc::get_mut(&mut self.entries) {
            values.extend(std::mem::take(entries.get_mut()).into_values());
        }
    }
}

impl Drop for Map {
    fn drop(&mut self) {
        let mut values = Vec::new();
        self.take_into(&mut values);
        drop_flat(&mut values);
    }
}

impl fmt::Debug for Map {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A map may hold itself.
        match self.entries.try_borrow() {
            Ok(entries) => f.debug_set().entries(entries.keys()).finish(),
            Err(_) => f.write_str("{..}"),
        }
    }
}

/// A Go value with fields and methods of its own: a chart, its files, a version, a time, a certificate.
pub trait Object: fmt::Debug {
    /// Go's name of the type: what `typeOf` says, such as `*semver.Version`.
    fn type_name(&self) -> &str;

    /// Go's kind of the type: what `kindOf` says: `struct`, `ptr`, `map`, `slice`.
    fn kind(&self) -> &str;

    /// What `fmt.Sprint` prints.
    fn print(&self) -> String;

    /// What a template prints, which also finds the methods of a pointer to the value.
    fn print_in_place(&self) -> String {
        self.print()
    }

    /// The value of an exported field or, in a map, of a key. None if there is no such field.
    fn field(&self, name: &str) -> Option<Value>;

    /// The parameters of a method, which are checked before it is called; None if they are not known, or if
    /// there is no such method.
    fn method(&self, name: &str) -> Option<&'static [Param]> {
        let _ = name;
        None
    }

    /// Calls a method; None if there is none of that name.
    fn call(&self, method: &str, arguments: &[Value]) -> Option<Result<Value, Error>> {
        let _ = (method, arguments);
        None
    }

    /// The entries that `range` walks over and `len` and `index` see, for maps and slices.
    fn entries(&self) -> Option<Vec<(Text, Value)>> {
        None
    }

    /// The value as plain maps and lists, which is how `toYaml` and `toJson` see it.
    fn to_plain(&self) -> Value;

    /// The exported fields of a struct, in Go's order, for encoders that do not look at its JSON names.
    fn struct_fields(&self) -> Option<Vec<(&'static str, Value)>> {
        None
    }

    /// The fields of a struct as JSON prints them, in its order and by its names.
    fn json_fields(&self) -> Option<Vec<(&'static str, Value)>> {
        self.struct_fields()
    }

    /// For the functions that know the type, such as `semverCompare` and `date`.
    fn as_any(&self) -> &dyn Any;
}

impl Value {
    /// A string.
    pub fn string(text: impl Into<Text>) -> Self {
        Value::String(text.into())
    }

    /// A `[]interface {}`.
    #[must_use]
    pub fn list(items: Vec<Value>) -> Self {
        Value::List(Rc::new(List { item: "interface {}", items }))
    }

    /// A `map[string]interface {}`.
    pub fn map(entries: impl IntoIterator<Item = (Text, Value)>) -> Self {
        Value::Map(Map::new(MapKind::Any, entries.into_iter().collect()))
    }

    /// Bytes of what nothing else holds, for a value that a function has just returned: what it has made, and
    /// not what it has found.
    pub(crate) fn fresh_bytes(&self) -> usize {
        const ENTRY: usize = 3 * size_of::<Value>();
        match self {
            Value::String(text) => text.fresh_bytes(),
            Value::Bytes(bytes) if Rc::strong_count(bytes) == 1 => bytes.len(),
            Value::List(list) if Rc::strong_count(list) == 1 => {
                let items: usize = list.items.iter().map(Value::fresh_bytes).sum();
                items + list.items.len() * size_of::<Value>()
            }
            Value::Map(map) if Rc::strong_count(map) == 1 && Rc::strong_count(&map.entries) == 1 => {
                let entries = map.entries();
                let bytes = |(key, value): (&Text, &Value)| key.fresh_bytes() + value.fresh_bytes() + ENTRY;
                entries.iter().map(bytes).sum()
            }
            _ => 0,
        }
    }

    /// How many steps it takes to read the value, what it holds not included. Maps are not read: what needs all of
    /// one makes as much of it.
    pub(crate) fn reading_steps(&self) -> u64 {
        /// What is done with a byte takes about a nanosecond, and a step takes a hundred.
        const BYTES: usize = 64;
        let steps = match self {
            Value::String(text) => text.len() / BYTES,
            Value::Bytes(bytes) => bytes.len() / BYTES,
            Value::List(list) => list.items.len() / BYTES,
            _ => 0,
        };
        steps as u64
    }

    /// Whether Go's `if` takes it: all but nil, false, zero and what is empty.
    #[must_use]
    pub fn is_true(&self) -> bool {
        match self {
            Value::Nil => false,
            Value::Bool(value) => *value,
            Value::Int(value) | Value::Int64(value) => *value != 0,
            Value::Uint64(value) => *value != 0,
            Value::Float64(value) => *value != 0.0,
            Value::String(text) => !text.is_empty(),
            Value::Bytes(bytes) => !bytes.is_empty(),
            Value::List(list) => !list.items.is_empty(),
            Value::Map(map) => !map.entries().is_empty(),
            Value::Object(object) => object.entries().is_none_or(|entries| !entries.is_empty()),
        }
    }

    /// What `kindOf` says.
    #[must_use]
    pub fn kind(&self) -> &str {
        match self {
            Value::Nil => "invalid",
            Value::Bool(_) => "bool",
            Value::Int(_) => "int",
            Value::Int64(_) => "int64",
            Value::Uint64(_) => "uint64",
            Value::Float64(_) => "float64",
            Value::String(_) => "string",
            Value::Bytes(_) | Value::List(_) => "slice",
            Value::Map(_) => "map",
            Value::Object(object) => object.kind(),
        }
    }

    /// What `typeOf` says.
    #[must_use]
    pub fn type_name(&self) -> String {
        match self {
            Value::Nil => "<nil>".to_owned(),
            Value::Bytes(_) => "[]uint8".to_owned(),
            Value::List(list) => format!("[]{}", list.item),
            Value::Map(map) => match map.kind {
                MapKind::Any => "map[string]interface {}".to_owned(),
                MapKind::Strings => "map[string]string".to_owned(),
                MapKind::Values => "chartutil.Values".to_owned(),
            },
            Value::Object(object) => object.type_name().to_owned(),
            other => other.kind().to_owned(),
        }
    }
}
