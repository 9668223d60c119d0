//! A chain whose blocks are made and imported as by nodes.
use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use codec::{Decode, Encode};
use sp_consensus_aura::AURA_ENGINE_ID;
use sp_core::{H256, storage::well_known_keys::CODE};
use sp_inherents::InherentData;
use sp_io::hashing::blake2_128;
use sp_runtime::{
    AccountId32, ApplyExtrinsicResult, Digest, DigestItem, OpaqueExtrinsic, StateVersion, generic,
    traits::{BlakeTwo256, Header as _},
};
use sp_timestamp::Timestamp;
use sp_version::RuntimeVersion;
use tephra_chain_tests::{blob::Blob, merge};

use crate::{
    Result,
    state::{Changes, Role, Session, State},
    storage_key,
    transaction::{Covered, signed},
    user::User,
};

type Header = generic::Header<u32, BlakeTwo256>;
type Block = generic::Block<Header, OpaqueExtrinsic>;

const SLOT_MILLISECONDS: u64 = 6000;

/// The slot of the first block: some time in 2026. Block `n` has the slot `n` later.
const FIRST_SLOT: u64 = 1_767_225_600_000 / SLOT_MILLISECONDS;

/// A block that was made and is not part of the chain yet.
pub struct Made {
    header: Header,
    /// The block, encoded.
    pub block: Vec<u8>,
    changes: Changes,
}

/// A chain.
pub struct Chain<'b> {
    /// The runtime.
    pub blob: &'b Blob,
    state: State,
    parent: Header,
    covered: Covered,
    nonces: BTreeMap<AccountId32, u32>,
}

impl<'b> Chain<'b> {
    /// A chain from the runtime's default genesis, changed by its preset of that name and by
    /// `change`.
    ///
    /// # Errors
    ///
    /// The runtime refuses the genesis.
    pub fn start(
        blob: &'b Blob,
        preset: Option<&str>,
        change: impl FnOnce(&mut serde_json::Value),
    ) -> Result<Self> {
        let mut state = State::empty();
        let mut session = state.session(blob, Role::Author);
        let mut config = |name: Option<&str>| -> Result<serde_json::Value> {
            let json: Option<Vec<u8>> =
                decoded(&session.call("GenesisBuilder_get_preset", &name.encode())?)?;
            let json = json.ok_or_else(|| {
                format!("the runtime has no genesis {}", name.unwrap_or("by default"))
            })?;
            serde_json::from_slice(&json).map_err(|error| error.to_string())
        };
        let mut genesis = config(None)?;
        if preset.is_some() {
            merge(&mut genesis, config(preset)?);
        }
        change(&mut genesis);
        let built = session
            .call("GenesisBuilder_build_state", &genesis.to_string().into_bytes().encode())?;
        decoded::<std::result::Result<(), String>>(&built)??;
        session.with(|state| state.place_storage(CODE.to_vec(), Some(blob.code().to_vec())));
        let version: RuntimeVersion = decoded(&session.call("Core_version", &[])?)?;
        let changes = session.changes()?;
        state.commit(changes);
        let nothing = sp_trie::empty_trie_root::<sp_trie::LayoutV1<BlakeTwo256>>();
        let parent = Header::new(0, nothing, state.root(), H256::zero(), Digest::default());
        let covered = Covered {
            spec_version: version.spec_version,
            transaction_version: version.transaction_version,
            genesis: parent.hash(),
        };
        Ok(Self { blob, state, parent, covered, nonces: BTreeMap::new() })
    }

    /// Signs an encoded call with the user's next nonce.
    pub fn sign(&mut self, user: &User, call: &[u8]) -> OpaqueExtrinsic {
        let nonce = self.nonces.entry(user.account.clone()).or_default();
        let transaction = signed(user, *nonce, &self.covered, call);
        *nonce += 1;
        transaction
    }

    /// The nonce that the user's next transaction has.
    pub fn nonce(&self, user: &User) -> u32 {
        self.nonces.get(&user.account).copied().unwrap_or_default()
    }

    /// Takes over a user's nonce from the state: creates may count it up once more than the
    /// transaction does.
    ///
    /// # Errors
    ///
    /// The state has no such account.
    pub fn reread_nonce(&mut self, user: &User) -> Result<()> {
        let id: &[u8] = user.account.as_ref();
        let key = [&storage_key("System", "Account")[..], &blake2_128(id), id].concat();
        let nonce = self.read(&key)?.ok_or("there is no such account")?;
        self.nonces.insert(user.account.clone(), nonce);
        Ok(())
    }

    /// Makes a block of these transactions, as its author does.
    ///
    /// # Errors
    ///
    /// One of them is not valid, or fails.
    pub fn make(&self, transactions: &[OpaqueExtrinsic]) -> Result<Made> {
        let (mut session, extrinsics) = self.filled(transactions)?;
        let header: Header = decoded(&session.call("BlockBuilder_finalize_block", &[])?)?;
        let changes = session.changes()?;
        let block = Block { header: header.clone(), extrinsics }.encode();
        Ok(Made { header, block, changes })
    }

    /// How long the state's new root takes after these transactions, apart from them.
    ///
    /// # Errors
    ///
    /// As [`Self::make`].
    pub fn root_time(&self, transactions: &[OpaqueExtrinsic]) -> Result<Duration> {
        let (mut session, _) = self.filled(transactions)?;
        let start = Instant::now();
        session.with(|state| state.storage_root(StateVersion::V1));
        Ok(start.elapsed())
    }

    /// A block that lacks nothing but its end, and its extrinsics.
    fn filled(
        &self,
        transactions: &[OpaqueExtrinsic],
    ) -> Result<(Session<'_>, Vec<OpaqueExtrinsic>)> {
        let number = self.parent.number + 1;
        let slot = FIRST_SLOT + u64::from(number);
        let digest = Digest { logs: vec![DigestItem::PreRuntime(AURA_ENGINE_ID, slot.encode())] };
        let initial = Header::new(number, H256::zero(), H256::zero(), self.parent.hash(), digest);
        let mut session = self.state.session(self.blob, Role::Author);
        session.call("Core_initialize_block", &initial.encode())?;

        let mut data = InherentData::new();
        data.put_data(sp_timestamp::INHERENT_IDENTIFIER, &Timestamp::new(slot * SLOT_MILLISECONDS))
            .map_err(|error| error.to_string())?;
        let inherents = session.call("BlockBuilder_inherent_extrinsics", &data.encode())?;
        let mut extrinsics: Vec<OpaqueExtrinsic> = decoded(&inherents)?;
        extrinsics.extend_from_slice(transactions);
        for (place, extrinsic) in extrinsics.iter().enumerate() {
            let succeeded = Ok::<_, codec::Error>(Ok(Ok(())));
            let applied = session.attempt(
                "BlockBuilder_apply_extrinsic",
                &extrinsic.encode(),
                |mut answer| ApplyExtrinsicResult::decode(&mut answer) == succeeded,
            )?;
            if ApplyExtrinsicResult::decode(&mut &*applied) != succeeded {
                let answer = decoded::<ApplyExtrinsicResult>(&applied)?;
                return Err(format!("extrinsic {place} of block {number}: {answer:?}"));
            }
        }
        Ok((session, extrinsics))
    }

    /// Imports a block, as a node does that has heard of it: runs it, and compares the state's
    /// root. Answers what it changed.
    ///
    /// # Errors
    ///
    /// The block is not valid.
    pub fn import(&self, made: &Made) -> Result<Changes> {
        let mut session = self.state.session(self.blob, Role::Importer);
        session.call("Core_execute_block", &made.block)?;
        let changes = session.changes()?;
        if changes.transaction_storage_root != made.header.state_root {
            return Err(format!(
                "block {} has another state's root when it is imported",
                made.header.number
            ));
        }
        Ok(changes)
    }

    /// Bytes of the compact proof of all that the import of a block reads.
    ///
    /// # Errors
    ///
    /// The block is not valid.
    pub fn proof_size(&self, made: &Made) -> Result<usize> {
        let mut session = self.state.recorded(self.blob, Role::Importer);
        session.call("Core_execute_block", &made.block)?;
        session.proof_size()
    }

    /// Makes a block part of the chain.
    pub fn advance(&mut self, made: Made) {
        self.parent = made.header;
        self.state.commit(made.changes);
    }

    /// Makes and imports a block, and makes it part of the chain.
    ///
    /// # Errors
    ///
    /// As [`Self::make`] and [`Self::import`].
    pub fn block(&mut self, transactions: &[OpaqueExtrinsic]) -> Result<()> {
        let made = self.make(transactions)?;
        self.import(&made)?;
        self.advance(made);
        Ok(())
    }

    /// Asks the runtime.
    ///
    /// # Errors
    ///
    /// The runtime traps, or answers something else than `R`.
    pub fn ask<R: Decode>(&self, method: &str, arguments: impl Encode) -> Result<R> {
        let mut session = self.state.session(self.blob, Role::Importer);
        decoded(&session.call(method, &arguments.encode())?)
    }

    /// Reads a value of the state.
    ///
    /// # Errors
    ///
    /// The value is no `R`.
    pub fn read<R: Decode>(&self, key: &[u8]) -> Result<Option<R>> {
        let mut session = self.state.session(self.blob, Role::Importer);
        session.with(|state| state.storage(key)).map(|value| decoded(&value)).transpose()
    }
}

fn decoded<R: Decode>(mut bytes: &[u8]) -> Result<R> {
    R::decode(&mut bytes)
        .map_err(|error| format!("the runtime does not answer by its types: {error}"))
}
