//! Signed transactions.
use codec::Encode;
use sp_core::{Pair as _, sr25519::Pair};
use sp_keyring::Sr25519Keyring;
use sp_runtime::{MultiSignature, MultiSigner, generic::Era, traits::IdentifyAccount};
use tephra_runtime::{
    Hash, Nonce, Runtime, RuntimeCall, SignedPayload, TxExtension, UncheckedExtrinsic, VERSION,
};

/// A transaction that is valid forever, without a tip.
pub fn signed(
    signer: Sr25519Keyring,
    nonce: Nonce,
    genesis: Hash,
    call: RuntimeCall,
) -> UncheckedExtrinsic {
    signed_by(&signer.pair(), nonce, genesis, call)
}

/// The same, by any key.
pub fn signed_by(
    signer: &Pair,
    nonce: Nonce,
    genesis: Hash,
    call: RuntimeCall,
) -> UncheckedExtrinsic {
    signed_in(signer, nonce, genesis, (Era::Immortal, genesis), call)
}

/// A transaction that is valid for an era, which began with the block of that hash.
pub fn signed_in(
    signer: &Pair,
    nonce: Nonce,
    genesis: Hash,
    (era, birth): (Era, Hash),
    call: RuntimeCall,
) -> UncheckedExtrinsic {
    let extension: TxExtension = (
        frame_system::AuthorizeCall::new(),
        frame_system::CheckNonZeroSender::new(),
        frame_system::CheckSpecVersion::new(),
        frame_system::CheckTxVersion::new(),
        frame_system::CheckGenesis::new(),
        frame_system::CheckEra::from(era),
        frame_system::CheckNonce::from(nonce),
        frame_system::CheckWeight::new(),
        pallet_transaction_payment::ChargeTransactionPayment::<Runtime>::from(0),
        frame_system::WeightReclaim::new(),
    );
    let implicit =
        ((), (), VERSION.spec_version, VERSION.transaction_version, genesis, birth, (), (), (), ());
    let payload = SignedPayload::from_raw(call, extension, implicit);
    let signature = payload.using_encoded(|payload| signer.sign(payload));
    let account = MultiSigner::from(signer.public()).into_account();
    let (call, extension, _) = payload.deconstruct();
    UncheckedExtrinsic::new_signed(
        call,
        account.into(),
        MultiSignature::Sr25519(signature),
        extension,
    )
}
