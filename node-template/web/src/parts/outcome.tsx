/** How a transaction or a question ended. */
import { type Abi, showEvent, showFailure, showValue, type Report, type FunctionFragment } from "tephra-chain";
import type { Session } from "../session.js";

export const grouped = (number: bigint | string): string => BigInt(number).toLocaleString("en").replaceAll(",", "\u202f");

/** Picoseconds as people read them. */
export function duration(picoseconds: bigint | string): string {
  const microseconds = Number(BigInt(picoseconds) / 1_000_000n);
  return microseconds < 1000 ? `${microseconds} µs` : `${(microseconds / 1000).toFixed(microseconds < 100_000 ? 1 : 0)} ms`;
}

interface Props {
  session: Session;
  report: Report;
  called: FunctionFragment | null;
  abiOf: (address: string) => Abi | undefined;
}

export function Outcome({ session, report, called, abiOf }: Props) {
  const { chain, names } = session;
  const failed = report.failure !== null;
  const sent = report.block !== null;
  return (
    <div class={`outcome ${failed ? "bad" : "good"}`}>
      {failed ? (
        <p class="reason">
          {showFailure(report)}
          {!sent && <span class="faint"> Nothing was sent.</span>}
        </p>
      ) : (
        report.values?.map((value, at) => {
          const type = called?.outputs[at];
          return (
            <p key={at} class="value">
              {type?.name ? <span class="faint">{type.name} </span> : null}
              <code data-testid="result">{type === undefined ? String(value) : showValue(type, value, names.show)}</code>
            </p>
          );
        })
      )}
      {!failed && report.values === null && report.output !== "0x" && called !== null && <code class="long">{report.output}</code>}
      {report.logs.map((log, at) => {
        const abi = abiOf(log.address);
        return (
          <p key={at}>
            <span class="faint">event </span>
            {log.event !== null && abi !== undefined ? showEvent(log.event, abi, names.show) : <code class="long">{log.topics.join(" ")} {log.data}</code>}
          </p>
        );
      })}
      <dl class="facts inline">
        {sent && (
          <>
            <dt>Block</dt>
            <dd>{report.block}</dd>
          </>
        )}
        <dt>Gas</dt>
        <dd>
          {grouped(report.gasUsed)}
          {sent && ` of ${grouped(report.gasLimit)}`}
        </dd>
        <dt>Weight</dt>
        <dd>
          {duration(report.weight.refTime)}, {grouped(report.weight.proofSize)} bytes
        </dd>
        {report.fee !== null && (
          <>
            <dt>Fee</dt>
            <dd>{chain.showAmount(report.fee)}</dd>
          </>
        )}
        {report.deposit !== 0n && (
          <>
            <dt>Deposit</dt>
            <dd>
              {report.deposit < 0n ? "−" : ""}
              {chain.showAmount(report.deposit < 0n ? -report.deposit : report.deposit)}
            </dd>
          </>
        )}
      </dl>
    </div>
  );
}
