/** An answer before it is sent. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}
