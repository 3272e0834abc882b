/** The part of a Fastify reply that controllers use. */
export interface HttpReply {
  code(status: number): HttpReply;
  header(name: string, value: string): HttpReply;
  send(body?: unknown): unknown;
}
