/** The reason that a contract gives when it reverts. */
import { AbiCoder, type Interface, ParamType } from "ethers/abi";
import { fromHex } from "../bytes.js";
import { plain, quoted } from "../text.js";
import { showValue, toValue, type Value } from "./value.js";

/** The decoded output of a revert. */
export type Reason =
  /** No output. */
  | { kind: "empty" }
  /** `Error(string)`: Solidity's `require` and `revert` with a text. */
  | { kind: "error"; message: string }
  /** `Panic(uint256)`: a failed assertion in Solidity. */
  | { kind: "panic"; code: string; message: string }
  /** An error that the contract's ABI declares. */
  | { kind: "custom"; name: string; arguments: Value[]; text: string }
  /** Plain text. */
  | { kind: "text"; message: string }
  /** Anything else. */
  | { kind: "unknown" };

const ERROR = "0x08c379a0";
const PANIC = "0x4e487b71";

/** The meanings that the Solidity compiler gives to the numbers of panics. */
const PANICS: Record<string, string> = {
  "0x00": "generic panic of the compiler",
  "0x01": "assertion failed",
  "0x11": "arithmetic overflow or underflow",
  "0x12": "division or modulo by zero",
  "0x21": "conversion to an enum that has no such value",
  "0x22": "wrongly encoded byte array in storage",
  "0x31": "pop from an empty array",
  "0x32": "array index out of bounds",
  "0x41": "too much memory allocated",
  "0x51": "call of an uninitialized function",
};

/** Decodes the output of a revert, given as hexadecimal digits. */
export function decodeRevert(output: string, abi?: Interface): Reason {
  if (output === "0x") return { kind: "empty" };
  const selector = output.slice(0, 10).toLowerCase();
  const data = `0x${output.slice(10)}`;
  if (selector === ERROR) {
    const message = single("string", data);
    if (message !== null) return { kind: "error", message: String(message) };
  }
  if (selector === PANIC) {
    const number = single("uint256", data);
    if (number !== null) {
      const code = `0x${BigInt(String(number)).toString(16).padStart(2, "0")}`;
      return { kind: "panic", code, message: PANICS[code] ?? "unknown panic" };
    }
  }
  return custom(selector, data, abi) ?? bareText(output) ?? { kind: "unknown" };
}

function single(type: string, data: string): Value | null {
  try {
    const param = ParamType.from(type);
    const [decoded] = AbiCoder.defaultAbiCoder().decode([param], data);
    return toValue(param, decoded);
  } catch {
    return null;
  }
}

function custom(selector: string, data: string, abi?: Interface): Reason | null {
  let found: Reason | null = null;
  abi?.forEachError((error) => {
    if (found !== null || error.selector !== selector) return;
    try {
      const decoded = AbiCoder.defaultAbiCoder().decode(error.inputs, data);
      const values = error.inputs.map((type, at) => toValue(type, decoded[at]));
      const text = error.inputs.map((type, at) => showValue(type, values[at] ?? ""));
      found = {
        kind: "custom",
        name: error.name,
        arguments: values,
        text: `${plain(error.name)}(${text.join(", ")})`,
      };
    } catch {
      // Data that does not fit belongs to another error with the same selector.
    }
  });
  return found;
}

function bareText(output: string): Reason | null {
  try {
    const message = new TextDecoder("utf-8", { fatal: true }).decode(fromHex("output", output));
    return /[^\P{Cc}\s]/u.test(message) ? null : { kind: "text", message };
  } catch {
    return null;
  }
}

/** The reason as text; null when there is none to show. */
export function showReason(reason: Reason, output: string): string | null {
  switch (reason.kind) {
    case "empty":
      return null;
    case "error":
    case "text":
      return quoted(reason.message);
    case "panic":
      return `Panic(${reason.code}): ${reason.message}`;
    case "custom":
      return reason.text;
    case "unknown":
      return output;
  }
}
