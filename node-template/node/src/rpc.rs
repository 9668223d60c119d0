//! The RPC methods that this node has besides those of every Substrate node (author, chain, state,
//! system, and the new JSON-RPC specification).
use std::sync::Arc;

use jsonrpsee::RpcModule;
use sc_transaction_pool::TransactionPoolHandle;
use tephra_runtime::opaque::Block;

use crate::client::FullClient;

/// Returns the methods `system_accountNextIndex` and `payment_*`.
///
/// # Errors
///
/// Two modules have a method of the same name.
pub fn module(
    client: &Arc<FullClient>,
    pool: &Arc<TransactionPoolHandle<Block, FullClient>>,
) -> Result<RpcModule<()>, jsonrpsee::core::RegisterMethodError> {
    use pallet_transaction_payment_rpc::{TransactionPayment, TransactionPaymentApiServer};
    use substrate_frame_rpc_system::{System, SystemApiServer};

    let mut module = RpcModule::new(());
    module.merge(System::new(client.clone(), pool.clone()).into_rpc())?;
    module.merge(TransactionPayment::new(client.clone()).into_rpc())?;
    Ok(module)
}
