package discordfake

import "context"

// PressSeen presses a button of a message as the person still sees it: it may have been edited or deleted since. Discord
// itself refuses what is not there any more, and the app is not told; where the button still is, it is pressed.
func (p *Person) PressSeen(ctx context.Context, seen Message, label string) Result {
	p.f.t.Helper()
	return p.pressOld(ctx, seen, label, false)
}

// PressRaced presses a button of a message as it was, and Discord takes it, as when the message is changed the moment
// after. The app is shown the message as it was.
func (p *Person) PressRaced(ctx context.Context, seen Message, label string) Result {
	p.f.t.Helper()
	return p.pressOld(ctx, seen, label, true)
}

func (p *Person) pressOld(ctx context.Context, seen Message, label string, raced bool) Result {
	p.f.t.Helper()
	p.f.mu.Lock()
	old, ok := seek([]surface{{message: &seen}}, bears(label))
	r := p.begin()
	if _, err := p.channel(seen.Channel); !ok || err != nil {
		p.f.mu.Unlock()
		return p.cannot("use %q: there was none among %q (%v)", label, controls([]surface{{message: &seen}}), err)
	}
	now, _ := p.at(seen.Channel, seen.ID)()
	h, still := seek(now, func(c part) ([]string, []string, bool) { return nil, nil, c.CustomID == old.part.CustomID })
	if !still && !raced {
		p.f.mu.Unlock()
		r.Shown = Failed
		return r
	}
	if raced {
		h = old
	}
	i, payload := p.used(h)
	if raced && len(now) > 0 {
		i.message, i.whisper = now[0].message, now[0].whisper
	}
	p.f.mu.Unlock()
	p.deliver(ctx, &r, label, Failed, i, payload)
	return r
}
