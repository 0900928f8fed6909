package discordfake

import (
	"context"
	"sync"
	"time"
)

// people is what stands between the people at their clients and the app.
type people struct {
	gateway   *Gateway
	transport Transport
	asked     map[string]*interaction // by token
	sent      []*Delivery
	sending   sync.WaitGroup
	ends      context.Context // with the test
	whispers  []*Whisper
	modals    map[string]*Modal // that are open, by user
	commands  map[string][]*Command
	creates   map[string][]time.Time // of the last day, by server
	writes    []Write
	outages   map[string]bool            // servers that an outage was told of
	overrides map[string]map[string]bool // by server and command; then by id
}

// openPeople makes them, while the fake is made.
func (f *Fake) openPeople() {
	f.people = people{
		asked: map[string]*interaction{}, modals: map[string]*Modal{}, commands: map[string][]*Command{},
		creates: map[string][]time.Time{}, overrides: map[string]map[string]bool{},
		outages: map[string]bool{},
	}
	var end context.CancelFunc
	f.ends, end = context.WithCancel(context.Background())
	f.closers = append(f.closers, end, f.sending.Wait)
	f.openGateway()
	f.transport = f.gateway
}

// changed tells all who wait that something did.
func (f *Fake) changed() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.stir()
}
