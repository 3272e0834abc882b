import { databaseReading, trustInputs } from '../../test/support/trust-inputs';
import { testSettings } from '../../test/support/test-settings';
import { SystemClock } from '../common';
import { EventLoopLag, PrometheusMetrics } from '../metrics';
import { findIssues } from './find-issues';
import { IssueTracker } from './issue-tracker';
import { TrustGauges } from './trust-gauges';
import { buildTrustPack } from './trust-pack';

describe('the gauges of the trust pack', () => {
  it.each([
    ['takes changes', {}, 1, 1],
    ['is read-only', { readOnly: true }, 1, 0],
    ['has no room left', { diskFullForMs: 0 }, 1, 0],
    ['does not answer', { reachable: false, readOnly: true }, 0, 1],
  ])(
    'say of a PostgreSQL that %s whether it answers, and whether it takes changes',
    async (_, reading, up, writable) => {
      const prometheus = new PrometheusMetrics(testSettings(), new EventLoopLag(new SystemClock()));
      const inputs = trustInputs({ database: databaseReading(reading) });
      const tracker = new IssueTracker();
      tracker.observe(findIssues(inputs), inputs.now);
      const pack = buildTrustPack(inputs, { issues: tracker.current(), at: inputs.now });
      new TrustGauges(prometheus).publish(pack, inputs);
      const figures = await prometheus.registry.metrics();
      expect(figures.match(/^tao_database_\w+ \d$/gm)).toEqual([
        `tao_database_up ${up}`,
        `tao_database_writable ${writable}`,
      ]);
    },
  );
});
