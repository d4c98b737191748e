import { extractText } from '../../../core/documents';
import { docxOf, pdfOf, zipOf } from './files';

const code = (code: string) => ({ name: 'FactoryError', code });

test('a text file is read in the encoding it is written in', async () => {
	const read = async (bytes: Uint8Array) => (await extractText({ bytes, fileName: 'a.txt' })).text;
	expect(await read(Buffer.from('\ufeffPreço:\r\n\r\n\r\n\r\nR$ 100\u0007'))).toBe('Preço:\n\nR$ 100');
	expect(await read(Buffer.from('Preço', 'latin1'))).toBe('Preço');
	expect(await read(Buffer.from('\ufeffPreço', 'utf16le'))).toBe('Preço');
});

test('the pages of a PDF are read in order, up to the limit', async () => {
	const bytes = pdfOf(['Tabela de (precos)', 'Segunda pagina', 'Terceira']);
	expect(await extractText({ bytes, mimeType: 'application/pdf' })).toEqual({
		kind: 'pdf',
		text: 'Tabela de (precos)\n\nSegunda pagina\n\nTerceira',
		pages: 3,
		truncated: false,
	});
	expect(await extractText({ bytes }, { maxPages: 1 })).toMatchObject({ text: 'Tabela de (precos)', truncated: true });
	expect(await extractText({ bytes }, { maxCharacters: 6 })).toMatchObject({ text: 'Tabela', truncated: true });
});

test('a Word document is read, whatever its name says', async () => {
	const bytes = docxOf(['Regulamento', 'Plano &amp; pre\u00e7os']);
	expect(await extractText({ bytes, fileName: '../../etc/passwd\u0000.exe' })).toMatchObject({
		kind: 'docx',
		text: 'Regulamento\n\nPlano & preços',
	});
});

test.each([
	['an empty file', { bytes: Buffer.alloc(0) }, 'DOCUMENT_EMPTY'],
	['blanks only', { bytes: Buffer.from(' \n\t '), fileName: 'a.md' }, 'DOCUMENT_EMPTY'],
	['a file over the limit', { bytes: Buffer.alloc(10 * 1024 * 1024 + 1, 32) }, 'DOCUMENT_TOO_LARGE'],
	['a program named .txt', { bytes: Buffer.from('MZ\u0000\u0001'), fileName: 'a.txt' }, 'DOCUMENT_UNSUPPORTED'],
	['a spreadsheet', { bytes: zipOf([{ name: 'xl/workbook.xml', content: 'x' }]) }, 'DOCUMENT_UNSUPPORTED'],
	['an old .doc', { bytes: Buffer.from([0xd0, 0xcf, 0x11, 0xe0]), fileName: 'a.doc' }, 'DOCUMENT_UNSUPPORTED'],
	['a PDF that is none', { bytes: Buffer.from('hello'), mimeType: 'application/pdf' }, 'DOCUMENT_BROKEN'],
	['half a PDF', { bytes: Buffer.from('%PDF-1.7\n1 0 obj\n<< /Type') }, 'DOCUMENT_BROKEN'],
	['half a zip', { bytes: docxOf(['a']).subarray(0, 200) }, 'DOCUMENT_BROKEN'],
	['a PDF of pictures', { bytes: pdfOf([null, null]) }, 'DOCUMENT_NO_TEXT'],
	[
		'a zip with a password',
		{ bytes: zipOf([{ name: 'word/document.xml', content: 'x', encrypted: true }]) },
		'DOCUMENT_ENCRYPTED',
	],
])('%s is refused by name', async (_what, file, expected) => {
	await expect(extractText(file)).rejects.toMatchObject(code(expected));
});

test('a PDF with a password says so', async () => {
	const plain = pdfOf(['secret']).toString('latin1');
	const encrypted = plain.replace(
		'/Root 1 0 R',
		`/Root 1 0 R /ID [<00> <00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <${'41'.repeat(32)}> /U <${'42'.repeat(32)}> >>`,
	);
	await expect(extractText({ bytes: Buffer.from(encrypted, 'latin1') })).rejects.toMatchObject(
		code('DOCUMENT_ENCRYPTED'),
	);
});

test('a zip that unpacks to too much is refused, also where its directory lies', async () => {
	const bomb = docxOf(['a'], [{ name: 'word/media/a.bin', content: Buffer.alloc(70 * 1024 * 1024), claimedSize: 10 }]);
	expect(bomb.length).toBeLessThan(200_000);
	await expect(extractText({ bytes: bomb })).rejects.toMatchObject(code('DOCUMENT_TOO_LARGE'));
	const many = docxOf(
		['a'],
		Array.from({ length: 2_001 }, (_, n) => ({ name: `n${n}`, content: '' })),
	);
	await expect(extractText({ bytes: many })).rejects.toMatchObject(code('DOCUMENT_TOO_LARGE'));
});

test('reading ends at the time limit', async () => {
	const bytes = pdfOf(Array.from({ length: 200 }, (_, n) => `pagina ${n}`));
	await expect(extractText({ bytes }, { timeoutMs: 1 })).rejects.toMatchObject(code('DOCUMENT_TIMEOUT'));
	expect((await extractText({ bytes })).pages).toBe(200);
});
