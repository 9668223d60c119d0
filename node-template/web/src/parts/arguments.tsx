/** Forms for ABI parameters, and for what goes along with a transaction. */
import { amount, type FunctionFragment } from "tephra-chain";
import { Field } from "./basics.js";

type Parameters = FunctionFragment["inputs"];

const HINTS: [RegExp, string][] = [
  [/\[\d*\]$/, "[1,2,3]"],
  [/^\(|^tuple/, "(1,true)"],
  [/^address$/, "alice, an account, or 0x…"],
  [/^uint/, "1000"],
  [/^int/, "-5"],
  [/^bool$/, "true"],
  [/^bytes/, "0xc0ffee"],
  [/^string$/, "text"],
];

/** One line for each parameter. */
export function Arguments(props: { inputs: Parameters; words: string[]; onInput: (words: string[]) => void; names: string }) {
  return (
    <>
      {props.inputs.map((input, at) => {
        const type = input.format("sighash");
        return (
          <Field
            key={at}
            label={input.name || `argument ${at + 1}`}
            note={type}
            value={props.words[at] ?? ""}
            hint={HINTS.find(([pattern]) => pattern.test(type))?.[1] ?? ""}
            {...(type === "address" && { list: props.names })}
            // A text may be empty; nothing else may.
            required={type !== "string"}
            onInput={(word) => props.onInput(props.inputs.map((_, other) => (other === at ? word : (props.words[other] ?? ""))))}
          />
        );
      })}
    </>
  );
}

/** Value and gas, as they are written. */
export interface Extras {
  value: string;
  gas: string;
}

export const NO_EXTRAS: Extras = { value: "", gas: "" };

/** What is sent along: value where the function accepts it, and a gas limit for those who know one. */
export function ExtraFields(props: { payable: boolean; extras: Extras; onInput: (extras: Extras) => void }) {
  const { extras } = props;
  return (
    <>
      {props.payable && (
        <Field label="Value" note="smallest units, sent along" value={extras.value} hint="0" onInput={(value) => props.onInput({ ...extras, value })} />
      )}
      <details class="more">
        <summary>Gas limit</summary>
        <Field
          label="Gas"
          note="empty: found by a dry run, with a margin"
          value={extras.gas}
          hint="automatic"
          onInput={(gas) => props.onInput({ ...extras, gas })}
        />
      </details>
    </>
  );
}

/** The numbers that the fields hold. */
export const readExtras = (extras: Extras): { value: bigint; gas: bigint | null } => ({
  value: amount(extras.value.trim() || "0"),
  gas: extras.gas.trim() === "" ? null : amount(extras.gas),
});
