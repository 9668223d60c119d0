/** One function of a contract: its arguments and its answer. */
import { useState } from "preact/hooks";
import {
  type Abi,
  call,
  encodeCall,
  mustBeContract,
  type Report,
  type Sender,
  view,
  type FunctionFragment,
} from "tephra-chain";
import type { Session } from "../session.js";
import type { KnownContract } from "../storage.js";
import { Arguments, type Extras, ExtraFields, NO_EXTRAS, readExtras } from "./arguments.js";
import { Problem, useWork } from "./basics.js";
import { Outcome } from "./outcome.js";

interface Props {
  session: Session;
  sender: Sender;
  contract: KnownContract;
  called: FunctionFragment;
  names: string;
  abiOf: (address: string) => Abi | undefined;
  onReport: (title: string, report: Report) => void;
}

export function FunctionForm(props: Props) {
  const { session, sender, contract, called } = props;
  const [words, setWords] = useState<string[]>([]);
  const [extras, setExtras] = useState<Extras>(NO_EXTRAS);
  const [report, setReport] = useState<Report | null>(null);
  const work = useWork();

  const run = (send: boolean): Promise<void> =>
    work.run(async () => {
      setReport(null);
      const given = called.inputs.map((_, at) => words[at] ?? "");
      const data = await encodeCall(called, given, (word) => session.names.resolve(word));
      const sending = { from: sender, ...readExtras(extras) };
      await mustBeContract(session.chain, contract.address, contract.name);
      const abi = (address: string | null): Abi | undefined =>
        props.abiOf(address ?? contract.address);
      const done = send
        ? await call(session.chain, contract.address, data, sending, called, abi)
        : await view(session.chain, contract.address, data, sending, called, abi);
      if (send) props.onReport(`${contract.name}.${called.name}(${given.join(", ")})`, done);
      setReport(done);
    });

  const asks = called.constant;
  return (
    <details class="function" name={`functions-${contract.address}`}>
      <summary>
        <span class="function-name">{called.name}</span>
        <span class="faint">
          ({called.inputs.map((input) => input.format("sighash")).join(", ")})
        </span>
      </summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void run(!asks);
        }}
      >
        <Arguments inputs={called.inputs} words={words} onInput={setWords} names={props.names} />
        {!asks && <ExtraFields payable={called.payable} extras={extras} onInput={setExtras} />}
        <div class="buttons">
          <button type="submit" disabled={work.busy}>
            {work.busy ? "Working…" : asks ? "View" : "Send"}
          </button>
          {!asks && (
            <button
              type="button"
              class="quiet"
              disabled={work.busy}
              onClick={() => void run(false)}
            >
              Try without sending
            </button>
          )}
        </div>
      </form>
      {work.problem !== "" && <Problem text={work.problem} />}
      <div aria-live="polite">
        {report !== null && (
          <Outcome session={session} report={report} called={called} abiOf={props.abiOf} />
        )}
      </div>
    </details>
  );
}
