//! One call of an interface function: what it can see and do.
use alloc::string::String;
use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};

use super::{Charged, InterfaceFunction};
use crate::ewasm::schedule::{AccessCost, Schedule, words};
use crate::ewasm::{AccessStatus, Contract, Growth, Host, Message, Status};
use crate::wasm::{GasTank, Memory, OutOfGas, Store};

/// What happens after an interface function.
pub(in crate::ewasm) enum Flow {
    /// The contract goes on, with this result if the function has one.
    Continue(u64),
    /// A message is to be run first.
    Nested(Message, Pending),
    /// The frame ends as success with this output.
    Finish(Vec<u8>),
    /// The frame ends as revert with this output.
    Revert(Vec<u8>),
}

impl Flow {
    /// The contract goes on; the function has no result.
    pub const DONE: Self = Self::Continue(0);
    /// The result 1 of a call or create that was not begun, or of a question without answer.
    pub const FAILED: Self = Self::Continue(1);
}

/// What is to be done with the outcome of a nested message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ewasm) enum Pending {
    /// Nothing more than with every outcome.
    Call,
    /// Write the new account's address there.
    Create {
        /// A pointer that was checked to have room for an address.
        address: u32,
    },
}

/// Why the frame fails in an interface function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ewasm) struct Failure(pub Status);

impl From<OutOfGas> for Failure {
    fn from(_: OutOfGas) -> Self {
        Self(Status::OutOfGas)
    }
}

/// A call of an interface function.
pub(in crate::ewasm) struct Call<'a> {
    pub function: &'static InterfaceFunction,
    /// The arguments as slots; of a 32-bit one the low half counts.
    pub args: [u64; MAX_PARAMS],
    pub schedule: &'static Schedule,
    pub message: &'a Message,
    pub contract: &'a Contract,
    pub return_data: &'a [u8],
    pub refund: &'a mut i64,
    pub growth: &'a mut Growth,
    pub gas: &'a mut GasTank,
    pub store: &'a mut Store,
    pub memory: Memory,
    pub host: &'a mut dyn Host,
    /// What is shown to people, when somebody wants to see it.
    pub detail: Option<String>,
}

/// Parameters of the function with most of them, `log`.
pub(in crate::ewasm) const MAX_PARAMS: usize = 7;

impl<'a> Call<'a> {
    /// The call data; a create has none, as its message carries the init code in its place.
    pub fn input(&self) -> &'a [u8] {
        if self.message.kind.is_create() { &[] } else { &self.message.input }
    }

    /// Runs the function; its base cost is charged first unless it does that itself.
    pub fn run(&mut self) -> Result<Flow, Failure> {
        if self.function.charged == Charged::First {
            self.charge_base()?;
        }
        let flow = (self.function.run)(self)?;
        if self.host.has_overflown() { Err(Failure(Status::Failure)) } else { Ok(flow) }
    }

    /// An argument of type `i32`, unsigned: a pointer, an offset, a length.
    pub fn u32(&self, index: usize) -> u32 {
        self.u64(index) as u32
    }

    /// An argument of type `i64`, its bits.
    pub fn u64(&self, index: usize) -> u64 {
        self.args.get(index).copied().unwrap_or_default()
    }

    /// An argument that is an amount of gas.
    ///
    /// # Errors
    /// When it is negative.
    pub fn gas_amount(&self, index: usize) -> Result<u64, Failure> {
        let amount = self.u64(index);
        if amount > i64::MAX as u64 { Err(Failure(Status::ArgumentOutOfRange)) } else { Ok(amount) }
    }

    /// Takes gas.
    pub fn charge(&mut self, gas: u64) -> Result<(), Failure> {
        Ok(self.gas.charge(gas)?)
    }

    /// Takes the function's base cost.
    pub fn charge_base(&mut self) -> Result<(), Failure> {
        self.charge((self.function.cost)(self.schedule))
    }

    /// Takes gas for so many 32-byte words.
    pub fn charge_words(&mut self, bytes: u32, per_word: u64) -> Result<(), Failure> {
        // Cannot overflow: at most 2^27 words.
        self.charge(words(u64::from(bytes)).saturating_mul(per_word))
    }

    /// Takes gas for bytes that a message carries out of the memory: as for `memory.copy`, so
    /// nothing with metering off. The interface has no price for them; without one, a call with 32
    /// MiB of data would cost as much as one without data.
    pub fn charge_carried(&mut self, bytes: u32) -> Result<(), Failure> {
        let per_byte = self.contract.module().engine().config().costs.bulk_byte;
        Ok(self.gas.charge_particles(u64::from(bytes) * u64::from(per_byte))?)
    }

    /// Takes what the access to an account costs beyond a warm one, which is the base cost
    /// (EIP-2929).
    pub fn charge_account(&mut self, address: &Address, cost: AccessCost) -> Result<(), Failure> {
        self.charge_account_surcharge(address, cost.cold - cost.warm)
    }

    /// Takes the surcharge if the account is cold (EIP-2929).
    pub fn charge_account_surcharge(
        &mut self,
        address: &Address,
        surcharge: u64,
    ) -> Result<(), Failure> {
        if self.schedule.access_lists && self.host.access_account(address) == AccessStatus::Cold {
            self.charge(surcharge)?;
        }
        Ok(())
    }

    /// Takes what the access to a slot of this account costs beyond a warm one (EIP-2929).
    pub fn charge_slot(&mut self, key: &B256, surcharge: u64) -> Result<(), Failure> {
        if self.schedule.access_lists
            && self.host.access_storage(&self.message.recipient, key) == AccessStatus::Cold
        {
            self.charge(surcharge)?;
        }
        Ok(())
    }

    /// # Errors
    /// When the frame may not change the state.
    pub fn deny_static(&self) -> Result<(), Failure> {
        if self.message.is_static { Err(Failure(Status::StaticModeViolation)) } else { Ok(()) }
    }

    /// Whether the account can send a value.
    ///
    /// # Errors
    /// When there is a value to send and the account's balance does not fit 128 bits: the interface
    /// knows no such balances, and the public test `callSenderBalanceExceeds128Bits` has the frame
    /// fail.
    pub fn can_pay(&mut self, value: U256) -> Result<bool, Failure> {
        if value.is_zero() {
            return Ok(true);
        }
        let balance = self.host.balance(&self.message.recipient);
        if u128::try_from(balance).is_err() {
            return Err(Failure(Status::ArgumentOutOfRange));
        }
        Ok(balance >= value)
    }

    /// Whether messages are nested so deeply already that no further one is begun.
    pub fn too_deep(&self) -> bool {
        self.message.depth >= self.schedule.call_depth
    }

    /// Takes the gas for a nested message: what is wanted, but no more than a frame may hand on
    /// (EIP-150).
    pub fn forward(&mut self, wanted: u64) -> Result<u64, Failure> {
        let gas = wanted.min(self.schedule.forwardable(self.gas.left()));
        self.charge(gas)?;
        Ok(gas)
    }

    /// Changes the refund counter.
    pub fn add_refund(&mut self, gas: i64) {
        *self.refund = self.refund.saturating_add(gas);
    }

    /// Notes something for people.
    pub fn note(&mut self, text: core::fmt::Arguments<'_>) {
        if let Some(detail) = &mut self.detail {
            if !detail.is_empty() {
                detail.push_str(", ");
            }
            // Writing to a string cannot fail.
            let _ = core::fmt::Write::write_fmt(detail, text);
        }
    }
}
