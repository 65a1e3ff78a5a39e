//! What `monstack migrate` makes of manifests: those of monstack itself give the same objects again.

mod original;
mod own;
