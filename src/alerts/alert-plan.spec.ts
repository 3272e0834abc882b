import fc from 'fast-check';
import type { StoredAlert } from '../database';
import type { AlertFinding } from './alert-finding';
import { type AlertPlan, type AlertPolicy, nextNotificationAt, planAlerts } from './alert-plan';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.UTC(2026, 0, 15);
const POLICY: AlertPolicy = { groupMs: 30_000, minSeverity: 'warning', canResolve: true, canTell: true };

const stale = (fields: Partial<AlertFinding> = {}): AlertFinding => ({
  key: 'dataset_stale:pools',
  code: 'dataset_stale',
  subject: 'pools',
  severity: 'warning',
  message: 'pools is stale.',
  since: null,
  ...fields,
});

/** Keeps what plans write, as the database does. */
class Board {
  ms = START;
  private readonly alerts = new Map<string, StoredAlert>();
  private lastMessageAt: Date | null = null;

  constructor(private readonly policy: Partial<AlertPolicy> = {}) {}

  look(findings: readonly AlertFinding[], policy: Partial<AlertPolicy> = {}): AlertPlan {
    const board = {
      alerts: [...this.alerts.values()],
      findings,
      now: new Date(this.ms),
      lastMessageAt: this.lastMessageAt,
    };
    const plan = planAlerts(board, { ...POLICY, ...this.policy, ...policy });
    for (const alert of plan.changed) this.alerts.set(alert.key, alert);
    if (plan.firing.length + plan.resolved.length > 0) this.lastMessageAt = board.now;
    return plan;
  }

  /** Looks every ten seconds for so long; answers how often each alert was told and ended. */
  pass(ms: number, findings: readonly AlertFinding[]): { firing: string[]; resolved: string[] } {
    const told = { firing: [] as string[], resolved: [] as string[] };
    for (const end = this.ms + ms; this.ms < end;) {
      this.ms += 10_000;
      const { firing, resolved } = this.look(findings);
      told.firing.push(...firing.map(({ key }) => key));
      told.resolved.push(...resolved.map(({ key }) => key));
    }
    return told;
  }

  alert(key = 'dataset_stale:pools'): StoredAlert {
    const alert = this.alerts.get(key);
    if (alert === undefined) throw new Error(`no alert ${key}`);
    return alert;
  }

  mute(until: number): void {
    this.alerts.set(this.alert().key, { ...this.alert(), mutedUntil: new Date(until) });
  }
}

describe('the plan of alerts', () => {
  it('waits for the group, then tells once', () => {
    const board = new Board();
    expect(board.look([stale()]).firing).toEqual([]);
    expect(board.pass(20_000, [stale()]).firing).toEqual([]);
    expect(board.pass(HOUR - MINUTE, [stale()]).firing).toEqual(['dataset_stale:pools']);
  });

  it('keeps the earliest beginning that anybody knows', () => {
    const board = new Board();
    board.look([stale({ since: new Date(START - HOUR) })]);
    board.look([stale({ since: new Date(START - 2 * HOUR) })]);
    board.look([stale({ since: new Date(START - HOUR) })]);
    expect(board.alert().since).toEqual(new Date(START - 2 * HOUR));
  });

  it('says nothing of what is over before its group is, nor of its end', () => {
    const board = new Board();
    board.look([stale()]);
    expect(board.pass(10 * MINUTE, [])).toEqual({ firing: [], resolved: [] });
    expect(board.alert().resolvedAt).not.toBeNull();
  });

  it('tells what has lasted already at once, and gives some things longer than others', () => {
    expect(new Board().look([stale({ watchedMs: 0 })]).firing).toHaveLength(1);
    const board = new Board();
    const down = stale({ key: 'cache_down', code: 'cache_down', subject: null });
    expect(board.pass(20 * MINUTE, [stale({ watchedMs: 30 * MINUTE }), down]).firing).toEqual(['cache_down']);
    expect(board.pass(9 * MINUTE, [stale({ watchedMs: 30 * MINUTE })]).firing).toEqual([]);
    expect(board.pass(2 * MINUTE, [stale({ watchedMs: 30 * MINUTE })]).firing).toHaveLength(1);
  });

  it('lists what is less severe than asked for and does not tell it, until it gets worse', () => {
    const board = new Board();
    expect(board.pass(HOUR, [stale({ severity: 'notice' })]).firing).toEqual([]);
    expect(nextNotificationAt(board.alert(), POLICY)).toBeNull();
    expect(board.pass(MINUTE, [stale()]).firing).toHaveLength(1);
  });

  it('puts five minutes between two messages, but for what is newly critical', () => {
    const other = stale({ key: 'cache_down', code: 'cache_down', subject: null });
    const board = new Board();
    board.pass(MINUTE, [stale()]);
    expect(board.pass(3 * MINUTE, [stale(), other]).firing).toEqual([]);
    const worst = stale({ key: 'database_down', code: 'database_down', subject: null, severity: 'critical' });
    expect(board.pass(MINUTE, [stale(), other, worst]).firing).toEqual(['database_down', 'cache_down']);
  });

  it('does not tell again what was critical, was better and is critical again', () => {
    const board = new Board();
    board.pass(MINUTE, [stale({ severity: 'critical' })]);
    for (let turn = 0; turn < 3; turn += 1) {
      expect(board.pass(MINUTE, [stale()]).firing).toEqual([]);
      expect(board.pass(MINUTE, [stale({ severity: 'critical' })]).firing).toEqual([]);
    }
  });

  it('does not think that something is over before it has looked for long enough', () => {
    const board = new Board();
    board.look([stale()]);
    board.ms += 12 * HOUR;
    expect(board.look([], { canResolve: false }).changed).toEqual([]);
    expect(board.alert().resolvedAt).toBeNull();
  });

  it('keeps quiet about a muted alert and about its end, and tells what still stands when the muting ends', () => {
    const board = new Board();
    board.pass(MINUTE, [stale()]);
    board.mute(board.ms + 3 * HOUR);
    expect(board.pass(3 * HOUR - MINUTE, [stale()]).firing).toEqual([]);
    expect(board.pass(2 * MINUTE, [stale()]).firing).toHaveLength(1);
    board.mute(board.ms + HOUR);
    expect(board.pass(2 * HOUR, [])).toEqual({ firing: [], resolved: [] });
  });

  it('goes on with the same alert when it comes back within the hour, and begins anew after it', () => {
    const board = new Board();
    board.pass(MINUTE, [stale()]);
    board.pass(10 * MINUTE, []);
    expect(board.pass(40 * MINUTE, [stale()]).firing).toEqual([]);
    board.pass(2 * HOUR, []);
    expect(board.pass(MINUTE, [stale()]).firing).toHaveLength(1);
    expect(board.alert().notifications).toBe(1);
  });

  it('counts nothing as told while there is nobody to tell', () => {
    const board = new Board({ canTell: false });
    expect(board.pass(HOUR, [stale()]).firing).toEqual([]);
    expect(board.alert()).toMatchObject({ told: false, notifiedAt: null });
  });

  it('writes nothing for an alert that is as it was, but that it is still there', () => {
    const board = new Board();
    board.look([stale()]);
    board.ms += 5_000;
    expect(board.look([stale()]).changed).toEqual([]);
    board.ms += 5_000;
    expect(board.look([stale()]).changed).toHaveLength(1);
  });

  it('never ends what it has not told, and tells an end at most once for each telling', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 120 }), (weather) => {
        const board = new Board();
        const spoken: string[] = [];
        for (const stands of weather) {
          const { firing, resolved } = board.pass(2 * MINUTE, stands ? [stale()] : []);
          spoken.push(...firing.map(() => 'firing'), ...resolved.map(() => 'resolved'));
        }
        return spoken.every((word, index) => word === 'firing' || spoken[index - 1] === 'firing');
      }),
      { numRuns: 50 },
    );
  });
});
