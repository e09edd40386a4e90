import { type Course, losesNothing } from '../course.js';
import { forSeconds } from '../wait.js';
import { alone, usualRate } from './rigs.js';

/** The registry dies: what runs goes on, what starts waits or says why not. */
export const registryAway: Course = {
  name: 'registry-away',
  fault: 'the registry away, also while a gateway starts',
  from: 'the registry was away',
  framesPerSecond: usualRate,
  rig: () => alone(),
  async round({ servers, rig, short, recovers, note, say }) {
    await servers.registry.kill();
    await forSeconds(short ? 1 : 30);
    await recovers(10);
    const cold = await rig.launchGateway();
    const started = await cold.ready().then(
      () => true,
      () => false,
    );
    rig.forget(cold);
    if (started) throw new Error('a gateway became ready without a registry and without cached schemas');
    say('what ran went on; what started without a registry was refused');
    note(`a gateway that starts without it ends and says: ${lastSentence(cold.lastLines)}`);
    await servers.registry.restart();
    await rig.addGateway();
  },
  promises: losesNothing,
};

function lastSentence(lines: string): string {
  return lines.split('\n').filter(Boolean).at(-1)?.slice(0, 200) ?? '';
}
