import { uniqueRows } from './unique-rows';

interface Row {
  key: string;
  block: number;
  price: string;
}

const unique = (rows: Row[]): ReturnType<typeof uniqueRows<Row>> =>
  uniqueRows(
    rows,
    (row) => row.key,
    (a, b) => a.block - b.block,
  );

describe('uniqueRows', () => {
  it('keeps the newest version of a key', () => {
    const rows = [
      { key: '1', block: 2, price: 'b' },
      { key: '1', block: 3, price: 'c' },
      { key: '1', block: 1, price: 'a' },
    ];
    expect(unique(rows)).toMatchObject({ rows: [{ block: 3 }], rejected: [], repeated: 2 });
  });

  it('drops an equal repetition', () => {
    const row = { key: '1', block: 1, price: 'a' };
    expect(unique([row, { ...row }])).toEqual({ rows: [row], rejected: [], repeated: 1 });
  });

  it('believes none of two versions of one moment that differ', () => {
    const rows = [
      { key: '1', block: 1, price: 'a' },
      { key: '1', block: 1, price: 'b' },
      { key: '2', block: 1, price: 'c' },
    ];
    expect(unique(rows)).toMatchObject({ rows: [{ key: '2' }], rejected: [{ key: '1' }] });
  });

  it('forgets a contradiction once a newer version settles it', () => {
    const rows = [
      { key: '1', block: 1, price: 'a' },
      { key: '1', block: 1, price: 'b' },
      { key: '1', block: 2, price: 'c' },
    ];
    expect(unique(rows)).toMatchObject({ rows: [{ price: 'c' }], rejected: [] });
  });
});
