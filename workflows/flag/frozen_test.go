package flag

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/workflows"
)

// A set that was written and read back evaluates as it did, for every flag, environment and user, and writes the same
// bytes again.
func TestFrozenSetsEvaluateAlike(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.StringMatching(`[a-z0-9][a-z0-9._-]{0,8}`)
		envs := rapid.SliceOfNDistinct(rapid.Map(id, func(s string) workflows.Environment { return workflows.Environment(s) }), 0, 3, rapid.ID).Draw(t, "environments")
		var flags []Flag
		for _, key := range rapid.SliceOfNDistinct(id, 0, 6, rapid.ID).Draw(t, "keys") {
			f := Flag{Key: workflows.FlagKey(key)}
			for _, env := range envs {
				f, f.Users = f.with(env, rapid.IntRange(0, 100).Draw(t, "percent")), env
			}
			flags = append(flags, f)
		}
		set := Compile(flags, envs).AsOf(workflows.Seq(rapid.Uint64().Draw(t, "size")), noon)
		doc, err := set.Freeze()
		if err != nil {
			t.Fatal(err)
		}
		again, err := Thaw(doc)
		if err != nil {
			t.Fatal(err)
		}
		if twice, err := again.Freeze(); err != nil || !bytes.Equal(doc, twice) || again.Size() != set.Size() {
			t.Fatalf("%s\n%s (%v)", doc, twice, err)
		}
		for _, env := range append(envs, "", "moon") {
			for _, f := range append(flags, Flag{Key: "none"}) {
				for _, who := range []string{"", "ana", rapid.String().Draw(t, "who")} {
					want, err := set.Evaluate(env, f.Key, who)
					got, err2 := again.Evaluate(env, f.Key, who)
					if diff := cmp.Diff(want, got); diff != "" || fmt.Sprint(err) != fmt.Sprint(err2) {
						t.Fatalf("%s %s %q: %v, %v %s", env, f.Key, who, err, err2, diff)
					}
				}
			}
		}
	})
}

// Whatever happens to a document, it is refused: no byte may change, be missing, or be too many.
func TestDamagedSetsAreRefused(t *testing.T) {
	doc, err := Compile([]Flag{flagAt("invoices", 30), flagAt("search", 100)}, []workflows.Environment{"staging", "production"}).AsOf(7, noon).Freeze()
	if err != nil {
		t.Fatal(err)
	}
	refused := func(what string, doc []byte) {
		t.Helper()
		if c, err := Thaw(doc); err == nil || c != nil {
			t.Errorf("%s: served\n%s", what, doc)
		} else if !errors.Is(err, ErrDamaged) && !strings.Contains(err.Error(), "newer") {
			t.Errorf("%s: %v", what, err)
		}
	}
	for i := range doc {
		for bit := range 8 {
			bad := bytes.Clone(doc)
			bad[i] ^= 1 << bit
			refused(fmt.Sprintf("bit %d of byte %d", bit, i), bad)
		}
		refused(fmt.Sprintf("cut at %d", i), doc[:i])
	}
	refused("twice", append(bytes.Clone(doc), doc...))
	refused("more", append(bytes.Clone(doc), '\n'))
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, doc, "", " "); err != nil {
		t.Fatal(err)
	}
	refused("edited", pretty.Bytes())
	refused("nothing", nil)
	newer := bytes.Replace(doc, []byte(`"format":1`), []byte(`"format":2`), 1)
	if _, err := Thaw(newer); err == nil || errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "newer program") {
		t.Errorf("of a newer program: %v", err)
	}
}

// No environment named is the one that the flag's users are in.
func TestEvaluateWhereUsersAre(t *testing.T) {
	at := flagAt("invoices", 100)
	at.Users = "production"
	set := Compile([]Flag{at, flagAt("lost", 100)}, []workflows.Environment{"staging", "production"})
	if e, err := set.Evaluate("", "invoices", "ana"); err != nil || e.Env != "production" || !e.Value {
		t.Errorf("%+v, %v", e, err)
	}
	for _, key := range []workflows.FlagKey{"lost", "none"} {
		if _, err := set.Evaluate("", key, "ana"); !errors.Is(err, ErrNotFound) {
			t.Errorf("%s: %v", key, err)
		}
	}
}
