import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional, type ApiPropertyOptions } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Length, Max, Min, ValidateBy } from 'class-validator';

type Described = Pick<ApiPropertyOptions, 'description'> & { example?: unknown };

/** `limit`: rows a page. */
export function LimitField(): PropertyDecorator {
  return IntegerField({ min: 1, max: 200, default: 50, description: 'Rows a page.' });
}

/** `cursor`: `next_cursor` of the page before. */
export function CursorField(): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({
      type: String,
      description: '`next_cursor` of the page before; the other parameters unchanged.',
    }),
    IsOptional(),
    IsString(),
    Length(1, 512),
  );
}

export function IntegerField(range: Described & { min: number; max: number; default?: number }): PropertyDecorator {
  const { min, max, default: preset, ...described } = range;
  const message = `must be a whole number from ${min} to ${max}`;
  return applyDecorators(
    ApiPropertyOptional({ type: 'integer', minimum: min, maximum: max, default: preset, ...described }),
    Transform(({ value }) => wholeNumber(value)),
    IsOptional(),
    IsInt({ message }),
    Min(min, { message }),
    Max(max, { message }),
  );
}

export function ChoiceField(
  choices: readonly string[],
  described: Described & { default?: string },
): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ enum: [...choices], ...described }),
    IsOptional(),
    IsIn(choices, { message: `must be one of ${choices.join(', ')}` }),
  );
}

export function FlagField(described: Described): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ type: Boolean, ...described }),
    Transform(({ value }) => (value === 'true' || value === 'false' ? value === 'true' : (value as unknown))),
    IsOptional(),
    ValidateBy({
      name: 'isFlag',
      validator: { validate: (value) => typeof value === 'boolean', defaultMessage: () => 'must be true or false' },
    }),
  );
}

export function TextField(maxLength: number, described: Described): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ type: String, maxLength, ...described }),
    IsOptional(),
    IsString({ message: 'must be text, once' }),
    Length(1, maxLength, { message: `must have 1 to ${maxLength} characters` }),
  );
}

/** Comma-separated text or a list becomes a list of distinct entries; `accepts` judges each. */
export function ListField(
  rule: { accepts: (entry: string) => boolean; message: string; maxEntries: number },
  described: Described,
): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ type: String, ...described }),
    Transform(({ value }) => entriesOf(value)),
    IsOptional(),
    ValidateBy({
      name: 'isList',
      validator: {
        validate: (value) =>
          Array.isArray(value) &&
          value.length > 0 &&
          value.length <= rule.maxEntries &&
          value.every((entry) => typeof entry === 'string' && rule.accepts(entry)),
        defaultMessage: () => rule.message,
      },
    }),
  );
}

/** A date (midnight UTC) or an ISO 8601 instant with its offset becomes a Date. */
export function InstantField(described: Described): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ type: String, format: 'date-time', ...described }),
    Transform(({ value }) => (typeof value === 'string' ? (parseInstant(value) ?? value) : (value as unknown))),
    IsOptional(),
    ValidateBy({
      name: 'isInstant',
      validator: {
        validate: (value) => value instanceof Date,
        defaultMessage: () => 'must be a date (2026-01-31) or a time with its offset (2026-01-31T12:00:00Z)',
      },
    }),
  );
}

const INSTANT = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/;

/** Null for anything else, the 30th of February included, which `Date` would take for March. */
export function parseInstant(text: string): Date | null {
  const day = INSTANT.exec(text)?.[1];
  if (day === undefined) return null;
  const midnight = new Date(`${day}T00:00:00Z`);
  const instant = new Date(text);
  const exists = !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
  return exists && !Number.isNaN(instant.getTime()) ? instant : null;
}

function wholeNumber(value: unknown): unknown {
  return typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
}

function entriesOf(value: unknown): unknown {
  const texts: unknown = typeof value === 'string' ? [value] : value;
  if (!Array.isArray(texts) || !texts.every((text) => typeof text === 'string')) return value;
  return [...new Set(texts.flatMap((text) => text.split(',')).map((text) => text.trim()))];
}
