package console

// Forget drops what Send brought and no console is there to print. What the channels show stays.
func (m *Memory) Forget() { m.drain() }
