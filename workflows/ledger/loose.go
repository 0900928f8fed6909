package ledger

import (
	"encoding/json"
	"reflect"

	"github.com/readyroom/readyroom/workflows"
)

// Loose gives a zero value of each event that belongs to no stream: what their records are decoded into. They are of the
// bot as a whole, and no room folds them.
func Loose() []workflows.Event {
	return []workflows.Event{Refused{}, Policy{}, Anchored{}, Restored{}, Settled{}}
}

// Kinds reads the data of events back as they were written, by the names of their kinds.
type Kinds map[string]func(json.RawMessage) (workflows.Event, error)

// KindsOf makes Kinds of the zero values of events.
func KindsOf(zeros ...workflows.Event) Kinds {
	k := Kinds{}
	for _, zero := range zeros {
		t := reflect.TypeOf(zero)
		k[zero.Kind()] = func(data json.RawMessage) (workflows.Event, error) {
			p := reflect.New(t)
			if err := json.Unmarshal(data, p.Interface()); err != nil {
				return nil, err
			}
			return p.Elem().Interface().(workflows.Event), nil
		}
	}
	return k
}
