export { isPublicAddress, publicLookup, urlProblem, type Resolve } from './address';
export { createHttpCall, httpCall, type HttpCall, type HttpOptions, type HttpResult } from './call';
