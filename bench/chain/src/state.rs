//! A chain's state, and how a node runs the runtime on it.
use codec::Encode;
use sp_core::{
    H256,
    traits::{CallContext, Externalities},
};
use sp_externalities::Extensions;
use sp_runtime::{StateVersion, traits::BlakeTwo256};
use sp_state_machine::{
    Ext, InMemoryBackend, OverlayedChanges, StorageChanges, TrieBackend, TrieBackendBuilder,
};
use sp_trie::{
    PrefixedMemoryDB,
    cache::{CacheSize, LocalTrieCache, SharedTrieCache},
    recorder::Recorder,
};
use tephra_chain_tests::blob::Blob;

use crate::Result;

/// What a node's cache of the trie may take, by default.
const CACHE: CacheSize = CacheSize::new(1 << 30);

/// The changes of runs of the runtime.
pub type Changes = StorageChanges<BlakeTwo256>;

type Backend<'s> =
    TrieBackend<&'s PrefixedMemoryDB<BlakeTwo256>, BlakeTwo256, LocalTrieCache<BlakeTwo256>>;

/// On whose behalf the runtime runs. Each has a cache of the trie of its own: a node that builds a
/// block does not import it as well.
#[derive(Clone, Copy, Debug)]
pub enum Role {
    /// Makes blocks.
    Author,
    /// Imports what others have made.
    Importer,
}

/// A trie in memory, with what nodes keep of it at hand.
pub struct State {
    backend: InMemoryBackend<BlakeTwo256>,
    author: SharedTrieCache<BlakeTwo256>,
    importer: SharedTrieCache<BlakeTwo256>,
}

impl State {
    /// Nothing.
    pub fn empty() -> Self {
        let cache = || SharedTrieCache::new(CACHE, None);
        Self { backend: InMemoryBackend::default(), author: cache(), importer: cache() }
    }

    /// Begins to run the runtime.
    pub fn session<'s>(&'s self, blob: &'s Blob, role: Role) -> Session<'s> {
        self.begin(blob, role, None)
    }

    /// Begins to run the runtime and to note which nodes of the trie it reads.
    pub fn recorded<'s>(&'s self, blob: &'s Blob, role: Role) -> Session<'s> {
        self.begin(blob, role, Some(Recorder::default()))
    }

    fn begin<'s>(
        &'s self,
        blob: &'s Blob,
        role: Role,
        recorder: Option<Recorder<BlakeTwo256>>,
    ) -> Session<'s> {
        let (cache, context) = match role {
            Role::Author => (&self.author, CallContext::Onchain { import: false }),
            Role::Importer => (&self.importer, CallContext::Onchain { import: true }),
        };
        let backend = TrieBackendBuilder::new(self.backend.backend_storage(), *self.backend.root())
            .with_optional_recorder(recorder)
            .with_cache(cache.local_cache_trusted())
            .build();
        Session { blob, context, backend, overlay: OverlayedChanges::default() }
    }

    /// Makes changes part of the state.
    pub fn commit(&mut self, changes: Changes) {
        self.backend.apply_transaction(changes.transaction_storage_root, changes.transaction);
    }

    /// The root of the trie.
    pub fn root(&self) -> H256 {
        *self.backend.root()
    }
}

/// Calls of the runtime that see what those before have changed.
pub struct Session<'s> {
    blob: &'s Blob,
    context: CallContext,
    backend: Backend<'s>,
    overlay: OverlayedChanges<BlakeTwo256>,
}

impl Session<'_> {
    /// Calls a function of the runtime.
    ///
    /// # Errors
    ///
    /// The runtime panicked or trapped, or has no such function.
    pub fn call(&mut self, method: &str, arguments: &[u8]) -> Result<Vec<u8>> {
        let (blob, context) = (self.blob, self.context);
        self.with(|state| blob.call(state, method, arguments, context))
            .map_err(|error| format!("{method}: {error}"))
    }

    /// Calls a function of the runtime in a transaction of the storage, and keeps what it did if
    /// `keep` says so of the answer: as a node that makes a block tries transactions.
    ///
    /// # Errors
    ///
    /// As [`Self::call`].
    pub fn attempt(
        &mut self,
        method: &str,
        arguments: &[u8],
        keep: impl FnOnce(&[u8]) -> bool,
    ) -> Result<Vec<u8>> {
        self.with(|state| state.storage_start_transaction());
        let answer = self.call(method, arguments)?;
        let kept = keep(&answer);
        let closed = self.with(|state| match kept {
            true => state.storage_commit_transaction(),
            false => state.storage_rollback_transaction(),
        });
        closed.map_err(|()| format!("{method} left a transaction of the storage open"))?;
        Ok(answer)
    }

    /// Reads or writes what was changed so far.
    pub fn with<R>(&mut self, access: impl FnOnce(&mut dyn Externalities) -> R) -> R {
        let mut extensions = Extensions::default();
        access(&mut Ext::new(&mut self.overlay, &self.backend, Some(&mut extensions)))
    }

    /// What was changed, with the new root.
    ///
    /// # Errors
    ///
    /// A transaction of the storage is still open.
    pub fn changes(mut self) -> Result<Changes> {
        self.overlay
            .drain_storage_changes(&self.backend, StateVersion::V1)
            .map_err(|error| error.to_string())
    }

    /// The nodes of the trie that were read, as bytes of a compact proof against the root before;
    /// zero when they were not recorded.
    ///
    /// # Errors
    ///
    /// The proof does not fit the root.
    pub fn proof_size(self) -> Result<usize> {
        let root = *self.backend.root();
        let Some(proof) = self.backend.extract_proof() else { return Ok(0) };
        proof
            .into_compact_proof::<BlakeTwo256>(root)
            .map(|proof| proof.encoded_size())
            .map_err(|error| format!("{error:?}"))
    }
}
