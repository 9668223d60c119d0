/** Makes text from contracts, files and the command line safe to show. */

// Control characters, and characters that reorder or hide text.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

const escape = (character: string): string => {
  const short = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0" }[character];
  return short ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
};

/** Escapes characters that a terminal would obey or that would reorder text. */
export const plain = (text: string): string => text.replace(UNSAFE, escape);

/** Escaped text in quotes. */
export const quoted = (text: string): string => `"${plain(text.replace(/["\\]/g, "\\$&"))}"`;

/** At most 60 characters of input, escaped. */
export function shorten(text: string): string {
  const characters = [...text];
  return characters.length > 60 ? `${plain(characters.slice(0, 60).join(""))}…` : plain(text);
}
