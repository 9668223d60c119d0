/** The node and the theme. */
import { useState } from "preact/hooks";
import { loadUrl } from "../storage.js";
import { applyTheme, chosenTheme, THEMES, type Theme } from "../theme.js";
import { Field, Problem } from "./basics.js";

export interface ConnectionState {
  chainName: string | null;
  block: number | null;
  busy: boolean;
  problem: string;
}

export function Connection(
  props: ConnectionState & { onConnect: (url: string) => void; onDisconnect: () => void },
) {
  const [url, setUrl] = useState(loadUrl());
  const connected = props.chainName !== null;
  return (
    <div class="connection">
      <form
        class="row"
        onSubmit={(event) => {
          event.preventDefault();
          if (connected) props.onDisconnect();
          else props.onConnect(url.trim());
        }}
      >
        <Field
          label="Node"
          value={url}
          onInput={setUrl}
          hint="ws://127.0.0.1:9944"
          required
          type="url"
        />
        <button type="submit" class={connected ? "quiet" : ""} disabled={props.busy}>
          {props.busy ? "Connecting…" : connected ? "Disconnect" : "Connect"}
        </button>
      </form>
      <p class="status" role="status">
        <span class={`dot ${connected ? "on" : ""}`} aria-hidden="true" />
        {connected
          ? `Connected to ${props.chainName}`
          : props.busy
            ? "Connecting"
            : "Not connected"}
        {connected && props.block !== null && (
          // Blocks come every few seconds and are not read aloud.
          <span class="faint" aria-live="off" data-testid="block">
            block {props.block}
          </span>
        )}
      </p>
      {props.problem !== "" && <Problem text={props.problem} />}
    </div>
  );
}

export function ThemeSwitch() {
  const [theme, setTheme] = useState<Theme>(chosenTheme());
  return (
    <label class="theme">
      <span>Theme</span>
      <select
        value={theme}
        onChange={(event) => {
          const chosen = THEMES.find((one) => one === event.currentTarget.value) ?? "system";
          applyTheme(chosen);
          setTheme(chosen);
        }}
      >
        {THEMES.map((one) => (
          <option key={one} value={one}>
            {one.charAt(0).toUpperCase() + one.slice(1)}
          </option>
        ))}
      </select>
    </label>
  );
}
