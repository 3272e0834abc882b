import type { Client } from 'pg';

export type TextRow = Record<string, string | null>;

/** Rows of a query as text, exactly as PostgreSQL prints them. */
export async function textRows(client: Client, sql: string, parameters: unknown[] = []): Promise<TextRow[]> {
  const result = await client.query<TextRow>({
    text: sql,
    values: parameters,
    types: { getTypeParser: () => (text: string) => text },
  });
  return result.rows;
}
