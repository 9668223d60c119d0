//! Signed transactions of any runtime whose transactions carry what those of `node-template/` do.
use codec::{Compact, Encode};
use sp_core::H256;
use sp_io::hashing::blake2_256;
use sp_runtime::{
    AccountId32, MultiAddress, MultiSignature, OpaqueExtrinsic,
    generic::{Era, Preamble},
};

use crate::user::User;

/// The data that signatures of a chain cover besides the transaction.
#[derive(Clone, Copy, Debug)]
pub struct Covered {
    /// The runtime's version of what blocks do.
    pub spec_version: u32,
    /// The runtime's version of how calls are encoded.
    pub transaction_version: u32,
    /// The hash of the first block.
    pub genesis: H256,
}

/// What transactions carry for the extensions that have anything in them: when it is valid, the
/// nonce, the tip.
type Extension = (Era, Compact<u32>, Compact<u128>);

/// What comes before a transaction's call.
type Head = Preamble<MultiAddress<AccountId32, ()>, MultiSignature, Extension>;

/// Signs an encoded call, valid forever and without a tip.
pub fn signed(user: &User, nonce: u32, covered: &Covered, call: &[u8]) -> OpaqueExtrinsic {
    let extension: Extension = (Era::Immortal, Compact(nonce), Compact(0_u128));
    let Covered { spec_version, transaction_version, genesis } = covered;
    let mut payload = call.to_vec();
    extension.encode_to(&mut payload);
    (spec_version, transaction_version, genesis, genesis).encode_to(&mut payload);
    let signature =
        if payload.len() > 256 { user.sign(&blake2_256(&payload)) } else { user.sign(&payload) };

    let head =
        Head::Signed(user.account.clone().into(), MultiSignature::Sr25519(signature), extension);
    let mut bytes = head.encode();
    bytes.extend_from_slice(call);
    OpaqueExtrinsic::from_blob(bytes)
}
