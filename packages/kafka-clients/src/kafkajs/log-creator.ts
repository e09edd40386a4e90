import type { Logger } from '@naru/core';
import { clientClosed } from './sockets.js';

interface KafkajsLogEntry {
  readonly namespace: string;
  readonly label: string;
  readonly log: Readonly<Record<string, unknown>> & { readonly message: string };
}

/** kafkajs reports an ordinary rebalance, which every join and leave causes, as an error. */
const ordinary = /rebalanc|re-join|not aware of this member/i;

/** An answer that says no: it is thrown at whoever asked, who waits for a leader or gives up and says so. */
const answered = /^Response \w+\(/;

/** Lets kafkajs log through our logger, with its levels corrected and without its own timestamp. */
export function logCreator(logger: Logger): () => (entry: KafkajsLogEntry) => void {
  return () =>
    ({ namespace, label, log }) => {
      const { message, timestamp: _timestamp, logger: _logger, stack: _stack, ...fields } = log;
      const text = namespace ? `[${namespace}] ${message}` : message;
      const about = `${message} ${typeof fields.error === 'string' ? fields.error : ''}`;
      if (label === 'DEBUG' || answered.test(message) || message.includes(clientClosed)) logger.debug(text, fields);
      else if (label === 'INFO' || ordinary.test(about)) logger.info(text, fields);
      else if (label === 'WARN') logger.warn(text, fields);
      // What fails is reported once more, with its consequence, by whoever asked: here it is a detail.
      else logger.warn(text, fields);
    };
}
