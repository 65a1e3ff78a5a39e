//! PriorityClass: metrics and alerting keep running when nodes are full.

use k8s_openapi::api::scheduling::v1::PriorityClass;

use super::{Parts, object};
use crate::context::{App, Context};
use crate::k8s::Wave;

/// The PriorityClass, unless the config only refers to one.
pub fn render(ctx: &Context) -> Parts {
    let settings = &ctx.config.priority_class;
    if !settings.create {
        return Ok(Vec::new());
    }
    let app = App { name: "monitoring", component: "scheduling", version: None };
    let class = PriorityClass {
        metadata: ctx.cluster_scoped(ctx.names.priority_class(), app),
        value: settings.value,
        global_default: Some(false),
        preemption_policy: Some("PreemptLowerPriority".into()),
        description: Some("Metrics, logs and alerting of the monitoring stack.".into()),
    };
    Ok(vec![object(Wave::Foundation, &class)?])
}

#[cfg(test)]
mod tests {
    use crate::constructs::testing::{config, objects, render_of};

    #[test]
    fn it_is_no_default_for_other_pods() {
        let objects = objects(render_of(super::render, "{}"));
        assert_eq!(objects[0]["value"], 1_000_000);
        assert_eq!(objects[0]["globalDefault"], false);
    }

    #[test]
    fn a_class_that_exists_is_only_referred_to() {
        assert!(
            config("priorityClass: {create: false}").priority_class.name.as_str() == "monitoring-critical"
        );
        assert!(render_of(super::render, "priorityClass: {create: false}").is_empty());
    }
}
