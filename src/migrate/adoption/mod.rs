//! What the running stack cannot simply take over.
use super::evidence::Evidence;
use super::report::Findings;
use crate::config::Config;

pub(super) fn compare(_: &Evidence, _: &Config, _: &mut Findings) -> anyhow::Result<()> { Ok(()) }
