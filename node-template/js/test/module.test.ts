import assert from "node:assert/strict";
import { test } from "node:test";
import { toHex } from "../src/bytes.js";
import { readModule, withConstructorArguments } from "../src/module.js";

const EMPTY = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);
const bytes = (text: string) => new TextEncoder().encode(text);

test("arguments are a custom section with a header of fixed width", () => {
  const code = withConstructorArguments(EMPTY, new Uint8Array(32).fill(7));
  assert.equal(toHex(code.slice(8, 14)), "0x00ac80808000");
  assert.equal(new TextDecoder().decode(code.slice(14, 26)), "\u000bconstructor");
  assert.equal(code.length, 8 + 6 + 44);
  assert(WebAssembly.validate(new Uint8Array(code)));
  const [section] = WebAssembly.Module.customSections(
    new WebAssembly.Module(new Uint8Array(code)),
    "constructor",
  );
  assert.deepEqual(new Uint8Array(section ?? new ArrayBuffer(0)), new Uint8Array(32).fill(7));
});

test("the size of a long section also has five bytes", () => {
  const code = withConstructorArguments(EMPTY, new Uint8Array(200_000));
  assert(WebAssembly.validate(new Uint8Array(code)));
});

test("without arguments there is no section", () => {
  assert.equal(withConstructorArguments(EMPTY, new Uint8Array()), EMPTY);
});

test("a module is a binary or its hexadecimal digits", () => {
  assert.deepEqual(readModule("x", EMPTY), EMPTY);
  assert.deepEqual(readModule("x", bytes("0x0061736d 01000000\n")), EMPTY);
});

test("a file that is not a module is refused by name, with the reason", () => {
  const refused = (contents: Uint8Array, message: RegExp) =>
    assert.throws(() => readModule("x.wasm", contents), message);
  refused(new Uint8Array(), /x\.wasm: the file is empty/);
  refused(bytes("hello"), /not a WebAssembly binary/);
  refused(bytes("(module)"), /wat2wasm/);
  refused(bytes("0061736"), /even number/);
  refused(bytes("6001600101"), /not WebAssembly/);
});
