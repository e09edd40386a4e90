import { createPlainDecoder, type ReadMessage, readTopics } from './kafka-reader.js';

/**
 * The live records of a topic, as a reader gets them who drops by event id what comes twice. What an exchange replays on
 * subscribing is left out.
 */
export async function readLiveRecords(
  brokers: readonly string[],
  registryUrl: string,
  topic: string,
  wanted: number,
): Promise<Record<string, unknown>[]> {
  const decode = await createPlainDecoder(registryUrl);
  const recordsOf = async ({ value }: ReadMessage) =>
    ((await decode(value)) as { data: Record<string, unknown>[] }).data.filter(
      ({ stream_type }) => stream_type === 'REALTIME',
    );
  let live: Record<string, unknown>[] = [];
  await readTopics(brokers, [topic], () => {
    const seen = new Set<string | undefined>();
    live = [];
    return async (message) => {
      const id = message.headers['naru-event-id'];
      if (!seen.has(id)) live.push(...(await recordsOf(message)));
      seen.add(id);
      return live.length >= wanted;
    };
  });
  return live;
}
