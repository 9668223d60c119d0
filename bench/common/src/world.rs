//! The world around a contract, the same for every engine: call data, storage, other contracts. It
//! prices nothing.
use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

use alloy_primitives::keccak256;
use sha2::{Digest, Sha256};

use crate::{Compiled, Job};

/// Why a function of the interface does not return to the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// `finish` or `selfDestruct`.
    Finished,
    /// `revert`.
    Reverted,
    /// A range outside the memory.
    OutOfBounds,
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Finished => "finished",
            Self::Reverted => "reverted",
            Self::OutOfBounds => "out of bounds",
        })
    }
}

impl core::error::Error for Stop {}

/// The memory of the contract that calls.
pub trait Memory {
    /// Copies bytes out.
    ///
    /// # Errors
    /// [`Stop::OutOfBounds`].
    fn read(&mut self, at: u32, buffer: &mut [u8]) -> Result<(), Stop>;
    /// Copies bytes in.
    ///
    /// # Errors
    /// [`Stop::OutOfBounds`].
    fn write(&mut self, at: u32, bytes: &[u8]) -> Result<(), Stop>;
}

impl Memory for &mut [u8] {
    fn read(&mut self, at: u32, buffer: &mut [u8]) -> Result<(), Stop> {
        let from = self
            .get(at as usize..)
            .and_then(|rest| rest.get(..buffer.len()))
            .ok_or(Stop::OutOfBounds)?;
        buffer.copy_from_slice(from);
        Ok(())
    }

    fn write(&mut self, at: u32, bytes: &[u8]) -> Result<(), Stop> {
        let to = self
            .get_mut(at as usize..)
            .and_then(|rest| rest.get_mut(..bytes.len()))
            .ok_or(Stop::OutOfBounds)?;
        to.copy_from_slice(bytes);
        Ok(())
    }
}

/// A byte string of a contract's memory never is longer; so no allocation is.
const LONGEST: u32 = 1 << 24;

/// The world around a contract, as it was and as the contract left it.
#[derive(Clone, Default)]
pub struct World {
    /// Call data.
    pub input: Vec<u8>,
    /// The contract's own code, as `codeCopy` gives it.
    pub code: Rc<[u8]>,
    /// The caller.
    pub caller: [u8; 20],
    /// Storage of the contract.
    pub storage: BTreeMap<[u8; 32], [u8; 32]>,
    /// What every message to another contract runs, but for precompiled ones: it gets the same
    /// world with the message's input.
    pub callee: Option<Rc<dyn Compiled>>,
    /// Messages around this one.
    pub depth: u32,
    /// What `finish` or `revert` was given.
    pub output: Vec<u8>,
    /// Whether it reverted.
    pub reverted: bool,
    /// Logs: topics one after the other, then the data.
    pub logs: Vec<Vec<u8>>,
    /// The answer of the last message.
    pub return_data: Vec<u8>,
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World")
            .field("output", &self.output)
            .field("reverted", &self.reverted)
            .field("storage", &self.storage)
            .field("logs", &self.logs)
            .finish_non_exhaustive()
    }
}

type Answer<T> = Result<T, Stop>;
type Mem<'a> = &'a mut dyn Memory;

impl World {
    /// Whether a contract did the same in both.
    pub fn same_effects(&self, other: &Self) -> bool {
        self.output == other.output
            && self.reverted == other.reverted
            && self.storage == other.storage
            && self.logs == other.logs
    }

    fn read<const N: usize>(memory: Mem<'_>, at: i32) -> Answer<[u8; N]> {
        let mut bytes = [0; N];
        memory.read(at as u32, &mut bytes)?;
        Ok(bytes)
    }

    fn read_bytes(memory: Mem<'_>, at: i32, length: i32) -> Answer<Vec<u8>> {
        let length = length as u32;
        if length > LONGEST {
            return Err(Stop::OutOfBounds);
        }
        let mut bytes = vec![0; length as usize];
        memory.read(at as u32, &mut bytes)?;
        Ok(bytes)
    }

    fn copy(from: &[u8], memory: Mem<'_>, to: i32, offset: i32, length: i32) -> Answer<()> {
        let rest = from.get(offset as u32 as usize..).unwrap_or_default();
        let given = rest.get(..length as u32 as usize);
        memory.write(to as u32, given.ok_or(Stop::OutOfBounds)?)
    }
}

/// The functions of the interface, by the names in [`for_each_function`](crate::for_each_function).
#[allow(missing_docs, clippy::missing_errors_doc, clippy::too_many_arguments)]
impl World {
    pub fn use_gas(&mut self, _: Mem<'_>, _amount: i64) -> Answer<()> {
        Ok(())
    }

    pub fn get_gas_left(&mut self, _: Mem<'_>) -> Answer<i64> {
        Ok(1 << 40)
    }

    pub fn get_address(&mut self, memory: Mem<'_>, result: i32) -> Answer<()> {
        memory.write(result as u32, &[0xad; 20])
    }

    pub fn get_caller(&mut self, memory: Mem<'_>, result: i32) -> Answer<()> {
        memory.write(result as u32, &self.caller)
    }

    pub fn get_call_value(&mut self, memory: Mem<'_>, result: i32) -> Answer<()> {
        memory.write(result as u32, &[0; 16])
    }

    pub fn get_tx_origin(&mut self, memory: Mem<'_>, result: i32) -> Answer<()> {
        memory.write(result as u32, &self.caller)
    }

    pub fn get_tx_gas_price(&mut self, memory: Mem<'_>, result: i32) -> Answer<()> {
        memory.write(result as u32, &[1; 16])
    }

    pub fn get_external_balance(
        &mut self,
        memory: Mem<'_>,
        _address: i32,
        result: i32,
    ) -> Answer<()> {
        memory.write(result as u32, &[0; 16])
    }

    pub fn get_block_number(&mut self, _: Mem<'_>) -> Answer<i64> {
        Ok(1)
    }

    pub fn get_block_timestamp(&mut self, _: Mem<'_>) -> Answer<i64> {
        Ok(1_600_000_000)
    }

    pub fn get_block_gas_limit(&mut self, _: Mem<'_>) -> Answer<i64> {
        Ok(30_000_000)
    }

    pub fn get_block_coinbase(&mut self, memory: Mem<'_>, result: i32) -> Answer<()> {
        memory.write(result as u32, &[0xc0; 20])
    }

    pub fn get_block_difficulty(&mut self, memory: Mem<'_>, result: i32) -> Answer<()> {
        memory.write(result as u32, &[1; 32])
    }

    pub fn get_block_hash(&mut self, memory: Mem<'_>, _number: i64, result: i32) -> Answer<i32> {
        memory.write(result as u32, &[0xb1; 32])?;
        Ok(0)
    }

    pub fn get_call_data_size(&mut self, _: Mem<'_>) -> Answer<i32> {
        Ok(self.input.len() as i32)
    }

    pub fn call_data_copy(
        &mut self,
        memory: Mem<'_>,
        to: i32,
        offset: i32,
        length: i32,
    ) -> Answer<()> {
        Self::copy(&self.input, memory, to, offset, length)
    }

    pub fn get_code_size(&mut self, _: Mem<'_>) -> Answer<i32> {
        Ok(self.code.len() as i32)
    }

    pub fn code_copy(&mut self, memory: Mem<'_>, to: i32, offset: i32, length: i32) -> Answer<()> {
        Self::copy(&self.code, memory, to, offset, length)
    }

    pub fn get_return_data_size(&mut self, _: Mem<'_>) -> Answer<i32> {
        Ok(self.return_data.len() as i32)
    }

    pub fn return_data_copy(
        &mut self,
        memory: Mem<'_>,
        to: i32,
        offset: i32,
        length: i32,
    ) -> Answer<()> {
        Self::copy(&self.return_data, memory, to, offset, length)
    }

    pub fn get_external_code_size(&mut self, _: Mem<'_>, _address: i32) -> Answer<i32> {
        Ok(0)
    }

    pub fn external_code_copy(
        &mut self,
        memory: Mem<'_>,
        _address: i32,
        to: i32,
        offset: i32,
        length: i32,
    ) -> Answer<()> {
        Self::copy(&[], memory, to, offset, length)
    }

    pub fn storage_load(&mut self, memory: Mem<'_>, key: i32, result: i32) -> Answer<()> {
        let key = Self::read::<32>(memory, key)?;
        let value = self.storage.get(&key).copied().unwrap_or_default();
        memory.write(result as u32, &value)
    }

    pub fn storage_store(&mut self, memory: Mem<'_>, key: i32, value: i32) -> Answer<()> {
        let key = Self::read::<32>(memory, key)?;
        let value = Self::read::<32>(memory, value)?;
        if value == [0; 32] {
            self.storage.remove(&key);
        } else {
            self.storage.insert(key, value);
        }
        Ok(())
    }

    pub fn log(
        &mut self,
        memory: Mem<'_>,
        data: i32,
        length: i32,
        topics: i32,
        topic1: i32,
        topic2: i32,
        topic3: i32,
        topic4: i32,
    ) -> Answer<()> {
        let mut log = Vec::new();
        for topic in [topic1, topic2, topic3, topic4].into_iter().take(topics as u32 as usize) {
            log.extend(Self::read::<32>(memory, topic)?);
        }
        log.extend(Self::read_bytes(memory, data, length)?);
        self.logs.push(log);
        Ok(())
    }

    pub fn call(
        &mut self,
        memory: Mem<'_>,
        _gas: i64,
        address: i32,
        _value: i32,
        data: i32,
        length: i32,
    ) -> Answer<i32> {
        self.message(memory, address, data, length)
    }

    pub fn call_code(
        &mut self,
        memory: Mem<'_>,
        _gas: i64,
        address: i32,
        _value: i32,
        data: i32,
        length: i32,
    ) -> Answer<i32> {
        self.message(memory, address, data, length)
    }

    pub fn call_delegate(
        &mut self,
        memory: Mem<'_>,
        _gas: i64,
        address: i32,
        data: i32,
        length: i32,
    ) -> Answer<i32> {
        self.message(memory, address, data, length)
    }

    pub fn call_static(
        &mut self,
        memory: Mem<'_>,
        _gas: i64,
        address: i32,
        data: i32,
        length: i32,
    ) -> Answer<i32> {
        self.message(memory, address, data, length)
    }

    pub fn create(
        &mut self,
        _: Mem<'_>,
        _value: i32,
        _data: i32,
        _length: i32,
        _result: i32,
    ) -> Answer<i32> {
        Ok(1)
    }

    pub fn self_destruct(&mut self, _: Mem<'_>, _address: i32) -> Answer<()> {
        Err(Stop::Finished)
    }

    pub fn finish(&mut self, memory: Mem<'_>, data: i32, length: i32) -> Answer<()> {
        self.output = Self::read_bytes(memory, data, length)?;
        Err(Stop::Finished)
    }

    pub fn revert(&mut self, memory: Mem<'_>, data: i32, length: i32) -> Answer<()> {
        self.output = Self::read_bytes(memory, data, length)?;
        self.reverted = true;
        Err(Stop::Reverted)
    }

    /// A message to another contract. The precompiled ones are SHA-256 at 2, the identity at 4 and
    /// Keccak-256 at 9.
    fn message(&mut self, memory: Mem<'_>, address: i32, data: i32, length: i32) -> Answer<i32> {
        let address = Self::read::<20>(memory, address)?;
        let input = Self::read_bytes(memory, data, length)?;
        let small = address.iter().take(19).all(|byte| *byte == 0);
        match (small, address[19]) {
            (true, 2) => self.return_data = Sha256::digest(&input).to_vec(),
            (true, 4) => self.return_data = input,
            (true, 9) => self.return_data = keccak256(&input).to_vec(),
            _ => return Ok(self.nested(input)),
        }
        Ok(0)
    }

    fn nested(&mut self, input: Vec<u8>) -> i32 {
        let Some(callee) = self.callee.clone() else { return 0 };
        let world = Self {
            input,
            code: self.code.clone(),
            caller: self.caller,
            storage: core::mem::take(&mut self.storage),
            callee: Some(callee.clone()),
            depth: self.depth.saturating_add(1),
            ..Self::default()
        };
        match callee.run(&Job::contract(), world) {
            Ok(ended) => {
                self.storage = ended.world.storage;
                self.return_data = ended.world.output;
                i32::from(ended.world.reverted) * 2
            }
            Err(_) => 1,
        }
    }
}
