package calendar

// Anchor is the kind of schedule at which the ledger's tip is published, if the ledger grew.
const Anchor = "anchor"
