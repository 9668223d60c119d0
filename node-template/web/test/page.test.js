// The page in a real browser, against a real node. node-template/test starts the node and passes
// its address.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { Keyring } from "@polkadot/api";
import { hexToU8a, u8aToHex } from "@polkadot/util";
import { blake2AsU8a } from "@polkadot/util-crypto";
import { preview } from "vite";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const TOKEN = `${ROOT}contracts/token/token.wasm`;
const ABI = `${ROOT}contracts/token/token.abi.json`;
const ARTIFACTS = process.env.TEPHRA_SCREENSHOTS ?? `${ROOT}target/screenshots`;
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 360, height: 740 };

const node = process.env.TEPHRA_URL;
let server;
let address;
let profile;
let browser;
let page;
const complaints = [];

const shot = (name) =>
  page.screenshot({ path: join(ARTIFACTS, `${name}.png`), fullPage: true, animations: "disabled" });
const card = (name) => page.getByRole("region", { name });
const balance = async (who) => {
  const form = await opened("balanceOf");
  await form.getByLabel("owner").fill(who);
  await form.getByRole("button", { name: "View" }).click();
  return form.getByTestId("result").textContent();
};
const opened = async (name) => {
  const form = page
    .locator("details.function")
    .filter({ has: page.locator(".function-name", { hasText: new RegExp(`^${name}$`) }) });
  if (!(await form.evaluate((details) => details.open))) await form.locator("> summary").click();
  return form;
};

before(async () => {
  assert(node, "this test needs a node: run node-template/test, or set TEPHRA_URL");
  assert(
    existsSync(CHROMIUM),
    `there is no ${CHROMIUM}; on Debian: apt-get install chromium (CHROMIUM can name another)`,
  );
  await mkdir(ARTIFACTS, { recursive: true });
  server = await preview({
    root: fileURLToPath(new URL("..", import.meta.url)),
    preview: { port: 0, strictPort: false },
    logLevel: "error",
  });
  address = server.resolvedUrls.local[0];
  profile = await mkdtemp(join(tmpdir(), "tephra-browser-"));
  browser = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    headless: true,
    args: ARGUMENTS,
    viewport: DESKTOP,
    colorScheme: "light",
  });
  page = browser.pages()[0] ?? (await browser.newPage());
  page.setDefaultTimeout(30_000);
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
});

after(async () => {
  await browser?.close();
  await server?.close();
  if (profile) await rm(profile, { recursive: true, force: true });
});

test("a node that cannot be reached is named, with the remedy", async () => {
  await page.goto(address);
  await page.getByLabel("Node").fill("ws://127.0.0.1:1");
  await page.getByRole("button", { name: "Connect" }).click();
  const alert = page.getByRole("alert");
  await alert.waitFor();
  assert.match(
    await alert.textContent(),
    /no node can be reached at ws:\/\/127\.0\.0\.1:1.*tephra-node --dev/,
  );
  // The browser itself logs the refused connection.
  complaints.length = 0;
});

test("the page connects, and shows the chain and an account with its balance", async () => {
  await page.getByLabel("Node").fill(node);
  await page.getByRole("button", { name: "Connect" }).click();
  await page.getByText(/^Connected to /).waitFor();
  await page.getByTestId("balance").filter({ hasText: /\d/ }).waitFor();
  assert.match(await page.getByLabel("Send as").inputValue(), /^development:5/);
  await shot("connected");
});

test("a file that is not a contract is refused by name", async () => {
  await card("Deploy a contract")
    .getByLabel("Module and ABI")
    .setInputFiles({ name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("hello") });
  assert.match(
    await page.getByRole("alert").textContent(),
    /notes\.txt: not a WebAssembly binary/i,
  );
});

test("a dropped module and its ABI become a contract", async () => {
  const deploy = card("Deploy a contract");
  // The events of a drop by mouse.
  const { readFile } = await import("node:fs/promises");
  const files = await Promise.all(
    [TOKEN, ABI].map(async (path) => ({
      name: path.split("/").pop(),
      bytes: [...(await readFile(path))],
    })),
  );
  await deploy.locator(".drop").evaluate((zone, given) => {
    const data = new DataTransfer();
    for (const { name, bytes } of given) data.items.add(new File([new Uint8Array(bytes)], name));
    zone.dispatchEvent(
      new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }),
    );
  }, files);
  await deploy.getByLabel("name string").fill("Browser Token");
  await deploy.getByLabel("symbol").fill("BRW");
  await deploy.getByLabel("decimals").fill("0");
  await deploy.getByLabel("initialSupply").fill("many");
  await deploy.getByRole("button", { name: "Deploy" }).click();
  assert.match(
    await deploy.getByRole("alert").textContent(),
    /argument 4 \(initialSupply\).*`many` is not a value of type uint256/i,
  );
  await deploy.getByLabel("initialSupply").fill("1000");
  await deploy.getByRole("button", { name: "Deploy" }).click();
  await page.getByRole("region", { name: "token", exact: true }).waitFor();
  assert.match(await card("History").textContent(), /deploy token.*success/);
});

test("functions are viewed and called by keyboard alone", async () => {
  assert.equal(await balance("alice"), "1000");
  const form = page
    .locator("details.function")
    .filter({ has: page.locator(".function-name", { hasText: /^transfer$/ }) });
  await form.locator("> summary").focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.type("bob");
  await page.keyboard.press("Tab");
  await page.keyboard.type("3");
  await page.keyboard.press("Enter");
  assert.equal(await form.getByTestId("result").textContent(), "true");
  assert.match(
    await form.locator(".outcome").textContent(),
    /event Transfer\(from: alice, to: bob, amount: 3\)/,
  );
  assert.match(await form.locator(".outcome").textContent(), /Gas.*Weight.*Fee/);
  assert.equal(await balance("bob"), "3");
  assert.equal(await balance("alice"), "997");
});

test("events appear as blocks come", async () => {
  const events = page.getByRole("log", { name: "Events of contracts" });
  await events.getByText("Transfer(from: alice, to: bob, amount: 3)").waitFor();
  assert.match(await events.textContent(), /token/);
});

test("the reason of a revert is shown, and nothing is sent", async () => {
  const form = await opened("transfer");
  await form.getByLabel("amount").fill("5000");
  await form.getByRole("button", { name: "Send", exact: true }).click();
  await form.locator(".outcome.bad").waitFor();
  assert.match(
    await form.textContent(),
    /the contract reverted: "ERC20: transfer amount exceeds balance".*Nothing was sent/,
  );
  assert.match(await card("History").textContent(), /not sent/);
});

test("the limit of deposits can be set, and a transaction beyond it is not sent", async () => {
  const form = await opened("approve");
  await form.getByLabel("spender").fill("ferdie");
  await form.getByLabel("amount").fill("5");
  await form.locator("details.more > summary").click();
  await form.getByLabel("Deposits").fill("1");
  await form.getByRole("button", { name: "Send", exact: true }).click();
  await form.locator(".outcome.bad").waitFor();
  assert.match(
    await form.locator(".outcome").textContent(),
    /StorageDepositLimitExhausted.*Nothing was sent.*Deposit\s*0\.\d+/,
  );
  await form.getByLabel("Deposits").fill("");
  await form.getByRole("button", { name: "Send", exact: true }).click();
  await form.locator(".outcome.good").waitFor();
  assert.match(
    await form.locator(".outcome").textContent(),
    /Deposit\s*(0\.\d+) TPH of 0\.\d+ TPH/,
  );
});

test("another account can send", async () => {
  await page.getByLabel("Send as").selectOption({ label: "bob (development)" });
  const form = await opened("transfer");
  await form.getByLabel("to address").fill("charlie");
  await form.getByLabel("amount").fill("1");
  await form.getByRole("button", { name: "Send", exact: true }).click();
  await form.getByText("Transfer(from: bob, to: charlie, amount: 1)").waitFor();
  assert.equal(await balance("bob"), "2");
});

test("the layout fits in light, in dark and on a phone", async () => {
  await balance("alice");
  await shot("light");
  await page.getByLabel("Theme").selectOption("dark");
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await ground();
  await shot("dark");
  await page.getByLabel("Theme").selectOption("light");
  assert.notEqual(await ground(), dark);
  await page.getByLabel("Theme").selectOption("system");
  await page.emulateMedia({ colorScheme: "dark" });
  assert.equal(await ground(), dark);
  await page.emulateMedia({ colorScheme: "light" });
  assert.notEqual(await ground(), dark);
  await page.setViewportSize(PHONE);
  assert.equal(
    await page.evaluate(() => document.documentElement.scrollWidth),
    PHONE.width,
    "nothing is wider than the phone",
  );
  await shot("phone");
  await page.getByRole("region", { name: "token", exact: true }).scrollIntoViewIfNeeded();
  await page.screenshot({ path: join(ARTIFACTS, "phone-contract.png"), animations: "disabled" });
  await page.emulateMedia({ colorScheme: "dark" });
  await shot("phone-dark");
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize(DESKTOP);
});

test("every control has a name, and text contrasts with its background", async () => {
  const nameless = await page.evaluate(() =>
    [...document.querySelectorAll("button, input, select, summary")]
      .filter((control) => {
        const label =
          control.labels?.[0]?.textContent ??
          control.getAttribute("aria-label") ??
          control.textContent;
        return (label ?? "").trim() === "";
      })
      .map((control) => control.outerHTML),
  );
  assert.deepEqual(nameless, []);
  for (const theme of ["light", "dark"]) {
    await page.getByLabel("Theme").selectOption(theme);
    const colours = await page.evaluate(() => {
      const style = getComputedStyle(document.documentElement);
      return Object.fromEntries(
        [
          "ground",
          "card",
          "text",
          "faint",
          "accent",
          "accent-text",
          "good",
          "good-soft",
          "bad",
          "bad-soft",
        ].map((name) => [name, style.getPropertyValue(`--${name}`).trim()]),
      );
    });
    const pairs = [
      ["text", "ground"],
      ["text", "card"],
      ["faint", "card"],
      ["faint", "ground"],
      ["accent-text", "accent"],
      ["good", "good-soft"],
      ["bad", "bad-soft"],
      ["faint", "good-soft"],
      ["faint", "bad-soft"],
    ];
    for (const [text, under] of pairs) {
      const ratio = contrast(colours[text], colours[under]);
      assert(
        ratio >= 4.5,
        `${theme}: ${text} on ${under} has a contrast of ${ratio.toFixed(2)}; WCAG asks for 4.5`,
      );
    }
  }
  await page.getByLabel("Theme").selectOption("system");
});

test("without a browser extension the page shows the remedy", async () => {
  await page.getByRole("button", { name: "Use accounts of a browser extension" }).click();
  const alert = card("Account").getByRole("alert");
  await alert.waitFor();
  assert.match(await alert.textContent(), /no browser extension/i);
});

test("an account of a browser extension sends, and the extension signs", async () => {
  // An extension with one account, whose key the test holds.
  const eve = new Keyring({ type: "sr25519" }).addFromUri("//Eve");
  await page.exposeFunction("signAsEve", (data) => {
    const bytes = hexToU8a(data);
    // Longer payloads are signed by their hash.
    const signature = eve.sign(bytes.length > 256 ? blake2AsU8a(bytes) : bytes, { withType: true });
    return u8aToHex(signature);
  });
  await page.evaluate((address) => {
    const accounts = {
      get: async () => [{ address, name: "Eve of the extension", type: "sr25519" }],
      subscribe: () => () => undefined,
    };
    const signer = {
      signRaw: async ({ data }) => ({ id: 1, signature: await window.signAsEve(data) }),
    };
    window.injectedWeb3 = {
      test: { version: "1.0.0", enable: async () => ({ accounts, signer }) },
    };
  }, eve.address);
  await page.getByRole("button", { name: "Use accounts of a browser extension" }).click();
  await page
    .getByLabel("Send as")
    .locator("option:checked", { hasText: "Eve of the extension" })
    .waitFor({ state: "attached" });
  const form = await opened("approve");
  await form.getByLabel("spender").fill("alice");
  await form.getByLabel("amount").fill("5");
  await form.getByRole("button", { name: "Send", exact: true }).click();
  await form.getByText("Approval(owner: eve, spender: alice, amount: 5)").waitFor();
});

test("contracts and history are stored", async () => {
  await page.reload();
  await page.getByRole("button", { name: "Connect" }).click();
  await page.getByRole("region", { name: "token", exact: true }).waitFor();
  assert.match(await card("History").textContent(), /token\.transfer\(bob, 3\)/);
  assert.equal(await balance("alice"), "997");
});

test("the browser logged no errors", () => {
  assert.deepEqual(complaints, []);
});

/** The contrast of two colours like #a1b2c3 or #abc, as WCAG 2 defines it. */
function contrast(one, other) {
  const luminance = (written) => {
    const colour = written.length === 4 ? written.replace(/[0-9a-f]/gi, "$&$&") : written;
    const [red, green, blue] = [1, 3, 5].map((at) => {
      const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
      return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}
