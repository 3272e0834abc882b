/**
 * How far a figure can be trusted, best first. `ok`: applied and inside its age limits. `stale`: past the warning age.
 * `protected`: the last answer was refused and the last good rows stand. `drift`: reconciliation disagrees.
 * `unknown`: never synced. A derived figure carries the worst of its inputs.
 */
export const TRUST_LEVELS = ['ok', 'stale', 'protected', 'drift', 'unknown'] as const;
export type Trust = (typeof TRUST_LEVELS)[number];

export function worstTrust(levels: readonly Trust[]): Trust {
  return levels.reduce<Trust>(
    (worst, level) => (TRUST_LEVELS.indexOf(level) > TRUST_LEVELS.indexOf(worst) ? level : worst),
    'ok',
  );
}
