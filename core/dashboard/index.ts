/** The pages people read: what happened, what runs, why; and how members come in. */
export { actOnDashboard, type ActedPage } from './act';
export {
	createDashboardLink,
	createOperatorLink,
	mayDecide,
	openLink,
	refused,
	signIn,
	signInByKey,
	viewerOf,
	type Viewer,
} from './links';
export { openDashboard, type OpenedPage, type PagePorts, type PageQuery } from './open';
export { requestSignIn, settleSignInMail, type SignInMail, type SignInRequest } from './sign-in';
export { confirmPage, refusedPage, signInPage, type SignInView } from './sign-in-page';
export { LINK_HOURS } from './defaults';
