/** Decoded ABI values, as JSON and as text. */
import { Indexed, type ParamType } from "ethers/abi";
import { quoted } from "../text.js";

/**
 * A decoded value as JSON. Integers are decimal strings, since many readers lose digits beyond
 * 2^53; bytes and addresses are hexadecimal strings; arrays and tuples are arrays.
 */
export type Value = boolean | string | Value[];

/** Converts a decoded value from the coder's types. Throws where the coder found invalid data. */
export function toValue(type: ParamType, decoded: unknown): Value {
  if (Indexed.isIndexed(decoded)) return decoded.hash ?? "";
  if (type.isArray()) return items(decoded).map((item) => toValue(type.arrayChildren, item));
  if (type.isTuple()) {
    const members = items(decoded);
    return type.components.map((member, at) => toValue(member, members[at]));
  }
  return typeof decoded === "boolean" ? decoded : String(decoded);
}

// The coder's results throw when an item is read that could not be decoded.
const items = (decoded: unknown): unknown[] => Array.from(decoded as ArrayLike<unknown>);

/** A value as one would type it. `name` returns the name of an address, if it has one. */
export function showValue(
  type: ParamType,
  value: Value,
  name: (address: string) => string = (address) => address,
): string {
  if (Array.isArray(value)) {
    const parts = value.map((item, at) => {
      const inner = type.isArray() ? type.arrayChildren : type.components?.[at];
      return inner === undefined ? String(item) : showValue(inner, item, name);
    });
    return type.isArray() ? `[${parts.join(", ")}]` : `(${parts.join(", ")})`;
  }
  if (typeof value === "boolean") return String(value);
  if (type.type === "string") return quoted(value);
  return type.type === "address" ? name(value) : value;
}
