//! A chain that is built and imported in several worlds at once.
use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use codec::{Decode, Encode};
use frame_system::EventRecord;
use sp_consensus_aura::AURA_ENGINE_ID;
use sp_core::{storage::well_known_keys::CODE, traits::CallContext};
use sp_inherents::InherentData;
use sp_keyring::Sr25519Keyring;
use sp_runtime::{
    ApplyExtrinsicResult, Digest, DigestItem, ExtrinsicInclusionMode, OpaqueExtrinsic,
    generic::Header as GenericHeader,
    traits::{BlakeTwo256, Hash as HashOf, Header as _},
};
use sp_timestamp::Timestamp;
use tephra_runtime::{
    BlockNumber, Hash, Header, Nonce, RuntimeCall, RuntimeEvent, System, UncheckedExtrinsic,
    limits::SLOT_MILLISECONDS,
};

use crate::{World, blob::Blob, difference, transaction::signed};

/// The slot of the genesis block: some time in 2026. Block `n` has the slot `n` later.
const GENESIS_SLOT: u64 = 1_767_225_600_000 / SLOT_MILLISECONDS;

/// What a block did, the same in every world.
#[derive(Clone, Debug)]
pub struct BlockReport {
    /// Its header, with the state root.
    pub header: Header,
    /// How each transaction that was offered ended, in order; those that were not valid are not in
    /// the block.
    pub results: Vec<ApplyExtrinsicResult>,
    /// All events, those of the block's inherents included.
    pub events: Vec<EventRecord<RuntimeEvent, Hash>>,
    /// How long its import took, without writing what it changed.
    pub import: Duration,
    /// What it took of the runtime's heap; zero unless [`Chain::measure_heap`] was called.
    pub heap: Heap,
}

/// Bytes of the runtime's heap, at most, in the blob.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Heap {
    /// In one of the instances that built the block, one for each extrinsic.
    pub building: u32,
    /// In the one that imported it.
    pub importing: u32,
}

impl BlockReport {
    /// The events of one kind of pallet, in order.
    pub fn select<T>(&self, select: impl Fn(&RuntimeEvent) -> Option<T>) -> Vec<T> {
        self.events.iter().filter_map(|record| select(&record.event)).collect()
    }
}

/// A chain.
pub struct Chain {
    /// All build blocks.
    builders: Vec<World>,
    /// Imports what they build.
    importer: World,
    genesis: Hash,
    parent: Header,
    nonces: BTreeMap<Sr25519Keyring, Nonce>,
}

impl Chain {
    /// A chain from one of the runtime's presets, built by the runtime itself in each world.
    pub fn start(preset: &str) -> Self {
        Self::start_with(preset, |_| {})
    }

    /// A chain from one of the runtime's presets, after `change` has changed its JSON.
    pub fn start_with(preset: &str, change: impl FnOnce(&mut serde_json::Value)) -> Self {
        let blob = Blob::get();
        let building = CallContext::Onchain { import: false };
        let mut builders = vec![World::new("the native builder", None, building)];
        builders
            .extend(blob.map(|blob| World::new("the builder in the blob", Some(blob), building)));
        let importer = World::new("the importer", blob, CallContext::Onchain { import: true });
        let mut chain = Self {
            builders,
            importer,
            genesis: Hash::zero(),
            parent: header(0, Hash::zero()),
            nonces: BTreeMap::new(),
        };

        let preset: String = preset.into();
        let defaults: Option<Vec<u8>> = chain.query("GenesisBuilder_get_preset", None::<String>);
        let patch: Option<Vec<u8>> = chain.query("GenesisBuilder_get_preset", Some(&preset));
        let patch = patch.unwrap_or_else(|| panic!("the runtime has no preset {preset}"));
        let mut config = json(&defaults.expect("every runtime has a default"));
        merge(&mut config, json(&patch));
        change(&mut config);
        let config = serde_json::to_vec(&config).expect("JSON can be written");
        let built: Result<(), String> =
            chain.everywhere("GenesisBuilder_build_state", config, |_| true);
        built.expect("the preset builds a state");
        for world in chain.worlds() {
            if let Some(blob) = blob {
                world.put(CODE, blob.code());
            }
        }
        let root = chain.commit();
        chain.parent = Header::new(
            0,
            BlakeTwo256::ordered_trie_root(Vec::new(), sp_runtime::StateVersion::V0),
            root,
            Hash::zero(),
            Digest::default(),
        );
        chain.genesis = chain.parent.hash();
        chain
    }

    /// From now on blocks are built in the blob alone, if there is one.
    pub fn leave_out_the_native_builder(&mut self) {
        if self.builders.len() > 1 {
            self.builders.remove(0);
        }
    }

    /// From now on blocks tell what they took of the heap.
    pub fn measure_heap(&mut self) {
        self.worlds().for_each(World::measure_heap);
    }

    /// Asks the runtime in every world, and gives the answer, which must be the same. The state
    /// stays as it is.
    pub fn query<R: Decode>(&mut self, method: &str, arguments: impl Encode) -> R {
        self.everywhere(method, arguments, |_| false)
    }

    /// Makes a block of these calls, each signed with the signer's next nonce.
    pub fn block(
        &mut self,
        calls: impl IntoIterator<Item = (Sr25519Keyring, RuntimeCall)>,
    ) -> BlockReport {
        let transactions =
            calls.into_iter().map(|(signer, call)| self.sign(signer, call)).collect();
        self.block_of(transactions)
    }

    /// The same, and the block is executed `rounds` times before it is imported; the quickest
    /// counts as the time of the import.
    pub fn timed_block(
        &mut self,
        calls: impl IntoIterator<Item = (Sr25519Keyring, RuntimeCall)>,
        rounds: u32,
    ) -> BlockReport {
        let transactions =
            calls.into_iter().map(|(signer, call)| self.sign(signer, call)).collect();
        self.make_block(transactions, rounds)
    }

    /// Signs a call with the signer's next nonce.
    pub fn sign(&mut self, signer: Sr25519Keyring, call: RuntimeCall) -> UncheckedExtrinsic {
        let nonce = self.nonces.entry(signer).or_default();
        let transaction = signed(signer, *nonce, self.genesis, call);
        *nonce += 1;
        transaction
    }

    /// Takes the signers' nonces from the state: those of transactions that did not get into a
    /// block are free again.
    pub fn read_nonces(&mut self) {
        for (signer, nonce) in &mut self.nonces {
            *nonce = self.importer.read(|| System::account_nonce(signer.to_account_id()));
        }
    }

    /// Makes a block of these transactions, imports it, and compares everything.
    pub fn block_of(&mut self, transactions: Vec<UncheckedExtrinsic>) -> BlockReport {
        self.make_block(transactions, 0)
    }

    fn make_block(&mut self, transactions: Vec<UncheckedExtrinsic>, rounds: u32) -> BlockReport {
        let number = self.parent.number + 1;
        let slot = GENESIS_SLOT + u64::from(number);
        let mut initial = header(number, self.parent.hash());
        initial.digest.push(DigestItem::PreRuntime(AURA_ENGINE_ID, slot.encode()));
        let _ = self.take_heap();
        let mode: ExtrinsicInclusionMode =
            self.building("Core_initialize_block", &initial, |_| true);
        assert_eq!(mode, ExtrinsicInclusionMode::AllExtrinsics);

        let mut inherent_data = InherentData::new();
        inherent_data
            .put_data(sp_timestamp::INHERENT_IDENTIFIER, &Timestamp::new(slot * SLOT_MILLISECONDS))
            .expect("the data are empty");
        let inherents: Vec<OpaqueExtrinsic> =
            self.building("BlockBuilder_inherent_extrinsics", inherent_data, |_| false);
        let mut included = Vec::new();
        for inherent in inherents {
            let applied: ApplyExtrinsicResult =
                self.building("BlockBuilder_apply_extrinsic", &inherent, |_| true);
            assert_eq!(applied, Ok(Ok(())), "an inherent");
            included.push(inherent);
        }
        let mut results = Vec::new();
        for transaction in transactions {
            let transaction = OpaqueExtrinsic::from(transaction);
            let applied: ApplyExtrinsicResult = self.building(
                "BlockBuilder_apply_extrinsic",
                &transaction,
                |result: &ApplyExtrinsicResult| result.is_ok(),
            );
            if applied.is_ok() {
                included.push(transaction);
            }
            results.push(applied);
        }
        let header: Header = self.building("BlockBuilder_finalize_block", (), |_| true);

        let block = tephra_runtime::opaque::Block { header: header.clone(), extrinsics: included };
        let block = block.encode();
        let mut import = Duration::MAX;
        for _ in 0..rounds {
            let start = Instant::now();
            // Whether it can be executed is seen below.
            let _ = self.importer.query("Core_execute_block", &block);
            import = import.min(start.elapsed());
        }
        let start = Instant::now();
        let imported: Result<Vec<u8>, String> = self.importer.call("Core_execute_block", &block);
        let import = import.min(start.elapsed());
        let heap = self.take_heap();
        let root = self.commit();
        imported.unwrap_or_else(|error| {
            panic!("block {number} was built, and cannot be imported: {error}")
        });
        assert_eq!(root, header.state_root, "the state's root and the header's in block {number}");
        let events = self.importer.read(System::events);
        self.parent = header.clone();
        BlockReport { header, results, events, import, heap }
    }

    /// Reads the state with the pallets' own functions.
    pub fn read<R>(&mut self, read: impl FnOnce() -> R) -> R {
        self.importer.read(read)
    }

    fn take_heap(&mut self) -> Heap {
        let building = self.builders.iter_mut().map(World::take_heap).max().unwrap_or_default();
        Heap { building, importing: self.importer.take_heap() }
    }

    fn worlds(&mut self) -> impl Iterator<Item = &mut World> {
        self.builders.iter_mut().chain([&mut self.importer])
    }

    fn everywhere<R: Decode>(
        &mut self,
        method: &str,
        arguments: impl Encode,
        keep: impl Fn(&R) -> bool,
    ) -> R {
        same(self.worlds(), method, &arguments.encode(), keep)
    }

    fn building<R: Decode>(
        &mut self,
        method: &str,
        arguments: impl Encode,
        keep: impl Fn(&R) -> bool,
    ) -> R {
        same(self.builders.iter_mut(), method, &arguments.encode(), keep)
    }

    fn commit(&mut self) -> Hash {
        let [first, rest @ ..] = self.builders.as_mut_slice() else {
            unreachable!("there is always a native builder")
        };
        let root = first.commit();
        for other in rest.iter_mut().chain([&mut self.importer]) {
            if other.commit() != root {
                panic!(
                    "{} and {} have different states:\n{}",
                    first.name(),
                    other.name(),
                    difference::of(first, other)
                );
            }
        }
        root
    }
}

/// Calls in each world, and gives the answer of all.
fn same<'a, R: Decode>(
    worlds: impl Iterator<Item = &'a mut World>,
    method: &str,
    arguments: &[u8],
    keep: impl Fn(&R) -> bool,
) -> R {
    let decode =
        |mut answer: &[u8]| R::decode(&mut answer).expect("the runtime answers by its metadata");
    let mut answers = worlds.map(|world| {
        let answer = world.call_and(method, arguments, |answer| keep(&decode(answer)));
        (
            world.name(),
            answer.unwrap_or_else(|error| panic!("{method} in {}: {error}", world.name())),
        )
    });
    let (name, answer) = answers.next().expect("there is always a native builder");
    for (other_name, other) in answers {
        assert!(
            other == answer,
            "{method} answers {answer:?} in {name}, {other:?} in {other_name}"
        );
    }
    decode(&answer)
}

fn header(number: BlockNumber, parent: Hash) -> Header {
    GenericHeader::new(number, Hash::zero(), Hash::zero(), parent, Digest::default())
}

fn json(bytes: &[u8]) -> serde_json::Value {
    serde_json::from_slice(bytes).expect("presets are JSON")
}

/// RFC 7386: what is an object is merged, everything else replaced.
pub fn merge(target: &mut serde_json::Value, patch: serde_json::Value) {
    match (target, patch) {
        (serde_json::Value::Object(target), serde_json::Value::Object(patch)) => {
            for (name, value) in patch {
                merge(target.entry(name).or_insert(serde_json::Value::Null), value);
            }
        }
        (target, patch) => *target = patch,
    }
}
