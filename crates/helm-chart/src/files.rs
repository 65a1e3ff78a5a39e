//! `.Files`: what a chart holds beside its templates.

use std::any::Any;
use std::rc::Rc;
use std::sync::Arc;

use go_template::{Error, Map, MapKind, Object, Param, Text, Value};

use crate::functions::yaml;
use crate::glob;

/// Files by path, sorted: `engine.files`.
#[derive(Debug)]
pub(crate) struct Files(Vec<(Text, Arc<[u8]>)>);

impl Files {
    pub(crate) fn new(files: impl IntoIterator<Item = (String, Arc<[u8]>)>) -> Self {
        let mut files: Vec<_> = files.into_iter().map(|(name, data)| (Text::from(name), data)).collect();
        files.sort();
        Files(files)
    }

    fn bytes(&self, name: &Text) -> &[u8] {
        let found = self.0.binary_search_by(|(known, _)| known.cmp(name)).ok();
        found.and_then(|index| self.0.get(index)).map_or(&[], |(_, data)| data)
    }

    fn glob(&self, pattern: &str) -> Files {
        // A pattern that is none is ignored, and `**` used instead.
        let keep = glob::Pattern::parse(pattern);
        let matches = |name: &Text| keep.as_ref().is_none_or(|pattern| pattern.matches(&name.to_str()));
        Files(self.0.iter().filter(|(name, _)| matches(name)).cloned().collect())
    }

    /// The files by base name, as YAML: the last of several with one name stays.
    fn as_yaml(&self, text: impl Fn(&[u8]) -> Value) -> Result<Value, Error> {
        let entries = self.0.iter().map(|(name, data)| {
            let name = name.to_str();
            let base = name.rsplit('/').next().unwrap_or_default();
            (Text::from(base), text(data))
        });
        yaml::to_yaml(&Value::Map(Map::new(MapKind::Strings, entries.collect()))).map(Value::string)
    }
}

impl Object for Files {
    fn type_name(&self) -> &str {
        "engine.files"
    }

    fn kind(&self) -> &str {
        "map"
    }

    fn print(&self) -> String {
        let entries: Vec<_> = self
            .0
            .iter()
            .map(|(name, data)| {
                let bytes: Vec<_> = data.iter().map(u8::to_string).collect();
                format!("{}:[{}]", name.to_str(), bytes.join(" "))
            })
            .collect();
        format!("map[{}]", entries.join(" "))
    }

    fn field(&self, name: &str) -> Option<Value> {
        // A key that is missing is no bytes.
        Some(Value::Bytes(self.bytes(&Text::from(name)).into()))
    }

    fn method(&self, name: &str) -> Option<&'static [Param]> {
        match name {
            "Get" | "GetBytes" | "Glob" | "Lines" => Some(&[Param::String]),
            "AsConfig" | "AsSecrets" => Some(&[]),
            _ => None,
        }
    }

    fn call(&self, method: &str, arguments: &[Value]) -> Option<Result<Value, Error>> {
        let name = match arguments {
            [Value::String(name)] => Ok(name),
            _ => Err(Error::new(format!("wrong number or type of arguments for {method}"))),
        };
        Some(match (method, name) {
            ("Get", Ok(name)) => Ok(Value::string(self.bytes(name))),
            ("GetBytes", Ok(name)) => Ok(Value::Bytes(self.bytes(name).into())),
            ("Glob", Ok(pattern)) => Ok(Value::Object(Rc::new(self.glob(&pattern.to_str())))),
            ("Lines", Ok(name)) => {
                let text = self.bytes(name);
                let text = text.strip_suffix(b"\n").unwrap_or(text);
                let lines = match self.bytes(name) {
                    [] => Vec::new(),
                    _ => text.split(|&byte| byte == b'\n').map(Value::string).collect(),
                };
                Ok(Value::List(Rc::new(go_template::List { item: "string", items: lines })))
            }
            ("AsConfig", _) => self.as_yaml(|data| Value::string(data)),
            ("AsSecrets", _) => self.as_yaml(|data| Value::string(base64(data))),
            ("Get" | "GetBytes" | "Glob" | "Lines", Err(error)) => Err(error),
            _ => return None,
        })
    }

    fn entries(&self) -> Option<Vec<(Text, Value)>> {
        Some(self.0.iter().map(|(name, data)| (name.clone(), Value::Bytes((**data).into()))).collect())
    }

    fn to_plain(&self) -> Value {
        // Go's JSON writes bytes as base64.
        Value::map(self.0.iter().map(|(name, data)| (name.clone(), Value::string(base64(data)))))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn base64(data: &[u8]) -> String {
    data_encoding::BASE64.encode(data)
}
