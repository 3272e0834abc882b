import { Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { FindRepository } from './dataset';

/** Hands out the database's repositories by class, so that a new dataset needs no new constructor parameter anywhere. */
@Injectable()
export class RepositoryShelf {
  constructor(private readonly modules: ModuleRef) {}

  readonly find: FindRepository = (type) => this.modules.get(type, { strict: false });
}
