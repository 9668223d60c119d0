/** Deploying: a module and an ABI become a contract. */
import { useState } from "preact/hooks";
import {
  type Abi,
  constructorInputs,
  deploy,
  encodeConstructor,
  type Report,
  type Sender,
  withConstructorArguments,
} from "tephra-chain";
import { addFiles, type Chosen, contractName } from "../files.js";
import type { Session } from "../session.js";
import type { KnownContract } from "../storage.js";
import { Arguments, type Extras, ExtraFields, NO_EXTRAS, readExtras } from "./arguments.js";
import { Card, Field, Problem, useWork } from "./basics.js";
import { Drop } from "./drop.js";
import { grouped, Outcome } from "./outcome.js";

interface Props {
  session: Session;
  sender: Sender;
  names: string;
  onContract: (contract: KnownContract) => void;
  onReport: (title: string, report: Report) => void;
}

const NOTHING: Chosen = { module: null, abi: null };

export function Deploy(props: Props) {
  const [chosen, setChosen] = useState<Chosen>(NOTHING);
  const [name, setName] = useState("");
  const [words, setWords] = useState<string[]>([]);
  const [extras, setExtras] = useState<Extras>(NO_EXTRAS);
  const [report, setReport] = useState<Report | null>(null);
  // The ABI of the contract deployed last, once the form is empty again.
  const [made, setMade] = useState<Abi | undefined>(undefined);
  const work = useWork();
  const inputs = chosen.abi === null ? [] : constructorInputs(chosen.abi.abi);
  const payable = chosen.abi?.abi.deploy.payable ?? true;

  const add = (files: File[]): Promise<void> =>
    work.run(async () => {
      const next = await addFiles(chosen, files);
      setChosen(next);
      setReport(null);
      if (next.module !== null && next.module !== chosen.module)
        setName(contractName(next.module.name));
      if (next.abi !== chosen.abi) setWords([]);
    });

  const submit = (): Promise<void> =>
    work.run(async () => {
      const { module, abi } = chosen;
      if (module === null) return;
      const { session, sender } = props;
      setReport(null);
      const encoded = await encodeConstructor(
        inputs,
        inputs.map((_, at) => words[at] ?? ""),
        (word) => session.names.resolve(word),
      );
      const done = await deploy(
        session.chain,
        withConstructorArguments(module.code, encoded),
        { from: sender, ...readExtras(extras) },
        (address) => (address === null ? abi?.abi : undefined),
      );
      const title = `deploy ${name || module.name}`;
      props.onReport(title, done);
      setReport(done);
      setMade(abi?.abi);
      if (done.contract !== null) {
        setChosen(NOTHING);
        setWords([]);
        props.onContract({
          address: done.contract,
          name: name.trim() || contractName(module.name),
          abi: abi?.text ?? "",
        });
      }
    });

  return (
    <Card title="Deploy a contract">
      <Drop
        label="Module and ABI"
        hint="Drop a .wasm file and its .json here, or choose them."
        accept=".wasm,.json,.hex"
        onFiles={(files) => void add(files)}
      />
      <ul class="chosen" aria-live="polite">
        {chosen.module !== null && (
          <li>
            <code>{chosen.module.name}</code>{" "}
            <span class="faint">{grouped(BigInt(chosen.module.code.length))} bytes</span>
          </li>
        )}
        {chosen.abi !== null && (
          <li>
            <code>{chosen.abi.name}</code>{" "}
            <span class="faint">{chosen.abi.abi.fragments.length} entries</span>
          </li>
        )}
      </ul>
      {chosen.module !== null && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
        >
          <Field label="Name" note="for this page" value={name} onInput={setName} />
          {chosen.abi === null && (
            <p class="faint">Without an ABI, the constructor gets no arguments.</p>
          )}
          <Arguments inputs={inputs} words={words} onInput={setWords} names={props.names} />
          <ExtraFields payable={payable} extras={extras} onInput={setExtras} />
          <div class="buttons">
            <button type="submit" disabled={work.busy}>
              {work.busy ? "Deploying…" : "Deploy"}
            </button>
            <button
              type="button"
              class="quiet"
              disabled={work.busy}
              onClick={() => setChosen(NOTHING)}
            >
              Clear
            </button>
          </div>
        </form>
      )}
      {work.problem !== "" && <Problem text={work.problem} />}
      <div aria-live="polite">
        {report !== null && (
          <Outcome session={props.session} report={report} called={null} abiOf={() => made} />
        )}
      </div>
    </Card>
  );
}
