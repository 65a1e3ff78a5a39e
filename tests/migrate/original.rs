//! Manifests as the original program rendered them.
