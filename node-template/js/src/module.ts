/** WebAssembly modules, and constructor arguments at their end (docs/contracts.md). */
import { fromHex } from "./bytes.js";
import { input, messageOf } from "./errors.js";

const MAGIC = [0x00, 0x61, 0x73, 0x6d];
const CONSTRUCTOR_SECTION = new TextEncoder().encode("constructor");

const isModule = (bytes: Uint8Array): boolean => MAGIC.every((byte, at) => bytes[at] === byte);

/**
 * Reads the contents of a file: a WebAssembly binary, or its hexadecimal digits.
 *
 * @param name the name of the file in errors
 */
export function readModule(name: string, contents: Uint8Array): Uint8Array {
  if (isModule(contents)) return contents;
  if (contents.length === 0)
    throw input(name, "the file is empty; expected a WebAssembly binary (.wasm)");
  const text = new TextDecoder().decode(contents).replace(/\s+/g, "");
  if (!/^(0x)?[0-9a-fA-F]+$/.test(text)) {
    const remedy =
      text.startsWith("(") || text.startsWith(";;")
        ? "; this is its text format, which `wat2wasm` turns into a binary"
        : "";
    throw input(name, `not a WebAssembly binary, which starts with the bytes 00 61 73 6d${remedy}`);
  }
  let bytes: Uint8Array;
  try {
    bytes = fromHex("the file's text", text);
  } catch (error) {
    throw input(name, messageOf(error));
  }
  if (isModule(bytes)) return bytes;
  throw input(name, "the hexadecimal digits are not WebAssembly, which starts with 0061736d");
}

/**
 * Adds constructor arguments to init code, in a custom section at the end: it stays a valid module.
 */
export function withConstructorArguments(code: Uint8Array, encoded: Uint8Array): Uint8Array {
  if (encoded.length === 0) return code;
  const size = 1 + CONSTRUCTOR_SECTION.length + encoded.length;
  return concat([
    code,
    Uint8Array.of(0, ...paddedLeb128(size), CONSTRUCTOR_SECTION.length),
    CONSTRUCTOR_SECTION,
    encoded,
  ]);
}

/** A number as LEB128 of always five bytes, so that the header has one length for all arguments. */
function paddedLeb128(number: number): number[] {
  return [0, 7, 14, 21, 28].map((shift) => ((number >>> shift) & 0x7f) | (shift < 28 ? 0x80 : 0));
}

function concat(parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
