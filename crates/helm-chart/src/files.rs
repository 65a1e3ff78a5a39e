//! `.Files`: what a chart holds beside its templates.

use std::any::Any;
use std::rc::Rc;

use go_template::{Error, Map, MapKind, Object, Param, Text, Value};

use crate::content::Content;
use crate::functions::yaml;
use crate::glob;

/// Files by path, sorted: `engine.files`.
#[derive(Debug)]
pub(crate) struct Files(Vec<(Text, Content)>);

impl Files {
    pub(crate) fn new(files: impl IntoIterator<Item = (String, Content)>) -> Self {
        let mut files: Vec<_> = files.into_iter().map(|(name, data)| (Text::from(name), data)).collect();
        files.sort_by(|left, right| left.0.cmp(&right.0));
        Files(files)
    }

    /// The bytes of a file, none if there is no such file.
    fn bytes(&self, name: &Text) -> Result<&[u8], Error> {
        let found = self.0.binary_search_by(|(known, _)| known.cmp(name)).ok();
        found.and_then(|index| self.0.get(index)).map_or(Ok(&[]), |(_, content)| bytes(content))
    }

    fn glob(&self, pattern: &str) -> Files {
        // A pattern that is none is ignored, and `**` used instead.
        let keep = glob::Pattern::parse(pattern);
        let matches = |name: &Text| keep.as_ref().is_none_or(|pattern| pattern.matches(&name.to_str()));
        Files(self.0.iter().filter(|(name, _)| matches(name)).cloned().collect())
    }

    /// The files by base name, as YAML: the last of several with one name stays.
    fn as_yaml(&self, text: impl Fn(&[u8]) -> Value) -> Result<Value, Error> {
        let entries = self.0.iter().map(|(name, content)| {
            let name = name.to_str();
            let base = name.rsplit('/').next().unwrap_or_default();
            Ok((Text::from(base), text(bytes(content)?)))
        });
        let entries = entries.collect::<Result<_, Error>>()?;
        yaml::to_yaml(&Value::Map(Map::new(MapKind::Strings, entries))).map(Value::string)
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
            .map(|(name, content)| {
                let bytes: Vec<_> = present(content).iter().map(u8::to_string).collect();
                format!("{}:[{}]", name.to_str(), bytes.join(" "))
            })
            .collect();
        format!("map[{}]", entries.join(" "))
    }

    fn field(&self, name: &str) -> Option<Value> {
        // A key that is missing is no bytes.
        Some(Value::Bytes(self.bytes(&Text::from(name)).unwrap_or_default().into()))
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
            ("Get", Ok(name)) => self.bytes(name).map(Value::string),
            ("GetBytes", Ok(name)) => self.bytes(name).map(|bytes| Value::Bytes(bytes.into())),
            ("Glob", Ok(pattern)) => Ok(Value::Object(Rc::new(self.glob(&pattern.to_str())))),
            ("Lines", Ok(name)) => self.bytes(name).map(|bytes| {
                let text = bytes.strip_suffix(b"\n").unwrap_or(bytes);
                let lines = match bytes {
                    [] => Vec::new(),
                    _ => text.split(|&byte| byte == b'\n').map(Value::string).collect(),
                };
                Value::List(Rc::new(go_template::List { item: "string", items: lines }))
            }),
            ("AsConfig", _) => self.as_yaml(|data| Value::string(data)),
            ("AsSecrets", _) => self.as_yaml(|data| Value::string(base64(data))),
            ("Get" | "GetBytes" | "Glob" | "Lines", Err(error)) => Err(error),
            _ => return None,
        })
    }

    fn entries(&self) -> Option<Vec<(Text, Value)>> {
        Some(self.0.iter().map(|(name, data)| (name.clone(), Value::Bytes(present(data).into()))).collect())
    }

    fn to_plain(&self) -> Value {
        // Go's JSON writes bytes as base64.
        Value::map(self.0.iter().map(|(name, data)| (name.clone(), Value::string(base64(present(data))))))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// The bytes of a file that templates ask for.
fn bytes(content: &Content) -> Result<&[u8], Error> {
    content.read().map(|bytes| &**bytes).map_err(|error| Error::new(error.to_string()))
}

/// The bytes where there can be no error: none if the file has gone since the chart was loaded.
fn present(content: &Content) -> &[u8] {
    content.read().map(|bytes| &**bytes).unwrap_or_default()
}

fn base64(data: &[u8]) -> String {
    data_encoding::BASE64.encode(data)
}
