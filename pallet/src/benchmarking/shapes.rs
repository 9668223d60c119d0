//! Contracts that take the engine as long as their size allows.
use alloc::vec::Vec;

/// Parameters and results of the widest blocks that contracts may have.
const WIDTH: usize = 16;

/// Bytes of loops in a function, which may have 128 KiB: half of the largest init code.
const FUNCTION: usize = (128 << 10) - 128;

/// Returns a contract of exactly `size` bytes, at least [`LEAST`], that takes long to validate and
/// to translate for its size: empty loops with many parameters and results. It returns at once.
pub fn wide(size: u32) -> Vec<u8> {
    let mut code = Vec::from(*b"\0asm\x01\0\0\0");
    section(&mut code, 1, &[&[2, 0x60, 0, 0, 0x60][..], &values(), &values()].concat());
    section(&mut code, 3, &[2, 0, 0]);
    section(&mut code, 5, &[1, 0, 0]);
    section(&mut code, 7, b"\x02\x06memory\x02\0\x04main\0\0");
    // One large function takes longer than two that are half as large. `main` calls the other one.
    let (main, other) = (function(&[0x10, 1], 0), function(&[1, 1], 0));
    // Section 10, its size, two functions, their sizes; sizes have five bytes.
    let rim = 1 + 5 + 1 + 2 * 5 + main.len() + other.len();
    let room = (size as usize).saturating_sub(code.len() + rim);
    let large = room.min(FUNCTION);
    let (main, other) = (function(&[0x10, 1], large), function(&[1, 1], room - large));
    let bodies = [&[2][..], &five(main.len()), &main, &five(other.len()), &other].concat();
    section(&mut code, 10, &bodies);
    code
}

/// Returns a function that begins with these instructions and has `room` bytes of loops.
fn function(first: &[u8], room: usize) -> Vec<u8> {
    // No locals; after the first instructions, `memory.size`, `i32.eqz`, `br_if 0`, which leaves
    // the function, but not in a way known before it runs.
    let mut body = [&[0][..], first, &[0x3f, 0, 0x45, 0x0d, 0], &[0x41, 0].repeat(WIDTH)].concat();
    for _ in 0..room / 3 {
        // `loop` of the second type, `end`.
        body.extend([3, 1, 0x0b]);
    }
    // `nop`
    body.extend(core::iter::repeat_n(1, room % 3));
    body.extend([0x1a; WIDTH]);
    body.push(0x0b);
    body
}

/// The size of the smallest that [`wide`] makes.
pub const LEAST: u32 = 320;

/// Returns a contract whose frames have `items` (at most 8192)
/// [items](tephra_core::ewasm::Contract::instance_items) to set up, or one less. Half of them are
/// elements of a table, and half are copied there.
pub fn crowded(items: u32) -> Vec<u8> {
    let count = items as usize / 2;
    let mut code = Vec::from(*b"\0asm\x01\0\0\0");
    section(&mut code, 1, &[1, 0x60, 0, 0]);
    section(&mut code, 3, &[1, 0]);
    section(&mut code, 4, &[&[1, 0x70, 0][..], &five(count)].concat());
    section(&mut code, 5, &[1, 0, 0]);
    section(&mut code, 7, b"\x02\x06memory\x02\0\x04main\0\0");
    let mut segment = Vec::from([1, 0, 0x41, 0, 0x0b]);
    segment.extend(five(count));
    segment.resize(segment.len() + count, 0);
    section(&mut code, 9, &segment);
    section(&mut code, 10, &[1, 2, 0, 0x0b]);
    code
}

/// Returns input with which `modexp` takes long for at most this `gas`: a multiplication modulo an
/// even number of up to 1024 bytes.
pub fn power(gas: u32) -> Vec<u8> {
    // EIP-7883: twice the square of the number of words.
    let words = (gas / 2).isqrt().clamp(1, 128);
    let length = 8 * words as usize;
    let mut input = Vec::new();
    for length in [length, 1, length] {
        input.extend([0; 24]);
        input.extend((length as u64).to_be_bytes());
    }
    input.resize(input.len() + length, 0xff);
    input.push(3);
    input.resize(input.len() + length - 1, 0xff);
    input.push(0xfe);
    input
}

/// Returns [`WIDTH`] numbers, as a function's type lists them.
fn values() -> Vec<u8> {
    [&[WIDTH as u8][..], &[0x7f; WIDTH]].concat()
}

fn section(code: &mut Vec<u8>, id: u8, content: &[u8]) {
    code.push(id);
    code.extend(five(content.len()));
    code.extend(content);
}

/// A number in five bytes.
fn five(number: usize) -> [u8; 5] {
    let part = |shift: u32| (number >> shift) as u8 & 0x7f;
    [part(0) | 0x80, part(7) | 0x80, part(14) | 0x80, part(21) | 0x80, part(28)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_the_requested_size() {
        for size in [LEAST, LEAST + 1, 1000, 128 << 10, 256 << 10] {
            assert_eq!(wide(size).len(), size as usize);
        }
    }
}
