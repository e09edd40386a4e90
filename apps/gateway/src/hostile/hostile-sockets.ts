import { deflateRawSync, gzipSync } from 'node:zlib';
import { type Behaviour, binary, frame, length64, text } from './hostile-peer.js';

/** What a bad exchange does, and what the gateway has to say about it. */
export interface HostileSocket {
  readonly name: string;
  readonly exchange: string;
  readonly behave: Behaviour;
  /** The socket is given up: an error event that says so. */
  readonly lost?: RegExp;
  /** The socket stays, and each frame refuses a subscription: there are events, but not one for each. */
  readonly refusing?: true;
  /** The socket stays, and the frames are counted as not understood. */
  readonly unparsed?: true;
  /** The socket stays, and the frames mean nothing or are records. */
  readonly stays?: true;
}

const trade = (changes: object = {}): string =>
  JSON.stringify({
    type: 'trade',
    code: 'KRW-BTC',
    timestamp: 1_700_000_000_100,
    trade_timestamp: 1_700_000_000_000,
    trade_price: 10.5,
    trade_volume: 2,
    ask_bid: 'BID',
    sequential_id: 17_000_000_000_001,
    stream_type: 'REALTIME',
    ...changes,
  });

/** Ways of a peer that is no exchange, in handshakes, frames and content. */
export function hostileSockets(canaryPort: number): readonly HostileSocket[] {
  const upbit = 'upbit';
  const handshake = (name: string, response: Buffer | string, lost: RegExp): HostileSocket => ({
    name: `a handshake ${name}`,
    exchange: upbit,
    behave: (socket) => socket.end(response),
    lost,
  });
  const broken = (name: string, frames: Buffer | (() => Buffer), lost: RegExp): HostileSocket => ({
    name,
    exchange: upbit,
    behave: (socket, accept) => {
      accept();
      socket.write(typeof frames === 'function' ? frames() : frames);
    },
    lost,
  });
  const content = (name: string, frames: Buffer | (() => Buffer), exchange = upbit): HostileSocket => ({
    ...broken(name, frames, /./),
    exchange,
    lost: undefined as never,
    unparsed: true,
  });
  const quiet = (name: string, frames: Buffer | (() => Buffer)): HostileSocket => ({
    ...broken(name, frames, /./),
    lost: undefined as never,
    stays: true,
  });
  const closing = (name: string, payload: Buffer, lost: RegExp): HostileSocket =>
    broken(`a close ${name}`, frame(0x88, payload), lost);
  const code = (value: number, reason: Buffer | string = ''): Buffer =>
    Buffer.concat([Buffer.of(value >> 8, value & 0xff), Buffer.from(reason)]);

  return [
    handshake(
      'that redirects to a forbidden address',
      `HTTP/1.1 302 Found\r\nLocation: ws://127.0.0.1:${canaryPort}/\r\n\r\n`,
      /302/,
    ),
    handshake(
      'that redirects for ever',
      `HTTP/1.1 308 Permanent Redirect\r\nLocation: http://127.0.0.1:${canaryPort}/\r\n\r\n`,
      /308/,
    ),
    handshake('answered with a page', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi', /200/),
    handshake('answered with a refusal', 'HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1e308\r\n\r\n', /429/),
    handshake(
      'with a wrong proof',
      'HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n',
      /Accept/,
    ),
    handshake('that is no HTTP', 'SSH-2.0-OpenSSH_9.6\r\n', /Parse Error|Expected HTTP/),
    handshake('that ends at once', '', /socket hang up|closed|ECONNRESET/),
    handshake(
      'with a megabyte of headers',
      `HTTP/1.1 101 x\r\nX: ${'x'.repeat(1_000_000)}\r\n\r\n`,
      /Header overflow|Parse Error|EPIPE|ECONNRESET/,
    ),
    handshake('with line breaks in its reason', 'HTTP/1.1 500 \u001b[31mforged\r\n\r\n', /500/),

    broken('a deflate bomb', () => frame(0xc1, deflateRawSync(Buffer.alloc(64 * 1024 * 1024))), /RSV1/),
    broken('a frame of two mebibytes', () => binary(Buffer.alloc(2 * 1024 * 1024)), /Max payload/),
    broken(
      'a frame announced with 2^62 bytes',
      Buffer.concat([Buffer.of(0x82, 127), length64(2n ** 62n)]),
      /Unsupported|2\^53|payload/i,
    ),
    broken('a frame announced with 16 MiB', Buffer.concat([Buffer.of(0x82, 127), length64(2n ** 24n)]), /Max payload/),
    broken(
      'fragments without end',
      () => Buffer.concat([frame(0x01, 'x'), ...Array.from({ length: 5_000 }, () => frame(0x00, 'x'))]),
      /fragments/,
    ),
    broken(
      'empty fragments without end',
      () => Buffer.concat([frame(0x01), ...Array.from({ length: 5_000 }, () => frame(0x00))]),
      /fragments/,
    ),
    broken('a continuation of nothing', frame(0x80, 'x'), /opcode/),
    broken('a message within a message', Buffer.concat([frame(0x01, 'x'), frame(0x81, 'x')]), /opcode/),
    broken('a reserved opcode', frame(0x83, 'x'), /opcode/),
    broken('a masked frame', Buffer.of(0x81, 0x81, 1, 2, 3, 4, 5), /MASK/),
    broken('reserved bits', frame(0xb1, 'x'), /RSV/),
    broken('a fragmented ping', frame(0x09, 'x'), /FIN/),
    broken('a ping of 126 bytes', Buffer.concat([Buffer.of(0x89, 126, 0, 126), Buffer.alloc(126)]), /payload length/),
    closing('of one byte', Buffer.of(3), /payload length/),
    closing('with code 1000', code(1000), /1000/),
    closing('with code 1012', code(1012, 'restarting'), /1012: restarting/),
    closing('with code 4999', code(4999), /4999/),
    closing('with the forbidden code 1006', code(1006), /status code 1006/),
    closing('with the forbidden code 999', code(999), /status code 999/),
    closing('with line breaks and control characters', code(1008, 'a\r\n\u001b[2J{"level":"error"}'), /1008/),
    closing('with a reason that is no UTF-8', code(1008, Buffer.of(0xff, 0xfe)), /1008|UTF-8/),
    {
      name: 'a reset',
      exchange: upbit,
      behave: (socket, accept) => {
        accept();
        setImmediate(() => socket.resetAndDestroy());
      },
      lost: /closed with 1006|ECONNRESET/,
    },

    quiet('ten thousand pings', () => Buffer.concat(Array.from({ length: 10_000 }, () => frame(0x89, 'x')))),
    quiet('a read full of pings', () => Buffer.concat(Array.from({ length: 32_000 }, () => frame(0x89)))),
    quiet('ten thousand pongs', () => Buffer.concat(Array.from({ length: 10_000 }, () => frame(0x8a)))),
    quiet('five thousand markets that nobody asked for', () =>
      Buffer.concat(Array.from({ length: 5_000 }, (_, n) => binary(trade({ code: `KRW-U${n}` })))),
    ),
    quiet('ten thousand acknowledgements that nobody awaits', () =>
      Buffer.concat(Array.from({ length: 10_000 }, () => text('{"status":"UP"}'))),
    ),

    {
      ...broken(
        'a read full of refusals',
        () => Buffer.concat(Array.from({ length: 1_400 }, () => text('{"error":{"name":"NO_CODES","message":"x"}}'))),
        /./,
      ),
      lost: undefined as never,
      refusing: true,
    },

    content('text that is no UTF-8', text(Buffer.of(0x7b, 0xff, 0xfe, 0x7d))),
    content('text that is no JSON', text('{"type":"trade",')),
    content('binary noise', () => binary(Buffer.from(Array.from({ length: 10_000 }, (_, n) => (n * 7919) % 256)))),
    content('arrays nested 100,000 deep, cut', text('['.repeat(100_000))),
    content('a mebibyte of open braces', () => binary('{"a":'.repeat(200_000))),
    content('a price that is text', binary(trade({ trade_price: 'NaN' }))),
    content('a price beyond doubles', binary(trade().replace('10.5', '1e999'))),
    content('a price that is null', binary(trade({ trade_price: null }))),
    content('a price that is negative', binary(trade({ trade_price: -1 }))),
    content('a price that is an object', binary(trade({ trade_price: { valueOf: 1 } }))),
    content('a volume that is zero', binary(trade({ trade_volume: 0 }))),
    content('a time that is text', binary(trade({ trade_timestamp: 'yesterday' }))),
    content('a sequence that is an object', binary(trade({ sequential_id: {} }))),
    content('a trade with nothing in it', binary('{"type":"trade","code":"KRW-BTC"}')),
    content('a thousand bad frames in one go', () => Buffer.concat(Array.from({ length: 1_000 }, () => text('{')))),
    content('a read full of bad frames', () => Buffer.concat(Array.from({ length: 21_000 }, () => text('{')))),
    content('a gzip bomb', () => binary(gzipSync(Buffer.alloc(256 * 1024 * 1024))), 'htx'),
    content('a gzip bomb in a gzip bomb', () => binary(gzipSync(gzipSync(Buffer.alloc(64 * 1024 * 1024)))), 'htx'),
    content('gzip that is cut', () => binary(gzipSync('{"ping":1}').subarray(0, 15)), 'htx'),
    content('gzip with a wrong checksum', () => binary(spoilt(gzipSync('{"ping":1}'))), 'htx'),
    content('gzip of no JSON', () => binary(gzipSync('{')), 'htx'),
  ];
}

function spoilt(bytes: Buffer): Buffer {
  bytes[bytes.length - 6]! ^= 0xff;
  return bytes;
}
