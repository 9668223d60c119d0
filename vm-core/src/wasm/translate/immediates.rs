//! What follows an opcode.
use super::TranslationError;
use crate::wasm::binary::{EMPTY, Malformed, Reader};
use crate::wasm::instruction::Immediates;

impl From<Malformed> for TranslationError {
    fn from(_: Malformed) -> Self {
        Self::Malformed
    }
}

/// Skips what follows an opcode.
pub(super) fn skip(immediates: Immediates, reader: &mut Reader<'_>) -> Result<(), Malformed> {
    match immediates {
        Immediates::None => {}
        Immediates::BlockType => drop(BlockType::read(reader)?),
        Immediates::Labels => drop(BrTable::read(reader)?),
        Immediates::ValTypes => typed_select(reader)?,
        Immediates::HeapType => drop(reader.heap_type()?),
        Immediates::I32 => drop(reader.i32()?),
        Immediates::I64 => drop(reader.i64()?),
        Immediates::F32 => drop(reader.array::<4>()?),
        Immediates::F64 => drop(reader.array::<8>()?),
        Immediates::Label
        | Immediates::Func
        | Immediates::Local
        | Immediates::Global
        | Immediates::Table
        | Immediates::Memory
        | Immediates::Data
        | Immediates::Elements => drop(reader.u32()?),
        Immediates::Callee
        | Immediates::Tables
        | Immediates::Memories
        | Immediates::Address(_)
        | Immediates::DataAndMemory
        | Immediates::ElementsAndTable => drop((reader.u32()?, reader.u32()?)),
    }
    Ok(())
}

/// Reads the type of a `select`, of which there is one. Which it is does not matter.
pub(super) fn typed_select(reader: &mut Reader<'_>) -> Result<(), Malformed> {
    if reader.u32()? != 1 {
        return Err(Malformed);
    }
    reader.val_type().map(drop)
}

/// The type of a block.
#[derive(Clone, Copy)]
pub(super) enum BlockType {
    /// Neither parameters nor results.
    Empty,
    /// One result. Which type it has does not matter any more.
    Type,
    /// The function type with this index.
    FuncType(u32),
}

impl BlockType {
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        let first = reader.peek()?;
        if first == EMPTY {
            reader.byte()?;
            return Ok(Self::Empty);
        }
        if first & 0xc0 == 0x40 {
            reader.val_type()?;
            return Ok(Self::Type);
        }
        u32::try_from(reader.i33()?).map(Self::FuncType).map_err(|_| Malformed)
    }
}

/// Where a load or store is.
#[derive(Clone, Copy)]
pub(super) struct MemArg {
    /// Bytes to be added to the address.
    pub offset: u64,
}

impl MemArg {
    #[inline(always)]
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        // The alignment is a hint.
        reader.u32()?;
        Ok(Self { offset: reader.u32()?.into() })
    }
}

/// The labels of a `br_table`.
#[derive(Clone, Copy)]
pub(super) struct BrTable<'a> {
    targets: Reader<'a>,
    len: u32,
}

impl<'a> BrTable<'a> {
    pub fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let len = reader.u32()?;
        let targets = *reader;
        for _ in 0..=len {
            reader.u32()?;
        }
        Ok(Self { targets, len })
    }

    /// Labels, the default one not counted.
    pub fn len(&self) -> u32 {
        self.len
    }

    /// The labels; the last one is the default.
    pub fn targets(&self) -> impl Iterator<Item = Result<u32, Malformed>> + use<'a> {
        let mut reader = self.targets;
        (0..=self.len).map(move |_| reader.u32())
    }
}
