import { Injectable } from '@nestjs/common';
import { ALERT_SEVERITIES } from '../config';
import type { StoredAlert } from '../database';
import { PrometheusMetrics } from '../metrics';

/** The alerts that stand and the deliveries that wait, as Prometheus gauges; both of all replicas together. */
@Injectable()
export class AlertGauges {
  private readonly standing;
  private readonly waiting;

  constructor(prometheus: PrometheusMetrics) {
    this.standing = prometheus.gauge('tao_alerts', 'Alerts that stand, by severity.', ['severity']);
    this.waiting = prometheus.gauge('tao_alert_deliveries_waiting', 'Deliveries in the outbox.');
  }

  publish(alerts: readonly StoredAlert[], waiting: number): void {
    for (const severity of ALERT_SEVERITIES) {
      const standing = alerts.filter((alert) => alert.resolvedAt === null && alert.severity === severity);
      this.standing.set({ severity }, standing.length);
    }
    this.waiting.set(waiting);
  }
}
