/** Text in a table's cell. */
export const cell = (text: string): string =>
	text
		.replaceAll('|', '\\|')
		.replaceAll('<', '&lt;')
		.replace(/\s*\n\s*/g, ' ')
		.trim();

/** A table, or nothing when it would be empty. */
export const table = (head: string[], rows: string[][]): string =>
	rows.length === 0 ? '' : [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

/** `AgentFactory` becomes `agent-factory`. */
export const fileName = (folder: string): string => folder.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase();
