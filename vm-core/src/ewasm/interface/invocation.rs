//! One invocation of an interface function: what it can see and do.
use alloc::string::String;
use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};

use super::behaviour::Behaviour;
use super::{
    AccountAccess, Charged, ExtraCharge, ExtraCost, Failure, Flow, GuestMemory, SlotAccess,
};
use crate::ewasm::schedule::{Schedule, words};
use crate::ewasm::{AccessStatus, Contract, Growth, Host, Message, Status};
use crate::wasm::GasTank;

/// An invocation of an interface function.
pub(in crate::ewasm) struct Invocation<'a> {
    pub behaviour: &'static Behaviour,
    /// The arguments as slots; of a 32-bit one the low half counts.
    pub args: [u64; super::MAX_PARAMS],
    pub schedule: &'static Schedule,
    pub message: &'a Message,
    pub contract: &'a Contract,
    pub return_data: &'a [u8],
    pub refund: &'a mut i64,
    pub growth: &'a mut Growth,
    pub gas: &'a mut GasTank,
    pub memory: &'a mut dyn GuestMemory,
    pub host: &'a mut dyn Host,
    /// What a trace shows of it; none when nothing traces.
    pub notes: Option<Notes>,
}

/// What a trace shows of an invocation.
#[derive(Default)]
pub(in crate::ewasm) struct Notes {
    /// Data that went in and came out, for people.
    pub detail: String,
    /// The costs beyond the base cost, in the order in which they were charged.
    pub charges: Vec<ExtraCharge>,
}

impl<'a> Invocation<'a> {
    /// Returns the call data; none in a create, whose message carries the init code in its place.
    pub fn input(&self) -> &'a [u8] {
        if self.message.kind.is_create() { &[] } else { &self.message.input }
    }

    /// Charges the base cost, unless the function does that itself, and runs the function.
    pub fn run(&mut self) -> Result<Flow, Failure> {
        if self.behaviour.cost.charged == Charged::First {
            self.charge_base()?;
        }
        let flow = (self.behaviour.run)(self)?;
        if self.host.has_overflown() { Err(Failure(Status::Failure)) } else { Ok(flow) }
    }

    /// Returns an argument of type `i32`, unsigned: a pointer, an offset, a length.
    pub fn u32(&self, index: usize) -> u32 {
        self.u64(index) as u32
    }

    /// Returns the bits of an argument of type `i64`.
    pub fn u64(&self, index: usize) -> u64 {
        self.args.get(index).copied().unwrap_or_default()
    }

    /// Returns an argument that is an amount of gas.
    ///
    /// # Errors
    /// When it is negative.
    pub fn gas_amount(&self, index: usize) -> Result<u64, Failure> {
        let amount = self.u64(index);
        if amount > i64::MAX as u64 { Err(Failure(Status::ArgumentOutOfRange)) } else { Ok(amount) }
    }

    /// Charges gas.
    pub fn charge(&mut self, gas: u64) -> Result<(), Failure> {
        Ok(self.gas.charge(gas)?)
    }

    /// Charges the function's base cost.
    pub fn charge_base(&mut self) -> Result<(), Failure> {
        self.charge(self.behaviour.cost.base(self.schedule))
    }

    /// Charges units of a cost beyond the base cost.
    #[inline]
    pub fn charge_extra(&mut self, cost: ExtraCost, units: u64) -> Result<(), Failure> {
        self.charge_as(cost, cost.gas(self.schedule).saturating_mul(units))
    }

    /// Charges gas on account of a cost beyond the base cost.
    #[inline]
    pub fn charge_as(&mut self, cost: ExtraCost, gas: u64) -> Result<(), Failure> {
        debug_assert!(self.behaviour.cost.extras.contains(&cost), "undeclared: {cost:?}");
        self.charge(gas)?;
        if let Some(notes) = &mut self.notes
            && gas > 0
        {
            notes.charges.push(ExtraCharge { cost, gas });
        }
        Ok(())
    }

    /// Charges a cost by the 32-byte word, the last one rounded up.
    pub fn charge_words(&mut self, cost: ExtraCost, bytes: u32) -> Result<(), Failure> {
        self.charge_extra(cost, words(bytes.into()))
    }

    /// Charges for bytes that a message carries out of the memory: as for `memory.copy`, so nothing
    /// with metering off. The interface has no price for them; without one, a call with 32 MiB of
    /// data would cost as much as one without data.
    pub fn charge_carried(&mut self, bytes: u32) -> Result<(), Failure> {
        let per_byte = self.contract.module().engine().config().costs.bulk_byte;
        Ok(self.gas.charge_particles(u64::from(bytes) * u64::from(per_byte))?)
    }

    /// Charges the surcharge for an account if it is cold (EIP-2929).
    pub fn charge_account(
        &mut self,
        address: &Address,
        access: AccountAccess,
    ) -> Result<(), Failure> {
        if self.schedule.access_lists && self.host.access_account(address) == AccessStatus::Cold {
            self.charge_extra(ExtraCost::ColdAccount(access), 1)?;
        }
        Ok(())
    }

    /// Charges the surcharge for a slot of this account if it is cold (EIP-2929).
    pub fn charge_slot(&mut self, key: &B256, access: SlotAccess) -> Result<(), Failure> {
        if self.schedule.access_lists
            && self.host.access_storage(&self.message.recipient, key) == AccessStatus::Cold
        {
            self.charge_extra(ExtraCost::ColdSlot(access), 1)?;
        }
        Ok(())
    }

    /// Refuses changes of the state in a static frame.
    ///
    /// # Errors
    /// When the frame is static.
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

    /// Whether messages are nested too deeply for a further one to begin.
    pub fn too_deep(&self) -> bool {
        self.message.depth >= self.schedule.call_depth
    }

    /// Charges the gas of a nested message, and returns it: what is wanted, but no more than a
    /// frame may hand on (EIP-150).
    pub fn forward(&mut self, wanted: u64) -> Result<u64, Failure> {
        let gas = wanted.min(self.schedule.forwardable(self.gas.left()));
        self.charge(gas)?;
        Ok(gas)
    }

    /// Changes the refund counter.
    pub fn add_refund(&mut self, gas: i64) {
        *self.refund = self.refund.saturating_add(gas);
    }

    /// Adds to the detail that a trace shows.
    pub fn note(&mut self, text: core::fmt::Arguments<'_>) {
        if let Some(Notes { detail, .. }) = &mut self.notes {
            if !detail.is_empty() {
                detail.push_str(", ");
            }
            // Writing to a string cannot fail.
            let _ = core::fmt::Write::write_fmt(detail, text);
        }
    }
}
