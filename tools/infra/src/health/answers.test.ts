import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { freePorts } from '../local/free-ports.js';
import { kafkaAnswers } from './kafka-answers.js';
import { redisAnswers } from './redis-answers.js';
import { registryAnswers } from './registry-answers.js';

describe('asking a server whether it is there', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });
  const listen = async (server: Server): Promise<number> => {
    servers.push(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return (server.address() as AddressInfo).port;
  };

  it('is a no when nothing listens', async () => {
    const [port] = await freePorts(1);
    expect(await redisAnswers(`redis://127.0.0.1:${port}`)).toBe(false);
    expect(await registryAnswers(`http://127.0.0.1:${port}`)).toBe(false);
    expect(await kafkaAnswers(`127.0.0.1:${port}`, 1)).toBe(false);
  });

  it('is a no when something else listens', async () => {
    const port = await listen(
      createServer((socket) => socket.on('error', () => {}).end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    );
    expect(await redisAnswers(`redis://127.0.0.1:${port}`)).toBe(false);
    expect(await registryAnswers(`http://127.0.0.1:${port}`)).toBe(false);
    expect(await kafkaAnswers(`127.0.0.1:${port}`, 1)).toBe(false);
  });

  it.each(['kafka', 'kafka:', ':9092', ''])('is a no for %j, which is no address', async (address) => {
    expect(await kafkaAnswers(address, 1)).toBe(false);
  });

  it('is a yes when one Kafka of the list knows a controller and enough brokers', async () => {
    const port = await listen(
      createServer((socket) => socket.once('data', (request) => socket.end(metadataOf(request, 2, 1)))),
    );
    const [silent] = await freePorts(1);
    expect(await kafkaAnswers(`127.0.0.1:${silent},127.0.0.1:${port}`, 2)).toBe(true);
    expect(await kafkaAnswers(`127.0.0.1:${port}`, 3)).toBe(false);
  });

  it('is a no while Kafka has no controller, and when its answer breaks off', async () => {
    const answers = [metadataOf, (request: Buffer) => metadataOf(request, 1, 1).subarray(0, 20), cutInside];
    for (const answer of answers) {
      const port = await listen(
        createServer((socket) => socket.once('data', (request) => socket.end(answer(request, 1, -1)))),
      );
      expect(await kafkaAnswers(`127.0.0.1:${port}`, 1)).toBe(false);
    }
  });

  it.each(['+PONG\r\n', '-NOAUTH Authentication required.\r\n'])('is a yes when Redis says %j', async (answer) => {
    const port = await listen(createServer((socket) => socket.once('data', () => socket.end(answer))));
    expect(await redisAnswers(`redis://127.0.0.1:${port}`)).toBe(true);
  });

  it('is a yes when the registry lists its subjects', async () => {
    const port = await listen(
      createHttpServer((request, response) => response.end(request.url === '/v7/subjects' ? '[]' : '{}')),
    );
    expect(await registryAnswers(`http://127.0.0.1:${port}/v7/`)).toBe(true);
    expect(await registryAnswers(`http://127.0.0.1:${port}/other`)).toBe(false);
  });
});

/** A Metadata response v4 to this request, as Kafka writes it. */
function metadataOf(request: Buffer, brokers: number, controller: number): Buffer {
  const int32 = (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(value);
    return bytes;
  };
  const string = (text: string): Buffer => Buffer.concat([int32(text.length).subarray(2), Buffer.from(text)]);
  const none = Buffer.from([0xff, 0xff]);
  const broker = (id: number): Buffer => Buffer.concat([int32(id), string('127.0.0.1'), int32(9092), none]);
  const all = Array.from({ length: brokers }, (_, index) => broker(index + 1));
  const correlation = request.subarray(8, 12);
  const body = Buffer.concat([
    correlation,
    int32(0),
    int32(brokers),
    ...all,
    string('id'),
    int32(controller),
    int32(0),
  ]);
  return Buffer.concat([int32(body.length), body]);
}

/** A frame that is whole by its size and whose content ends inside a broker. */
function cutInside(request: Buffer): Buffer {
  const whole = metadataOf(request, 1, 1).subarray(0, 20);
  whole.writeInt32BE(16, 0);
  return whole;
}
