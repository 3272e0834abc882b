export { DEMO_WALLETS } from './demo-wallets';
export { FAULT_FIELDS, type Fault } from './faults/fault';
export type { FaultRule } from './faults/fault-book';
export type { LoggedRequest } from './http/request-log';
export type { ActionResult, WalletAction } from './model/wallet-action';
export type { Generation, Habits } from './model/world';
export { type RunningSimulator, type SimulatorOptions, startSimulator } from './simulator';
