//! Code that a transaction has paid for.
use alloc::collections::BTreeMap;
use alloc::sync::Arc;

use alloy_primitives::B256;

use super::frame::out_of_gas;
use super::{Code, CodeOrigin, Contract, Outcome, Status, Vm};
use crate::revision::Revision;
use crate::wasm::{Engine, GasTank};
use crate::work;

/// The code that a transaction has paid for, ready to run until the transaction ends.
///
/// The first frame of a transaction that runs a code pays for it by the word
/// ([`InstructionCosts::code_word`](crate::wasm::InstructionCosts::code_word)); every later one
/// finds it here, whatever the outcome of the first. It depends on nothing but the
/// transaction: it begins empty, and nothing is pushed out. Its bytes are bounded by
/// [`OpenLimits::code`](super::OpenLimits::code).
#[derive(Debug, Default)]
pub struct PaidCode {
    codes: BTreeMap<B256, Paid>,
    bytes: u64,
}

/// A code, and what compiling it gave.
#[derive(Debug)]
struct Paid {
    code: Arc<[u8]>,
    /// None of code that is no valid contract: to find that out is paid once too.
    contract: Option<Arc<Contract>>,
    /// The engine that compiled it.
    engine: Engine,
}

impl PaidCode {
    /// Returns the bytes of all code that was paid for.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Returns the code with this hash, if it was paid for.
    pub fn code(&self, hash: &B256) -> Option<&Arc<[u8]>> {
        self.codes.get(hash).map(|paid| &paid.code)
    }
}

impl Vm {
    /// Returns the gas of a message after the price of its code: for code that its transaction has
    /// not paid for, and for init code, which pays each time.
    ///
    /// The price is the same whether or not the machine has the code in its cache. It is taken
    /// before the code is looked at: code that is no valid contract costs as much.
    ///
    /// # Errors
    /// The outcome of the message when it has less gas.
    pub fn pay_for_code(&self, gas: u64, bytes: usize) -> Result<GasTank, Outcome> {
        let words = (bytes as u64).div_ceil(32);
        let mut tank = GasTank::new(gas);
        let price = words.saturating_mul(self.engine().config().costs.code_word.into());
        tank.charge_particles(price).map_err(|_| out_of_gas())?;
        Ok(tank)
    }

    /// Compiles an account's code that has been paid for, or takes it from the machine's cache, and
    /// keeps it for the rest of the transaction.
    ///
    /// # Errors
    /// [`Status::ContractValidationFailure`] when the code is no valid contract in this revision.
    pub fn keep_paid(
        &self,
        revision: Revision,
        code: Code<'_>,
        hash: &B256,
        paid: &mut PaidCode,
    ) -> Result<Arc<Contract>, Status> {
        let contract = self.compiled(Code { hash: Some(hash), ..code }).ok();
        let bytes = match &contract {
            Some(contract) => contract.module().shared_bytes().clone(),
            None => code.bytes.shared(),
        };
        let kept = Paid { code: bytes, contract: contract.clone(), engine: self.engine().clone() };
        if paid.codes.insert(*hash, kept).is_none() {
            paid.bytes = paid.bytes.saturating_add(code.bytes.len() as u64);
        }
        runnable(contract, revision)
    }

    /// Returns the contract of code that the transaction has paid for; none when it has not. What
    /// another machine compiled in the same transaction is compiled again, at no price.
    ///
    /// # Errors
    /// As [`Self::keep_paid`].
    pub fn paid_contract(
        &self,
        revision: Revision,
        hash: &B256,
        paid: &mut PaidCode,
    ) -> Option<Result<Arc<Contract>, Status>> {
        work::looked_up(paid.codes.len());
        let known = paid.codes.get(hash)?;
        if !known.engine.same(self.engine()) {
            let bytes = known.code.clone();
            let code =
                Code { bytes: (&bytes).into(), hash: Some(hash), origin: CodeOrigin::Unknown };
            return Some(self.keep_paid(revision, code, hash, paid));
        }
        Some(runnable(known.contract.clone(), revision))
    }
}

fn runnable(contract: Option<Arc<Contract>>, revision: Revision) -> Result<Arc<Contract>, Status> {
    let contract = contract.filter(|contract| contract.check_revision(revision).is_ok());
    contract.ok_or(Status::ContractValidationFailure)
}
