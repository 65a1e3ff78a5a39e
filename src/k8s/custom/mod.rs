//! Custom resources, typed as far as the stack uses them. The tests hold them against the real CRDs.

pub mod argocd;
pub mod crossplane;
pub mod external_secrets;
pub mod helm_cattle;
pub mod monitoring;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::Serialize;

/// The `spec` of a custom resource, with the type it belongs to.
pub trait Spec: Serialize {
    /// `apiVersion`: group and version.
    const API_VERSION: &'static str;
    /// `kind`
    const KIND: &'static str;
}

/// An object of a custom resource.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomResource<S> {
    /// Group and version; [`Spec::API_VERSION`] unless several are supported.
    pub api_version: &'static str,
    kind: &'static str,
    /// Name, namespace, labels, annotations.
    pub metadata: ObjectMeta,
    /// What the object asks for.
    pub spec: S,
}

impl<S: Spec> CustomResource<S> {
    /// An object with the API version of its type.
    pub fn new(metadata: ObjectMeta, spec: S) -> Self {
        Self { api_version: S::API_VERSION, kind: S::KIND, metadata, spec }
    }
}

/// Declares structs that serialise in camelCase and leave out what is not set.
macro_rules! resource_structs {
    ($(
        $(#[doc = $doc:literal])+
        $name:ident { $( $(#[$meta:meta])* $field:ident: $type:ty, )+ }
    )+) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Debug, serde::Serialize)]
        #[serde(rename_all = "camelCase")]
        pub struct $name {$(
            $(#[$meta])*
            pub $field: $type,
        )+}
    )+};
}
use resource_structs;
