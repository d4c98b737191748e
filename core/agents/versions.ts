import { FactoryError } from '../errors';
import { ERROR_ECHO } from './defaults';

export type VersionStep = 'patch' | 'minor' | 'major';

/** v1.4.0: what an agent version is called. */
export interface SemanticVersion {
	major: number;
	minor: number;
	patch: number;
}

export const FIRST_VERSION = 'v1.0.0';

/** Digits a part: keeps every part a safe integer and the name short. */
const PATTERN = /^v?(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})$/;

export function parseVersion(text: string): SemanticVersion {
	const match = PATTERN.exec(text.trim());
	if (!match) {
		throw new FactoryError(
			'VERSION_INVALID',
			`"${text.slice(0, ERROR_ECHO)}" is not a version. Write three numbers, such as v1.0.0.`,
			{
				item: text.slice(0, ERROR_ECHO),
			},
		);
	}
	const [major, minor, patch] = match.slice(1).map(Number);
	return { major, minor, patch };
}

export const formatVersion = ({ major, minor, patch }: SemanticVersion): string => `v${major}.${minor}.${patch}`;

/** Below zero when `a` is older than `b`, zero when they are the same. */
export function compareVersions(a: string, b: string): number {
	const [left, right] = [parseVersion(a), parseVersion(b)];
	return left.major - right.major || left.minor - right.minor || left.patch - right.patch;
}

const STEPS: Record<VersionStep, (version: SemanticVersion) => SemanticVersion> = {
	patch: (version) => ({ ...version, patch: version.patch + 1 }),
	minor: (version) => ({ major: version.major, minor: version.minor + 1, patch: 0 }),
	major: (version) => ({ major: version.major + 1, minor: 0, patch: 0 }),
};

/** Nothing goes live without a version, and the first one is v1.0.0. */
export function nextVersion(current: string | null, step: VersionStep): string {
	return current === null ? FIRST_VERSION : formatVersion(STEPS[step](parseVersion(current)));
}
