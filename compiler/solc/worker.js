// Compiles Solidity: a line of standard JSON comes in, a line of standard JSON goes out. Loading
// the compiler takes longer than most sources do, so one process serves them all.
"use strict";

const readline = require("node:readline");
const solc = require("solc");

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  let answer;
  try {
    answer = JSON.stringify(JSON.parse(solc.compile(line)));
  } catch (error) {
    const formattedMessage = String(error);
    answer = JSON.stringify({ errors: [{ severity: "error", formattedMessage }] });
  }
  process.stdout.write(answer + "\n");
});
