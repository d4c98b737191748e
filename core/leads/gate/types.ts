/** Patterns that say the same thing; the notation is that of rules/pattern.ts. */
export interface GateFamily {
	rule: string;
	/** Units of evidence for the class: 1 weak, 3 hardly ever misleads. */
	weight: number;
	patterns: readonly string[];
	/** Where one of these covers a match, it does not count. */
	not?: readonly string[];
	/** Three words before a match that hold a negation make it void. */
	negatable?: boolean;
}
