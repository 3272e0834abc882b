/** An answer before it is sent. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
  /** Digest of the text that `body` holds, where it is an answer of the model. */
  sha256?: string;
}
