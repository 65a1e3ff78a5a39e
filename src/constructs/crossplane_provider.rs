//! CrossplaneProvider: the ProviderConfig by which Crossplane reaches the object store.

use super::{Parts, custom};
use crate::context::{App, Context};
use crate::k8s::custom::CustomResource;
use crate::k8s::custom::crossplane::{
    Credentials, EndpointConfig, EndpointUrl, ProviderConfigSpec, SecretReference,
};
use crate::k8s::{SyncOption, Wave};

/// The ProviderConfig, if the config asks for it and a bucket uses it.
pub fn render(ctx: &Context) -> Parts {
    let storage = &ctx.config.object_storage;
    let used = ctx.config.features.long_term_metrics || ctx.config.features.logs;
    if !storage.provider_config.create || !used {
        return Ok(Vec::new());
    }
    let secret = &storage.provider_config.credentials;
    let app = App { name: "crossplane-provider", component: "object-storage", version: None };
    let spec = ProviderConfigSpec {
        credentials: Credentials {
            source: "Secret",
            secret_ref: SecretReference {
                namespace: secret.namespace.to_string(),
                name: secret.secret.to_string(),
                key: secret.key.to_string(),
            },
        },
        endpoint: EndpointConfig {
            hostname_immutable: true,
            partition_id: "aws",
            signing_region: storage.region.to_string(),
            source: "Custom",
            services: vec!["s3"],
            url: EndpointUrl { r#type: "Static", r#static: storage.endpoint.url() },
        },
        s3_use_path_style: true,
        skip_credentials_validation: true,
        skip_metadata_api_check: true,
        skip_region_validation: true,
        skip_requesting_account_id: true,
    };
    let metadata = ctx.cluster_scoped(storage.provider_config.name.as_str(), app);
    // Every bucket of the cluster may use it: deleting it would leave them unmanaged.
    let options = [SyncOption::KeepWhenPruned, SyncOption::KeepWhenDeleted];
    Ok(vec![custom(Wave::Provider, &options, &CustomResource::new(metadata, spec))?])
}

#[cfg(test)]
mod tests {
    use crate::constructs::testing::{objects, render_of};

    #[test]
    fn it_is_only_referred_to_by_default() {
        assert!(render_of(super::render, "{}").is_empty());
    }

    #[test]
    fn the_endpoint_is_a_static_url_with_a_scheme() {
        let config = "objectStorage: {endpoint: nbg1.your-objectstorage.com, region: nbg1, providerConfig: {create: true}}";
        let objects = objects(render_of(super::render, config));
        let endpoint = &objects[0]["spec"]["endpoint"];
        assert_eq!(endpoint["url"]["static"], "https://nbg1.your-objectstorage.com");
        assert_eq!(endpoint["url"]["type"], "Static");
        assert_eq!(endpoint["signingRegion"], "nbg1");
        assert_eq!(objects[0]["spec"]["s3_use_path_style"], true);
    }

    #[test]
    fn without_a_bucket_nobody_needs_it() {
        let config = "{features: {logs: false, longTermMetrics: false}, objectStorage: {providerConfig: {create: true}}}";
        assert!(render_of(super::render, config).is_empty());
    }
}
