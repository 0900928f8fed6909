package flag

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/twmb/murmur3"
	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/workflows"
)

func flagAt(key workflows.FlagKey, percent int) Flag {
	return Flag{Key: key}.with("production", percent)
}

func TestEvaluate(t *testing.T) {
	set := Compile([]Flag{flagAt("off", 0), flagAt("half", 50), flagAt("all", 100)}, []workflows.Environment{"staging", "production"})
	for _, c := range []struct {
		env     workflows.Environment
		key     workflows.FlagKey
		who     string
		variant string
		reason  Reason
	}{
		{"production", "off", "ana", Off, Static},
		{"production", "all", "ana", On, Static},
		{"production", "all", "", On, Static},
		{"production", "half", "", Off, Default},
		{"staging", "half", "ana", Off, Static},
	} {
		e, err := set.Evaluate(c.env, c.key, c.who)
		if err != nil || e.Variant != c.variant || e.Reason != c.reason || e.Value != (c.variant == On) || e.Bucket != nil {
			t.Errorf("%s %s %q: %+v, %v", c.env, c.key, c.who, e, err)
		}
	}
	on := 0
	for i := range 10_000 {
		e, err := set.Evaluate("production", "half", fmt.Sprint("user-", i))
		if err != nil || e.Reason != Split || e.Value != (*e.Bucket < 50) {
			t.Fatalf("user-%d: %+v, %v", i, e, err)
		}
		if e.Value {
			on++
		}
	}
	if on < 4_800 || on > 5_200 {
		t.Errorf("%d of 10,000 are on at 50 %%", on)
	}
	for _, miss := range [][2]string{{"production", "none"}, {"nowhere", "all"}} {
		if _, err := set.Evaluate(workflows.Environment(miss[0]), workflows.FlagKey(miss[1]), "ana"); !errors.Is(err, ErrNotFound) {
			t.Errorf("%v: %v", miss, err)
		}
	}
}

// A set does not follow the flags it was compiled from.
func TestCompiledIsImmutable(t *testing.T) {
	flags := []Flag{flagAt("invoices", 100)}
	set := Compile(flags, []workflows.Environment{"production"})
	flags[0].Percents["production"] = 0
	if e, _ := set.Evaluate("production", "invoices", "ana"); !e.Value {
		t.Error("a compiled set changed with its flags")
	}
}

func TestRaisingTurnsNobodyOff(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		low := rapid.IntRange(0, 100).Draw(t, "low")
		high := rapid.IntRange(low, 100).Draw(t, "high")
		who := rapid.String().Draw(t, "who")
		env := []workflows.Environment{"production"}
		before, err := Compile([]Flag{flagAt("invoices", low)}, env).Evaluate("production", "invoices", who)
		if err != nil {
			t.Fatal(err)
		}
		after, err := Compile([]Flag{flagAt("invoices", high)}, env).Evaluate("production", "invoices", who)
		if err != nil {
			t.Fatal(err)
		}
		if before.Value && !after.Value {
			t.Fatalf("%q was on at %d %% and is off at %d %%", who, low, high)
		}
	})
}

const exported = `{
  "$schema": "https://flagd.dev/schema/v0/flags.json",
  "metadata": {
    "flagSetId": "production"
  },
  "flags": {
    "all": {
      "state": "ENABLED",
      "variants": {
        "off": false,
        "on": true
      },
      "defaultVariant": "on"
    },
    "tenth": {
      "state": "ENABLED",
      "variants": {
        "off": false,
        "on": true
      },
      "defaultVariant": "off",
      "targeting": {
        "fractional": [
          [
            "on",
            10
          ],
          [
            "off",
            90
          ]
        ]
      }
    }
  }
}`

func TestDefinition(t *testing.T) {
	set := Compile([]Flag{flagAt("tenth", 10), flagAt("all", 100)}, []workflows.Environment{"production"})
	got, err := set.Definition("production")
	if err != nil || string(got) != exported {
		t.Errorf("%v\n%s", err, got)
	}
	if _, err := set.Definition("nowhere"); !errors.Is(err, ErrNotFound) {
		t.Errorf("an unknown environment: %v", err)
	}
}

// A second reading of flagd's definition, from its schema: what it accepts, it evaluates with arithmetic of its own.
type imported struct {
	Schema   string            `json:"$schema"`
	Metadata map[string]string `json:"metadata"`
	Flags    map[string]struct {
		State          string          `json:"state"`
		Variants       map[string]bool `json:"variants"`
		DefaultVariant string          `json:"defaultVariant"`
		Targeting      struct {
			Fractional [][]any `json:"fractional"`
		} `json:"targeting"`
	} `json:"flags"`
}

func (d imported) evaluate(t *rapid.T, key, who string) string {
	f, ok := d.Flags[key]
	if _, known := f.Variants[f.DefaultVariant]; !ok || !known || f.State != "ENABLED" {
		t.Fatalf("flag %q is malformed: %+v", key, f)
	}
	if len(f.Targeting.Fractional) == 0 || who == "" {
		return f.DefaultVariant
	}
	total := 0.0
	for _, part := range f.Targeting.Fractional {
		total += part[1].(float64)
	}
	b := new(big.Int).Mul(big.NewInt(int64(murmur3.Sum32([]byte(key+who)))), big.NewInt(int64(total)))
	b.Div(b, new(big.Int).Lsh(big.NewInt(1), 32))
	end := 0.0
	for _, part := range f.Targeting.Fractional {
		if end += part[1].(float64); float64(b.Int64()) < end {
			return part[0].(string)
		}
	}
	t.Fatalf("bucket %v is beyond %v", b, f.Targeting)
	return ""
}

func TestExportEvaluatesAlike(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := workflows.FlagKey(rapid.StringMatching(`[a-z0-9][a-z0-9._-]{0,31}`).Draw(t, "key"))
		who := rapid.OneOf(rapid.String(), rapid.Just("")).Draw(t, "who")
		set := Compile([]Flag{flagAt(key, rapid.IntRange(0, 100).Draw(t, "percent"))}, []workflows.Environment{"production"})
		raw, err := set.Definition("production")
		if err != nil {
			t.Fatal(err)
		}
		var d imported
		dec := json.NewDecoder(bytes.NewReader(raw))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&d); err != nil {
			t.Fatal(err)
		}
		ours, err := set.Evaluate("production", key, who)
		if err != nil {
			t.Fatal(err)
		}
		if theirs := d.evaluate(t, string(key), who); theirs != ours.Variant {
			t.Fatalf("exported %s, ours %+v", theirs, ours)
		}
	})
}

func BenchmarkEvaluate(b *testing.B) {
	flags := make([]Flag, 1000)
	for i := range flags {
		flags[i] = flagAt(workflows.FlagKey(fmt.Sprint("flag-", i)), i%101)
	}
	set := Compile(flags, []workflows.Environment{"production"})
	who := strings.Repeat("user", 5)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := set.Evaluate("production", "flag-50", who); err != nil {
			b.Fatal(err)
		}
	}
}
