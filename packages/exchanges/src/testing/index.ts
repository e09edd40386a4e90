export { type SampleFrames, sampleFrames } from './sample-frames.js';
