/** Share of a template's nodes that a workflow must have, by name and type, to be recognised without a mark. */
export const RECOGNISED_SHARE = 0.6;
/** Share of a node's fields that must be as shipped for it to count as the same node under another name. */
export const RENAMED_SHARE = 0.5;
/** Characters of a value that the difference shows. */
export const VALUE_SHOWN = 120;
/** Hex digits of a field's hash: two values of one field, not all values of the world, must differ. */
export const HASH_DIGITS = 10;
