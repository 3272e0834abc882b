import type { DataSource } from 'typeorm';

/** How a value travels as text: an expression whose text holds no comma, and how the value is read from it. */
interface Field<Value> {
  sql: string;
  read: (text: string) => Value;
}

/** A row that travels as one text. */
export type TextRow<Row> = { readonly [Property in keyof Row]: Field<Row[Property]> };

export const exact = (sql: string): Field<string> => ({ sql, read: (text) => text });
export const whole = (sql: string): Field<number> => ({ sql, read: Number });
export const flag = (sql: string): Field<boolean> => ({ sql: `(${sql})::text`, read: (text) => text === 'true' });
/** To the millisecond. */
export const instant = (sql: string): Field<Date> => ({
  sql: `date_part('epoch', ${sql})`,
  read: (seconds) => new Date(Math.round(Number(seconds) * 1_000)),
});
/** Of a field that may be null; its text is never empty otherwise. */
export const orNull = <Value>({ sql, read }: Field<Value>): Field<Value | null> => ({
  sql: `coalesce((${sql})::text, '')`,
  read: (text) => (text === '' ? null : read(text)),
});

/**
 * Rows of a SELECT without its list. Each comes as one text: the driver takes several times as long for a row of many
 * columns as PostgreSQL does to find it.
 */
export async function readTextRows<Row>(
  dataSource: DataSource,
  row: TextRow<Row>,
  { from, values }: { from: string; values: unknown[] },
): Promise<Row[]> {
  const fields = Object.entries<Field<unknown>>(row);
  const list = fields.map(([, { sql }]) => sql).join(', ');
  const lines = await dataSource.query<{ line: string }[]>(`SELECT concat_ws(',', ${list}) AS line ${from}`, values);
  return lines.map(({ line }) => {
    const texts = line.split(',');
    if (texts.length !== fields.length) throw new Error(`${fields.length} values were asked for, ${texts.length} came`);
    const read: Record<string, unknown> = {};
    fields.forEach(([property, field], index) => (read[property] = field.read(texts[index] ?? '')));
    return read as Row;
  });
}
