import type { Database } from '../../database';
import { FactoryError, isFactoryError } from '../../errors';
import { inTenant } from '../../tenancy';
import { readCsv, type CsvRow } from './csv';
import { IMPORT_MAX_ROWS, IMPORTS_AT_ONCE, PROBLEMS_MAX } from './defaults';
import { readFormLead, repairOf, type FormLead, type ImportPlatform, type RowProblem } from './form-lead';
import { importLead } from './import-lead';
import { findIntegration } from './integrations';

export interface RowImportOptions {
	platform: ImportPlatform;
	/** What to say of everybody on the list: that they agreed to be answered, or to marketing too. */
	consent: 'none' | 'service' | 'marketing';
	/** Column that means consent to marketing. */
	marketingField?: string | null;
	country?: string;
	greet: boolean;
}

export interface RowImport {
	rows: number;
	imported: number;
	/** Known from an earlier import of the same lead. */
	known: number;
	broken: number;
	/** The first broken rows, by line: the column at fault (null: the whole row) and what to do. */
	problems: Array<{ line: number; column: string | null; reason: RowProblem; advice: string }>;
	leadIds: string[];
}

export const importCsv = async (
	database: Database,
	tenantId: string,
	file: Buffer,
	options: RowImportOptions,
	actor?: string,
): Promise<RowImport> => await importRows(database, tenantId, readCsv(file).rows, options, actor);

/** Imports what can be read of each row and reports the rest by line: one broken row keeps nobody else out. */
export async function importRows(
	database: Database,
	tenantId: string,
	rows: readonly CsvRow[],
	options: RowImportOptions,
	actor?: string,
): Promise<RowImport> {
	if (rows.length > IMPORT_MAX_ROWS) {
		throw new FactoryError(
			'IMPORT_TOO_LARGE',
			`${rows.length} leads were given, at most ${IMPORT_MAX_ROWS} are read. Give fewer.`,
		);
	}
	const done: RowImport = { rows: rows.length, imported: 0, known: 0, broken: 0, problems: [], leadIds: [] };
	const integration =
		options.platform === 'file'
			? undefined
			: await inTenant(database, tenantId, async (db) => await findIntegration(db, options.platform));
	const broken = ({ line, fields }: CsvRow, reason: RowProblem): void => {
		done.broken++;
		if (done.problems.length < PROBLEMS_MAX) done.problems.push({ line, ...repairOf(reason, fields), reason });
	};
	const waiting = [...rows];
	const worker = async (): Promise<void> => {
		for (let row = waiting.shift(); row; row = waiting.shift()) {
			const lead = row.tooManyCells
				? 'cells_too_many'
				: readFormLead(row.fields, { country: options.country, marketingField: options.marketingField });
			if (typeof lead === 'string') {
				broken(row, lead);
				continue;
			}
			try {
				const filed = await importLead(
					database,
					tenantId,
					{
						platform: options.platform,
						...{ lead, integrationId: integration?.id, source: options.platform === 'file' ? 'import' : 'ad' },
						...{ consents: consentsOf(lead, options, row.line), greet: options.greet },
					},
					actor,
				);
				done.leadIds.push(filed.leadId);
				if (filed.created) done.imported++;
				else done.known++;
			} catch (error) {
				// What the database refuses of one row is that row's; whatever else fails, fails for all.
				if (!isFactoryError(error) || error.retryable || error.code !== 'VALUE_REFUSED') throw error;
				broken(row, 'row_unreadable');
			}
		}
	};
	await Promise.all(Array.from({ length: Math.min(IMPORTS_AT_ONCE, rows.length) }, worker));
	done.problems.sort((a, b) => a.line - b.line);
	return done;
}

function consentsOf(lead: FormLead, { consent }: RowImportOptions, line: number) {
	const evidence = { line: String(line) };
	const marketing = lead.marketing ?? (consent === 'marketing' ? true : null);
	return [
		...(consent === 'none' ? [] : [{ purpose: 'service' as const, granted: true, evidence }]),
		...(marketing === null ? [] : [{ purpose: 'marketing' as const, granted: marketing, evidence }]),
	];
}
