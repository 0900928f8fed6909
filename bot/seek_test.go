package bot_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot"
	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

// seeker is an actor whose acts show only after a while.
type seeker struct {
	hand
	sought int
	shows  []any // what a look finds, in turn: true, false or an error; then true
}

func (s *seeker) Seek(context.Context, json.RawMessage) (string, bool, error) {
	s.sought++
	if len(s.shows) == 0 {
		return "https://x.example/1", true, nil
	}
	x := s.shows[0]
	s.shows = s.shows[1:]
	if err, ok := x.(error); ok {
		return "", false, err
	}
	return "https://x.example/1", x.(bool), nil
}

// What may have been done is sought first, and done again only where it certainly was not. A look that is refused says
// nothing.
func TestSeek(t *testing.T) {
	unclear := errors.New("nobody knows")
	later := &chat.Fault{Verdict: chat.Retry, Paced: true, After: time.Minute, Err: errors.New("slower")}
	no := workflows.Refuse("permission", "the token may not")
	for name, x := range map[string]struct {
		says   []error
		shows  []any
		late   bool
		acts   int
		sought int
		state  storage.State
		fates  []workflows.Fate
	}{
		"done at once":                   {acts: 1, fates: []workflows.Fate{workflows.Done}},
		"put off, then done":             {says: []error{later, later}, acts: 3, fates: []workflows.Fate{workflows.Done}},
		"found":                          {says: []error{unclear}, acts: 1, sought: 1, fates: []workflows.Fate{workflows.Done}},
		"found at the third look":        {says: []error{unclear}, shows: []any{unclear, later}, acts: 1, sought: 3, fates: []workflows.Fate{workflows.Done}},
		"certainly not done":             {says: []error{unclear}, shows: []any{false}, acts: 2, sought: 1, fates: []workflows.Fate{workflows.Done}},
		"not done, and put off in doubt": {says: []error{unclear, later}, shows: []any{false}, acts: 2, sought: 2, fates: []workflows.Fate{workflows.Done}},
		"never found":                    {says: []error{unclear}, shows: slices.Repeat([]any{unclear}, 20), acts: 1, sought: 7, state: storage.Stuck, fates: []workflows.Fate{workflows.Unclear}},
		"nobody may look":                {says: []error{unclear}, shows: slices.Repeat([]any{no}, 20), acts: 1, sought: 7, state: storage.Stuck, fates: []workflows.Fate{workflows.Unclear}},
		"overtaken":                      {late: true, state: storage.Dead, fates: []workflows.Fate{workflows.Refused}},
	} {
		t.Run(name, func(t *testing.T) {
			w := begin(t.Context(), t)
			s := &seeker{hand: hand{says: x.says}, shows: x.shows}
			state := workflows.DeployState("asked")
			if x.late {
				state = release.DeployPassed
			}
			w.desk.release.Held = nil
			w.desk.release.Deploys = []release.Deploying{{Op: "op", State: state}}
			w.bot.Actors = map[string]bot.Actor{workflows.ActDeploy: s}
			w.enqueue(storage.Delivery{Kind: workflows.Act, What: workflows.ActDeploy, Stream: stream, Due: monday, Data: json.RawMessage(`{"op":"op"}`)})
			w.settle()
			if len(s.got) != x.acts || s.sought != x.sought {
				t.Errorf("%d acts, sought %d times", len(s.got), s.sought)
			}
			waiting := w.waiting()
			if x.state == "" && len(waiting) != 0 || x.state != "" && (len(waiting) != 1 || waiting[0].State != x.state) {
				t.Errorf("waiting %+v", waiting)
			}
			var fates []workflows.Fate
			for _, wish := range w.wishes() {
				fates = append(fates, wish.(workflows.Acted).Fate)
			}
			if !slices.Equal(fates, x.fates) {
				t.Errorf("the desk heard %v", fates)
			}
		})
	}
}

// A deployment that a rollback overtook while it may have begun is sought, and not begun again.
func TestOvertakenInDoubt(t *testing.T) {
	w := begin(t.Context(), t)
	s := &seeker{hand: hand{says: []error{errors.New("nobody knows")}}, shows: []any{false}}
	w.desk.release.Held = nil
	w.desk.release.Deploys = []release.Deploying{{Op: "op", State: release.DeployAsked}}
	w.bot.Actors = map[string]bot.Actor{workflows.ActDeploy: s}
	w.enqueue(storage.Delivery{Kind: workflows.Act, What: workflows.ActDeploy, Stream: stream, Due: monday, Data: json.RawMessage(`{"op":"op"}`)})
	w.now = w.now.Add(w.step())
	w.desk.release.Deploys[0].State = release.DeployPassed
	w.settle()
	if waiting := w.waiting(); len(s.got) != 1 || s.sought != 1 || len(waiting) != 1 || waiting[0].State != storage.Dead {
		t.Errorf("%d acts, sought %d times, waiting %+v", len(s.got), s.sought, waiting)
	}
}

// What users cannot have any more when its turn comes is published nowhere; where it may have been begun, it is seen to its
// end.
func TestReleaseOfWhatIsOnHold(t *testing.T) {
	for name, x := range map[string]struct {
		says  []error
		holds bool // from the beginning; else after the first attempt
		acts  int
		fate  workflows.Fate
	}{
		"before":   {nil, true, 0, workflows.Refused},
		"in doubt": {[]error{errors.New("nobody knows")}, false, 2, workflows.Done},
	} {
		t.Run(name, func(t *testing.T) {
			w := begin(t.Context(), t)
			hold, s := w.desk.release.Held, &hand{says: x.says}
			w.bot.Actors = map[string]bot.Actor{workflows.ActRelease: s}
			w.enqueue(storage.Delivery{Kind: workflows.Act, What: workflows.ActRelease, Stream: "notes/app@1.0.0", Due: monday, Data: json.RawMessage(`{"op":"op"}`)})
			if !x.holds {
				w.desk.release.Held = nil
				w.now = w.now.Add(w.step())
				w.desk.release.Held = hold
			}
			w.settle()
			if all := w.wishes(); len(s.got) != x.acts || len(all) != 1 || all[0].(workflows.Acted).Fate != x.fate {
				t.Errorf("%d acts, %+v", len(s.got), all)
			}
		})
	}
}
