//! What an execution has used up of its limits.

use super::{ExecError, Execution};
use crate::bound::take_spent;
use crate::value::Value;

/// What Go has no message for.
pub(super) fn exceeded(template: &str, message: &str) -> ExecError {
    ExecError::new(format!("template: {template}: {message}"))
}

impl Execution<'_> {
    pub(super) fn count_steps(&mut self, template: &str, steps: u64) -> Result<(), ExecError> {
        self.steps = self.steps.saturating_add(steps);
        if self.steps > self.limits.steps {
            return Err(exceeded(template, &format!("more than {} steps", self.limits.steps)));
        }
        Ok(())
    }

    pub(super) fn count_output(&mut self, template: &str, bytes: usize) -> Result<(), ExecError> {
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes > self.limits.output_bytes {
            return Err(exceeded(
                template,
                &format!("more than {} bytes of output", self.limits.output_bytes),
            ));
        }
        Ok(())
    }

    pub(super) fn count_values(&mut self, template: &str, bytes: u64) -> Result<(), ExecError> {
        self.made_bytes = self.made_bytes.saturating_add(bytes);
        if self.made_bytes > self.limits.value_bytes {
            return Err(exceeded(
                template,
                &format!("more than {} bytes of values", self.limits.value_bytes),
            ));
        }
        Ok(())
    }

    /// Counts what a function has read, spent and made.
    pub(super) fn count_call(
        &mut self,
        template: &str,
        arguments: &[Value],
        result: Option<&Value>,
    ) -> Result<(), ExecError> {
        let read: u64 = arguments.iter().map(Value::reading_steps).sum();
        self.count_steps(template, read.saturating_add(take_spent()))?;
        self.count_values(template, result.map_or(0, Value::fresh_bytes) as u64)
    }
}
