import type { LlmImage } from './types';

/** How OpenAI takes a picture that has no address. */
export const dataUrl = ({ mimeType, base64 }: LlmImage): string => `data:${mimeType};base64,${base64}`;
