/** The part of a Fastify reply that controllers here use. */
export interface Reply {
  code(status: number): Reply;
  header(name: string, value: string): Reply;
  send(body?: unknown): unknown;
}
