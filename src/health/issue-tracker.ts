import { type Finding, type Issue, keyOf } from './issue';

/** Looks in a row that must not see an issue before it is over: one good call between failures ends nothing. */
const CHECKS_TO_CLEAR = 2;

interface Tracked {
  issue: Issue;
  missed: number;
}

/** What one look changed. */
export interface IssueChanges {
  opened: Issue[];
  cleared: string[];
}

/** Gives findings their beginning and their end. Knows no clock and no database: both are handed in. */
export class IssueTracker {
  private readonly tracked = new Map<string, Tracked>();
  private readonly remembered = new Map<string, Date>();

  /** Beginnings that were stored before; an issue that is found again keeps the earlier of the two. */
  remember(beginnings: readonly { key: string; since: Date }[]): void {
    for (const { key, since } of beginnings) {
      this.remembered.set(key, since);
      const tracked = this.tracked.get(key);
      if (tracked !== undefined && since < tracked.issue.since) tracked.issue = { ...tracked.issue, since };
    }
  }

  /** Takes one look's findings. */
  observe(findings: readonly Finding[], now: Date): IssueChanges {
    const seen = new Set<string>();
    const opened: Issue[] = [];
    for (const finding of findings) {
      const key = keyOf(finding);
      seen.add(key);
      const before = this.tracked.get(key);
      const since = earliest([finding.since, before?.issue.since, this.remembered.get(key)]) ?? now;
      const issue = { ...finding, key, since };
      this.tracked.set(key, { issue, missed: 0 });
      if (before === undefined) opened.push(issue);
    }
    return { opened, cleared: this.age(seen) };
  }

  /** The worst first, then the oldest. */
  current(): Issue[] {
    return [...this.tracked.values()]
      .map((tracked) => tracked.issue)
      .sort((a, b) => RANK[a.severity] - RANK[b.severity] || a.since.getTime() - b.since.getTime());
  }

  private age(seen: ReadonlySet<string>): string[] {
    const cleared: string[] = [];
    for (const [key, tracked] of this.tracked) {
      if (seen.has(key)) continue;
      tracked.missed += 1;
      if (tracked.missed < CHECKS_TO_CLEAR) continue;
      this.tracked.delete(key);
      this.remembered.delete(key);
      cleared.push(key);
    }
    return cleared;
  }
}

function earliest(moments: readonly (Date | undefined)[]): Date | undefined {
  const known = moments.filter((moment) => moment !== undefined);
  return known.reduce<Date | undefined>(
    (first, moment) => (first === undefined || moment < first ? moment : first),
    undefined,
  );
}

const RANK = { critical: 0, warning: 1, notice: 2 } as const;
