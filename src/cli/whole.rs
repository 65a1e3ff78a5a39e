//! The whole stack, with every object of its charts, whatever brings them to the cluster.

use std::process::ExitCode;

use serde_json::Value;

use super::input::Input;
use super::surroundings::Charts;
use super::tell;
use crate::config::{Config, Delivery};
use crate::k8s::DEFINITION;
use crate::stack;

/// The whole stack.
pub(super) struct Stack {
    /// What it is rendered from.
    pub(super) config: Config,
    /// All objects, in the order in which they are applied.
    pub(super) rendered: Vec<stack::StackObject>,
    objects: Vec<(&'static str, Value)>,
}

impl Stack {
    /// All objects but definitions, each with its construct.
    pub(super) fn objects(&self) -> impl Iterator<Item = (&str, &Value)> + Clone {
        self.objects.iter().map(|(construct, value)| (*construct, value))
    }

    /// Renders the stack as `delivery: inline` does: what a HelmChart or an Application brings is not in it. Reports why
    /// it cannot be.
    pub(super) fn of(input: &Input, charts: &Charts) -> anyhow::Result<Result<Self, ExitCode>> {
        let loaded = match input.load() {
            Ok(loaded) => loaded,
            Err(code) => return Ok(Err(code)),
        };
        let config = loaded.config;
        let is_inline = config.delivery == Delivery::Inline;
        let inline = Config { delivery: Delivery::Inline, ..config.clone() };
        let stack = match stack::render(&inline, &charts.surroundings(input), |_| true) {
            Ok(stack) => stack,
            Err(error) => {
                let why = if is_inline {
                    ""
                } else {
                    "\n  help: what the charts contain is seen only when they are rendered; `--charts DIR` names a folder of charts"
                };
                tell(&format!("monstack: {error:#}{why}\n"));
                return Ok(Err(ExitCode::FAILURE));
            }
        };
        let rendered = stack.objects;
        let objects = rendered.iter().filter(|object| object.object.kind() != DEFINITION);
        let objects = objects.map(|object| Ok((object.construct, object.object.whole()?.into_owned())));
        let objects = objects.collect::<anyhow::Result<_>>()?;
        Ok(Ok(Self { config, rendered, objects }))
    }
}
