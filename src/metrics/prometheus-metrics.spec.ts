import { SystemClock } from '../common';
import { loadSettings } from '../config';
import { EventLoopLag } from './event-loop-lag';
import { PrometheusMetrics } from './prometheus-metrics';

describe('gauges for Prometheus', () => {
  const settings = loadSettings({ TAOSTATS_API_KEY: 'tao-test-key:00000000' });

  it('have no sample before their owner knows a value: zero would be one', async () => {
    const prometheus = new PrometheusMetrics(settings, new EventLoopLag(new SystemClock()));
    const limit = prometheus.gauge('tao_limit', 'A limit.');
    const samples = async () => (await prometheus.registry.metrics()).match(/^tao_limit .*$/gm);
    expect(await samples()).toBeNull();
    limit.set(0);
    expect(await samples()).toEqual(['tao_limit 0']);
  });
});
