import assert from "node:assert/strict";
import { test } from "node:test";
import { developmentAccounts, senderOf } from "../src/accounts.js";

const ALICE = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";

test("development accounts are known by name and by derivation", async () => {
  assert.equal((await developmentAccounts())[0]?.account, ALICE);
  for (const word of ["alice", "Alice", "//Alice"])
    assert.equal((await senderOf(word)).account, ALICE, word);
});

test("a secret phrase or seed is an account, derivations included", async () => {
  const phrase = "bottom drive obey lake curtain smoke basket hold race lonely fit walk";
  assert.equal((await senderOf(`${phrase}//Alice`)).account, ALICE);
  assert.equal((await senderOf(`0x${"11".repeat(32)}`)).name, "");
  assert.notEqual((await senderOf("//Alice//stash")).account, ALICE);
});

test("any other word is refused without being shown, since it may be a secret", async () => {
  for (const word of ["alise", "", "0x1234", "bottom drive obey lake", "/alice"]) {
    await assert.rejects(
      senderOf(word),
      (error: Error) =>
        /the sender is none of alice, bob/.test(error.message) &&
        (word === "" || !error.message.includes(`${word} `)),
    );
  }
});
