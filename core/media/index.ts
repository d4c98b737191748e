export { readTurns, type TurnReading } from './read-turns';
export { listReadings, mediaSettings, updateMediaSettings } from './store';
export type { MediaPorts, MediaSettings, ReadingStatus, VisionModel } from './types';
export { LIST_LIMIT as READINGS_LIMIT, TRANSCRIPTION_MODEL } from './defaults';
