import process from 'node:process';

// For `node --import`: a process whose clock is CLOCK_SHIFT_MS off, in everything that Date says.
const shift = Number(process.env.CLOCK_SHIFT_MS);
const RealDate = Date;
globalThis.Date = class extends RealDate {
	constructor(...parts) {
		if (parts.length === 0) super(RealDate.now() + shift);
		else super(...parts);
	}

	static now() {
		return RealDate.now() + shift;
	}
};
