package evidence

import (
	"fmt"
	"maps"
	"slices"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/flag"
)

func (t *telling) flag(stream workflows.Stream) *Flag {
	key := workflows.FlagKey(stream.ID())
	i := slices.IndexFunc(t.Flags, func(f Flag) bool { return f.Key == key })
	if i < 0 {
		t.Flags = append(t.Flags, Flag{Key: key})
		i = len(t.Flags) - 1
	}
	return &t.Flags[i]
}

// steps tells a change of several environments, each a turn, in the order of their names.
func (f *Flag) steps(h workflows.Header, how, note string, from, to map[workflows.Environment]int) {
	for _, env := range slices.Sorted(maps.Keys(from)) {
		f.Turns = append(f.Turns, Turn{Act: act(h), How: how, Env: env, From: from[env], To: to[env], Note: note})
	}
}

func flagCreated(t *telling, h workflows.Header, e flag.Created) Facts {
	f := t.flag(h.Stream)
	f.Turns = append(f.Turns, Turn{Act: act(h), How: "created", Note: e.Why})
	return Facts{"flag": string(e.Key), "expires": day(e.Expires), "why": e.Why}
}

func flagTurned(t *telling, h workflows.Header, e flag.Turned) Facts {
	f := t.flag(h.Stream)
	f.Turns = append(f.Turns, Turn{Act: act(h), How: "set", Env: e.Env, From: e.From, To: e.To, Note: e.Note})
	return Facts{"flag": h.Stream.ID(), "env": string(e.Env), "from": fmt.Sprint(e.From), "to": fmt.Sprint(e.To), "why": e.Note}
}

func flagKilled(t *telling, h workflows.Header, e flag.Killed) Facts {
	t.flag(h.Stream).steps(h, "killed", e.Note, e.From, nil)
	return Facts{"flag": h.Stream.ID(), "why": e.Note}
}

func flagDated(_ *telling, h workflows.Header, e flag.Dated) Facts {
	return Facts{"flag": h.Stream.ID(), "expires": day(e.To)}
}

func flagReverted(t *telling, h workflows.Header, e flag.Reverted) Facts {
	t.flag(h.Stream).steps(h, "reverted", e.Cause, e.From, e.To)
	return Facts{"flag": h.Stream.ID(), "why": e.Cause}
}
