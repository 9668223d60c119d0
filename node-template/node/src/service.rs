//! Assembles the node: database, transaction pool, network, consensus, RPC.
use std::{path::PathBuf, sync::Arc, time::Duration};

use futures::{FutureExt, Stream};
use sc_client_api::BlockBackend;
use sc_consensus_aura::{SlotProportion, StartAuraParams};
use sc_consensus_grandpa::SharedVoterState;
use sc_consensus_manual_seal::{
    ManualSealParams, consensus::aura::AuraConsensusDataProvider, run_manual_seal,
};
use sc_executor::{DEFAULT_HEAP_ALLOC_STRATEGY, HeapAllocStrategy, WasmExecutor};
use sc_network::{Litep2pNetworkBackend, NetworkBackend, config::NetworkBackendType};
use sc_service::{Configuration, TaskManager, WarpSyncConfig, error::Error as ServiceError};
use sc_telemetry::{Telemetry, TelemetryWorker};
use sc_transaction_pool::TransactionPoolHandle;
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sp_consensus_aura::sr25519::AuthorityPair as AuraPair;
use sp_core::traits::SpawnEssentialNamed;
use tephra_runtime::{Hash, apis::RuntimeApi, limits::SLOT_MILLISECONDS, opaque::Block};

use crate::{
    client::{FullBackend, FullClient, LongestChain},
    dry_runs::{Executor, Limits},
    essential::Essential,
    rpc,
    sealing::{self, Sealing},
};

type GrandpaBlockImport =
    sc_consensus_grandpa::GrandpaBlockImport<FullBackend, Block, FullClient, LongestChain>;
type GrandpaLink = sc_consensus_grandpa::LinkHalf<Block, FullClient, LongestChain>;
type Network = Litep2pNetworkBackend;

/// The most blocks between two proofs of finality by GRANDPA, for nodes that join later.
const JUSTIFICATION_PERIOD: u32 = 512;

/// The directory of compiled runtimes.
pub struct Compiled(pub PathBuf);

/// How the makers of blocks agree.
#[allow(clippy::large_enum_variant, reason = "a process has one")]
pub enum Consensus {
    /// This node makes them alone, unsigned.
    Alone,
    /// The validators take turns.
    Validators {
        /// Imports blocks and tracks finality.
        block_import: GrandpaBlockImport,
        /// The half of GRANDPA that votes.
        link: GrandpaLink,
    },
}

/// An open chain, without a network.
pub struct Parts {
    /// The chain.
    pub client: Arc<FullClient>,
    /// The database.
    pub backend: Arc<FullBackend>,
    /// The tasks in the background.
    pub task_manager: TaskManager,
    keystore: sp_keystore::KeystorePtr,
    select_chain: LongestChain,
    telemetry: Option<Telemetry>,
}

/// The import of blocks.
pub struct Imported {
    /// Checks blocks and imports them.
    pub queue: sc_consensus::DefaultImportQueue<Block>,
    consensus: Consensus,
}

/// Opens the chain.
///
/// # Errors
///
/// The database cannot be opened, or belongs to another chain.
pub fn parts(
    config: &Configuration,
    compiled: &Compiled,
    dry_runs: Limits,
) -> Result<Parts, ServiceError> {
    let telemetry = config
        .telemetry_endpoints
        .clone()
        .filter(|endpoints| !endpoints.is_empty())
        .map(|endpoints| {
            let worker = TelemetryWorker::new(16)?;
            let telemetry = worker.handle().new_telemetry(endpoints);
            Ok::<_, sc_telemetry::Error>((worker, telemetry))
        })
        .transpose()?;
    let (client, backend, keystore, task_manager) =
        sc_service::new_full_parts::<Block, RuntimeApi, _>(
            config,
            telemetry.as_ref().map(|(_, telemetry)| telemetry.handle()),
            Executor::new(executor(config, compiled), dry_runs),
            Vec::new(),
        )?;
    let client = Arc::new(client);
    let telemetry = telemetry.map(|(worker, telemetry)| {
        task_manager.spawn_handle().spawn("telemetry", None, worker.run());
        telemetry
    });
    let select_chain = LongestChain::new(backend.clone());
    Ok(Parts {
        client,
        backend,
        task_manager,
        keystore: keystore.keystore(),
        select_chain,
        telemetry,
    })
}

impl Parts {
    /// Prepares the import of blocks.
    ///
    /// # Errors
    ///
    /// The database does not name the validators.
    pub fn import(
        &self,
        config: &Configuration,
        sealing: Sealing,
    ) -> Result<Imported, ServiceError> {
        let spawner = Essential(self.task_manager.spawn_essential_handle());
        if sealing != Sealing::Slots {
            let queue = sc_consensus_manual_seal::import_queue(
                Box::new(self.client.clone()),
                &spawner,
                config.prometheus_registry(),
            );
            return Ok(Imported { queue, consensus: Consensus::Alone });
        }
        let telemetry = self.telemetry.as_ref().map(Telemetry::handle);
        let (block_import, link) = sc_consensus_grandpa::block_import(
            self.client.clone(),
            JUSTIFICATION_PERIOD,
            &self.client,
            self.select_chain.clone(),
            telemetry.clone(),
        )?;
        let queue = sc_consensus_aura::import_queue::<AuraPair, _, _, _, _, _>(
            sc_consensus_aura::ImportQueueParams {
                block_import: block_import.clone(),
                justification_import: Some(Box::new(block_import.clone())),
                client: self.client.clone(),
                create_inherent_data_providers: |_, ()| async { Ok(slot_and_time()) },
                spawner: &spawner,
                registry: config.prometheus_registry(),
                check_for_equivocation: Default::default(),
                telemetry,
                compatibility_mode: Default::default(),
            },
        )?;
        Ok(Imported { queue, consensus: Consensus::Validators { block_import, link } })
    }

    /// Makes the pool of transactions.
    fn pool(&self, config: &Configuration) -> Arc<TransactionPoolHandle<Block, FullClient>> {
        let spawner = Essential(self.task_manager.spawn_essential_handle());
        let pool = sc_transaction_pool::Builder::new(
            spawner,
            self.client.clone(),
            config.role.is_authority().into(),
        )
        .with_options(config.transaction_pool.clone())
        .with_prometheus(config.prometheus_registry());
        Arc::from(pool.build())
    }
}

fn executor(
    config: &Configuration,
    compiled: &Compiled,
) -> WasmExecutor<sp_io::SubstrateHostFunctions> {
    let config = &config.executor;
    let heap = config
        .default_heap_pages
        .and_then(|pages| pages.try_into().ok())
        .map_or(DEFAULT_HEAP_ALLOC_STRATEGY, |extra_pages| HeapAllocStrategy::Static {
            extra_pages,
        });
    WasmExecutor::builder()
        .with_execution_method(config.wasm_method)
        .with_onchain_heap_alloc_strategy(heap)
        .with_offchain_heap_alloc_strategy(heap)
        .with_max_runtime_instances(config.max_runtime_instances)
        .with_runtime_cache_size(config.runtime_cache_size)
        .with_cache_path(&compiled.0)
        .build()
}

fn slot_and_time()
-> (sp_consensus_aura::inherents::InherentDataProvider, sp_timestamp::InherentDataProvider) {
    let time = sp_timestamp::InherentDataProvider::from_system_time();
    let slot = sp_consensus_aura::inherents::InherentDataProvider::from_timestamp_and_slot_duration(
        *time,
        sp_consensus_aura::SlotDuration::from_millis(SLOT_MILLISECONDS),
    );
    (slot, time)
}

/// Starts the node.
///
/// # Errors
///
/// The chain cannot be opened, or a port is taken.
pub fn start(
    config: Configuration,
    sealing: Sealing,
    compiled: &Compiled,
    dry_runs: Limits,
) -> Result<TaskManager, ServiceError> {
    if !matches!(config.network.network_backend, NetworkBackendType::Litep2p) {
        return Err("this node supports only litep2p: leave out --network-backend".into());
    }
    let parts = parts(&config, compiled, dry_runs)?;
    let Imported { queue: import_queue, consensus } = parts.import(&config, sealing)?;
    let pool = parts.pool(&config);
    let Parts { client, backend, mut task_manager, keystore, select_chain, mut telemetry } = parts;

    let mut network_config = sc_network::config::FullNetworkConfiguration::<_, _, Network>::new(
        &config.network,
        config.prometheus_registry().cloned(),
    );
    let metrics = <Network as NetworkBackend<Block, Hash>>::register_notification_metrics(
        config.prometheus_registry(),
    );
    let genesis = client
        .block_hash(0)?
        .ok_or_else(|| ServiceError::Other("the database has no genesis block".into()))?;
    let mut votes = None;
    let mut warp_sync = None;
    if let Consensus::Validators { link, .. } = &consensus {
        let protocol = sc_consensus_grandpa::protocol_standard_name(&genesis, &config.chain_spec);
        let (protocol_config, notifications) =
            sc_consensus_grandpa::grandpa_peers_set_config::<Block, Network>(
                protocol.clone(),
                metrics.clone(),
                network_config.peer_store_handle(),
            );
        network_config.add_notification_protocol(protocol_config);
        votes = Some((protocol, notifications));
        warp_sync = Some(WarpSyncConfig::WithProvider(Arc::new(
            sc_consensus_grandpa::warp_proof::NetworkProvider::new(
                backend.clone(),
                link.shared_authority_set().clone(),
                Vec::new(),
            ),
        )));
    }
    let (network, system_rpc, transactions, sync, _) =
        sc_service::build_network(sc_service::BuildNetworkParams {
            config: &config,
            net_config: network_config,
            client: client.clone(),
            transaction_pool: pool.clone(),
            spawn_handle: task_manager.spawn_handle(),
            spawn_essential_handle: task_manager.spawn_essential_handle(),
            import_queue,
            block_announce_validator_builder: None,
            warp_sync_config: warp_sync,
            block_relay: None,
            metrics,
            gap_sync_body_policy: None,
        })?;

    let role = config.role;
    let force_authoring = config.force_authoring;
    let name = config.network.node_name.clone();
    let votes = votes.filter(|_| !config.disable_grandpa);
    let prometheus = config.prometheus_registry().cloned();
    sc_service::spawn_tasks(sc_service::SpawnTasksParams {
        network: network.clone(),
        client: client.clone(),
        keystore: keystore.clone(),
        task_manager: &mut task_manager,
        transaction_pool: pool.clone(),
        rpc_builder: {
            let (client, pool) = (client.clone(), pool.clone());
            Box::new(move |_| {
                rpc::module(&client, &pool).map_err(|error| ServiceError::Other(error.to_string()))
            })
        },
        backend,
        system_rpc_tx: system_rpc,
        tx_handler_controller: transactions,
        sync_service: sync.clone(),
        config,
        telemetry: telemetry.as_mut(),
        tracing_execute_block: None,
    })?;
    let telemetry = telemetry.as_ref().map(Telemetry::handle);

    let proposer_factory = sc_basic_authorship::ProposerFactory::new(
        task_manager.spawn_handle(),
        client.clone(),
        pool.clone(),
        prometheus.as_ref(),
        telemetry.clone(),
    );
    let essential = Essential(task_manager.spawn_essential_handle());
    match consensus {
        Consensus::Alone => {
            let time = {
                let client = client.clone();
                move |parent, ()| {
                    let time = sealing::time_after(&client, parent);
                    async move { time }
                }
            };
            let digests = Some(Box::new(AuraConsensusDataProvider::new_with_slot_duration(
                sp_consensus_aura::SlotDuration::from_millis(SLOT_MILLISECONDS),
            ))
                as Box<dyn sc_consensus_manual_seal::ConsensusDataProvider<_>>);
            let commands: Box<dyn Stream<Item = _> + Send + Unpin> = match sealing {
                Sealing::Interval(interval) => Box::new(sealing::every(interval)),
                _ => Box::new(sealing::with_each(&*pool)),
            };
            essential.spawn_essential("finality", None, sealing::finalize(client.clone()).boxed());
            let blocks = run_manual_seal(ManualSealParams {
                block_import: client.clone(),
                env: proposer_factory,
                client,
                pool,
                commands_stream: commands,
                select_chain,
                consensus_data_provider: digests,
                create_inherent_data_providers: time,
            });
            essential.spawn_essential_blocking("seal", Some("block-authoring"), blocks.boxed());
        }
        Consensus::Validators { block_import, link } => {
            if role.is_authority() {
                let aura = sc_consensus_aura::start_aura::<AuraPair, _, _, _, _, _, _, _, _, _, _>(
                    StartAuraParams {
                        slot_duration: sc_consensus_aura::slot_duration(&*client)?,
                        client,
                        select_chain,
                        block_import,
                        proposer_factory,
                        create_inherent_data_providers: |_, ()| async { Ok(slot_and_time()) },
                        force_authoring,
                        backoff_authoring_blocks: Some(
                            sc_consensus_slots::BackoffAuthoringOnFinalizedHeadLagging::default(),
                        ),
                        keystore: keystore.clone(),
                        sync_oracle: sync.clone(),
                        justification_sync_link: sync.clone(),
                        block_proposal_slot_portion: SlotProportion::new(2.0 / 3.0),
                        max_block_proposal_slot_portion: None,
                        telemetry: telemetry.clone(),
                        compatibility_mode: Default::default(),
                    },
                )?;
                essential.spawn_essential_blocking("aura", Some("block-authoring"), aura.boxed());
            }
            if let Some((protocol_name, notification_service)) = votes {
                let voter =
                    sc_consensus_grandpa::run_grandpa_voter(sc_consensus_grandpa::GrandpaParams {
                        config: sc_consensus_grandpa::Config {
                            gossip_duration: Duration::from_millis(333),
                            justification_generation_period: JUSTIFICATION_PERIOD,
                            name: Some(name),
                            observer_enabled: false,
                            keystore: role.is_authority().then_some(keystore),
                            local_role: role,
                            telemetry: telemetry.clone(),
                            protocol_name,
                        },
                        link,
                        network,
                        sync,
                        notification_service,
                        voting_rule: sc_consensus_grandpa::VotingRulesBuilder::default().build(),
                        prometheus_registry: prometheus,
                        shared_voter_state: SharedVoterState::empty(),
                        telemetry,
                        offchain_tx_pool_factory: OffchainTransactionPoolFactory::new(pool),
                    })?;
                essential.spawn_essential_blocking("grandpa-voter", None, voter.boxed());
            }
        }
    }
    Ok(task_manager)
}
