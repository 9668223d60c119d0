//! What transactions do, on a chain that is ready for it.
use std::collections::BTreeMap;

use sp_core::H160;
use sp_runtime::OpaqueExtrinsic;

use crate::{Result, chain::Chain, user::User};

/// Transactions in a block while a chain is made ready.
const PREPARING: usize = 250;

/// The purpose of measuring a work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A token's transfer.
    Token,
    /// A transfer of the runtime's own currency.
    Currency,
    /// A part of what a token's transfer takes.
    Part,
    /// A block without transactions.
    Block,
}

/// Makes the encoded call that has to do with a receiver.
pub type MakeCall = Box<dyn Fn(&User) -> Vec<u8>>;

/// Each user's balance of each token when a chain is ready.
pub const HOLDING: u128 = 1_000_000;

/// Balances that are compared with what was sent, at most.
const COMPARED: usize = 64;

/// The work of each transaction of a block.
pub struct Work {
    /// Its short name.
    pub name: &'static str,
    /// What it is.
    pub title: &'static str,
    /// The purpose of measuring it.
    pub kind: Kind,
    /// Whether all transactions are by one sender.
    pub one_sender: bool,
    /// The call.
    pub call: MakeCall,
    /// The token, of which each transaction moves one unit.
    pub token: Option<H160>,
}

impl Work {
    /// One transaction for each of many senders, which moves no token.
    pub fn part(
        name: &'static str,
        title: &'static str,
        call: impl Fn(&User) -> Vec<u8> + 'static,
    ) -> Self {
        Self { name, title, kind: Kind::Part, one_sender: false, call: Box::new(call), token: None }
    }

    /// A block without transactions.
    pub fn block() -> Self {
        Self {
            kind: Kind::Block,
            ..Self::part("block", "a block without transactions", |_| Vec::new())
        }
    }
}

/// The questions that each runtime answers in its own way.
#[derive(Clone, Copy)]
pub struct Questions {
    /// The mean gas of the calls in the last block, where the runtime knows gas.
    pub gas: fn(&Chain<'_>) -> Result<Option<f64>>,
    /// The balance of a holder of a token.
    pub balance: fn(&Chain<'_>, H160, &User) -> Result<u128>,
}

/// A chain, and what is measured on it.
pub struct Subject<'b> {
    /// Its name.
    pub name: &'static str,
    /// The chain.
    pub chain: Chain<'b>,
    /// All of them hold tokens and the runtime's currency.
    pub users: &'b [User],
    /// The first owner of all tokens.
    pub alice: User,
    /// The works that are measured.
    pub works: Vec<Work>,
    /// The questions, as this runtime is asked them.
    pub questions: Questions,
    /// Whose turn it is.
    next: usize,
    /// What each user, by its place, should have of each token.
    holdings: BTreeMap<(H160, usize), u128>,
}

impl<'b> Subject<'b> {
    /// A chain without works.
    pub fn new(
        name: &'static str,
        chain: Chain<'b>,
        users: &'b [User],
        questions: Questions,
    ) -> Self {
        let (alice, works, holdings) = (User::alice(), Vec::new(), BTreeMap::new());
        Self { name, chain, users, alice, works, questions, next: 0, holdings }
    }

    /// Has Alice call something for each user.
    ///
    /// # Errors
    ///
    /// A call fails.
    pub fn for_all(&mut self, call: impl Fn(&User) -> Vec<u8>) -> Result<()> {
        for users in self.users.chunks(PREPARING) {
            let transactions: Vec<_> =
                users.iter().map(|user| self.chain.sign(&self.alice, &call(user))).collect();
            self.chain.block(&transactions)?;
        }
        Ok(())
    }

    /// Has each user call something.
    ///
    /// # Errors
    ///
    /// A call fails.
    pub fn by_all(&mut self, call: &[u8]) -> Result<()> {
        for users in self.users.chunks(PREPARING) {
            let transactions: Vec<_> =
                users.iter().map(|user| self.chain.sign(user, call)).collect();
            self.chain.block(&transactions)?;
        }
        Ok(())
    }

    /// Has Alice create a contract, and gives its address.
    ///
    /// # Errors
    ///
    /// That fails.
    pub fn create(&mut self, call: &[u8]) -> Result<H160> {
        let nonce = self.chain.nonce(&self.alice);
        let transaction = self.chain.sign(&self.alice, call);
        self.chain.block(&[transaction])?;
        self.chain.reread_nonce(&self.alice)?;
        let creator = alloy_primitives::Address::from(self.alice.address().0);
        Ok(H160(creator.create(nonce.into()).into_array()))
    }

    /// The next transactions that do a work: `count` senders, each for another receiver, none of
    /// whom was in the blocks before.
    pub fn transactions(&mut self, work: usize, count: usize) -> Vec<OpaqueExtrinsic> {
        let Some(work) = self.works.get(work) else { return Vec::new() };
        let (users, count) = (self.users, if work.kind == Kind::Block { 0 } else { count });
        let half = users.len() / 2;
        let transactions = (0..count).filter_map(|place| {
            let from = (self.next + place) % users.len();
            let to = (from + half) % users.len();
            let (sender, receiver) = (users.get(from)?, users.get(to)?);
            if let Some(token) = work.token {
                *self.holdings.entry((token, to)).or_insert(HOLDING) += 1;
                if !work.one_sender {
                    *self.holdings.entry((token, from)).or_insert(HOLDING) -= 1;
                }
            }
            let sender = if work.one_sender { &self.alice } else { sender };
            Some(self.chain.sign(sender, &(work.call)(receiver)))
        });
        let transactions = transactions.collect();
        self.next += count;
        transactions
    }

    /// Compares balances with what was sent: those of some users of each token.
    ///
    /// # Errors
    ///
    /// One is wrong.
    pub fn check(&self) -> Result<()> {
        let step = self.holdings.len().div_ceil(COMPARED).max(1);
        for ((token, place), expected) in self.holdings.iter().step_by(step) {
            let Some(user) = self.users.get(*place) else { continue };
            let balance = (self.questions.balance)(&self.chain, *token, user)?;
            if balance != *expected {
                return Err(format!(
                    "{}: user {place} has {balance} of {token:?}, not {expected}",
                    self.name
                ));
            }
        }
        Ok(())
    }
}
