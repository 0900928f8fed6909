package discordfake

import (
	"slices"
	"sync"
	"time"
)

// What Discord bears of its gateway.
const (
	MaxFrame    = 4096 // bytes that the app may send in one frame
	MaxSends    = 120  // frames that it may send in a minute
	MaxStarts   = 1000 // IDENTIFYs in a day; the token is reset with one more
	Concurrency = 1    // IDENTIFYs in a window
)

// Gateway is the gateway of the fake: whoever connects is greeted, identifies, and is told what happens. How
// connections behave, and when they end, is for the test to say.
//
// Its lock is taken after the fake's, never before.
type Gateway struct {
	f    *Fake
	done sync.WaitGroup

	mu       sync.Mutex
	beat     time.Duration // heartbeat_interval
	window   time.Duration // in which Concurrency IDENTIFYs are taken
	script   []Line        // of the next connections
	links    []*link       // that are open
	sessions map[string]*session
	count    Counts
	open     int // that are identified now
	starts   int // of the day
	day      time.Time
	lastID   time.Time // of the last IDENTIFY that was taken
	wrong    []string
}

// Counts are what the gateway counted since the test began.
type Counts struct {
	Dialed     int // connections that were upgraded
	Opened     int // that were told READY or RESUMED
	Most       int // of these that were open at once
	Identifies int // IDENTIFYs that came, whatever they were answered
	Resumes    int // RESUMEs that were taken
	Refused    int // IDENTIFYs and RESUMEs that were answered with op 9
	Beats      int // heartbeats
	Strays     int // frames that fit nothing; Wrong says which
}

// Gateway gives the gateway of the fake, which wants a heartbeat that often on connections made from now on; zero:
// as often as it did, at first every 41.25 seconds.
func (f *Fake) Gateway(beat time.Duration) *Gateway {
	if beat > 0 {
		f.gateway.mu.Lock()
		f.gateway.beat = beat
		f.gateway.mu.Unlock()
	}
	return f.gateway
}

// openGateway makes the gateway, while the fake is made.
func (f *Fake) openGateway() {
	f.gateway = &Gateway{f: f, beat: 41250 * time.Millisecond, window: 5 * time.Second, sessions: map[string]*session{}, day: time.Now()}
	f.mux.HandleFunc("/gateway/{$}", f.gateway.serve)
	f.mux.HandleFunc("/gateway/{node}", f.gateway.serve)
	f.closers = append(f.closers, f.gateway.close)
	f.listen(f.gateway.happened)
}

// close ends every connection.
func (g *Gateway) close() {
	for _, l := range g.all() {
		l.abort()
	}
	g.done.Wait()
}

// Window says in how much time one IDENTIFY is taken; Discord gives five seconds.
func (g *Gateway) Window(d time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.window = d
}

// Script says how the next connections behave, one each, after those said before.
func (g *Gateway) Script(lines ...Line) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.script = append(g.script, lines...)
}

// Unspent is how many of the lines said did not happen yet.
func (g *Gateway) Unspent() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.script)
}

// Started says how many IDENTIFYs of the day are spent.
func (g *Gateway) Started(n int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.starts, g.day = n, time.Now()
}

// Open is how many connections are identified, or resumed, and open now.
func (g *Gateway) Open() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.open
}

// Counts are the counts so far.
func (g *Gateway) Counts() Counts {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.count
}

// Wrong are what the app did that fits nothing, in words.
func (g *Gateway) Wrong() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.wrong)
}

func (g *Gateway) stray(what string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.strayed(what)
}

// strayed notes what fits nothing; the lock is held.
func (g *Gateway) strayed(what string) {
	g.count.Strays++
	g.wrong = append(g.wrong, what)
}

func (g *Gateway) all() []*link {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.links)
}

// Disconnect closes every connection with a code; zero: the connection is reset, in the middle of nothing.
func (g *Gateway) Disconnect(code int) {
	for _, l := range g.all() {
		if code == 0 {
			l.abort()
			continue
		}
		l.bye(code)
	}
}

// Reconnect asks every connection to come again (op 7); the sessions stay good.
func (g *Gateway) Reconnect() { g.Push(ReconnectFrame()) }

// Invalidate ends every session that there is (op 9 with false), or asks for a RESUME (with true).
func (g *Gateway) Invalidate(resumable bool) {
	if !resumable {
		g.Forget()
	}
	g.Push(InvalidFrame(resumable))
}

// Forget loses every session without a word, as when a node of Discord's goes down: a RESUME is answered with op 9.
func (g *Gateway) Forget() {
	g.mu.Lock()
	defer g.mu.Unlock()
	clear(g.sessions)
}

// Hush keeps the connections that are open now open, but no event comes on them any more, they wait for a RESUME; nor,
// unless acks, an answer to a heartbeat.
func (g *Gateway) Hush(acks bool) {
	for _, l := range g.all() {
		l.mu.Lock()
		l.Deaf, l.NoAcks = true, !acks
		l.mu.Unlock()
	}
}

// Push sends a frame on every open connection, whatever it is.
func (g *Gateway) Push(f Frame) {
	for _, l := range g.all() {
		l.put(f)
	}
}

// AskBeat asks every connection for a heartbeat at once (op 1).
func (g *Gateway) AskBeat() { g.Push(AskBeatFrame()) }

// Await waits until so many connections are identified and open.
func (g *Gateway) Await(n int) bool {
	g.f.t.Helper()
	return g.f.Wait(g.f.t.Context(), "identified connections to the gateway", func() bool { return g.Open() == n })
}
