package chattest

// Wide is a Fake that several places may be sent to at once.
type Wide struct {
	*Fake
	At int // how many
}

// Width is how many.
func (w Wide) Width() int { return w.At }
