#!/usr/bin/env node
import { Command } from 'commander';
import { createExchangeSimulator } from '../exchange-simulator.js';
import { SimulatorError } from '../simulator-error.js';

const command = new Command('exchange-simulator')
  .description('Plays the WebSocket feeds of exchanges on this machine, a path per exchange.')
  .option('--port <port>', 'port to listen on; 0 takes a free one', Number, 9443)
  .option('--host <host>', 'address to listen on', '127.0.0.1')
  .option('--rate <frames>', 'data frames per second over all streams', Number, 1000)
  .option('--seed <number>', 'everything sent follows from it', Number, 1)
  .option('--messages <frames>', 'data frames per stream before it falls silent', Number, Number.POSITIVE_INFINITY);

const options = command.parse().opts<{ port: number; host: string; rate: number; seed: number; messages: number }>();

try {
  const simulator = createExchangeSimulator(options);
  await simulator.start();
  console.log(`exchange-simulator listens on ws://${options.host}:${simulator.port} (a path per exchange, as /upbit)`);
  const stop = async (): Promise<void> => {
    await simulator.close();
    process.exit(0);
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
} catch (error) {
  if (!(error instanceof SimulatorError)) throw error;
  console.error(`exchange-simulator: ${error.message}`);
  process.exitCode = 1;
}
