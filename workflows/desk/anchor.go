package desk

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/calendar"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/release"
)

// Anchor is where the ledger's tip is published by itself, and when.
type Anchor struct {
	Place   workflows.Place   // empty: in no channel
	Product workflows.Product // whose repository is tagged; empty: none
	Spec    calendar.Spec     // zero: never
}

// publicPlace is the reason of what must not be said where anyone reads.
const publicPlace workflows.Reason = "public_place"

// schedule gives the wake-up at which the tip is published; ok is false when it is published nowhere by itself.
func (a Anchor) schedule(zone *time.Location) (calendar.Schedule, bool) {
	if a.Spec == (calendar.Spec{}) || a.Place == "" && a.Product == "" {
		return calendar.Schedule{}, false
	}
	return calendar.Schedule{Kind: calendar.Anchor, Spec: a.Spec.String(), Zone: zone.String()}, true
}

// anchorTarget is the release whose product's repository is to be tagged. The event itself belongs to no stream.
func (s *session) anchorTarget(w ledger.Anchor) (target, error) {
	if !w.Tag && s.ask.On.Release == "" {
		return target{}, nil
	}
	t, err := s.releaseTarget(release.Room, w)
	t.stream = ""
	return t, err
}

// anchor publishes the tip where somebody wants it.
func (s *session) anchor(t target, w ledger.Anchor) error {
	if w.Tag && w.Channel != "" {
		return workflows.Refuse(workflows.Invalid, "a channel or a tag, one at a time").
			Type("/release audit anchor "+workflows.Display(w.Channel, 80), "/release audit anchor --tag")
	}
	if w.Tag {
		return s.publishTip(ledger.Anchored{Product: t.id.Product()})
	}
	to, err := s.anchorPlace(w.Channel)
	if err != nil {
		return err
	}
	return s.publishTip(ledger.Anchored{Place: to})
}

var channelPattern = regexp.MustCompile(`^#[\pL\pN._-]{1,80}$`)

// anchorPlace is a channel of the team: others must be able to read there what was published, and customers must not.
func (s *session) anchorPlace(channel string) (workflows.Place, error) {
	to := s.ask.At
	if channel != "" && strings.Contains(to.Channel(), "/") { // channels have ids there, and a name leads to none
		return "", workflows.Refuse(workflows.Invalid, workflows.Display(channel, 40)+" is a name, which can change hands: a tip goes where it is asked for").
			By("whoever types /release audit anchor in that channel").Type("/release help audit anchor")
	}
	if channel != "" && to != "" {
		if !channelPattern.MatchString(channel) {
			return "", workflows.Refuse(workflows.Invalid, workflows.Display(channel, 40)+" is no channel: write it with its #").
				Type("/release audit anchor #general")
		}
		to = workflows.Place(s.ask.At.Platform() + "/" + channel)
	}
	switch {
	case to == "" || to.IsDirect():
		return "", workflows.Refuse(workflows.Invalid, "direct messages are read by one person: a tip is worth something where others keep it too").
			Type("/release audit anchor #general", "/release audit anchor --tag")
	case s.book.Publicly(to):
		return "", workflows.Refuse(publicPlace, to.Channel()+" is read by anyone, and how much happens here is the team's own").
			Type("/release audit anchor #general", "/release audit anchor --tag")
	}
	return to, nil
}

// anchorDue is an occurrence of the schedule: quiet when nothing happened since the last one.
func (s *session) anchorDue() error {
	all, err := published(s.tx)
	if err != nil {
		return err
	}
	for _, p := range all {
		if p.Clock && p.Event == s.seq {
			return nil
		}
	}
	var to []ledger.Anchored
	if a := s.rules.Anchor; a.Place != "" && !s.book.Publicly(a.Place) {
		to = append(to, ledger.Anchored{Place: a.Place})
	}
	if p := s.rules.Anchor.Product; p != "" {
		to = append(to, ledger.Anchored{Product: p})
	}
	return s.publishTip(to...)
}

// publishTip records that the tip of all that happened so far goes outside, and sends it there: the intent first, then
// the effect.
func (s *session) publishTip(to ...ledger.Anchored) error {
	tip, err := s.tx.Tip(s.seq)
	if err != nil {
		return fmt.Errorf("publish the tip: %w", err)
	}
	for _, a := range to {
		a.Size, a.Hash = tip.Size, tip.Hash
		if a.Product != "" {
			a.Tag = tip.TagName()
		}
		s.seq++
		s.order = append(s.order, workflows.Recorded{Event: a, Header: workflows.Header{Seq: s.seq, At: s.now,
			By: s.actor, As: s.ask.As, Ask: s.ask.ID, Policy: s.book.Hash}})
		if err := s.sendTip(tip, a); err != nil {
			return fmt.Errorf("publish the tip: %w", err)
		}
	}
	return nil
}

// sendTip puts a tip into the queue: as it is now, never drawn again.
func (s *session) sendTip(tip ledger.Tip, a ledger.Anchored) error {
	d := storage.Delivery{Kind: workflows.Tell, What: "anchor", Seq: s.seq, Place: a.Place, Due: s.now}
	var err error
	if a.Product == "" {
		if d.Data, err = json.Marshal(tip); err != nil {
			return err
		}
		return s.deliver(d)
	}
	product, err := s.product(a.Product)
	if err != nil {
		return err
	}
	d.Kind, d.What, d.Place = workflows.Act, workflows.ActTag, workflows.Place("git/"+string(a.Product))
	d.Data, err = json.Marshal(workflows.Tag{Repository: product.Repository, Name: a.Tag, Message: tip.Text(), At: s.now})
	s.due = append(s.due, d)
	return err
}

// anchorTable lists the published tips, by event, so that neither the clock nor an auditor walks the ledger for them.
const anchorTable = "anchored"

// listAnchor adds an event to the list if it published a tip.
func (s *session) listAnchor(r workflows.Recorded) error {
	a, ok := r.Event.(ledger.Anchored)
	if !ok {
		return nil
	}
	data, err := json.Marshal(ledger.Published{Anchored: a, Event: r.Seq, At: r.At, Clock: r.By.Machine != ""})
	if err != nil {
		return fmt.Errorf("published tip: %w", err)
	}
	return s.tx.PutRow(anchorTable, fmt.Sprintf("%020d", r.Seq), data, time.Time{})
}

// published lists the tips that went outside, oldest first.
func published(tx *storage.Tx) ([]ledger.Published, error) {
	var out []ledger.Published
	err := tx.Rows(anchorTable, func(_ string, data json.RawMessage) (bool, error) {
		var p ledger.Published
		err := json.Unmarshal(data, &p)
		out = append(out, p)
		return true, err
	})
	if err != nil {
		return nil, fmt.Errorf("published tips: %w", err)
	}
	return out, nil
}
