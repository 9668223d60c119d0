/** Activity: the logs of contracts as blocks come, and the transactions sent from this page. */
import { type Abi, type BlockLog, decodeEvent, showEvent } from "tephra-chain";
import type { Session } from "../session.js";
import type { Past } from "../storage.js";
import { brief, Card } from "./basics.js";
import { duration, grouped, PLACES, shownName } from "./outcome.js";

/** A log with a unique number: a transaction may log the same twice. */
export interface SeenLog extends BlockLog {
  id: number;
}

interface Props {
  session: Session;
  logs: SeenLog[];
  past: Past[];
  problem: string;
  nameOf: (address: string) => string | undefined;
  abiOf: (address: string) => Abi | undefined;
  onClear: () => void;
}

export function Events(props: Pick<Props, "session" | "logs" | "nameOf" | "abiOf" | "problem">) {
  return (
    <Card title="Events">
      {props.problem !== "" && <p class="faint">{props.problem}</p>}
      {props.logs.length === 0 && (
        <p class="faint">Nothing yet. Logs of contracts appear here as blocks come.</p>
      )}
      <div role="log" aria-label="Events of contracts">
        <ol class="log">
          {props.logs.map((log) => {
            const abi = props.abiOf(log.address);
            const event = decodeEvent(log, abi);
            return (
              <li key={log.id}>
                <span class="faint">block {log.block}</span>{" "}
                <b>{props.nameOf(log.address) ?? brief(log.address)}</b>{" "}
                {event !== null && abi !== undefined ? (
                  showEvent(event, abi, shownName(props.session.names))
                ) : (
                  <code class="long">
                    {log.topics.join(" ")} {log.data}
                  </code>
                )}
              </li>
            );
          })}
        </ol>
      </div>
    </Card>
  );
}

export function History({ session, past, onClear }: Pick<Props, "session" | "past" | "onClear">) {
  return (
    <Card
      title="History"
      aside={
        past.length > 0 && (
          <button type="button" class="small quiet" onClick={onClear}>
            Clear history
          </button>
        )
      }
    >
      {past.length === 0 && <p class="faint">Transactions that you send from here.</p>}
      <ol class="log">
        {past.map((one) => (
          <li key={`${one.time}-${one.title}`} class={one.error === "" ? "" : "bad"}>
            <div class="past-title">
              <b>{one.title}</b>
              <span class={`badge ${one.error === "" ? "good" : "bad"}`}>{one.status}</span>
            </div>
            {one.error !== "" && <div class="reason">{one.error}</div>}
            <div class="faint">
              <time dateTime={new Date(one.time).toISOString()}>
                {new Date(one.time).toLocaleTimeString()}
              </time>
              {one.block === null ? " · not sent" : ` · block ${one.block}`} · gas{" "}
              {grouped(one.gasUsed)}
              {one.block !== null && ` of ${grouped(one.gasLimit)}`} · {duration(one.refTime)}
              {one.fee !== null && ` · fee ${session.chain.showAmount(BigInt(one.fee), PLACES)}`}
            </div>
          </li>
        ))}
      </ol>
    </Card>
  );
}
