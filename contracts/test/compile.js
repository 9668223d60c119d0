// Compiles a source that lies beside the files of the library, with the options of contracts/build
// that matter to a contract.
import { readFileSync } from "node:fs";
import asc from "assemblyscript/asc";

const library = new URL("../assembly/", import.meta.url);

/** The module made from a source text. */
export async function compile(source) {
  let bytes;
  const { error, stderr } = await asc.main(
    ["main.ts", "--outFile", "main.wasm", "--runtime", "stub", "--use", "abort="],
    {
      readFile(name) {
        if (name === "main.ts") return source;
        try {
          return readFileSync(new URL(name, library), "utf8");
        } catch {
          return null;
        }
      },
      writeFile: (_, contents) => (bytes = contents),
      listFiles: () => [],
    },
  );
  if (error) throw new Error(stderr.toString(), { cause: error });
  return Buffer.from(bytes);
}
