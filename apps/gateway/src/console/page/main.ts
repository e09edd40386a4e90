import type { BreakerReport } from '../../composition/breakers.js';
import type { FleetReport } from '../../fleet/fleet.js';
import type { DeliveryStatus } from '../../publishing/delivery.js';
import type { TimelineEntry } from '../../timeline/command-timeline.js';
import { createApi, Refusal } from './gateway/api.js';
import { createPace } from './gateway/pace.js';
import { askFor } from './parts/dialog.js';
import { byId, write } from './parts/element.js';
import { createBreakersView } from './views/breakers-view.js';
import { createCommandsView } from './views/commands-view.js';
import { createLettersView } from './views/letters-view.js';
import { createStreamsView, type StreamsAnswer } from './views/streams-view.js';
import { createTapView } from './views/tap-view.js';
import { createTotalsView } from './views/totals-view.js';
import { clockWords, timeWords } from './words/amounts.js';
import { elsewhereWords, type LeasesAnswer } from './words/elsewhere-words.js';
import { embeddedWords, type ShownServers } from './words/embedded-words.js';
import { targetName } from './words/target-name.js';

const api = createApi({ fetch: (...request) => fetch(...request), storage: sessionStorage });
const pace = createPace();
const showStreams = createStreamsView();
const showTotals = createTotalsView();
const showBreakers = createBreakersView(api, () => void read());
const commands = createCommandsView();
createLettersView(api, commands.seek);
const offerTaps = createTapView(api);
byId('token').addEventListener('click', askForToken);

let awaySince: number | undefined;
let toldServers = false;
let readings = 0;
/** Leases are asked for in Redis, so not each second. */
const readingsToLeases = 5;
/** A refused token is asked for once, and then when somebody presses the button. */
let askedForToken = false;

function askForToken(): void {
  askFor({
    title: 'Token',
    text: 'NARU_OPERATIONS_TOKEN of the gateway. It stays in this tab until it is closed; an empty one forgets it.',
    fields: [{ name: 'token', label: 'Token', type: 'password', isOptional: true }],
    yes: 'Use it',
    async act({ token = '' }) {
      api.token = token;
      if (token !== '') await api.get('/fleet');
      void read();
      return undefined;
    },
  });
}

async function read(): Promise<void> {
  const { ready, notReady } = await api.readiness();
  write(
    byId('readiness'),
    ready ? '● ready' : `▲ not ready${notReady ? `: ${notReady.join('; ')}` : ''}`,
    ready ? 'good' : 'bad',
  );
  const [streams, { spool }, { breakers }, fleet, latest] = await Promise.all([
    api.get<StreamsAnswer>('/streams'),
    api.get<{ readonly spool: DeliveryStatus | null }>('/spool'),
    api.get<{ readonly breakers: readonly BreakerReport[] }>('/breakers'),
    api.get<FleetReport>('/fleet'),
    api.get<{ readonly commands: readonly TimelineEntry[] }>('/commands?newest=200'),
  ]);
  showTotals(streams, spool);
  showStreams(streams);
  offerTaps(streams.streams.map(targetName));
  showBreakers(breakers);
  commands.show(latest.commands, streams.now);
  write(
    byId('member'),
    `member ${fleet.member} · ${fleet.leases} leases${fleet.store === 'away' ? ' · Redis is away' : ''}`,
    fleet.store === 'away' ? 'bad' : 'plain',
  );
  write(byId('read-at'), `read at ${clockWords(Date.now(), Date.now())}`);
  readings += 1;
  if (readings % readingsToLeases === 1) void readLeases(fleet.member);
  if (!toldServers) {
    toldServers = true;
    const words = embeddedWords(await api.get<ShownServers>('/config'));
    byId('embedded').hidden = words === null;
    write(byId('embedded'), words ?? '');
  }
}

/** Streams of other members; of no matter while Redis is away, which is told elsewhere. */
async function readLeases(member: string): Promise<void> {
  const { leases } = await api.get<LeasesAnswer>('/leases').catch((): LeasesAnswer => ({ leases: [] }));
  const words = elsewhereWords(leases, member);
  byId('elsewhere').hidden = words === '';
  write(byId('elsewhere'), words);
}

/** What is on the page is old from now on, and the page says so. */
function tellAway(error: unknown, waitMs: number): void {
  const now = Date.now();
  awaySince ??= now;
  const next = `Next attempt in ${timeWords(waitMs)}.`;
  const away = byId('away');
  away.hidden = false;
  if (error instanceof Refusal && error.status > 0) {
    write(away, `${error.message} ${next}`);
    if (error.status === 401 && !askedForToken) {
      askedForToken = true;
      askForToken();
    }
    return;
  }
  write(byId('readiness'), '▲ away', 'bad');
  // It may come back as another process, with other servers.
  toldServers = false;
  const since = clockWords(awaySince, now);
  write(away, `The gateway has not answered since ${since}; what is shown is older. ${next}`);
  if (!(error instanceof Refusal)) throw error;
}

async function follow(): Promise<void> {
  let waitMs: number;
  try {
    await read();
    awaySince = undefined;
    byId('away').hidden = true;
    waitMs = pace.answered();
  } catch (error) {
    waitMs = pace.failed();
    tellAway(error, waitMs);
  } finally {
    document.body.removeAttribute('aria-busy');
  }
  setTimeout(whenSeen, waitMs);
}

/** A page that nobody looks at asks for nothing. */
function whenSeen(): void {
  if (!document.hidden) void follow();
  else document.addEventListener('visibilitychange', whenSeen, { once: true });
}

whenSeen();
