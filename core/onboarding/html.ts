import type { OnboardingLanguage } from './fields';

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
export const escape = (text: string): string => text.replace(/[&<>"']/g, (found) => ENTITIES[found]);

const STYLE =
	'body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:46rem;padding:0 1rem;color:#16202b}h1{font-size:1.5rem}h2{font-size:1.05rem;margin:1.6rem 0 .4rem}ul{padding-left:1.2rem}blockquote{margin:.3rem 0;padding:.4rem .8rem;border-left:4px solid #d7dde3;background:#f4f6f8;white-space:pre-wrap}blockquote.agent{border-color:#16324f}textarea{font:inherit;width:100%;box-sizing:border-box;padding:.6rem;border:1px solid #8794a1;border-radius:.4rem}button{font:inherit;padding:.7rem 1rem;border:1px solid #16324f;border-radius:.5rem;background:#fff;color:#16324f}button.main{background:#16324f;color:#fff}.wrong{color:#a3141c}.good{color:#17653a}details{margin:.3rem 0}';

/** A page without anything from outside: it stands under a strict content policy. */
export const page = (language: OnboardingLanguage, title: string, body: string): string =>
	`<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex"><meta name="referrer" content="no-referrer"><title>${escape(title)}</title><style>${STYLE}</style></head><body><h1>${escape(title)}</h1>${body}</body></html>`;

export const section = (title: string, body: string): string => `<h2>${escape(title)}</h2>${body}`;
export const paragraph = (text: string): string => `<p>${escape(text)}</p>`;
export const list = (lines: readonly string[]): string =>
	`<ul>${lines.map((line) => `<li>${escape(line)}</li>`).join('')}</ul>`;
