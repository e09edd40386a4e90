import { type ConnectAndSubscribe, type Disconnect, targetMessageKey } from '@naru/core';
import { EventProducer } from './event-producer.js';

/** Publishes commands: to `ws.command` and `ws.disconnection`, JSON. */
export class ConnectRequestProducer extends EventProducer {
  sendConnectRequest(command: ConnectAndSubscribe): Promise<boolean> {
    return this.produceSending(this.topics.command, command, targetMessageKey(command.target));
  }

  sendDisconnectRequest(command: Disconnect): Promise<boolean> {
    return this.produceSending(this.topics.disconnection, command, targetMessageKey(command.target));
  }
}
