import { startChild } from '../processes/child.js';
import { installedCommand } from '../processes/installed-command.js';

/** An embedded broker in a process of its own, so that its work does not count as the gateway's. */
export interface BrokerProcess extends AsyncDisposable {
  readonly brokers: readonly string[];
}

export async function startBroker(): Promise<BrokerProcess> {
  const args = [installedCommand('@naru/embedded-kafka'), '--port', '0'];
  const child = await startChild({ name: 'embedded broker', args });
  return { brokers: child.readyLine.split(','), [Symbol.asyncDispose]: () => child[Symbol.asyncDispose]() };
}
