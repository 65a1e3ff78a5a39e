//! ThanosStore: serves the blocks in the bucket to Thanos Query.

use super::Parts;
use super::thanos::{self, Component, DataVolume, GRPC, alert};
use crate::context::Context;
use crate::k8s::custom::monitoring::AlertingRule;
use crate::names::Names;

const DATA: &str = "/var/thanos/store";

/// StatefulSet, Service and companions of Thanos Store, unless long-term metrics are left out.
pub fn render(ctx: &Context) -> Parts {
    if !ctx.config.features.long_term_metrics {
        return Ok(Vec::new());
    }
    let component = Component {
        name: Names::THANOS_STORE,
        component: "store",
        replicas: ctx.config.replicas.thanos_store,
        resources: &ctx.config.resources.thanos_store,
        args: args(ctx),
        ports: &[GRPC, ("http", 10902)],
        // Thanos Query finds every pod by the SRV records, which only a headless Service has.
        headless: true,
        // Ready only after the first sync of the whole bucket.
        startup_minutes: Some(10),
        data: Some(DataVolume { path: DATA, size: &ctx.config.storage.thanos_store }),
    };
    let mut parts = vec![component.stateful_set(ctx)?];
    parts.extend(component.companions(ctx, alerts(ctx))?);
    Ok(parts)
}

fn args(ctx: &Context) -> Vec<String> {
    let mut args: Vec<String> = [
        "store",
        "--log.level=info",
        "--log.format=logfmt",
        "--grpc-address=0.0.0.0:10901",
        "--http-address=0.0.0.0:10902",
        "--grpc-grace-period=2m",
        "--http-grace-period=2m",
        "--sync-block-duration=15m",
        // Half of the compactor's --delete-delay, so that no block is read after it was deleted.
        "--ignore-deletion-marks-delay=24h",
        "--store.enable-index-header-lazy-reader",
    ]
    .map(str::to_owned)
    .into();
    args.push(format!("--data-dir={DATA}"));
    args.push(thanos::objstore_flag());
    if let Some(limit) = thanos::limit_mebibytes(&ctx.config.resources.thanos_store) {
        // The defaults, 250MB and 2GB, ignore the limit. Half of it is left for queries.
        args.push(format!("--index-cache-size={}MB", (limit / 8).max(1)));
        args.push(format!("--chunk-pool-size={}MB", (limit / 4).max(1)));
    }
    args
}

fn alerts(ctx: &Context) -> Vec<AlertingRule> {
    let metrics = thanos::metrics_of(ctx, Names::THANOS_STORE);
    vec![
        thanos::is_down(ctx, "ThanosStoreIsDown", Names::THANOS_STORE),
        thanos::bucket_failures("ThanosStoreBucketHighOperationFailures", &metrics),
        alert(
            "ThanosStoreGrpcErrorRate",
            "warning",
            "5m",
            thanos::share(
                &format!(
                    "grpc_server_handled_total{{grpc_code=~\"Unknown|Internal|Unavailable|DataLoss|DeadlineExceeded\",{metrics}}}"
                ),
                &format!("grpc_server_started_total{{{metrics}}}"),
            ) + " > 0.05",
            "Thanos Store fails to answer.",
            "{{ $labels.job }} fails {{ $value | humanizePercentage }} of its gRPC requests.",
        ),
    ]
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use crate::constructs::testing::{self, find, objects, render_of};

    fn stateful_set(config: &str) -> Value {
        find(&objects(render_of(super::render, config)), "StatefulSet")
    }

    fn args(config: &str) -> Vec<String> {
        testing::args(&stateful_set(config))
    }

    #[test]
    fn two_replicas_prefer_different_nodes() {
        let set = stateful_set("{}");
        assert_eq!(set["spec"]["replicas"], 2);
        let affinity = &set["spec"]["template"]["spec"]["affinity"]["podAntiAffinity"];
        assert_eq!(affinity["preferredDuringSchedulingIgnoredDuringExecution"][0]["weight"], 100);
    }

    #[test]
    fn caches_fit_into_the_memory_limit() {
        let args = args("resources: {thanosStore: {limits: {memory: 2Gi}}}");
        assert!(args.contains(&"--index-cache-size=256MB".to_owned()));
        assert!(args.contains(&"--chunk-pool-size=512MB".to_owned()));
        assert!(args.contains(&"--enable-auto-gomemlimit".to_owned()));
    }

    #[test]
    fn its_pods_can_be_discovered() {
        let objects = objects(render_of(super::render, "namespace: obs"));
        let service = find(&objects, "Service");
        assert_eq!(service["spec"]["clusterIP"], "None");
        assert_eq!(service["metadata"]["namespace"], "obs");
        assert_eq!(service["spec"]["ports"][0]["name"], "grpc");
        assert_eq!(find(&objects, "StatefulSet")["spec"]["serviceName"], service["metadata"]["name"]);
    }

    #[test]
    fn it_reads_the_configuration_from_the_secret() {
        let set = stateful_set("{}");
        let pod = &set["spec"]["template"]["spec"];
        assert_eq!(pod["volumes"][0]["secret"]["secretName"], "thanos-objstore-config");
        assert!(args("{}").contains(&"--objstore.config-file=/etc/thanos/objstore.yml".to_owned()));
        assert_eq!(pod["containers"][0]["volumeMounts"][1]["mountPath"], "/etc/thanos");
    }

    #[test]
    fn claims_have_the_size_and_class_of_the_config() {
        let set = stateful_set("storage: {class: longhorn, thanosStore: 12Gi}");
        let claim = &set["spec"]["volumeClaimTemplates"][0]["spec"];
        assert_eq!(claim["resources"]["requests"]["storage"], "12Gi");
        assert_eq!(claim["storageClassName"], "longhorn");
        assert_eq!(set["spec"]["persistentVolumeClaimRetentionPolicy"]["whenDeleted"], "Retain");
        assert!(
            stateful_set("{}")["spec"]["volumeClaimTemplates"][0]["spec"].get("storageClassName").is_none()
        );
    }

    #[test]
    fn the_first_sync_may_take_its_time() {
        let set = stateful_set("{}");
        let probe = &set["spec"]["template"]["spec"]["containers"][0]["startupProbe"];
        assert_eq!(probe["httpGet"]["path"], "/-/ready");
        assert_eq!(probe["failureThreshold"], 60);
    }

    #[test]
    fn without_long_term_metrics_there_is_none() {
        assert!(render_of(super::render, "features: {longTermMetrics: false}").is_empty());
    }
}
