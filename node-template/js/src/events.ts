/** The logs of contracts in existing and in new blocks. */
import type { EventRecord } from "@polkadot/types/interfaces";
import type { Log } from "./abi/index.js";
import type { Chain } from "./chain.js";
import { logOf } from "./pallet.js";

/** A log with its block. */
export interface BlockLog extends Log {
  block: number;
  /** The index of the transaction in the block; null for a log outside transactions. */
  transaction: number | null;
}

function logsIn(block: number, records: Iterable<EventRecord>): BlockLog[] {
  const logs: BlockLog[] = [];
  for (const { event, phase } of records) {
    const log = logOf(event);
    if (log !== null)
      logs.push({
        block,
        transaction: phase.isApplyExtrinsic ? phase.asApplyExtrinsic.toNumber() : null,
        ...log,
      });
  }
  return logs;
}

/** The number of the newest block. */
export async function newestBlock(chain: Chain): Promise<number> {
  return (await chain.api.rpc.chain.getHeader()).number.toNumber();
}

/** The logs of a block. Nodes that are not archives keep the events of the newest 256 blocks. */
export async function logsOfBlock(chain: Chain, block: number): Promise<BlockLog[]> {
  const hash = await chain.api.rpc.chain.getBlockHash(block);
  const at = await chain.api.at(hash);
  return logsIn(block, await at.query.system.events());
}

/**
 * Reports each new block and its logs, in order and without gaps.
 *
 * @returns a function that ends it
 */
export async function watchLogs(
  chain: Chain,
  told: (block: number, logs: BlockLog[]) => void,
  failed: (error: unknown) => void,
): Promise<() => void> {
  let [seen, stopped] = [await newestBlock(chain), false];
  let work: Promise<void> = Promise.resolve();
  const unsubscribe = await chain.api.rpc.chain.subscribeNewHeads((header) => {
    const newest = header.number.toNumber();
    work = work
      .then(async () => {
        while (seen < newest && !stopped) {
          const logs = await logsOfBlock(chain, seen + 1);
          seen++;
          if (!stopped) told(seen, logs);
        }
      })
      .catch(failed);
  });
  return () => {
    stopped = true;
    unsubscribe();
  };
}
