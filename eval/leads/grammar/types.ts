import type { LeadClass } from '../../../core/leads/types';

/** Templates that say one thing in one way. Train and test never share a family. */
export interface Family {
	name: string;
	label: LeadClass;
	/** Slots stand in braces; see slots.ts. */
	templates: readonly string[];
}

export const family = (label: LeadClass, name: string, templates: readonly string[]): Family => ({
	name,
	label,
	templates,
});
