import { type SlotRun, findSlotFaults } from './rig/slots';

const INTERVAL = 60_000;
const rules = { intervalMs: INTERVAL, graceMs: 10_000, untilMs: 0, isDead: (owner: string | null) => owner === 'dead' };

function run(queuedAtMs: number, state = 'applied', owner = 'alive'): SlotRun {
  return {
    id: `at ${queuedAtMs}`,
    dataset: 'pools',
    state,
    owner,
    queuedAtMs,
    startedAtMs: queuedAtMs,
    finishedAtMs: queuedAtMs + 2_000,
  };
}

describe('what judges the slots of a dataset', () => {
  it('accepts one good run each interval, a little late', () => {
    const runs = [run(0), run(60_000), run(125_000, 'confirmed')];
    expect(findSlotFaults(runs, { ...rules, untilMs: 190_000 })).toEqual([]);
  });

  it('accepts a slot that a process did not live to store, when another stores it at once', () => {
    const runs = [run(0), run(60_000, 'interrupted', 'dead'), run(63_000), run(123_000)];
    expect(findSlotFaults(runs, { ...rules, untilMs: 124_000 })).toEqual([]);
  });

  it('waits for a run whose own end took longer than the interval', () => {
    const slow = { ...run(0), finishedAtMs: 90_000 };
    expect(findSlotFaults([slow, run(91_000)], { ...rules, untilMs: 92_000 })).toEqual([]);
  });

  it.each([
    ['a slot that ran twice', [run(0), run(59_999)], 'before its slot'],
    ['a slot that was left out', [run(0), run(120_000)], 'slots are missing'],
    ['a slot that was taken and never stored', [run(0), run(60_000, 'interrupted', 'dead')], 'nothing came after'],
    ['a schedule that stopped', [run(0), run(60_000)], 'nothing came after'],
    ['a run that failed', [run(0), run(60_000, 'failed'), run(63_000), run(123_000)], 'ended as failed'],
    ['a living process that lost its run', [run(0, 'interrupted'), run(3_000)], 'ended as interrupted'],
    ['a dataset without a run', [], 'no run at all'],
  ])('sees %s', (_what, runs, fault) => {
    expect(findSlotFaults(runs, { ...rules, untilMs: 140_000 }).join('\n')).toContain(fault);
  });
});
