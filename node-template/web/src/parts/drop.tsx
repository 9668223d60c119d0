/** A place for files: drop them there, or choose them by mouse or keyboard. */
import { useId, useState } from "preact/hooks";

export function Drop(props: {
  label: string;
  hint: string;
  accept: string;
  onFiles: (files: File[]) => void;
}) {
  const id = useId();
  const [over, setOver] = useState(false);
  return (
    <div
      class={`drop ${over ? "over" : ""}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        props.onFiles([...(event.dataTransfer?.files ?? [])]);
      }}
    >
      <label for={id}>{props.label}</label>
      <p class="faint">{props.hint}</p>
      <input
        id={id}
        type="file"
        multiple
        accept={props.accept}
        onChange={(event) => {
          props.onFiles([...(event.currentTarget.files ?? [])]);
          // The same file may be chosen again, after it has been changed.
          event.currentTarget.value = "";
        }}
      />
    </div>
  );
}
