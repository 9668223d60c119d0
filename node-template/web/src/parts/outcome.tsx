/** The outcome of a transaction or a view. */
import {
  type Abi,
  type FunctionFragment,
  type Names,
  type Report,
  isOverDepositLimit,
  showEvent,
  showFailure,
  showValue,
} from "tephra-chain";
import type { Session } from "../session.js";
import { brief } from "./basics.js";

export const grouped = (number: bigint | string): string =>
  BigInt(number).toLocaleString("en").replaceAll(",", "\u202f");

/** Picoseconds as text. */
export function duration(picoseconds: bigint | string): string {
  const microseconds = Number(BigInt(picoseconds) / 1_000_000n);
  return microseconds < 1000
    ? `${microseconds} µs`
    : `${(microseconds / 1000).toFixed(microseconds < 100_000 ? 1 : 0)} ms`;
}

/** Decimal places of amounts on the page. */
export const PLACES = 6;

/** An address in running text: its name, or its ends. */
export const shownName =
  (names: Names) =>
  (address: string): string =>
    names.name(address) ?? brief(address);

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
  const shown = shownName(names);
  const facts: [string, string][] = [
    ["Gas", `${grouped(report.gasUsed)}${sent ? ` of ${grouped(report.gasLimit)}` : ""}`],
    ["Weight", `${duration(report.weight.refTime)}, ${grouped(report.weight.proofSize)} bytes`],
  ];
  if (report.block !== null) facts.unshift(["Block", String(report.block)]);
  if (report.fee !== null) facts.push(["Fee", chain.showAmount(report.fee, PLACES)]);
  if (report.deposit !== 0n || isOverDepositLimit(report.failure?.refusal ?? null)) {
    const limit =
      sent && report.depositLimit !== null && report.deposit >= 0n
        ? ` of ${chain.showAmount(report.depositLimit, PLACES)}`
        : "";
    facts.push(["Deposit", `${chain.showAmount(report.deposit, PLACES)}${limit}`]);
  }
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
              <code data-testid="result">
                {type === undefined ? String(value) : showValue(type, value, names.show)}
              </code>
            </p>
          );
        })
      )}
      {!failed && report.values === null && report.output !== "0x" && called !== null && (
        <code class="long">{report.output}</code>
      )}
      {report.logs.map((log, at) => {
        const abi = abiOf(log.address);
        return (
          <p key={at}>
            <span class="faint">event </span>
            {log.event !== null && abi !== undefined ? (
              showEvent(log.event, abi, shown)
            ) : (
              <code class="long">
                {log.topics.join(" ")} {log.data}
              </code>
            )}
          </p>
        );
      })}
      <dl class="facts inline">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt> <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
