export { runCommand } from './program';
export type { CommandContext, Terminal } from './terminal';
