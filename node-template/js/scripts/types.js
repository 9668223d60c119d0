// Writes src/generated.ts: the types of pallet-ewasm, from the metadata of a running chain.
//
//   npm run types               writes the file
//   npm run types -- --check    writes nothing, and fails when the file differs from the metadata,
//                               documentation aside
//
// TEPHRA_URL names the node.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { ApiPromise, WsProvider } from "@polkadot/api";
import { stringCamelCase } from "@polkadot/util";

const FILE = fileURLToPath(new URL("../src/generated.ts", import.meta.url));
const url = process.env.TEPHRA_URL ?? "ws://127.0.0.1:9944";

// Types that polkadot.js has already.
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
// The types of arguments, where a codec is expected.
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

const WIDTH = 100;

/** The words of a text in lines of at most `width` characters. */
function wrap(text, width) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) === "" ? word : `${lines.at(-1)} ${word}`;
    if (line.length > width && lines.at(-1) !== "") lines.push(word);
    else lines[lines.length - 1] = line;
  }
  return lines;
}

/** Documentation as a comment. */
function comment(docs, indent = "") {
  const text = docs
    .map((line) => line.toString().trim())
    .filter(Boolean)
    .join(" ")
    .replaceAll("*/", "*\u200b/");
  if (text === "") return "";
  const whole = `${indent}/** ${text} */\n`;
  if (whole.length <= WIDTH + 1) return whole;
  const lines = wrap(text, WIDTH - indent.length - 3).map((line) => `${indent} * ${line}\n`);
  return `${indent}/**\n${lines.join("")}${indent} */\n`;
}

/** A member of an interface that is a function. */
function method(name, parameters, result) {
  const whole = `  ${name}(${parameters.join(", ")}): ${result};\n`;
  if (whole.length <= WIDTH + 1) return whole;
  return `  ${name}(\n${parameters.map((one) => `    ${one},\n`).join("")}  ): ${result};\n`;
}

/** The field of an enumeration that names its variant. */
function variant(names) {
  const whole = `  readonly type: ${names.join(" | ")};\n`;
  if (whole.length <= WIDTH + 1) return whole;
  return `  readonly type:\n    | ${names.join("\n    | ")};\n`;
}

/** An import of types. */
function importOf(from, names) {
  const whole = `import type { ${names.join(", ")} } from "${from}";\n`;
  if (whole.length <= WIDTH + 1) return whole;
  return `import type {\n${names.map((name) => `  ${name},\n`).join("")}} from "${from}";\n`;
}

/** The types in use, by name. */
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

  /** The name of a type that polkadot.js returns. */
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
        `${docs}export interface ${short} extends ${this.use("Enum")} {\n` + `${variant(names)}}\n`,
      );
    } else if (def.isComposite) {
      this.declarations.set(
        short,
        `${docs}export interface ${short} extends ${this.use("Struct")} {\n` +
          `${this.fields(def.asComposite.fields)}}\n`,
      );
    } else {
      throw new Error(`no way is known to write the type ${short} (${def.type})`);
    }
    return short;
  }

  fields(fields) {
    return fields.map(({ name, type, docs }) => this.field(name, this.codec(type), docs)).join("");
  }

  field(name, type, docs) {
    const member = `  readonly ${stringCamelCase(name.unwrap().toString())}: ${type};\n`;
    return comment(docs, "  ") + member;
  }

  /** The type of an argument. */
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
    const fields = def.asComposite.fields.map(({ name, type, docs }) =>
      this.field(name, this.given(type), docs),
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
  const parameters = (inputs) =>
    inputs.map(([name, type]) => `${stringCamelCase(name.toString())}: ${types.given(type)}`);

  const questions = runtimeApi.methods.map(({ name, inputs, output, docs }) => {
    const asked = parameters(inputs.map((input) => [input.name, input.type]));
    const answer = `Promise<${types.codec(output)}>`;
    return comment(docs, "  ") + method(stringCamelCase(name.toString()), asked, answer);
  });
  const calls = variants(pallet.calls).map(({ name, fields, docs }) => {
    const given = parameters(fields.map((field) => [field.name.unwrap(), field.type]));
    const extrinsic = `${types.use("SubmittableExtrinsic")}<"promise">`;
    return comment(docs, "  ") + method(stringCamelCase(name.toString()), given, extrinsic);
  });
  const events = variants(pallet.events).map(({ name, fields, docs }) => {
    const inner = types.fields(fields).replace(/^/gm, "  ").trimEnd();
    return `${comment(docs, "  ")}  ${name}: {\n${inner}\n  };\n`;
  });
  const errors = variants(pallet.errors).map(
    ({ name, docs }) => `${comment(docs, "  ")}  ${name}: true;\n`,
  );

  const imports = Object.entries(FROM)
    .map(([from, names]) => [from, names.filter((name) => types.used.has(name))])
    .filter(([, names]) => names.length > 0)
    .map(([from, names]) => importOf(from, names));
  return [
    "// Made by `npm run types` from the metadata of a chain with pallet-ewasm. Do not edit.\n",
    ...imports,
    "\n",
    ...[...types.declarations.values()].map((text) => `${text}\n`),
    `/** The runtime API. */\nexport interface EwasmApi {\n${questions.join("")}}\n\n`,
    `/** The calls of the pallet. */\nexport interface EwasmCalls {\n${calls.join("")}}\n\n`,
    `/** The events of the pallet. */\nexport interface EwasmEvents {\n${events.join("")}}\n\n`,
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
  const code = (whole) => whole.replace(/\/\*\*[^]*?\*\//g, "").replace(/^\s*\n/gm, "");
  if (code(found) !== code(text)) {
    process.stderr.write(
      "error: src/generated.ts differs from the chain's metadata; " +
        "run `npm run types` with the node running, and commit\n",
    );
    process.exit(1);
  }
} else {
  await writeFile(FILE, text);
}
process.exit(0);
