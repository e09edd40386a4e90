import { type Course, losesNothing } from '../course.js';
import { Rig } from '../rig.js';
import { forSeconds } from '../wait.js';

/** The registry dies: what runs goes on, what starts waits or says why not. */
export const registryAway: Course = {
  name: 'registry-away',
  fault: 'the registry away, also while a gateway starts',
  promises: losesNothing,
  async run({ servers, short, say }) {
    const framesPerSecond = short ? 500 : 2_000;
    const begin = performance.now();
    await using rig = await Rig.start(servers, {
      name: 'registry-away',
      exchanges: ['upbit', 'binance', 'okx'],
      markets: 4,
      gateways: 1,
    });
    await rig.simulator.setRate(framesPerSecond);
    await rig.flowsAgain(30);
    await servers.registry.kill();
    await forSeconds(short ? 1 : 30);
    const recovery = await rig.flowsAgain(10);
    const cold = await rig.launchGateway();
    const started = await cold.ready().then(
      () => true,
      () => false,
    );
    rig.forget(cold);
    if (started) throw new Error('a gateway became ready without a registry and without cached schemas');
    say('what ran went on; what started without a registry was refused');
    await servers.registry.restart();
    await rig.addGateway();
    await rig.settle();
    return {
      outcome: await rig.outcome(),
      rounds: 1,
      recoveryMs: [recovery],
      from: 'the registry was away',
      framesPerSecond,
      seconds: (performance.now() - begin) / 1_000,
      notes: [`a gateway that starts without it ends with exit code 1: ${lastSentence(cold.lastLines)}`],
    };
  },
};

function lastSentence(lines: string): string {
  return lines.split('\n').filter(Boolean).at(-1)?.slice(0, 200) ?? '';
}
