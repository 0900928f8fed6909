package github

import (
	"testing"

	"github.com/readyroom/readyroom/workflows"
)

// A tag is called as people like: whatever git takes, the release is found again.
func TestReleasesOfOddTags(t *testing.T) {
	for _, tag := range []string{"rel#1.0.0", "a%2f1.0.0", "a%1.0.0", "apps/web/v1.0.0", "v1.0.0+build.5", "app@1.0.0", "é-1.0.0", "a&b=1.0.0", "a;1.0.0"} {
		p := pressing(t)
		odd := func(r *workflows.ForgeRelease) { r.Tag = tag }
		link, err := p.release(1, "- one", odd)
		if err != nil {
			t.Errorf("%s: %v", tag, err)
			continue
		}
		if again, err := p.release(2, "- two", odd); err != nil || again != link {
			t.Errorf("%s: %s, then %s: %v", tag, link, again, err)
		}
		if all := p.repo.Releases(); len(all) != 1 || all[0].Draft || all[0].Tag != tag {
			t.Errorf("%s: %+v", tag, all)
		}
	}
}
