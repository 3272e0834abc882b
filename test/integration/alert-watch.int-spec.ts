import type { AlertFinding } from '../../src/alerts/alert-finding';
import { AlertWatch } from '../../src/alerts/alert-watch.service';
import { TreasuryWatch } from '../../src/alerts/treasury-watch.service';
import { newId } from '../../src/common';
import { TrustSnapshot } from '../../src/health';
import { AlertReceiver } from '../support/alert-receiver';
import { AlertRig } from '../support/alert-rig';

const HOUR = 3_600_000;
const BEGIN = Date.UTC(2026, 0, 15);

describe('what is watched for alerts', () => {
  let rig: AlertRig;
  let receiver: AlertReceiver;

  beforeEach(async () => {
    receiver = await AlertReceiver.start();
    rig = await AlertRig.start({ ALERT_SLACK_URLS: receiver.url(), ALERT_GROUP_SECONDS: '0' });
  });

  afterEach(async () => {
    await rig.stop();
    await receiver.stop();
  });

  /** What all wallets together were worth in the hour, in TAO; null: not known. */
  async function worth(hour: number, tao: number | null): Promise<void> {
    const rao = tao === null ? null : String(BigInt(tao) * 1_000_000_000n);
    const missing = tao === null ? [{ input: 'pools', reason: 'the pools are stale' }] : [];
    await rig.store.query(
      `INSERT INTO nav_hours (scope, bucket_at, run_id, at, block_number, complete, missing, mid, exec_50, exec_100,
         wallets)
       VALUES ('all', $1, $2, $1, $3, $4, $5, $6, $6, $6, '{}')`,
      [new Date(BEGIN + hour * HOUR), newId(), 1000 + hour, tao !== null, JSON.stringify(missing), rao],
    );
  }

  const watch = (): Promise<readonly AlertFinding[]> => rig.app.get(TreasuryWatch, { strict: false }).find();

  it('holds a fall beyond a limit, by what is stored, and publishes value and drawdown for Prometheus', async () => {
    await worth(0, 1000);
    await worth(1, 830);
    expect(await watch()).toMatchObject([
      {
        key: 'drawdown_limit',
        severity: 'warning',
        message: 'The treasury is 17 % below its peak; the soft limit is 15 %.',
      },
    ]);
    expect(await rig.metric(/^tao_nav_tao\{basis="exec100"\} 830$/)).toBeDefined();
    expect(await rig.metric(/^tao_nav_complete 1$/)).toBeDefined();
    expect(await rig.metric(/^tao_drawdown_ratio\{basis="exec100"\} 0.17$/)).toBeDefined();
    expect(await rig.metric(/^tao_drawdown_limit_ratio\{limit="hard"\} 0.2$/)).toBeDefined();
  });

  it('holds a value that is not known, which has no sample in Prometheus', async () => {
    await worth(0, 1000);
    await worth(1, null);
    expect(await watch()).toMatchObject([{ key: 'nav_incomplete', severity: 'warning' }]);
    expect(await rig.metric(/^tao_nav_complete 0$/)).toBeDefined();
    expect(await rig.metric(/^tao_nav_tao\{/)).toBeUndefined();
  });

  it('holds the issues of the trust pack; what is true of every beginning is watched for half an hour', async () => {
    await rig.app.get(TrustSnapshot, { strict: false }).look();
    const found = await rig.app.get(AlertWatch, { strict: false }).find();
    expect(found).toContainEqual(
      expect.objectContaining({ key: 'no_datasets', severity: 'warning', watchedMs: 1_800_000 }),
    );
  });

  describe('an outage of PostgreSQL, during which nothing can be written down', () => {
    let alerts: AlertWatch;

    beforeEach(() => {
      alerts = rig.app.get(AlertWatch, { strict: false });
    });

    /** The look or the sending fails while the trust pack holds the issue. */
    function failDuring(code: string): void {
      const snapshot = rig.app.get(TrustSnapshot, { strict: false });
      const { pack } = snapshot.current();
      const since = new Date(Date.now() - 60_000);
      const outage = { ...pack.overall_health.issues[0], code, subject: null, severity: 'critical', since };
      const down = { ...pack, overall_health: { ...pack.overall_health, issues: [outage] } };
      const current = jest.spyOn(snapshot, 'current');
      current.mockReturnValue({ pack: down as unknown as typeof pack, body: Buffer.alloc(0), etag: '' });
      alerts.remember();
      current.mockRestore();
    }

    const keysFound = async (): Promise<string[]> => (await alerts.find()).map(({ key }) => key);

    it.each([
      ['database_down', /^TAO Treasury: critical: PostgreSQL did not answer/],
      ['database_read_only', /^TAO Treasury: critical: PostgreSQL took no changes/],
      ['disk_full', /^TAO Treasury: critical: PostgreSQL had no room left/],
    ])('is told once it is over: %s', async (code, text) => {
      failDuring(code);
      await rig.planner.plan(await alerts.find(), true);
      alerts.written();
      await rig.sender.send();
      expect(receiver.take().map(({ body }) => JSON.parse(body) as unknown)).toEqual([
        { text: expect.stringMatching(text) as string },
      ]);
      expect(await keysFound()).not.toContain(code);
    });

    it('is not forgotten with a plan that had begun before it was remembered', async () => {
      await rig.planner.plan(await alerts.find(), true);
      failDuring('database_down');
      alerts.written();
      expect(await keysFound()).toContain('database_down');
    });

    it('is told beside the one that followed it', async () => {
      failDuring('database_down');
      failDuring('database_read_only');
      expect(await keysFound()).toEqual(expect.arrayContaining(['database_down', 'database_read_only']));
    });
  });
});
