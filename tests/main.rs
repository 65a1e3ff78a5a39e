//! Tests of the command as a user runs it.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a failing helper fails its test")]

mod cli;
mod config_reference;
mod golden;
mod image;
mod migrate;
mod plugin;
mod properties;
mod readme;
mod references;
mod support;
