//! Namespace of the stack, with the Pod Security levels that its workloads need.

use k8s_openapi::api::core::v1::Namespace;

use super::{Part, Parts};
use crate::context::{App, Context};
use crate::k8s::{Object, SyncOption, Wave};
use crate::pod_security;

/// The namespace. ArgoCD never deletes it, since that would delete every volume claim in it.
pub fn render(ctx: &Context) -> Parts {
    let settings = &ctx.config.pod_security;
    let enforce = settings.enforce.unwrap_or_else(|| pod_security::strictest_allowed(ctx.config));
    let app = App { name: "monitoring", component: "namespace", version: None };
    let mut metadata = ctx.cluster_scoped(ctx.names.namespace(), app);
    if let Some(labels) = metadata.labels.as_mut() {
        // A `warn` level above `enforce` would print a warning for each workload at every apply.
        for (mode, level) in [("enforce", enforce), ("warn", enforce), ("audit", settings.audit)] {
            labels.insert(format!("pod-security.kubernetes.io/{mode}"), level.as_str().to_owned());
        }
    }
    let namespace = Namespace { metadata, ..Namespace::default() };
    let object = Object::new(Wave::Foundation, &namespace)?
        .with_options(&[SyncOption::KeepWhenPruned, SyncOption::KeepWhenDeleted]);
    Ok(vec![Part::Object(object)])
}

#[cfg(test)]
mod tests {
    use crate::constructs::testing::{objects, render_of};

    fn level(config: &str, mode: &str) -> String {
        let objects = objects(render_of(super::render, config));
        let label = format!("pod-security.kubernetes.io/{mode}");
        objects[0]["metadata"]["labels"][label].as_str().unwrap().to_owned()
    }

    #[test]
    fn host_access_makes_it_privileged() {
        assert_eq!(level("{}", "enforce"), "privileged");
        assert_eq!(level("{}", "warn"), "privileged");
        assert_eq!(level("{}", "audit"), "restricted");
    }

    #[test]
    fn without_host_access_it_is_stricter() {
        let config = "features: {logs: false, nodeMetrics: false}";
        assert_ne!(level(config, "enforce"), "privileged");
        assert_eq!(level(config, "enforce"), level(config, "warn"));
    }

    #[test]
    fn a_looser_level_is_taken_as_given() {
        let config = "{features: {logs: false, nodeMetrics: false}, podSecurity: {enforce: privileged}}";
        assert_eq!(level(config, "enforce"), "privileged");
    }

    #[test]
    fn it_is_never_pruned_or_deleted() {
        let objects = objects(render_of(super::render, "namespace: observability"));
        assert_eq!(objects[0]["metadata"]["name"], "observability");
        let options = &objects[0]["metadata"]["annotations"]["argocd.argoproj.io/sync-options"];
        assert_eq!(options, "Prune=false,Delete=false");
    }
}
