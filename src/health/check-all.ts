import { ServiceUnavailableException } from '@nestjs/common';
import type { HealthCheckResult, HealthCheckService, HealthIndicatorFunction } from '@nestjs/terminus';

/** Terminus throws its result when a check is down; here it is an answer like any other. */
export async function checkAll(
  health: HealthCheckService,
  checks: HealthIndicatorFunction[],
): Promise<HealthCheckResult> {
  try {
    return await health.check(checks);
  } catch (error) {
    if (error instanceof ServiceUnavailableException) return error.getResponse() as HealthCheckResult;
    throw error;
  }
}
