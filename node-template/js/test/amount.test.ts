import assert from "node:assert/strict";
import { test } from "node:test";
import { showAmount } from "../src/amount.js";

const unit = { symbol: "TPH", decimals: 18 };
const ONE = 10n ** 18n;

test("amounts are shown in the chain's unit, without trailing zeros", () => {
  assert.equal(showAmount(0n, unit), "0 TPH");
  assert.equal(showAmount(ONE, unit), "1 TPH");
  assert.equal(showAmount(ONE + ONE / 2n, unit), "1.5 TPH");
  assert.equal(showAmount(1n, unit), "0.000000000000000001 TPH");
  assert.equal(showAmount(-ONE, unit), "-1 TPH");
  assert.equal(showAmount(7n, { symbol: "U", decimals: 0 }), "7 U");
});

test("a cut amount is never shown as zero", () => {
  assert.equal(showAmount(1_234_567_890_123_456_789n, unit, 6), "1.234567 TPH");
  assert.equal(showAmount(123n, unit, 6), "0.000000000000000123 TPH");
  assert.equal(showAmount(ONE + 1n, unit, 6), "1 TPH");
});
