// Package listen is what every platform that listens to people needs beside its own protocol: bounds on what is worked on
// and on how fast one person may ask, what came already, work that outlives its acknowledgement, and loops that neither an
// error nor a panic ends. It knows no platform, and decides nothing about what is asked.
package listen

import "time"

// What the platforms themselves answer, in the same words.
const (
	Saving  = "Still saving: I could not confirm yet that this was saved. Do not ship on it. The answer follows here."
	TooFast = "Slow down, please: I take one line a second from each of you. This one was not carried out: try it again in a moment."
	TooBusy = "I am busy with more than I can answer at once. This was not carried out: try it again in a moment."
	Broke   = "Something broke on our side; nothing is known to have changed. Type /release status to see how it stands. Reference: "
)

// How long carrying something out may take, and answering it on top.
const (
	WorkFor   = 25 * time.Minute
	AnswerFor = 28 * time.Minute
)
