import { Module } from '@nestjs/common';
import { PageController } from './page.controller';

/** The page at `/`: static files only, it reads everything from the REST API. */
@Module({ controllers: [PageController] })
export class DashboardModule {}
