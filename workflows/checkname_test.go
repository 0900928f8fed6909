package workflows_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/workflows"
)

// What was written when a check was known by its name alone is read, and written, as ever.
func TestCheckNamesAreWritten(t *testing.T) {
	const text = `["build",{"name":"test","by":"github-actions"}]`
	var got []workflows.CheckName
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]workflows.CheckName{{Name: "build"}, {Name: "test", By: "github-actions"}}, got); diff != "" {
		t.Error(diff)
	}
	if again, err := json.Marshal(got); err != nil || string(again) != text {
		t.Errorf("written %s, %v", again, err)
	}
	for _, odd := range []string{`[3]`, `[[]]`, `[{"name": 3}]`} {
		if err := json.Unmarshal([]byte(odd), &got); err == nil {
			t.Errorf("%s is read as %+v", odd, got)
		}
	}
}
