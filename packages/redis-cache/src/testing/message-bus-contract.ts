import assert from 'node:assert/strict';
import type { MessageBus } from '../requests/message-bus.js';
import type { ContractCase } from './contract.js';

/** What a bus must offer to be checked; `settle` returns once what was published has been heard. */
export interface MessageBusSubject {
  readonly bus: MessageBus;
  settle(heard: () => boolean): Promise<void>;
}

/** The promises of a message bus. */
export const messageBusContract: readonly ContractCase<MessageBusSubject>[] = [
  {
    title: 'carries messages to everybody who listens to the channel, in order',
    async check({ bus, settle }) {
      const heard: string[] = [];
      await bus.subscribe('contract:a', (message) => heard.push(`1 ${message}`));
      await bus.subscribe('contract:a', (message) => heard.push(`2 ${message}`));
      await bus.subscribe('contract:b', (message) => heard.push(`b ${message}`));
      await bus.publish('contract:a', 'x');
      await bus.publish('contract:a', 'ß{}');
      await settle(() => heard.length >= 4);
      assert.deepEqual(
        [heard.filter((line) => line.startsWith('1')), heard.filter((line) => line.startsWith('2'))],
        [
          ['1 x', '1 ß{}'],
          ['2 x', '2 ß{}'],
        ],
      );
      assert.equal(heard.length, 4);
    },
  },
  {
    title: 'says whether anybody hears',
    async check({ bus }) {
      assert.equal(await bus.publish('contract:c', 'x'), 0);
      const stop = await bus.subscribe('contract:c', () => {});
      assert.ok((await bus.publish('contract:c', 'x')) > 0);
      await stop();
      await stop();
      assert.equal(await bus.publish('contract:c', 'x'), 0);
    },
  },
];
