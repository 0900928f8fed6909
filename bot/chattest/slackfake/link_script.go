package slackfake

import "time"

// Line is how a connection behaves. Its zero value is well.
type Line struct {
	Status  int           // instead of an upgrade; zero: there is one
	Break   Break         // where it is reset
	NoHello bool          // it is never greeted
	NoPings bool          // it is never pinged
	Deaf    bool          // looks well and is pinged, but what is sent on it is lost
	Bye     string        // the reason of a disconnect right after the greeting: "refresh_requested"
	App     string        // that the greeting names; empty: App
	Others  int           // connections of the app that the greeting counts beside those that are open here
	After   time.Duration // before it is greeted
}

// Break is a place where a connection is reset.
type Break int

// The places. Those of envelopes mean the first one.
const (
	Never        Break = iota
	BeforeHello        // upgraded, and not a byte
	InHello            // in the middle of the greeting's frame
	AfterHello         // greeted, and nothing more
	InEnvelope         // in the middle of the envelope's frame
	BeforeAck          // the envelope is out whole
	AfterAck           // the acknowledgement is in
	InDisconnect       // in the middle of the frame of Bye
)
