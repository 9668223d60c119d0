/** Decoded ABI values, for people and for programs. */
import { Indexed, type ParamType } from "ethers/abi";
import { quoted } from "../text.js";

/**
 * A decoded value as JSON: integers as decimal strings, since many readers lose digits beyond 2^53, bytes and addresses as hexadecimal strings, arrays and tuples as arrays.
 */
export type Value = boolean | string | Value[];

/** What the coder decoded, without its own types. Throws where the coder found the data to be wrong. */
export function toValue(type: ParamType, decoded: unknown): Value {
  if (Indexed.isIndexed(decoded)) return decoded.hash ?? "";
  if (type.isArray()) return items(decoded).map((item) => toValue(type.arrayChildren, item));
  if (type.isTuple()) {
    const members = items(decoded);
    return type.components.map((member, at) => toValue(member, members[at]));
  }
  return typeof decoded === "boolean" ? decoded : String(decoded);
}

// The coder's own results throw when an item is read that could not be decoded.
const items = (decoded: unknown): unknown[] => Array.from(decoded as ArrayLike<unknown>);

/** A value as a person would type it. `name` gives an address its name, if it has one. */
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
