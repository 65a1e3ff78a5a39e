//! What every construct is given: the checked config and the names derived from it.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use crate::config::Config;
use crate::names::Names;

/// The checked config and the names derived from it.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The checked config.
    pub config: &'a Config,
    /// Names of objects, services and addresses.
    pub names: Names<'a>,
}

/// Who an object belongs to, as the recommended labels `app.kubernetes.io/*` say it.
#[derive(Clone, Copy, Debug)]
pub struct App<'a> {
    /// `app.kubernetes.io/name`
    pub name: &'a str,
    /// `app.kubernetes.io/component`. Never `read`, `write`, `backend` or `gateway`: the Loki chart's
    /// anti-affinity repels every pod of the namespace that has one of them.
    pub component: &'a str,
    /// `app.kubernetes.io/version`, for programs that have one.
    pub version: Option<&'a str>,
}

impl<'a> Context<'a> {
    /// The context of a checked config.
    pub fn new(config: &'a Config) -> Self {
        Self { config, names: Names::new(config) }
    }

    /// The labels of an object of `app`.
    pub fn labels(&self, app: App) -> BTreeMap<String, String> {
        let mut labels = self.selector(app);
        labels.insert("app.kubernetes.io/component".into(), app.component.into());
        labels.insert("app.kubernetes.io/part-of".into(), "monitoring".into());
        labels.insert("app.kubernetes.io/managed-by".into(), "monstack".into());
        if let Some(version) = app.version {
            labels.insert("app.kubernetes.io/version".into(), version.into());
        }
        labels
    }

    /// The labels that select the pods of `app`: those that never change, since selectors are immutable.
    pub fn selector(&self, app: App) -> BTreeMap<String, String> {
        BTreeMap::from([
            ("app.kubernetes.io/name".into(), app.name.into()),
            ("app.kubernetes.io/instance".into(), self.names.namespace().into()),
        ])
    }

    /// Metadata of an object in the stack's namespace.
    pub fn namespaced(&self, name: &str, app: App) -> ObjectMeta {
        ObjectMeta { namespace: Some(self.names.namespace().into()), ..self.cluster_scoped(name, app) }
    }

    /// Metadata of a cluster-scoped object.
    pub fn cluster_scoped(&self, name: &str, app: App) -> ObjectMeta {
        ObjectMeta { name: Some(name.into()), labels: Some(self.labels(app)), ..ObjectMeta::default() }
    }
}
