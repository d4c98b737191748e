export {
	eraseContact,
	exportContact,
	listPrivacyRequests,
	type ContactExport,
	type Elsewhere,
	type ErasureReceipt,
} from './privacy';
