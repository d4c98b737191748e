/** The one function used here; merge keys (`<<`) are resolved. */
declare module 'js-yaml' {
	export function load(text: string): unknown;
}
