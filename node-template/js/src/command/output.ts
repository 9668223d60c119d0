/** Standard output, as text or JSON. */
import { showEvent, showValue, type Abi } from "../abi/index.js";
import type { FunctionFragment } from "ethers/abi";
import type { Chain } from "../chain.js";
import type { Names } from "../names.js";
import {
  isOverDepositLimit,
  reportJson,
  showFailure,
  type DecodedLog,
  type Report,
} from "../report.js";

const STYLES = { label: "36", good: "1;32", bad: "1;31", heading: "1", faint: "2" } as const;
type Style = keyof typeof STYLES;

/** Columns of the labels, as in the command `tephra`. */
const LABEL_WIDTH = 10;

/** Prints results, in colour only on a terminal without `NO_COLOR`. */
export class Output {
  constructor(readonly json: boolean) {}

  /** Prints a line of text. */
  line(text: string): void {
    process.stdout.write(`${text}\n`);
  }

  /** Prints a label and its value. */
  field(label: string, value: string | number | bigint, style?: Style): void {
    const text = String(value);
    const shown = style === undefined ? text : paint(style, text, process.stdout);
    this.line(paint("label", label.padEnd(LABEL_WIDTH), process.stdout) + shown);
  }

  heading(text: string): void {
    this.line(paint("heading", text, process.stdout));
  }

  /** Prints a value as one line of JSON. */
  object(value: unknown): void {
    this.line(JSON.stringify(value));
  }

  /** Prints a log, as an event where the ABI of its contract is known. */
  log(log: DecodedLog, abi: Abi | undefined, names: Names, block?: number): void {
    const place = block === undefined ? "" : `block ${block} `;
    if (log.event !== null && abi !== undefined) {
      this.field(
        "event",
        `${place}${names.show(log.address)} ${showEvent(log.event, abi, names.show)}`,
      );
    } else {
      this.field(
        "log",
        `${place}${names.show(log.address)} topics [${log.topics.join(", ")}] data ${log.data}`,
      );
    }
  }

  /** Prints the report of a transaction. */
  report(
    title: { label: string; text: string },
    report: Report,
    called: FunctionFragment | null,
    context: ReportContext,
  ): void {
    if (this.json) {
      this.object(reportJson(report));
      return;
    }
    const { chain, names, abiOf } = context;
    this.field(title.label, title.text);
    if (report.contract !== null) {
      const name = names.name(report.contract);
      this.field("contract", `${report.contract}${name === undefined ? "" : ` (${name})`}`);
    }
    this.field("from", names.show(report.from));
    this.field("block", report.block ?? "none: it was not sent");
    this.field("status", report.status, report.failure === null ? "good" : "bad");
    this.field("gas", `${report.gasUsed} of ${report.gasLimit}`);
    this.field("weight", `${report.weight.refTime} ps, ${report.weight.proofSize} bytes`);
    if (report.fee !== null) this.field("fee", chain.showAmount(report.fee));
    if (report.deposit !== 0n || isOverDepositLimit(report.failure?.refusal ?? null)) {
      const limit =
        report.depositLimit === null ? "" : ` of ${chain.showAmount(report.depositLimit)}`;
      this.field(
        "deposit",
        `${chain.showAmount(report.deposit)}${report.deposit < 0n ? "" : limit}`,
      );
    }
    report.values?.forEach((value, at) => {
      const type = called?.outputs[at];
      this.field("result", type === undefined ? String(value) : showValue(type, value, names.show));
    });
    if (
      report.values === null &&
      report.failure === null &&
      report.output !== "0x" &&
      report.to !== null
    )
      this.field("output", report.output);
    for (const log of report.logs) this.log(log, abiOf(log.address), names);
    if (report.failure !== null) complain(showFailure(report));
  }
}

/** The names and ABIs that a report is printed with. */
export interface ReportContext {
  chain: Chain;
  names: Names;
  abiOf: (address: string) => Abi | undefined;
}

function paint(style: Style, text: string, stream: NodeJS.WriteStream): string {
  const colours = stream.isTTY && (process.env["NO_COLOR"] ?? "") === "";
  return colours ? `\u001b[${STYLES[style]}m${text}\u001b[0m` : text;
}

/** Prints a message to standard error, on one line. */
export function complain(message: string): void {
  process.stderr.write(
    `${paint("bad", "error:", process.stderr)} ${message.replace(/\s*\n\s*/g, " ")}\n`,
  );
}
