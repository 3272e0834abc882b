import { unit } from '../random';
import { type Fault, parseFault } from './fault';

/** When a fault strikes: requests whose path starts with `match` and whose query holds `query`. */
export interface FaultRule {
  id: number;
  match: string;
  method?: string;
  /** Text that the query string must contain, for example `page=2`. */
  query?: string;
  /** Matching requests that are let through first. */
  skip: number;
  /** How often it strikes; forever when absent. */
  times?: number;
  /** Chance that a matching request is struck, 0 to 1. */
  probability: number;
  fault: Fault;
  struck: number;
}

export interface Struck {
  rule: FaultRule;
  fault: Fault;
}

/** The faults in force, in the order in which they were added; the first that matches strikes. */
export class FaultBook {
  private rules: FaultRule[] = [];
  private nextId = 1;
  private draws = 0;

  constructor(private readonly seed: number) {}

  add(value: unknown): FaultRule {
    const rule = this.parse(value);
    this.rules.push(rule);
    return rule;
  }

  clear(id?: number): void {
    this.rules = id === undefined ? [] : this.rules.filter((rule) => rule.id !== id);
  }

  list(): readonly FaultRule[] {
    return this.rules;
  }

  strike(request: { method: string; path: string; search: string }): Struck | undefined {
    for (const rule of this.rules) {
      if (!matches(rule, request)) continue;
      if (rule.skip > 0) {
        rule.skip -= 1;
        continue;
      }
      if (rule.times !== undefined && rule.struck >= rule.times) continue;
      this.draws += 1;
      if (unit(this.seed, this.draws, 99) >= rule.probability) continue;
      rule.struck += 1;
      return { rule, fault: rule.fault };
    }
    return undefined;
  }

  private parse(value: unknown): FaultRule {
    if (typeof value !== 'object' || value === null) throw new TypeError('expected {match, times?, fault}');
    const { match, method, query, skip, times, forever, probability, fault } = value as Record<string, unknown>;
    if (typeof match !== 'string') throw new TypeError('match: expected the beginning of a path');
    const rule: FaultRule = {
      id: this.nextId,
      match,
      skip: count('skip', skip) ?? 0,
      probability: typeof probability === 'number' ? probability : 1,
      fault: parseFault(fault),
      struck: 0,
    };
    const limit = forever === true ? undefined : count('times', times);
    if (limit !== undefined) rule.times = limit;
    if (typeof method === 'string') rule.method = method.toUpperCase();
    if (typeof query === 'string') rule.query = query;
    this.nextId += 1;
    return rule;
  }
}

function matches(rule: FaultRule, request: { method: string; path: string; search: string }): boolean {
  return (
    request.path.startsWith(rule.match) &&
    (rule.method === undefined || rule.method === request.method) &&
    (rule.query === undefined || request.search.includes(rule.query))
  );
}

function count(name: string, value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) {
    throw new TypeError(`${name}: expected a whole number`);
  }
  return value;
}
