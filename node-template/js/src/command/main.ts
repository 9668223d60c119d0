/** The command `tephra-chain`. */
import { readFile } from "node:fs/promises";
import { EXIT_CODE, messageOf, TephraError } from "../errors.js";
import { run } from "./commands.js";
import { help } from "./help.js";
import { parse } from "./options.js";
import { complain } from "./output.js";

// What a shell expects of a program that Ctrl-C ended.
const INTERRUPTED = 130;

/** Runs the command, and gives its exit code. */
export async function main(
  argv: string[],
  env: Record<string, string | undefined>,
): Promise<number> {
  const interruption = new AbortController();
  const interrupt = (): void => interruption.abort();
  process.once("SIGINT", interrupt);
  process.once("SIGTERM", interrupt);
  // A reader that goes away (`| head`) is no error.
  process.stdout.on("error", (error: NodeJS.ErrnoException) =>
    process.exit(error.code === "EPIPE" ? 0 : EXIT_CODE.input),
  );
  // The libraries below say on these what is said here once, and better.
  console.error = console.warn = console.info = console.log = () => undefined;
  let follows = false;
  try {
    const request = parse(argv, env);
    if ("help" in request) {
      process.stdout.write(`${help(request.help)}\n`);
      return 0;
    }
    if ("version" in request) {
      const manifest = JSON.parse(
        await readFile(new URL("../../../package.json", import.meta.url), "utf8"),
      ) as { version: string };
      process.stdout.write(`tephra-chain ${manifest.version}\n`);
      return 0;
    }
    const aborted = new Promise<number>((resolve) =>
      interruption.signal.addEventListener("abort", () => resolve(INTERRUPTED)),
    );
    follows = request.run.options.follow;
    return await (follows
      ? run(request.run, interruption.signal)
      : Promise.race([run(request.run, interruption.signal), aborted]));
  } catch (error) {
    // To be interrupted is how following ends; what was under way then fails, and nobody minds.
    if (interruption.signal.aborted) return follows ? 0 : INTERRUPTED;
    complain(messageOf(error));
    return error instanceof TephraError ? EXIT_CODE[error.fault] : EXIT_CODE.node;
  }
}
