/** The fixed sentences of a prompt in one language. */
export interface PromptTexts {
	identity: {
		title: string;
		who(name: string, role: string, business: string): string;
		discloses: string;
		neverDenies: string;
	};
	business: {
		title: string;
		name: string;
		type: string;
		description: string;
		site: string;
		address: string;
		phone: string;
		email: string;
		taxId: string;
	};
	goals: { title: string };
	tone: { title: string; tone: string; language: string };
	knowledge: { title: string; rule: string; none: string };
	qualification: { title: string; rule: string };
	handoff: { title: string; rule: string };
	/** Only in the prompt of an agent that has tools. */
	tools: {
		title: string;
		rule: string;
		parameters: string;
		rules: readonly string[];
		/** Stands over a tool's answer among the messages. */
		result(tool: string): string;
		/** Stands over what tools did in earlier turns. */
		earlier: string;
		/** Said when no further call is possible. */
		noMore: string;
	};
	/** Only where there is another agent to hand over to. */
	transfer: { rule: string };
	hours: {
		title: string;
		always: string;
		days: readonly [string, string, string, string, string, string, string];
		closed: string;
		zone: string;
	};
	limits: {
		title: string;
		messages(maximum: number): string;
		characters(maximum: number): string;
		topics: string;
		phrases: string;
		links: string;
		noLinks: string;
		format: readonly string[];
	};
	/** The protected section: no learned rule and no persona may weaken it. */
	safety: { title: string; scope(business: string): string; rules: readonly string[]; canary(token: string): string };
	learned: { title: string; rule: string };
	voice: { title: string; rule: string };
	/** What is said about the moment, in the turn's own block. */
	moment: {
		now(text: string, zone: string): string;
		channel(name: string): string;
		open: string;
		closed: string;
		/** Something that was sent could not be opened: the agent says so. */
		unread: string;
	};
	/** Lines that stand among the messages: data about the contact, never orders. */
	dialogue: {
		contactData: string;
		firstName: string;
		summary: string;
		/** How many messages came after it: the newer ones win. */
		summaryAge(messages: number): string;
		businessWroteFirst: string;
	};
}
