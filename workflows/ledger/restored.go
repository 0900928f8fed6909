package ledger

// Restored is the ledger's line of a database that was put back. It belongs to no stream.
type Restored struct {
	From   Tip    `json:"from"`             // of the ledger in the file that was put back
	Lost   Tip    `json:"lost,omitzero"`    // what the ledger had been, as far as its kept tip tells
	Untold bool   `json:"untold,omitempty"` // no tip told what it had been: events may be lost
	By     string `json:"by,omitempty"`     // the host's name of whoever did it
	Kept   string `json:"aside,omitempty"`  // the name under which the former database stays
}

// Kind names the event.
func (Restored) Kind() string { return "store.restored" }
