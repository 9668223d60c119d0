/** The page: its state and its layout. */
import { useCallback, useEffect, useId, useRef, useState } from "preact/hooks";
import {
  DEVELOPMENT,
  developmentAccounts,
  messageOf,
  newestBlock,
  type Report,
  type Sender,
  showFailure,
  watchLogs,
} from "tephra-chain";
import { Accounts } from "./parts/accounts.js";
import { Events, History, type SeenLog } from "./parts/activity.js";
import { Connection, ThemeSwitch } from "./parts/connection.js";
import { ContractList, ContractPanel } from "./parts/contracts.js";
import { Deploy } from "./parts/deploy.js";
import { abiOf, contractAt, openSession, type Session } from "./session.js";
import {
  type KnownContract,
  loadContracts,
  loadPast,
  type Past,
  saveContracts,
  savePast,
  saveUrl,
} from "./storage.js";

const MOST_LOGS = 200;

export function App() {
  const [session, setSession] = useState<Session | null>(null);
  const [connecting, setConnecting] = useState(false);
  const [problem, setProblem] = useState("");
  const [block, setBlock] = useState<number | null>(null);

  const connect = async (url: string): Promise<void> => {
    setConnecting(true);
    setProblem("");
    try {
      const opened = await openSession(url);
      saveUrl(url);
      setBlock(null);
      setSession(opened);
    } catch (error) {
      setProblem(messageOf(error));
    } finally {
      setConnecting(false);
    }
  };

  const disconnect = useCallback((why: string): void => {
    setProblem(why);
    setSession((old) => {
      void old?.chain.close();
      return null;
    });
  }, []);

  return (
    <>
      <header>
        <h1>
          <img src="./icon.svg" alt="" width="28" height="28" /> Tephra contracts
        </h1>
        <ThemeSwitch />
      </header>
      <Connection
        chainName={session?.chain.name ?? null}
        block={block}
        busy={connecting}
        problem={problem}
        onConnect={(url) => void connect(url)}
        onDisconnect={() => disconnect("")}
      />
      {session === null ? (
        <main class="welcome">
          <p>
            Deploy WebAssembly contracts to a chain with pallet-ewasm, call them, and watch what
            they do.
          </p>
          <p class="faint">
            Start a node with <code>tephra-node --dev</code>, and connect. Keys and contracts stay
            in this browser.
          </p>
        </main>
      ) : (
        <Workplace
          key={session.chain.genesis}
          session={session}
          block={block}
          onBlock={setBlock}
          onLost={disconnect}
        />
      )}
    </>
  );
}

/** A name that no other contract has: `token`, `token 2`, … */
function uniqueName(name: string, others: KnownContract[]): string {
  const taken = new Set<string>([...DEVELOPMENT, ...others.map((other) => other.name)]);
  let unique = name;
  for (let number = 2; taken.has(unique); number++) unique = `${name} ${number}`;
  return unique;
}

interface WorkplaceProps {
  session: Session;
  block: number | null;
  onBlock: (block: number) => void;
  onLost: (why: string) => void;
}

function Workplace({ session, block, onBlock, onLost }: WorkplaceProps) {
  const { chain, names } = session;
  const [senders, setSenders] = useState<Sender[]>([]);
  const [sender, setSender] = useState<Sender | null>(null);
  const [contracts, setContracts] = useState<KnownContract[]>(() => loadContracts(chain.genesis));
  const [past, setPast] = useState<Past[]>(() => loadPast(chain.genesis));
  const [open, setOpen] = useState<string | null>(contracts[0]?.address ?? null);
  const [logs, setLogs] = useState<SeenLog[]>([]);
  const [logProblem, setLogProblem] = useState("");
  const seen = useRef(0);
  const words = useId();

  useEffect(() => {
    void developmentAccounts(chain.ss58Format).then((accounts) => {
      setSenders(accounts);
      setSender(accounts[0] ?? null);
    });
  }, [chain]);

  useEffect(() => {
    let stop: (() => void) | undefined;
    let ended = false;
    const lost = (): void => onLost(`the connection to ${chain.url} was lost; connect again`);
    chain.api.on("disconnected", lost);
    newestBlock(chain).then(onBlock, () => undefined);
    watchLogs(
      chain,
      (number, found) => {
        onBlock(number);
        setLogProblem("");
        if (found.length === 0) return;
        const numbered = found.map((log) => ({ ...log, id: seen.current++ }));
        setLogs((old) => [...numbered.reverse(), ...old].slice(0, MOST_LOGS));
      },
      (error) => setLogProblem(`Events cannot be read: ${messageOf(error)}`),
    )
      .then((end) => {
        stop = end;
        if (ended) end();
      })
      .catch((error: unknown) => setLogProblem(`Events cannot be watched: ${messageOf(error)}`));
    return () => {
      ended = true;
      chain.api.off("disconnected", lost);
      stop?.();
    };
  }, [chain, onBlock, onLost]);

  const keepContracts = (next: KnownContract[]): void => {
    setContracts(next);
    saveContracts(chain.genesis, next);
    for (const { name, address } of next) names.add(name, address);
  };
  useEffect(() => contracts.forEach(({ name, address }) => names.add(name, address)), [names]);

  const add = (contract: KnownContract): void => {
    const others = contracts.filter(({ address }) => address !== contract.address);
    keepContracts([{ ...contract, name: uniqueName(contract.name, others) }, ...others]);
    setOpen(contract.address);
  };

  const report = (title: string, done: Report): void => {
    const entry: Past = {
      time: Date.now(),
      title,
      status: done.status,
      block: done.block,
      gasUsed: done.gasUsed.toString(),
      gasLimit: done.gasLimit.toString(),
      refTime: done.weight.refTime.toString(),
      proofSize: done.weight.proofSize.toString(),
      fee: done.fee?.toString() ?? null,
      deposit: done.deposit.toString(),
      error: showFailure(done),
    };
    setPast((old) => {
      const next = [entry, ...old];
      savePast(chain.genesis, next);
      return next;
    });
  };

  const abiAt = (address: string) => abiOf(contractAt(contracts, address));
  const current = open === null ? undefined : contractAt(contracts, open);
  if (sender === null) return <main class="welcome">Loading accounts…</main>;
  return (
    <main class="workplace">
      <datalist id={words}>
        {[...DEVELOPMENT, ...contracts.map(({ name }) => name)].map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <div class="column">
        <Accounts
          session={session}
          senders={senders}
          chosen={sender}
          block={block}
          onChoose={setSender}
          onExtension={(added) => {
            setSenders([...senders.filter(({ signer }) => signer === undefined), ...added]);
            setSender(added[0] ?? sender);
          }}
        />
        <ContractList
          session={session}
          contracts={contracts}
          open={open}
          onOpen={setOpen}
          onAdd={add}
        />
        <Deploy
          session={session}
          sender={sender}
          names={words}
          onContract={add}
          onReport={report}
        />
      </div>
      <div class="column wide">
        {current !== undefined && (
          <ContractPanel
            key={current.address}
            session={session}
            sender={sender}
            contract={current}
            names={words}
            abiOf={abiAt}
            onReport={report}
            onForget={() => {
              keepContracts(contracts.filter(({ address }) => address !== current.address));
              setOpen(null);
            }}
          />
        )}
        <Events
          session={session}
          logs={logs}
          problem={logProblem}
          nameOf={(address) => names.name(address)}
          abiOf={abiAt}
        />
        <History
          session={session}
          past={past}
          onClear={() => {
            setPast([]);
            savePast(chain.genesis, []);
          }}
        />
      </div>
    </main>
  );
}
