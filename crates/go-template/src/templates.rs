//! A set of templates that can call each other.

use std::any::Any;
use std::collections::HashMap;
use std::rc::Rc;

use crate::builtin;
use crate::execute::{ExecError, Execution, Limits};
use crate::function::Functions;
use crate::parse::ast::Nodes;
use crate::parse::{ParseError, parse};
use crate::text::Text;
use crate::value::Value;

/// Templates by name, with the functions that they can call.
#[derive(Clone)]
pub struct Templates {
    functions: Rc<Functions>,
    templates: HashMap<Rc<str>, Rc<Template>>,
}

/// A template: a file, or one that a file defines.
#[derive(Debug)]
pub(crate) struct Template {
    pub(crate) name: Rc<str>,
    pub(crate) body: Nodes,
    /// The file that it stands in: places are told in it.
    pub(crate) file: Rc<File>,
}

/// What a text defines.
#[derive(Debug)]
pub(crate) struct Parsed {
    pub(crate) file: Rc<File>,
    /// The text itself.
    pub(crate) main: Rc<Template>,
    /// By name, the text itself among them.
    pub(crate) templates: HashMap<Rc<str>, Rc<Template>>,
}

/// A parsed text.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) name: Rc<str>,
    pub(crate) text: Text,
}

impl Templates {
    /// No templates. The functions come before Go's own of the same name.
    #[must_use]
    pub fn new(functions: Rc<Functions>) -> Self {
        Templates { functions, templates: HashMap::new() }
    }

    /// Adds a file's templates: the file itself under its name, and those that it defines.
    ///
    /// Of equal names the later one stays, unless it is blank.
    ///
    /// # Errors
    ///
    /// When the text is no template, or defines one twice.
    pub fn parse(&mut self, name: &str, text: impl Into<Text>) -> Result<(), ParseError> {
        for (name, template) in self.parsed(name, text.into())?.templates {
            if !template.body.is_blank() || !self.templates.contains_key(&name) {
                self.templates.insert(name, template);
            }
        }
        Ok(())
    }

    /// The templates of a text, which is not added to the set.
    pub(crate) fn parsed(&self, name: &str, text: Text) -> Result<Parsed, ParseError> {
        let text = text.into_utf8();
        let is_function = |name: &str| self.functions.contains_key(name) || builtin::find(name).is_some();
        let trees = parse(name, &text, &is_function)?;
        let file = Rc::new(File { name: name.into(), text });
        let mut main =
            Rc::new(Template { name: name.into(), body: Nodes::default(), file: Rc::clone(&file) });
        let mut templates = HashMap::with_capacity(trees.len());
        for tree in trees {
            let template = Template { name: Rc::clone(&tree.name), body: tree.body, file: Rc::clone(&file) };
            let template = Rc::new(template);
            if *tree.name == *name {
                main = Rc::clone(&template);
            }
            templates.insert(tree.name, template);
        }
        Ok(Parsed { file, main, templates })
    }

    /// Whether there is a template of that name.
    #[must_use]
    pub fn is_defined(&self, name: &str) -> bool {
        self.templates.contains_key(name)
    }

    /// Executes a template. `host` is for the caller's functions: what they keep between calls.
    ///
    /// # Errors
    ///
    /// When the template fails, is not defined, or exceeds a limit.
    pub fn execute(
        &self,
        name: &str,
        data: &Value,
        limits: &Limits,
        host: &dyn Any,
    ) -> Result<Vec<u8>, ExecError> {
        Execution::new(self, limits, host).execute(name, data)
    }

    pub(crate) fn get(&self, name: &str) -> Option<Rc<Template>> {
        self.templates.get(name).cloned()
    }

    pub(crate) fn functions(&self) -> &Functions {
        &self.functions
    }
}

impl std::fmt::Debug for Templates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.templates.keys()).finish()
    }
}
