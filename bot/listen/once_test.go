package listen

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
)

// outlet answers posts and searches as scripted, one after the other; at the end it takes everything and finds nothing.
type outlet struct {
	sends []error
	finds []bool
	blind bool // it cannot be searched
	tries int
}

func (o *outlet) Send(context.Context, chat.Post) (chat.MessageID, error) {
	o.tries++
	var err error
	if len(o.sends) > 0 {
		err, o.sends = o.sends[0], o.sends[1:]
	}
	return "1", err
}

func (o *outlet) Find(context.Context, chat.Post) (chat.MessageID, bool, error) {
	if o.blind {
		return "", false, errors.New("it cannot be searched")
	}
	there := false
	if len(o.finds) > 0 {
		there, o.finds = o.finds[0], o.finds[1:]
	}
	return "1", there, nil
}

// TestOnce: an answer is there once, or it is said not to be; what may be there is never posted again without a look.
func TestOnce(t *testing.T) {
	later := &chat.Fault{Verdict: chat.Retry, After: time.Second, Err: errors.New("later")}
	unclear := &chat.Fault{Verdict: chat.Unclear, Err: errors.New("cut off")}
	never := &chat.Fault{Verdict: chat.Fatal, Err: errors.New("never")}
	for name, tt := range map[string]struct {
		out   outlet
		again bool
		sure  bool
		there bool
		tries int
	}{
		"at once":                        {outlet{}, false, true, true, 1},
		"later":                          {outlet{sends: []error{later, later}}, false, true, true, 3},
		"too late":                       {outlet{sends: []error{later, later, later, later}}, false, true, false, 4},
		"never":                          {outlet{sends: []error{never}}, false, true, false, 1},
		"cut off, and there":             {outlet{sends: []error{unclear}, finds: []bool{true}}, false, true, true, 1},
		"cut off, and not there":         {outlet{sends: []error{unclear}}, false, true, true, 2},
		"cut off, and nobody can tell":   {outlet{sends: []error{unclear}, blind: true}, false, true, false, 1},
		"an error of no kind":            {outlet{sends: []error{errors.New("odd")}, blind: true}, false, true, false, 1},
		"again, and there":               {outlet{finds: []bool{true}}, true, false, true, 0},
		"again, and not there":           {outlet{}, true, false, true, 1},
		"again, and nobody can tell":     {outlet{blind: true}, true, false, false, 0},
		"perhaps again, nobody can tell": {outlet{blind: true}, true, true, true, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				there := Once(t.Context(), &tt.out, chat.Post{Key: "k", Again: tt.again}, tt.sure)
				if there != tt.there || tt.out.tries != tt.tries {
					t.Errorf("there: %v after %d tries", there, tt.out.tries)
				}
			})
		})
	}
}
