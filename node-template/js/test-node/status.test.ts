/** What polkadot.js hears of a transaction, however a node makes blocks. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { after, test } from "node:test";
import { ApiPromise, Keyring, WsProvider } from "@polkadot/api";
import { url } from "./node.js";

const stops: (() => Promise<unknown>)[] = [];
after(() => Promise.all(stops.map((stop) => stop())));

/** Starts a development node that makes blocks in this way, and gives its WebSocket. */
async function start(program: string, sealing: string): Promise<string> {
  const place = [
    "--rpc-port",
    "0",
    "--listen-addr",
    "/ip4/127.0.0.1/tcp/0",
    "--no-mdns",
    "--no-prometheus",
    "--no-telemetry",
  ];
  const node = spawn(program, ["--dev", "--sealing", sealing, ...place], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  stops.push(async () => {
    const ended = once(node, "exit");
    if (node.kill("SIGINT")) await ended;
  });
  for await (const line of createInterface({ input: node.stderr })) {
    const address = /Running JSON-RPC server: addr=([^,]*)/.exec(line)?.[1];
    if (address === undefined) continue;
    node.stderr.resume();
    return `ws://${address}`;
  }
  throw new Error("the node did not start");
}

/** The statuses of a transfer, by the loop that every tutorial of polkadot.js has. */
async function statuses(at: string): Promise<string[]> {
  const api = await ApiPromise.create({
    provider: new WsProvider(at),
    noInitWarn: true,
    throwOnConnect: true,
  });
  stops.push(() => api.disconnect());
  const keyring = new Keyring({ type: "sr25519" });
  const [dave, eve] = [keyring.addFromUri("//Dave"), keyring.addFromUri("//Eve")];
  const seen: string[] = [];
  await new Promise<void>((resolve, reject) => {
    api.tx.balances
      .transferKeepAlive(eve.address, 1_000_000_000_000n)
      .signAndSend(dave, ({ status, isError, events }) => {
        seen.push(status.type);
        if (status.isInBlock) assert(events.length > 0, "the events of the block are told with it");
        if (isError) reject(new Error(status.type));
        if (status.isFinalized) resolve();
      })
      .catch(reject);
  });
  return seen.filter((status) => status !== "Broadcast");
}

const EXPECTED = ["Ready", "InBlock", "Finalized"];

test("with blocks on demand a transaction is ready, in a block, and final", async () => {
  for (let time = 0; time < 3; time += 1) assert.deepEqual(await statuses(url()), EXPECTED);
});

for (const sealing of ["interval=500", "slots"]) {
  const program = process.env["TEPHRA_NODE"];
  const skip = program === undefined && "TEPHRA_NODE names no node that could be started";
  test(
    `with --sealing ${sealing} a transaction is ready, in a block, and final`,
    { skip },
    async () => {
      assert.deepEqual(await statuses(await start(program ?? "", sealing)), EXPECTED);
    },
  );
}
