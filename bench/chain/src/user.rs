//! Who signs transactions and receives tokens.
use sp_core::{H160, Pair, sr25519};
use sp_io::hashing::keccak_256;
use sp_keyring::Sr25519Keyring;
use sp_runtime::AccountId32;

/// An account and its key.
pub struct User {
    /// The account.
    pub account: AccountId32,
    pair: sr25519::Pair,
}

impl User {
    /// The one of this number. None of them is a named development account.
    pub fn number(number: u32) -> Self {
        let mut seed = *b"one of many users of the token..";
        seed[28..].copy_from_slice(&number.to_be_bytes());
        Self::from(sr25519::Pair::from_seed(&seed))
    }

    /// Returns the first owner of tokens.
    pub fn alice() -> Self {
        Self::from(Sr25519Keyring::Alice.pair())
    }

    /// The address of Ethereum that both `pallet-ewasm` and `pallet-revive` give the account: the
    /// last 20 bytes of its Keccak-256.
    pub fn address(&self) -> H160 {
        H160::from_slice(&keccak_256(self.account.as_ref())[12..])
    }

    /// Checks a signature.
    pub fn has_signed(&self, signature: &sr25519::Signature, message: &[u8]) -> bool {
        sr25519::Pair::verify(signature, message, &self.pair.public())
    }

    /// Signs.
    pub fn sign(&self, message: &[u8]) -> sr25519::Signature {
        self.pair.sign(message)
    }
}

impl From<sr25519::Pair> for User {
    fn from(pair: sr25519::Pair) -> Self {
        Self { account: AccountId32::new(pair.public().0), pair }
    }
}
