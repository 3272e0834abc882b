import 'reflect-metadata';
import { applyDecorators } from '@nestjs/common';
import { IsBoolean, IsIn, IsInt, IsNumber, IsOptional, IsString, Max, Min, MinLength } from 'class-validator';
import { Transform } from 'class-transformer';

export type VariableKind = 'flag' | 'integer' | 'number' | 'text' | 'optional' | 'list' | 'choice';

/** One environment variable as operators see it; the registry feeds boot errors, `.env.example` and the docs. */
export interface Variable {
  name: string;
  property: string;
  kind: VariableKind;
  defaultValue: unknown;
  /** What is accepted, in words: `1 to 300 s`, `true or false`. */
  range: string;
  sentence: string;
  secret: boolean;
}

const REGISTRY: Variable[] = [];

/** All variables in the order in which `Settings` declares them. */
export function variables(): readonly Variable[] {
  return REGISTRY;
}

function variable(entry: Omit<Variable, 'property'>, ...checks: PropertyDecorator[]): PropertyDecorator {
  const register: PropertyDecorator = (_target, property) => {
    REGISTRY.push({ ...entry, property: String(property) });
  };
  return applyDecorators(register, ...checks);
}

const TRUE = new Set(['true', '1', 'yes', 'on']);
const FALSE = new Set(['false', '0', 'no', 'off', '']);

function toFlag(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const word = value.trim().toLowerCase();
  if (TRUE.has(word)) return true;
  return FALSE.has(word) ? false : value;
}

function toNumber(value: unknown): unknown {
  // Number('') is 0 and Number('0x10') is 16: neither is what an operator meant.
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : value;
}

function toList(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  return value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** On for `true 1 yes on`, off for `false 0 no off` and empty, in any case. */
export function Flag(name: string, defaultValue: boolean, sentence: string): PropertyDecorator {
  const entry = { name, kind: 'flag' as const, defaultValue, range: 'true or false', sentence, secret: false };
  return variable(
    entry,
    Transform(({ value }) => toFlag(value)),
    IsBoolean(),
  );
}

interface Bounds {
  min: number;
  max: number;
  unit?: string;
}

function rangeOf({ min, max, unit }: Bounds): string {
  return `${min} to ${max}${unit === undefined ? '' : ` ${unit}`}`;
}

export function Integer(name: string, defaultValue: number, bounds: Bounds, sentence: string): PropertyDecorator {
  const entry = {
    name,
    kind: 'integer' as const,
    defaultValue,
    range: `whole number, ${rangeOf(bounds)}`,
    sentence,
    secret: false,
  };
  return variable(
    entry,
    Transform(({ value }) => toNumber(value)),
    IsInt(),
    Min(bounds.min),
    Max(bounds.max),
  );
}

export function Quantity(name: string, defaultValue: number, bounds: Bounds, sentence: string): PropertyDecorator {
  const entry = { name, kind: 'number' as const, defaultValue, range: rangeOf(bounds), sentence, secret: false };
  return variable(
    entry,
    Transform(({ value }) => toNumber(value)),
    IsNumber(),
    Min(bounds.min),
    Max(bounds.max),
  );
}

export function Text(name: string, defaultValue: string, range: string, sentence: string): PropertyDecorator {
  const entry = { name, kind: 'text' as const, defaultValue, range, sentence, secret: false };
  return variable(entry, IsString(), MinLength(1));
}

export function Choice(
  name: string,
  defaultValue: string,
  choices: readonly string[],
  sentence: string,
): PropertyDecorator {
  const entry = { name, kind: 'choice' as const, defaultValue, range: choices.join(', '), sentence, secret: false };
  return variable(
    entry,
    Transform(({ value }) => (typeof value === 'string' ? value.toLowerCase() : (value as unknown))),
    IsIn(choices),
  );
}

interface OptionalText {
  range: string;
  secret?: boolean;
}

/** Absent and empty both mean: not configured. */
export function OptionalText(name: string, shape: OptionalText, sentence: string): PropertyDecorator {
  const secret = shape.secret ?? false;
  const entry = { name, kind: 'optional' as const, defaultValue: undefined, range: shape.range, sentence, secret };
  return variable(
    entry,
    Transform(({ value }) => (value === '' ? undefined : (value as unknown))),
    IsOptional(),
    IsString(),
  );
}

/** As `List`, for what nobody may see; in a file the entries may stand on lines of their own. */
export function SecretList(name: string, range: string, sentence: string): PropertyDecorator {
  const entry = { name, kind: 'list' as const, defaultValue: '', range, sentence, secret: true };
  return variable(
    entry,
    Transform(({ value }) => toList(typeof value === 'string' ? value.replace(/\s+/g, ',') : value)),
    IsString({ each: true }),
  );
}

/** Comma-separated; absent and empty both mean none. */
export function List(name: string, range: string, sentence: string): PropertyDecorator {
  const entry = { name, kind: 'list' as const, defaultValue: '', range, sentence, secret: false };
  return variable(
    entry,
    Transform(({ value }) => toList(value)),
    IsString({ each: true }),
  );
}
