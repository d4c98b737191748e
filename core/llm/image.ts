import type { LlmImage, LlmPdf } from './types';

/** How OpenAI takes a picture that has no address. */
export const dataUrl = ({ mimeType, base64 }: LlmImage): string => `data:${mimeType};base64,${base64}`;

/** Never the customer's own name for it. */
export const PDF_NAME = 'document.pdf';
export const pdfUrl = ({ base64 }: LlmPdf): string => `data:application/pdf;base64,${base64}`;
