//! What ArgoCD tells a config management plugin, and what a plugin tells ArgoCD (argo-cd
//! docs/operator-manual/config-management-plugins.md).
//!
//! An Application sets keys of the config in two ways: by parameters (`ARGOCD_APP_PARAMETERS`, a list in JSON) and by
//! environment entries (`ARGOCD_ENV_<name>`). Both are texts; the schema says what they mean. Nothing here reads the
//! environment or files.

pub mod announcement;
pub mod application;
pub mod environment;
pub mod install;
pub mod overrides;
mod parameters;

/// Variable with the Application's parameters.
pub const PARAMETERS: &str = "ARGOCD_APP_PARAMETERS";

/// What ArgoCD puts before the names of an Application's environment entries.
pub const ENTRY: &str = "ARGOCD_ENV_";

/// Variable with the folder of the Application in its repository.
pub const SOURCE_PATH: &str = "ARGOCD_APP_SOURCE_PATH";

/// Parameter or entry that names the config file.
pub const CONFIG: &str = "config";

/// Parameter or entry that names the overlays.
pub const OVERLAYS: &str = "overlays";
