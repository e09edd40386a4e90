// A service of your own takes the same commands as the gateway: what is wrong is named field by field, and an error
// becomes an event that everybody who reads ws.error understands.
import { classifyError, createErrorEvent, isCommandExpired, parseCommand, realtimeTopic, targetKey } from '@naru/core';

const incoming = [
  '{"type":"status","action":"connect_and_subscribe","target":{"exchange":"upbit","region":"korea","request_type":"trade"},"symbols":["KRW-BTC"],"connection":{"url":"wss://api.upbit.com/websocket/v1","socket_params":{}}}',
  '{"type":"status","action":"connect_and_subscribe","target":{"exchange":"upbit","region":"mars","request_type":"trade"},"symbols":[],"connection":{"url":"wss://api.upbit.com/websocket/v1","socket_params":{}}}',
];

for (const text of incoming) {
  const parsed = parseCommand(JSON.parse(text));
  if (!parsed.ok) {
    for (const { pointer, expected, actual } of parsed.failures) console.log(`${pointer}: ${expected}, not ${actual}`);
    continue;
  }
  const { target } = parsed.value;
  console.log(targetKey(target), '->', realtimeTopic(target.request_type, target.region));
}

const failure = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
const { domain, code, retryable } = classifyError('ws_connection', failure);
const event = createErrorEvent({
  target: { exchange: 'upbit', region: 'korea', request_type: 'trade' },
  error: { error_domain: domain, error_code: code, error_message: { message: failure.message, retryable } },
});
console.log(event.action, event.error.error_domain, event.error.error_code, event.error.error_message);

const old = parseCommand({ ...JSON.parse(incoming[0]!), ts_issue: '2020-01-01T00:00:00Z', ttl_ms: 5_000 });
if (old.ok && old.value.action === 'connect_and_subscribe')
  console.log('expired:', isCommandExpired(old.value, Date.now()));
