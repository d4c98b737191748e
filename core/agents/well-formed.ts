/** Without NUL and half surrogate pairs (a cut through an emoji leaves one): Postgres and the APIs refuse both. */
export const wellFormed = (text: string): string => text.replace(/\0|[\uD800-\uDFFF]/gu, '');
