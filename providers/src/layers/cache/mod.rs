//! The cache on disk.

mod disk;
mod layer;

pub use disk::DiskCache;
pub use layer::Cached;
