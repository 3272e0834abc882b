import { Module } from '@nestjs/common';
import { DatabaseModule } from '../database';
import { HealthModule } from '../health';
import { PortfolioModule } from '../treasury';
import { AlertChannels } from './alert-channels.service';
import { AlertChannelsController } from './alert-channels.controller';
import { AlertGauges } from './alert-gauges';
import { AlertLoop } from './alert-loop.service';
import { AlertPlanner } from './alert-planner.service';
import { AlertSender } from './alert-sender.service';
import { AlertsController } from './alerts.controller';
import { AlertWatch } from './alert-watch.service';
import { TreasuryGauges } from './treasury-gauges';
import { TreasuryWatch } from './treasury-watch.service';

/** Tells people outside when something is wrong: grouped, again after longer and longer waits, and when it is over. */
@Module({
  imports: [DatabaseModule.register(), HealthModule, PortfolioModule],
  // The fixed paths before `:key`.
  controllers: [AlertChannelsController, AlertsController],
  providers: [
    AlertChannels,
    AlertWatch,
    TreasuryWatch,
    TreasuryGauges,
    AlertGauges,
    AlertPlanner,
    AlertSender,
    AlertLoop,
  ],
})
export class AlertsModule {}
