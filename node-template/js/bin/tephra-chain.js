#!/usr/bin/env node
import { existsSync } from "node:fs";

const main = new URL("../dist/src/command/main.js", import.meta.url);
if (existsSync(main)) {
  const { main: run } = await import(main.href);
  process.exitCode = await run(process.argv.slice(2), process.env);
  // Timers of connections that were given up would keep the process alive.
  process.stdout.write("", () => process.exit());
} else {
  process.stderr.write(
    "error: tephra-chain is not built; run `npm ci && npm run build` in node-template\n",
  );
  process.exitCode = 3;
}
