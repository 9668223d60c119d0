// Writes src/generated.ts: the types of pallet-ewasm as the metadata of a running chain describe
// them.
//
//   npm run types               writes the file npm run types -- --check    writes nothing, and
//   fails when the file is not what the chain says, documentation aside
//
// TEPHRA_URL names the node.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { ApiPromise, WsProvider } from "@polkadot/api";
import { stringCamelCase } from "@polkadot/util";

const FILE = fileURLToPath(new URL("../src/generated.ts", import.meta.url));
const url = process.env.TEPHRA_URL ?? "ws://127.0.0.1:9944";

// What polkadot.js has types of its own for.
const KNOWN = {
  PrimitiveTypesH160: "H160",
  PrimitiveTypesH256: "H256",
  PrimitiveTypesU256: "u256",
  SpCoreCryptoAccountId32: "AccountId",
  SpRuntimeDispatchError: "DispatchError",
  SpWeightsWeightV2Weight: "Weight",
};
const FROM = {
  "@polkadot/types": [
    "Bytes",
    "Enum",
    "Null",
    "Option",
    "Result",
    "Struct",
    "Text",
    "Vec",
    "bool",
    "u128",
    "u16",
    "u256",
    "u32",
    "u64",
    "u8",
  ],
  "@polkadot/types/interfaces": ["AccountId", "DispatchError", "H160", "H256", "Weight"],
  "@polkadot/api/types": ["SubmittableExtrinsic"],
};
// What a person gives where a codec is expected.
const GIVEN = {
  AccountId: "string",
  H160: "string",
  H256: "string",
  Bytes: "string",
  Text: "string",
  bool: "boolean",
  u8: "number",
  u16: "number",
  u32: "number",
  u64: "bigint",
  u128: "bigint",
  u256: "bigint",
};

const comment = (docs, indent = "") => {
  const text = docs
    .map((line) => line.toString().trim())
    .filter(Boolean)
    .join(" ")
    .replaceAll("*/", "*\u200b/");
  return text === "" ? "" : `${indent}/** ${text} */\n`;
};

/** The types that were met, by name. */
class Types {
  declarations = new Map();
  used = new Set();

  constructor(registry) {
    this.lookup = registry.lookup;
  }

  use(name) {
    this.used.add(name);
    return name;
  }

  /** The name of a type as polkadot.js gives it back. */
  codec(id) {
    const { def, path, params } = this.lookup.getSiType(id);
    const short = path.length === 0 ? "" : path[path.length - 1].toString();
    if (short === "Option" || short === "Result") {
      const inner = params.map((param) => this.codec(param.type.unwrap()));
      return `${this.use(short)}<${inner.join(", ")}>`;
    }
    if (def.isPrimitive)
      return this.use(def.asPrimitive.isStr ? "Text" : def.asPrimitive.type.toLowerCase());
    if (def.isTuple && def.asTuple.length === 0) return this.use("Null");
    if (def.isSequence) {
      const item = this.lookup.getSiType(def.asSequence.type).def;
      if (item.isPrimitive && item.asPrimitive.isU8) return this.use("Bytes");
      return `${this.use("Vec")}<${this.codec(def.asSequence.type)}>`;
    }
    if (def.isCompact) return this.codec(def.asCompact.type);
    const name =
      this.lookup.getName(id) ??
      path.map((part) => part.toString().replace(/^\w/, (letter) => letter.toUpperCase())).join("");
    if (KNOWN[name] !== undefined) return this.use(KNOWN[name]);
    if (short === "BoundedVec") return this.codec(def.asComposite.fields[0].type);
    return this.declare(short, id, def);
  }

  declare(short, id, def) {
    if (this.declarations.has(short)) return short;
    this.declarations.set(short, "");
    const docs = comment(this.lookup.getSiType(id).docs);
    if (def.isVariant && def.asVariant.variants.every(({ fields }) => fields.length === 0)) {
      const names = def.asVariant.variants.map(({ name }) => `"${name}"`);
      this.declarations.set(
        short,
        `${docs}export interface ${short} extends ${this.use("Enum")} {\n  readonly type: ${names.join(" | ")};\n}\n`,
      );
    } else if (def.isComposite) {
      this.declarations.set(
        short,
        `${docs}export interface ${short} extends ${this.use("Struct")} {\n${this.fields(def.asComposite.fields)}}\n`,
      );
    } else {
      throw new Error(`no way is known to write the type ${short} (${def.type})`);
    }
    return short;
  }

  fields(fields) {
    return fields
      .map(
        ({ name, type, docs }) =>
          `${comment(docs, "  ")}  readonly ${stringCamelCase(name.unwrap().toString())}: ${this.codec(type)};\n`,
      )
      .join("");
  }

  /** The type of what a person gives for a type. */
  given(id) {
    const { def, path, params, docs } = this.lookup.getSiType(id);
    const short = path.length === 0 ? "" : path[path.length - 1].toString();
    if (short === "Option") return `${this.given(params[0].type.unwrap())} | null`;
    const [used, declarations] = [new Set(this.used), new Map(this.declarations)];
    const codec = this.codec(id);
    [this.used, this.declarations] = [used, declarations];
    if (GIVEN[codec] !== undefined) return GIVEN[codec];
    if (def.isSequence) return `${this.given(def.asSequence.type)}[]`;
    if (!def.isComposite) throw new Error(`no way is known to give a ${codec}`);
    const fields = def.asComposite.fields.map(
      ({ name, type, docs }) =>
        `${comment(docs, "  ")}  readonly ${stringCamelCase(name.unwrap().toString())}: ${this.given(type)};\n`,
    );
    this.declarations.set(
      short,
      `${comment(docs)}export interface ${short} {\n${fields.join("")}}\n`,
    );
    return short;
  }
}

function generate(api) {
  const types = new Types(api.registry);
  const runtimeApi = api.registry.metadata.apis.find(({ name }) => name.toString() === "EwasmApi");
  const pallet = api.registry.metadata.pallets.find(({ name }) => name.toString() === "Ewasm");
  if (runtimeApi === undefined || pallet === undefined)
    throw new Error(`the chain at ${url} has no pallet-ewasm`);
  const variants = (of) => types.lookup.getSiType(of.unwrap().type).def.asVariant.variants;
  const words = (inputs) =>
    inputs
      .map(([name, type]) => `${stringCamelCase(name.toString())}: ${types.given(type)}`)
      .join(", ");

  const questions = runtimeApi.methods.map(
    ({ name, inputs, output, docs }) =>
      `${comment(docs, "  ")}  ${stringCamelCase(name.toString())}(${words(inputs.map((input) => [input.name, input.type]))}): Promise<${types.codec(output)}>;\n`,
  );
  const calls = variants(pallet.calls).map(
    ({ name, fields, docs }) =>
      `${comment(docs, "  ")}  ${stringCamelCase(name.toString())}(${words(fields.map((field) => [field.name.unwrap(), field.type]))}): ${types.use("SubmittableExtrinsic")}<"promise">;\n`,
  );
  const events = variants(pallet.events).map(
    ({ name, fields, docs }) =>
      `${comment(docs, "  ")}  ${name}: {\n${types.fields(fields).replace(/^/gm, "  ").trimEnd()}\n  };\n`,
  );
  const errors = variants(pallet.errors).map(
    ({ name, docs }) => `${comment(docs, "  ")}  ${name}: true;\n`,
  );

  const imports = Object.entries(FROM)
    .map(([from, names]) => [from, names.filter((name) => types.used.has(name))])
    .filter(([, names]) => names.length > 0)
    .map(([from, names]) => `import type { ${names.join(", ")} } from "${from}";\n`);
  return [
    "// Made by `npm run types` of the metadata of a chain with pallet-ewasm. Do not edit.\n",
    ...imports,
    "\n",
    ...[...types.declarations.values()].map((text) => `${text}\n`),
    `/** The runtime API: what a node answers about contracts. */\nexport interface EwasmApi {\n${questions.join("")}}\n\n`,
    `/** The calls of the pallet. */\nexport interface EwasmCalls {\n${calls.join("")}}\n\n`,
    `/** The events of the pallet, with their fields. */\nexport interface EwasmEvents {\n${events.join("")}}\n\n`,
    `/** The errors of the pallet. */\nexport interface EwasmErrors {\n${errors.join("")}}\n`,
  ].join("");
}

const api = await ApiPromise.create({
  provider: new WsProvider(url),
  noInitWarn: true,
  throwOnConnect: true,
}).catch((error) => {
  process.stderr.write(
    `error: no node can be reached at ${url} (${error.message}); TEPHRA_URL can name another\n`,
  );
  process.exit(4);
});
const text = generate(api);
await api.disconnect();
if (process.argv.includes("--check")) {
  const found = await readFile(FILE, "utf8").catch(() => "");
  const code = (whole) => whole.replace(/^\s*(\/\*\*.*\*\/)?\n/gm, "");
  if (code(found) !== code(text)) {
    process.stderr.write(
      "error: src/generated.ts is not what the chain's metadata say; run `npm run types` with the node running, and commit\n",
    );
    process.exit(1);
  }
} else {
  await writeFile(FILE, text);
}
process.exit(0);
