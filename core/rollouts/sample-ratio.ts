import { SRM_MIN_EXPECTED, SRM_P } from './defaults';
import { erfc } from './statistics';

export interface SampleRatio {
	expectedCandidates: number;
	candidates: number;
	pValue: number;
	/** The arms are not what they were planned to be: something drops or doubles people. */
	mismatch: boolean;
}

/** Chi-square test of the people per arm against the share at which each stage dealt them. */
export function sampleRatio(
	stages: ReadonlyArray<{ share: number; incumbent: number; candidate: number }>,
): SampleRatio {
	const candidates = stages.reduce((sum, { candidate }) => sum + candidate, 0);
	const expectedCandidates = stages.reduce(
		(sum, { share, incumbent, candidate }) => sum + share * (incumbent + candidate),
		0,
	);
	const incumbents = stages.reduce((sum, { incumbent }) => sum + incumbent, 0);
	const expectedIncumbents = candidates + incumbents - expectedCandidates;
	if (Math.min(expectedCandidates, expectedIncumbents) < SRM_MIN_EXPECTED)
		return { expectedCandidates, candidates, pValue: 1, mismatch: false };
	const off = candidates - expectedCandidates;
	const chiSquare = off ** 2 / expectedCandidates + off ** 2 / expectedIncumbents;
	const pValue = erfc(Math.sqrt(chiSquare / 2));
	return { expectedCandidates, candidates, pValue, mismatch: pValue < SRM_P };
}
