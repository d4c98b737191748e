import type { UploadedFile } from '../../core/onboarding';
import type { OperationCall } from '../shared';

/** The item's binary files whose property begins like this, as n8n's form names several files of one field. */
export async function filesOf({ context, itemIndex }: OperationCall, prefix: string): Promise<UploadedFile[]> {
	const binary = context.getInputData()[itemIndex].binary ?? {};
	const names = Object.keys(binary).filter((name) => name === prefix || name.startsWith(`${prefix}_`));
	return await Promise.all(
		names.map(async (name) => ({
			bytes: await context.helpers.getBinaryDataBuffer(itemIndex, name),
			mimeType: binary[name].mimeType,
			fileName: binary[name].fileName ?? name,
		})),
	);
}
