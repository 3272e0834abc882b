import { Injectable } from '@nestjs/common';
import { ALERT_SEVERITIES } from '../config';
import { AlertOutboxRepository, AlertRepository } from '../database';
import { PrometheusMetrics } from '../metrics';

/** The alerts that stand and the deliveries that wait, as Prometheus gauges. */
@Injectable()
export class AlertGauges {
  private readonly standing;
  private readonly waiting;

  constructor(
    prometheus: PrometheusMetrics,
    private readonly alerts: AlertRepository,
    private readonly outbox: AlertOutboxRepository,
  ) {
    this.standing = prometheus.gauge('tao_alerts', 'Alerts that stand, by severity; of all replicas.', ['severity']);
    this.waiting = prometheus.gauge('tao_alert_deliveries_waiting', 'Deliveries in the outbox; of all replicas.');
  }

  async publish(): Promise<void> {
    const standing = (await this.alerts.list()).filter(({ resolvedAt }) => resolvedAt === null);
    for (const severity of ALERT_SEVERITIES) {
      this.standing.set({ severity }, standing.filter((alert) => alert.severity === severity).length);
    }
    this.waiting.set(await this.outbox.countPending());
  }
}
