import {
  type CheckFailure,
  type Clock,
  type Command,
  type ConnectAndSubscribe,
  type Disconnect,
  isCommandExpired,
  isMarketCode,
  type Logger,
  recordFields,
  targetKey,
} from '@naru/core';
import {
  Abandoned,
  type CommandContext,
  CommandRejection,
  type StreamDisconnector,
  type StreamOrchestrator,
} from '@naru/kafka-clients';
import type { EventPublisher } from '../events/event-publisher.js';
import type { CommandLimits, RoutedResult } from '../fleet/command-router.js';
import { GatewayError } from '../gateway-error.js';
import { type CommandProgress, type CommandStep, doneWith, unfollowed } from '../orchestration/command-progress.js';
import type { ConnectContext } from '../orchestration/connect-context.js';
import { connectContextOf } from './connect-context.js';
import { placeOf } from './place-of.js';

/** What is asked of the streams. */
export interface StreamCommands {
  connectFromContext(context: ConnectContext, limits?: CommandLimits): Promise<RoutedResult>;
  disconnect(target: Disconnect['target'], correlationId?: string, limits?: CommandLimits): Promise<boolean>;
}

export interface CommandTargetOptions {
  readonly streams: StreamCommands;
  readonly events: Pick<EventPublisher, 'failed'>;
  /** Follows commands. Default: nobody does. */
  readonly progress?: CommandProgress | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Carries out what the command consumers read. */
export interface CommandTarget extends StreamOrchestrator, StreamDisconnector {
  onExpired(command: ConnectAndSubscribe, context: CommandContext): void;
}

export function createCommandTarget(options: CommandTargetOptions): CommandTarget {
  const { streams, events, progress = unfollowed, clock, logger } = options;
  const note = ({ correlationId, message }: CommandContext, step: CommandStep): void =>
    progress.note(correlationId ?? placeOf(message), step);
  const received = ({ action, target }: Command, context: CommandContext): void =>
    note(context, { step: 'received', action, target: targetKey(target), from: placeOf(context.message) });
  /** Those who carry a command out tell of it under its correlation id; one without has nobody else to tell its end. */
  const done = (context: CommandContext, step: CommandStep): void => {
    if (context.correlationId === undefined) note(context, step);
  };
  const expired: CommandTarget['onExpired'] = ({ target, ttl_ms }, context) => {
    const error = new GatewayError(
      'command_expired',
      `A command outlived its ttl_ms of ${ttl_ms} and is dropped. Send it again.`,
    );
    events.failed({ boundary: 'orchestrator', error, target, correlationId: context.correlationId });
    note(context, { step: 'expired' });
  };
  /** What is abandoned is another member's to carry out. */
  const abandoned = (context: CommandContext, error: unknown): void => {
    if (error instanceof Abandoned) note(context, { step: 'abandoned' });
  };
  return {
    async connectFromContext(command, context) {
      const { correlationId, signal, message } = context;
      const { target } = command;
      const isExpired = (): boolean => isCommandExpired(command, clock.now(), message.timestamp);
      received(command, context);
      try {
        checkMeaning(command);
        const result = await streams.connectFromContext(connectContextOf(command, correlationId), {
          signal,
          isExpired,
        });
        done(context, result.kind === 'forwarded' ? { step: 'done', result: result.result } : doneWith(result));
        logger.debug('command done', { target: targetKey(target), result: result.kind, correlationId });
      } catch (error) {
        if (error instanceof GatewayError && error.code === 'command_expired') {
          expired(command, context);
          return;
        }
        // A rejection is told with the dead letter it becomes, and what is abandoned will be another member's.
        if (!(error instanceof CommandRejection || error instanceof Abandoned)) {
          events.failed({ boundary: 'command', error: error as Error, target, correlationId });
        }
        abandoned(context, error);
        throw error;
      }
    },
    async disconnectFromContext(command, context) {
      const { target } = command;
      const { correlationId, signal } = context;
      received(command, context);
      const found = await streams.disconnect(target, correlationId, { signal }).catch((error: unknown) => {
        abandoned(context, error);
        throw error;
      });
      done(context, { step: 'done', result: found ? 'ended' : 'nothing_to_end' });
      if (!found) logger.info('nothing to disconnect', { target: targetKey(target), correlationId });
    },
    onExpired(command, context) {
      received(command, context);
      expired(command, context);
    },
  };
}

/** What the form cannot say: which symbols are market codes and which fields there are to project. */
function checkMeaning(command: ConnectAndSubscribe): void {
  const fields = recordFields(command.target.request_type);
  const known = `one of ${fields.join(', ')}`;
  const failures: CheckFailure[] = [
    ...command.symbols.flatMap((symbol, index) =>
      isMarketCode(symbol)
        ? []
        : [{ pointer: `/symbols/${index}`, expected: 'a market code such as KRW-BTC', actual: quoted(symbol) }],
    ),
    ...(command.projection ?? []).flatMap((field, index) =>
      fields.includes(field) ? [] : [{ pointer: `/projection/${index}`, expected: known, actual: quoted(field) }],
    ),
  ];
  const [first] = failures;
  if (first) {
    const { pointer, expected, actual } = first;
    const more = failures.length > 1 ? ` and ${failures.length - 1} more like it` : '';
    throw new CommandRejection(
      `The command is invalid: ${pointer}: expected ${expected}, got ${actual}${more}`,
      failures,
    );
  }
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 50));
}
