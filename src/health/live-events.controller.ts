import { Controller, Get, Headers, Req, Res } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { RouteConstraints } from '@nestjs/platform-fastify';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { LiveClient } from './live-client';
import { wantsEventStream } from './live-frame';
import { LiveHub } from './live-hub.service';
import { parsePosition } from './live-position';

const EVENT_STREAM = 'text/event-stream';

/** The stream of what happens. Chosen by `Accept` alone, so that the same path can answer other kinds of callers too. */
@ApiTags('trust')
@Controller('api/v1/events')
export class LiveEventsController {
  constructor(
    private readonly hub: LiveHub,
    adapterHost: HttpAdapterHost,
  ) {
    // At once, or as soon as there is an adapter: before the routes in any case. A program without HTTP never has one.
    adapterHost.init$.subscribe(() => addAcceptConstraint(adapterHost.httpAdapter.getInstance<FastifyInstance>()));
  }

  @Get()
  @RouteConstraints({ accepts: EVENT_STREAM })
  @ApiOperation({ summary: 'Server-sent events: run, dataset, alert and trust; what was missed comes first' })
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'Id of the last event that was received.' })
  @ApiProduces(EVENT_STREAM)
  @ApiOkResponse({
    description:
      '`run`, `dataset` and `alert` have an id and can be replayed for 24 hours; `trust` says that the trust pack changed; ' +
      '`hello` ends the replay; `reset`: events are missing, read everything again.',
  })
  async stream(
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    reply.header('content-type', `${EVENT_STREAM}; charset=utf-8`).header('cache-control', 'no-store');
    // Asks proxies (nginx) not to hold events back.
    reply.header('x-accel-buffering', 'no');
    if (request.method === 'HEAD') {
      await reply.send();
      return;
    }
    const client = new LiveClient(reply.raw);
    this.hub.expectRoom();
    reply.hijack();
    reply.raw.writeHead(200, Object.fromEntries(Object.entries(reply.getHeaders())) as Record<string, string>);
    reply.raw.on('close', () => this.hub.leave(client));
    await this.hub.join(client, parsePosition(lastEventId));
  }
}

/** Lets a route say `accepts: text/event-stream`; every other request finds the route without it. */
function addAcceptConstraint(fastify: FastifyInstance): void {
  if (fastify.hasConstraintStrategy('accepts')) return;
  fastify.addConstraintStrategy({
    name: 'accepts',
    storage: () => {
      const routes = new Map<unknown, never>();
      return {
        get: (key) => routes.get(key) ?? null,
        set: (key, store) => void routes.set(key, store as never),
        del: (key) => void routes.delete(key),
        empty: () => routes.clear(),
      };
    },
    deriveConstraint: (request) => (wantsEventStream(request.headers.accept) ? EVENT_STREAM : undefined),
    mustMatchWhenDerived: false,
    validate: () => undefined,
  });
}
