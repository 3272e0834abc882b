import { applyDecorators } from '@nestjs/common';
import { IsOptional, ValidateBy } from 'class-validator';
import { normalizeDecimal } from '../../common';

/** How one property of a payload is written on the wire; the one argument of every check below. */
export interface FieldShape {
  /** Missing and null are both fine, and both become null. */
  optional?: boolean;
  /** Negative values are fine. */
  signed?: boolean;
  /** Longest text, in characters. */
  maxLength?: number;
}

export interface FieldKind {
  /** Brings the accepted spellings into one; returns what it does not understand unchanged, for `accepts` to refuse. */
  normalize(value: unknown, shape: FieldShape): unknown;
  accepts(value: unknown, shape: FieldShape): boolean;
  /** What would have been accepted, for the reason in quarantine. */
  expected: string;
}

/** For fields that upstream leaves out or sends as null. */
export const OPTIONAL: FieldShape = { optional: true };

const KINDS = new Map<string, FieldKind>();

export function fieldKind(name: string): FieldKind | undefined {
  return KINDS.get(name);
}

/**
 * Makes a property decorator of a kind. The check is an ordinary class-validator constraint, so `validateSync` and the
 * compiled form read the same description.
 */
export function defineField(name: string, kind: FieldKind): (shape?: FieldShape) => PropertyDecorator {
  KINDS.set(name, kind);
  return (shape = {}) =>
    applyDecorators(
      ...(shape.optional === true ? [IsOptional()] : []),
      ValidateBy({
        name,
        constraints: [shape],
        validator: {
          validate: (value: unknown) => kind.accepts(value, shape),
          defaultMessage: () => `$property must be ${kind.expected}`,
        },
      }),
    );
}

/**
 * One spelling, at most 100 characters, below 1e30 (the limit of the columns that hold amounts): 30 digits before the
 * point, and the sign.
 */
const DECIMAL_TEXT = /^-?0*\d{1,30}(?:\.\d+)?$/;
const WHOLE_TEXT = /^-?0*\d{1,30}$/;
const SAFE_WHOLE_TEXT = /^-?\d{1,15}$/;
export const MAX_DECIMAL_LENGTH = 100;

function decimalText(value: unknown): unknown {
  // Every JSON number that a double cannot hold exactly was turned into its source text while decoding.
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : value;
  if (typeof value !== 'string') return value;
  return normalizeDecimal(value) ?? value;
}

function isNumberText(value: unknown, pattern: RegExp, { signed = false }: FieldShape): value is string {
  if (typeof value !== 'string' || value.length > MAX_DECIMAL_LENGTH || !pattern.test(value)) return false;
  return signed || !value.startsWith('-') || /^-[0.]+$/.test(value);
}

/** Decimal text of any precision: prices, ratios, percentages, fractional rao. Arrives as text or as a number. */
export const DecimalText = defineField('decimalText', {
  normalize: decimalText,
  accepts: (value, shape) => isNumberText(value, DECIMAL_TEXT, shape),
  expected: 'a decimal number below 1e30, not negative unless the field is signed',
});

/** Whole rao of TAO or of a subnet's alpha, as text. */
export const RaoText = defineField('raoText', {
  normalize: decimalText,
  accepts: (value, shape) => isNumberText(value, WHOLE_TEXT, shape),
  expected: 'a whole number of rao below 1e30',
});

/** Counts, blocks, ranks, netuids: a whole number that a double holds exactly. */
export const Whole = defineField('whole', {
  normalize: (value) => (typeof value === 'string' && SAFE_WHOLE_TEXT.test(value) ? Number(value) : value),
  accepts: (value, shape) => Number.isSafeInteger(value) && (shape.signed === true || (value as number) >= 0),
  expected: 'a whole number',
});

export const Flag = defineField('flag', {
  normalize: (value) => value,
  accepts: (value) => typeof value === 'boolean',
  expected: 'true or false',
});

const MAX_TEXT = 10_000;
// Controls but tab and line ends, lone surrogates (PostgreSQL refuses them), and what reverses the text a reader sees.
const UNSAFE_CHARACTER = /(?![\t\n\r])[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u;
const UNSAFE_CHARACTERS = new RegExp(UNSAFE_CHARACTER, 'gu');

function cleanText(value: unknown): unknown {
  // A name of digits alone, from a server that sends numbers as numbers.
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string' || !UNSAFE_CHARACTER.test(value)) return value;
  return value.replace(UNSAFE_CHARACTERS, '');
}

/** Free text written by strangers: control and direction-changing characters are dropped, nothing else is. */
export const Text = defineField('text', {
  normalize: cleanText,
  accepts: (value, shape) => typeof value === 'string' && value.length <= (shape.maxLength ?? MAX_TEXT),
  expected: 'text',
});

export const TextList = defineField('textList', {
  normalize: (value) => (Array.isArray(value) ? value.map(cleanText) : value),
  accepts: (value) => Array.isArray(value) && value.length <= 1000 && value.every((part) => typeof part === 'string'),
  expected: 'a list of texts',
});

const ISO_INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;
/** What upstream sends. Such a text is always a time, so that `Date.parse`, six times as slow, has nothing to add. */
const UTC_INSTANT =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?Z$/;

export function isInstant(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  return UTC_INSTANT.test(value) || (ISO_INSTANT.test(value) && !Number.isNaN(Date.parse(value)));
}

/** An ISO 8601 instant with a zone, kept as sent: `2026-01-11T04:11:12.001Z`. */
export const Instant = defineField('instant', {
  normalize: (value) => value,
  accepts: isInstant,
  expected: 'an ISO 8601 time with a zone',
});

/** An address as rows carry it. */
export interface AccountKey {
  ss58: string;
  hex: string;
}

const SS58 = /^[1-9A-HJ-NP-Za-km-z]{46,50}$/;

export function isSs58(value: unknown): value is string {
  return typeof value === 'string' && SS58.test(value);
}

/** A coldkey, hotkey or owner: `{ss58, hex}`. The checksum is not computed; upstream decodes it from the chain. */
export const Account = defineField('account', {
  normalize: (value) => value,
  accepts: (value) => {
    if (typeof value !== 'object' || value === null) return false;
    const { ss58, hex } = value as Partial<AccountKey>;
    return isSs58(ss58) && typeof hex === 'string' && /^0x[0-9a-f]{64}$/i.test(hex);
  },
  expected: 'an address {ss58, hex}',
});
