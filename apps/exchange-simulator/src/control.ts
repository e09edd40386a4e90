import type { IncomingMessage, ServerResponse } from 'node:http';
import { isMarketCode, type RequestType } from '@naru/core';
import { playedExchanges } from './exchanges/all.js';
import { type FaultEvent, faultEvents } from './faults.js';
import type { ExpectedTrade } from './market/trade.js';

/** How many live frames one sequence has had. */
export interface SentFrames {
  readonly exchange: string;
  readonly kind: RequestType;
  readonly code: string;
  readonly sent: number;
  /** Frames replayed to new subscribers, which are not counted in `sent`. */
  readonly replayed: number;
  /** Of the live frames those that were made while nobody listened. */
  readonly unheard: number;
}

/** What a control call may see and change. */
export interface Controlled {
  readonly rate: number;
  readonly totalSent: number;
  readonly sentByStream: readonly SentFrames[];
  setRate(rate: number): void;
  expectedTrade(exchange: string, code: string, index: number): ExpectedTrade;
  happen(event: FaultEvent, exchange: string): void;
}

/** The path below which the simulator itself is asked, beside the exchanges' own. */
export const controlPath = 'simulator';

/**
 * Answers
 *
 *     GET  /simulator            rate, live frames sent, processor time and memory of the process
 *     GET  /simulator/streams    live frames sent, sequence by sequence
 *     GET  /simulator/trade?exchange=upbit&code=KRW-BTC&index=0    what a correct reader makes of it
 *     POST /simulator/rate?frames=20000    frames a second from now on; 0 holds everything
 *     POST /simulator/happen?event=reset&exchange=upbit    to every client of an exchange
 */
export function answerControl(
  request: IncomingMessage,
  url: URL,
  response: ServerResponse,
  simulator: Controlled,
): void {
  const call = `${request.method} ${url.pathname}`;
  if (call === `GET /${controlPath}`) {
    respond(response, 200, status(simulator));
  } else if (call === `GET /${controlPath}/streams`) {
    respond(response, 200, simulator.sentByStream);
  } else if (call === `GET /${controlPath}/trade`) {
    const exchange = url.searchParams.get('exchange') ?? '';
    const code = url.searchParams.get('code') ?? '';
    const index = Number(url.searchParams.get('index') ?? Number.NaN);
    if (playedExchanges.has(exchange) && isMarketCode(code) && Number.isSafeInteger(index)) {
      respond(response, 200, simulator.expectedTrade(exchange, code, index));
    } else {
      respond(response, 400, { error: 'Give an exchange, a market code and an index, 0 for the first.' });
    }
  } else if (call === `POST /${controlPath}/rate`) {
    const frames = url.searchParams.get('frames') ?? '';
    if (/^\d+(\.\d+)?$/.test(frames)) {
      simulator.setRate(Number(frames));
      respond(response, 200, status(simulator));
    } else {
      respond(response, 400, { error: `frames is "${frames}"; give frames a second, 0 or more.` });
    }
  } else if (call === `POST /${controlPath}/happen`) {
    const event = faultEvents.find((name) => name === url.searchParams.get('event'));
    const exchange = url.searchParams.get('exchange') ?? '';
    if (event === undefined || !playedExchanges.has(exchange)) {
      respond(response, 400, { error: `Give an exchange and an event: ${faultEvents.join(', ')}.` });
    } else {
      simulator.happen(event, exchange);
      respond(response, 200, status(simulator));
    }
  } else {
    respond(response, 404, {
      error: `Answered here: GET /${controlPath}, /streams, /trade?exchange=&code=&index=, POST /rate?frames= and /happen?event=&exchange= below it.`,
    });
  }
}

function status({ rate, totalSent }: Controlled): object {
  const { user, system } = process.cpuUsage();
  return { rate, sent: totalSent, cpu_us: user + system, rss_bytes: process.memoryUsage.rss() };
}

function respond(response: ServerResponse, code: number, body: unknown): void {
  response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
