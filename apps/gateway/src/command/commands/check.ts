import { Command } from 'commander';
import { checkKafka, checkRedis, checkRegistry, checkTopics, type Finding } from '../../checks/checks.js';
import { misspeltVariables } from '../../config/misspelt-variables.js';
import { findConfig } from '../../config/read-config.js';
import { CommandFailure } from '../ending/command-failure.js';
import { withConfigOption } from '../options/client-options.js';
import { examples } from '../options/examples.js';
import { foundSettings } from '../printing/found-settings.js';
import { printable } from '../printing/printable.js';

export function checkCommand(): Command {
  return withConfigOption(
    new Command('check').description(
      'Checks the configuration, every server it names, topics and schemas, changes nothing, and says what to do about what is wrong.',
    ),
  )
    .option('--json', 'one JSON object', false)
    .addHelpText('after', examples('KAFKA_BROKERS=kafka-1:9092 naru check', 'naru check --config gateway.yaml --json'))
    .action(async ({ json, config: file }: { json: boolean; config?: string }) => {
      const { config, found } = findConfig({ environment: process.env, file });
      const kafka = await checkKafka(config);
      const findings: Finding[] = [
        ...misspeltVariables(process.env).map((found): Finding => ({ what: 'settings', ok: true, found })),
        ...kafka,
        // Without brokers there is nothing to be said of topics.
        ...(kafka.every(({ ok }) => ok) ? await checkTopics(config) : []),
        ...(await checkRegistry(config)),
        ...(await checkRedis(config)),
      ];
      const ok = findings.every((finding) => finding.ok);
      if (json) process.stdout.write(`${JSON.stringify({ ok, findings, config: foundSettings(found) })}\n`);
      else for (const finding of findings) process.stdout.write(`${lineOf(finding)}\n`);
      if (ok) return;
      const away = findings.some((finding) => !finding.ok && finding.away);
      throw new CommandFailure(away ? 'unreachable' : 'failed', 'Not everything is as it must be; see above.');
    });
}

function lineOf({ what, ok, found, advice }: Finding): string {
  return printable(`${ok ? 'ok  ' : 'FAIL'} ${what.padEnd(9)} ${found}${advice === undefined ? '' : ` ${advice}`}`);
}
