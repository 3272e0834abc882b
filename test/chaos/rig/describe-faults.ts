import { stripVTControlCharacters } from 'node:util';
import type { ChaosCase } from './chaos-case';
import { type ChaosOptions, ChaosWorld } from './chaos-world';
import { recordResult } from './results';
import { runCase } from './run-case';

// Real processes on a machine that may be busy: a case that did not hold is begun once more in a fresh world, and both
// attempts stand in the table. What does not hold twice in a row fails.
jest.retryTimes(1, { logErrorsBeforeRetry: true });

/** One test for each case, all on one world; after a case that did not hold the next gets a fresh one. */
export function describeFaults(area: string, cases: readonly ChaosCase[], options: ChaosOptions = {}): void {
  describe(area, () => {
    let world: ChaosWorld | null = null;

    afterAll(() => world?.stop());

    it.each(cases.map((entry) => [entry.id, entry.title, entry] as const))('%s: %s', async (_id, _title, entry) => {
      const judged = async () => {
        world ??= await ChaosWorld.start(options);
        return runCase(world, entry);
      };
      const { failure, ...result } = await judged().catch((error: unknown) => ({
        id: entry.id,
        title: entry.title,
        outcome: 'violated' as const,
        remarks: [`the case did not end: ${error instanceof Error ? error.message : String(error)}`],
        recoverySeconds: null,
        realSeconds: null,
        failure: error,
      }));
      const remarks = failure === undefined ? [] : [firstLine(failure)];
      recordResult({ ...result, remarks: [...result.remarks, ...remarks] });
      if (result.outcome === 'violated') {
        await world?.stop();
        world = null;
      }
      if (failure !== undefined) throw failure instanceof Error ? failure : new Error(firstLine(failure));
      if (result.outcome !== 'not injectable') expect(result.remarks).toEqual([]);
    });
  });
}

/** With what caused it, which for a fetch is all that it says. */
function messageOf(error: Error): string {
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

function firstLine(failure: unknown): string {
  const text = failure instanceof Error ? messageOf(failure) : JSON.stringify(failure);
  return stripVTControlCharacters(text)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(0, 10)
    .join(' / ');
}
