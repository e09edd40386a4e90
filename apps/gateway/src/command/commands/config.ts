import { Command } from 'commander';
import { stringify } from 'yaml';
import { findConfig } from '../../config/read-config.js';
import { withConfigOption } from '../options/client-options.js';
import { examples } from '../options/examples.js';
import { foundSettings } from '../printing/found-settings.js';

export function configCommand(): Command {
  return withConfigOption(
    new Command('config').description(
      'Prints the configuration as it was found, without secrets, and where each value is from.',
    ),
  )
    .option('--all', 'also what has its default', false)
    .option('--json', 'one JSON object', false)
    .addHelpText('after', examples('naru config --all', 'naru config --config gateway.yaml --json'))
    .action(({ config: file, all, json }: { config?: string; all: boolean; json: boolean }) => {
      const { found } = findConfig({ environment: process.env, file });
      if (json) {
        process.stdout.write(`${JSON.stringify(foundSettings(found))}\n`);
        return;
      }
      const shown = found.filter(({ from }) => all || from !== 'default');
      if (shown.length === 0) process.stdout.write('Everything has its default; --all shows them.\n');
      for (const { path, shown: value, from } of shown) {
        process.stdout.write(
          `${path}: ${value === undefined ? 'none' : stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim()}  # ${from}\n`,
        );
      }
    });
}
