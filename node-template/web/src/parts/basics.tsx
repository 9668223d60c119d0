/** Small parts for all others. */
import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";
import { messageOf } from "tephra-chain";

/** A box with a heading. */
export function Card(props: {
  title: string;
  children: ComponentChildren;
  aside?: ComponentChildren;
  class?: string;
}) {
  const id = useId();
  return (
    <section class={`card ${props.class ?? ""}`} aria-labelledby={id}>
      <div class="card-head">
        <h2 id={id}>{props.title}</h2>
        {props.aside}
      </div>
      {props.children}
    </section>
  );
}

interface FieldProps {
  label: string;
  value: string;
  onInput: (value: string) => void;
  hint?: string;
  note?: string;
  type?: "text" | "url";
  required?: boolean;
  list?: string;
}

/** A text field with its label. */
export function Field(props: FieldProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>
        {props.label}
        {props.note !== undefined && <span class="faint"> {props.note}</span>}
      </label>
      <input
        id={id}
        type={props.type ?? "text"}
        value={props.value}
        required={props.required}
        placeholder={props.hint}
        list={props.list}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
    </div>
  );
}

/** An error, announced at once by screen readers. */
export function Problem(props: { text: string }) {
  return (
    <div class="problem" role="alert">
      {props.text}
    </div>
  );
}

/** A text with a button that copies it. */
export function Copyable(props: { text: string; label: string; shown?: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(props.text);
      setCopied(true);
      setTimeout(() => setCopied(false), 1500);
    } catch {
      // Without permission the text can still be selected.
    }
  };
  return (
    <span class="copyable">
      <code title={props.text}>{props.shown ?? props.text}</code>
      <button
        type="button"
        class="small quiet"
        onClick={() => void copy()}
        aria-label={`Copy ${props.label}`}
      >
        {copied ? "Copied" : "Copy"}
      </button>
    </span>
  );
}

/** Runs one piece of work at a time, and keeps its error. */
export function useWork(): {
  busy: boolean;
  problem: string;
  run: (work: () => Promise<void>) => Promise<void>;
  fail: (text: string) => void;
} {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const run = async (work: () => Promise<void>): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setProblem("");
    try {
      await work();
    } catch (error) {
      setProblem(sentence(messageOf(error)));
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, run, fail: (text) => setProblem(sentence(text)) };
}

const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;

/** An address with its middle left out. */
export const brief = (address: string): string =>
  address.length > 16 ? `${address.slice(0, 8)}…${address.slice(-6)}` : address;
