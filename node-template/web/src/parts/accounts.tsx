/** The sender. */
import { useEffect, useId, useState } from "preact/hooks";
import { messageOf, type Sender } from "tephra-chain";
import type { Session } from "../session.js";
import { PLACES } from "./outcome.js";
import { brief, Card, Copyable, Problem, useWork } from "./basics.js";

interface Props {
  session: Session;
  senders: Sender[];
  chosen: Sender;
  /** Increases with each block, when balances may have changed. */
  block: number | null;
  onChoose: (sender: Sender) => void;
  onExtension: (senders: Sender[]) => void;
}

/** The key of an account. An extension may hold a development account too, with another signer. */
const keyOf = (sender: Sender): string =>
  `${sender.signer === undefined ? "development" : "extension"}:${sender.account}`;

export function Accounts(props: Props) {
  const id = useId();
  const { session, chosen, senders } = props;
  const [address, setAddress] = useState("");
  const [balance, setBalance] = useState("");
  const work = useWork();

  useEffect(() => {
    let current = true;
    const read = async (): Promise<void> => {
      const [owned, at] = await Promise.all([
        session.chain.balanceOf(chosen.account),
        session.chain.pallet.addressOf(chosen.account),
      ]);
      if (!current) return;
      setBalance(session.chain.showAmount(owned, PLACES));
      setAddress(at);
    };
    read().catch((error: unknown) => current && setBalance(`unknown: ${messageOf(error)}`));
    return () => {
      current = false;
    };
  }, [session, chosen, props.block]);

  const extension = (): Promise<void> =>
    work.run(async () => {
      const { extensionSenders } = await import("../extension.js");
      props.onExtension(await extensionSenders(session.chain.ss58Format));
    });

  return (
    <Card title="Account">
      <div class="field">
        <label for={id}>Send as</label>
        <select
          id={id}
          value={keyOf(chosen)}
          onChange={(event) => {
            const sender = senders.find((one) => keyOf(one) === event.currentTarget.value);
            if (sender !== undefined) props.onChoose(sender);
          }}
        >
          {senders.map((sender) => (
            <option key={keyOf(sender)} value={keyOf(sender)}>
              {sender.signer === undefined
                ? `${sender.name} (development)`
                : `${sender.name || "account"} · ${brief(sender.account)}`}
            </option>
          ))}
        </select>
      </div>
      <dl class="facts">
        <dt>Balance</dt>
        <dd data-testid="balance">{balance || "…"}</dd>
        <dt>Address</dt>
        <dd>
          {address === "" ? (
            "…"
          ) : (
            <Copyable text={address} shown={brief(address)} label="the address" />
          )}
        </dd>
        <dt>Account</dt>
        <dd>
          <Copyable text={chosen.account} shown={brief(chosen.account)} label="the account" />
        </dd>
      </dl>
      <button type="button" class="quiet" disabled={work.busy} onClick={() => void extension()}>
        Use accounts of a browser extension
      </button>
      {work.problem !== "" && <Problem text={work.problem} />}
    </Card>
  );
}
