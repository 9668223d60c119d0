/** Forms for ABI parameters, and for the value and the limits of a transaction. */
import { amount, type DepositLimit, type FunctionFragment } from "tephra-chain";
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
export function Arguments(props: {
  inputs: Parameters;
  words: string[];
  onInput: (words: string[]) => void;
  names: string;
}) {
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
            // Only a text may be empty.
            required={type !== "string"}
            onInput={(word) =>
              props.onInput(
                props.inputs.map((_, other) => (other === at ? word : (props.words[other] ?? ""))),
              )
            }
          />
        );
      })}
    </>
  );
}

/** Value and limits as typed. */
export interface Extras {
  value: string;
  gas: string;
  depositLimit: string;
}

export const NO_EXTRAS: Extras = { value: "", gas: "", depositLimit: "" };

/** The value, where the function accepts it, and the limits of gas and deposits. */
export function ExtraFields(props: {
  payable: boolean;
  extras: Extras;
  onInput: (extras: Extras) => void;
}) {
  const { extras } = props;
  return (
    <>
      {props.payable && (
        <Field
          label="Value"
          note="smallest units, sent along"
          value={extras.value}
          hint="0"
          onInput={(value) => props.onInput({ ...extras, value })}
        />
      )}
      <details class="more">
        <summary>Limits</summary>
        <Field
          label="Gas"
          note="empty: found by a dry run, with a margin"
          value={extras.gas}
          hint="automatic"
          onInput={(gas) => props.onInput({ ...extras, gas })}
        />
        <Field
          label="Deposits"
          note="smallest units, or none; empty: as in a dry run, with a tenth more"
          value={extras.depositLimit}
          hint="automatic"
          onInput={(depositLimit) => props.onInput({ ...extras, depositLimit })}
        />
      </details>
    </>
  );
}

/** The numbers in the fields. */
export const readExtras = (
  extras: Extras,
): { value: bigint; gas: bigint | null; depositLimit: DepositLimit } => ({
  value: amount(extras.value.trim() || "0"),
  gas: limit(extras.gas),
  depositLimit: extras.depositLimit.trim() === "none" ? "none" : limit(extras.depositLimit),
});

const limit = (text: string): bigint | null => (text.trim() === "" ? null : amount(text));
