import { regions } from '../records/exchange.js';
import { createFormatPolicy, formatOf } from '../topics/format-policy.js';
import { type TopicNames, topicNames } from '../topics/topic-names.js';
import { type Channel, channels } from './channels.js';
import { type DtoName, dtoNames } from './dto-schemas.js';
import { plainSchema } from './json-schema-document.js';

const kafkaBindingVersion = '0.5.0';

export interface AsyncApiOptions {
  /** Topics under their names of yours. Default: the names of the specification. */
  readonly topics?: TopicNames;
  /** What `info.version` says. Default: 1.0.0. */
  readonly version?: string;
}

/** All topics as an AsyncAPI 3 document, seen from the gateway: it receives commands and sends the rest. */
export function createAsyncApiDocument(options: AsyncApiOptions = {}): Record<string, unknown> {
  const { topics = topicNames, version = '1.0.0' } = options;
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Naru gateway',
      version,
      description:
        'Live exchange data on Kafka. Avro messages carry a Confluent frame; their payloads are shown here as JSON Schema of the decoded value, where absent fields are null in Avro.',
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(channels.map((channel) => [channel.topic, describeChannel(channel, topics)])),
    operations: Object.fromEntries(channels.map((channel) => [operationName(channel), describeOperation(channel)])),
    components: {
      messages: Object.fromEntries(
        channels.flatMap((channel) => channel.messages.map((name) => [name, describeMessage(name, channel, topics)])),
      ),
      schemas: Object.fromEntries(dtoNames.map((name) => [name, plainSchema(name)])),
    },
  };
}

function describeChannel(channel: Channel, topics: TopicNames): object {
  return {
    address: channel.perRegion ? `${topics[channel.topic]}.{region}` : topics[channel.topic],
    title: channel.title,
    ...(channel.perRegion && { parameters: { region: { enum: [...regions], description: 'home of the exchange' } } }),
    messages: Object.fromEntries(channel.messages.map((name) => [name, { $ref: `#/components/messages/${name}` }])),
  };
}

function describeOperation(channel: Channel): object {
  return {
    action: channel.direction === 'in' ? 'receive' : 'send',
    channel: { $ref: `#/channels/${channel.topic}` },
    summary: channel.title,
    messages: channel.messages.map((name) => ({ $ref: `#/channels/${channel.topic}/messages/${name}` })),
  };
}

function describeMessage(name: DtoName, channel: Channel, topics: TopicNames): object {
  const topic = channel.perRegion ? `${topics[channel.topic]}.${regions[0]}` : topics[channel.topic];
  const isAvro = formatOf(topic, createFormatPolicy(topics)) === 'avro';
  return {
    name,
    contentType: isAvro ? 'application/vnd.apache.avro' : 'application/json',
    payload: { $ref: `#/components/schemas/${name}` },
    bindings: {
      kafka: {
        key: { type: 'string', description: channel.key },
        ...(isAvro && { schemaIdLocation: 'payload', schemaIdPayloadEncoding: 'confluent' }),
        bindingVersion: kafkaBindingVersion,
      },
    },
  };
}

function operationName(channel: Channel): string {
  const verb = channel.direction === 'in' ? 'receive' : 'send';
  return verb + channel.topic.charAt(0).toUpperCase() + channel.topic.slice(1);
}
