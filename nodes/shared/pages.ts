import { randomBytes } from 'node:crypto';
import type { INodeProperties } from 'n8n-workflow';
import type { PageLanguage } from '../../core/pages';
import type { PageLinkPorts } from '../../core/tenancy';
import type { OperationCall } from './operations';
import { nodeVault } from './vault';

/** What links to pages are sealed and opened with: the vault of this node's credential. */
export const pageLinkPorts = async ({ context }: Pick<OperationCall, 'context'>): Promise<PageLinkPorts> => ({
	vault: await nodeVault(context),
	now: Date.now,
	randomBytes,
});

/** The language in which people read what an operation makes. */
export const languageFieldFor = (description: string): INodeProperties => ({
	displayName: 'Language',
	name: 'language',
	type: 'options',
	options: [
		{ name: 'English', value: 'en' },
		{ name: 'Portuguese (Brazil)', value: 'pt-BR' },
	],
	default: 'pt-BR',
	description,
});

export const languageOf = ({ context, itemIndex }: OperationCall): PageLanguage =>
	context.getNodeParameter('language', itemIndex) === 'en' ? 'en' : 'pt-BR';
