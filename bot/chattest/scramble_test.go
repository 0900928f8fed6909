package chattest_test

import (
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chattest"
	"github.com/readyroom/readyroom/workflows"
)

type inner struct {
	Name string
	Self *inner
}

type outer struct {
	ID     string
	N      uint64
	At     time.Time
	Inner  inner
	Many   []inner
	ByName map[string]inner
	Text   workflows.Public
	Is     bool
	hidden int
}

// Every field is drawn, sooner or later; what is kept is as it was, and what it was drawn from too.
func TestScramble(t *testing.T) {
	dice := rand.New(rand.NewPCG(1, 2))
	was := outer{ID: "x", Many: []inner{{Name: "a"}, {Name: "b"}}, hidden: 1}
	changed := map[string]bool{}
	for range 20 {
		v := was
		chattest.Scramble(dice, &v, "ID", "Many.Name")
		if v.ID != "x" || len(v.Many) != 2 || v.Many[1].Name != "b" || v.hidden != 1 {
			t.Fatalf("what was to be kept is %+v", v)
		}
		for i := range reflect.TypeFor[outer]().NumField() {
			f := reflect.TypeFor[outer]().Field(i)
			if f.IsExported() && !reflect.DeepEqual(reflect.ValueOf(v).Field(i).Interface(), reflect.ValueOf(was).Field(i).Interface()) {
				changed[f.Name] = true
			}
		}
	}
	want := map[string]bool{"N": true, "At": true, "Inner": true, "Many": true, "ByName": true, "Text": true, "Is": true}
	if diff := cmp.Diff(want, changed); diff != "" {
		t.Error(diff)
	}
	if was.Many[0].Self != nil {
		t.Error("what it was drawn from changed")
	}
	defer func() {
		if recover() == nil {
			t.Error("a path that names nothing is kept")
		}
	}()
	chattest.Scramble(dice, &was, "Nothing")
}
