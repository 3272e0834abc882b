import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { buildDataSourceOptions } from './src/database/data-source-options';

/** For the TypeORM command line. The running service migrates by itself when it starts. */
export default new DataSource(
  buildDataSourceOptions(process.env['DATABASE_URL'] ?? 'postgres://treasury@127.0.0.1:5432/treasury'),
);
