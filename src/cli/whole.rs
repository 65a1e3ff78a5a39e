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
        let is_inline = loaded.config.delivery == Delivery::Inline;
        let config = Config { delivery: Delivery::Inline, ..loaded.config };
        let stack = match stack::render(&config, &charts.surroundings(input), |_| true) {
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
        let objects = stack.objects.iter().filter(|object| object.object.kind() != DEFINITION);
        let objects = objects.map(|object| Ok((object.construct, object.object.whole()?.into_owned())));
        Ok(Ok(Self { objects: objects.collect::<anyhow::Result<_>>()? }))
    }
}
