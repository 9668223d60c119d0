//! The binary format's primitives (WebAssembly specification, 5.2).
use crate::wasm::ValType;
use crate::work::{self, Unit};

/// Bytes that are not in the binary format. What is wrong with them is found out later: see
/// `module::reference`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Malformed;

/// The type of a block without parameters and results.
pub(crate) const EMPTY: u8 = 0x40;

type Result<T> = core::result::Result<T, Malformed>;

/// Reads a part of a module from its start to its end. Positions are bytes from the start of the
/// module.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    /// The module up to the part's end.
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// A reader of `bytes` that begins at a position.
    pub fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    /// Reads with a copy of the reader, so that the address of this one does not escape and it can
    /// stay in registers.
    #[inline(always)]
    pub fn apart<T, E>(
        &mut self,
        read: impl FnOnce(&mut Self) -> core::result::Result<T, E>,
    ) -> core::result::Result<T, E> {
        let mut copy = *self;
        let result = read(&mut copy);
        *self = copy;
        result
    }

    /// The position of the next byte.
    #[inline]
    pub fn position(&self) -> usize {
        self.at
    }

    /// The position after the last byte.
    #[inline]
    pub fn end(&self) -> usize {
        self.bytes.len()
    }

    /// Bytes that are left to read.
    #[inline]
    pub fn remaining(&self) -> usize {
        self.bytes.len().saturating_sub(self.at)
    }

    /// Whether all bytes were read.
    #[inline]
    pub fn is_at_end(&self) -> bool {
        self.at >= self.bytes.len()
    }

    /// Returns the next byte without reading it.
    #[inline]
    pub fn peek(&self) -> Result<u8> {
        self.bytes.get(self.at).copied().ok_or(Malformed)
    }

    /// Reads a byte.
    #[inline(always)]
    pub fn byte(&mut self) -> Result<u8> {
        let byte = *self.bytes.get(self.at).ok_or(Malformed)?;
        work::add(Unit::ByteRead, 1);
        self.at += 1;
        Ok(byte)
    }

    /// Reads `len` bytes.
    pub fn bytes(&mut self, len: usize) -> Result<&'a [u8]> {
        let end = self.at.checked_add(len).ok_or(Malformed)?;
        let bytes = self.bytes.get(self.at..end).ok_or(Malformed)?;
        self.at = end;
        Ok(bytes)
    }

    /// Reads `N` bytes.
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        self.bytes(N)?.try_into().map_err(|_| Malformed)
    }

    /// A reader of the next `len` bytes, which are skipped here.
    pub fn part(&mut self, len: usize) -> Result<Self> {
        let end = self.at.checked_add(len).ok_or(Malformed)?;
        let part = Self { bytes: self.bytes.get(..end).ok_or(Malformed)?, at: self.at };
        self.at = end;
        Ok(part)
    }

    /// A `u32`.
    #[inline(always)]
    pub fn u32(&mut self) -> Result<u32> {
        let byte = self.byte()?;
        if byte < 0x80 { Ok(byte.into()) } else { self.apart(|reader| reader.u32_after(byte)) }
    }

    #[inline(never)]
    fn u32_after(&mut self, first: u8) -> Result<u32> {
        let mut value = u32::from(first & 0x7f);
        for shift in [7, 14, 21] {
            let byte = self.byte()?;
            value |= u32::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        let byte = self.byte()?;
        if byte > 0x0f { Err(Malformed) } else { Ok(value | u32::from(byte) << 28) }
    }

    /// An `i32`.
    #[inline(always)]
    pub fn i32(&mut self) -> Result<i32> {
        self.signed::<32>().map(|value| value as i32)
    }

    /// An `i64`.
    #[inline(always)]
    pub fn i64(&mut self) -> Result<i64> {
        self.signed::<64>()
    }

    /// An `i33`.
    pub fn i33(&mut self) -> Result<i64> {
        self.signed::<33>()
    }

    #[inline(always)]
    fn signed<const BITS: u32>(&mut self) -> Result<i64> {
        let byte = self.byte()?;
        if byte < 0x80 {
            Ok(i64::from((byte << 1) as i8 >> 1))
        } else {
            self.apart(|reader| reader.signed_after::<BITS>(byte))
        }
    }

    #[inline(never)]
    fn signed_after<const BITS: u32>(&mut self, first: u8) -> Result<i64> {
        let mut value = i64::from(first & 0x7f);
        let mut shift = 7;
        loop {
            let byte = self.byte()?;
            value |= i64::from(byte & 0x7f) << shift;
            if shift + 7 >= BITS {
                // The last byte that there may be: no continuation, and above the number's bits
                // only copies of its sign.
                let above = (byte << 1) as i8 >> (BITS - shift);
                if byte >= 0x80 || (above != 0 && above != -1) {
                    return Err(Malformed);
                }
            }
            shift += 7;
            if byte < 0x80 {
                let unused = 64_u32.saturating_sub(shift);
                return Ok(value << unused >> unused);
            }
        }
    }

    /// Reads a name: UTF-8, at most as long as the JavaScript interface and its engines allow.
    pub fn name(&mut self) -> Result<&'a str> {
        const LONGEST: u32 = 100_000;
        let len = self.u32()?;
        if len > LONGEST {
            return Err(Malformed);
        }
        core::str::from_utf8(self.bytes(len as usize)?).map_err(|_| Malformed)
    }

    /// A value type, whatever the features are.
    pub fn val_type(&mut self) -> Result<ValType> {
        Ok(match self.byte()? {
            0x7f => ValType::I32,
            0x7e => ValType::I64,
            0x7d => ValType::F32,
            0x7c => ValType::F64,
            // The long form of nullable references.
            0x63 => self.heap_type()?,
            byte => heap_type(byte)?,
        })
    }

    /// A reference type.
    pub fn ref_type(&mut self) -> Result<ValType> {
        match self.val_type()? {
            ty @ (ValType::FuncRef | ValType::ExternRef) => Ok(ty),
            _ => Err(Malformed),
        }
    }

    /// What a reference refers to, as the type of the nullable reference to it.
    pub fn heap_type(&mut self) -> Result<ValType> {
        heap_type(self.byte()?)
    }
}

fn heap_type(byte: u8) -> Result<ValType> {
    match byte {
        0x70 => Ok(ValType::FuncRef),
        0x6f => Ok(ValType::ExternRef),
        _ => Err(Malformed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T>(bytes: &[u8], read: impl FnOnce(&mut Reader<'_>) -> Result<T>) -> Option<T> {
        let mut reader = Reader::new(bytes, 0);
        let value = read(&mut reader).ok()?;
        assert!(reader.is_at_end());
        Some(value)
    }

    #[test]
    fn unsigned_numbers_fit_their_width() {
        for (bytes, value) in [
            (&[0x7f][..], Some(0x7f)),
            (&[0x80, 0x00], Some(0)),
            (&[0xe5, 0x8e, 0x26], Some(624_485)),
            (&[0xff, 0xff, 0xff, 0xff, 0x0f], Some(u32::MAX)),
            (&[0xff, 0xff, 0xff, 0xff, 0x1f], None),
            (&[0x80, 0x80, 0x80, 0x80, 0x80, 0x00], None),
            (&[0x80], None),
            (&[], None),
        ] {
            assert_eq!(read(bytes, |reader| reader.u32()), value, "{bytes:x?}");
        }
    }

    #[test]
    fn signed_numbers_fit_their_width_and_are_extended() {
        for (bytes, value) in [
            (&[0x3f][..], Some(63)),
            (&[0x40], Some(-64)),
            (&[0xc0, 0x00], Some(64)),
            (&[0xff, 0xff, 0xff, 0xff, 0x07], Some(i32::MAX)),
            (&[0x80, 0x80, 0x80, 0x80, 0x78], Some(i32::MIN)),
            (&[0xff, 0xff, 0xff, 0xff, 0x0f], None),
            (&[0x80, 0x80, 0x80, 0x80, 0x70], None),
            (&[0x80, 0x80, 0x80, 0x80, 0x80, 0x00], None),
        ] {
            assert_eq!(read(bytes, |reader| reader.i32()), value, "{bytes:x?}");
        }
        let smallest = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f];
        assert_eq!(read(&smallest, |reader| reader.i64()), Some(i64::MIN));
        let too_small = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7e];
        assert_eq!(read(&too_small, |reader| reader.i64()), None);
        assert_eq!(
            read(&[0xff, 0xff, 0xff, 0xff, 0x0f], |reader| reader.i33()),
            Some((1 << 32) - 1)
        );
        assert_eq!(read(&[0x80, 0x80, 0x80, 0x80, 0x70], |reader| reader.i33()), Some(-(1 << 32)));
        assert_eq!(read(&[0xff, 0xff, 0xff, 0xff, 0x1f], |reader| reader.i33()), None);
    }

    #[test]
    fn a_part_ends_where_it_should_and_its_positions_are_those_of_the_module() {
        let mut reader = Reader::new(&[1, 2, 3, 4, 5], 1);
        let mut part = reader.part(2).unwrap();
        assert_eq!(
            (part.position(), part.end(), part.remaining(), reader.position()),
            (1, 3, 2, 3)
        );
        assert_eq!((part.byte(), part.byte(), part.byte()), (Ok(2), Ok(3), Err(Malformed)));
        assert!(reader.part(3).is_err() && reader.part(usize::MAX).is_err());
        assert_eq!(reader.bytes(2), Ok(&[4, 5][..]));
    }

    #[test]
    fn types_and_names_are_read() {
        assert_eq!(read(&[0x7e], |reader| reader.val_type()), Some(ValType::I64));
        assert_eq!(read(&[0x63, 0x6f], |reader| reader.val_type()), Some(ValType::ExternRef));
        assert_eq!(read(&[0x7b], |reader| reader.val_type()), None);
        assert_eq!(read(&[0x7f], |reader| reader.ref_type()), None);
        assert_eq!(read(&[2, b'o', b'k'], |reader| reader.name().map(str::len)), Some(2));
        assert_eq!(read(&[1, 0xff], |reader| reader.name().map(str::len)), None);
    }
}
