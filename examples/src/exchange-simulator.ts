// A consumer is right when every trade that was sent is accounted for. The simulator knows what it sent, faults included:
// here one frame in ten is left out, and the reader can say exactly which.
import { createExchangeSimulator } from '@naru/exchange-simulator';
import { exchanges } from '@naru/exchanges';
import { WebSocket } from 'ws';

const messages = 200;
await using simulator = createExchangeSimulator({ rate: 5_000, seed: 7, messages, faults: { gap: 0.1 } });
await simulator.start();

const session = exchanges.get('binance').createSession('trade');
const seen = new Set<string>();
const socket = new WebSocket(simulator.url('binance'));
socket.on('open', () => {
  for (const { payload } of session.changeSymbols(['USDT-BTC'])) socket.send(payload);
});
socket.on('message', (data) => {
  for (const record of session.receive(data as Buffer, 0).records) {
    if ('sequential_id' in record) seen.add(record.sequential_id);
  }
});

await simulator.whenSent(messages);
const expected = Array.from(
  { length: messages },
  (_, index) => simulator.expectedTrade('binance', 'USDT-BTC', index).id,
);
while (seen.size < messages - (simulator.faultCounts.gap ?? 0)) await new Promise((resolve) => setImmediate(resolve));
socket.terminate();
const missing = expected.filter((id) => !seen.has(id));
console.log(`${messages} trades happened, ${seen.size} arrived, ${missing.length} were lost on the way`);
console.log('and the simulator left out', simulator.faultCounts.gap);
