//! The presets from which a chain can start.
//!
//! - `dev`: one validator (Alice), for one developer.
//! - `local`: four validators (Alice, Bob, Charlie, Dave), for a test network.
//!
//! Both fund the named development accounts (`//Alice` … `//Ferdie`, and their `//stash`es), make
//! Alice the account of `sudo`, and have a token contract at [`token::TOKEN`] whose whole supply is
//! Alice's. Their keys are public: a chain in production starts from its own preset.
use alloc::vec::Vec;

use sp_consensus_aura::sr25519::AuthorityId as AuraId;
use sp_consensus_grandpa::AuthorityId as GrandpaId;
use sp_genesis_builder::PresetId;
pub use sp_genesis_builder::{DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET};
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};

use crate::{
    AccountId, AuraConfig, Balance, BalancesConfig, EwasmConfig, GrandpaConfig,
    RuntimeGenesisConfig, SudoConfig, fees::UNIT, token,
};

/// The names of the presets, as tools know them. `dev` and `local` stand for them.
pub const PRESETS: [&str; 2] = [DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET];

/// The balance of each named account.
pub const ENDOWMENT: Balance = 1_000_000 * UNIT;

/// Returns the preset `id` as JSON that patches the default genesis; none when there is no such
/// preset.
pub fn preset(id: &PresetId) -> Option<Vec<u8>> {
    let patch = match AsRef::<str>::as_ref(id) {
        "dev" | DEV_RUNTIME_PRESET => {
            genesis(&[validator(Sr25519Keyring::Alice, Ed25519Keyring::Alice)])
        }
        "local" | LOCAL_TESTNET_RUNTIME_PRESET => genesis(&[
            validator(Sr25519Keyring::Alice, Ed25519Keyring::Alice),
            validator(Sr25519Keyring::Bob, Ed25519Keyring::Bob),
            validator(Sr25519Keyring::Charlie, Ed25519Keyring::Charlie),
            validator(Sr25519Keyring::Dave, Ed25519Keyring::Dave),
        ]),
        _ => return None,
    };
    serde_json::to_vec(&patch).ok()
}

fn validator(aura: Sr25519Keyring, grandpa: Ed25519Keyring) -> (AuraId, GrandpaId) {
    (aura.public().into(), grandpa.public().into())
}

fn genesis(validators: &[(AuraId, GrandpaId)]) -> serde_json::Value {
    let funded: Vec<(AccountId, Balance)> =
        Sr25519Keyring::well_known().map(|name| (name.to_account_id(), ENDOWMENT)).collect();
    let contracts: Vec<_> =
        token::genesis(&Sr25519Keyring::Alice.to_account_id()).into_iter().collect();
    frame_support::build_struct_json_patch!(RuntimeGenesisConfig {
        balances: BalancesConfig { balances: funded },
        aura: AuraConfig { authorities: validators.iter().map(|(aura, _)| aura.clone()).collect() },
        grandpa: GrandpaConfig {
            authorities: validators
                .iter()
                .map(|(_, grandpa)| (grandpa.clone(), 1))
                .collect::<Vec<_>>(),
        },
        ewasm: EwasmConfig { contracts },
        sudo: SudoConfig { key: Some(Sr25519Keyring::Alice.to_account_id()) },
    })
}
