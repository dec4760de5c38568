/** What every driver is held to; run the cases with any test runner. */
export type { ContractCase } from "./contract-case.js";
export {
  type StorageContractOptions,
  type StorageUnderTest,
  storageContract,
} from "./storage-contract.js";
export { type LaneContractOptions, type LanesUnderTest, laneContract } from "./lane-contract.js";
/** Acknowledged writes against `kill -9`. */
export { type SurvivalOptions, survivalContract, writeUntilKilled } from "./survival-contract.js";
