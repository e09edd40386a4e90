import { createAsyncApiDocument } from '@naru/core/documents';
import { Command } from 'commander';
import { stringify } from 'yaml';
import { readConfig } from '../../config/read-config.js';
import { version } from '../../version.js';
import { withConfigOption } from '../options/client-options.js';
import { examples } from '../options/examples.js';

export function asyncApiCommand(): Command {
  return withConfigOption(
    new Command('asyncapi').description(
      'Prints what the gateway reads and writes as an AsyncAPI 3 document in YAML, under the topic names that are configured.',
    ),
  )
    .option('--json', 'as JSON', false)
    .addHelpText('after', examples('naru asyncapi > asyncapi.yaml', 'NARU_TOPIC_PREFIX=blue. naru asyncapi --json'))
    .action(({ config: file, json }: { config?: string; json: boolean }) => {
      const { topics } = readConfig({ environment: process.env, file });
      const document = createAsyncApiDocument({ topics, version: version() });
      process.stdout.write(
        json ? `${JSON.stringify(document)}\n` : stringify(document, { aliasDuplicateObjects: false }),
      );
    });
}
