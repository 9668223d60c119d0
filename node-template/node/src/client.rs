//! The chain as the node sees it.
use tephra_runtime::{apis::RuntimeApi, opaque::Block};

use crate::dry_runs::Executor;

/// Reads and imports blocks, and runs the runtime.
pub type FullClient = sc_service::TFullClient<Block, RuntimeApi, Executor>;

/// The database.
pub type FullBackend = sc_service::TFullBackend<Block>;

/// The choice of the best block.
pub type LongestChain = sc_consensus::LongestChain<FullBackend, Block>;
