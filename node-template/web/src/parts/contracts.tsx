/** The stored contracts, and the open one. */
import { useState } from "preact/hooks";
import {
  type Abi,
  checkedAddress,
  functions,
  looksLikeAddress,
  mustBeContract,
  type Report,
  type Sender,
  TephraError,
} from "tephra-chain";
import { addFiles, type AbiFile } from "../files.js";
import { abiOf, type Session } from "../session.js";
import type { KnownContract } from "../storage.js";
import { brief, Card, Copyable, Field, Problem, useWork } from "./basics.js";
import { Drop } from "./drop.js";
import { FunctionForm } from "./function.js";

interface ListProps {
  session: Session;
  contracts: KnownContract[];
  open: string | null;
  onOpen: (address: string) => void;
  onAdd: (contract: KnownContract) => void;
}

export function ContractList(props: ListProps) {
  return (
    <Card title="Contracts">
      {props.contracts.length === 0 ? (
        <p class="faint">None yet: deploy one, or add one that is on the chain.</p>
      ) : (
        <ul class="contracts">
          {props.contracts.map((contract) => (
            <li key={contract.address}>
              <button
                type="button"
                class="contract"
                aria-current={contract.address === props.open}
                onClick={() => props.onOpen(contract.address)}
              >
                <span class="contract-name">{contract.name}</span>{" "}
                <code>{brief(contract.address)}</code>
              </button>
            </li>
          ))}
        </ul>
      )}
      <AddContract session={props.session} onAdd={props.onAdd} />
    </Card>
  );
}

function AddContract(props: { session: Session; onAdd: (contract: KnownContract) => void }) {
  const [address, setAddress] = useState("");
  const [name, setName] = useState("");
  const [abi, setAbi] = useState<AbiFile | null>(null);
  const work = useWork();
  const add = (): Promise<void> =>
    work.run(async () => {
      const word = address.trim();
      if (!looksLikeAddress(word))
        throw new TephraError("usage", "the address of a contract is 0x and 40 hexadecimal digits");
      const checked = checkedAddress(word);
      await mustBeContract(props.session.chain, checked, checked);
      props.onAdd({ address: checked, name: name.trim() || brief(checked), abi: abi?.text ?? "" });
      setAddress("");
      setName("");
      setAbi(null);
    });
  return (
    <details class="more">
      <summary>Add a contract by its address</summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void add();
        }}
      >
        <Field label="Address" value={address} onInput={setAddress} hint="0x…" required />
        <Field label="Name" note="for this page" value={name} onInput={setName} />
        <Drop
          label="ABI"
          hint={abi === null ? "A .json file, by which functions and events are known." : abi.name}
          accept=".json"
          onFiles={(files) =>
            void work.run(async () => {
              const { abi: found } = await addFiles({ module: null, abi }, files);
              if (found === null) throw new TephraError("input", "an ABI is a .json file");
              setAbi(found);
            })
          }
        />
        <button type="submit" disabled={work.busy}>
          Add
        </button>
      </form>
      {work.problem !== "" && <Problem text={work.problem} />}
    </details>
  );
}

interface PanelProps {
  session: Session;
  sender: Sender;
  contract: KnownContract;
  names: string;
  abiOf: (address: string) => Abi | undefined;
  onForget: () => void;
  onReport: (title: string, report: Report) => void;
}

export function ContractPanel(props: PanelProps) {
  const { contract } = props;
  const abi = abiOf(contract);
  const all = abi === undefined ? [] : functions(abi);
  const groups = [
    {
      title: "Ask",
      about: "Answers at once, costs nothing.",
      functions: all.filter((one) => one.constant),
    },
    {
      title: "Send",
      about: "A transaction, signed and paid by the account.",
      functions: all.filter((one) => !one.constant),
    },
  ];
  return (
    <Card
      title={contract.name}
      class="panel"
      aside={
        <button type="button" class="small quiet" onClick={props.onForget}>
          Forget
        </button>
      }
    >
      <Copyable text={contract.address} label="the contract's address" />
      {abi === undefined && (
        <p>Without an ABI its functions are not known. Forget it, and add it again with one.</p>
      )}
      {groups
        .filter((group) => group.functions.length > 0)
        .map((group) => (
          <div key={group.title} class="group">
            <h3>
              {group.title} <span class="faint">{group.about}</span>
            </h3>
            {group.functions.map((called) => (
              <FunctionForm
                key={called.format("sighash")}
                session={props.session}
                sender={props.sender}
                contract={contract}
                called={called}
                names={props.names}
                abiOf={props.abiOf}
                onReport={props.onReport}
              />
            ))}
          </div>
        ))}
    </Card>
  );
}
