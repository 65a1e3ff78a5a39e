//! ThanosQuery: one view over every Prometheus replica and the blocks in the bucket.

use k8s_openapi::api::apps::v1::{Deployment, DeploymentSpec, DeploymentStrategy, RollingUpdateDeployment};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::thanos::{self, Component, GRPC, alert};
use super::{Parts, object};
use crate::context::Context;
use crate::k8s::Wave;
use crate::k8s::custom::monitoring::AlertingRule;
use crate::names::Names;

/// Deployment, Service and companions of Thanos Query.
pub fn render(ctx: &Context) -> Parts {
    let component = Component {
        name: Names::THANOS_QUERY,
        component: "query",
        replicas: ctx.config.replicas.thanos_query,
        resources: &ctx.config.resources.thanos_query,
        args: args(ctx),
        ports: &[("http", 9090), GRPC],
        headless: false,
        startup_minutes: None,
        data: None,
    };
    let mut parts = vec![object(Wave::Thanos, &deployment(ctx, &component))?];
    parts.extend(component.companions(ctx, alerts(ctx))?);
    Ok(parts)
}

fn deployment<'a>(ctx: &Context<'a>, component: &Component<'a>) -> Deployment {
    let rolling_update = RollingUpdateDeployment {
        max_surge: Some(IntOrString::Int(1)),
        max_unavailable: Some(IntOrString::Int(0)),
    };
    Deployment {
        metadata: ctx.namespaced(component.name, component.app(ctx)),
        spec: Some(DeploymentSpec {
            replicas: Some(thanos::replicas(component.replicas)),
            revision_history_limit: Some(5),
            strategy: Some(DeploymentStrategy {
                type_: Some("RollingUpdate".into()),
                rolling_update: Some(rolling_update),
            }),
            selector: component.selector(ctx),
            template: component.pod_template(ctx),
            ..DeploymentSpec::default()
        }),
        ..Deployment::default()
    }
}

/// Flags that every version from v0.37 to v0.42 has. `--endpoint`, since v0.38 removed `--store`.
fn args(ctx: &Context) -> Vec<String> {
    let mut args: Vec<String> = [
        "query",
        "--log.level=info",
        "--log.format=logfmt",
        "--grpc-address=0.0.0.0:10901",
        "--http-address=0.0.0.0:9090",
        "--grpc-grace-period=2m",
        "--http-grace-period=2m",
        "--query.auto-downsampling",
        "--query.timeout=2m",
    ]
    .map(str::to_owned)
    .into();
    args.push(format!("--query.replica-label={}", Names::REPLICA_LABEL));
    args.push(endpoint(ctx, Names::PROMETHEUS_OPERATED));
    if ctx.config.features.long_term_metrics {
        args.push(endpoint(ctx, Names::THANOS_STORE));
    }
    args
}

/// Every pod of a headless Service, by the SRV records of its port `grpc`.
fn endpoint(ctx: &Context, service: &str) -> String {
    format!("--endpoint=dnssrv+_{}._tcp.{}", GRPC.0, ctx.names.service(service))
}

fn alerts(ctx: &Context) -> Vec<AlertingRule> {
    let metrics = thanos::metrics_of(ctx, Names::THANOS_QUERY);
    // v0.42 renamed the metrics of endpoint discovery.
    let dns = |metric: &str| {
        format!(
            "sum by (namespace, job) (rate(thanos_query_endpoints_dns_{metric}_total{{{metrics}}}[5m]) \
             or rate(thanos_query_dns_{metric}_total{{{metrics}}}[5m]))"
        )
    };
    vec![
        thanos::is_down(ctx, "ThanosQueryIsDown", Names::THANOS_QUERY),
        alert(
            "ThanosQueryHighDNSFailures",
            "warning",
            "15m",
            format!("{} / {} > 0.01", dns("failures"), dns("lookups")),
            "Thanos Query cannot resolve its endpoints.",
            "{{ $value | humanizePercentage }} of the DNS lookups of {{ $labels.job }} fail.",
        ),
        alert(
            "ThanosQueryGrpcClientErrorRate",
            "warning",
            "5m",
            thanos::share(
                &format!("grpc_client_handled_total{{grpc_code!=\"OK\",{metrics}}}"),
                &format!("grpc_client_started_total{{{metrics}}}"),
            ) + " > 0.05",
            "Thanos Query fails to read from its endpoints.",
            "{{ $value | humanizePercentage }} of the requests that {{ $labels.job }} sends to sidecars and stores fail.",
        ),
        alert(
            "ThanosQueryHttpRequestQueryErrorRateHigh",
            "critical",
            "5m",
            thanos::share(
                &format!("http_requests_total{{code=~\"5..\",handler=~\"query|query_range\",{metrics}}}"),
                &format!("http_requests_total{{handler=~\"query|query_range\",{metrics}}}"),
            ) + " > 0.05",
            "Thanos Query fails to answer queries.",
            "{{ $value | humanizePercentage }} of the queries to {{ $labels.job }} fail.",
        ),
    ]
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use crate::constructs::testing::{self, find, objects, render_of};

    fn deployment(config: &str) -> Value {
        find(&objects(render_of(super::render, config)), "Deployment")
    }

    fn args(config: &str) -> Vec<String> {
        testing::args(&deployment(config))
    }

    #[test]
    fn two_replicas_prefer_different_nodes() {
        let deployment = deployment("{}");
        assert_eq!(deployment["metadata"]["name"], "thanos-query");
        assert_eq!(deployment["spec"]["replicas"], 2);
        let affinity = &deployment["spec"]["template"]["spec"]["affinity"]["podAntiAffinity"];
        let term = &affinity["preferredDuringSchedulingIgnoredDuringExecution"][0];
        assert_eq!(term["podAffinityTerm"]["topologyKey"], "kubernetes.io/hostname");
        assert_eq!(term["podAffinityTerm"]["labelSelector"], deployment["spec"]["selector"]);
        assert!(affinity.get("requiredDuringSchedulingIgnoredDuringExecution").is_none());
    }

    #[test]
    fn resources_are_the_configs_own_words() {
        let config =
            "resources: {thanosQuery: {requests: {cpu: 0.5, memory: 1.50Gi}, limits: {memory: 3000M}}}";
        let resources = &deployment(config)["spec"]["template"]["spec"]["containers"][0]["resources"];
        assert_eq!(resources["requests"]["cpu"], "0.5");
        assert_eq!(resources["requests"]["memory"], "1.50Gi");
        assert_eq!(resources["limits"]["memory"], "3000M");
        assert!(resources["limits"].get("cpu").is_none());
    }

    #[test]
    fn replicas_of_prometheus_are_deduplicated() {
        assert!(args("{}").contains(&"--query.replica-label=prometheus_replica".to_owned()));
    }

    #[test]
    fn endpoints_follow_namespace_and_cluster_domain() {
        let args = args("{namespace: obs, clusterDomain: k8s.example}");
        assert!(args.contains(&"--endpoint=dnssrv+_grpc._tcp.thanos-store.obs.svc.k8s.example".to_owned()));
        assert!(
            args.contains(&"--endpoint=dnssrv+_grpc._tcp.prometheus-operated.obs.svc.k8s.example".to_owned())
        );
    }

    #[test]
    fn without_a_bucket_only_prometheus_is_asked() {
        let args = args("features: {longTermMetrics: false}");
        let endpoints: Vec<_> = args.iter().filter(|arg| arg.starts_with("--endpoint")).collect();
        assert_eq!(endpoints.len(), 1);
        assert!(endpoints[0].contains("prometheus-operated"));
    }

    #[test]
    fn selectors_never_contain_a_version() {
        let deployment = deployment("{}");
        let selector = deployment["spec"]["selector"]["matchLabels"].as_object().unwrap();
        assert_eq!(selector.len(), 2);
        assert!(!selector.contains_key("app.kubernetes.io/version"));
    }

    #[test]
    fn a_single_replica_has_no_disruption_budget() {
        let kinds = |config| -> Vec<String> {
            let objects = objects(render_of(super::render, config));
            objects.iter().map(|object| object["kind"].as_str().unwrap().to_owned()).collect()
        };
        assert!(kinds("{}").contains(&"PodDisruptionBudget".to_owned()));
        assert!(!kinds("replicas: {thanosQuery: 1}").contains(&"PodDisruptionBudget".to_owned()));
    }

    #[test]
    fn pods_are_fit_for_restricted_and_drain_in_time() {
        let deployment = deployment("{}");
        let pod = &deployment["spec"]["template"]["spec"];
        assert_eq!(pod["securityContext"]["runAsNonRoot"], true);
        assert_eq!(pod["securityContext"]["seccompProfile"]["type"], "RuntimeDefault");
        assert_eq!(pod["containers"][0]["securityContext"]["capabilities"]["drop"][0], "ALL");
        assert!(pod["terminationGracePeriodSeconds"].as_i64().unwrap() > 120);
        assert_eq!(pod["priorityClassName"], "monitoring-critical");
    }

    #[test]
    fn images_and_pull_secrets_can_be_replaced() {
        let config = "{images: {registry: registry.example.com/mirror, pullSecrets: [pull]}, versions: {thanos: v0.38.0}}";
        let deployment = deployment(config);
        let pod = &deployment["spec"]["template"]["spec"];
        assert_eq!(pod["containers"][0]["image"], "registry.example.com/mirror/thanos/thanos:v0.38.0");
        assert_eq!(pod["imagePullSecrets"][0]["name"], "pull");
    }

    #[test]
    fn tolerations_reach_the_pods() {
        let config =
            "tolerations: [{key: dedicated, operator: Equal, value: monitoring, effect: NoSchedule}]";
        let tolerations = &deployment(config)["spec"]["template"]["spec"]["tolerations"];
        assert_eq!(tolerations[0]["key"], "dedicated");
        assert_eq!(tolerations[0]["effect"], "NoSchedule");
    }
}
