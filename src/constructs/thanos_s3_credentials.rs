//! ThanosS3Credentials: the S3 credentials of Thanos and Loki, copied by External Secrets.

use std::collections::BTreeMap;

use super::{Part, Parts, custom};
use crate::config::{CredentialsFormat, ExternalSecretsVersion};
use crate::context::{App, Context};
use crate::k8s::Wave;
use crate::k8s::custom::CustomResource;
use crate::k8s::custom::external_secrets::{
    Data, ExternalSecretSpec, RemoteReference, SecretStoreReference, Target, Template,
};
use crate::names::Names;

const ACCESS_KEY_ID: &str = "AWS_ACCESS_KEY_ID";
const SECRET_ACCESS_KEY: &str = "AWS_SECRET_ACCESS_KEY";

/// An ExternalSecret per Secret that the enabled parts of the stack mount.
pub fn render(ctx: &Context) -> Parts {
    let mut parts = Vec::new();
    if ctx.config.features.long_term_metrics {
        parts.push(keys(ctx, "thanos", Names::THANOS_CREDENTIALS)?);
        parts.push(objstore(ctx)?);
    }
    if ctx.config.features.logs {
        parts.push(keys(ctx, "loki", Names::LOKI_CREDENTIALS)?);
    }
    Ok(parts)
}

/// A Secret with the two `AWS_*` keys, which the AWS SDKs read from the environment.
fn keys(ctx: &Context, owner: &str, name: &str) -> Result<Part, serde_json::Error> {
    let template = match ctx.config.object_storage.credentials.format {
        CredentialsFormat::Keys => None,
        CredentialsFormat::Ini => {
            let value = |key| format!("{}{{{{ {} }}}}", ini_guard(key), ini_value(key));
            Some(BTreeMap::from([
                (ACCESS_KEY_ID.to_owned(), value("aws_access_key_id")),
                (SECRET_ACCESS_KEY.to_owned(), value("aws_secret_access_key")),
            ]))
        }
    };
    external_secret(ctx, owner, name, template)
}

/// A Secret with the object store configuration of Thanos. It holds the credentials too, since the
/// operator's sidecar takes the whole configuration from one key of a Secret.
fn objstore(ctx: &Context) -> Result<Part, serde_json::Error> {
    let storage = &ctx.config.object_storage;
    let (id, secret) = match storage.credentials.format {
        CredentialsFormat::Keys => (format!(".{ACCESS_KEY_ID}"), format!(".{SECRET_ACCESS_KEY}")),
        CredentialsFormat::Ini => (ini_value("aws_access_key_id"), ini_value("aws_secret_access_key")),
    };
    let guards = match storage.credentials.format {
        CredentialsFormat::Keys => String::new(),
        CredentialsFormat::Ini => ini_guard("aws_access_key_id") + &ini_guard("aws_secret_access_key"),
    };
    // Credentials are quoted: one with `: ` or ` #` in it would break the file.
    let text = format!(
        "{guards}type: S3\n\
         config:\n\
         \x20 bucket: \"{bucket}\"\n\
         \x20 endpoint: \"{endpoint}\"\n\
         \x20 region: \"{region}\"\n\
         \x20 access_key: {{{{ {id} | quote }}}}\n\
         \x20 secret_key: {{{{ {secret} | quote }}}}\n\
         \x20 bucket_lookup_type: path\n\
         \x20 signature_version2: false\n\
         \x20 insecure: {insecure}\n",
        bucket = ctx.names.metrics_bucket(),
        endpoint = storage.endpoint.host(),
        region = storage.region,
        insecure = storage.endpoint.insecure(),
    );
    let template = BTreeMap::from([(Names::THANOS_OBJSTORE_KEY.to_owned(), text)]);
    external_secret(ctx, "thanos", Names::THANOS_OBJSTORE, Some(template))
}

/// Matches an AWS credentials file up to the first value of a key. Comments do not count, nor do later
/// profiles: the `default` one, which is also Crossplane's, comes first.
fn ini_pattern(key: &str) -> String {
    format!(r"(?ms)\\A.*?^[ \\t]*{key}[ \\t]*=[ \\t]*(\\S+)")
}

/// A Go template expression for a value of an AWS credentials file.
fn ini_value(key: &str) -> String {
    format!(r#"regexReplaceAll "{}.*" .credentials "${{1}}""#, ini_pattern(key))
}

/// Fails where there is no such value: the replacement alone would take the whole file for one, and the
/// ExternalSecret would look synchronised.
fn ini_guard(key: &str) -> String {
    format!(
        r#"{{{{ if not (regexMatch "{}" .credentials) }}}}{{{{ fail "the credentials file has no {key}" }}}}{{{{ end }}}}"#,
        ini_pattern(key)
    )
}

fn external_secret(
    ctx: &Context,
    owner: &str,
    name: &str,
    template: Option<BTreeMap<String, String>>,
) -> Result<Part, serde_json::Error> {
    let settings = &ctx.config.object_storage.credentials;
    let data = |secret_key: &str, property: &str| Data {
        secret_key: secret_key.to_owned(),
        remote_ref: RemoteReference { key: settings.secret.to_string(), property: property.to_owned() },
    };
    let spec = ExternalSecretSpec {
        refresh_interval: settings.refresh_interval.to_string(),
        secret_store_ref: SecretStoreReference {
            kind: "ClusterSecretStore",
            name: settings.secret_store.to_string(),
        },
        target: Target {
            name: name.to_owned(),
            creation_policy: "Owner",
            deletion_policy: "Retain",
            template: template.map(|data| Template { engine_version: "v2", data }),
        },
        data: match settings.format {
            CredentialsFormat::Keys => vec![
                data(ACCESS_KEY_ID, settings.access_key_id_key.as_str()),
                data(SECRET_ACCESS_KEY, settings.secret_access_key_key.as_str()),
            ],
            CredentialsFormat::Ini => vec![data("credentials", settings.ini_key.as_str())],
        },
    };
    let app = App { name: owner, component: "credentials", version: None };
    let mut resource = CustomResource::new(ctx.namespaced(name, app), spec);
    if settings.api_version == ExternalSecretsVersion::V1Beta1 {
        resource.api_version = "external-secrets.io/v1beta1";
    }
    custom(Wave::Credentials, &[], &resource)
}

#[cfg(test)]
mod tests {
    use crate::constructs::testing::{objects, render_of};

    #[test]
    fn thanos_and_loki_get_their_secrets_hourly_from_the_store() {
        let objects = objects(render_of(super::render, "{}"));
        let names: Vec<_> =
            objects.iter().map(|object| object["spec"]["target"]["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["thanos-s3-credentials", "thanos-objstore-config", "loki-s3-credentials"]);
        for object in &objects {
            assert_eq!(object["spec"]["refreshInterval"], "1h");
            assert_eq!(object["spec"]["secretStoreRef"]["name"], "crossplane-secret-store");
            assert_eq!(object["metadata"]["namespace"], "monitoring");
            assert!(object["spec"]["target"].get("namespace").is_none());
        }
    }

    #[test]
    fn the_objstore_configuration_is_complete() {
        let config = "objectStorage: {endpoint: 'https://nbg1.your-objectstorage.com', region: nbg1}";
        let objects = objects(render_of(super::render, config));
        let text = objects[1]["spec"]["target"]["template"]["data"]["objstore.yml"].as_str().unwrap();
        assert!(text.contains("endpoint: \"nbg1.your-objectstorage.com\"\n"), "{text}");
        assert!(text.contains("bucket: \"metrics-thanos-kup6s\"\n"));
        assert!(text.contains("access_key: {{ .AWS_ACCESS_KEY_ID | quote }}\n"));
        assert!(text.contains("secret_key: {{ .AWS_SECRET_ACCESS_KEY | quote }}\n"));
        assert!(text.contains("insecure: false\n"));
    }

    #[test]
    fn plain_http_is_insecure() {
        let objects =
            objects(render_of(super::render, "objectStorage: {endpoint: 'http://minio.minio:9000'}"));
        let text = objects[1]["spec"]["target"]["template"]["data"]["objstore.yml"].as_str().unwrap();
        assert!(text.contains("endpoint: \"minio.minio:9000\"\n") && text.contains("insecure: true\n"));
    }

    #[test]
    fn an_ini_file_is_taken_apart() {
        let config = "objectStorage: {credentials: {format: ini, secret: hetzner-s3-creds}}";
        let objects = objects(render_of(super::render, config));
        let keys = &objects[0]["spec"]["target"]["template"]["data"];
        let id = keys["AWS_ACCESS_KEY_ID"].as_str().unwrap();
        assert!(
            id.ends_with(
                r#"{{ regexReplaceAll "(?ms)\\A.*?^[ \\t]*aws_access_key_id[ \\t]*=[ \\t]*(\\S+).*" .credentials "${1}" }}"#
            ),
            "{id}"
        );
        // A file without the key is an error, not a credential.
        assert!(id.contains(r#"{{ fail "the credentials file has no aws_access_key_id" }}"#), "{id}");
        let text = objects[1]["spec"]["target"]["template"]["data"]["objstore.yml"].as_str().unwrap();
        assert!(text.contains("{{ end }}type: S3\n") && text.contains(r#" "${1}" | quote }}"#), "{text}");
        assert_eq!(objects[0]["spec"]["data"][0]["remoteRef"]["property"], "credentials");
    }

    #[test]
    fn old_operators_get_the_old_api_version() {
        let config = "objectStorage: {credentials: {apiVersion: v1beta1}}";
        assert_eq!(objects(render_of(super::render, config))[0]["apiVersion"], "external-secrets.io/v1beta1");
    }

    #[test]
    fn what_is_left_out_needs_no_credentials() {
        assert_eq!(objects(render_of(super::render, "features: {logs: false}")).len(), 2);
        assert_eq!(objects(render_of(super::render, "features: {longTermMetrics: false}")).len(), 1);
    }
}
