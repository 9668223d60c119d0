//! The benchmarks of this runtime's pallets.
use alloc::{string::String, vec::Vec};

use frame_benchmarking::{
    BenchmarkBatch, BenchmarkConfig, BenchmarkList, add_benchmark, list_benchmark,
};
use frame_support::traits::{StorageInfo, StorageInfoTrait, WhitelistedStorageKeys};

use crate::{AllPalletsWithSystem, Ewasm};

/// Returns the benchmarks and the storage.
pub fn metadata(extra: bool) -> (Vec<BenchmarkList>, Vec<StorageInfo>) {
    let mut list = Vec::new();
    list_benchmark!(list, extra, pallet_ewasm, Ewasm);
    (list, AllPalletsWithSystem::storage_info())
}

/// Runs a benchmark.
///
/// # Errors
/// The benchmark fails.
pub fn dispatch(config: BenchmarkConfig) -> Result<Vec<BenchmarkBatch>, String> {
    let whitelist = AllPalletsWithSystem::whitelisted_storage_keys();
    let mut batches = Vec::new();
    let params = (&config, &whitelist);
    add_benchmark!(params, batches, pallet_ewasm, Ewasm);
    Ok(batches)
}
