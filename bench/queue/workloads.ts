/** A message of a conversation; `n` counts from 0 within it. */
export interface Job {
	conversation: number;
	n: number;
}

export interface Workload {
	name: string;
	title: string;
	conversations: number;
	/** In the order in which they arrived. */
	jobs: Job[];
	/** Every conversation has one message: nothing to keep in order. */
	independent: boolean;
}

const one = (conversation: number, n: number): Job => ({ conversation, n });

/** `conversations` x `messages`, everybody's first message first. */
const even = (conversations: number, messages: number): Job[] =>
	Array.from({ length: conversations * messages }, (_, i) => one(i % conversations, Math.floor(i / conversations)));

/** The four workloads that are drained, `total` messages each. */
export function workloads(total: number): Workload[] {
	const hot = Math.floor(total / 8);
	const singles = total / 2;
	return [
		{ name: 'a', title: 'independent', conversations: total, jobs: even(total, 1), independent: true },
		{
			name: 'b',
			title: '1,000 conversations',
			conversations: 1_000,
			jobs: even(1_000, total / 1_000),
			independent: false,
		},
		{ name: 'c', title: '8 hot conversations', conversations: 8, jobs: even(8, hot), independent: false },
		{
			name: 'd',
			title: '4 hot, then singles',
			conversations: 4 + singles,
			jobs: [...even(4, hot), ...Array.from({ length: singles }, (_, i) => one(4 + i, 0))],
			independent: false,
		},
	];
}

/** Sees every message as it is handed out and as it is settled, and counts what strict order forbids. */
export class OrderWatch {
	readonly #next: Int32Array;
	readonly #running: Uint8Array;
	handled = 0;
	violations = 0;

	constructor(conversations: number) {
		this.#next = new Int32Array(conversations);
		this.#running = new Uint8Array(conversations);
	}

	/** A run of messages of one conversation, first to last, is handed out. */
	begin(conversation: number, ns: readonly number[]): void {
		if (this.#running[conversation] === 1) this.violations++;
		this.#running[conversation] = 1;
		for (const n of ns) {
			if (n !== this.#next[conversation]) this.violations++;
			this.#next[conversation] = n + 1;
			this.handled++;
		}
	}

	end(conversation: number): void {
		this.#running[conversation] = 0;
	}
}
