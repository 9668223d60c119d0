/**
 * The contract ABI: reads functions and arguments from words, and shows values. The coder is that
 * of ethers.
 */
import {
  AbiCoder,
  ConstructorFragment,
  Fragment,
  FunctionFragment,
  Interface,
  type ParamType,
} from "ethers/abi";
import { fromHex } from "../bytes.js";
import { input, messageOf, usage } from "../errors.js";
import { plain, shorten } from "../text.js";
import { readArgument, type Encodable, type Resolver } from "./argument.js";
import { showValue, toValue, type Value } from "./value.js";

export { amount, readArgument, wholeNumber, type Resolver } from "./argument.js";
export { decodeEvent, showEvent, type Event, type Log } from "./event.js";
export { decodeRevert, showReason, type Reason } from "./revert.js";
export { showValue, toValue, type Value } from "./value.js";

/** A parsed ABI. */
export type Abi = Interface;

// No contract has a deeper type, and recursive functions that handle types must not see one.
const DEEPEST_TYPE = 24;

/**
 * Reads an ABI: a JSON array, or an object that has one under `abi` (as solc, Foundry and Hardhat
 * write).
 *
 * @param name its name in errors
 */
export function parseAbi(name: string, text: string): Abi {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw input(name, `not JSON: ${shorten(messageOf(error))}`);
  }
  if (typeof json === "object" && json !== null && "abi" in json) json = json.abi;
  if (!Array.isArray(json)) {
    throw input(
      name,
      "not an ABI: expected a JSON array of functions and events, " +
        "or an object with one under `abi`",
    );
  }
  if (nesting(text) > 4 * DEEPEST_TYPE)
    throw input(name, "not an ABI: its types are nested too deeply");
  try {
    // The parser skips entries of a whole ABI that it cannot read, and they would be missing only
    // when they are called.
    return new Interface(json.map((entry) => Fragment.from(entry)));
  } catch (error) {
    throw input(name, `not an ABI: ${shorten(messageOf(error))}`);
  }
}

function nesting(text: string): number {
  let [depth, deepest] = [0, 0];
  for (const character of text) {
    if (character === "[" || character === "{") deepest = Math.max(deepest, ++depth);
    else if (character === "]" || character === "}") depth--;
  }
  return deepest;
}

/**
 * Finds the function that a call names: `name(types)`, `name(types)(results)` or, where the ABI is
 * known, only `name`. Result types that the signature does not give come from the ABI.
 *
 * @param count the number of arguments, which distinguishes overloaded functions
 */
export function findFunction(
  signature: string,
  abi: Abi | undefined,
  count: number,
): FunctionFragment {
  const word = signature.trim();
  if (!word.includes("(")) return functionByName(word, abi, count);
  const parts = divide(word);
  let parsed: FunctionFragment | null = null;
  try {
    if (parts !== null)
      parsed = FunctionFragment.from(
        `function ${parts.head}${parts.results === "" ? "" : ` returns ${parts.results}`}`,
      );
  } catch {
    parsed = null;
  }
  if (parsed === null) {
    throw usage(
      `\`${shorten(word)}\` is not a function signature; write it like ` +
        "'transfer(address,uint256)' or 'balanceOf(address)(uint256)'",
    );
  }
  if (parsed.outputs.length > 0) return parsed;
  return abi?.getFunction(parsed.format("sighash")) ?? parsed;
}

/**
 * Divides a signature into `name(types)` and `(results)` where the first pair of brackets ends;
 * null when the brackets do not match.
 */
function divide(signature: string): { head: string; results: string } | null {
  let [depth, end] = [0, -1];
  for (let at = 0; at < signature.length && end < 0; at++) {
    if (signature[at] === "(" && ++depth > DEEPEST_TYPE) return null;
    if (signature[at] === ")" && --depth === 0) end = at + 1;
  }
  const results = signature.slice(end).trim();
  return end < 0 || (results !== "" && !/^\(.*\)$/.test(results))
    ? null
    : { head: signature.slice(0, end), results };
}

/**
 * Gives a function other result types, such as `uint256` or `(address,bool)`. Without a function,
 * returns one that has only results.
 */
export function withReturns(called: FunctionFragment | null, types: string): FunctionFragment {
  const word = types.trim();
  const list = word.startsWith("(") && word.endsWith(")") ? word : `(${word})`;
  const parts = divide(`f${list}`);
  try {
    if (parts === null || parts.results !== "") throw usage("");
    const head = called === null ? "f()" : called.format("sighash");
    return FunctionFragment.from(`function ${head} returns ${list}`);
  } catch {
    throw usage(
      `\`${shorten(word)}\` is not a list of result types; ` +
        "write it like 'uint256' or '(address,bool)'",
    );
  }
}

function functionByName(name: string, abi: Abi | undefined, count: number): FunctionFragment {
  const shown = shorten(name);
  if (abi === undefined) {
    throw usage(
      `the ABI of this contract is not known, so \`${shown}\` alone does not name a function; ` +
        `write the types too, as in '${shown}(address,uint256)', or give --abi FILE`,
    );
  }
  const all = functions(abi);
  const named = all.filter((candidate) => candidate.name === name);
  const fitting = named.filter((candidate) => candidate.inputs.length === count);
  if (named.length === 0)
    throw usage(`the contract's ABI has no function \`${shown}\`; it has ${signatures(all)}`);
  const [only, another] = fitting.length > 0 ? fitting : named;
  // The number of arguments is checked when they are coded.
  if (only !== undefined && another === undefined) return only;
  throw usage(
    `there are several functions \`${shown}\`; ` +
      `give the types of the one you mean: ${signatures(named)}`,
  );
}

const signatures = (all: FunctionFragment[]): string =>
  all.length === 0 ? "none" : all.map((one) => shorten(one.format("sighash"))).join(", ");

/** The functions of an ABI, in the order of its text. */
export const functions = (abi: Abi): FunctionFragment[] =>
  abi.fragments.filter((fragment) => FunctionFragment.isFragment(fragment));

/** The parameters of the constructor; none when the ABI does not list it. */
export function constructorInputs(abi: Abi): readonly ParamType[] {
  return abi.fragments.find((fragment) => ConstructorFragment.isFragment(fragment))?.inputs ?? [];
}

/** The parameters of a constructor's signature, such as `constructor(string,uint256)`. */
export function parseConstructor(signature: string): readonly ParamType[] {
  const trimmed = signature.trim();
  try {
    return ConstructorFragment.from(trimmed.startsWith("(") ? `constructor${trimmed}` : trimmed)
      .inputs;
  } catch {
    throw usage(
      `\`${shorten(trimmed)}\` is not a constructor's signature; ` +
        "write it like 'constructor(string,uint256)'",
    );
  }
}

/** Call data: the function's selector and its arguments. */
export async function encodeCall(
  called: FunctionFragment,
  words: string[],
  resolve: Resolver,
): Promise<Uint8Array> {
  const values = await readArguments(called.format("sighash"), called.inputs, words, resolve);
  const encoded = AbiCoder.defaultAbiCoder().encode(called.inputs, values);
  return fromHex("call data", called.selector + encoded.slice(2));
}

/** Constructor arguments, coded without a selector. */
export async function encodeConstructor(
  inputs: readonly ParamType[],
  words: string[],
  resolve: Resolver,
): Promise<Uint8Array> {
  const signature = `constructor(${inputs.map((type) => type.format("sighash")).join(",")})`;
  return fromHex(
    "arguments",
    AbiCoder.defaultAbiCoder().encode(
      inputs,
      await readArguments(signature, inputs, words, resolve),
    ),
  );
}

async function readArguments(
  signature: string,
  inputs: readonly ParamType[],
  words: string[],
  resolve: Resolver,
): Promise<Encodable[]> {
  if (inputs.length !== words.length) {
    const plural = inputs.length === 1 ? "argument" : "arguments";
    throw usage(
      `${shorten(signature)} takes ${inputs.length} ${plural}, ` +
        `and ${words.length} ${words.length === 1 ? "is" : "are"} given`,
    );
  }
  return Promise.all(
    inputs.map(async (type, at) => {
      try {
        return await readArgument(type, words[at] ?? "", resolve);
      } catch (error) {
        const name = type.name === "" ? "" : ` (${shorten(type.name)})`;
        throw usage(`argument ${at + 1}${name} of ${shorten(signature)}: ${messageOf(error)}`);
      }
    }),
  );
}

/** Decodes the results of a call; null when their types are not known or do not fit. */
export function decodeOutput(called: FunctionFragment, output: string): Value[] | null {
  if (called.outputs.length === 0) return output === "0x" ? [] : null;
  try {
    const decoded = AbiCoder.defaultAbiCoder().decode(called.outputs, output);
    return called.outputs.map((type, at) => toValue(type, decoded[at]));
  } catch {
    return null;
  }
}

/** A call as text: `transfer(bob, 3)`. */
export function showCall(
  called: FunctionFragment,
  data: string,
  name?: (address: string) => string,
): string {
  try {
    const decoded = AbiCoder.defaultAbiCoder().decode(called.inputs, `0x${data.slice(10)}`);
    const values = called.inputs.map((type, at) =>
      showValue(type, toValue(type, decoded[at]), name),
    );
    return `${plain(called.name)}(${values.join(", ")})`;
  } catch {
    return shorten(data);
  }
}
