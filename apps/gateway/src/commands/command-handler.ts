import {
  type Clock,
  type Command,
  type ConnectAndSubscribe,
  type Disconnect,
  formatFailures,
  isCommandExpired,
  isMarketCode,
  type Logger,
  NaruError,
  parseCommand,
  recordFields,
  targetKey,
} from '@naru/core';
import type { EventPublisher } from '../events/event-publisher.js';
import { GatewayError } from '../gateway-error.js';
import type { ConnectContext, ConnectResult } from '../orchestration/stream-orchestrator.js';

/** What the handler asks of the orchestrator. */
export interface StreamCommands {
  connectFromContext(context: ConnectContext): Promise<ConnectResult>;
  disconnect(target: Disconnect['target'], correlationId?: string): Promise<boolean>;
}

export interface CommandHandlerOptions {
  readonly streams: StreamCommands;
  readonly events: Pick<EventPublisher, 'failed'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A message of a command topic. */
export interface CommandMessage {
  readonly value: Buffer | null;
  /** Unix milliseconds that Kafka keeps for the message. */
  readonly timestamp: number;
}

/**
 * Carries out one message of a command topic. Resolves when it is done, or is none of ours.
 *
 * Throws an error that is not `retryable` for a message that can never be carried out: the consumer dead-letters
 * it. The error event for it is published here.
 */
export type CommandHandler = (message: CommandMessage) => Promise<void>;

export function createCommandHandler(options: CommandHandlerOptions): CommandHandler {
  const { streams, events, clock, logger } = options;

  const connect = async (command: ConnectAndSubscribe, message: CommandMessage): Promise<void> => {
    const correlationId = correlationOf(command);
    if (isCommandExpired(command, clock.now(), message.timestamp)) {
      const error = new GatewayError(
        'command_expired',
        `A command outlived its ttl_ms of ${command.ttl_ms} and is dropped. Send it again.`,
      );
      events.failed({ boundary: 'orchestrator', error, target: command.target, correlationId });
      return;
    }
    const result = await streams.connectFromContext({
      target: command.target,
      symbols: command.symbols,
      url: command.connection.url,
      socketParams: command.connection.socket_params,
      projection: command.projection ?? null,
      correlationId,
    });
    logger.debug('command done', { target: targetKey(command.target), result: result.kind, correlationId });
  };

  const disconnect = async (command: Disconnect): Promise<void> => {
    const found = await streams.disconnect(command.target, command.correlation_id);
    if (!found) logger.info('nothing to disconnect', { target: targetKey(command.target) });
  };

  return async (message) => {
    let command: Command | undefined;
    try {
      command = readCommand(message, logger);
      if (!command) return;
      if (command.action === 'connect_and_subscribe') await connect(command, message);
      else await disconnect(command);
    } catch (error) {
      events.failed({
        boundary: 'command',
        error: error as Error,
        ...(command && { target: command.target, correlationId: correlationOf(command) }),
      });
      throw error;
    }
  };
}

/** The command in a message; undefined when it is of another type or action. */
function readCommand(message: CommandMessage, logger: Logger): Command | undefined {
  const parsed = parseCommand(parseJson(message.value));
  if (!parsed.ok) {
    if (parsed.ignored) {
      logger.debug('message is no command', { type: parsed.type, action: parsed.action });
      return undefined;
    }
    throw invalid(formatFailures(parsed.failures));
  }
  if (parsed.value.action === 'connect_and_subscribe') checkMeaning(parsed.value);
  return parsed.value;
}

/** What the form cannot say: which symbols are market codes and which fields there are to project. */
function checkMeaning(command: ConnectAndSubscribe): void {
  const problems = command.symbols.flatMap((symbol, index) =>
    isMarketCode(symbol) ? [] : [`/symbols/${index}: expected a market code such as KRW-BTC`],
  );
  const fields = recordFields(command.target.request_type);
  command.projection?.forEach((field, index) => {
    if (!fields.includes(field)) problems.push(`/projection/${index}: expected one of ${fields.join(', ')}`);
  });
  if (problems.length > 0) throw invalid(problems.slice(0, 20).join('; '));
}

function parseJson(value: Buffer | null): unknown {
  if (value === null) throw invalid('It has no value: send one JSON object a message.');
  try {
    return JSON.parse(value.toString('utf8'));
  } catch (cause) {
    throw new NaruError('The command is not JSON. Send one JSON object a message.', {
      code: 'deserialization_error',
      cause,
    });
  }
}

function invalid(reasons: string): NaruError {
  return new NaruError(`The command cannot be carried out. ${reasons}`, { code: 'invalid_schema' });
}

function correlationOf(command: Command): string | undefined {
  if (command.correlation_id !== undefined) return command.correlation_id;
  return command.action === 'connect_and_subscribe' ? command.ticket_id : undefined;
}
