package discord

import (
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/discordfake"
)

// TestGatewayBreaks breaks the first connections wherever one can break. What comes after is well by itself.
func TestGatewayBreaks(t *testing.T) {
	for name, line := range map[string]discordfake.Line{
		"no upgrade":                     {Status: 503},
		"forbidden":                      {Status: 403},
		"before the greeting":            {Break: discordfake.BeforeHello},
		"in the greeting":                {Break: discordfake.InHello},
		"after the greeting":             {Break: discordfake.AfterHello},
		"never greeted":                  {NoHello: true},
		"greeted late":                   {After: 100 * time.Millisecond},
		"after IDENTIFY":                 {Break: discordfake.AfterStart},
		"in READY":                       {Break: discordfake.InReady},
		"after READY":                    {Break: discordfake.AfterReady},
		"in an event":                    {Break: discordfake.InEvent},
		"after an event":                 {Break: discordfake.AfterEvent},
		"READY never comes":              {NoReady: true},
		"op 7 instead of HELLO":          {NoHello: true, First: []discordfake.Frame{discordfake.ReconnectFrame()}},
		"op 7 before HELLO":              {First: []discordfake.Frame{discordfake.ReconnectFrame()}},
		"op 7 after HELLO":               {Greeted: []discordfake.Frame{discordfake.ReconnectFrame()}},
		"op 7 after IDENTIFY":            {Started: []discordfake.Frame{discordfake.ReconnectFrame()}},
		"op 7 after READY":               {Readied: []discordfake.Frame{discordfake.ReconnectFrame()}},
		"op 9, and that is all":          {Invalid: true},
		"op 9, to be resumed":            {Invalid: true, Resumable: true},
		"op 9 before HELLO":              {First: []discordfake.Frame{discordfake.InvalidFrame(false)}},
		"null everywhere":                {First: nullFrames, Greeted: nullFrames, Started: nullFrames, Readied: nullFrames},
		"no acknowledgements":            {NoAcks: true},
		"a frame that is too large":      {Readied: []discordfake.Frame{discordfake.HugeFrame(maxFrame)}},
		"one that is large":              {Readied: []discordfake.Frame{discordfake.HugeFrame(maxFrame / 4)}},
		"garbage without an end":         {Readied: gateFrames(maxGarbage, discordfake.GarbageFrame())},
		"bytes without an end":           {Readied: gateFrames(maxGarbage, discordfake.BinaryFrame("\x00\x01"))},
		"some garbage":                   {Readied: gateFrames(maxGarbage-1, discordfake.GarbageFrame())},
		"opcodes that there are not":     {First: oddFrames, Greeted: oddFrames, Started: oddFrames, Readied: oddFrames},
		"heartbeats asked for all along": {Greeted: gateFrames(50, discordfake.AskBeatFrame()), Readied: gateFrames(50, discordfake.AskBeatFrame())},
		"acknowledged without a reason":  {First: ackFrames, Greeted: ackFrames, Readied: ackFrames},
		"a greeting without a pulse":     {NoHello: true, First: []discordfake.Frame{discordfake.TextFrame(`{"op":10,"d":{}}`)}},
		"a pulse of less than nothing":   {First: []discordfake.Frame{discordfake.TextFrame(`{"op":10,"d":{"heartbeat_interval":-1}}`)}},
		"closed: unknown error":          {Bye: 4000},
		"closed: unknown opcode":         {Bye: 4001},
		"closed: not decoded":            {Bye: 4002},
		"closed: not authenticated":      {Bye: 4003},
		"closed: authenticated twice":    {Bye: 4005},
		"closed: wrong seq":              {Bye: 4007},
		"closed: too much":               {Bye: 4008},
		"closed: timed out":              {Bye: 4009},
		"closed: of tomorrow":            {Bye: 4900},
		"closed: going away":             {Bye: 1001},
	} {
		t.Run(name, func(t *testing.T) {
			w := idle(t)
			w.gate.Script(line, line)
			w.run()
			w.until("the lines are used up", func() bool {
				if w.gate.Unspent() > 0 && w.gate.Open() == 1 && w.Health() == nil {
					w.gate.Disconnect(0)
				}
				return w.gate.Unspent() == 0
			})
			w.until("the connection is up", func() bool { return w.gate.Open() == 1 })
			w.arrives()
			w.gate.Disconnect(0)
			w.well()
			w.arrives()
			if n := w.gate.Counts(); n.Most > 1 {
				t.Errorf("%d connections at once", n.Most)
			}
			for _, wrong := range w.gate.Wrong() {
				t.Error(wrong)
			}
		})
	}
}

var (
	nullFrames = []discordfake.Frame{discordfake.NullFrame()}
	ackFrames  = []discordfake.Frame{discordfake.AckFrame()}
	oddFrames  = []discordfake.Frame{discordfake.UnknownOpFrame(), discordfake.TextFrame(`{"op":0,"t":"SOMETHING_NEW","s":null,"d":[[]]}`)}
)

func gateFrames(n int, f discordfake.Frame) []discordfake.Frame {
	all := make([]discordfake.Frame, n)
	for i := range all {
		all[i] = f
	}
	return all
}

// TestGatewayJunk: what is no frame, or one that nobody knows, costs no connection, and is counted.
func TestGatewayJunk(t *testing.T) {
	w := idle(t).run()
	w.well()
	for _, f := range []discordfake.Frame{
		discordfake.NullFrame(), discordfake.GarbageFrame(), discordfake.BinaryFrame("\x00"), discordfake.TextFrame(""), discordfake.TextFrame("[]"),
		discordfake.TextFrame(`{"op":null}`), discordfake.TextFrame(`{"op":"0"}`), discordfake.TextFrame(`{"op":0,"t":null,"d":null}`),
		discordfake.UnknownOpFrame(), discordfake.HugeFrame(1 << 20), discordfake.TextFrame(`{"op":0,"t":"INTERACTION_CREATE","d":null}`),
	} {
		w.gate.Push(f)
		w.arrives()
	}
	if n, junk := w.gate.Counts(), w.gateway.count.garbage.Load(); n.Dialed != 1 || junk != 9 || w.gateway.count.unknown.Load() != 1 {
		t.Errorf("%d connections, %d frames of garbage", n.Dialed, junk)
	}
	if strings.Contains(w.log.String(), "msg=panic") {
		t.Error(w.log)
	}
}

// TestGatewayAnew: a session that is over is not resumed; one that goes on is not begun anew.
func TestGatewayAnew(t *testing.T) {
	w := idle(t).run()
	w.well()
	w.gate.Invalidate(false)
	w.until("another one is begun", func() bool { return w.gate.Counts().Opened == 2 && w.gate.Open() == 1 })
	w.gate.Reconnect()
	w.until("it goes on", func() bool { return w.gate.Counts().Opened == 3 && w.gate.Open() == 1 })
	w.gate.Invalidate(true)
	w.until("it goes on again", func() bool { return w.gate.Counts().Opened == 4 && w.gate.Open() == 1 })
	if n := w.gate.Counts(); n.Identifies != 2 || n.Resumes != 2 || n.Refused != 0 {
		t.Errorf("%+v", n)
	}
	w.arrives()
}

// TestGatewayZombie: a connection whose heartbeats nobody acknowledges is left, however much comes in on it.
func TestGatewayZombie(t *testing.T) {
	w := idle(t)
	w.timing.silent, w.timing.deaf = time.Hour, time.Hour
	w.gate.Script(discordfake.Line{NoAcks: true})
	began := time.Now()
	w.run()
	w.until("it is resumed elsewhere", func() bool {
		w.gate.Push(discordfake.TextFrame(`{"op":0,"t":"TYPING_START","d":{}}`))
		return w.gate.Counts().Resumes > 0
	})
	if took := time.Since(began); took > 4*time.Second { // the fake itself ends it a few seconds later
		t.Errorf("left after %s", took)
	}
	w.well()
}

// TestGatewayWatchdog: nothing heard for long is red, and ends the connection from outside, though nothing else is wrong
// with it.
func TestGatewayWatchdog(t *testing.T) {
	w := idle(t)
	w.gate = w.f.Gateway(time.Hour)
	w.timing.beat, w.timing.ack, w.timing.deaf, w.timing.silent = time.Hour, time.Hour, 100*time.Millisecond, 300*time.Millisecond
	w.run()
	w.red("nothing is heard")
	w.until("it is resumed elsewhere", func() bool { return w.gate.Counts().Resumes > 0 })
	w.until("it is well", func() bool { return w.Health() == nil })
}

// TestGatewayAskedToBeat: a heartbeat that Discord asks for is sent at once.
func TestGatewayAskedToBeat(t *testing.T) {
	w := idle(t)
	w.gate = w.f.Gateway(time.Hour)
	w.timing.beat, w.timing.silent = time.Hour, time.Hour
	w.run()
	w.well()
	w.gate.AskBeat()
	w.until("it beats", func() bool { return w.gate.Counts().Beats == 1 })
}

// TestGatewayNeverGoesOn: a session that is to be resumed and never goes on is given up.
func TestGatewayNeverGoesOn(t *testing.T) {
	w := idle(t).run()
	w.well()
	w.gate.Script(gateLines(maxTries, discordfake.Line{Invalid: true, Resumable: true})...)
	w.gate.Disconnect(4000)
	w.until("another one is begun", func() bool { return w.gate.Counts().Identifies == 2 })
	if n := w.gate.Counts(); n.Refused != maxTries {
		t.Errorf("%+v", n)
	}
	w.well()
}
