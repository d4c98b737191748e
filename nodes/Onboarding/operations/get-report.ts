import { createReportLink, readOnboarding, reportLines, reportPage, setupReport } from '../../../core/onboarding';
import { pageLinkPorts, showFor, type Operation } from '../../shared';
import { textOf } from '../../shared/text';
import { codeField, named, pageLanguageField, pageLanguageOf, refFor } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['getReport'] }, [
	codeField,
	pageLanguageField,
	{
		displayName: 'Page URL',
		name: 'reportUrl',
		type: 'string',
		default: '',
		placeholder: 'https://n8n.example.com/webhook/agent-factory/setup-report',
		description: 'Production URL of the webhook that opens reports; with it a link for the client is made',
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const ref = refFor(call);
	const language = pageLanguageOf(call) ?? (await readOnboarding(call.database, ref)).language;
	const report = await setupReport(call.database, ref);
	const url = textOf(call, 'reportUrl');
	const link = url ? createReportLink(ref, url, await pageLinkPorts(call)) : null;
	return { ...named(ref), ...report, lines: reportLines(report, language), link, html: reportPage(report, language) };
};
