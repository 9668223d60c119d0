//! The chains that this node knows by name.
use codec::{Decode, Encode};
use sc_chain_spec::{ChainSpec as _, ChainType, Properties, json_patch};
use sp_core::storage::{Storage, well_known_keys::CODE};
use sp_state_machine::BasicExternalities;
use tephra_runtime::genesis::{DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET};

/// The specification of a chain: its genesis, its name, its boot nodes.
pub type ChainSpec = sc_chain_spec::GenericChainSpec;

/// The runtime's blob at the time when the node was built.
#[cfg(has_runtime)]
const RUNTIME: Option<&[u8]> = Some(include_bytes!(env!("TEPHRA_RUNTIME_BLOB")));
#[cfg(not(has_runtime))]
const RUNTIME: Option<&[u8]> = None;

/// A chain that this node knows.
struct Named {
    name: &'static str,
    id: &'static str,
    kind: ChainType,
    preset: &'static str,
}

fn named(id: &str) -> Option<Named> {
    match id {
        "dev" => Some(Named {
            name: "Tephra development",
            id: "tephra_dev",
            kind: ChainType::Development,
            preset: DEV_RUNTIME_PRESET,
        }),
        "" | "local" => Some(Named {
            name: "Tephra local network",
            id: "tephra_local",
            kind: ChainType::Local,
            preset: LOCAL_TESTNET_RUNTIME_PRESET,
        }),
        _ => None,
    }
}

/// Returns the chain with that name, or in that file, ready to start. The genesis of a chain that
/// the node knows is computed natively: the blob gives the same, but takes long to compile.
///
/// # Errors
///
/// There is no such chain, and no such file; or the node was built without a runtime.
pub fn load(id: &str) -> Result<ChainSpec, String> {
    let mut spec = describe(id)?;
    if let Some(named) = named(id) {
        spec.set_storage(genesis(named.preset)?);
    }
    Ok(spec)
}

/// Returns the chain with that name, or in that file, to be read: its genesis names its values
/// where it can.
///
/// # Errors
///
/// Those of [`load`].
pub fn describe(id: &str) -> Result<ChainSpec, String> {
    let Some(named) = named(id) else { return ChainSpec::from_json_file(id.into()) };
    let mut properties = Properties::new();
    properties.insert("tokenSymbol".into(), "TPH".into());
    properties.insert("tokenDecimals".into(), 18.into());
    properties.insert("ss58Format".into(), 42.into());
    Ok(ChainSpec::builder(runtime()?, None)
        .with_name(named.name)
        .with_id(named.id)
        .with_chain_type(named.kind)
        .with_properties(properties)
        .with_genesis_config_preset_name(named.preset)
        .build())
}

fn runtime() -> Result<&'static [u8], String> {
    RUNTIME.ok_or_else(|| {
        "This node was built without a runtime. Run scripts/runtime-blob and build the node again, \
         or name a chain specification that has a runtime with --chain"
            .into()
    })
}

/// Returns the state that a preset gives.
fn genesis(preset: &str) -> Result<Storage, String> {
    let mut config = preset_of(None)?;
    json_patch::merge(&mut config, preset_of(Some(preset))?);
    let config = serde_json::to_vec(&config).map_err(|error| error.to_string())?;
    let mut state = BasicExternalities::new_empty();
    state
        .execute_with(|| native::<Result<(), String>>("GenesisBuilder_build_state", &config))??;
    let mut storage = state.into_storages();
    storage.top.insert(CODE.to_vec(), runtime()?.to_vec());
    Ok(storage)
}

fn preset_of(id: Option<&str>) -> Result<serde_json::Value, String> {
    let json: Option<Vec<u8>> = BasicExternalities::new_empty()
        .execute_with(|| native("GenesisBuilder_get_preset", &id))?;
    let json =
        json.ok_or_else(|| format!("the runtime has no preset {}", id.unwrap_or_default()))?;
    serde_json::from_slice(&json).map_err(|error| error.to_string())
}

/// Calls a function of the runtime API natively.
fn native<R: Decode>(method: &str, argument: &impl Encode) -> Result<R, String> {
    let answer = tephra_runtime::api::dispatch(method, &argument.encode())
        .ok_or_else(|| format!("the runtime has no function {method}"))?;
    R::decode(&mut &answer[..]).map_err(|error| error.to_string())
}
