/** Deploys and uses Ewasm contracts on a Substrate chain with pallet-ewasm. */
export type { FunctionFragment, ParamType } from "ethers/abi";
export * from "./abi/index.js";
export * from "./accounts.js";
export { showAmount, type Unit } from "./amount.js";
export { fromHex, toHex } from "./bytes.js";
export { Chain, type Inclusion } from "./chain.js";
export { type Refusal, type Weight } from "./dispatch.js";
export { EXIT_CODE, messageOf, TephraError, type Fault } from "./errors.js";
export { logsOfBlock, newestBlock, watchLogs, type BlockLog } from "./events.js";
export { readModule, withConstructorArguments } from "./module.js";
export { checkedAddress, looksLikeAddress, Names } from "./names.js";
export { Pallet, type Given, type Outcome } from "./pallet.js";
export {
  isOverDepositLimit,
  reportJson,
  showFailure,
  type DecodedLog,
  type Failure,
  type Report,
} from "./report.js";
export { plain, quoted, shorten } from "./text.js";
export {
  call,
  deploy,
  depositLimitFor,
  mustBeContract,
  view,
  withMargin,
  type AbiOf,
  type DepositLimit,
  type Sending,
} from "./transactions.js";
