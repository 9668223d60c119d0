// What makes a module a contract: see docs/contracts.md.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import binaryen from "binaryen";

const root = new URL("../", import.meta.url);
const modules = readdirSync(root)
  .filter((name) => existsSync(new URL(`${name}/deploy.ts`, root)))
  .flatMap((name) => [
    [`${name}: init code`, readFileSync(new URL(`${name}/${name}.wasm`, root))],
    [`${name}: stored code`, readFileSync(new URL(`out/${name}/runtime.wasm`, root))],
  ]);

for (const [name, bytes] of modules) {
  test(`${name} imports from ethereum alone`, () => {
    for (const { module, kind } of WebAssembly.Module.imports(new WebAssembly.Module(bytes))) {
      assert.deepEqual([module, kind], ["ethereum", "function"]);
    }
  });

  test(`${name} exports memory and main`, () => {
    const exported = WebAssembly.Module.exports(new WebAssembly.Module(bytes));
    assert.deepEqual(
      exported.sort((a, b) => (a.name < b.name ? -1 : 1)),
      [
        { name: "main", kind: "function" },
        { name: "memory", kind: "memory" },
      ],
    );
  });

  test(`${name} is WebAssembly 1.0 without a start function and floats`, () => {
    const module = binaryen.readBinary(bytes);
    module.setFeatures(binaryen.Features.MVP);
    assert.equal(module.validate(), 1);
    const text = module.emitText();
    assert.doesNotMatch(text, /\bf(32|64)\b/);
    assert.doesNotMatch(text, /\(start\b/);
    module.dispose();
  });
}

test("the token is small", () => {
  const [, deploy] = modules.find(([name]) => name === "token: init code");
  assert.ok(deploy.length < 8192, `${deploy.length} bytes`);
});
