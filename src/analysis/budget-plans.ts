/** A plan of TaoStats as published in October 2026. */
export interface UpstreamPlan {
  name: string;
  usdPerMonth: number;
  perMinute: number;
  perMonth: number;
}

/** From the smallest to the largest. The price of a credit per endpoint is not published; one call is taken for one credit. */
export const UPSTREAM_PLANS: readonly UpstreamPlan[] = [
  { name: 'free', usdPerMonth: 0, perMinute: 5, perMonth: 10_000 },
  { name: 'power', usdPerMonth: 9, perMinute: 20, perMonth: 20_000 },
  { name: 'develop', usdPerMonth: 49, perMinute: 60, perMonth: 50_000 },
  { name: 'scale', usdPerMonth: 199, perMinute: 240, perMonth: 500_000 },
];
