/** Minutes a project may take in CI, so that all of .ci/run stays under 60. */
const BUDGET_MINUTES = { unit: 5, db: 12, e2e: 22, faults: 12 };

/** Prints the counts and the duration of a run on one plain line, after everything else; in CI a run over its budget fails. */
module.exports = class ClosingLineReporter {
	onRunComplete(_contexts, results) {
		const skipped = results.numPendingTests + results.numTodoTests;
		const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
		const seconds = Math.round((Date.now() - results.startTime) / 1000);
		process.stdout.write(
			`\n${results.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''} (${seconds} s)\n`,
		);
		const projects = [...new Set(results.testResults.map(({ displayName }) => displayName?.name))];
		const budget = projects.reduce((sum, name) => sum + (BUDGET_MINUTES[name] ?? 0), 0);
		if (process.env.CI !== 'true' || budget === 0 || seconds <= budget * 60) return;
		this.overBudget = new Error(`${projects.join(' and ')} took ${seconds} s; the budget is ${budget} minutes`);
		process.stderr.write(`${this.overBudget.message}. Find what became slow.\n`);
	}

	/** Jest ends with 1 when a reporter has an error. */
	getLastError() {
		return this.overBudget;
	}
};
