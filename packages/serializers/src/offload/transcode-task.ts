import { createAvroDecoder } from '../avro/avro-decoder.js';
import { type AvroEncoderOptions, createAvroEncoder } from '../avro/avro-encoder.js';
import { decodeJson, encodeJson } from '../json/json-serializer.js';
import type { OffloadTask } from './offload-task.js';

/** Which way frames are turned, and with which schema. */
export interface TranscodeOptions {
  readonly direction: 'json-to-avro' | 'avro-to-json';
  /** Of both ends: Avro messages of another id are refused. Frames in headers cannot be turned here. */
  readonly avro: Omit<AvroEncoderOptions, 'logicalTypes' | 'frame'> & { readonly frame?: 'v0' | 'none' };
}

/** Turns JSON texts into framed Avro messages, or back, one for one. */
export function createTask({ direction, avro }: TranscodeOptions): OffloadTask {
  if (direction === 'json-to-avro') {
    const encode = createAvroEncoder(avro);
    return (frames) => frames.map((frame) => encode(decodeJson(frame)));
  }
  const decoder = createAvroDecoder({ ...avro, reader: avro, known: [avro] });
  return (frames) => frames.map((frame) => encodeJson(decoder.decode(frame)) ?? Buffer.from('null'));
}
