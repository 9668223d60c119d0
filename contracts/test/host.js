// A host of one contract, with as much of the Ewasm interface as the contracts here use. It knows
// no gas.
import { createHash } from "node:crypto";

const hex = (bytes) => "0x" + Buffer.from(bytes).toString("hex");
const unhex = (text) => Buffer.from(text.slice(2), "hex");

const sha256 = (data) => createHash("sha256").update(data).digest();

/** How an execution ends: thrown by the interface functions that do not return. */
class End extends Error {
  constructor(status, output = "0x") {
    super(status);
    this.status = status;
    this.output = output;
  }
}

/**
 * Appends ABI-encoded constructor arguments to init code, in the way that docs/contracts.md
 * describes.
 */
export function withConstructorArguments(initCode, encoded) {
  const name = Buffer.from("constructor");
  const payload = Buffer.concat([Buffer.from([name.length]), name, unhex(encoded)]);
  const size = Buffer.alloc(5);
  for (let i = 0, rest = payload.length; i < 5; i++, rest >>>= 7)
    size[i] = (rest & 0x7f) | (i < 4 ? 0x80 : 0);
  return Buffer.concat([initCode, Buffer.from([0]), size, payload]);
}

export class Contract {
  /** Storage: from the key to the value, both as hexadecimal text. */
  storage = new Map();
  /** What runs under an address, from its last byte: data to output. */
  precompiles = { 2: sha256 };

  /** Runs init code, and keeps the code that it ends with. */
  create(initCode, message) {
    const result = this.#execute(initCode, { data: "0x", ...message });
    if (result.status === "success") this.code = unhex(result.output);
    return result;
  }

  /** Calls the contract: `{ data, from, value, isStatic }` to `{ status, output, logs }`. */
  call(message) {
    return this.#execute(this.code, message);
  }

  #execute(code, message) {
    const before = new Map(this.storage);
    const logs = [];
    let end = { status: "success", output: "0x" };
    try {
      this.#instance(code, message, logs).exports.main();
    } catch (error) {
      end = error instanceof End ? error : { status: "trap", output: "0x", error };
    }
    if (end.status !== "success") {
      this.storage = before;
      logs.length = 0;
    }
    return { status: end.status, output: end.output, logs, error: end.error };
  }

  #instance(code, { data, from, value = 0n, isStatic = false }, logs) {
    const callData = unhex(data);
    let returned = Buffer.alloc(0);
    let instance;

    const range = (bytes, offset, length) => {
      [offset, length] = [offset >>> 0, length >>> 0];
      if (offset + length > bytes.length) throw new End("failure: range");
      return bytes.subarray(offset, offset + length);
    };
    const memory = (pointer, length) =>
      range(Buffer.from(instance.exports.memory.buffer), pointer, length);
    const copy = (source) => (to, offset, length) =>
      void memory(to, length).set(range(source(), offset, length));
    const changes = () => {
      if (isStatic) throw new End("failure: static");
    };

    const ethereum = {
      getCaller: (to) => void memory(to, 20).set(unhex(from)),
      getCallValue: (to) => {
        const bytes = memory(to, 16);
        for (let i = 0; i < 16; i++) bytes[i] = Number((value >> BigInt(8 * i)) & 0xffn);
      },
      getCallDataSize: () => callData.length,
      callDataCopy: copy(() => callData),
      getCodeSize: () => code.length,
      codeCopy: copy(() => code),
      storageLoad: (key, to) =>
        void memory(to, 32).set(
          unhex(this.storage.get(hex(memory(key, 32))) ?? "0x" + "00".repeat(32)),
        ),
      storageStore: (key, from) => {
        changes();
        this.storage.set(hex(memory(key, 32)), hex(memory(from, 32)));
      },
      log: (data, length, count, ...topics) => {
        changes();
        logs.push({
          data: hex(memory(data, length)),
          topics: topics.slice(0, count).map((topic) => hex(memory(topic, 32))),
        });
      },
      callStatic: (gas, address, data, length) => {
        if (gas < 0n) throw new End("failure: gas");
        const target = memory(address, 20);
        const run =
          target.subarray(0, 19).every((byte) => byte === 0) && this.precompiles[target[19]];
        returned = run ? run(memory(data, length)) : Buffer.alloc(0);
        return 0;
      },
      getReturnDataSize: () => returned.length,
      returnDataCopy: copy(() => returned),
      finish: (data, length) => {
        throw new End("success", hex(memory(data, length)));
      },
      revert: (data, length) => {
        throw new End("revert", hex(memory(data, length)));
      },
    };
    instance = new WebAssembly.Instance(new WebAssembly.Module(code), { ethereum });
    return instance;
  }
}
