/** How far a new installation is: read from the database, shown as a page that turns green by itself. */
export { CHECKS, noteHandshake, readChecklist, type Check, type ChecklistItem } from './checklist';
export { createChecklistLink, requireChecklistLink } from './links';
export { checklistPage, refusedChecklistPage } from './page';
