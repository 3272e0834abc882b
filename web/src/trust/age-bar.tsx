import { spanText } from '../format/time';

interface AgeBarProps {
  ageSeconds: number | null;
  warningSeconds: number;
  criticalSeconds: number;
}

/** Places the warning limit at a third of the bar, so that both limits and what lies past them can be told apart. */
const WARNING_AT = 0.36;
const CRITICAL_AT = 0.84;

/** Age of a dataset against its two limits. */
export function AgeBar({ ageSeconds, warningSeconds, criticalSeconds }: AgeBarProps) {
  const limits = `stale at ${spanText(warningSeconds)}, critical at ${spanText(criticalSeconds)}`;
  if (ageSeconds === null) return <span class="quiet-text">never synced ({limits})</span>;
  const level = ageSeconds >= criticalSeconds ? 'critical' : ageSeconds >= warningSeconds ? 'warning' : 'fresh';
  return (
    <div class="age-bar" title={limits}>
      <LimitBar level={level} value={ageSeconds} warning={warningSeconds} critical={criticalSeconds} />
      <span>
        <b>{spanText(ageSeconds)}</b>{' '}
        <small>
          <span class="spoken">{limits}</span>
          <span aria-hidden="true">
            of {spanText(warningSeconds)} / {spanText(criticalSeconds)}
          </span>
        </small>
      </span>
    </div>
  );
}

interface LimitBarProps {
  level: 'fresh' | 'warning' | 'critical';
  value: number;
  warning: number;
  critical: number;
}

/** A value against two limits, which always stand at the same places. */
export function LimitBar({ level, value, warning, critical }: LimitBarProps) {
  return (
    <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" class={`level-${level}`}>
      <rect class="track" width="100" height="8" />
      <rect class="fill" width={100 * share(value, warning, critical)} height="8" />
      <rect class="tick" x={100 * WARNING_AT} width=".8" height="8" />
      <rect class="tick" x={100 * CRITICAL_AT} width=".8" height="8" />
    </svg>
  );
}

/** Linear up to the warning limit and from there to the critical one. */
export function share(age: number, warning: number, critical: number): number {
  if (age <= warning) return (age / warning) * WARNING_AT;
  if (age >= critical) return 1;
  return WARNING_AT + ((age - warning) / (critical - warning)) * (CRITICAL_AT - WARNING_AT);
}
