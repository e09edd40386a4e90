import { createOffload, type Offload, type OffloadOptions } from './create-offload.js';
import type { TranscodeOptions } from './transcode-task.js';

export type TranscoderOptions = TranscodeOptions & Omit<OffloadOptions, 'task' | 'options'>;

/** Turns raw JSON frames into Avro messages, or back, in worker threads when they are large. */
export function createTranscoder(options: TranscoderOptions): Offload {
  const { direction, avro, ...offload } = options;
  return createOffload({
    ...offload,
    task: new URL('./transcode-task.js', import.meta.url),
    options: { direction, avro },
  });
}
