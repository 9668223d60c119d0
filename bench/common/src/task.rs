//! A task: a module, a job in it and the world around, as one value that can be sent into a
//! WebAssembly module.
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use crate::{Compiled, Ended, Job, Type, Value, World};

/// A module, a job in it and the world around.
#[derive(Clone, Debug)]
pub struct Task {
    /// The module.
    pub wasm: Vec<u8>,
    /// The job.
    pub job: Job,
    /// The world before it.
    pub world: World,
    /// Whether messages to other contracts run the same module.
    pub calls_itself: bool,
}

impl Task {
    /// A world to run a compiled module in.
    pub fn world_for(&self, compiled: &Rc<dyn Compiled>) -> World {
        World { callee: self.calls_itself.then(|| compiled.clone()), ..self.world.clone() }
    }

    /// As bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        put(&mut bytes, &self.wasm);
        put(&mut bytes, self.job.function.as_bytes());
        put(&mut bytes, &self.job.memory);
        put(&mut bytes, &self.world.input);
        put(&mut bytes, &self.world.caller);
        let storage =
            self.world.storage.iter().flat_map(|(key, value)| key.iter().chain(value)).copied();
        put(&mut bytes, &storage.collect::<Vec<u8>>());
        let args = self.job.args.iter().flat_map(|arg| match arg {
            Value::I32(value) => (0, i64::from(*value)).into_bytes(),
            Value::I64(value) => (1, *value).into_bytes(),
        });
        put(&mut bytes, &args.collect::<Vec<u8>>());
        let result = match self.job.result {
            None => 0,
            Some(Type::I32) => 1,
            Some(Type::I64) => 2,
        };
        put(&mut bytes, &[result, u8::from(self.calls_itself)]);
        put(&mut bytes, &(self.job.look_at as u64).to_le_bytes());
        bytes
    }

    /// From bytes. None when they are not those of a task.
    pub fn decode(mut bytes: &[u8]) -> Option<Self> {
        let mut next = || take(&mut bytes);
        let (wasm, function, memory, input) = (next()?, next()?, next()?, next()?);
        let (caller, storage, args, flags, look_at) = (next()?, next()?, next()?, next()?, next()?);
        let mut world = World {
            input: input.into(),
            code: wasm.into(),
            caller: caller.try_into().ok()?,
            ..World::default()
        };
        for slot in storage.chunks_exact(64) {
            let (key, value) = slot.split_at(32);
            world.storage.insert(key.try_into().ok()?, value.try_into().ok()?);
        }
        let args = args.chunks_exact(9).map(|arg| {
            let (tag, value) = arg.split_first()?;
            let value = i64::from_le_bytes(value.try_into().ok()?);
            Some(if *tag == 0 { Value::I32(value as i32) } else { Value::I64(value) })
        });
        let &[result, calls_itself] = flags else { return None };
        let job = Job {
            function: String::from_utf8(function.into()).ok()?,
            args: args.collect::<Option<_>>()?,
            result: [None, Some(Type::I32), Some(Type::I64)].get(usize::from(result)).copied()?,
            memory: memory.into(),
            look_at: u64::from_le_bytes(look_at.try_into().ok()?) as usize,
        };
        Some(Self { wasm: wasm.into(), job, world, calls_itself: calls_itself != 0 })
    }
}

trait IntoBytes {
    fn into_bytes(self) -> [u8; 9];
}

impl IntoBytes for (u8, i64) {
    fn into_bytes(self) -> [u8; 9] {
        let mut bytes = [self.0; 9];
        if let Some(rest) = bytes.get_mut(1..) {
            rest.copy_from_slice(&self.1.to_le_bytes());
        }
        bytes
    }
}

fn put(bytes: &mut Vec<u8>, part: &[u8]) {
    bytes.extend((part.len() as u32).to_le_bytes());
    bytes.extend(part);
}

fn take<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let (part, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
    *bytes = rest;
    Some(part)
}

impl Ended {
    /// A number that tells results apart (FNV-1a), never 0.
    pub fn digest(&self) -> u64 {
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        let mut add = |bytes: &[u8]| {
            for byte in bytes.iter().chain(&(bytes.len() as u32).to_le_bytes()) {
                hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
            }
        };
        match self.result {
            None => add(&[]),
            Some(Value::I32(value)) => add(&value.to_le_bytes()),
            Some(Value::I64(value)) => add(&value.to_le_bytes()),
        }
        add(&self.memory);
        add(&self.world.output);
        add(&[u8::from(self.world.reverted)]);
        for (key, value) in &self.world.storage {
            add(key);
            add(value);
        }
        self.world.logs.iter().for_each(|log| add(log));
        hash | 1
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    fn task() -> Task {
        let job = Job {
            function: "f".into(),
            args: vec![Value::I32(-1), Value::I64(i64::MIN)],
            result: Some(Type::I64),
            memory: vec![1, 2],
            look_at: 7,
        };
        let mut world =
            World { input: vec![9], code: vec![0, 1].into(), caller: [3; 20], ..World::default() };
        world.storage.insert([1; 32], [2; 32]);
        Task { wasm: vec![0, 1], job, world, calls_itself: true }
    }

    #[test]
    fn a_task_survives_the_way_through_bytes() {
        let (task, back) = (task(), Task::decode(&task().encode()).unwrap());
        assert_eq!((&back.wasm, &back.job, back.calls_itself), (&task.wasm, &task.job, true));
        assert_eq!(
            (&back.world.input, &back.world.code, back.world.caller),
            (&vec![9], &task.world.code, [3; 20])
        );
        assert_eq!(back.world.storage, task.world.storage);
    }

    #[test]
    fn what_is_cut_off_is_no_task() {
        let bytes = task().encode();
        for end in 0..bytes.len() {
            assert!(Task::decode(&bytes[..end]).is_none());
        }
    }

    #[test]
    fn digests_tell_results_apart() {
        let ended = |result, output| {
            let world = World { output, ..World::default() };
            Ended { result, memory: Vec::new(), world }.digest()
        };
        let digests =
            [ended(None, vec![]), ended(Some(Value::I32(0)), vec![]), ended(None, vec![0])];
        assert!(digests[0] != digests[1] && digests[0] != digests[2] && digests[1] != digests[2]);
    }
}
