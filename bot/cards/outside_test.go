package cards_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/cards"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/feedback"
)

// worded is an act as it is carried out, by its fields.
func worded(t testing.TB, act string, data any) map[string]any {
	t.Helper()
	raw, err := json.Marshal(data)
	if err != nil {
		t.Fatal(err)
	}
	raw, err = cards.Worded(act, raw)
	if err != nil {
		t.Fatal(err)
	}
	again, err := cards.Worded(act, raw)
	if err != nil || act != workflows.ActComment && string(again) != string(raw) {
		t.Errorf("%s, worded twice: %s, %v", act, again, err)
	}
	var out map[string]any
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// outside is what people read of an effect that is carried out where they see it.
func outside(t testing.TB, e workflows.Effect) string {
	t.Helper()
	var b strings.Builder
	is := worded(t, e.What, e.Data)
	for _, field := range []string{"title", "head", "text"} {
		if s, ok := is[field].(string); ok {
			fmt.Fprintf(&b, "%s: %s\n", field, s)
		}
	}
	return b.String()
}

const (
	thePage = "https://github.com/acme/app/releases/tag/v1.0.0"
	aCommit = "4f9c2d1a6b3e8f0a7c5d2e1b9a8f7c6d5e4b3a21"
)

// TestOutside draws what each act says where it is carried out, to whoever sees the repository.
func TestOutside(t *testing.T) {
	pg := page{t: t}
	said := func(heading, act string, data any) {
		raw, err := json.Marshal(data)
		if err != nil {
			t.Fatal(err)
		}
		pg.show(heading, outside(t, workflows.Effect{What: act, Data: raw}))
	}
	for _, x := range []struct {
		heading string
		t       feedback.Telling
	}{
		{"its tech preview", feedback.Telling{News: feedback.Opened}},
		{"its tech preview, with notes", feedback.Telling{News: feedback.Opened, Notes: thePage}},
		{"its tech preview again", feedback.Telling{News: feedback.Opened, Again: true}},
		{"out", feedback.Telling{News: feedback.Shipped}},
		{"out, with notes", feedback.Telling{News: feedback.Shipped, Notes: thePage}},
		{"out, with notes that are nowhere", feedback.Telling{News: feedback.Shipped, Notes: "javascript:alert(1)"}},
		{"out again, with notes", feedback.Telling{News: feedback.Shipped, Again: true, Notes: thePage}},
		{"taken back", feedback.Telling{News: feedback.TakenBack}},
		{"taken back to its tech preview", feedback.Telling{News: feedback.TakenBack, Stage: workflows.Preview}},
		{"cancelled", feedback.Telling{News: feedback.Never}},
	} {
		x.t.Release = "app@1.0.0"
		said(x.heading, workflows.ActComment, x.t)
	}
	said("a deployment", workflows.ActDeploy, workflows.Deploy{Release: "app@1.0.0", Commit: aCommit})
	said("a release", workflows.ActRelease, workflows.ForgeRelease{Release: "app@1.0.0", Text: workflows.Approved("As it was approved.")})
	said("the change log", workflows.ActChangelog, workflows.Changelog{Release: "app@1.0.0", File: "CHANGELOG.md"})
	pg.equals("outside")
}

// What was wished comes to whoever carries it out as it is, and of a comment nothing else; what bears no words stays.
func TestWordsAreAllThatIsPutToAnAct(t *testing.T) {
	is := worded(t, workflows.ActDeploy, workflows.Deploy{Forge: "acme/app", Op: "op", Release: "app@1.0.0", Env: "production", Users: true, Commit: aCommit, Checks: []workflows.CheckName{{Name: "ci"}}})
	want := map[string]any{"forge": "acme/app", "op": "op", "release": "app@1.0.0", "env": "production", "users": true, "commit": aCommit, "checks": []any{"ci"}, "text": "app 1.0.0 · 4f9c2d1"}
	if diff := cmp.Diff(want, is); diff != "" {
		t.Errorf("a deployment (-want +got):\n%s", diff)
	}
	is = worded(t, workflows.ActComment, feedback.Telling{Comment: workflows.Comment{Forge: "acme/app", Op: "op", Issue: 12}, Release: "app@1.0.0", News: feedback.Never})
	if diff := cmp.Diff(map[string]any{"forge": "acme/app", "op": "op", "issue": 12.0, "text": "`app 1.0.0` will not come."}, is); diff != "" {
		t.Errorf("a comment (-want +got):\n%s", diff)
	}
	tag := json.RawMessage(`{"name":"tip","message":"as it is"}`)
	if got, err := cards.Worded(workflows.ActTag, tag); err != nil || string(got) != string(tag) {
		t.Errorf("a tag: %s, %v", got, err)
	}
	for _, act := range []string{workflows.ActComment, workflows.ActDeploy, workflows.ActRelease, workflows.ActChangelog} {
		if got, err := cards.Worded(act, json.RawMessage("{")); err == nil {
			t.Errorf("%s of nothing: %s", act, got)
		}
	}
	if got := worded(t, workflows.ActComment, feedback.Telling{News: "gossip"}); got["text"] != nil {
		t.Errorf("gossip: %v", got)
	}
}

// What is written on an issue pings nobody, mentions nothing and closes nothing, whatever a release is called, and leads
// nowhere but to its notes.
func TestCommentsTouchNothing(t *testing.T) {
	loud := regexp.MustCompile("(?i)@|#|https?:|(close[sd]?|fix(e[sd])?|resolve[sd]?) ")
	for _, id := range []workflows.ReleaseID{"app@1.0.0", "fixes@GH-12", "a_b@_c_", "app@1.0.0-rc.1+build--x"} {
		for _, news := range []feedback.News{feedback.Opened, feedback.Shipped, feedback.TakenBack, feedback.Never} {
			for _, again := range []bool{true, false} {
				for _, stage := range []workflows.Stage{workflows.Before, workflows.Preview, workflows.GA} {
					for _, notes := range []string{"", thePage, "https://x.example/ @ana #12", "https://ana@x.example", "https://x.example/)[fixes #1](", "https://x\n# y"} {
						is := worded(t, workflows.ActComment, feedback.Telling{Release: id, News: news, Stage: stage, Again: again, Notes: notes})
						text, _ := is["text"].(string)
						quoted, told := fmt.Sprintf("`%s`", id.Name()), strings.TrimSuffix(text, " What is new: "+thePage)
						if !strings.HasPrefix(text, quoted) || loud.MatchString(strings.TrimPrefix(told, quoted)) || strings.Contains(text, "\n") || told != text && notes != thePage {
							t.Errorf("%q reads %s", notes, text)
						}
					}
				}
			}
		}
	}
}

// A file is called so that its name is read, whatever it is, and does nothing.
func TestPathsStandInCode(t *testing.T) {
	for path, want := range map[string]string{"docs/NEWS.md": "`docs/NEWS.md`", "a`b": "`` a`b ``", "a``b`": "``` a``b` ```", "@ana/#12\n# x": "`@ana/#12 # x`"} {
		is := worded(t, workflows.ActChangelog, workflows.Changelog{Release: "app@1.0.0", File: path})
		if text, _ := is["text"].(string); !strings.HasPrefix(text, "This is the section of `app 1.0.0` for "+want+". ") {
			t.Errorf("%q reads %s", path, text)
		}
	}
}
