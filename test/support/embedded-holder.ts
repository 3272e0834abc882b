import { EmbeddedPostgres } from '../../src/database';

/** A program that starts the embedded PostgreSQL in the directory of its argument, prints its URL and holds it. */
async function main(dataDir: string): Promise<void> {
  const server = new EmbeddedPostgres({ dataDir, durable: false });
  process.stdout.write(`${await server.start()}\n`);
  process.once('SIGTERM', () => void server.stop());
}

void main(process.argv[2] ?? '');
