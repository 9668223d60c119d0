//! One state, and one way to run the runtime on it.
use std::panic::AssertUnwindSafe;

use sp_core::traits::{CallContext, Externalities};
use sp_io::TestExternalities;
use sp_runtime::StateVersion;
use sp_state_machine::Backend;
use tephra_runtime::Hash;

use crate::blob::Blob;

/// A state in memory, and either the native runtime or the blob to change it with.
pub struct World {
    name: &'static str,
    state: TestExternalities,
    blob: Option<&'static Blob>,
    context: CallContext,
    /// Bytes of the heap that a call has used at most since this was last set to zero; none while
    /// it is not counted.
    heap: Option<u32>,
}

impl World {
    /// An empty state. Without a blob the native runtime runs. The context decides the heap that
    /// the blob gets, as in a node: building a block has half of what importing one has.
    pub fn new(name: &'static str, blob: Option<&'static Blob>, context: CallContext) -> Self {
        let state = TestExternalities::new_with_state_version(Default::default(), StateVersion::V1);
        Self { name, state, blob, context, heap: None }
    }

    /// From now on measures the heap, and gives each call an instance of its own.
    pub fn measure_heap(&mut self) {
        self.heap = Some(0);
    }

    /// Bytes of the heap that a call has used at most since this was asked last.
    pub fn take_heap(&mut self) -> u32 {
        self.heap.as_mut().map(core::mem::take).unwrap_or_default()
    }

    /// The name in the message of a failing test.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Calls a function of the runtime and keeps what it did to the state, unless it fails.
    ///
    /// # Errors
    ///
    /// The runtime panicked or trapped, or has no such function.
    pub fn call(&mut self, method: &str, arguments: &[u8]) -> Result<Vec<u8>, String> {
        self.call_and(method, arguments, |_| true)
    }

    /// Calls a function of the runtime and forgets what it did to the state, as a node answers
    /// questions.
    ///
    /// # Errors
    ///
    /// As [`Self::call`].
    pub fn query(&mut self, method: &str, arguments: &[u8]) -> Result<Vec<u8>, String> {
        self.call_and(method, arguments, |_| false)
    }

    /// Calls a function of the runtime, and keeps what it did to the state if `keep` says so of the
    /// answer.
    ///
    /// # Errors
    ///
    /// As [`Self::call`].
    pub fn call_and(
        &mut self,
        method: &str,
        arguments: &[u8],
        keep: impl FnOnce(&[u8]) -> bool,
    ) -> Result<Vec<u8>, String> {
        self.state.ext().storage_start_transaction();
        let answer = match (self.blob, &mut self.heap) {
            (Some(blob), Some(most)) => {
                let (answer, used) =
                    blob.measure(&mut self.state.ext(), method, arguments, self.context);
                *most = used.max(*most);
                answer
            }
            (Some(blob), None) => blob.call(&mut self.state.ext(), method, arguments, self.context),
            (None, _) => self
                .state
                .execute_with_safe(AssertUnwindSafe(|| {
                    tephra_runtime::api::dispatch(method, arguments)
                }))
                .and_then(|answer| {
                    answer.ok_or_else(|| format!("the runtime has no function {method}"))
                }),
        };
        let mut state = self.state.ext();
        if answer.as_deref().is_ok_and(keep) {
            state
                .storage_commit_transaction()
                .expect("the transaction was opened above, and the runtime closes its own");
        } else {
            // A runtime that traps leaves its own transactions open.
            while state.storage_rollback_transaction().is_ok() {}
        }
        answer
    }

    /// Puts a value into the state, past the runtime.
    pub fn put(&mut self, key: &[u8], value: &[u8]) {
        self.state.ext().place_storage(key.to_vec(), Some(value.to_vec()));
    }

    /// Makes what was done since the last commit the state that the next block starts from, and
    /// gives its root.
    pub fn commit(&mut self) -> Hash {
        self.state.commit_all().expect("every transaction of the state is closed between calls");
        *self.state.backend.root()
    }

    /// All keys and values that were committed, in order.
    pub fn pairs(&self) -> Vec<(Vec<u8>, Vec<u8>)> {
        let pairs =
            self.state.backend.pairs(Default::default()).expect("a state in memory can be read");
        pairs.map(|pair| pair.expect("a state in memory can be read")).collect()
    }

    /// Reads the state natively, with the pallets' own functions. What `read` changes stays in the
    /// block, so it should change nothing.
    pub fn read<R>(&mut self, read: impl FnOnce() -> R) -> R {
        self.state.execute_with(read)
    }
}
