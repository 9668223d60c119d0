/** Logs of contracts, in blocks that are there and in those that come. */
import type { EventRecord } from "@polkadot/types/interfaces";
import type { Log } from "./abi/index.js";
import type { Chain } from "./chain.js";
import { logOf } from "./pallet.js";

/** A log with the block that has it. */
export interface BlockLog extends Log {
  block: number;
  /** The transaction of the block, counted from zero; null for what no transaction did. */
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

/** The logs of a block. Nodes that do not archive forget the events of blocks behind the newest 256. */
export async function logsOfBlock(chain: Chain, block: number): Promise<BlockLog[]> {
  const hash = await chain.api.rpc.chain.getBlockHash(block);
  const at = await chain.api.at(hash);
  return logsIn(block, await at.query.system.events());
}

/**
 * Tells of every new block and its logs, in order and without gaps.
 *
 * @returns what ends it
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
