import { connect, type Socket } from 'node:net';
import type { Api } from '../apis/api.js';
import { apiVersions } from '../apis/cluster/api-versions.js';
import { FrameSplitter } from '../server/frame-splitter.js';
import { Reader } from '../wire/reader.js';
import { Writer } from '../wire/writer.js';

const CLIENT_ID = 'raw';

/** The bytes of a request, without the length in front. */
export function encodeRequest<Request>(
  api: Api<Request, unknown>,
  version: number,
  correlationId: number,
  body: Request,
): Buffer {
  const writer = new Writer();
  writer.int16(api.key);
  writer.int16(version);
  writer.int32(correlationId);
  writer.nullableString(CLIENT_ID);
  writer.flexible = version >= api.flexibleFrom;
  writer.tags();
  api.request.write(writer, body, version);
  return Buffer.concat(writer.parts());
}

/** The body of an answer, and how many of its bytes were left over. */
export function decodeResponse<Request, Response>(
  api: Api<Request, Response>,
  version: number,
  frame: Buffer,
): { readonly body: Response; readonly unread: number } {
  const reader = new Reader(frame, 4);
  reader.flexible = version >= api.flexibleFrom;
  if (api.key !== apiVersions.key) reader.tags();
  const body = api.response.read(reader, version);
  return { body, unread: reader.remaining };
}

/** A client that sends exactly the bytes it is told to. */
export class RawClient {
  readonly #socket: Socket;
  readonly #waiting: { readonly resolve: (frame: Buffer) => void; readonly reject: (error: Error) => void }[] = [];
  /** Resolves when the connection is gone. */
  readonly closed: Promise<void>;
  #correlationId = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    const splitter = new FrameSplitter(2 ** 30, { held: 0, max: 2 ** 30 });
    socket.on('data', (chunk: Buffer) =>
      splitter.push(chunk, (frame) => this.#waiting.shift()?.resolve(Buffer.from(frame))),
    );
    socket.on('error', () => {});
    this.closed = new Promise((resolve) => {
      socket.on('close', () => {
        for (const { reject } of this.#waiting.splice(0)) reject(new Error('the connection was closed'));
        resolve();
      });
    });
  }

  static async connect(address: string): Promise<RawClient> {
    const [host, port] = address.split(':');
    const socket = connect({ host: host!, port: Number(port), noDelay: true });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', () => resolve());
      socket.once('error', reject);
    });
    return new RawClient(socket);
  }

  /** Sends a request and decodes its answer. */
  async call<Request, Response>(api: Api<Request, Response>, version: number, body: Request): Promise<Response> {
    const frame = await this.exchange(encodeRequest(api, version, ++this.#correlationId, body));
    return decodeResponse(api, version, frame).body;
  }

  /** Sends the content of a frame and answers with the content of the next frame that comes back. */
  exchange(content: Buffer): Promise<Buffer> {
    const answer = this.answer();
    this.send(content);
    return answer;
  }

  /** The content of the next frame that nobody waits for yet. */
  answer(): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
    });
  }

  /** Sends the content of a frame whose answer nobody waits for. */
  send(content: Buffer): void {
    const length = Buffer.alloc(4);
    length.writeInt32BE(content.length);
    this.write(Buffer.concat([length, content]));
  }

  /** Sends bytes as they are. */
  write(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  /** Says that nothing more will be sent. */
  end(): void {
    this.#socket.end();
  }

  close(): void {
    this.#socket.destroy();
  }
}
