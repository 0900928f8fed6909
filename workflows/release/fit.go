package release

import (
	"fmt"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/workflows"
)

// MaxItemText is how long what an item asks for may be, in bytes: it stands in a line of a card.
const MaxItemText = 200

// misfit says what is wrong with an item that somebody makes; nothing where it can stand in a checklist.
func misfit(i Item) (why, next string) {
	if why := UnfitKey(i.Key); why != "" {
		return shown(i.Key) + " " + why, "choose another key"
	}
	known, ofCatalogue := Catalogued(i.Key)
	switch {
	case strings.TrimSpace(i.Text) == "":
		return i.Key + " says nothing that must be true", "write text:"
	case len(i.Text) > MaxItemText:
		return fmt.Sprintf("%s has a text longer than %d bytes", i.Key, MaxItemText), "put the rest behind a link"
	case !workflows.ValidID(string(i.Role)):
		return i.Key + " has no role that signs it", "write role:"
	case ofCatalogue && i.Binds.weaker(known.Binds):
		return fmt.Sprintf("%s vouches for the %s of the candidate", i.Key, known.Binds), "leave binds out, or choose another key"
	case ofCatalogue && known.Valid > 0 && (i.Valid == 0 || i.Valid > known.Valid):
		return fmt.Sprintf("a vote on %s lasts %d days at the most", i.Key, known.Valid), "leave valid out, or choose another key"
	}
	return "", ""
}

// weaker reports whether a binding lets a vote outlive more changes than another does.
func (b Binding) weaker(than Binding) bool {
	order := []Binding{Unbound, ToTree, ToCommit}
	return slices.Index(order, b) < slices.Index(order, than)
}

// UnfitKey says why a word cannot be an item's key; nothing where it can.
func UnfitKey(key string) string {
	_, isGate := GateOf(key)
	switch {
	case !workflows.ValidID(key):
		return "cannot be an item's key: " + workflows.IDShape
	case key == SoakKey:
		return "stands for the time that a stage stays open"
	case isGate:
		return "names a gate"
	case slices.Contains(Values(), Value(key)):
		return "is a vote"
	}
	return ""
}
