import type { ArgumentMetadata } from '@nestjs/common';
import type { InvalidInputError } from './app-error';
import { ChoiceField, CursorField, FlagField, InstantField, LimitField, ListField } from './query-fields';
import { StrictValidationPipe } from './strict-validation.pipe';

class Query {
  @LimitField() limit = 50;
  @CursorField() cursor?: string;
  @ChoiceField(['asc', 'desc'], {}) order?: string;
  @FlagField({}) active?: boolean;
  @InstantField({}) from?: Date;
  @ListField({ accepts: (entry) => /^\d+$/.test(entry), message: 'must be numbers', maxEntries: 3 }, {})
  netuid?: string[];
}

const QUERY: ArgumentMetadata = { type: 'query', metatype: Query };

function check(value: unknown, metadata = QUERY): Promise<Query> {
  return new StrictValidationPipe().transform(value, metadata) as Promise<Query>;
}

async function fieldsOf(value: unknown, metadata = QUERY): Promise<unknown> {
  const error = (await check(value, metadata).catch((reason: unknown) => reason)) as InvalidInputError;
  return [error.status, error.code, ...error.fields.map((entry) => entry.field)];
}

describe('a query', () => {
  it('takes its defaults when nothing is asked', async () => {
    expect(await check({})).toEqual({ limit: 50 });
  });

  it('is turned into numbers, flags, times and lists', async () => {
    const query = { limit: '7', order: 'asc', active: 'false', from: '2026-01-31', netuid: '1, 2,1' };
    expect(await check(query)).toEqual({
      limit: 7,
      order: 'asc',
      active: false,
      from: new Date('2026-01-31T00:00:00Z'),
      netuid: ['1', '2'],
    });
  });

  it.each([
    ['limit', '0'],
    ['limit', '201'],
    ['limit', 'abc'],
    ['limit', '1e1'],
    ['limit', ''],
    ['limit', ['1', '2']],
    ['cursor', ''],
    ['cursor', ['a', 'b']],
    ['order', 'sideways'],
    ['active', 'yes'],
    ['from', 'yesterday'],
    ['from', '2026-02-30'],
    ['from', '2026-01-31T12:00:00'],
    ['netuid', '1,x'],
    ['netuid', ''],
    ['netuid', '1,2,3,4'],
    ['nonsense', '1'],
  ])('is refused with the field when %s is %j', async (field, value) => {
    expect(await fieldsOf({ [field]: value })).toEqual([400, 'request/invalid-query', field]);
  });

  it('names what is accepted when a parameter is unknown', async () => {
    await expect(check({ lmit: '1' })).rejects.toThrow(/lmit: is not known here; accepted: .*limit/);
  });
});

describe('a body', () => {
  it('is refused when it is no object', async () => {
    const body: ArgumentMetadata = { type: 'body', metatype: Query };
    expect(await fieldsOf(['limit'], body)).toEqual([400, 'request/invalid-body', 'body']);
    expect(await fieldsOf('limit', body)).toEqual([400, 'request/invalid-body', 'body']);
  });

  it('may be absent', async () => {
    expect(await check(undefined, { type: 'body', metatype: Query })).toEqual({ limit: 50 });
  });
});
