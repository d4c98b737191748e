/** How far a new installation is: read from the database, shown as a page that turns green by itself. */
export { CHECKS, noteHandshake, readChecklist, type Check, type ChecklistItem } from './checklist';
export { CHECKLIST_PURPOSE } from './defaults';
export { createChecklistLink } from './links';
export { checklistPage } from './page';
