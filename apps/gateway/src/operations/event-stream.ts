import type { ServerResponse } from 'node:http';

/** An answer that goes on, as server-sent events, until the reader is gone or does not keep up. */
export class EventStream {
  /** Begins to send; the answer ends it, and may be called twice. */
  readonly open: (send: (data: object) => void) => () => void;

  constructor(open: EventStream['open']) {
    this.open = open;
  }
}

/** Sends events to whoever asked for them. */
export function sendEvents(response: ServerResponse, { open }: EventStream): void {
  const close = open((data) => {
    // What waits for a slow reader would have to wait somewhere.
    if (response.writableNeedDrain) response.destroy();
    else response.write(`data: ${JSON.stringify(data)}\n\n`);
  });
  response.on('close', close);
  if (response.destroyed) {
    close();
    return;
  }
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
  response.flushHeaders();
}
