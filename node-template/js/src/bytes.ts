/** Bytes and their hexadecimal digits. */
import { usage } from "./errors.js";
import { shorten } from "./text.js";

/** Converts bytes to `0x` and digits. */
export function toHex(bytes: Uint8Array): string {
  let digits = "0x";
  for (const byte of bytes) digits += byte.toString(16).padStart(2, "0");
  return digits;
}

/** Converts an even number of hexadecimal digits, with or without `0x`, to bytes. */
export function fromHex(what: string, text: string): Uint8Array {
  const digits = text.startsWith("0x") ? text.slice(2) : text;
  if (digits.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(digits)) {
    throw usage(
      `${what} \`${shorten(text)}\` is not an even number of hexadecimal digits after 0x`,
    );
  }
  const bytes = new Uint8Array(digits.length / 2);
  for (let at = 0; at < bytes.length; at++)
    bytes[at] = Number.parseInt(digits.slice(2 * at, 2 * at + 2), 16);
  return bytes;
}
