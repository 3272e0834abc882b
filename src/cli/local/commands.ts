import 'reflect-metadata';

export { showConfiguration } from './configuration';
export { examine } from './doctor';
export { runMigrations } from './migrations';
