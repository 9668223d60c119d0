//! Instructions with effects: calls of routines.
use std::collections::HashSet;

use wasm_encoder::{BlockType, Instruction as Wasm};

use super::Emitter;
use crate::builtin::{Builtin, Effect};
use crate::ir::{Block, Function, Kind, Value};

/// Bytes that surely are in the first page of memory.
const FIRST_PAGE: u64 = 1 << 16;

impl Emitter<'_> {
    pub(super) fn builtin(&mut self, to: Option<Value>, builtin: Builtin, a: &[Value]) {
        use Builtin as B;
        if let (Effect::Pure, Some(to)) = (builtin.effect(), to) {
            return self.compute(to, builtin, a);
        }
        match builtin {
            B::MLoad | B::MStore | B::MStore8 | B::MCopy => self.memory(to, builtin, a),
            B::CallDataCopy | B::CodeCopy | B::ReturnDataCopy => {
                self.note(a[0], Some(a[2]));
                self.range(a);
                self.call(builtin.name());
            }
            B::ExtCodeCopy => {
                self.note(a[1], Some(a[3]));
                self.address(a[0]);
                self.range(&a[1..]);
                self.call(builtin.name());
            }
            B::CallDataLoad => {
                self.saturated(a[0]);
                self.call("calldataload");
                self.result(to, 4);
            }
            B::Keccak256 => {
                self.note(a[0], Some(a[1]));
                self.range(a);
                self.call("keccak256");
                self.result(to, 4);
            }
            B::SLoad | B::TLoad => {
                self.word(a[0]);
                self.call(builtin.name());
                self.result(to, 4);
            }
            B::SStore | B::TStore => {
                self.flush();
                self.word(a[0]);
                self.word(a[1]);
                self.call(builtin.name());
            }
            B::Log0 | B::Log1 | B::Log2 | B::Log3 | B::Log4 => {
                self.note(a[0], Some(a[1]));
                for (at, topic) in a[2..].iter().enumerate() {
                    self.i32(self.layout.topics + 32 * at as u32);
                    self.word(*topic);
                    self.call("store_word");
                }
                self.range(&a[..2]);
                self.i32(a.len() as u32 - 2);
                self.call("emit_log");
            }
            B::Call | B::CallCode | B::DelegateCall | B::StaticCall => self.message(to, builtin, a),
            B::Create | B::Create2 => self.create(to, builtin, a),
            B::Return | B::Revert => {
                self.note(a[0], Some(a[1]));
                self.range(a);
                self.call(builtin.name());
            }
            B::Stop => {
                self.flush();
                self.call("stop");
            }
            B::Invalid => self.flush(),
            B::SelfDestruct => {
                self.some_limbs(a[0], 3);
                self.call("selfdestruct");
            }
            _ => self.environment(to, builtin, a),
        }
    }

    /// Pops `limbs` limbs into the result.
    fn result(&mut self, to: Option<Value>, limbs: usize) {
        if let Some(to) = to {
            self.set_limbs(to, limbs);
        }
    }

    fn narrow_result(&mut self, to: Option<Value>) {
        if let Some(to) = to {
            self.set_narrow(to);
        }
    }

    /// Pushes places and lengths.
    fn range(&mut self, a: &[Value]) {
        self.flush();
        for value in a {
            self.saturated(*value);
        }
    }

    /// Notes how far memory is used, in a program that asks for it: a range, or a word of 32 bytes.
    fn note(&mut self, at: Value, length: Option<Value>) {
        self.flush();
        if !self.layout.uses_msize {
            return;
        }
        self.saturated(at);
        match length {
            Some(length) => self.saturated(length),
            None => self.i32(32),
        }
        self.call("note");
    }

    fn memory(&mut self, to: Option<Value>, builtin: Builtin, a: &[Value]) {
        let known = self.constant(a[0]).and_then(|at| u64::try_from(at).ok());
        let fixed = known
            .map(|at| at.saturating_add(u64::from(self.layout.memory)))
            .filter(|at| at.saturating_add(32) <= FIRST_PAGE);
        match builtin {
            Builtin::MLoad => {
                if self.layout.uses_msize {
                    self.note(a[0], None);
                }
                match fixed {
                    Some(at) => {
                        self.i32(at as u32);
                        self.call("load_word");
                    }
                    None => {
                        self.saturated(a[0]);
                        self.call("mload");
                    }
                }
                self.result(to, 4);
            }
            Builtin::MStore => {
                self.note(a[0], None);
                match fixed {
                    Some(at) => {
                        self.i32(at as u32);
                        self.word(a[1]);
                        self.call("store_word");
                    }
                    None => {
                        self.saturated(a[0]);
                        self.word(a[1]);
                        self.call("mstore");
                    }
                }
            }
            Builtin::MStore8 => {
                self.flush();
                if self.layout.uses_msize {
                    self.saturated(a[0]);
                    self.i32(1);
                    self.call("note");
                }
                self.saturated(a[0]);
                self.low(a[1]);
                self.call("mstore8");
            }
            _ => {
                self.note(a[0], Some(a[2]));
                self.note(a[1], Some(a[2]));
                self.range(a);
                self.call("mcopy");
            }
        }
    }

    /// Stores an address where calls take it from.
    fn address(&mut self, value: Value) {
        self.flush();
        self.some_limbs(value, 3);
        self.call("store_address");
    }

    fn gas(&mut self, value: Value) {
        // All that is left is as much as can be given.
        if self.is_gas(value) {
            return self.i64(i64::MAX as u64);
        }
        if self.bits(value) < 64 {
            return self.limb(value, 0);
        }
        self.flush();
        self.limb(value, 0);
        self.limb(value, 1);
        for at in 2..self.limbs(value) {
            self.limb(value, at);
            self.push(Wasm::I64Or);
        }
        self.call("gas_limit");
    }

    /// Whether a value is what the instruction before gave as the gas that is left.
    fn is_gas(&self, value: Value) -> bool {
        self.gas_values.contains(value)
    }

    fn message(&mut self, to: Option<Value>, builtin: Builtin, a: &[Value]) {
        let value = matches!(builtin, Builtin::Call | Builtin::CallCode).then(|| a[2]);
        let ranges = a.len() - 4;
        self.note(a[ranges], Some(a[ranges + 1]));
        self.note(a[ranges + 2], Some(a[ranges + 3]));
        self.address(a[1]);
        if let Some(value) = value {
            self.value(value);
        }
        self.gas(a[0]);
        for value in &a[ranges..] {
            self.saturated(*value);
        }
        self.call(builtin.name());
        self.narrow_result(to);
    }

    /// Stores the value that a call or create sends. More than 128 bits is more than there is: the
    /// greatest value stands for all of them, and the call does not begin.
    fn value(&mut self, value: Value) {
        self.flush();
        self.limb(value, 0);
        self.limb(value, 1);
        self.call("store_value");
        if self.bits(value) > 128 {
            self.limb(value, 2);
            self.limb(value, 3);
            self.push(Wasm::I64Or);
            self.push(Wasm::I64Const(0));
            self.push(Wasm::I64Ne);
            self.push(Wasm::If(BlockType::Empty));
            self.push(Wasm::I64Const(-1));
            self.push(Wasm::I64Const(-1));
            self.call("store_value");
            self.push(Wasm::End);
        }
    }

    fn create(&mut self, to: Option<Value>, builtin: Builtin, a: &[Value]) {
        self.note(a[1], Some(a[2]));
        self.value(a[0]);
        if builtin == Builtin::Create2 {
            self.i32(self.layout.topics);
            self.word(a[3]);
            self.call("store_word");
        }
        self.range(&a[1..3]);
        self.call(builtin.name());
        self.result(to, 3);
    }

    fn environment(&mut self, to: Option<Value>, builtin: Builtin, a: &[Value]) {
        use Builtin as B;
        self.flush();
        match builtin {
            B::Balance | B::ExtCodeSize | B::ExtCodeHash => {
                self.some_limbs(a[0], 3);
                self.call(builtin.name());
                match builtin {
                    B::Balance => self.result(to, 2),
                    B::ExtCodeHash => self.result(to, 4),
                    _ => self.narrow_result(to),
                }
            }
            B::Address | B::Caller | B::Origin | B::Coinbase => {
                self.call(builtin.name());
                self.result(to, 3);
            }
            B::CallValue | B::GasPrice | B::ChainId | B::SelfBalance => {
                self.call(builtin.name());
                self.result(to, 2);
            }
            B::BaseFee | B::BlobBaseFee | B::Difficulty | B::PrevRandao => {
                self.call(builtin.name());
                self.result(to, 4);
            }
            B::BlobHash => {
                self.saturated(a[0]);
                self.call("blobhash");
                self.result(to, 4);
            }
            B::BlockHash => {
                self.gas(a[0]);
                self.call("blockhash");
                self.result(to, 4);
            }
            B::Gas if to.is_some_and(|to| !self.gas_values.is_needed(to)) => {}
            B::Gas | B::Number | B::Timestamp | B::GasLimit => {
                let routine = match builtin {
                    B::Gas => "getGasLeft",
                    B::Number => "getBlockNumber",
                    B::Timestamp => "getBlockTimestamp",
                    _ => "getBlockGasLimit",
                };
                self.call(routine);
                self.result(to, 1);
            }
            B::CallDataSize | B::CodeSize | B::ReturnDataSize | B::MSize => {
                let routine = match builtin {
                    B::CallDataSize => "getCallDataSize",
                    B::CodeSize => "getCodeSize",
                    B::ReturnDataSize => "getReturnDataSize",
                    _ => "msize",
                };
                self.call(routine);
                self.narrow_result(to);
            }
            _ => unreachable!("all others are emitted above"),
        }
    }
}

/// Values that are the gas that is left, as far as a call gets all of it.
#[derive(Default)]
pub(super) struct GasValues {
    /// All of them.
    all: HashSet<Value>,
    /// Those that are used for something else, too.
    needed: HashSet<Value>,
}

impl GasValues {
    pub fn of(function: &Function) -> Self {
        let mut values = Self::default();
        values.block(&function.body);
        values
    }

    fn block(&mut self, block: &Block) {
        for instruction in &block.instructions {
            let kind = &instruction.kind;
            let mut skip = false;
            match kind {
                Kind::Builtin(Some(to), Builtin::Gas, _) => {
                    self.all.insert(*to);
                }
                Kind::Builtin(
                    _,
                    Builtin::Call | Builtin::CallCode | Builtin::DelegateCall | Builtin::StaticCall,
                    _,
                ) => skip = true,
                _ => {}
            }
            kind.operands(|value| {
                // The first operand of a call is its gas.
                if !std::mem::take(&mut skip) {
                    self.needed.insert(value);
                }
            });
            for block in kind.blocks() {
                self.block(block);
            }
        }
        self.needed.extend(block.end.values());
    }

    pub fn contains(&self, value: Value) -> bool {
        self.all.contains(&value)
    }

    pub fn is_needed(&self, value: Value) -> bool {
        self.needed.contains(&value)
    }
}
