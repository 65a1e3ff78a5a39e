//! Strings of a fixed shape: names, versions, quantities, durations.
//!
//! Each type is a string newtype whose JSON Schema carries the pattern, so an editor and
//! `monstack validate` refuse the same texts. The text is kept exactly as written.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// Declares string newtypes with the schema `pattern`, lengths, and examples that messages quote.
macro_rules! text_types {
    ($(
        $(#[doc = $doc:literal])+
        $name:ident {
            title: $title:literal,
            types: $types:tt,
            pattern: $pattern:literal,
            max: $max:literal,
            examples: [$($example:literal),+]
        }
    )+) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The text, exactly as written in the config.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({
                    "title": $title,
                    "description": concat!($($doc, "\n"),+).trim().replace("\n ", "\n"),
                    "type": $types,
                    "pattern": $pattern,
                    "minLength": 1,
                    "maxLength": $max,
                    "examples": [$($example),+],
                })
            }
        }
    )+};
}

text_types! {
    /// A DNS label (RFC 1123): lower-case letters, digits and `-`, at most 63 characters.
    DnsLabel {
        title: "DNS label",
        types: "string",
        pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",
        max: 63,
        examples: ["monitoring"]
    }

    /// The name of a Kubernetes object (RFC 1123 subdomain): DNS labels joined by dots.
    ObjectName {
        title: "Kubernetes object name",
        types: "string",
        pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",
        max: 253,
        examples: ["grafana-admin"]
    }

    /// A DNS domain in lower case, without a dot at its end.
    Domain {
        title: "DNS domain",
        types: "string",
        pattern: "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$",
        max: 253,
        examples: ["cluster.local"]
    }

    /// The value of a Kubernetes label: letters, digits, `-`, `_` and `.`, at most 63 characters,
    /// beginning and ending with a letter or a digit.
    LabelValue {
        title: "label value",
        types: "string",
        pattern: "^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$",
        max: 63,
        examples: ["kup6s"]
    }

    /// The name of a key in a Secret.
    SecretKey {
        title: "key of a Secret",
        types: "string",
        pattern: "^[-._a-zA-Z0-9]+$",
        max: 253,
        examples: ["admin-password"]
    }

    /// An S3 bucket name: 3 to 63 characters, lower-case letters, digits, `-` and `.`.
    BucketName {
        title: "S3 bucket name",
        types: "string",
        pattern: "^[a-z0-9][a-z0-9-]*(\\.[a-z0-9][a-z0-9-]*)*$",
        max: 63,
        examples: ["metrics-thanos-kup6s"]
    }

    /// Host of an S3-compatible service, optionally with a scheme (default `https://`) and a port.
    Endpoint {
        title: "S3 endpoint",
        types: "string",
        pattern: "^(https?://)?[a-z0-9]([-a-z0-9.]*[a-z0-9])?(:[0-9]{1,5})?$",
        max: 253,
        examples: ["fsn1.your-objectstorage.com"]
    }

    /// A region name as the object store understands it; for Hetzner it equals the location.
    Region {
        title: "S3 region",
        types: "string",
        pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",
        max: 63,
        examples: ["fsn1", "eu-central-1"]
    }

    /// A version that is also an image tag, with a leading `v` as Prometheus and Thanos publish it.
    PrefixedVersion {
        title: "version with a leading v",
        types: "string",
        pattern: "^v[0-9]+\\.[0-9]+\\.[0-9]+(-[0-9A-Za-z][0-9A-Za-z.-]*)?$",
        max: 63,
        examples: ["v2.55.1"]
    }

    /// A version that is also an image tag, without a leading `v` as Grafana and Loki publish it.
    PlainVersion {
        title: "version without a leading v",
        types: "string",
        pattern: "^[0-9]+\\.[0-9]+\\.[0-9]+(-[0-9A-Za-z][0-9A-Za-z.-]*)?$",
        max: 63,
        examples: ["11.4.0"]
    }

    /// The exact version of a chart (SemVer 2), as listed in its repository. With `delivery: inline` also a constraint
    /// as helm understands it, such as `~66.7` or `6.x`, of which monstack.lock pins a version.
    ChartVersion {
        title: "chart version",
        types: "string",
        pattern: "^(v?[0-9]|[xX*]|[~^<>=!]+ *v?[0-9xX*])[-0-9A-Za-z.+*~^<>=!, |]*$",
        max: 128,
        examples: ["66.7.1"]
    }

    /// The URL of a chart repository, without credentials.
    RepositoryUrl {
        title: "chart repository URL",
        types: "string",
        pattern: "^(https?|oci)://[^\\s/]+(/[^\\s]*)?$",
        max: 2048,
        examples: ["https://prometheus-community.github.io/helm-charts"]
    }

    /// The address of a Kubernetes API server.
    ServerUrl {
        title: "API server URL",
        types: "string",
        pattern: "^https?://[^\\s/]+(/[^\\s]*)?$",
        max: 2048,
        examples: ["https://kubernetes.default.svc"]
    }

    /// A version of Kubernetes.
    KubernetesVersion {
        title: "Kubernetes version",
        types: ["string", "number"],
        pattern: "^v?[0-9]{1,9}\\.[0-9]{1,9}(\\.[0-9]{1,9})?([-+][-+.0-9A-Za-z]+)?$",
        max: 64,
        examples: ["1.34.0"]
    }

    /// A version of an API group, optionally with a kind.
    ApiVersion {
        title: "API version",
        types: "string",
        pattern: "^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?v[0-9][a-z0-9]*(/[A-Za-z0-9]+)?$",
        max: 253,
        examples: ["cert-manager.io/v1"]
    }

    /// The path of a file or a directory.
    FilePath {
        title: "path",
        types: "string",
        pattern: "^[^\\x00-\\x1f]*$",
        max: 4096,
        examples: ["charts/loki-6.24.0.tgz"]
    }

    /// A container image registry, optionally with a port and a path.
    Registry {
        title: "image registry",
        types: "string",
        pattern: "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?(:[0-9]{1,5})?(/[a-z0-9]([-a-z0-9._]*[a-z0-9])?)*$",
        max: 253,
        examples: ["registry.example.com:5000/mirror"]
    }

    /// A CPU quantity of Kubernetes: cores, or thousandths of a core with `m`.
    CpuQuantity {
        title: "CPU quantity",
        types: ["string", "number"],
        pattern: "^([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([mk]|[eE][+-]?[0-9]{1,2})?$",
        max: 32,
        examples: ["250m", "1.5"]
    }

    /// A quantity of bytes of Kubernetes, with `Ki`, `Mi`, `Gi`, `Ti`, `Pi` (powers of 1024) or
    /// `k`, `M`, `G`, `T`, `P` (powers of 1000).
    ByteQuantity {
        title: "quantity of bytes",
        types: ["string", "number"],
        pattern: "^([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([KMGTPE]i|[kMGTPE]|[eE][+-]?[0-9]{1,2})?$",
        max: 32,
        examples: ["512Mi", "10Gi"]
    }

    /// A duration as Prometheus, Thanos and Loki write it: whole numbers of `y`, `w`, `d`, `h`, `m`,
    /// `s`, `ms`, in this order; `0` alone needs no unit.
    PrometheusDuration {
        title: "Prometheus duration",
        types: ["string", "integer"],
        pattern: "^(0|([0-9]+y)?([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?)$",
        max: 64,
        examples: ["30d", "1h30m"]
    }

    /// A duration as Kubernetes API objects carry it (GEP-2257): up to four whole numbers with `h`,
    /// `m`, `s` or `ms`; there are no days.
    KubernetesDuration {
        title: "Kubernetes duration",
        types: "string",
        pattern: "^([0-9]{1,5}(h|ms|m|s)){1,4}$",
        max: 32,
        examples: ["1h", "10m0s"]
    }

    /// A duration as Go's `time.ParseDuration` reads it: decimal numbers with `h`, `m`, `s`, `ms`,
    /// `us` or `ns`; there are no days.
    GoDuration {
        title: "Go duration",
        types: "string",
        pattern: "^(([0-9]+(\\.[0-9]*)?|\\.[0-9]+)(ns|us|µs|ms|s|m|h))+$",
        max: 64,
        examples: ["30s", "1.5h"]
    }

    /// A day: year, month, day.
    Date {
        title: "date",
        types: "string",
        pattern: "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
        max: 10,
        examples: ["2024-04-01"]
    }

    /// An e-mail address, or several separated by commas.
    EmailAddress {
        title: "e-mail address",
        types: "string",
        pattern: "^[^@\\s,]+@[^@\\s,]+(, *[^@\\s,]+@[^@\\s,]+)*$",
        max: 1024,
        examples: ["ops@example.com"]
    }

    /// A host name or address with a port.
    HostPort {
        title: "host and port",
        types: "string",
        pattern: "^[A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?:[0-9]{1,5}$",
        max: 260,
        examples: ["smtp.example.com:587"]
    }
}

/// Ordering of a version's numbers, pre-releases and a leading `v` left aside.
pub fn version_numbers(version: &str) -> [u64; 3] {
    let mut numbers = [0; 3];
    let text = version.strip_prefix('v').unwrap_or(version);
    let core = text.split(['-', '+']).next().unwrap_or(text);
    for (slot, part) in numbers.iter_mut().zip(core.split('.')) {
        *slot = part.parse().unwrap_or(u64::MAX);
    }
    numbers
}

impl Endpoint {
    /// Host and port, as Thanos wants it.
    pub fn host(&self) -> &str {
        let text = self.as_str();
        text.split_once("://").map_or(text, |(_, host)| host)
    }

    /// Whether the service is reached without TLS.
    pub fn insecure(&self) -> bool {
        self.as_str().starts_with("http://")
    }

    /// The address with its scheme, as Crossplane wants it.
    pub fn url(&self) -> String {
        format!("{}://{}", if self.insecure() { "http" } else { "https" }, self.host())
    }
}
