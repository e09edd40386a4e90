import {
  type Clock,
  type Command,
  formatFailures,
  type Logger,
  parseCommand,
  silentLogger,
  systemClock,
} from '@naru/core';
import { createJsonDeserializer } from '@naru/serializers';
import { createKafkaConsumer } from '../../consumer/create-kafka-consumer.js';
import { createDeadLetterTopic, type DeadLetter, type Failure } from '../../consumer/dead-letter.js';
import type { ConsumerState, KafkaConsumer, KafkaConsumerOptions } from '../../consumer/kafka-consumer.js';
import { headerText, type ReceivedMessage } from '../../consumer/received-message.js';
import type { KafkaProducer } from '../../producer/kafka-producer.js';
import type { RecordHeaders } from '../../transport/transport-producer.js';
import { checkCommandBounds } from './command-bounds.js';
import { CommandRejection } from './command-rejection.js';

export interface CommandContext {
  readonly message: ReceivedMessage;
  /** Aborted when the partition is taken away before the command was carried out. */
  readonly signal: AbortSignal;
  /** Of the command, or else of the message's header `correlation-id`, where that is of 1 to 200 characters. */
  readonly correlationId: string | undefined;
}

export interface CommandConsumerOptions
  extends Omit<KafkaConsumerOptions, 'handler' | 'topics' | 'groupId' | 'deadLetter'> {
  /** Default: the specification's topic. */
  readonly topic?: readonly string[] | undefined;
  /**
   * Default 'naru-gateway-connect' and 'naru-gateway-disconnect': the members of one group must all read the same
   * topics, so the clients of different topics need groups of their own.
   */
  readonly groupId?: string | undefined;
  /** Where bad commands go: a producer, which writes to `ws.dlq`, or a dead letter of your own. */
  readonly deadLetter: DeadLetter | Pick<KafkaProducer, 'sendAndWait'>;
}

const json = createJsonDeserializer();

/** What the consumers of both command topics share: reading, checking, dead-lettering, running until closed. */
export class CommandConsumer {
  readonly #consumer: KafkaConsumer;
  readonly #logger: Logger;
  /** What messages hold, as far as they are JSON: a letter about one needs it again, and reading a bad one is dear. */
  readonly #read = new WeakMap<ReceivedMessage, unknown>();
  #closed: (() => void) | undefined;

  protected readonly clock: Clock;

  constructor(
    options: CommandConsumerOptions,
    defaults: { readonly topic: string; readonly groupId: string },
    carryOut: (command: Command, context: CommandContext) => Promise<void>,
  ) {
    const { topic = [defaults.topic], groupId = defaults.groupId, deadLetter, ...rest } = options;
    const letters = 'publish' in deadLetter ? deadLetter : createDeadLetterTopic({ producer: deadLetter });
    this.clock = options.clock ?? systemClock;
    this.#logger = options.logger ?? silentLogger;
    this.#consumer = createKafkaConsumer({
      // A command's offset is done when the command is, not a second later.
      commitIntervalMs: 0,
      ...rest,
      topics: topic,
      groupId,
      deadLetter: {
        publish: (message, failure) => letters.publish(message, failure, this.#rejectionHeaders(message, failure)),
      },
      handler: async (message, { signal }) => {
        const command = this.#commandOf(message);
        if (command) await carryOut(command, { message, signal, correlationId: correlationIdOf(command, message) });
      },
    });
  }

  get state(): ConsumerState {
    return this.#consumer.state;
  }

  /** Joins the group and returns while it consumes; rejects when joining fails the first time. */
  start(): Promise<void> {
    return this.#consumer.start();
  }

  /** Joins the group and consumes until `close`; rejects when joining fails the first time. */
  async run(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#closed = resolve;
    });
    await this.start();
    await closed;
  }

  async close(): Promise<void> {
    await this.#consumer.close();
    this.#closed?.();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** The command, undefined for messages of another kind, or a rejection that goes to the dead letters. */
  #commandOf(message: ReceivedMessage): Command | undefined {
    checkCommandBounds(message.value);
    let value: unknown;
    try {
      value = json.decode(message.value, { topic: message.topic });
    } catch (cause) {
      throw new CommandRejection(`The command is not JSON: ${(cause as Error).message}`, [], cause);
    }
    this.#read.set(message, value);
    const parsed = parseCommand(value);
    if (parsed.ok) return parsed.value;
    if (parsed.ignored) {
      this.#logger.debug('A message of another kind was ignored.', { type: parsed.type, action: parsed.action });
      return undefined;
    }
    throw new CommandRejection(`The command is invalid: ${formatFailures(parsed.failures)}`, parsed.failures);
  }

  /** What a reader of the dead letters wants besides the reason: which fields, and whose command it was. */
  #rejectionHeaders(message: ReceivedMessage, { error }: Failure): RecordHeaders {
    const headers: Record<string, string> = {};
    if (error instanceof CommandRejection && error.failures.length > 0) {
      headers['validation-failures'] = JSON.stringify(error.failures.slice(0, 50));
    }
    const value = this.#read.get(message) as { readonly correlation_id?: unknown; readonly ticket_id?: unknown } | null;
    const id = value?.correlation_id ?? value?.ticket_id;
    if (isCorrelationId(id)) headers['correlation-id'] = id;
    return headers;
  }
}

function correlationIdOf(command: Command, message: ReceivedMessage): string | undefined {
  const own = command.correlation_id ?? ('ticket_id' in command ? command.ticket_id : undefined);
  if (own !== undefined) return own;
  const id = headerText(message, 'correlation-id');
  return isCorrelationId(id) ? id : undefined;
}

/** It goes into every event about the command, so it is no longer there than in a command. */
function isCorrelationId(id: unknown): id is string {
  return typeof id === 'string' && id.length > 0 && id.length <= 200;
}
