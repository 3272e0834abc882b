import { text } from 'node:stream/consumers';
import { csvCell, csvLines, type CsvValue, openCsv } from './csv';

type Row = Readonly<Record<string, CsvValue>>;

async function* batchesOf(...batches: Row[][]): AsyncGenerator<Row[]> {
  for (const batch of batches) yield await Promise.resolve(batch);
}

describe('a CSV cell', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['+SUM(A1)', "'+SUM(A1)"],
    ['-2+3', "'-2+3"],
    ['@cmd', "'@cmd"],
    ['\tx', "'\tx"],
    ['\rx', "'\rx"],
    ['-', "'-"],
    ['-1.5e3', "'-1.5e3"],
  ])('disarms %j, which a spreadsheet would run', (value, cell) => {
    expect(csvCell(value)).toBe(cell);
  });

  it.each([
    ['-1.730000000', '-1.730000000'],
    ['+5', '+5'],
    ['0.000000001', '0.000000001'],
    ['a=b', 'a=b'],
    ['', ''],
    [null, ''],
    [undefined, ''],
    [true, 'true'],
    [-7, '-7'],
  ])('leaves %j as it is', (value, cell) => {
    expect(csvCell(value)).toBe(cell);
  });
});

describe('CSV lines', () => {
  it('quote commas, quotes and line ends, and end with CR LF', () => {
    expect(csvLines([['a,b', 'say "no"', 'two\nlines', 'plain']])).toBe('"a,b","say ""no""","two\nlines",plain\r\n');
  });

  it('keep a formula that is also quoted disarmed', () => {
    expect(csvLines([['=HYPERLINK("x","y")']])).toBe('"\'=HYPERLINK(""x"",""y"")"\r\n');
  });
});

describe('a CSV stream', () => {
  it('has its header even without rows', async () => {
    expect(await text(await openCsv({ columns: ['netuid', 'as_of'], batches: batchesOf([]) }))).toBe(
      'netuid,as_of\r\n',
    );
    expect(await text(await openCsv({ columns: ['netuid'], batches: batchesOf() }))).toBe('netuid\r\n');
  });

  it('joins batches in their order, by column name', async () => {
    const batches = batchesOf([{ b: 2, a: 1 }, { a: 3 }], [], [{ a: 5, b: null }]);
    expect(await text(await openCsv({ columns: ['a', 'b'], batches }))).toBe('a,b\r\n1,2\r\n3,\r\n5,\r\n');
  });

  it('fails before it opens when the first batch cannot be read', async () => {
    const broken: AsyncIterable<Row[]> = {
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('away')) }),
    };
    await expect(openCsv({ columns: ['a'], batches: broken })).rejects.toThrow('away');
  });

  it('breaks off, rather than ends, when a later batch cannot be read', async () => {
    async function* failing(): AsyncGenerator<Row[]> {
      yield await Promise.resolve([{ a: 1 }]);
      throw new Error('away');
    }
    await expect(text(await openCsv({ columns: ['a'], batches: failing() }))).rejects.toThrow('away');
  });

  it('stops reading when its reader leaves', async () => {
    let read = 0;
    let ended = false;
    async function* endless(): AsyncGenerator<Row[]> {
      try {
        for (;;) {
          read += 1;
          yield await Promise.resolve([{ a: 'x'.repeat(1000) }]);
        }
      } finally {
        ended = true;
      }
    }
    const stream = await openCsv({ columns: ['a'], batches: endless() });
    for await (const chunk of stream) {
      expect(chunk).toBeDefined();
      break;
    }
    expect(ended).toBe(true);
    expect(read).toBeLessThan(200);
  });
});
