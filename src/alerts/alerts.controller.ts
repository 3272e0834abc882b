import { Body, Controller, Delete, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiServiceUnavailableResponse,
  ApiTags,
} from '@nestjs/swagger';
import { type HttpReply, NotFoundError, RequiresScope, StrictValidationPipe } from '../common';
import { modeOf, Settings } from '../config';
import { AlertRepository, DatabaseClock } from '../database';
import { AlertChannels } from './alert-channels.service';
import { MuteRequest, muteEnd } from './alert-requests';
import { AlertAnswer, AlertsAnswer, toAlertView } from './alert.view';

const KEY = { name: 'key', example: 'dataset_stale:pools' } as const;

/** What is wrong, who was told of it, and what is muted. */
@ApiTags('alerts')
@ApiServiceUnavailableResponse({ description: 'PostgreSQL is away; see Retry-After.' })
@Controller('api/v1/alerts')
export class AlertsController {
  constructor(
    private readonly alerts: AlertRepository,
    private readonly channels: AlertChannels,
    private readonly databaseClock: DatabaseClock,
    private readonly settings: Settings,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Alerts that stand, the worst first, and those that ended within a week' })
  @ApiOkResponse({ type: AlertsAnswer })
  async list(@Res({ passthrough: true }) reply: HttpReply): Promise<AlertsAnswer> {
    const found = await this.alerts.list();
    const now = await this.databaseClock.now();
    const source = modeOf(this.settings).upstream;
    reply.header('cache-control', 'no-store');
    return {
      data: found.map((alert) => toAlertView(alert, this.sending())),
      meta: {
        as_of: now.toISOString(),
        source,
        simulated: source === 'simulator',
        channels: this.channels.all.length,
        min_severity: this.settings.alertMinSeverity,
      },
    };
  }

  @Post(':key/mute')
  @HttpCode(200)
  @RequiresScope('sync')
  @ApiOperation({ summary: 'Sends nothing about an alert for a while; it stays in the list' })
  @ApiParam(KEY)
  @ApiOkResponse({ type: AlertAnswer })
  @ApiBadRequestResponse({ description: 'Neither or both of `minutes` and `until`, or a time that is out of range.' })
  @ApiNotFoundResponse({ description: 'No such alert.' })
  async mute(
    @Param('key') key: string,
    @Body(new StrictValidationPipe()) request: MuteRequest,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<AlertAnswer> {
    return this.change(key, muteEnd(request, await this.databaseClock.now()), reply);
  }

  @Delete(':key/mute')
  @RequiresScope('sync')
  @ApiOperation({ summary: 'Ends the muting; what is due is sent at once' })
  @ApiParam(KEY)
  @ApiOkResponse({ type: AlertAnswer })
  @ApiNotFoundResponse({ description: 'No such alert.' })
  unmute(@Param('key') key: string, @Res({ passthrough: true }) reply: HttpReply): Promise<AlertAnswer> {
    return this.change(key, null, reply);
  }

  private async change(key: string, until: Date | null, reply: HttpReply): Promise<AlertAnswer> {
    const alert = await this.alerts.mute(key, until);
    if (alert === null) throw new NotFoundError('alerts/not-found', 'key', 'No such alert.');
    reply.header('cache-control', 'no-store');
    return { data: toAlertView(alert, this.sending()) };
  }

  private sending(): Parameters<typeof toAlertView>[1] {
    return { minSeverity: this.settings.alertMinSeverity, channels: this.channels.all.length };
  }
}
