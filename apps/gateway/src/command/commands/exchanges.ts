import { exchanges } from '@naru/exchanges';
import { Command } from 'commander';
import { examples } from '../options/examples.js';

export function exchangesCommand(): Command {
  return new Command('exchanges')
    .description('Lists the exchanges that are spoken, with region, kinds of data and address.')
    .option('--json', 'one JSON object a line', false)
    .addHelpText('after', examples('naru exchanges', 'naru exchanges --json | jq -r .address'))
    .action(({ json }: { json: boolean }) => {
      for (const name of exchanges.names) {
        const { region, kinds, addresses } = exchanges.get(name);
        const address = addresses.default(kinds[0] ?? 'ticker');
        const line = json
          ? JSON.stringify({ exchange: name, region, kinds, address })
          : `${name.padEnd(10)} ${region.padEnd(6)} ${kinds.join(' ').padEnd(24)} ${address}`;
        process.stdout.write(`${line}\n`);
      }
    });
}
