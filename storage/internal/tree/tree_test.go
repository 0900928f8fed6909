package tree

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// list walks a map and gives its keys.
func list(m Map[int], from, to []byte, reverse bool) (keys []string) {
	c := m.Between(from, to, reverse)
	for k, _, ok := c.Next(); ok; k, _, ok = c.Next() {
		keys = append(keys, k)
	}
	return keys
}

// Beside a built-in map, and with every older version looked at again in the end.
func TestMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.StringMatching(`[a-c]{0,3}`)
		type version struct {
			m    Map[int]
			want map[string]int
		}
		versions := []version{{want: map[string]int{}}}
		for i := range rapid.IntRange(0, 40).Draw(t, "steps") {
			v := versions[rapid.IntRange(0, len(versions)-1).Draw(t, "from")]
			next := version{v.m, maps.Clone(v.want)}
			if k := key.Draw(t, "key"); rapid.Bool().Draw(t, "put") {
				next.m, next.want[k] = v.m.Put(k, i), i
			} else {
				next.m = v.m.Delete(k)
				delete(next.want, k)
			}
			versions = append(versions, next)
		}
		from, to := key.Draw(t, "low"), key.Draw(t, "high")
		for _, v := range versions {
			check(t, v.m, v.want, from, to)
		}
	})
}

func check(t *rapid.T, m Map[int], want map[string]int, from, to string) {
	all := slices.Sorted(maps.Keys(want))
	if got := list(m, nil, nil, false); !slices.Equal(got, all) || m.IsEmpty() != (len(want) == 0) {
		t.Fatalf("%q, not %q", got, all)
	}
	for k, v := range want {
		if got, ok := m.Get(k); !ok || got != v {
			t.Fatalf("%q gives %d, %t, not %d", k, got, ok, v)
		}
	}
	if _, ok := m.Get("no such"); ok {
		t.Fatal("it holds what was never put")
	}
	part := slices.DeleteFunc(all, func(k string) bool { return k < from || k >= to })
	if got := list(m, []byte(from), []byte(to), false); !slices.Equal(got, part) {
		t.Fatalf("%q to %q: %q, not %q", from, to, got, part)
	}
	slices.Reverse(part)
	if got := list(m, []byte(from), []byte(to), true); !slices.Equal(got, part) {
		t.Fatalf("%q to %q backwards: %q, not %q", from, to, got, part)
	}
}

// Keys that come in order must not make a list of the tree.
func TestDepth(t *testing.T) {
	var m Map[int]
	for i := range 1 << 14 {
		m = m.Put(string([]byte{byte(i >> 8), byte(i)}), i)
	}
	if d := depth(m.root); d > 64 {
		t.Errorf("%d deep", d)
	}
	if diff := cmp.Diff(1<<14, len(list(m, nil, nil, false))); diff != "" {
		t.Error(diff)
	}
}

func depth(n *node[int]) int {
	if n == nil {
		return 0
	}
	return 1 + max(depth(n.left), depth(n.right))
}
