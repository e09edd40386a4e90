// Reading an exchange by hand: you own the socket, the session says what to send and what arrived. The exchange is a
// simulated one; with its published address (`okx.addresses.default('trade')`) the same code reads the real one.
import { createExchangeSimulator } from '@naru/exchange-simulator';
import { exchanges } from '@naru/exchanges';
import { WebSocket } from 'ws';

await using simulator = createExchangeSimulator({ rate: 1_000, seed: 7, startTimeMs: 1_790_000_000_000 });
await simulator.start();

const okx = exchanges.get('okx');
const session = okx.createSession('trade');
const socket = new WebSocket(simulator.url('okx'), {
  perMessageDeflate: false,
  maxPayload: okx.limits ? 1_048_576 : 0,
});
let left = 3;

await new Promise<void>((resolve) => {
  socket.on('open', () => {
    for (const { payload } of session.changeSymbols(['USDT-BTC', 'USDT-NOPE'])) socket.send(payload);
  });
  socket.on('message', (data) => {
    const received = session.receive(data as Buffer, Date.now() / 1_000);
    for (const { payload } of received.replies) socket.send(payload);
    for (const code of received.confirmed) console.log('proved:', code);
    for (const { code, reason } of received.rejected) console.log('refused:', code, '-', reason);
    for (const record of received.records) {
      if (!('trade_price' in record) || left === 0) continue;
      left -= 1;
      console.log(record.code, record.sequential_id, record.ask_bid === 1 ? 'taker bought' : 'taker sold');
    }
    if (left === 0) resolve();
  });
});
socket.terminate();
