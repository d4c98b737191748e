import { parse } from 'csv-parse/sync';
import { FactoryError } from '../../errors';
import { CSV_MAX_BYTES, IMPORT_MAX_ROWS } from './defaults';
import type { Field } from './form-lead';

export interface CsvRow {
	/** Of the file, as an editor counts; the header is line 1. */
	line: number;
	fields: Field[];
	/** More cells than columns: what stands under which header is a guess. */
	tooManyCells?: boolean;
}

/** Rows by their headers. A file that cannot be read at all is refused; a row is a matter of whoever reads it. */
export function readCsv(file: Buffer): { rows: CsvRow[]; separator: string } {
	if (file.length > CSV_MAX_BYTES) {
		throw new FactoryError(
			'IMPORT_TOO_LARGE',
			`The file has ${file.length} bytes, at most ${CSV_MAX_BYTES} are read. Split it.`,
		);
	}
	const text = decode(file);
	const separator = separatorOf(text);
	const records = parsed(text, separator);
	const [header, ...body] = records;
	if (!header || body.length === 0) {
		throw new FactoryError(
			'IMPORT_UNREADABLE',
			'The file has no rows below a header. Its first line must name the columns.',
		);
	}
	if (body.length > IMPORT_MAX_ROWS) {
		throw new FactoryError(
			'IMPORT_TOO_LARGE',
			`The file has ${body.length} rows, at most ${IMPORT_MAX_ROWS} are read. Split it.`,
		);
	}
	const rows = body.map(({ record, lines }) => ({
		line: lines,
		fields: header.record.map((name, index): Field => [name, record[index] ?? '']),
		...(record.slice(header.record.length).some((cell) => cell !== '') ? { tooManyCells: true } : {}),
	}));
	return { rows, separator };
}

/** UTF-8 with or without its mark, and the UTF-16 in which Meta and Excel export. */
function decode(file: Buffer): string {
	if (file[0] === 0xff && file[1] === 0xfe) return file.subarray(2).toString('utf16le');
	const text = file.toString('utf8').replace(/^\uFEFF/, '');
	// A sheet of an old Excel: no letter of Portuguese is lost in latin1.
	return text.includes('\uFFFD') ? file.toString('latin1') : text;
}

/** Of the separators the one that the header holds most of, outside quotes. */
function separatorOf(text: string): string {
	const header = text.slice(0, text.search(/\r?\n|$/)).replace(/"[^"]*"/g, '');
	const count = (separator: string): number => header.split(separator).length - 1;
	return [';', ',', '\t'].reduce((best, next) => (count(next) > count(best) ? next : best), ',');
}

function parsed(text: string, delimiter: string): Array<{ record: string[]; lines: number }> {
	try {
		const rows = parse(text, {
			...{ delimiter, info: true, relax_column_count: true, relax_quotes: true, skip_empty_lines: true, trim: true },
			max_record_size: CSV_MAX_BYTES,
		}) as unknown as Array<{ record: string[]; info: { lines: number } }>;
		return rows.map(({ record, info }) => ({ record, lines: info.lines }));
	} catch (cause) {
		const { code, lines } = cause as { code?: string; lines?: number };
		throw new FactoryError(
			'IMPORT_UNREADABLE',
			`The file is no CSV from line ${lines ?? '?'} on (${code ?? 'unreadable'}): usually a quote that is not closed. Correct it.`,
			{ cause },
		);
	}
}
