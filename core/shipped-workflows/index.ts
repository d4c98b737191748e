/** The workflows of this package in people's n8n: which version they have, what differs, how they get the new one. */
export { checkWorkflow, notImported, TEMPLATE_STATES, type Check, type TemplateState } from './check';
export { compareWorkflow, type Comparison } from './compare';
export { NOTE_TYPE } from './fields';
export { markOf, versionOf } from './identify';
export { readWorkflow, shippedTemplates } from './read';
export { recordRelease, releaseDrift, type SavedParameters } from './record';
export { upgradeWorkflow, type Upgrade } from './upgrade';
export type { Release, Template, TemplateRecord, Workflow, WorkflowNode } from './types';
