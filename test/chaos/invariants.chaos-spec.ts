import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Stored,
  findBlindness,
  findLeaks,
  findLifeSigns,
  findLostRuns,
  findMirrorFaults,
  findOverrun,
  findStuck,
  findUnexplainedChanges,
} from './rig/invariants';
import { REPORT_VARIABLE, RESULTS_VARIABLE, publishResults, recordResult, tableOf } from './rig/results';

const stored = (rows: Record<string, string>): Stored => new Map([['pools', new Map(Object.entries(rows))]]);
const rows = (given: Record<string, string>): Map<string, string> => new Map(Object.entries(given));
const applied = { dataset: 'pools', state: 'applied', rowsChanged: 1 };
const minute = (count: number, spanMs: number): number[] =>
  Array.from({ length: count }, (_, index) => (index * spanMs) / (count - 1));

describe('what judges the service after every fault', () => {
  describe('I1, stored values', () => {
    it('accepts that nothing changed, and what an applied run changed', () => {
      expect(findUnexplainedChanges(stored({ 1: 'a' }), stored({ 1: 'a' }), [])).toEqual([]);
      expect(findUnexplainedChanges(stored({ 1: 'a' }), stored({ 1: 'b', 2: 'c' }), [applied])).toEqual([]);
    });

    it.each([
      ['a tampered row', { 1: 'b' }],
      ['a row that is gone', {}],
      ['a row that nobody wrote', { 1: 'a', 2: 'c' }],
    ])('sees %s', (_what, after) => {
      const failed = { ...applied, state: 'failed' };
      const other = { ...applied, dataset: 'subnets' };
      const found = findUnexplainedChanges(stored({ 1: 'a' }), stored(after), [failed, other]);
      expect(found).toMatchObject([{ invariant: 'I1' }]);
    });
  });

  describe('I2, the limit', () => {
    it('accepts the limit in any 60 s, and one more only after them', () => {
      expect(findOverrun(minute(60, 59_999), 60)).toEqual([]);
      expect(findOverrun(minute(61, 60_000), 60)).toEqual([]);
    });

    it('sees one request too many in 60 s, wherever the minute begins', () => {
      expect(findOverrun(minute(61, 59_999), 60)).toMatchObject([{ invariant: 'I2' }]);
      expect(findOverrun([...minute(61, 59_999).map((ms) => ms + 30_000), 0], 60)).toMatchObject([{ invariant: 'I2' }]);
    });
  });

  it('I3 sees a run that is running without a lease', () => {
    const run = { id: 'one', dataset: 'pools' };
    expect(findLostRuns([{ ...run, leased: true }])).toEqual([]);
    expect(findLostRuns([{ ...run, leased: false }])).toMatchObject([{ invariant: 'I3' }]);
  });

  describe('I4, the mirror', () => {
    it('accepts the same rows in any order', () => {
      expect(findMirrorFaults('pools', rows({ 1: 'a', 2: 'b' }), rows({ 2: 'b', 1: 'a' }))).toEqual([]);
    });

    it.each([
      ['a digit that is not what upstream sent', { 1: 'price=0.11' }],
      ['a row that was left out', {}],
      ['a row that upstream does not have', { 1: 'price=0.1', 2: 'price=1' }],
    ])('sees %s', (_what, found) => {
      expect(findMirrorFaults('pools', rows(found as Record<string, string>), rows({ 1: 'price=0.1' }))).toMatchObject([
        { invariant: 'I4' },
      ]);
    });

    it('does not take an upstream without rows for a proof', () => {
      expect(findMirrorFaults('pools', rows({}), rows({}))).toMatchObject([{ invariant: 'I4' }]);
    });
  });

  describe('I5, the trust pack', () => {
    const shown = { wanted: ['upstream_paused'], before: [], during: ['upstream_paused'], after: [], counts: true };

    it('accepts a fault that was shown and then cleared, and a case that says why nothing is shown', () => {
      expect(findBlindness({ ...shown, statusDuring: 'degraded' })).toEqual([]);
      expect(findBlindness({ ...shown, wanted: null, during: [], statusDuring: 'healthy' })).toEqual([]);
    });

    it.each([
      ['an issue that stood before the fault and so proves nothing', { before: ['upstream_paused'] }],
      ['a fault that was never shown', { during: [] }],
      ['an issue that stays when the fault is over', { after: ['upstream_paused'] }],
      ['a pack that says healthy', { statusDuring: 'healthy' }],
    ])('sees %s', (_what, change) => {
      const found = findBlindness({ ...shown, statusDuring: 'degraded', ...change });
      expect(found).toMatchObject([{ invariant: 'I5' }]);
    });
  });

  it('I6 sees the whole secret and either half of it, wherever it is', () => {
    const secret = 'tao-canary-1:second-half';
    const places = new Map([
      ['the log', 'key tao-canary-1:second-half'],
      ['/metrics', 'tao_up{key="second-half"}'],
      ['/api/v1/health', 'ok'],
    ]);
    expect(findLeaks(places, secret).map(({ detail }) => detail)).toEqual([
      'the secret is in the log',
      'the secret is in /metrics',
    ]);
  });

  it('I7 sees a probe that did not answer, an exception that nobody caught, and a probe that was never asked', () => {
    const well = { missed: [], beats: 3, uncaught: [] };
    expect(findLifeSigns(well)).toEqual([]);
    for (const change of [{ missed: ['503'] }, { uncaught: ['TypeError'] }, { beats: 0 }]) {
      expect(findLifeSigns({ ...well, ...change })).toMatchObject([{ invariant: 'I7' }]);
    }
  });

  it('I8 sees a dataset that is not synced again', () => {
    expect(findStuck('pools', 12, null)).toEqual([]);
    expect(findStuck('pools', null, { state: 'failed', reason_code: 'taostats/unavailable' })).toMatchObject([
      { invariant: 'I8' },
    ]);
  });
});

describe('the table at the end', () => {
  const held = { id: 'U10', title: 'flapping', outcome: 'held', remarks: [], recoverySeconds: 61.25, realSeconds: 1.5 };
  const violated = { ...held, id: 'U9', outcome: 'violated', remarks: ['I1: a row changed'], recoverySeconds: null };

  it('names fault, outcome and seconds to recover, and below it what was violated', () => {
    const [, head, first, remark, second, sum] = tableOf([violated, held] as never).split('\n');
    expect(head).toContain('recovery s');
    expect(first).toMatch(/^U9 .*violated/);
    expect(remark?.trim()).toBe('I1: a row changed');
    expect(second).toMatch(/^U10 .*held +61\.3/);
    expect(sum).toBe('1 of 2 faults held all invariants');
  });

  it('is written as JSON to the file that CHAOS_REPORT names, in the order of the catalogue', () => {
    const directory = mkdtempSync(join(tmpdir(), 'treasury-table-'));
    const kept = { results: process.env[RESULTS_VARIABLE], report: process.env[REPORT_VARIABLE] };
    process.env[RESULTS_VARIABLE] = join(directory, 'cases.jsonl');
    process.env[REPORT_VARIABLE] = join(directory, 'report.json');
    writeFileSync(join(directory, 'cases.jsonl'), '');
    jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    recordResult(held as never);
    recordResult(violated as never);
    publishResults();
    expect(JSON.parse(readFileSync(join(directory, 'report.json'), 'utf8'))).toEqual([violated, held]);
    Object.assign(process.env, { [RESULTS_VARIABLE]: kept.results ?? '', [REPORT_VARIABLE]: kept.report ?? '' });
    rmSync(directory, { recursive: true });
  });
});
