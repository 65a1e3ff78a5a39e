//! monstack renders a complete Kubernetes monitoring stack from one short config.
//!
//! Data flows one way: [`config`] (files to a checked config) -> [`stack`] (constructs to objects) ->
//! [`delivery`] (charts to objects) -> [`stream`] (objects to bytes). [`charts`] finds and verifies the charts,
//! [`argocd`] is what a plugin is told and tells; [`cli`] is the only part that prints or knows of exit codes.

pub mod argocd;
pub mod charts;
pub mod cli;
pub mod config;
pub mod constructs;
pub mod context;
pub mod delivery;
pub mod diff;
pub mod doctor;
pub mod graph;
pub mod images;
pub mod k8s;
pub mod migrate;
pub mod names;
pub mod page;
pub mod pod_security;
pub mod prerequisites;
pub mod provenance;
pub mod resources;
pub mod stack;
pub mod stream;
