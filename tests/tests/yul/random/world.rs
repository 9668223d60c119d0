//! A world for the interpreter: storage and call data, and nobody else.
use std::collections::HashMap;

use alloy_primitives::U256;
use tephra_yul::builtin::Builtin;
use tephra_yul::ir::interpret::World;

#[derive(Default)]
pub struct Alone {
    input: Vec<u8>,
    storage: HashMap<(bool, U256), U256>,
}

impl Alone {
    pub fn new(input: &[u8]) -> Self {
        Self { input: input.into(), ..Self::default() }
    }

    pub fn slot(&self, key: u64) -> U256 {
        self.storage.get(&(false, U256::from(key))).copied().unwrap_or_default()
    }
}

impl World for Alone {
    fn frame(&mut self, _: Builtin, _: &[U256]) -> U256 {
        U256::ZERO
    }

    fn call_data(&self) -> &[u8] {
        &self.input
    }

    fn return_data(&self) -> &[u8] {
        &[]
    }

    fn load(&mut self, transient: bool, key: U256) -> U256 {
        self.storage.get(&(transient, key)).copied().unwrap_or_default()
    }

    fn store(&mut self, transient: bool, key: U256, value: U256) {
        self.storage.insert((transient, key), value);
    }

    fn log(&mut self, _: &[U256], _: &[u8]) {}

    fn call(&mut self, _: Builtin, _: &[U256], _: &[u8]) -> U256 {
        U256::ZERO
    }
}
