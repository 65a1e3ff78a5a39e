//! Fetches Helm charts from chart repositories and OCI registries.
//!
//! - A [`Client`] finds the newest version that satisfies a constraint ([`Client::find`]) and fetches its archive
//!   ([`Client::archive`]) and its signature ([`Client::provenance`]).
//! - A [`Digest`] is the SHA-256 by which an archive is pinned.
//! - A [`Keyring`] verifies who has signed an archive.
//! - [`Credentials`] come from the environment, docker and helm.
//!
//! # Whom it trusts
//!
//! Nobody. Each body is bounded, and so is the time in which it comes; an index is read as it streams, with only the
//! charts asked for in memory. Requests are encrypted unless the server is on this machine or [`Options::plain_http`]
//! is set. Credentials go to the scheme, host and port that they are for: neither to where a server redirects to, nor
//! to an archive that an index says to be elsewhere. A registry may name the server that makes its tokens.
//!
//! What may pass is tried again: no connection, an answer that is cut off, 408, 425, 429 and 5xx, the latter with the
//! wait that `Retry-After` asks for.

mod client;
mod credentials;
mod digest;
mod error;
mod http;
mod index;
mod provenance;
mod registry;
mod url;

pub use crate::client::{Client, Found, Wanted};
pub use crate::credentials::Credentials;
pub use crate::digest::Digest;
pub use crate::error::Error;
pub use crate::http::{Options, Progress, Quiet};
pub use crate::provenance::{Keyring, Signer};
