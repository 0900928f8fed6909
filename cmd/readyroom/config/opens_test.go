package config

import (
	"path"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/workflows"
)

func TestOpensAny(t *testing.T) {
	for _, c := range []struct {
		pattern, tag string
		any          bool
	}{
		{"v*", "vVERSION", true}, {"v2*", "vVERSION", true}, {"*", "vVERSION", true}, {"v1.0.0", "vVERSION", true}, {"*-rc*", "vVERSION", true},
		{"release-*", "vVERSION", false}, {"vnext*", "vVERSION", false}, {"v", "vVERSION", false}, {"V*", "vVERSION", false},
		{"app-*", "app-VERSION", true}, {"app-v*", "app-VERSION", true}, {"v*", "app-VERSION", false}, {"*-final", "VERSION-final", true}, {"*-beta", "VERSION-final", false},
		{"*", "app/VERSION", false}, {"app/*", "app/VERSION", true}, {"*/*", "app/VERSION", true}, {"1*2*3", "VERSION", true}, {"a*1", "VERSION", false},
	} {
		if got := opensAny(c.pattern, c.tag); got != c.any {
			t.Errorf("%s of %s: %v", c.pattern, c.tag, got)
		}
	}
}

// A pattern that is like some version's tag is never refused.
func TestOpensAnyRefusesNothingThatOpens(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		version := rapid.StringMatching(`v?[0-9][a-z0-9.+-]{0,6}`).Draw(t, "version")
		name := rapid.StringMatching(`[a-v/]{0,3}VERSION[a-v]{0,2}`).Draw(t, "tag")
		tag := strings.Replace(name, "VERSION", version, 1)
		pattern := []rune(tag)
		for range rapid.IntRange(0, 3).Draw(t, "stars") {
			i := rapid.IntRange(0, len(pattern)).Draw(t, "from")
			pattern = append(append(pattern[:i:i], '*'), pattern[rapid.IntRange(i, len(pattern)).Draw(t, "to"):]...)
		}
		like, err := path.Match(string(pattern), tag)
		if workflows.ValidVersion(version) && err == nil && like && !opensAny(string(pattern), name) {
			t.Fatalf("%s is like %s, a tag by %s", tag, string(pattern), name)
		}
	})
}
