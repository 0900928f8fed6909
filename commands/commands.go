// Package commands owns the grammar: one table of commands, one parser, one file per verb. A command declares its
// parameters once; the parser, the typed tree, forms, completion and help read that declaration.
//
// It turns words into wishes and views into replies. It must not know storage, the desk or a platform, and it decides
// nothing: who may, and whether, is for the rooms of workflows.
package commands
