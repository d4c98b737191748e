import { FactoryError } from '../errors';

export type MediaErrorCode =
	| 'MEDIA_EMPTY'
	| 'MEDIA_GONE'
	| 'MEDIA_HOST_REFUSED'
	| 'MEDIA_NOTHING_READ'
	| 'MEDIA_NO_ACCESS'
	| 'MEDIA_OFF'
	| 'MEDIA_TIMEOUT'
	| 'MEDIA_TOO_LARGE'
	| 'MEDIA_TOO_MANY'
	| 'MEDIA_UNAVAILABLE'
	| 'MEDIA_UNSUPPORTED';

const MESSAGES: Record<MediaErrorCode, string> = {
	MEDIA_EMPTY: 'The file has no bytes.',
	MEDIA_GONE: 'Meta does not have the file any more: an id is valid for seven days.',
	MEDIA_HOST_REFUSED: 'The address of the file is not one of Meta; nothing was fetched.',
	MEDIA_NOTHING_READ: 'The model made nothing out in the file.',
	MEDIA_NO_ACCESS: 'The token of the channel account may not read the file. Store a fresh token.',
	MEDIA_OFF: 'The tenant does not have this kind of file read. Change it under Media Reader > Settings.',
	MEDIA_TIMEOUT: 'The time that a turn may wait for its files was over.',
	MEDIA_TOO_LARGE: 'The file is larger than what is read before a turn.',
	MEDIA_TOO_MANY: 'The turn has more files than are read before one turn.',
	MEDIA_UNAVAILABLE: 'Meta did not hand out the file.',
	MEDIA_UNSUPPORTED: 'This type of file is not read.',
};

/** Never with the name or the words of the file. */
export const mediaError = (code: MediaErrorCode): FactoryError => new FactoryError(code, MESSAGES[code]);
