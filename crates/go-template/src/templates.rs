//! A set of templates that can call each other.

use std::any::Any;
use std::cell::OnceCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use foldhash::fast::RandomState;

use crate::execute::{ExecError, Execution, Limits};
use crate::function::FunctionTable;
use crate::parse::ast::Run;
use crate::parse::{Definition, File, ParseError, parse};
use crate::value::Value;

/// Templates by name, with the functions that they can call.
#[derive(Clone)]
pub struct Templates {
    functions: Arc<FunctionTable>,
    templates: HashMap<Rc<str>, Entry, RandomState>,
}

/// A template of a set.
#[derive(Clone)]
enum Entry {
    Parsed(Rc<Template>),
    Later(Rc<Later>),
}

/// A file that defines nothing but itself, parsed when it is first called.
struct Later {
    parse: Box<dyn Fn() -> Option<Arc<File>>>,
    template: OnceCell<Option<Rc<Template>>>,
}

/// A template: a file, or one that a file defines.
#[derive(Debug)]
pub(crate) struct Template {
    pub(crate) name: Rc<str>,
    pub(crate) body: Run,
    pub(crate) is_blank: bool,
    /// The file that it stands in: places are told in it.
    pub(crate) file: Arc<File>,
}

/// What a text defines.
#[derive(Debug)]
pub(crate) struct Parsed {
    pub(crate) file: Arc<File>,
    /// The text itself.
    pub(crate) main: Rc<Template>,
    /// By name, the text itself among them.
    pub(crate) templates: HashMap<Rc<str>, Rc<Template>, RandomState>,
}

impl Template {
    fn new(file: &Arc<File>, definition: &Definition) -> Rc<Self> {
        let Definition { name, body, is_blank } = definition;
        Rc::new(Template { name: (**name).into(), body: *body, is_blank: *is_blank, file: Arc::clone(file) })
    }
}

impl Later {
    fn template(&self, name: &str) -> Option<Rc<Template>> {
        let parse = || {
            let file = (self.parse)()?;
            let definition = file.definitions.iter().find(|definition| *definition.name == *name)?;
            Some(Template::new(&file, definition))
        };
        self.template.get_or_init(parse).clone()
    }
}

impl Templates {
    /// No templates.
    #[must_use]
    pub fn new(functions: impl Into<Arc<FunctionTable>>) -> Self {
        Templates { functions: functions.into(), templates: HashMap::default() }
    }

    /// Parses a file and adds it.
    ///
    /// # Errors
    ///
    /// When the text is no template, or defines one twice.
    pub fn parse(&mut self, name: &str, text: impl AsRef<[u8]>) -> Result<(), ParseError> {
        let file = parse(name, text.as_ref().into(), &self.functions)?;
        self.add(&Arc::new(file));
        Ok(())
    }

    /// Adds a file's templates: the file itself under its name, and those that it defines. It must have been parsed
    /// with the functions of this set.
    ///
    /// Of equal names the later one stays, unless it is blank.
    pub fn add(&mut self, file: &Arc<File>) {
        for definition in &file.definitions {
            if !definition.is_blank || !self.is_defined(&definition.name) {
                let template = Template::new(file, definition);
                self.templates.insert(Rc::clone(&template.name), Entry::Parsed(template));
            }
        }
    }

    /// Adds a file that defines no template but itself. `parse` is called at most once: when the template is, or
    /// when there is one of the same name. If it gives no file, there is no template of that name.
    pub fn add_later(&mut self, name: &str, parse: impl Fn() -> Option<Arc<File>> + 'static) {
        if !self.is_defined(name) {
            let later = Later { parse: Box::new(parse), template: OnceCell::new() };
            self.templates.insert(name.into(), Entry::Later(Rc::new(later)));
        } else if let Some(file) = parse() {
            self.add(&file);
        }
    }

    /// The templates of a text, which is not added to the set.
    pub(crate) fn parsed(&self, name: &str, text: &str) -> Result<Parsed, ParseError> {
        let file = Arc::new(parse(name, Arc::from(text.as_bytes()), &self.functions)?);
        let nothing = Definition { name: name.into(), body: Run::default(), is_blank: true };
        let mut main = Template::new(&file, &nothing);
        let mut templates = HashMap::default();
        for definition in &file.definitions {
            let template = Template::new(&file, definition);
            if *template.name == *name {
                main = Rc::clone(&template);
            }
            templates.insert(Rc::clone(&template.name), template);
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
        match self.templates.get(name)? {
            Entry::Parsed(template) => Some(Rc::clone(template)),
            Entry::Later(later) => later.template(name),
        }
    }

    pub(crate) fn functions(&self) -> &FunctionTable {
        &self.functions
    }
}

impl std::fmt::Debug for Templates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.templates.keys()).finish()
    }
}
