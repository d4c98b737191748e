/**
 * Runs in a thread of its own, so that a file made to hang or to swell costs the thread and not the process.
 * A text, because a thread starts from a file or a text and this code runs compiled and uncompiled.
 */
export const WORKER_SOURCE = `
const { parentPort, workerData } = require('node:worker_threads');
const { inflateRawSync } = require('node:zlib');
const { kind, bytes, limits, modules } = workerData;
const fail = (code) => Object.assign(new Error(code), { documentCode: code });

async function readPdf() {
	const { getDocumentProxy } = require(modules.unpdf);
	const pdf = await getDocumentProxy(new Uint8Array(bytes), { isEvalSupported: false, verbosity: 0 });
	const pages = Math.min(pdf.numPages, limits.maxPages);
	const texts = [];
	let length = 0;
	for (let number = 1; number <= pages && length <= limits.maxCharacters; number += 1) {
		const page = await pdf.getPage(number);
		const { items } = await page.getTextContent();
		const text = items.map((item) => (item.str ?? '') + (item.hasEOL ? '\\n' : '')).join('');
		texts.push(text);
		length += text.length;
		page.cleanup();
	}
	return { text: texts.join('\\n\\n'), pages: pdf.numPages, cut: texts.length < pdf.numPages };
}

// Sizes in the directory of a zip may lie: only unpacking under a limit says how much is inside.
function unpackBody() {
	const zip = Buffer.from(bytes);
	const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
	if (end < 0 || end + 22 > zip.length) throw fail('DOCUMENT_BROKEN');
	const entries = zip.readUInt16LE(end + 10);
	let at = zip.readUInt32LE(end + 16);
	let left = limits.maxUnpackedBytes;
	let body;
	if (entries > limits.maxEntries) throw fail('DOCUMENT_TOO_LARGE');
	for (let n = 0; n < entries; n += 1) {
		if (at + 46 > zip.length || zip.readUInt32LE(at) !== 0x02014b50) throw fail('DOCUMENT_BROKEN');
		const method = zip.readUInt16LE(at + 10);
		const size = zip.readUInt32LE(at + 20);
		const nameLength = zip.readUInt16LE(at + 28);
		const local = zip.readUInt32LE(at + 42);
		if (zip.readUInt16LE(at + 8) & 1) throw fail('DOCUMENT_ENCRYPTED');
		const isBody = zip.toString('latin1', at + 46, at + 46 + nameLength) === 'word/document.xml';
		at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
		if (local + 30 > zip.length) throw fail('DOCUMENT_BROKEN');
		const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
		if (start + size > zip.length) throw fail('DOCUMENT_BROKEN');
		let file = zip.subarray(start, start + size);
		if (method !== 0 && method !== 8) throw fail('DOCUMENT_BROKEN');
		if (method === 8) {
			if (left <= 0) throw fail('DOCUMENT_TOO_LARGE');
			try {
				file = inflateRawSync(file, { maxOutputLength: left });
			} catch (error) {
				throw fail(error.code === 'ERR_BUFFER_TOO_LARGE' ? 'DOCUMENT_TOO_LARGE' : 'DOCUMENT_BROKEN');
			}
		}
		left -= file.length;
		if (left < 0) throw fail('DOCUMENT_TOO_LARGE');
		if (isBody) body = file;
	}
	if (!body) throw fail('DOCUMENT_UNSUPPORTED');
	return body.toString('utf8');
}

const BREAKS = { 'w:tab': '\\t', 'w:br': '\\n', 'w:cr': '\\n' };

// Paragraphs in their order, those of tables too; what was deleted under review is not text any more.
async function readDocx() {
	const { DOMParser, onErrorStopParsing } = require(modules.xmldom);
	const xml = new DOMParser({ onError: onErrorStopParsing }).parseFromString(unpackBody(), 'text/xml');
	const texts = [];
	for (const paragraph of Array.from(xml.getElementsByTagName('w:p'))) {
		let text = '';
		for (const part of Array.from(paragraph.getElementsByTagName('*'))) {
			if (part.tagName === 'w:t') text += part.textContent;
			else text += BREAKS[part.tagName] ?? '';
		}
		texts.push(text);
	}
	return { text: texts.join('\\n\\n'), pages: null, cut: false };
}

(kind === 'pdf' ? readPdf() : readDocx()).then(
	({ text, pages, cut }) =>
		parentPort.postMessage({ text: text.slice(0, limits.maxCharacters), pages, truncated: cut || text.length > limits.maxCharacters }),
	(error) => parentPort.postMessage({ failed: error.documentCode ?? (error.name === 'PasswordException' ? 'DOCUMENT_ENCRYPTED' : 'DOCUMENT_BROKEN') }),
);
`;
