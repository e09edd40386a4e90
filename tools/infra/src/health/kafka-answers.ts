import { connect } from 'node:net';

/** Whether one of the addresses tells of a cluster with a controller and at least `brokers` brokers. */
export async function kafkaAnswers(bootstrap: string, brokers: number, timeoutMs = 3000): Promise<boolean> {
  const clusters = await Promise.all(bootstrap.split(',').map((address) => askForCluster(address, timeoutMs)));
  return clusters.some((cluster) => cluster?.hasController && cluster.brokers >= brokers);
}

interface Cluster {
  readonly brokers: number;
  readonly hasController: boolean;
}

const longestReply = 1024 * 1024;

/** Asks for metadata of no topic; undefined when the answer is not one of Kafka. */
function askForCluster(address: string, timeoutMs: number): Promise<Cluster | undefined> {
  const [, host, port] = /^(?:\[(?=.*\]))?(.+?)\]?:(\d+)$/.exec(address.trim()) ?? [];
  if (host === undefined) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port) });
    let received = Buffer.alloc(0);
    const finish = (cluster: Cluster | undefined): void => {
      socket.destroy();
      resolve(cluster);
    };
    socket.setTimeout(timeoutMs, () => finish(undefined));
    socket.once('error', () => finish(undefined));
    socket.once('end', () => finish(undefined));
    socket.once('connect', () => socket.write(metadataRequest));
    socket.on('data', (bytes) => {
      received = Buffer.concat([received, bytes]);
      if (received.length < 4) return;
      const size = received.readInt32BE(0);
      if (size < 0 || size > longestReply) finish(undefined);
      else if (received.length >= 4 + size) finish(readMetadata(received.subarray(4, 4 + size)));
    });
  });
}

const correlationId = 0x6e617275;

/**
 *     Metadata request v4 => size:int32 api_key:int16=3 api_version:int16=4 correlation_id:int32 client_id:string
 *                            [topic:string] allow_auto_topic_creation:boolean
 */
const metadataRequest: Buffer = (() => {
  const client = Buffer.from('naru-infra');
  const body = Buffer.alloc(10 + client.length + 5);
  body.writeInt16BE(3, 0);
  body.writeInt16BE(4, 2);
  body.writeInt32BE(correlationId, 4);
  body.writeInt16BE(client.length, 8);
  client.copy(body, 10);
  const size = Buffer.alloc(4);
  size.writeInt32BE(body.length);
  return Buffer.concat([size, body]);
})();

/**
 *     Metadata response v4 => correlation_id:int32 throttle_time_ms:int32 [broker] cluster_id:nullable_string
 *                             controller_id:int32 [topic]
 *     broker => node_id:int32 host:string port:int32 rack:nullable_string
 */
function readMetadata(body: Buffer): Cluster | undefined {
  try {
    let offset = 0;
    const int32 = (): number => {
      offset += 4;
      return body.readInt32BE(offset - 4);
    };
    const skipString = (): void => {
      offset += 2 + Math.max(body.readInt16BE(offset), 0);
    };
    if (int32() !== correlationId) return undefined;
    int32();
    const brokers = int32();
    for (let index = 0; index < brokers; index++) {
      int32();
      skipString();
      int32();
      skipString();
    }
    skipString();
    return { brokers, hasController: int32() >= 0 };
  } catch (error) {
    // The bytes ended early: something else listens there.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
