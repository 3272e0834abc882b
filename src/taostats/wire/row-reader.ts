import { getMetadataStorage, validateSync } from 'class-validator';
import type { PayloadClass } from '../endpoint';
import { type FieldShape, fieldKind } from './field';

/** One property of a payload class, ready to run. */
interface CompiledField {
  property: string;
  optional: boolean;
  normalize: (value: unknown) => unknown;
  accepts: (value: unknown) => boolean;
}

/** Reads rows of one payload class. Compiled once from class-validator's metadata, at the speed of parsing. */
export interface RowReader<P extends object> {
  /** Brings numerics into decimal text and missing values to null, in place. Unknown fields are left as they are. */
  normalize(row: Record<string, unknown>): P;
  /** Null when the row is valid, else every reason. Expects a normalised row. */
  violations(row: P): string | null;
}

const READERS = new Map<unknown, RowReader<object>>();

/** The reader of a payload class; compiled on first use. */
export function rowReader<P extends object>(payload: PayloadClass<P>): RowReader<P> {
  const known = READERS.get(payload);
  if (known !== undefined) return known as RowReader<P>;
  const reader = compile(payload);
  READERS.set(payload, reader);
  return reader;
}

function compile<P extends object>(payload: PayloadClass<P>): RowReader<P> {
  const fields = compileFields(payload);
  const isValid = (row: Record<string, unknown>): boolean =>
    fields.every(({ property, optional, accepts }) => {
      const value = row[property];
      return value === null || value === undefined ? optional : accepts(value);
    });
  return {
    normalize(row) {
      for (const { property, normalize } of fields) row[property] = normalize(row[property] ?? null);
      return row as P;
    },
    violations: (row) => (isValid(row as Record<string, unknown>) ? null : explain(payload, row)),
  };
}

function compileFields(payload: PayloadClass<object>): CompiledField[] {
  const metadata = getMetadataStorage().getTargetValidationMetadatas(payload, '', false, false);
  const optional = new Set(
    metadata.filter((entry) => entry.type === 'conditionalValidation').map((entry) => entry.propertyName),
  );
  return metadata
    .filter((entry) => entry.type === 'customValidation')
    .map((entry) => {
      const kind = fieldKind(entry.name ?? '');
      const [shape] = (entry.constraints ?? []) as [FieldShape?];
      // A check that is not of our kinds would silently not run: refuse at the first row instead.
      if (kind === undefined || shape === undefined) {
        throw new Error(`${payload.name}.${entry.propertyName}: "${entry.name}" is not a field kind of payloads`);
      }
      return {
        property: entry.propertyName,
        optional: optional.has(entry.propertyName),
        normalize: (value) => (value === null ? null : kind.normalize(value, shape)),
        accepts: (value) => kind.accepts(value, shape),
      };
    });
}

/** Only refused rows pay for class-validator itself, which knows how to say what is wrong. */
function explain<P extends object>(payload: PayloadClass<P>, row: P): string {
  const instance = Object.assign(new payload(), row);
  return validateSync(instance)
    .flatMap((failure) => Object.values(failure.constraints ?? {}))
    .join('; ');
}
