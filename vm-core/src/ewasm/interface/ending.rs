//! Functions that end the frame.
use alloc::vec::Vec;

use super::{AccountAccess, ExtraCost, Failure, Flow, Invocation};
use crate::ewasm::Growth;

type Result = core::result::Result<Flow, Failure>;

pub(super) fn finish(call: &mut Invocation<'_>) -> Result {
    Ok(Flow::Finish(output(call)?))
}

pub(super) fn revert(call: &mut Invocation<'_>) -> Result {
    Ok(Flow::Revert(output(call)?))
}

/// Returns the output, a range of memory, which is paid.
fn output(call: &mut Invocation<'_>) -> core::result::Result<Vec<u8>, Failure> {
    Ok(call.read(call.u32(0), call.u32(1))?.to_vec())
}

pub(super) fn self_destruct(call: &mut Invocation<'_>) -> Result {
    call.deny_static()?;
    let beneficiary = call.read_address(call.u32(0))?;
    call.note(format_args!("to {beneficiary}"));
    let (this, schedule) = (&call.message.recipient, call.schedule);
    call.charge_account(&beneficiary, AccountAccess::Beneficiary)?;
    let charged_always = !schedule.self_destruct_new_account_with_balance_only;
    if (charged_always || !call.host.balance(this).is_zero())
        && !call.host.account_exists(&beneficiary)
    {
        call.charge_extra(ExtraCost::NewBeneficiary, 1)?;
        *call.growth += Growth::ACCOUNT;
    }
    if call.host.self_destruct(this, &beneficiary) {
        call.add_refund(schedule.self_destruct_refund);
    }
    Ok(Flow::Finish(Vec::new()))
}
