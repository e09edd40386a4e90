import { gzipSync } from 'node:zlib';

/** A message on a command topic, and what has to become of it. */
export interface HostileMessage {
  readonly name: string;
  readonly value: Buffer | null;
  readonly key?: Buffer | string | null;
  readonly headers?: Readonly<Record<string, Buffer | string>>;
  readonly topic?: 'command' | 'disconnection';
  /** Sent in a gzip batch, as a sender that hides its size would. */
  readonly compressed?: boolean;
  /** A cut letter is one that no topic takes whole; a packed one carries the batch as it came, which nobody unpacked. */
  readonly fate: 'dead letter' | 'cut letter' | 'packed letter' | 'no letter';
}

type Fields = Readonly<Record<string, unknown>>;

const target = { exchange: 'upbit', region: 'korea', request_type: 'ticker' };

/** Every message that is hostile by its form. `url` is an address that the gateway dials. */
export function hostileMessages(url: string): readonly HostileMessage[] {
  const valid: Fields = {
    type: 'status',
    action: 'connect_and_subscribe',
    target,
    symbols: ['KRW-BTC'],
    connection: { url, socket_params: {} },
  };
  const text = JSON.stringify(valid);
  const command = (changes: Fields): string => JSON.stringify({ ...valid, ...changes });
  const dead = (name: string, value: Buffer | string | null): HostileMessage => ({
    name,
    value: typeof value === 'string' ? Buffer.from(value) : value,
    fate: 'dead letter',
  });
  const harmless = (name: string, value: string): HostileMessage => ({ ...dead(name, value), fate: 'no letter' });

  return [
    ...notJson(text).map(([name, value]) => dead(`no JSON: ${name}`, value)),
    ...notACommand().map(([name, value]) => dead(`no command: ${name}`, value)),
    ...wrongTypes(valid).map(([name, value]) => dead(`a wrong type: ${name}`, value)),
    ...prototypeKeys(text).map(([name, value]) => dead(`a prototype key: ${name}`, value)),

    dead('an unknown field', command({ speed: 1 })),
    dead('a thousand unknown fields', command(Object.fromEntries(range(1_000, (n) => [`field${n}`, n])))),
    dead('fifty thousand unknown fields', command(Object.fromEntries(range(50_000, (n) => [`f${n}`, n])))),
    dead('an unknown field whose name is long', command({ ['x'.repeat(500_000)]: 1 })),
    dead('an unknown field with line breaks in its name', command({ 'a\r\nlevel: error': 1 })),
    dead('nesting 10,000 deep, of arrays', text.replace('{}', `${'['.repeat(10_000)}${']'.repeat(10_000)}`)),
    dead('nesting 10,000 deep, of objects', text.replace('{}', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`)),
    dead('nesting a million deep, never closed', '['.repeat(1_000_000)),
    dead('nesting 100,000 deep, never opened', ']'.repeat(100_000)),
    dead(
      'duplicate keys, the last one wrong',
      text.replace('"type"', '"type":"status","symbols":[],"type"').replace('"symbols":["KRW-BTC"]', '"symbols":7'),
    ),

    dead('no symbols', command({ symbols: [] })),
    dead('more symbols than a command may have', command({ symbols: range(10_001, (n) => `KRW-S${n}`) })),
    dead('a hundred thousand empty symbols', command({ symbols: range(100_000, () => '') })),
    dead('a hundred thousand nulls for symbols', command({ symbols: range(100_000, () => null) })),
    {
      ...dead('a million symbols', command({ symbols: range(1_000_000, (n) => `S-${n % 10}`) })),
      compressed: true,
      fate: 'cut letter',
    },
    { ...dead('sixteen million spaces', ' '.repeat(16_000_000)), compressed: true, fate: 'cut letter' },
    { ...dead('a gzip bomb', null), value: Buffer.alloc(80 * 1024 * 1024), compressed: true, fate: 'packed letter' },
    dead('ten thousand symbols that are no market codes', command({ symbols: range(10_000, (n) => `no${n}`) })),
    dead('a symbol of 101 characters', command({ symbols: [`KRW-${'A'.repeat(97)}`] })),
    dead('a symbol of half a million characters', command({ symbols: ['A'.repeat(500_000)] })),
    ...badSymbols().map(([name, symbol]) => dead(`a symbol ${name}`, command({ symbols: [symbol] }))),

    ...regions.map((region) =>
      dead(`the region ${JSON.stringify(region)}`, command({ target: { ...target, region } })),
    ),
    ...exchangeNames.map((exchange) =>
      dead(`the exchange ${JSON.stringify(exchange).slice(0, 40)}`, command({ target: { ...target, exchange } })),
    ),
    ...['ticker\u0000', 'TICKER', '__proto__', 'constructor', 'ticker/../../x', '*'].map((kind) =>
      dead(`the kind ${JSON.stringify(kind)}`, command({ target: { ...target, request_type: kind } })),
    ),
    dead('a region of another exchange', command({ target: { ...target, region: 'eu' } })),

    ...(['-1', '0', '0.5', '1e999', '-1e308', '"5000"', '"NaN"', '[]', 'null', '{"valueOf":1}'] as const).map((ttl) =>
      dead(`ttl_ms ${ttl}`, `${text.slice(0, -1)},"ttl_ms":${ttl}}`),
    ),
    ...(
      [
        '-1',
        '"tomorrow"',
        '"0000-00-00T00:00:00Z"',
        '"9999-99-99T99:99:99Z"',
        '"+275760-09-13T00:00:00Z"',
        '1e999',
        '""',
        'true',
      ] as const
    ).map((moment) => dead(`ts_issue ${moment}`, `${text.slice(0, -1)},"ttl_ms":1,"ts_issue":${moment}}`)),
    ...(['9007199254740993', '-0', '1e308', '""', `"${'x'.repeat(201)}"`, '[1]'] as const).map((id) =>
      dead(`correlation_id ${id.slice(0, 20)}`, `${text.slice(0, -1)},"correlation_id":${id}}`),
    ),
    dead('a projection of a field that no record has', command({ projection: ['__proto__'] })),
    dead('an empty projection', command({ projection: [] })),
    dead('a projection of ten thousand fields', command({ projection: range(10_000, (n) => `f${n}`) })),

    { ...dead('a key of 100 KB', '{'), key: Buffer.alloc(100_000, 0xfe) },
    { ...dead('an empty key', '{'), key: Buffer.alloc(0) },
    { ...dead('a hundred headers', '{'), headers: Object.fromEntries(range(100, (n) => [`h${n}`, 'x'.repeat(100)])) },
    { ...dead('headers with line breaks', '{'), headers: { 'a\r\nb': 'c\r\nd', 'correlation-id': 'x\r\ny' } },
    { ...dead('a header of 200 KB', '{'), headers: { big: Buffer.alloc(200_000, 0x41) } },
    dead('almost a megabyte that is no JSON', Buffer.alloc(1_000_000, 0x41)),
    dead('almost a megabyte of valid command', command({ routing: { a: 'x'.repeat(900_000) }, extra: 1 })),

    harmless('the largest ttl', `${text.slice(0, -1)},"ttl_ms":1e308}`),
    harmless('the year 9999', command({ ttl_ms: 5_000, ts_issue: '9999-12-31T23:59:59Z' })),
    harmless('the end of doubles as a moment', command({ ttl_ms: 5_000, timestamp: Number.MAX_VALUE })),
    harmless('a replayed command that is long too old', command({ ttl_ms: 1, ts_issue: '1970-01-01T00:00:00Z' })),
    harmless('an unsafe integer as text', command({ correlation_id: '9007199254740993' })),
    harmless('line breaks in the correlation id', command({ correlation_id: 'a\r\n{"level":"error","msg":"forged"}' })),
    harmless('a terminal sequence in the correlation id', command({ correlation_id: '\u001b[2J\u0007\u0000' })),
    harmless('a lone surrogate in the correlation id', `${text.slice(0, -1)},"correlation_id":"\\ud800"}`),
    harmless(
      'prototype keys in free fields',
      `${text.slice(0, -1)},"routing":{"__proto__":{"x":1},"constructor":{"prototype":{"x":1}}}}`,
    ),
    harmless('another action', command({ action: '__proto__' })),
    harmless('another type', command({ type: 'toString' })),
    harmless('a byte order mark', `\ufeff${text}`),
    {
      ...harmless(
        'line breaks in the reason of a disconnect',
        JSON.stringify({
          type: 'status',
          action: 'disconnect',
          target: { ...target, request_type: 'orderbook' },
          reason: 'a\r\nb',
          meta: { ['__proto__']: 1 },
        }),
      ),
      topic: 'disconnection',
    },
    ...(
      [
        ['no JSON', '{'],
        ['an unknown field', JSON.stringify({ type: 'status', action: 'disconnect', target, extra: 1 })],
        [
          'a reason of 1,001 characters',
          JSON.stringify({ type: 'status', action: 'disconnect', target, reason: 'x'.repeat(1_001) }),
        ],
        ['no target', JSON.stringify({ type: 'status', action: 'disconnect' })],
      ] as const
    ).map(([name, value]): HostileMessage => ({ ...dead(`a disconnect with ${name}`, value), topic: 'disconnection' })),
  ];
}

const regions = [
  '../ws.command',
  'korea/../../x',
  'korea\u0000',
  'KOREA',
  'korea ',
  'korea.evil',
  'na|eu',
  '__proto__',
  'constructor',
  'toString',
  '',
  'ｋorea',
  'korea\r\n',
  '*',
  'x'.repeat(10_000),
];

const exchangeNames = [
  '__proto__',
  'constructor',
  'hasownproperty',
  'prototype',
  'upbit/korea',
  'upbit\n',
  'UPBIT',
  'ｕpbit',
  'upbit\u0000',
  'upbit:ticker',
  '',
  '../upbit',
  'nasdaq',
  'x'.repeat(64),
  'x'.repeat(100_000),
];

function notJson(text: string): [string, Buffer | string | null][] {
  return [
    ['no value', null],
    ['an empty value', ''],
    ['a space', ' '],
    ['an open brace', '{'],
    ['a closed brace', '}'],
    ['an open bracket', '['],
    ['half a key', '{"a'],
    ['half a literal', 'nul'],
    ['NaN', 'NaN'],
    ['Infinity', '-Infinity'],
    ['a minus', '-'],
    ['a leading zero', '{"a":01}'],
    ['a bare fraction', '{"a":.5}'],
    ['an open exponent', '{"a":1e}'],
    ['hex', '{"a":0x10}'],
    ['single quotes', "{'a':1}"],
    ['bare keys', '{a:1}'],
    ['a trailing comma', '{"a":1,}'],
    ['a comment', '{"a":1/*x*/}'],
    ['undefined', 'undefined'],
    ['a function', '(()=>1)()'],
    ['YAML', 'a: 1'],
    ['XML', '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x>&y;</x>'],
    ['a raw line break in text', '{"a":"\n"}'],
    ['a raw NUL in text', '{"a":"\u0000"}'],
    ['an unknown escape', '{"a":"\\x41"}'],
    ['a cut escape', '{"a":"\\u00'],
    ['two objects', `${text}${text}`],
    ['an object and rubbish', `${text}]`],
    ['a cut command', text.slice(0, -20)],
    ['UTF-16', Buffer.from(text, 'utf16le')],
    ['a byte that is no UTF-8', Buffer.concat([Buffer.from('{"a":"'), Buffer.of(0xff), Buffer.from('"}')])],
    ['an overlong NUL', Buffer.concat([Buffer.from('{"a":"'), Buffer.of(0xc0, 0x80), Buffer.from('"}')])],
    ['a surrogate in UTF-8', Buffer.concat([Buffer.from('{"a":"'), Buffer.of(0xed, 0xa0, 0x80), Buffer.from('"}')])],
    ['a cut character', Buffer.concat([Buffer.from('{"a":"'), Buffer.of(0xf0, 0x9f)])],
    ['NULs', Buffer.alloc(1_000)],
    ['gzip', gzipSync(text)],
    ['five bytes of a wire frame', Buffer.of(0, 0, 0, 0, 1)],
    ['a wire frame of an unknown schema', Buffer.concat([Buffer.of(0, 0x7f, 0xff, 0xff, 0xff), Buffer.from(text)])],
    ['a wire frame with a negative id', Buffer.of(0, 0xff, 0xff, 0xff, 0xff, 2)],
    ['a wrong magic byte', Buffer.concat([Buffer.of(7, 0, 0, 0, 1), Buffer.from(text)])],
    ['an HTTP request', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['control characters', '\u001b[31m\r\n\u0007\u0000'],
  ];
}

function notACommand(): [string, string][] {
  return [
    ['null', 'null'],
    ['true', 'true'],
    ['a number', '7'],
    ['a huge number', '1e999'],
    ['text', '"connect_and_subscribe"'],
    ['an array', '[]'],
    ['an empty object', '{}'],
    ['only a type', '{"type":"status"}'],
    ['only a known action', '{"type":"status","action":"connect_and_subscribe"}'],
  ];
}

/** Every field of a command with values that are none of its type. */
function wrongTypes(valid: Fields): [string, string][] {
  const wrong: readonly unknown[] = [null, true, -1, [], {}];
  const paths: readonly (readonly [path: readonly string[], fits: readonly unknown[]])[] = [
    [['type'], []],
    [['action'], []],
    [['target'], []],
    [['target', 'exchange'], []],
    [['target', 'region'], []],
    [['target', 'request_type'], []],
    [['symbols'], []],
    [['symbols', '0'], []],
    [['connection'], []],
    [['connection', 'url'], []],
    [
      ['connection', 'socket_params'],
      [[], {}],
    ],
    [['projection'], [null]],
    [['schema_version'], []],
    [['routing'], [{}]],
    [['ts_ingest'], []],
    [['timestamp'], []],
    [['ticket_id'], []],
  ];
  return paths.flatMap(([path, fits]) =>
    wrong
      .filter((value) => !fits.some((fit) => JSON.stringify(fit) === JSON.stringify(value)))
      .map((value): [string, string] => [
        `${path.join('.')} is ${JSON.stringify(value)}`,
        JSON.stringify(replaced(valid, path, value)),
      ]),
  );
}

function replaced(whole: unknown, [name, ...rest]: readonly string[], value: unknown): unknown {
  if (name === undefined) return value;
  const copy = structuredClone(whole ?? {}) as Record<string, unknown>;
  copy[name] = replaced(copy[name], rest, value);
  return copy;
}

function prototypeKeys(text: string): [string, string][] {
  const begin = '{"__proto__":{"polluted":true},';
  return [
    ['__proto__ at the top', text.replace('{', begin)],
    [
      '__proto__ that says what is missing',
      '{"__proto__":{"type":"status","action":"connect_and_subscribe","symbols":["KRW-BTC"]}}',
    ],
    ['__proto__ in the target', text.replace('"target":{', '"target":{"__proto__":{"region":"eu"},')],
    ['__proto__ in the connection', text.replace('"connection":{', '"connection":{"__proto__":{},')],
    ['constructor at the top', text.replace('{', '{"constructor":{"prototype":{"polluted":true}},')],
    ['toString at the top', text.replace('{', '{"toString":null,')],
    ['hasOwnProperty at the top', text.replace('{', '{"hasOwnProperty":1,')],
  ];
}

function badSymbols(): [string, string][] {
  return [
    ['in lower case', 'krw-btc'],
    ['in full-width letters', 'ＫＲＷ-ＢＴＣ'],
    ['in full-width digits', 'KRW-１INCH'],
    ['with a Cyrillic letter', 'КRW-BTC'],
    ['with a line break', 'KRW-BTC\r\nKRW-ETH'],
    ['with a line break at its end', 'KRW-BTC\n'],
    ['with a NUL', 'KRW-BTC\u0000'],
    ['with a zero-width space', 'KRW-\u200bBTC'],
    ['written from right to left', '\u202eCTB-WRK'],
    ['that is a topic', 'ws.command'],
    ['that climbs', '../../KRW-BTC'],
    ['with JSON in it', 'KRW-BTC"],"x":["'],
    ['that is __proto__', '__proto__'],
    ['that is empty', ''],
    ['that is an emoji', '🚀-🌕'],
    ['with three parts', 'KRW-BTC-PERP'],
  ];
}

function range<T>(length: number, make: (index: number) => T): T[] {
  return Array.from({ length }, (_, index) => make(index));
}
