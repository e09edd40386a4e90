export { type AvroCodec, type AvroCodecOptions, createAvroCodec } from './avro/avro-codec.js';
export type { AvroDecoderOptions } from './avro/avro-decoder.js';
export type { AvroEncoderOptions } from './avro/avro-encoder.js';
export { createAvroDeserializer, createAvroSerializer } from './avro/avro-serializer.js';
export type { CompileOptions, LogicalTypeClass } from './avro/compile-type.js';
export type { AvroSchemaText, SchemaSource } from './avro/schema-source.js';
export { type Frame, type FrameKind, readFrame, schemaIdHeader } from './frame/wire-frame.js';
export { createGuard, type Guard } from './guard/guard.js';
export type { GuardLimits } from './guard/guard-limits.js';
export { createJsonDeserializer, createJsonSerializer, createKeySerializer } from './json/json-serializer.js';
export { createOffload, type Offload, type OffloadOptions } from './offload/create-offload.js';
export { createTranscoder, type TranscoderOptions } from './offload/create-transcoder.js';
export type { OffloadTask, OffloadTaskModule } from './offload/offload-task.js';
export type { TranscodeOptions } from './offload/transcode-task.js';
export {
  SerializationError,
  type SerializationErrorCode,
  type SerializationErrorOptions,
} from './serialization-error.js';
export type { Deserializer, MessageContext, MessageHeaders, Serializer } from './serializer.js';
export { createUnifiedDeserializer, type UnifiedDeserializerOptions } from './unified/unified-deserializer.js';
export {
  type AvroSerializerOf,
  createUnifiedSerializer,
  type UnifiedSerializerOptions,
} from './unified/unified-serializer.js';
