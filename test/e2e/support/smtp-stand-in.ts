import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

export interface TakenMail {
	from: string;
	to: string[];
	/** Headers and text as they were sent. */
	data: string;
}

/** A mail server on a port of its own that takes everything, but refuses recipients that `refuses` names. */
export async function startSmtpStandIn(refuses: RegExp) {
	const taken: TakenMail[] = [];
	const server = createServer((socket) => converse(socket, refuses, taken));
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		taken,
		port: (server.address() as AddressInfo).port,
		close: async () => await new Promise<void>((done) => server.close(() => done())),
	};
}

function converse(socket: Socket, refuses: RegExp, taken: TakenMail[]): void {
	let mail: TakenMail = { from: '', to: [], data: '' };
	let inData = false;
	let pending = '';
	const answer = (line: string): boolean => socket.write(`${line}\r\n`);
	const command = (line: string): void => {
		if (inData) {
			if (line !== '.') {
				mail.data += `${line}\n`;
				return;
			}
			taken.push(mail);
			mail = { from: '', to: [], data: '' };
			inData = false;
			answer('250 taken');
		} else if (/^MAIL FROM/i.test(line)) {
			mail.from = line;
			answer('250 ok');
		} else if (/^RCPT TO/i.test(line)) {
			if (refuses.test(line)) return void answer(`550 no such user ${line.slice('RCPT TO:'.length)}`);
			mail.to.push(/<(.*)>/.exec(line)?.[1] ?? '');
			answer('250 ok');
		} else if (/^DATA/i.test(line)) {
			inData = true;
			answer('354 go on');
		} else if (/^QUIT/i.test(line)) {
			answer('221 bye');
			socket.end();
		} else answer('250 ok');
	};
	socket.on('error', () => undefined);
	socket.setEncoding('utf8').on('data', (chunk: string) => {
		const lines = (pending + chunk).split('\r\n');
		pending = lines.pop() ?? '';
		lines.forEach(command);
	});
	answer('220 stand-in');
}
