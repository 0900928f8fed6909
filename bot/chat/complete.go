package chat

import "context"

// MaxCompletions is how many ways on are offered at once: Discord's limit for autocomplete.
const MaxCompletions = 25

// Completion is one way on from where somebody types.
type Completion struct {
	Text  string // stands in place of what follows the last white space of the request's text; where there is a Focus, of all its value
	Short string // what it is, in a few words
	More  bool   // the word goes on behind it: no blank follows
}

// Completer offers ways on from the end of a request's text, the best first, up to MaxCompletions; where the request has
// a Focus, values of that parameter of the row that the text names. It changes nothing, and offers nobody what they may
// not see.
type Completer func(context.Context, Request) []Completion

// KindWord is a word of the commands, read as text.
const KindWord Kind = "word"
