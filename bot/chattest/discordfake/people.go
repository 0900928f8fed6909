package discordfake

// people is what stands between the people at their clients and the app.
type people struct{}

// openPeople makes them, while the fake is made.
func (*Fake) openPeople() {}
