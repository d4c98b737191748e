export const PAGE_LANGUAGES = ['pt-BR', 'en'] as const;
export type PageLanguage = (typeof PAGE_LANGUAGES)[number];

/** Portuguese unless English is asked for: the pages are read by Brazilian agencies. */
export const pageLanguage = (wanted: unknown): PageLanguage => (wanted === 'en' ? 'en' : 'pt-BR');

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
export const escape = (text: string): string => text.replace(/[&<>"']/g, (found) => ENTITIES[found]);
