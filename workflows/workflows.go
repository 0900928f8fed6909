// Package workflows holds the words of the domain: who asks, what is asked, what happened, who is told, and what
// was refused. Every other package speaks them.
//
// It imports nothing of ours, reads no clock, and knows neither chat platforms nor storage.
package workflows
