/** Converts words of the command line or of a form to ABI values. */
import { getAddress } from "ethers/address";
import type { ParamType } from "ethers/abi";
import { usage } from "../errors.js";
import { shorten } from "../text.js";

/** Returns the address that a word stands for; throws when there is none. */
export type Resolver = (word: string) => Promise<string> | string;

/** A value that the coder accepts. */
export type Encodable = bigint | boolean | string | Encodable[];

const UNITS: Record<string, number> = {
  wei: 0,
  kwei: 3,
  mwei: 6,
  gwei: 9,
  szabo: 12,
  finney: 15,
  ether: 18,
};

/** A whole number: `1000`, `-5`, `0x3e8`, `1e18`, `1.5ether`, `10gwei`; null when it is not one. */
export function wholeNumber(text: string): bigint | null {
  const word = text.trim();
  if (/^-?0x[0-9a-fA-F]{1,64}$/.test(word))
    return word.startsWith("-") ? -BigInt(word.slice(1)) : BigInt(word);
  const parts = /^(-?)(\d{1,80})(?:\.(\d{1,80}))?(?:e(\d{1,2})|\s*([a-z]+))?$/.exec(word);
  if (parts === null) return null;
  const [, sign, whole = "", fraction = "", exponent, unit] = parts;
  const scale = unit === undefined ? Number(exponent ?? 0) : UNITS[unit];
  if (scale === undefined || fraction.length > scale) return null;
  const digits = BigInt(whole + fraction) * 10n ** BigInt(scale - fraction.length);
  return sign === "-" ? -digits : digits;
}

/** An amount of the chain's smallest unit. */
export function amount(text: string): bigint {
  const number = wholeNumber(text);
  if (number === null || number < 0n) {
    throw usage(
      `\`${shorten(text)}\` is not an amount; write a whole number as in 1000 or 0x3e8, ` +
        "1e12, or a unit as in 1ether, 10gwei",
    );
  }
  return number;
}

/** Reads one argument. A name may stand for any address, also inside arrays and tuples. */
export async function readArgument(
  type: ParamType,
  word: string,
  resolve: Resolver,
): Promise<Encodable> {
  const text = word.trim();
  if (type.isArray()) {
    const items = list(type, text, "[", "]", "write it like [1,2,3]");
    if (type.arrayLength >= 0 && items.length !== type.arrayLength) {
      throw expected(type, text, `${type.arrayLength} elements are needed, not ${items.length}`);
    }
    return Promise.all(items.map((item) => readArgument(type.arrayChildren, item, resolve)));
  }
  if (type.isTuple()) {
    const items = list(type, text, "(", ")", "write it like (1,true)");
    if (items.length !== type.components.length) {
      throw expected(
        type,
        text,
        `${type.components.length} members are needed, not ${items.length}`,
      );
    }
    return Promise.all(
      type.components.map((member, at) => readArgument(member, items[at] ?? "", resolve)),
    );
  }
  if (type.type === "address") return getAddress(await resolve(unquote(text)));
  if (type.type === "string") return unquote(text);
  return readWord(type, unquote(text));
}

function readWord(type: ParamType, text: string): Encodable {
  const bits = /^(u?)int(\d+)$/.exec(type.type);
  if (bits !== null) {
    const number = wholeNumber(text);
    const signed = bits[1] === "";
    const width = BigInt(bits[2] ?? 256) - (signed ? 1n : 0n);
    const [least, most] = [signed ? -(1n << width) : 0n, (1n << width) - 1n];
    if (number === null || number < least || number > most) {
      const example = signed ? "-5 or 0x3e8" : "1000, 0x3e8, 1e3 or 1ether";
      throw expected(
        type,
        text,
        `write a whole number from ${shown(least)} to ${shown(most)}, as in ${example}`,
      );
    }
    return number;
  }
  if (type.type === "bool") {
    if (text === "true" || text === "false") return text === "true";
    throw expected(type, text, "write true or false");
  }
  const size = /^bytes(\d*)$/.exec(type.type);
  if (size !== null) {
    const digits = text.startsWith("0x") ? text.slice(2) : text;
    const even = digits.length % 2 === 0 && /^[0-9a-fA-F]*$/.test(digits);
    if (size[1] !== "" && (!even || digits.length !== 2 * Number(size[1]))) {
      throw expected(
        type,
        text,
        `write exactly ${size[1]} bytes as hexadecimal digits, as in 0xc0ffee`,
      );
    }
    if (!even) throw expected(type, text, "write hexadecimal digits, as in 0xc0ffee");
    return `0x${digits}`;
  }
  throw usage(
    `arguments of type ${shorten(type.type)} cannot be given here; give the call data instead`,
  );
}

/** A bound as text. Powers of two are easier to read than 78 digits. */
function shown(bound: bigint): string {
  const size = bound < 0n ? -bound : bound;
  if (size < 1n << 33n) return bound.toString();
  const [bits, rest] =
    size & 1n ? [(size + 1n).toString(2).length - 1, " − 1"] : [size.toString(2).length - 1, ""];
  return `${bound < 0n ? "−" : ""}2^${bits}${rest}`;
}

function expected(type: ParamType, text: string, hint: string): Error {
  return usage(
    `\`${shorten(text)}\` is not a value of type ${shorten(type.format("sighash"))}; ${hint}`,
  );
}

/** A word without the pair of quotes around it. */
function unquote(text: string): string {
  const pair = text.length > 1 && (text[0] === '"' || text[0] === "'") && text.endsWith(text[0]);
  return pair ? text.slice(1, -1) : text;
}

/**
 * The items between the brackets of a list, divided at the commas outside inner brackets and
 * quotes.
 */
function list(type: ParamType, text: string, open: string, close: string, hint: string): string[] {
  const wrong = (): Error => expected(type, text, hint);
  if (text.length < 2 || !text.startsWith(open) || !text.endsWith(close)) throw wrong();
  const inner = text.slice(1, -1);
  if (inner.trim() === "") return [];
  const items: string[] = [];
  let [start, depth, quote] = [0, 0, ""];
  for (let at = 0; at < inner.length; at++) {
    const character = inner.charAt(at);
    if (quote !== "") {
      if (character === quote) quote = "";
    } else if (character === '"' || character === "'") {
      quote = character;
    } else if (character === "[" || character === "(") {
      depth++;
    } else if (character === "]" || character === ")") {
      if (--depth < 0) throw wrong();
    } else if (character === "," && depth === 0) {
      items.push(inner.slice(start, at));
      start = at + 1;
    }
  }
  if (depth !== 0 || quote !== "") throw wrong();
  items.push(inner.slice(start));
  return items;
}
