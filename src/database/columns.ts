import { Column } from 'typeorm';

/** For columns that are never null. All others are: what upstream does not say is null, never zero. */
export const REQUIRED = { nullable: false };

type Shape = Partial<typeof REQUIRED>;

/** Whole numbers that were checked to fit a double exactly; PostgreSQL hands bigint out as text. */
export const WHOLE = {
  to: (value: number | null): number | null => value,
  from: (value: string | null): number | null => (value === null ? null : Number(value)),
};

/** Decimal text, at least 0 and below 1e30 (a CHECK of the table); NUMERIC without a scale keeps every digit. */
export function Amount(name: string, { nullable = true }: Shape = {}): PropertyDecorator {
  return Column('numeric', { name, nullable });
}

/** Decimal text between -1e30 and 1e30. */
export function SignedAmount(name: string, { nullable = true }: Shape = {}): PropertyDecorator {
  return Column('numeric', { name, nullable });
}

/** Blocks, counts, ranks. */
export function Count(name: string, { nullable = true }: Shape = {}): PropertyDecorator {
  return Column('bigint', { name, nullable, transformer: WHOLE });
}

export function Flag(name: string, { nullable = true }: Shape = {}): PropertyDecorator {
  return Column('boolean', { name, nullable });
}

export function Words(name: string, { nullable = true }: Shape = {}): PropertyDecorator {
  return Column('text', { name, nullable });
}

export function WordList(name: string): PropertyDecorator {
  return Column('text', { name, nullable: true, array: true });
}

export function Instant(name: string, { nullable = true }: Shape = {}): PropertyDecorator {
  return Column('timestamptz', { name, nullable });
}

/** Column name to reason, `{}` when there is none. */
export function Reasons(name: string): PropertyDecorator {
  return Column('jsonb', { name, default: {} });
}
